"""The board, the tasks and the result of a round, as their readers see them."""

from decimal import Decimal

import pytest

from bukti.areas.answers import commands, overview, verification
from bukti.areas.rounds import commands as rounds
from bukti.areas.rounds.models import Round
from bukti.faces.web.templatetags.say import weekday
from bukti.rules.claims import Claim
from tests import cast as people

pytestmark = pytest.mark.django_db


def answered(cast, round_, code, person, **claim):
    answer = people.answer(round_, code)
    return commands.save_answer(person.actor, answer.pk, Claim(**claim), base=answer.version)


def returned(cast, round_):
    """C1 of health, handed in and sent back with four days to mend it."""
    answered(cast, round_, "C1", cast.operator_of_health, level=0, explanation="Belum.")
    commands.hand_in_agency(
        cast.head_of_health.actor,
        round_.pk,
        cast.health.pk,
        confirmed=frozenset({"C2", "D1"}),
    )
    verification.return_answer(
        cast.coordinator.actor,
        people.answer(round_, "C1").pk,
        note="Sebutkan programnya.",
        due_at=people.in_days(4),
    )


def test_the_coordinator_sees_a_tile_for_every_question(cast, running_round, as_):
    answered(cast, running_round, "C1", cast.operator_of_health, level=3)

    page = as_(cast.coordinator).get(f"/putaran/{running_round.pk}/papan/")

    html = page.content.decode()
    assert html.count('class="bk-tile ') == 6
    assert "Program kesehatan. Draf, tingkat 3, tanpa bukti. Dinkes" in html
    assert "0 dari 6 jawaban sudah diterima" in html


def test_an_operator_sees_only_the_tiles_of_the_own_agency(cast, running_round, as_):
    page = as_(cast.operator_of_education).get(f"/putaran/{running_round.pk}/papan/")

    html = page.content.decode()
    assert html.count('class="bk-tile ') == 1
    assert "Program kesehatan" not in html


def test_the_board_turns_to_the_dimensions_at_a_touch(cast, running_round, as_):
    page = as_(cast.coordinator).get(f"/putaran/{running_round.pk}/papan/?susun=dimensi")

    html = page.content.decode()
    assert '<span class="bk-board__name">Smart Living</span>' in html
    assert '<span class="bk-board__name">Lintas dimensi</span>' in html


def test_the_board_of_another_region_does_not_exist(cast, running_round, as_):
    page = as_(cast.coordinator_elsewhere).get(f"/putaran/{running_round.pk}/papan/")

    assert page.status_code == 404


def test_the_board_asks_few_questions_of_the_database(
    cast, running_round, as_, django_assert_max_num_queries
):
    client = as_(cast.coordinator)

    with django_assert_max_num_queries(8):
        client.get(f"/putaran/{running_round.pk}/papan/")


def test_home_leads_each_role_to_the_next_step(cast, running_round, as_):
    board = f"/putaran/{running_round.pk}/papan/"

    assert as_(cast.coordinator).get("/").url == board
    assert as_(cast.executive).get("/").url == board
    assert as_(cast.operator_of_health).get("/").url == "/tugas/"


def test_tasks_put_what_came_back_before_the_rest(cast, running_round, as_):
    returned(cast, running_round)

    html = as_(cast.operator_of_health).get("/tugas/").content.decode()

    assert "1 jawaban perlu direvisi" in html
    assert "Sebutkan programnya." in html
    assert html.index("Perlu direvisi") < html.index("Berikutnya")


def test_tasks_lead_to_what_can_still_be_written_and_not_to_what_is_late(cast, running_round, as_):
    returned(cast, running_round)
    Round.objects.filter(pk=running_round.pk).update(agency_deadline=people.in_days(-1))

    html = as_(cast.operator_of_health).get("/tugas/").content.decode()

    assert "2 terlambat, 1 perlu direvisi" in html
    assert "Perbaiki C1" in html


def test_tasks_name_the_deadline_of_ones_own_agency(cast, running_round, as_):
    longer = people.in_days(18)
    rounds.extend_deadline(
        cast.coordinator.actor,
        running_round.pk,
        agency_id=cast.health.pk,
        until=longer,
        reason="Rekap puskesmas menyusul.",
    )

    html = as_(cast.operator_of_health).get("/tugas/").content.decode()

    assert f"Tenggat pengajuan {weekday(longer, running_round.zone)}" in html


def test_tasks_name_whom_one_helps(cast, running_round, as_):
    html = as_(cast.operator_of_hospital).get("/tugas/").content.decode()

    assert "membantu Dinkes" in html


def test_tasks_ask_few_questions_of_the_database(
    cast, running_round, as_, django_assert_max_num_queries
):
    client = as_(cast.operator_of_health)

    with django_assert_max_num_queries(9):
        client.get("/tugas/")


def test_a_running_result_says_so_far_and_if_the_rest_is_zero(cast, running_round, as_):
    answered(cast, running_round, "C1", cast.operator_of_health, level=4)

    html = as_(cast.executive).get(f"/putaran/{running_round.pk}/hasil/").content.decode()

    assert '<span class="has-num">4,00</span>' in html
    assert "sejauh ini, dari 4,00" in html
    assert "bila sisanya 0" in html


def test_an_agency_does_not_read_a_running_result(cast, running_round, as_):
    page = as_(cast.head_of_health).get(f"/putaran/{running_round.pk}/hasil/")

    assert page.status_code == 403


def test_the_result_asks_few_questions_of_the_database(
    cast, running_round, as_, django_assert_max_num_queries
):
    answered(
        cast, running_round, "D1", cast.operator_of_health, value=Decimal("2.8"), respondents=64
    )
    client = as_(cast.coordinator)

    with django_assert_max_num_queries(12):
        client.get(f"/putaran/{running_round.pk}/hasil/")


def test_a_save_shows_on_the_board_at_once(cast, running_round, as_):
    client = as_(cast.coordinator)
    before = client.get(f"/putaran/{running_round.pk}/papan/").content.decode()

    answered(cast, running_round, "C1", cast.operator_of_health, level=3)
    after = client.get(f"/putaran/{running_round.pk}/papan/").content.decode()

    assert "Program kesehatan. Belum, tingkat –, tanpa bukti. Dinkes" in before
    assert "Program kesehatan. Draf, tingkat 3, tanpa bukti. Dinkes" in after


def test_what_was_drawn_for_one_is_not_shown_to_another(cast, running_round, as_):
    as_(cast.coordinator).get(f"/putaran/{running_round.pk}/papan/")

    html = as_(cast.operator_of_education).get(f"/putaran/{running_round.pk}/papan/")

    assert html.content.decode().count('class="bk-tile ') == 1


def test_a_board_seen_again_is_not_computed_again(
    cast, running_round, as_, django_assert_max_num_queries
):
    client = as_(cast.coordinator)
    client.get(f"/putaran/{running_round.pk}/papan/")

    with django_assert_max_num_queries(6):
        client.get(f"/putaran/{running_round.pk}/papan/")


def test_what_does_not_apply_counts_neither_in_the_heading_nor_in_the_pace(cast, running_round):
    answer = people.answer(running_round, "C3")
    verification.skip_question(cast.coordinator.actor, answer.pk, reason="Kewenangan provinsi.")

    page = overview.round_overview(cast.coordinator.actor, running_round, people.in_days(0))

    assert page.pace.total == page.progress.asked == 5
    assert page.pace.now.accepted == page.progress.accepted == 0
