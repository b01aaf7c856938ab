"""Assessment: the assessor's questions, one with its documents and score; the end of stage II."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bukti.areas.answers import desk
from bukti.areas.assessment import commands, queries
from bukti.faces.web.forms.assessment import ScoreForm
from bukti.faces.web.middleware import StaffRequest
from bukti.faces.web.verification import opened
from bukti.rules.errors import Refused
from bukti.wording import formats
from bukti.wording.words import refusal_sentence


@require_safe
def score_list(request: StaffRequest, round_id: int) -> HttpResponse:
    """Every question by component with one's own score, and how far one has come."""
    sheaf = desk.assessors_sheaf(request.actor, round_id)
    request.round = sheaf.round
    stage = queries.stage_of(sheaf.round)
    scores = queries.own_scores(request.actor, round_id, stage) if stage else {}
    done = sum(question.code in scores for question in sheaf.asked)
    context = {
        "sheaf": sheaf,
        "parts": _parts(sheaf, scores),
        "stage": stage,
        "done": done,
        "asked": len(sheaf.asked),
        "next_code": next((q.code for q in sheaf.asked if q.code not in scores), ""),
    }
    return render(request, "assessment/list.html", context)


def _parts(sheaf: desk.Sheaf, scores: dict[str, Any]) -> list[tuple[Any, list[Any]]]:
    """Each component with its questions: question, answer or None, own score or None."""
    return [
        (
            component,
            [
                (question, sheaf.answers.get(question.code), scores.get(question.code))
                for question in sheaf.pack.questions_of(component.key)
            ],
        )
        for component in sheaf.pack.components
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def score(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """One question: the claim, its documents, and the score."""
    sheaf = desk.assessors_sheaf(request.actor, round_id)
    page = desk.assessors_desk(sheaf, code, opened(request))
    if request.method == "POST":
        return _scored(request, sheaf, page)
    return _score_page(request, sheaf, page)


def _scored(request: StaffRequest, sheaf: desk.Sheaf, page: desk.Desk) -> HttpResponse:
    form = ScoreForm(request.POST, scale=sheaf.pack.scale)
    if not form.is_valid():
        return _score_page(request, sheaf, page, form, status=422)
    code, remark = page.question.code, form.cleaned_data["remark"]
    try:
        commands.score_question(
            request.actor, page.round.pk, code, value=form.value(), remark=remark
        )
    except Refused as refused:
        form.add_error(None, refusal_sentence(refused))
        return _score_page(request, sheaf, page, form, status=409)
    messages.success(request, _("Nilai %(code)s tersimpan.") % {"code": code})
    if page.next_code:
        return redirect("score", page.round.pk, page.next_code)
    return redirect("assessment", page.round.pk)


def _score_page(
    request: StaffRequest,
    sheaf: desk.Sheaf,
    page: desk.Desk,
    form: ScoreForm | None = None,
    status: int = 200,
) -> HttpResponse:
    request.round = page.round
    stage = queries.stage_of(page.round)
    own = queries.own_score(request.actor, page.round.pk, page.question.code)
    form = form or ScoreForm(initial=_given(own.get(stage or "")), scale=sheaf.pack.scale)
    earlier = [given for when, given in own.items() if when != stage]
    context = {"page": page, "form": form, "stage": stage, "earlier": earlier, "sheaf": sheaf}
    context["here"] = reverse("score", args=[page.round.pk, page.question.code])
    return render(request, "assessment/score.html", context, status=status)


def _given(own: Any) -> dict[str, Any]:
    """The form as it was last sent: a whole value as a level, any other between two."""
    if own is None:
        return {}
    is_whole = own.value == own.value.to_integral_value()
    value = {"level": f"{own.value:.0f}"} if is_whole else {"between": formats.plain(own.value)}
    return {**value, "remark": own.remark}


@require_POST
def finish(request: StaffRequest, round_id: int) -> HttpResponse:
    """Close stage II; the assessors' mean becomes the result."""
    commands.finish_round(request.actor, round_id)
    messages.success(request, _("Penilaian ditutup. Hasil akhir sudah dihitung."))
    return redirect("results", round_id)
