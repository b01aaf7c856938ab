"""Reading scores and results: the layers of a round, its components over the years."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from bukti.areas.answers import queries as answers
from bukti.areas.answers.models import Answer
from bukti.areas.assessment.models import Layer, Result, Score, Stage
from bukti.areas.instruments import queries as instruments
from bukti.areas.rounds import queries as rounds
from bukti.areas.rounds.models import Round
from bukti.rules.claims import scored
from bukti.rules.pack import Pack
from bukti.rules.permissions import Action, Actor, may, require
from bukti.rules.scoring import Scored, score, score_components
from bukti.rules.workflow import AnswerState, RoundState

Values = dict[str, Decimal | None]


def own_scores(actor: Actor, round_id: int, stage: Stage) -> dict[str, Score]:
    """What the actor has scored in a round, by question code."""
    found = Score.objects.filter(round=round_id, stage=stage, assessor=actor.user_id)
    return {score_.code: score_ for score_ in found}


def mean_scores(round_id: int, stage: Stage) -> Values:
    """The mean of the assessors for each question, never rounded."""
    by_code: dict[str, list[Decimal]] = defaultdict(list)
    scores = Score.objects.filter(round=round_id, stage=stage)
    for code, value in scores.values_list("code", "value"):
        by_code[code].append(value)
    return {code: sum(values, Decimal(0)) / len(values) for code, values in by_code.items()}


@dataclass(frozen=True, slots=True)
class LayerResult:
    """A layer's result and the question values it came from (empty when only components are known)."""

    layer: Layer
    scored: Scored
    values: Values


@dataclass(frozen=True, slots=True)
class RoundResult:
    """All that the result page shows of one round; `layers` in order, the last counts."""

    round: Round
    pack: Pack
    layers: tuple[LayerResult, ...]
    skipped: frozenset[str]
    previous: "RoundResult | None" = None

    @property
    def main(self) -> LayerResult:
        """The layer that counts now: the outermost one known."""
        return self.layers[-1]


def result_page(actor: Actor, round_id: int) -> RoundResult:
    """The layers of a round and, beside it, of the round it is compared with. Denied to others."""
    round_ = rounds.round_page(actor, round_id)
    finished = round_.state == RoundState.FINISHED
    if not (finished and may(actor, Action.READ_PAST_RESULT, round_.place)):
        require(actor, Action.READ_RESULT, round_.place)
    before = _round_result(actor, round_.previous) if round_.previous else None
    return _round_result(actor, round_, before)


def _round_result(
    actor: Actor, round_: Round, previous: RoundResult | None = None
) -> RoundResult:
    pack = instruments.pack_of(round_.instrument_id)
    if round_.is_recorded:
        return RoundResult(round_, pack, (_recorded(round_, pack),), frozenset(), previous)
    rows = list(answers.answers_of(actor, round_.pk))
    skipped = frozenset(row.code for row in rows if row.state == AnswerState.NOT_APPLICABLE)
    layers = tuple(
        LayerResult(layer, score(pack, pack.scheme(round_.scheme), values, skipped), values)
        for layer, values in _layer_values(round_, pack, rows)
    )
    return RoundResult(round_, pack, layers, skipped, previous)


def _recorded(round_: Round, pack: Pack) -> LayerResult:
    stored = Result.objects.filter(round=round_, layer=Layer.OFFICIAL).first()
    components = stored.components if stored else {}
    values = {key: Decimal(value) for key, value in components.items()}
    return LayerResult(
        Layer.OFFICIAL, score_components(pack, pack.scheme(round_.scheme), values), {}
    )


def _layer_values(
    round_: Round, pack: Pack, rows: list[Answer]
) -> list[tuple[Layer, Values]]:
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
