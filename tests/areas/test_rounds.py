"""Opening, assigning, extending, moving a round."""

import pytest

from bukti.areas.answers import verification
from bukti.areas.notices.models import Notice
from bukti.areas.rounds import commands, queries
from bukti.areas.rounds.models import Assignment, Round
from bukti.rules.errors import Denied, Reason, Refused
from bukti.rules.workflow import RoundState, Step
from tests import cast as people

pytestmark = pytest.mark.django_db


def refused(command, *args, **options):
    with pytest.raises(Refused) as refusal:
        command(*args, **options)
    return refusal.value.reason


def plan(cast, **other):
    instrument = people.frozen(people.small_pack())
    values = {
        "instrument_id": instrument.pk,
        "scheme": "utama",
        "year": 2026,
        "title": "Evaluasi 2026",
        "agency_deadline": people.in_days(5),
        "deadline": people.in_days(9),
    }
    return commands.Plan(**(values | other))


def test_questions_are_proposed_to_the_agencies_that_usually_answer(cast, round_in_preparation):
    leads = dict(Assignment.objects.values_list("code", "agency__code"))
    helped = Assignment.objects.get(code="C1").contributors.get()

    assert leads == {
        "A1": "dkisp",
        "A2": "dkisp",
        "C1": "dinkes",
        "C2": "dinkes",
        "C3": "disdikbud",
        "D1": "dinkes",
    }
    assert helped == cast.hospital


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"scheme": "lain"}, Reason.SCHEME_UNKNOWN),
        ({"agency_deadline": people.in_days(30)}, Reason.DEADLINES_OUT_OF_ORDER),
    ],
)
def test_a_plan_that_cannot_be_is_refused(cast, other, reason):
    found = refused(commands.open_round, cast.coordinator.actor, people.PASER, plan(cast, **other))

    assert found is reason


def test_one_round_a_year_with_the_same_instrument(cast, round_in_preparation):
    assert (
        refused(commands.open_round, cast.coordinator.actor, people.PASER, plan(cast))
        is Reason.ROUND_EXISTS
    )


def test_only_a_coordinator_of_the_region_opens_a_round(cast):
    for person in (cast.executive, cast.operator_of_health, cast.coordinator_elsewhere):
        with pytest.raises(Denied):
            commands.open_round(person.actor, people.PASER, plan(cast))


def test_many_questions_change_hands_at_once(cast, round_in_preparation):
    moved = commands.assign_questions(
        cast.coordinator.actor,
        round_in_preparation.pk,
        frozenset({"A1", "A2"}),
        agency_id=cast.education.pk,
        contributor_ids=frozenset({cast.dkisp.pk, cast.education.pk}),
    )

    assignment = Assignment.objects.get(code="A1")
    assert moved == 2
    assert assignment.agency == cast.education
    assert list(assignment.contributors.all()) == [cast.dkisp]


def test_questions_go_to_agencies_of_the_region_only(cast, round_in_preparation):
    actor = cast.coordinator.actor

    foreign = refused(
        commands.assign_questions,
        actor,
        round_in_preparation.pk,
        frozenset({"A1"}),
        agency_id=cast.health_elsewhere.pk,
    )
    unknown = refused(
        commands.assign_questions,
        actor,
        round_in_preparation.pk,
        frozenset({"Z9"}),
        agency_id=cast.health.pk,
    )

    assert foreign is Reason.AGENCY_NOT_HERE
    assert unknown is Reason.QUESTION_UNKNOWN


def test_more_time_comes_with_a_reason_and_within_the_hand_in(cast, running_round):
    actor = cast.coordinator.actor
    options = {"agency_id": cast.health.pk, "reason": "Menunggu data BPS."}

    without = refused(
        commands.extend_deadline,
        actor,
        running_round.pk,
        agency_id=cast.health.pk,
        until=people.in_days(16),
        reason=" ",
    )
    beyond = refused(
        commands.extend_deadline, actor, running_round.pk, until=people.in_days(60), **options
    )
    commands.extend_deadline(actor, running_round.pk, until=people.in_days(16), **options)

    assert (without, beyond) == (Reason.NOTE_MISSING, Reason.DEADLINE_NOT_LATER)
    assert queries.deadline_of(running_round, cast.health.pk) == people.in_days(16)
    assert queries.deadline_of(running_round, cast.education.pk) == running_round.agency_deadline
    assert Notice.objects.filter(kind="deadline_extended").count() == 2


def test_dates_change_while_the_round_runs(cast, running_round):
    dates = {"agency_deadline": people.in_days(20), "deadline": people.in_days(30)}

    round_ = commands.change_round(
        cast.coordinator.actor, running_round.pk, title="Baru", target=None, **dates
    )
    wrong = refused(
        commands.change_round,
        cast.coordinator.actor,
        running_round.pk,
        title="Baru",
        target=None,
        agency_deadline=people.in_days(31),
        deadline=people.in_days(30),
    )

    assert round_.title == "Baru"
    assert wrong is Reason.DEADLINES_OUT_OF_ORDER


def test_a_round_moves_through_its_stages_in_order(cast, running_round):
    actor = cast.coordinator.actor
    Round.objects.filter(pk=running_round.pk).update(state=RoundState.HANDED_IN)

    early = refused(commands.move_round, actor, running_round.pk, Step.OPEN_STAGE_TWO)
    other = refused(commands.move_round, actor, running_round.pk, Step.SIGN)
    round_ = commands.move_round(actor, running_round.pk, Step.OPEN_STAGE_ONE)

    assert (early, other) == (Reason.STEP_NOT_POSSIBLE, Reason.STEP_NOT_POSSIBLE)
    assert round_.state == RoundState.STAGE_ONE


def test_a_reminder_reaches_operators_and_heads(cast, running_round):
    told = commands.remind_agency(
        cast.coordinator.actor, running_round.pk, frozenset({cast.health.pk})
    )

    assert told == 2


def test_a_past_round_is_recorded_once_as_finished(cast):
    instrument = people.frozen(people.small_pack())
    past = {"instrument_id": instrument.pk, "year": 2023, "title": "Evaluasi 2023"}

    wrong = refused(
        commands.record_past_round, cast.coordinator.actor, people.PASER, scheme="x", **past
    )
    round_ = commands.record_past_round(
        cast.coordinator.actor, people.PASER, scheme="utama", **past
    )
    again = refused(
        commands.record_past_round, cast.coordinator.actor, people.PASER, scheme="utama", **past
    )

    assert (wrong, again) == (Reason.SCHEME_UNKNOWN, Reason.ROUND_EXISTS)
    assert (round_.state, round_.is_recorded) == (RoundState.FINISHED, True)


def test_an_agency_does_not_see_a_round_in_preparation(cast, round_in_preparation):
    visible = queries.visible_to(cast.operator_of_health.actor)

    assert not visible.exists()
    verification.start_round(cast.coordinator.actor, round_in_preparation.pk)
    assert visible.all().exists()


def test_the_current_round_is_the_newest_that_is_not_over(cast, running_round):
    assert queries.current_round(cast.coordinator.actor) == running_round
    assert queries.current_round(cast.coordinator_elsewhere.actor) is None
