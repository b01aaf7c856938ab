"""What may be kept, what may be handed in, what is scored."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bukti.rules import claims
from bukti.rules.claims import Claim
from bukti.rules.errors import Reason, Refused
from tests.cast import small_pack

PACK = small_pack()
LEVEL, COUNT, PERCENT, MEAN = (PACK.question(code) for code in ("C1", "A2", "C2", "D1"))


def test_a_level_question_asks_for_no_number():
    assert not claims.asks_value(LEVEL)
    assert claims.asks_level(LEVEL)


def test_a_percentage_asks_for_number_and_level_since_the_bands_are_not_published():
    assert claims.asks_value(PERCENT)
    assert claims.asks_level(PERCENT)


def test_a_survey_mean_asks_for_its_value_only():
    assert claims.asks_value(MEAN)
    assert not claims.asks_level(MEAN)


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        (LEVEL, Claim(level=5)),
        (MEAN, Claim(value=Decimal("4.1"))),
        (PERCENT, Claim(value=Decimal(-1))),
        (MEAN, Claim(respondents=-1)),
    ],
)
def test_what_is_out_of_scale_is_refused(question, claim):
    with pytest.raises(Refused) as refusal:
        claims.check(PACK, question, claim)

    assert refusal.value.reason is Reason.VALUE_OUT_OF_SCALE


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(Refused) as refusal:
        claims.check(PACK, LEVEL, Claim(explanation="x" * 4001))

    assert refusal.value.reason is Reason.TEXT_TOO_LONG


def test_an_incomplete_claim_may_be_kept():
    claims.check(PACK, PERCENT, Claim(explanation="Menunggu data."))


@pytest.mark.parametrize(
    ("question", "claim", "evidence", "missing"),
    [
        (LEVEL, Claim(), 0, Reason.ANSWER_EMPTY),
        (LEVEL, Claim(explanation="Ada."), 1, Reason.LEVEL_MISSING),
        (PERCENT, Claim(level=2), 1, Reason.VALUE_MISSING),
        (MEAN, Claim(value=Decimal("2.8")), 1, Reason.RESPONDENTS_MISSING),
        (LEVEL, Claim(level=3), 0, Reason.EVIDENCE_MISSING),
        (LEVEL, Claim(level=0), 0, None),
        (COUNT, Claim(level=0), 0, None),
        (LEVEL, Claim(level=3), 1, None),
        (MEAN, Claim(value=Decimal("2.8"), respondents=50), 1, None),
    ],
)
def test_what_still_stands_before_the_hand_in(question, claim, evidence, missing):
    assert claims.missing(question, claim, evidence) is missing


def test_a_level_is_refused_where_none_is_asked():
    with pytest.raises(Refused) as refusal:
        claims.check(PACK, MEAN, Claim(level=3, value=Decimal(3), respondents=60))

    assert refusal.value.reason is Reason.VALUE_OUT_OF_SCALE


def test_the_level_is_scored_and_for_a_survey_the_mean_itself():
    assert claims.scored(PERCENT, 3, Decimal("87.5")) == 3
    assert claims.scored(MEAN, None, Decimal("2.84")) == Decimal("2.84")
    assert claims.scored(LEVEL, None, None) is None


@pytest.mark.parametrize(
    ("written", "tidy"),
    [("", ""), ("4", "4"), ("4,12-15", "4, 12–15"), (" 4; 7 ", "4, 7"), ("1–2", "1–2")],
)
def test_pages_are_tidied(written, tidy):
    assert claims.pages_cited(written) == tidy


@pytest.mark.parametrize("written", ["halaman empat", "4,,5", "-3", "4-", "1000000"])
def test_pages_that_are_none_are_refused(written):
    with pytest.raises(Refused):
        claims.pages_cited(written)


@given(st.lists(st.integers(1, 99999), min_size=1, max_size=6))
def test_tidy_pages_stay_as_they_are(pages):
    written = claims.pages_cited(",".join(str(page) for page in pages))

    assert claims.pages_cited(written) == written
