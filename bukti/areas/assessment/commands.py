"""Scoring from outside, and recording results."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from bukti.areas.assessment import queries
from bukti.areas.assessment.models import Layer, Result, Score, Stage
from bukti.areas.instruments import queries as instruments
from bukti.areas.ledger.commands import append
from bukti.areas.rounds.models import Round
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import Action, Actor, require
from bukti.rules.scoring import Scored, score, score_components
from bukti.rules.workflow import RoundState, Step, advance_round


@transaction.atomic
def score_question(
    actor: Actor, round_id: int, code: str, *, value: Decimal, remark: str = ""
) -> Score:
    """One assessor's value for one question in the stage that is open; later values replace it.

    Refused: ROUND_NOT_IN_STAGE, QUESTION_UNKNOWN, SCORE_OUT_OF_SCALE.
    """
    round_ = queries.locked_round(actor, round_id)
    require(actor, Action.SCORE_QUESTION, round_.place)

    stage = queries.stage_of(round_)
    if stage is None:
        raise Refused(Reason.ROUND_NOT_IN_STAGE, state=round_.state)
    pack = instruments.pack_of(round_.instrument_id)
    if not pack.has_question(code):
        raise Refused(Reason.QUESTION_UNKNOWN, codes=[code])
    if not pack.scale.min <= value <= pack.scale.max:
        raise Refused(Reason.SCORE_OUT_OF_SCALE, lowest=pack.scale.min, highest=pack.scale.max)

    given, _ = Score.objects.update_or_create(
        round=round_,
        stage=stage,
        code=code,
        assessor_id=actor.user_id,
        defaults={"value": value, "remark": remark, "at": timezone.now()},
    )

    append(
        actor,
        "score.given",
        given,
        code=code,
        stage=stage,
        secrets={"value": score_text(value, remark)},
    )
    return given


def score_text(value: Decimal, remark: str) -> str:
    """A score as one text, so that the ledger can commit to it before it is published."""
    return f"{format((value + 0).normalize(), 'f')} {remark}"


@transaction.atomic
def record_result(
    actor: Actor, round_id: int, components: Mapping[str, Decimal], *, source: str
) -> Result:
    """The official result of a round that was assessed elsewhere, by component.

    Refused: COMPONENT_UNKNOWN, SCORE_OUT_OF_SCALE.
    """
    round_ = queries.locked_round(actor, round_id)
    require(actor, Action.RECORD_RESULT, round_.place)

    pack = instruments.pack_of(round_.instrument_id)
    known = {component.key for component in pack.components}
    if set(components) - known:
        raise Refused(Reason.COMPONENT_UNKNOWN, components=sorted(set(components) - known))
    if any(not pack.scale.min <= value <= pack.scale.max for value in components.values()):
        raise Refused(Reason.SCORE_OUT_OF_SCALE, lowest=pack.scale.min, highest=pack.scale.max)

    values = {key: components.get(key) for key in known}
    computed = score_components(pack, pack.scheme(round_.scheme), values)
    result = _store(actor, round_, Layer.OFFICIAL, computed, source=source)

    append(actor, "result.recorded", result, layer=result.layer, index=str(result.index))
    return result


def _store(actor: Actor, round_: Round, layer: Layer, computed: Scored, *, source: str) -> Result:
    instrument = instruments.instrument(round_.instrument_id)
    result, _ = Result.objects.update_or_create(
        round=round_,
        layer=layer,
        defaults={
            "scheme": round_.scheme,
            "pack_sha256": instrument.sha256,
            "components": {
                part.key: str(part.published)
                for part in computed.components
                if part.published is not None
            },
            "index": computed.index,
            "index_exact": computed.index_exact,
            "source": source,
            "at": timezone.now(),
            "by_id": actor.user_id or 0,
        },
    )
    return result


@transaction.atomic
def finish_round(actor: Actor, round_id: int) -> Round:
    """Close stage II: the mean of the assessors becomes the round's result, to the last digit.

    Refused: SCORES_INCOMPLETE (with the codes), STEP_NOT_POSSIBLE.
    """
    round_ = queries.locked_round(actor, round_id)
    require(actor, Action.CHANGE_ROUND, round_.place)

    round_.state = advance_round(RoundState(round_.state), Step.FINISH)
    result = queries.result_page(actor, round_.pk)
    values = queries.mean_scores(round_.pk, Stage.TWO)
    asked = {question.code for question in result.pack.questions} - result.skipped
    if missing := sorted(asked - set(values)):
        raise Refused(Reason.SCORES_INCOMPLETE, codes=missing)

    scheme = result.pack.scheme(round_.scheme)
    computed = score(result.pack, scheme, values, result.skipped)
    stored = _store(actor, round_, Layer.STAGE_TWO, computed, source="")
    round_.save(update_fields=["state"])

    append(actor, "round.finished", round_, index=str(stored.index), scheme=round_.scheme)
    return round_
