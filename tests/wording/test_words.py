"""Facts in the sentences of refusals and notices."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bukti.rules.errors import Reason, Refused
from bukti.rules.workflow import AnswerState, RoundState, Step
from bukti.wording.words import answer_steps, notice_sentence, refusal_sentence


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (Refused(Reason.ROUND_NOT_OPEN, state=RoundState.HANDED_IN), "sedang diserahkan"),
        (Refused(Reason.ROUND_NOT_OPEN, state="handed_in"), "sedang diserahkan"),
        (Refused(Reason.FILE_TOO_LARGE, limit=250_000_000), "250"),
        (Refused(Reason.VALUE_OUT_OF_SCALE, lowest=Decimal(0), highest=4), "antara 0 dan 4"),
        (Refused(Reason.QUESTION_UNKNOWN, codes=["A1", "A2"]), "Pertanyaan A1, A2"),
        (
            Refused(Reason.STEP_NOT_POSSIBLE, step=Step.ACCEPT, state=AnswerState.DRAFT),
            "Langkah menerima tidak dapat dilakukan selagi keadaannya draf",
        ),
        (
            Refused(
                Reason.DEADLINE_PASSED,
                deadline=datetime(2026, 12, 11, 8, 0, tzinfo=UTC),
                zone="Asia/Makassar",
            ),
            "pukul 16.00",
        ),
    ],
)
def test_a_refusal_says_its_facts_in_words(refused, words):
    assert words in refusal_sentence(refused).replace("\N{NO-BREAK SPACE}", " ")


def test_a_long_list_is_cut_with_how_many_more():
    codes = [f"C{number}" for number in range(20)]

    sentence = refusal_sentence(Refused(Reason.UNANSWERED_NOT_CONFIRMED, codes=codes))

    assert "C11, dan 8 lainnya" in sentence


def test_a_notice_without_a_date_still_reads():
    sentence = notice_sentence("answer_returned", {"code": "C1", "until": "", "zone": ""})

    assert sentence == "Jawaban C1 dikembalikan untuk revisi, tenggat yang ditetapkan"


@pytest.mark.parametrize("state", AnswerState)
def test_every_answer_stands_somewhere_on_its_way(state):
    steps = answer_steps(state)

    assert all(stage in ("done", "now", "") for _word, stage in steps)
    assert state is AnswerState.EMPTY or steps[0][1] != ""
