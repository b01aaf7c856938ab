"""Rounds: opening one, its own page, who answers what, dates, reminders, stages."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bukti.areas.answers import handover, verification
from bukti.areas.assessment import commands as results
from bukti.areas.assessment import queries as assessment
from bukti.areas.instruments import queries as instruments
from bukti.areas.people import queries as people
from bukti.areas.rounds import commands, queries
from bukti.faces.web.context import place_of
from bukti.faces.web.formpage import FormPage, answered, typed
from bukti.faces.web.forms.rounds import (
    SHOWN,
    TICKED,
    AssignForm,
    DatesForm,
    ExtendForm,
    Grouped,
    OpenForm,
    PastForm,
)
from bukti.faces.web.middleware import StaffRequest
from bukti.faces.web.templatetags.say import pack_words
from bukti.rules.pack import Pack, Scheme
from bukti.rules.permissions import Action, require
from bukti.rules.scoring import component_weight
from bukti.rules.workflow import RoundState, Step
from bukti.wording import formats
from bukti.wording.words import ROUND_STATES

if TYPE_CHECKING:
    from bukti.areas.rounds.models import Round

GET_POST = ["GET", "HEAD", "POST"]
FORM = "rounds/form.html"


@require_safe
def round_list(request: StaffRequest) -> HttpResponse:
    """Rounds that run, and past ones with their index."""
    shelf = handover.shelf(request.actor)
    results = {
        result.round_id: result for result in assessment.results_of([row.round.pk for row in shelf])
    }
    rows = [(row, results.get(row.round.pk)) for row in shelf]
    running = [pair for pair in rows if pair[0].round.state != RoundState.FINISHED]
    past = [pair for pair in rows if pair[0].round.state == RoundState.FINISHED]
    return render(request, "rounds/list.html", {"running": running, "past": past})


@require_safe
def round_page(request: StaffRequest, round_id: int) -> HttpResponse:
    """Where the round stands, and what comes next; of an old round the recorded result."""
    request.round = queries.round_page(request.actor, round_id)
    if request.round.is_recorded:
        return _old_round(request, round_id)
    desk = handover.round_desk(request.actor, request.round, request.now)
    context = {"desk": desk, "round": request.round, "steps": _steps(request.round)}
    return render(request, "rounds/round.html", context)


def _old_round(request: StaffRequest, round_id: int) -> HttpResponse:
    result = assessment.result_page(request.actor, round_id)
    parts = result.main.scored.components
    context = {
        "result": result,
        "components": [(result.pack.component(part.key), part) for part in parts],
        "source": assessment.results_of([round_id]).first(),
    }
    return render(request, "rounds/recorded.html", context)


def _steps(round_: "Round") -> list[tuple[str, str]]:
    """The stages in order; mending only while it lasts, since not every round has it."""
    states = [s for s in RoundState if s is not RoundState.MENDING or s == round_.state]
    here = states.index(RoundState(round_.state))
    stages = ["done"] * here + ["now"] + [""] * (len(states) - here - 1)
    return [(str(ROUND_STATES[state]), stage) for state, stage in zip(states, stages, strict=True)]


@require_http_methods(GET_POST)
def change(request: StaffRequest, round_id: int) -> HttpResponse:
    """New title, dates or target."""
    round_ = request.round = queries.managed(request.actor, round_id, Action.CHANGE_ROUND)
    kept = {name: getattr(round_, name) for name in DatesForm.base_fields}
    page = FormPage(
        DatesForm(typed(request), initial=kept, zone=round_.zone),
        _("Ubah putaran"),
        _("Perangkat daerah melihat tenggat yang baru segera sesudah disimpan."),
        _("Simpan"),
        reverse("round", args=[round_id]),
        round_.title,
    )
    return answered(request, page, lambda new: _changed(request, round_id, new), FORM)


def _changed(request: StaffRequest, round_id: int, new: dict[str, Any]) -> HttpResponse:
    commands.change_round(request.actor, round_id, **new)
    messages.success(request, _("Perubahan putaran tersimpan."))
    return redirect("round", round_id)


@require_POST
def start(request: StaffRequest, round_id: int) -> HttpResponse:
    """Let the agencies begin."""
    verification.start_round(request.actor, round_id)
    messages.success(request, _("Putaran dimulai. Perangkat daerah sudah diberi tahu."))
    return redirect("round", round_id)


#: What the form may ask for; the command refuses any other step.
_STEPS = {str(step): step for step in (Step.OPEN_STAGE_ONE, Step.ASK_MENDING, Step.OPEN_STAGE_TWO)}


@require_POST
def move(request: StaffRequest, round_id: int) -> HttpResponse:
    """Open a stage, or ask for mending, whose dates are then set."""
    step = _STEPS.get(request.POST.get("step", ""), Step.SAVE)
    round_ = commands.move_round(request.actor, round_id, step)
    messages.success(
        request, _("Putaran sekarang: %(state)s.") % {"state": ROUND_STATES[round_.state]}
    )
    if round_.state == RoundState.MENDING:
        return redirect("round_change", round_id)
    return redirect("round", round_id)


@require_http_methods(GET_POST)
def extend(request: StaffRequest, round_id: int) -> HttpResponse:
    """More time for one agency, with the reason."""
    round_ = request.round = queries.managed(request.actor, round_id, Action.EXTEND_DEADLINE)
    agencies = people.open_agencies(request.actor, round_.region_id)
    asked = {"agency": request.GET.get("opd"), "until": round_.deadline}
    page = FormPage(
        ExtendForm(typed(request), initial=asked, zone=round_.zone, agencies=agencies),
        _("Perpanjang tenggat satu perangkat daerah"),
        _("Tenggat baru harus sesudah tenggatnya sekarang dan tidak lewat tenggat penyerahan."),
        _("Perpanjang"),
        reverse("round", args=[round_id]),
        round_.title,
    )
    return answered(request, page, lambda new: _extended(request, round_id, new), FORM)


def _extended(request: StaffRequest, round_id: int, new: dict[str, Any]) -> HttpResponse:
    commands.extend_deadline(
        request.actor,
        round_id,
        agency_id=new["agency"],
        until=new["until"],
        reason=new["reason"],
    )
    messages.success(request, _("Tenggat diperpanjang. Perangkat daerah itu sudah diberi tahu."))
    return redirect("round", round_id)


@require_http_methods(GET_POST)
def remind(request: StaffRequest, round_id: int) -> HttpResponse:
    """Tell agencies that answers are due; those that are late are chosen already."""
    request.round, agencies = handover.agencies_to_remind(request.actor, round_id, request.now)
    if request.method == "POST":
        return _reminded(request, round_id)
    return render(request, "rounds/remind.html", {"agencies": agencies})


def _reminded(request: StaffRequest, round_id: int) -> HttpResponse:
    chosen = [int(text) for text in request.POST.getlist("agency") if text.isdecimal()]
    if not chosen:
        messages.warning(request, _("Pilih sedikitnya satu perangkat daerah."))
        return redirect("agency_remind", round_id)
    told = commands.remind_agency(request.actor, round_id, frozenset(chosen))
    messages.success(
        request,
        ngettext(
            "Pengingat terkirim kepada %(n)s orang.",
            "Pengingat terkirim kepada %(n)s orang.",
            told,
        )
        % {"n": told},
    )
    return redirect("round", round_id)


# ---------- opening and recording ----------


@require_http_methods(GET_POST)
def open_round(request: StaffRequest) -> HttpResponse:
    """A new round: instrument, scheme, year, dates. Questions are then proposed to agencies."""
    place = place_of(request.actor)
    require(request.actor, Action.OPEN_ROUND, place)
    region = people.region(place.region)
    page = FormPage(
        OpenForm(
            typed(request),
            initial=_first_plan(request, region.zone),
            zone=region.zone,
            schemes=_schemes(),
        ),
        _("Buka putaran baru"),
        _("Setiap pertanyaan diusulkan kepada penjawab yang biasa; Anda memeriksanya dulu."),
        _("Buka putaran"),
        reverse("rounds"),
        _("Putaran"),
    )
    return answered(request, page, lambda new: _opened(request, place.region, page.form), FORM)


def _first_plan(request: StaffRequest, zone: str) -> dict[str, Any]:
    """A proposal: three weeks to answer, one more to verify, scored as the last round was."""
    today = request.now.astimezone(ZoneInfo(zone)).date()
    last = queries.current_round(request.actor)

    def closing(days: int) -> datetime:
        return datetime.combine(today + timedelta(days=days), time(16), ZoneInfo(zone))

    return {
        "year": today.year,
        "scheme": f"{last.instrument_id}:{last.scheme}" if last else "",
        "agency_deadline": closing(21),
        "deadline": closing(28),
    }


def _schemes() -> Grouped:
    """Every scheme of every frozen instrument, under the instrument's name."""
    return [
        (
            f"{pack_words(pack.title)} ({instrument.version})",
            [(f"{instrument.pk}:{s.key}", pack_words(s.title)) for s in pack.schemes],
        )
        for instrument in instruments.instruments()
        for pack in [instruments.pack_frozen_as(instrument.sha256)]
    ]


