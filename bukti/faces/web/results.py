"""The result of a round: index, layers, components, dimensions, what costs most."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bukti.areas.assessment import figures
from bukti.areas.assessment import queries as assessment
from bukti.faces.web.middleware import StaffRequest
from bukti.wording import charts
from bukti.wording.charts import Cell
from bukti.wording.marks import two_values


@require_safe
def results(request: StaffRequest, round_id: int) -> HttpResponse:
    """What the round comes to so far, or in the end."""
    result = assessment.result_page(request.actor, round_id)
    request.round = result.round
    waterfall = figures.waterfall_of(result)
    context = {
        "result": result,
        "scored": result.main.scored,
        "improvement": figures.improvement_of(result),
        "radar": charts.radar(figures.radar_of(result)),
        "waterfall": charts.waterfall(waterfall) if waterfall else None,
        "remaining": waterfall.full - waterfall.index if waterfall else None,
        "layers": charts.scale(figures.layers_of(result), int(result.pack.scale.max)),
        "matrix": [_row(row) for row in figures.matrix_of(result)] if result.main.values else [],
        "league": _league(request, result),
        "legend": charts.two_values_legend(),
        "costly": figures.costly_questions(result),
        "titles": _titles(result),
    }
    return render(request, "results/results.html", context)


@dataclass(frozen=True, slots=True)
class Row:
    """A component's line in the matrix, drawn."""

    values: figures.MatrixRow
    cells: list[Cell]
    whole: Cell


def _row(row: figures.MatrixRow) -> Row:
    return Row(row, [charts.cell(value) for value in row.cells], charts.cell(row.part.so_far))


def _league(
    request: StaffRequest, result: assessment.RoundResult
) -> list[tuple[figures.AgencyResult, str]]:
    if not figures.may_see_agencies(request.actor, result):
        return []
    return [
        (agency, two_values(agency.claimed, agency.verified))
        for agency in figures.league_of(result)
    ]


def _titles(result: assessment.RoundResult) -> dict[str, str]:
    parts = len(result.main.scored.components)
    two_years = _("%(n)s komponen, dua tahun") % {"n": parts}
    return {
        "radar": two_years if result.previous else _("%(n)s komponen") % {"n": parts},
        "layers": _("Lapis nilai"),
    }
