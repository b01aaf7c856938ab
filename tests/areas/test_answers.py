"""What agencies do with their answers."""

from decimal import Decimal

import pytest

from bukti.areas.answers import commands
from bukti.areas.answers.models import HandIn, Version
from bukti.areas.ledger.models import Entry
from bukti.rules.claims import Claim
from bukti.rules.errors import Conflict, Denied, Reason, Refused
from bukti.rules.workflow import AnswerState
from tests import cast as people

pytestmark = pytest.mark.django_db


def saved(cast, round_, code, person=None, **claim):
    answer = people.answer(round_, code)
    person = person or cast.operator_of_health
    return commands.save_answer(person.actor, answer.pk, Claim(**claim), base=answer.version)


def test_a_first_save_makes_a_draft_a_version_and_an_entry(cast, running_round):
    before = Entry.objects.count()

    answer = saved(cast, running_round, "C1", level=3, explanation="Delapan program berjalan.")

    assert answer.state == AnswerState.DRAFT
    assert answer.version == 1
    assert Version.objects.get().level == 3
    assert Entry.objects.count() == before + 1


def test_saving_the_same_again_makes_no_version(cast, running_round):
    saved(cast, running_round, "C2", level=2, value=Decimal("87.5"))

    saved(cast, running_round, "C2", level=2, value=Decimal("87.50"))

    assert Version.objects.count() == 1


def test_whoever_was_slower_gets_both_versions(cast, running_round):
    answer = people.answer(running_round, "C1")
    saved(cast, running_round, "C1", level=3)

    with pytest.raises(Conflict) as conflict:
        commands.save_answer(cast.operator_of_hospital.actor, answer.pk, Claim(level=1), base=0)

    assert conflict.value.facts["answer"].level == 3
    assert conflict.value.facts["claim"].level == 1


def test_a_retry_with_the_same_key_acts_once(cast, running_round):
    answer = people.answer(running_round, "C1")
    claim = Claim(level=2)

    for _ in range(2):
        commands.save_answer(cast.operator_of_health.actor, answer.pk, claim, base=0, key="satu")

    assert Version.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(cast, running_round):
    answer = people.answer(running_round, "C1")
    actor = cast.operator_of_health.actor
    commands.save_answer(actor, answer.pk, Claim(level=2), base=0, key="satu")

    with pytest.raises(Refused) as refusal:
        commands.save_answer(actor, answer.pk, Claim(level=4), base=0, key="satu")

    assert refusal.value.reason is Reason.KEY_REUSED


def test_another_agency_does_not_find_the_answer(cast, running_round):
    answer = people.answer(running_round, "C1")

    with pytest.raises(answer.DoesNotExist):
        commands.save_answer(cast.operator_of_education.actor, answer.pk, Claim(level=1), base=0)


def test_a_coordinator_reads_but_does_not_write(cast, running_round):
    answer = people.answer(running_round, "C1")

    with pytest.raises(Denied):
        commands.save_answer(cast.coordinator.actor, answer.pk, Claim(level=1), base=0)


def test_a_level_that_the_question_does_not_have_is_refused(cast, running_round):
    with pytest.raises(Refused) as refusal:
        saved(cast, running_round, "C1", level=5)

    assert refusal.value.reason is Reason.VALUE_OUT_OF_SCALE


def test_an_old_version_comes_back_as_the_newest(cast, running_round):
    saved(cast, running_round, "C1", level=1)
    answer = saved(cast, running_round, "C1", level=3)

    answer = commands.restore_version(cast.operator_of_health.actor, answer.pk, 1, base=2)

    assert (answer.version, answer.level) == (3, 1)


def test_the_head_hands_in_what_is_complete_and_confirms_the_rest(cast, running_round):
    saved(cast, running_round, "C1", level=0, explanation="Belum ada.")
    head = cast.head_of_health.actor

    with pytest.raises(Refused) as refusal:
        commands.hand_in_agency(head, running_round.pk, cast.health.pk, confirmed=frozenset())
    hand_in = commands.hand_in_agency(
        head, running_round.pk, cast.health.pk, confirmed=frozenset({"C2", "D1"})
    )

    assert refusal.value.facts["codes"] == ["C2", "D1"]
    assert hand_in.answered == ["C1"]
    assert hand_in.entry_index is not None
    assert people.answer(running_round, "C1").state == AnswerState.SUBMITTED


def test_an_operator_does_not_hand_in(cast, running_round):
    with pytest.raises(Denied):
        commands.hand_in_agency(
            cast.operator_of_health.actor, running_round.pk, cast.health.pk, confirmed=frozenset()
        )

    assert not HandIn.objects.exists()