def _opened(request: StaffRequest, region: str, form: Any) -> HttpResponse:
    instrument, scheme = form.chosen()
    new = form.cleaned_data
    plan = commands.Plan(
        instrument_id=instrument,
        scheme=scheme,
        year=new["year"],
        title=new["title"],
        agency_deadline=new["agency_deadline"],
        deadline=new["deadline"],
        target=new["target"],
    )
    round_ = commands.open_round(request.actor, region, plan)
    messages.success(request, _("Putaran dibuka. Periksa pembagian pertanyaannya, lalu mulai."))
    return redirect("assignments", round_.pk)


@require_http_methods(GET_POST)
def record_past(request: StaffRequest) -> HttpResponse:
    """The result of a round from before Bukti: first the scheme, then a value per component."""
    place = place_of(request.actor)
    require(request.actor, Action.RECORD_RESULT, place)
    schemes = _schemes()
    chosen = request.GET.get("skema", "")
    if chosen not in {key for _title, group in schemes for key, _name in group}:
        return render(request, "rounds/record.html", {"schemes": schemes})
    instrument_id, scheme = chosen.split(":")
    pack = instruments.pack_of(int(instrument_id))
    page = _past_page(request, pack, pack.scheme(scheme))
    return answered(
        request, page, lambda new: _recorded(request, place.region, chosen, page.form), FORM
    )


