"""The log of what happened, for whoever checks the others."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from bukti.areas.dossier.reconcile import reconcile
from bukti.areas.ledger import commands, queries
from bukti.areas.people import queries as people
from bukti.faces.web.context import place_of
from bukti.faces.web.forms.ledger import EntryFilterForm
from bukti.faces.web.middleware import StaffRequest
from bukti.wording.eventwords import (
    CHECKPOINT_REASONS,
    EVENTS,
    actor_word,
    fact_sentence,
    fact_word,
    kind_word,
)
from bukti.wording.findings import say_discrepancy, say_finding
from bukti.wording.formats import content_disposition

CHECKPOINTS = 12


@dataclass(frozen=True, slots=True)
class Said:
    """One entry in words."""

    line: queries.Line
    who: str
    what: str
    thing: str
    facts: tuple[str, ...]
    hidden: tuple[str, ...]


@require_safe
def entries(request: StaffRequest) -> HttpResponse:
    """The log of one's region, newest first, narrowed by the address."""
    code = place_of(request.actor).region
    signed = queries.checkpoint_list(request.actor, code)[:CHECKPOINTS]
    zone = people.region(code).zone
    names = people.user_names(request.actor, code)
    form = EntryFilterForm(request.GET, people=_choices(names))
    wanted = _wanted(form, zone)
    page = queries.entries(request.actor, code, wanted, form.cleaned_data.get("sebelum"))
    context = {
        "said": [_said(line, names, zone) for line in page.lines],
        "older": page.older,
        "form": form,
        "wanted": wanted,
        "is_narrow": wanted != queries.EntryFilter(),
        "state": queries.state_of(request.actor, code),
        "signed": [(row, CHECKPOINT_REASONS.get(row.reason, row.reason)) for row in signed],
        "place": place_of(request.actor),
        "zone": zone,
    }
    return render(request, "ledger/entries.html", context)


def _choices(names: dict[int, str]) -> list[tuple[str, str]]:
    return [(f"user:{pk}", name) for pk, name in sorted(names.items(), key=lambda pair: pair[1])]


def _wanted(form: EntryFilterForm, zone: str) -> queries.EntryFilter:
    form.is_valid()
    cleaned = form.cleaned_data
    day: date | None = cleaned.get("hari")
    since = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) if day else None
    return queries.EntryFilter(
        event=cleaned.get("kejadian", ""),
        actor=cleaned.get("orang", ""),
        object_kind=cleaned.get("jenis", ""),
        object_id=cleaned.get("nomor", ""),
        since=since,
        until=since + timedelta(days=1) if since else None,
    )


def _said(line: queries.Line, names: dict[int, str], zone: str) -> Said:
    return Said(
        line=line,
        who=actor_word(line.actor, names),
        what=str(EVENTS.get(line.event, line.event)),
        thing=_thing(line, names),
        facts=tuple(
            fact_sentence(name, names.get(value, value) if name == "user" else value, zone)
            for name, value in line.facts.items()
        ),
        hidden=tuple(fact_word(name) for name in line.commitments),
    )


def _thing(line: queries.Line, names: dict[int, str]) -> str:
    """«putaran 12»; a person by name."""
    known = names if line.object_kind == "people.user" else {}
    number = line.object_id
    return f"{kind_word(line.object_kind)} {known.get(int(number), number) if known else number}"


@require_POST
def verify(request: StaffRequest) -> HttpResponse:
    """Check the whole log now, and say what was found."""
    code = place_of(request.actor).region
    report = commands.verify_ledger(request.actor, code)
    context = {
        "report": report,
        "findings": [
            *(say_finding(finding) for finding in report.findings),
            *(say_discrepancy(found) for found in reconcile(code)),
        ],
        "zone": people.region(code).zone,
    }
    return render(request, "ledger/verified.html", context)


@require_safe
def checkpoint(request: StaffRequest, checkpoint_id: int) -> HttpResponse:
    """The signed note itself, to keep outside."""
    signed = queries.checkpoint(request.actor, checkpoint_id)
    name = f"titik-periksa-{signed.tree_id}-{signed.size}.txt"
    return HttpResponse(
        signed.note,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": content_disposition(name)},
    )
