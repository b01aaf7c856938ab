"""A round's result as the values of figures and tables, the same for page and PDF."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bukti.areas.assessment.queries import LayerResult, RoundResult
from bukti.rules.pack import Pack, Words
from bukti.rules.permissions import Actor
from bukti.rules.scoring import ComponentScore, gaps, improvement, matrix, round_half_up
from bukti.wording import tracks
from bukti.wording.charts import Axis, Radar
from bukti.wording.formats import spoken
from bukti.wording.tracks import Step, Waterfall
from bukti.wording.words import LAYERS


def said(words: Words) -> str:
    """A pack's words in the language of the page."""
    return words.en if spoken() == "en" and words.en else words.id


def radar_of(result: RoundResult) -> Radar:
    """The components now, in the round before, and the target, if any, on every axis."""
    before = (
        {part.key: part.so_far for part in result.previous.main.scored.components}
        if (result.previous)
        else {}
    )
    target = result.round.target
    return Radar(
        axes=tuple(
            Axis(
                said(result.pack.component(part.key).title),
                part.so_far,
                before.get(part.key),
                target,
            )
            for part in result.main.scored.components
        ),
        now=str(result.round.year),
        before=str(result.previous.round.year) if result.previous else "",
        target=_("target") if target is not None else "",
        full=int(result.pack.scale.max),
    )


def waterfall_of(result: RoundResult) -> Waterfall | None:
    """What costs us most: weight × (highest − value) by component; None while nothing is known."""
    scored = result.main.scored
    if scored.so_far is None:
        return None
    scheme = result.pack.scheme(result.round.scheme)
    parts = {part.key: part for part in scored.components}
    steps = tuple(
        Step(
            said(result.pack.component(gap.component).title),
            gap.gap,
            parts[gap.component].weight,
            parts[gap.component].so_far,
            _asked(result, parts[gap.component]),
        )
        for gap in gaps(scored, result.pack, scheme)
        if gap.gap is not None
    )
    full = result.pack.scale.max
    start = full - sum((step.gap for step in steps), Decimal(0))
    label = _("Indeks %(year)s") % {"year": result.round.year}
    return Waterfall(index=start, label=label, steps=steps, full=full)


def _asked(result: RoundResult, part: ComponentScore) -> int:
    """Questions in a component; where only components are known, those the instrument asks."""
    return part.asked if result.main.values else len(result.pack.questions_of(part.key))


MEANINGS = {
    "self": lazy("yang dinyatakan perangkat daerah"),
    "verified": lazy("setelah diperiksa koordinator"),
    "stage_one": lazy("sementara"),
    "stage_two": lazy("rata-rata para asesor"),
    "official": lazy("menurut surat hasil"),
}


def layers_of(result: RoundResult) -> tuple[tracks.Layer, ...]:
    """The layers side by side: each as far as it is known."""
    return tuple(
        tracks.Layer(str(LAYERS[layer.layer]), layer.scored.so_far, str(MEANINGS[layer.layer]))
        for layer in result.layers
    )


def improvement_of(result: RoundResult) -> Decimal | None:
    """This round's index less the one before, from the unrounded ones; None while one is open."""
    if result.previous is None:
        return None
    return improvement(result.main.scored, result.previous.main.scored)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A component over the dimensions. Our own reading, *tidak resmi*."""

    letter: str
    title: str
    cells: tuple[Decimal | None, ...]
    crossing: Decimal | None
    part: ComponentScore

    @property
    def is_regional(self) -> bool:
        """Whether the component is judged for the region as a whole."""
        return all(cell is None for cell in self.cells)


def matrix_of(result: RoundResult) -> tuple[MatrixRow, ...]:
    """Components × dimensions of the layer that counts."""
    cells = matrix(result.pack, result.main.values, result.skipped)
    return tuple(
        MatrixRow(
            letter=result.pack.component(part.key).letter or "",
            title=said(result.pack.component(part.key).title),
            cells=tuple(cells.get((part.key, d.key)) for d in result.pack.dimensions),
            crossing=cells.get((part.key, None)),
            part=part,
        )
        for part in result.main.scored.components
    )


@dataclass(frozen=True, slots=True)
class AgencyResult:
    """One agency's mean over the questions it leads: claimed, and as far as verified."""

    name: str
    asked: int
    claimed: Decimal | None
    verified: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Verified less claimed; None while one is missing."""
        if self.claimed is None or self.verified is None:
            return None
        return self.verified - self.claimed


def league_of(result: RoundResult) -> tuple[AgencyResult, ...]:
    """Agencies by verified mean, then by claimed; those without any value last."""
    claimed, verified = _layer(result, "self"), _layer(result, "verified")
    names = dict(result.leads.values())
    by_agency: dict[int, list[str]] = defaultdict(list)
    for code, (agency_id, _name) in result.leads.items():
        by_agency[agency_id].append(code)
    found = [
        AgencyResult(names[agency], len(codes), _mean(claimed, codes), _mean(verified, codes))
        for agency, codes in by_agency.items()
    ]
    return tuple(sorted(found, key=_standing))


def _layer(result: RoundResult, name: str) -> LayerResult | None:
    return next((layer for layer in result.layers if layer.layer == name), None)


def _mean(layer: LayerResult | None, codes: list[str]) -> Decimal | None:
    known = [value for code in codes if layer and (value := layer.values.get(code)) is not None]
    return round_half_up(sum(known, Decimal(0)) / len(known), 2) if known else None


def _standing(agency: AgencyResult) -> tuple[Decimal, Decimal, str]:
    nothing = Decimal(-1)
    return (-(agency.verified or nothing), -(agency.claimed or nothing), agency.name)


@dataclass(frozen=True, slots=True)
class Costly:
    """A question and what it still costs the index."""

    code: str
    title: str
    value: Decimal
    gap: Decimal


def costly_questions(result: RoundResult, most: int = 10) -> tuple[Costly, ...]:
    """The questions that cost the index most: share × (highest − value)."""
    pack: Pack = result.pack
    values = {question.code: question.value for question in result.main.scored.questions}
    found = [
        Costly(question.code, said(pack.question(question.code).title), value, question.gap)
        for gap in gaps(result.main.scored, pack, pack.scheme(result.round.scheme))
        for question in gap.questions
        if question.gap and (value := values[question.code]) is not None
    ]
    return tuple(sorted(found, key=lambda question: -question.gap)[:most])


def may_see_agencies(actor: Actor, result: RoundResult) -> bool:
    """The league is for those who see the whole region."""
    return result.round.region_id in actor.regions and bool(result.leads)
