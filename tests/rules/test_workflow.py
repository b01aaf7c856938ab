"""States and steps, and when a deadline is over."""

from datetime import UTC, datetime, timedelta

import pytest

from bukti.rules.errors import Reason, Refused
from bukti.rules.workflow import (
    NEXT_ANSWER,
    NEXT_ROUND,
    AnswerState,
    RoundState,
    Step,
    advance,
    advance_round,
    is_past,
)


def test_an_answer_goes_from_nothing_to_accepted():
    state = AnswerState.EMPTY
    for step in (Step.SAVE, Step.SUBMIT, Step.RETURN, Step.SAVE, Step.SUBMIT, Step.ACCEPT):
        state = advance(state, step)

    assert state is AnswerState.ACCEPTED


def test_a_round_goes_from_preparation_to_its_end():
    state = RoundState.PREPARATION
    for step in (
        Step.START,
        Step.SIGN,
        Step.OPEN_STAGE_ONE,
        Step.ASK_MENDING,
        Step.SIGN,
        Step.FINISH,
    ):
        state = advance_round(state, step)

    assert state is RoundState.FINISHED


@pytest.mark.parametrize("state", AnswerState)
@pytest.mark.parametrize("step", Step)
def test_every_other_step_of_an_answer_is_refused(state, step):
    if (state, step) in NEXT_ANSWER:
        assert advance(state, step) is NEXT_ANSWER[state, step]
        return

    with pytest.raises(Refused) as refusal:
        advance(state, step)

    assert refusal.value.reason is Reason.STEP_NOT_POSSIBLE


@pytest.mark.parametrize("state", RoundState)
@pytest.mark.parametrize("step", Step)
def test_every_other_step_of_a_round_is_refused(state, step):
    if (state, step) in NEXT_ROUND:
        assert advance_round(state, step) is NEXT_ROUND[state, step]
        return

    with pytest.raises(Refused):
        advance_round(state, step)


def test_a_deadline_includes_its_whole_minute():
    deadline = datetime(2026, 12, 11, 15, 59, tzinfo=UTC)
    last = deadline + timedelta(seconds=59, milliseconds=999)

    assert not is_past(deadline, last)
    assert is_past(deadline, last + timedelta(milliseconds=1))
