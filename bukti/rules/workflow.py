"""States and steps of rounds and answers, and what a deadline means."""

from datetime import datetime, timedelta
from enum import StrEnum

from bukti.rules.errors import Reason, Refused


class AnswerState(StrEnum):
    """*belum → draf → diajukan → diterima* or *revisi*; *tidak berlaku* by the coordinator."""

    EMPTY = "empty"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    NOT_APPLICABLE = "not_applicable"


class RoundState(StrEnum):
    """*persiapan → berjalan → diserahkan → tahap I → perbaikan → tahap II → selesai*."""

    PREPARATION = "preparation"
    RUNNING = "running"
    HANDED_IN = "handed_in"
    STAGE_ONE = "stage_one"
    MENDING = "mending"
    STAGE_TWO = "stage_two"
    FINISHED = "finished"


class Step(StrEnum):
    """What moves an answer or a round from one state to the next."""

    SAVE = "save"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    SKIP = "skip"
    UNSKIP = "unskip"
    START = "start"
    SIGN = "sign"
    REOPEN = "reopen"
    OPEN_STAGE_ONE = "open_stage_one"
    ASK_MENDING = "ask_mending"
    OPEN_STAGE_TWO = "open_stage_two"
    FINISH = "finish"


NEXT_ANSWER: dict[tuple[AnswerState, Step], AnswerState] = {
    (AnswerState.EMPTY, Step.SAVE): AnswerState.DRAFT,
    (AnswerState.DRAFT, Step.SAVE): AnswerState.DRAFT,
    (AnswerState.RETURNED, Step.SAVE): AnswerState.RETURNED,
    (AnswerState.DRAFT, Step.SUBMIT): AnswerState.SUBMITTED,
    (AnswerState.RETURNED, Step.SUBMIT): AnswerState.SUBMITTED,
    (AnswerState.SUBMITTED, Step.ACCEPT): AnswerState.ACCEPTED,
    (AnswerState.SUBMITTED, Step.RETURN): AnswerState.RETURNED,
    (AnswerState.ACCEPTED, Step.RETURN): AnswerState.RETURNED,
    (AnswerState.EMPTY, Step.SKIP): AnswerState.NOT_APPLICABLE,
    (AnswerState.DRAFT, Step.SKIP): AnswerState.NOT_APPLICABLE,
    (AnswerState.SUBMITTED, Step.SKIP): AnswerState.NOT_APPLICABLE,
    (AnswerState.RETURNED, Step.SKIP): AnswerState.NOT_APPLICABLE,
    (AnswerState.NOT_APPLICABLE, Step.UNSKIP): AnswerState.DRAFT,
}

NEXT_ROUND: dict[tuple[RoundState, Step], RoundState] = {
    (RoundState.PREPARATION, Step.START): RoundState.RUNNING,
    (RoundState.RUNNING, Step.SIGN): RoundState.HANDED_IN,
    (RoundState.HANDED_IN, Step.REOPEN): RoundState.RUNNING,
    (RoundState.HANDED_IN, Step.OPEN_STAGE_ONE): RoundState.STAGE_ONE,
    (RoundState.STAGE_ONE, Step.ASK_MENDING): RoundState.MENDING,
    (RoundState.STAGE_ONE, Step.OPEN_STAGE_TWO): RoundState.STAGE_TWO,
    (RoundState.MENDING, Step.SIGN): RoundState.STAGE_TWO,
    (RoundState.STAGE_TWO, Step.FINISH): RoundState.FINISHED,
}

#: States in which an agency may still write.
WRITABLE = frozenset({AnswerState.EMPTY, AnswerState.DRAFT, AnswerState.RETURNED})
#: States in which the coordinator has decided.
DECIDED = frozenset({AnswerState.ACCEPTED, AnswerState.NOT_APPLICABLE})
#: States of a round in which answers change.
OPEN = frozenset({RoundState.RUNNING, RoundState.MENDING})
#: States of a round that assessors may see.
HANDED_IN_OR_LATER = frozenset(
    {
        RoundState.HANDED_IN,
        RoundState.STAGE_ONE,
        RoundState.MENDING,
        RoundState.STAGE_TWO,
        RoundState.FINISHED,
    }
)


def advance(state: AnswerState, step: Step) -> AnswerState:
    """The answer's next state, or `Refused(STEP_NOT_POSSIBLE)`."""
    try:
        return NEXT_ANSWER[state, step]
    except KeyError:
        raise Refused(Reason.STEP_NOT_POSSIBLE, state=state, step=step) from None


def advance_round(state: RoundState, step: Step) -> RoundState:
    """The round's next state, or `Refused(STEP_NOT_POSSIBLE)`."""
    try:
        return NEXT_ROUND[state, step]
    except KeyError:
        raise Refused(Reason.STEP_NOT_POSSIBLE, state=state, step=step) from None


def is_past(deadline: datetime, now: datetime) -> bool:
    """Whether the deadline is over. A deadline of 23.59 includes its whole minute."""
    return now >= deadline.replace(second=0, microsecond=0) + timedelta(minutes=1)
