"""Reading scores and results: the layers of a round, its components over the years."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import QuerySet

from bukti.areas.answers.models import Answer
from bukti.areas.assessment.models import Layer, Result, Score, Stage
from bukti.areas.instruments import queries as instruments
from bukti.areas.rounds import queries as rounds
from bukti.areas.rounds.models import Round
from bukti.rules.claims import scored
from bukti.rules.errors import Denied
from bukti.rules.pack import Pack, Words
from bukti.rules.permissions import Action, Actor, may, require
from bukti.rules.scoring import Scored, score, score_components
from bukti.rules.workflow import AnswerState, RoundState

Values = dict[str, Decimal | None]

STAGE_OF = {RoundState.STAGE_ONE: Stage.ONE, RoundState.STAGE_TWO: Stage.TWO}


def own_scores(actor: Actor, round_id: int, stage: Stage) -> dict[str, Score]:
    """What the actor has scored in a round, by question code."""
    found = Score.objects.filter(round=round_id, stage=stage, assessor=actor.user_id)
    return {score_.code: score_ for score_ in found}


def own_score(actor: Actor, round_id: int, code: str) -> dict[str, Score]:
    """What the actor has scored for one question, by stage."""
    found = Score.objects.filter(round=round_id, code=code, assessor=actor.user_id)
    return {score_.stage: score_ for score_ in found}


def stage_of(round_: Round) -> Stage | None:
    """The stage in which a round is scored now, if any."""
    return STAGE_OF.get(RoundState(round_.state))


def mean_scores(round_id: int, stage: Stage) -> Values:
    """The mean of the assessors for each question, never rounded."""
    by_code: dict[str, list[Decimal]] = defaultdict(list)
    scores = Score.objects.filter(round=round_id, stage=stage)
    for code, value in scores.values_list("code", "value"):
        by_code[code].append(value)
    return {code: sum(values, Decimal(0)) / len(values) for code, values in by_code.items()}


@dataclass(frozen=True, slots=True)
class LayerResult:
    """A layer's result, and the question values it came from if those are known."""

    layer: Layer
    scored: Scored
    values: Values


@dataclass(frozen=True, slots=True)
class RoundResult:
    """All that the result page shows of one round; `layers` from the inside out.

    `leads` gives for each question the id and name of the agency that leads it (empty when only
    components are known, or for those who see no more than the published result).
    """

    round: Round
    pack: Pack
    layers: tuple[LayerResult, ...]
    skipped: frozenset[str] = frozenset()
    leads: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    previous: "RoundResult | None" = None

    @property
    def main(self) -> LayerResult:
        """The layer that counts now: the outermost complete one, else what was claimed."""
        complete = [layer for layer in self.layers if layer.scored.index is not None]
        return complete[-1] if complete else self.layers[0]

    @property
    def scheme_title(self) -> Words:
        """The scheme's title, e.g. the group of regions."""
        return self.pack.scheme(self.round.scheme).title

    @property
    def is_final(self) -> bool:
        """Whether this is the result, and not work in progress."""
        return self.round.state == RoundState.FINISHED


def result_page(actor: Actor, round_id: int) -> RoundResult:
    """The layers of a round and, beside it, of the round it is compared with. Denied to others.

    Agencies see of a finished round what was published: its result by component.
    """
    round_ = rounds.round_page(actor, round_id)
    if may(actor, Action.READ_RESULT, round_.place):
        return _beside(round_, _round_result)
    if round_.state != RoundState.FINISHED:
        raise Denied(f"{actor.name} may not read the running result of {round_.place}")
    require(actor, Action.READ_PAST_RESULT, round_.place)
    return _beside(round_, _published)


def _beside(round_: Round, read: Callable[[Round], RoundResult]) -> RoundResult:
    before = round_.previous
    if before is None or before.state != RoundState.FINISHED:
        return read(round_)
    return replace(read(round_), previous=read(before))


def _published(round_: Round) -> RoundResult:
    pack = instruments.pack_of(round_.instrument_id)
    stored = Result.objects.filter(round=round_, layer__in=[Layer.STAGE_TWO, Layer.OFFICIAL])
    return RoundResult(round_, pack, (_stored(round_, pack, stored.first()),))


def _round_result(round_: Round) -> RoundResult:
    if round_.is_recorded:
        return _published(round_)
    pack = instruments.pack_of(round_.instrument_id)
    rows = list(
        Answer.objects.filter(round=round_)
        .select_related("assignment__agency")
        .defer("explanation", "note")
        .order_by("assignment__position")
    )
    skipped = frozenset(row.code for row in rows if row.state == AnswerState.NOT_APPLICABLE)
    layers = tuple(
        LayerResult(layer, score(pack, pack.scheme(round_.scheme), values, skipped), values)
        for layer, values in _layer_values(round_, pack, rows)
    )
    return RoundResult(round_, pack, layers, skipped, _leads(rows))


def _leads(rows: list[Answer]) -> dict[str, tuple[int, str]]:
    return {
        row.code: (agency.pk, agency.name)
        for row in rows
        if (agency := row.assignment.agency) is not None
    }


def _stored(round_: Round, pack: Pack, stored: Result | None) -> LayerResult:
    components = stored.components if stored else {}
    layer = Layer(stored.layer) if stored else Layer.OFFICIAL
    values = {key: Decimal(value) for key, value in components.items()}
    return LayerResult(layer, score_components(pack, pack.scheme(round_.scheme), values), {})


def _layer_values(round_: Round, pack: Pack, rows: list[Answer]) -> list[tuple[Layer, Values]]:
    """Question values by layer; a layer of assessors exists once somebody has scored."""
    claimed: Values = {
        row.code: scored(pack.question(row.code), row.level, row.value)
        for row in rows
        if row.state != AnswerState.NOT_APPLICABLE
    }
    verified: Values = {row.code: row.verified for row in rows if row.verified is not None}
    layers = [(Layer.SELF, claimed), (Layer.VERIFIED, verified)]
    for layer, stage in ((Layer.STAGE_ONE, Stage.ONE), (Layer.STAGE_TWO, Stage.TWO)):
        if values := mean_scores(round_.pk, stage):
            layers.append((layer, values))
    return layers


def results_of(round_ids: list[int]) -> QuerySet[Result]:
    """Stored results of rounds the caller may read."""
    return Result.objects.filter(round__in=round_ids).select_related("round")


def locked_round(actor: Actor, round_id: int) -> Round:
    """The round, locked, as the assessor or coordinator sees it."""
    return rounds.locked(actor, round_id)