def _past_page(request: StaffRequest, pack: Pack, scheme: Scheme) -> FormPage:
    """The form asks for what the scheme weighs."""
    weighed = [
        (part, pack_words(part.title))
        for part in pack.components
        if component_weight(pack, scheme, part.key)
    ]
    return FormPage(
        PastForm(typed(request), components=weighed, scale=pack.scale),
        _("Catat hasil putaran lama"),
        _("%(instrument)s, skema %(scheme)s. Salin nilainya dari surat hasil; indeks dihitung.")
        % {"instrument": pack_words(pack.title), "scheme": pack_words(scheme.title)},
        _("Catat hasil"),
        reverse("rounds"),
        _("Putaran"),
    )


def _recorded(request: StaffRequest, region: str, chosen: str, form: Any) -> HttpResponse:
    instrument_id, scheme = chosen.split(":")
    new = form.cleaned_data
    with transaction.atomic():  # a refused value must not leave a round without a result
        round_ = commands.record_past_round(
            request.actor,
            region,
            instrument_id=int(instrument_id),
            scheme=scheme,
            year=new["year"],
            title=new["title"],
        )
        result = results.record_result(
            request.actor, round_.pk, form.values(), source=new["source"]
        )
    messages.success(
        request, _("Hasil tercatat. Indeksnya %(index)s.") % {"index": formats.number(result.index)}
    )
    return redirect("round", round_.pk)


# ---------- who answers what ----------


@require_http_methods(GET_POST)
def assignments(request: StaffRequest, round_id: int) -> HttpResponse:
    """All questions with who answers them; one, a part or many are given at once."""
    round_ = request.round = queries.managed(request.actor, round_id, Action.ASSIGN_QUESTION)
    wanted = _narrowing(request)
    parts = queries.assignment_table(request.actor, round_, wanted)
    agencies = list(people.open_agencies(request.actor, round_.region_id))
    form = AssignForm(typed(request), initial=_as_given(wanted, parts), agencies=agencies)
    if form.is_valid():
        return _assigned(request, round_id, form, parts)
    context = {"parts": parts, "wanted": wanted, "agencies": agencies, "form": form}
    context |= {"round": round_, "pack": instruments.pack_frozen_as(round_.instrument.sha256)}
    context |= {"ticked": request.POST.getlist("code"), "shown": len(_codes(parts))}
    return render(request, "rounds/assignments.html", context, status=422 if form.errors else 200)


def _narrowing(request: StaffRequest) -> queries.Narrowing:
    asked = request.GET.get
    return queries.Narrowing(
        asked("kode", ""), asked("komponen", ""), asked("dimensi", ""), asked("opd", "")
    )


def _codes(parts: tuple[queries.AskedPart, ...]) -> list[str]:
    return [row.question.code for part in parts for row in part.rows]


def _as_given(wanted: queries.Narrowing, parts: tuple[queries.AskedPart, ...]) -> dict[str, Any]:
    """A single question comes with its present agencies filled in."""
    if not wanted.code or not parts:
        return {"scope": SHOWN if wanted.is_narrow else TICKED}
    assignment = parts[0].rows[0].assignment
    helpers = [str(helper.agency_id) for helper in assignment.contributions.all()]
    return {
        "scope": SHOWN,
        "agency": assignment.agency_id,
        "helpers": helpers,
        "with_helpers": True,
    }


def _assigned(
    request: StaffRequest,
    round_id: int,
    form: AssignForm,
    parts: tuple[queries.AskedPart, ...],
) -> HttpResponse:
    codes = form.codes(request.POST.getlist("code"), _codes(parts))
    if not codes:
        messages.warning(request, _("Centang sedikitnya satu pertanyaan. Belum ada yang berubah."))
        return redirect(request.get_full_path())
    number = commands.assign_questions(
        request.actor,
        round_id,
        codes,
        agency_id=form.cleaned_data["agency"],
        contributor_ids=form.helper_ids(),
    )
    messages.success(
        request,
        ngettext("%(n)s pertanyaan dibagikan.", "%(n)s pertanyaan dibagikan.", number)
        % {"n": number},
    )
    return redirect(_list_again(request, round_id))


def _list_again(request: StaffRequest, round_id: int) -> str:
    """The list as it was narrowed; after a single question, the list at its line."""
    if code := request.GET.get("kode"):
        return f"{reverse('assignments', args=[round_id])}#q-{code}"
    return request.get_full_path()
