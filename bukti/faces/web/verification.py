"""Verification: the queue, and one claim beside its documents, to accept or to return."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bukti.areas.answers import desk, queries, verification
from bukti.faces.web.forms.verification import DecisionForm
from bukti.faces.web.middleware import StaffRequest
from bukti.rules.errors import Reason, Refused
from bukti.rules.pack import Kind
from bukti.wording import formats
from bukti.wording.words import refusal_sentence

if TYPE_CHECKING:
    from bukti.areas.answers.models import Answer
    from bukti.areas.rounds.models import Round

DAYS_TO_MEND = timedelta(days=3)
Decide = Callable[[StaffRequest, "Answer", DecisionForm], None]


@require_safe
def queue(request: StaffRequest, round_id: int) -> HttpResponse:
    """Who handed in what, of all agencies or of one."""
    chosen = chosen_agency(request)
    page = desk.verification_queue(request.actor, round_id, chosen)
    request.round = page.round
    return render(request, "verification/queue.html", {"page": page, "chosen": chosen})


def chosen_agency(request: StaffRequest) -> int | None:
    """The agency that the queue is narrowed to, in the address or in the form."""
    return whole(request.POST.get("opd") or request.GET.get("opd", "")) or None


def whole(text: str) -> int:
    """A number from an address; 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def opened(request: StaffRequest) -> desk.Opened:
    """The document and page that the address asks for."""
    asked = request.GET
    return desk.Opened(whole(asked.get("dokumen", "")), whole(asked.get("halaman", "")))


@require_safe
def verify(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """One claim of the queue beside its documents."""
    return _verify_page(request, round_id, code)


def _verify_page(
    request: StaffRequest,
    round_id: int,
    code: str,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = chosen_agency(request)
    page = desk.verification_desk(request.actor, round_id, code, opened(request), chosen)
    request.round = page.round
    first = {**_as_claimed(page), "due_at": _time_to_mend(page.round, request.now)}
    form = form or DecisionForm(initial=first, zone=page.round.zone)
    context = {
        "page": page,
        "form": form,
        "chosen": chosen,
        "here": reverse("verify_answer", args=[round_id, code]),
        "keep": _kept(chosen),
        "levels": _levels(page, form),
        "marks": [(mark, page.names.get(mark.by_id, "")) for mark in page.marks],
    }
    return render(request, "verification/answer.html", context, status=status)


def _as_claimed(page: desk.Desk) -> dict[str, object]:
    """The claim is the proposal: its level, or the mean of a survey."""
    answer = page.answer
    if answer is None:
        return {}
    is_survey = page.question.kind is Kind.SURVEY_MEAN
    claimed = formats.plain(answer.value) if is_survey and answer.value else answer.level
    return {"verified": claimed, "version": answer.version}


def _time_to_mend(round_: "Round", now: datetime) -> datetime:
    """A proposal: three days on, at closing time; sooner where the round itself ends sooner."""
    day = now.astimezone(ZoneInfo(round_.zone)).date() + DAYS_TO_MEND
    proposed = datetime.combine(day, time(16), ZoneInfo(round_.zone))
    if round_.deadline and now < round_.deadline < proposed:
        return round_.deadline
    return proposed


def _levels(page: desk.Desk, form: DecisionForm) -> list[tuple[str, str, bool]]:
    """The levels to choose from, the chosen one marked; none where a mean is typed."""
    if page.question.kind is Kind.SURVEY_MEAN:
        return []
    chosen = str(form["verified"].value() if form["verified"].value() is not None else "")
    return [(str(v.level), v.title, str(v.level) == chosen) for v in page.question.levels]


def _kept(agency_id: int | None) -> str:
    """What every address of the queue carries on."""
    return f"&{urlencode({'opd': agency_id})}" if agency_id else ""


@require_POST
def accept(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """The claim stands, at the level that the evidence shows."""
    return _decide(request, round_id, code, _accept)


@require_POST
def give_back(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """The claim goes back with a note."""
    return _decide(request, round_id, code, _return)


def _decide(request: StaffRequest, round_id: int, code: str, decide: Decide) -> HttpResponse:
    answer = queries.by_code(request.actor, round_id, code)
    form = DecisionForm(request.POST, zone=answer.round.zone)
    if not form.is_valid():
        return _verify_page(request, round_id, code, form, status=422)
    try:
        decide(request, answer, form)
    except Refused as refused:
        form.add_error(_FIELDS.get(refused.reason), refusal_sentence(refused))
        return _verify_page(request, round_id, code, form, status=409)
    return _onward(request, answer)


#: Where on the form a refusal belongs; others stand on top.
_FIELDS = {
    Reason.NOTE_MISSING: "note",
    Reason.LEVEL_MISSING: "verified",
    Reason.VALUE_OUT_OF_SCALE: "verified",
    Reason.DEADLINE_NOT_LATER: "due_at",
}


def _accept(request: StaffRequest, answer: "Answer", form: DecisionForm) -> None:
    new = form.cleaned_data
    verification.accept_answer(
        request.actor,
        answer.pk,
        verified=new["verified"],
        note=new["note"],
        version=new["version"],
    )
    messages.success(request, _("%(code)s diterima.") % {"code": answer.code})


def _return(request: StaffRequest, answer: "Answer", form: DecisionForm) -> None:
    new = form.cleaned_data
    verification.return_answer(
        request.actor, answer.pk, note=new["note"], due_at=new["due_at"], version=new["version"]
    )
    messages.success(request, _("%(code)s dikembalikan.") % {"code": answer.code})


def _onward(request: StaffRequest, answer: "Answer") -> HttpResponse:
    """To the next claim that waits; when none does, back to the queue."""
    chosen = chosen_agency(request)
    following = desk.next_code(request.actor, answer, chosen)
    page = ("verify_answer", [answer.round_id, following])
    if not following:
        page = ("verification", [answer.round_id])
    narrowed = f"?{urlencode({'opd': chosen})}" if chosen else ""
    return redirect(f"{reverse(page[0], args=page[1])}{narrowed}")
