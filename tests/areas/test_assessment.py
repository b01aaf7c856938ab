"""Scores from outside, and what a round comes to."""

from decimal import Decimal

import pytest

from bukti.areas.assessment import commands, figures, queries
from bukti.areas.assessment.models import Layer, Result
from bukti.areas.people.models import Grant
from bukti.areas.rounds import commands as rounds
from bukti.areas.rounds.models import Round
from bukti.rules.errors import Denied, Reason, Refused
from bukti.rules.permissions import Role
from bukti.rules.workflow import RoundState
from tests import cast as people

pytestmark = pytest.mark.django_db

CODES = ("A1", "A2", "C1", "C2", "C3", "D1")


def refused(command, *args, **options):
    with pytest.raises(Refused) as refusal:
        command(*args, **options)
    return refusal.value.reason


@pytest.fixture
def in_stage_two(cast, running_round):
    Round.objects.filter(pk=running_round.pk).update(state=RoundState.STAGE_TWO)
    return Round.objects.get(pk=running_round.pk)


def assessor(round_, name="Asesor satu"):
    return people.person(name, Role.ASSESSOR, people.PASER, round_id=round_.pk)


def recorded(cast, year, **components):
    round_ = rounds.record_past_round(
        cast.coordinator.actor,
        people.PASER,
        instrument_id=people.frozen(people.small_pack()).pk,
        scheme="utama",
        year=year,
        title=f"Evaluasi {year}",
    )
    values = {key: Decimal(value) for key, value in components.items()}
    commands.record_result(cast.coordinator.actor, round_.pk, values, source="Surat hasil")
    return round_


def test_an_assessor_scores_in_the_open_stage_and_may_change_it(cast, in_stage_two):
    actor = assessor(in_stage_two).actor

    commands.score_question(actor, in_stage_two.pk, "C1", value=Decimal(2))
    commands.score_question(actor, in_stage_two.pk, "C1", value=Decimal(3), remark="Lengkap.")

    assert queries.own_scores(actor, in_stage_two.pk, "two")["C1"].value == 3


@pytest.mark.parametrize(
    ("code", "value", "reason"),
    [
        ("Z9", Decimal(1), Reason.QUESTION_UNKNOWN),
        ("C1", Decimal(5), Reason.SCORE_OUT_OF_SCALE),
    ],
)
def test_a_score_stands_on_the_scale_of_a_question(cast, in_stage_two, code, value, reason):
    actor = assessor(in_stage_two).actor

    assert refused(commands.score_question, actor, in_stage_two.pk, code, value=value) is reason


def test_an_assessor_neither_sees_nor_scores_a_round_before_its_hand_in(cast, running_round):
    actor = assessor(running_round).actor

    with pytest.raises(Round.DoesNotExist):
        commands.score_question(actor, running_round.pk, "C1", value=Decimal(2))


def test_a_score_outside_a_stage_is_refused(cast, running_round):
    Round.objects.filter(pk=running_round.pk).update(state=RoundState.HANDED_IN)
    actor = assessor(running_round).actor

    reason = refused(commands.score_question, actor, running_round.pk, "C1", value=Decimal(2))

    assert reason is Reason.ROUND_NOT_IN_STAGE


def test_who_holds_an_office_here_does_not_see_the_round_as_assessor(cast, in_stage_two):
    Grant.objects.create(
        user=cast.operator_elsewhere.user,
        role=Role.ASSESSOR,
        region_id=people.PASER,
        round_id=in_stage_two.pk,
        since="2026-01-01",
    )
    Grant.objects.create(
        user=cast.operator_elsewhere.user,
        role=Role.OPERATOR,
        region_id=people.PASER,
        agency=cast.education,
        since="2026-01-01",
    )

    with pytest.raises(Denied):
        commands.score_question(
            cast.operator_elsewhere.actor, in_stage_two.pk, "C1", value=Decimal(2)
        )


def test_the_mean_of_the_assessors_becomes_the_result_unrounded_before_its_place(
    cast, in_stage_two
):
    first, second = assessor(in_stage_two), assessor(in_stage_two, "Asesor dua")
    for code in CODES:
        commands.score_question(first.actor, in_stage_two.pk, code, value=Decimal(3))
        commands.score_question(second.actor, in_stage_two.pk, code, value=Decimal(2))

    commands.finish_round(cast.coordinator.actor, in_stage_two.pk)

    result = Result.objects.get(round=in_stage_two, layer=Layer.STAGE_TWO)
    assert result.index == Decimal("2.50")
    assert Round.objects.get(pk=in_stage_two.pk).state == RoundState.FINISHED


def test_a_round_without_all_scores_does_not_end(cast, in_stage_two):
    commands.score_question(assessor(in_stage_two).actor, in_stage_two.pk, "C1", value=Decimal(3))

    reason = refused(commands.finish_round, cast.coordinator.actor, in_stage_two.pk)

    assert reason is Reason.SCORES_INCOMPLETE


def test_an_official_result_is_recorded_by_component_and_compared(cast):
    recorded(cast, 2022, baseline="3.80", outcome="2.73", impact="2.81")
    now = recorded(cast, 2023, baseline="3.96", outcome="2.82", impact="3.11")

    result = queries.result_page(cast.operator_of_health.actor, now.pk)

    assert result.main.scored.index == Decimal("3.14")
    assert figures.improvement_of(result) == Decimal("0.17")
    assert [axis.before for axis in figures.radar_of(result).axes] == [
        Decimal("3.80"),
        Decimal("2.73"),
        Decimal("2.81"),
    ]
    assert figures.waterfall_of(result).index == Decimal("3.1350")


@pytest.mark.parametrize(
    ("components", "reason"),
    [
        ({"lain": Decimal(1)}, Reason.COMPONENT_UNKNOWN),
        ({"impact": Decimal(9)}, Reason.SCORE_OUT_OF_SCALE),
    ],
)
def test_a_component_that_cannot_be_is_refused(cast, components, reason):
    round_ = recorded(cast, 2022, baseline="3.80")

    found = refused(
        commands.record_result, cast.coordinator.actor, round_.pk, components, source=""
    )

    assert found is reason


def test_an_agency_reads_finished_results_only(cast, running_round):
    with pytest.raises(Denied):
        queries.result_page(cast.head_of_health.actor, running_round.pk)


def test_the_league_orders_agencies_by_what_was_verified(cast, running_round):
    running_round.answers.filter(code="C1").update(level=4, verified=2, state="draft")
    running_round.answers.filter(code="C3").update(level=3, verified=3, state="draft")

    league = figures.league_of(queries.result_page(cast.coordinator.actor, running_round.pk))

    assert [agency.name for agency in league[:2]] == [
        "Dinas Pendidikan dan Kebudayaan",
        "Dinas Kesehatan",
    ]
    assert league[1].difference == -2
    assert league[2].difference is None
