"""The policy: who may do what, where."""

from datetime import date

import pytest

from bukti.rules.errors import Denied
from bukti.rules.permissions import (
    NOBODY,
    SYSTEM,
    SYSTEM_MAY,
    Action,
    Actor,
    Grant,
    Place,
    Role,
    belongs_to,
    in_force,
    may,
    require,
)

PASER, ELSEWHERE = "64.01", "64.02"
HEALTH, EDUCATION = 1, 2


def acting(role, **place):
    return Actor(name="user:1", user_id=1, grants=frozenset({Grant(role, **place)}))


OPERATOR = acting(Role.OPERATOR, region=PASER, agency=HEALTH)
COORDINATOR = acting(Role.COORDINATOR, region=PASER)
ASSESSOR = acting(Role.ASSESSOR, region=PASER, round_id=7)


def test_an_operator_writes_for_the_own_agency_only():
    assert may(OPERATOR, Action.WRITE_ANSWER, Place(PASER, HEALTH))
    assert not may(OPERATOR, Action.WRITE_ANSWER, Place(PASER, EDUCATION))
    assert not may(OPERATOR, Action.WRITE_ANSWER, Place(ELSEWHERE, HEALTH))


def test_who_helps_with_a_question_writes_but_does_not_hand_in():
    helped = Place(PASER, EDUCATION, contributors=frozenset({HEALTH}))
    head = acting(Role.AGENCY_HEAD, region=PASER, agency=HEALTH)

    assert may(head, Action.WRITE_ANSWER, helped)
    assert not may(head, Action.HAND_IN_AGENCY, helped)


def test_a_coordinator_verifies_but_does_not_write():
    assert may(COORDINATOR, Action.VERIFY_ANSWER, Place(PASER, HEALTH))
    assert not may(COORDINATOR, Action.WRITE_ANSWER, Place(PASER, HEALTH))
    assert not may(COORDINATOR, Action.VERIFY_ANSWER, Place(ELSEWHERE, HEALTH))


def test_an_assessor_scores_the_round_named_by_the_grant():
    assert may(ASSESSOR, Action.SCORE_QUESTION, Place(PASER, None, 7))
    assert not may(ASSESSOR, Action.SCORE_QUESTION, Place(PASER, None, 8))
    assert not may(ASSESSOR, Action.SCORE_QUESTION, Place(PASER))


def test_an_assessor_never_acts_for_a_region_they_belong_to():
    both = Actor("user:1", 1, ASSESSOR.grants | OPERATOR.grants)

    assert belongs_to(both, PASER)
    assert not may(both, Action.SCORE_QUESTION, Place(PASER, None, 7))


def test_a_programme_reaches_its_province_and_no_other():
    nation = acting(Role.PROGRAMME_ADMIN)
    province = acting(Role.PROGRAMME_ADMIN, region="64")

    assert may(nation, Action.READ_ROUND, Place(ELSEWHERE))
    assert may(province, Action.READ_ROUND, Place(PASER))
    assert not may(province, Action.READ_ROUND, Place("63.01"))


def test_an_agency_sees_rounds_of_its_region_but_nothing_else_without_an_agency():
    assert may(OPERATOR, Action.READ_ROUND, Place(PASER))
    assert not may(OPERATOR, Action.READ_ANSWER, Place(PASER))
    assert not may(
        Actor("user:2", 2, frozenset({Grant(Role.OPERATOR, PASER)})),
        Action.READ_ROUND,
        Place(PASER),
    )


@pytest.mark.parametrize("action", Action)
def test_the_machine_does_what_is_on_its_list(action):
    assert may(SYSTEM, action, Place(PASER)) == (action in SYSTEM_MAY)


@pytest.mark.parametrize("action", Action)
def test_nobody_may_nothing(action):
    with pytest.raises(Denied):
        require(NOBODY, action, Place(PASER))


def test_the_machine_never_scores_verifies_or_signs():
    assert not SYSTEM_MAY & {
        Action.SCORE_QUESTION,
        Action.VERIFY_ANSWER,
        Action.SIGN_HAND_IN,
        Action.WRITE_ANSWER,
    }


def test_a_grant_holds_until_its_last_day():
    grant = Grant(Role.OPERATOR, PASER, HEALTH, until=date(2026, 11, 25))

    assert in_force([grant], date(2026, 11, 25)) == {grant}
    assert in_force([grant], date(2026, 11, 26)) == frozenset()


def test_an_actor_knows_its_regions_agencies_and_rounds():
    both = Actor("user:1", 1, COORDINATOR.grants | ASSESSOR.grants | OPERATOR.grants)

    assert (both.regions, both.agencies, both.rounds) == ({PASER}, {HEALTH}, {7})
    assert both.has(Role.ASSESSOR)
    assert not both.has(Role.AUDITOR)
