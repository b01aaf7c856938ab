"""The board: the whole round in one look."""

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bukti.areas.answers import overview
from bukti.areas.rounds import queries as rounds
from bukti.faces.web.middleware import StaffRequest
from bukti.faces.web.remembered import Pieces, remembered
from bukti.faces.web.templatetags.bukti import sprite
from bukti.wording import board as drawing
from bukti.wording import charts

ARRANGEMENTS = {"komponen": drawing.by_component, "dimensi": drawing.by_dimension}


@require_safe
def board(request: StaffRequest, round_id: int) -> HttpResponse:
    """Tiles by component or dimension, the agencies that need help, the pace to the deadline."""
    request.round = rounds.revised(request.actor, round_id)
    revision = request.round.revision  # type: ignore[attr-defined]
    pieces = remembered(request, revision, lambda: _pieces(request))
    return render(request, "board/board.html", pieces)


def _pieces(request: StaffRequest) -> Pieces:
    """Head and body, drawn without the masthead, which the page around them brings."""
    page = overview.round_overview(request.actor, request.round, request.now)
    context = _context(request, page, request.GET.get("susun", "komponen"))
    return {
        "head": render_to_string("board/_head.html", context),
        "main": render_to_string("board/_main.html", context),
    }


def _context(
    request: StaffRequest, page: overview.RoundOverview, arrangement: str
) -> dict[str, object]:
    parts = ARRANGEMENTS.get(arrangement, drawing.by_component)(page.pack)
    before, after = reverse("question", args=[page.round.pk, "KODE"]).split("KODE")
    return {
        "request": request,
        "page": page,
        "arrangement": arrangement,
        "table": drawing.draw(
            page.pack, parts, page.progress.tiles, lambda code: f"{before}{code}{after}", sprite()
        ),
        "dimensions": [(d, drawing.DIMENSION_ICONS.get(d.key, "")) for d in page.pack.dimensions],
        "agencies_by_name": sorted(page.progress.agencies, key=lambda agency: agency.name),
        "chosen_agency": _whole(request.GET.get("opd", "")),
        "only_late": "terlambat" in request.GET,
        "burn_up": charts.burn_up(page.pace) if page.pace else None,
        "projection": charts.projection(page.pace) if page.pace else None,
        "pace_title": _("Laju menuju tenggat"),
    }


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
