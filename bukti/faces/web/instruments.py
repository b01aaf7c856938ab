"""The frozen instruments: what is asked, and how it is weighed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bukti.areas.instruments import queries
from bukti.faces.web.middleware import StaffRequest
from bukti.rules.pack import Component, Pack, Question

if TYPE_CHECKING:
    from bukti.areas.instruments.models import Instrument

ALL = "semua"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A component with its weight in each scheme; none where a scheme weighs questions."""

    component: Component
    questions: int
    weights: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The questions of one component."""

    component: Component
    questions: tuple[Question, ...]


@require_safe
def instrument_list(request: StaffRequest) -> HttpResponse:
    """Every frozen version."""
    shown = [(frozen, queries.pack_frozen_as(frozen.sha256)) for frozen in queries.instruments()]
    return render(request, "instruments/list.html", {"shown": shown})


@require_safe
def instrument(request: StaffRequest, instrument_id: int) -> HttpResponse:
    """One version: components with weights, and the questions of one component, or of all."""
    frozen = queries.instrument(instrument_id)
    pack = queries.pack_frozen_as(frozen.sha256)
    chosen = request.GET.get("komponen", pack.components[0].key)
    return render(request, "instruments/instrument.html", _context(frozen, pack, chosen))


def _context(frozen: "Instrument", pack: Pack, chosen: str) -> dict[str, object]:
    parts = [
        Part(component, pack.questions_of(component.key))
        for component in pack.components
        if chosen in (component.key, ALL)
    ]
    if not parts:
        raise Http404
    return {
        "frozen": frozen,
        "pack": pack,
        "weighed": [_weighed(pack, component) for component in pack.components],
        "parts": parts,
        "chosen": chosen,
        "all": ALL,
    }


def _weighed(pack: Pack, component: Component) -> Weighed:
    questions = pack.questions_of(component.key)
    return Weighed(
        component,
        len(questions),
        tuple(
            scheme.weights.get(component.key)
            if scheme.weights
            else sum(
                (scheme.question_weights.get(q.code, Decimal(0)) for q in questions), Decimal(0)
            )
            for scheme in pack.schemes
        ),
    )
