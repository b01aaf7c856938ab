"""What the coordinator and the executive do with answers."""

from decimal import Decimal

import pytest

from bukti.areas.answers import commands, verification
from bukti.areas.answers.models import Answer
from bukti.areas.evidence.models import Release
from bukti.areas.notices.models import Notice
from bukti.areas.rounds import commands as rounds
from bukti.rules.claims import Claim
from bukti.rules.errors import Denied, Reason, Refused
from bukti.rules.workflow import AnswerState, RoundState
from tests import cast as people

pytestmark = pytest.mark.django_db

EVERYTHING = frozenset({"A1", "A2", "C1", "C2", "C3", "D1"})


def handed_in(cast, round_, code="C1", **claim):
    answer = people.answer(round_, code)
    content = Claim(**(claim or {"level": 0, "explanation": "Belum ada."}))
    commands.save_answer(cast.operator_of_health.actor, answer.pk, content, base=0)
    commands.hand_in_agency(
        cast.head_of_health.actor, round_.pk, cast.health.pk, confirmed=EVERYTHING
    )
    return people.answer(round_, code)


def signed(cast, round_):
    answer = handed_in(cast, round_)
    verification.accept_answer(cast.coordinator.actor, answer.pk, verified=Decimal(0))
    verification.prepare_round(cast.coordinator.actor, round_.pk, confirmed=EVERYTHING)
    return verification.sign_round(cast.executive.actor, round_.pk)


def refused(command, *args, **options):
    with pytest.raises(Refused) as refusal:
        command(*args, **options)
    return refusal.value.reason


def test_a_round_does_not_start_with_questions_of_nobody(cast, round_in_preparation):
    round_in_preparation.assignments.filter(code="C3").update(agency=None)

    reason = refused(verification.start_round, cast.coordinator.actor, round_in_preparation.pk)

    assert reason is Reason.QUESTIONS_UNASSIGNED
    assert not Answer.objects.exists()


def test_a_start_tells_the_agencies(cast, running_round):
    told = set(Notice.objects.filter(kind="round_started").values_list("user__name", flat=True))

    assert "Operator Dinas Kesehatan" in told
    assert running_round.state == RoundState.RUNNING


def test_a_claim_is_accepted_at_the_level_that_the_evidence_shows(cast, running_round):
    answer = handed_in(cast, running_round)

    answer = verification.accept_answer(
        cast.coordinator.actor, answer.pk, verified=Decimal(0), note="Sesuai."
    )

    assert (answer.state, answer.verified) == (AnswerState.ACCEPTED, 0)


@pytest.mark.parametrize(
    ("verified", "reason"),
    [
        (None, Reason.LEVEL_MISSING),
        (Decimal(5), Reason.VALUE_OUT_OF_SCALE),
        (Decimal("2.5"), Reason.VALUE_OUT_OF_SCALE),
    ],
)
def test_a_verified_level_stands_on_the_scale(cast, running_round, verified, reason):
    answer = handed_in(cast, running_round)

    found = refused(
        verification.accept_answer, cast.coordinator.actor, answer.pk, verified=verified
    )

    assert found is reason


def test_a_return_needs_a_note_and_tells_the_agency(cast, running_round):
    answer = handed_in(cast, running_round)
    actor = cast.coordinator.actor

    without = refused(verification.return_answer, actor, answer.pk, note=" ", due_at=None)
    past = refused(
        verification.return_answer, actor, answer.pk, note="Lengkapi.", due_at=people.in_days(-1)
    )
    answer = verification.return_answer(
        actor, answer.pk, note="Lengkapi.", due_at=people.in_days(3)
    )

    assert (without, past) == (Reason.NOTE_MISSING, Reason.DEADLINE_NOT_LATER)
    assert answer.state == AnswerState.RETURNED
    assert Notice.objects.filter(kind="answer_returned").exists()


def test_nobody_decides_about_an_answer_of_their_own(cast, running_round):
    answer = handed_in(cast, running_round)
    Answer.objects.filter(pk=answer.pk).update(updated_by_id=cast.coordinator.user.pk)

    reason = refused(
        verification.accept_answer, cast.coordinator.actor, answer.pk, verified=Decimal(0)
    )

    assert reason is Reason.OWN_ANSWER


def test_a_question_is_skipped_with_a_reason_and_comes_back_as_a_draft(cast, running_round):
    answer = people.answer(running_round, "C3")
    actor = cast.coordinator.actor

    without = refused(verification.skip_question, actor, answer.pk, reason="")
    skipped = verification.skip_question(actor, answer.pk, reason="Kewenangan provinsi.")
    back = verification.unskip_question(actor, answer.pk)

    assert without is Reason.NOTE_MISSING
    assert skipped.state == AnswerState.NOT_APPLICABLE
    assert back.state == AnswerState.DRAFT


def test_what_is_not_decided_is_confirmed_before_the_executive_sees_it(cast, running_round):
    reason = refused(
        verification.prepare_round,
        cast.coordinator.actor,
        running_round.pk,
        confirmed=frozenset({"A1"}),
    )

    assert reason is Reason.UNANSWERED_NOT_CONFIRMED


def test_the_signature_freezes_the_round_and_opens_its_evidence(cast, running_round):
    hand_in = signed(cast, running_round)

    running_round.refresh_from_db()
    assert running_round.state == RoundState.HANDED_IN
    assert hand_in.entry_index is not None
    assert Release.objects.count() == 0
    assert (
        refused(
            commands.save_answer,
            cast.operator_of_health.actor,
            people.answer(running_round, "C2").pk,
            Claim(level=1),
            base=0,
        )
        is Reason.ROUND_NOT_OPEN
    )


def test_nothing_is_signed_unprepared_or_changed_since(cast, running_round):
    actor = cast.executive.actor
    unprepared = refused(verification.sign_round, actor, running_round.pk)
    verification.prepare_round(cast.coordinator.actor, running_round.pk, confirmed=EVERYTHING)
    handed_in(cast, running_round)

    changed = refused(verification.sign_round, actor, running_round.pk)

    assert unprepared is Reason.ROUND_NOT_PREPARED
    assert changed is Reason.ROUND_CHANGED_SINCE


def test_a_coordinator_does_not_sign(cast, running_round):
    with pytest.raises(Denied):
        verification.sign_round(cast.coordinator.actor, running_round.pk)


def test_reopening_needs_a_reason_and_a_second_person(cast, running_round):
    signed(cast, running_round)
    coordinator, executive = cast.coordinator.actor, cast.executive.actor
    without = refused(
        rounds.request_reopening,
        coordinator,
        running_round.pk,
        reason="",
        until=people.in_days(3),
    )

    reopening = rounds.request_reopening(
        coordinator, running_round.pk, reason="Surat perbaikan.", until=people.in_days(3)
    )
    with pytest.raises(Denied):
        rounds.confirm_reopening(coordinator, reopening.pk)
    round_ = rounds.confirm_reopening(executive, reopening.pk)

    assert without is Reason.NOTE_MISSING
    assert round_.state == RoundState.RUNNING
    assert round_.prepared_at is None
