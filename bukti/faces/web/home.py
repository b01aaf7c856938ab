"""Where a person arrives: what to do next, by role."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bukti.areas.answers import progress
from bukti.areas.people import queries as people
from bukti.areas.rounds import queries as rounds
from bukti.faces.web import showcase
from bukti.faces.web.middleware import StaffRequest
from bukti.rules.permissions import Action, may
from bukti.rules.workflow import RoundState

#: Where a round begins for those who see all of it.
START = {RoundState.PREPARATION: "round", RoundState.FINISHED: "results"}


@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Lead to the page where this person's next step is; a page of its own when there is none."""
    current = rounds.current_round(request.actor)
    if current is None:
        return render(request, "home/empty.html", {"place": people.home_region(request.actor)})
    if request.actor.agencies and not request.actor.regions:
        return redirect("tasks")
    if may(request.actor, Action.SCORE_QUESTION, current.place):
        return redirect("assessment", current.pk)
    return redirect(START.get(RoundState(current.state), "board"), current.pk)


@require_safe
def tasks(request: StaffRequest) -> HttpResponse:
    """*Tugas saya*: the questions of one's agency, what is late and returned first."""
    current = rounds.current_round(request.actor)
    if current is None:
        return render(request, "home/empty.html", {"place": people.home_region(request.actor)})
    request.round = current
    mine = progress.task_page(request.actor, current, request.now)
    return render(request, "home/tasks.html", {"page": mine})


@require_safe
def components(request: StaffRequest) -> HttpResponse:
    """Every component once, in development only."""
    if not settings.DEVELOPMENT:
        raise Http404
    return showcase.components(request)
