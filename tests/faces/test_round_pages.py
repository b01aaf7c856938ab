"""Rounds as coordinator, executive and agencies see them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bukti.areas.answers import commands, verification
from bukti.areas.notices.models import Notice
from bukti.areas.rounds import commands as rounds
from bukti.areas.rounds.models import Assignment, Extension, Round
from bukti.rules.claims import Claim
from bukti.rules.workflow import RoundState
from tests import cast as people

pytestmark = pytest.mark.django_db

WITA = ZoneInfo("Asia/Makassar")


def local(days):
    return people.in_days(days).astimezone(WITA).strftime("%Y-%m-%dT%H:%M")


def html(response):
    return response.content.decode()


def plan(instrument, **typed):
    return {
        "scheme": f"{instrument.pk}:utama",
        "year": 2027,
        "title": "Evaluasi Smart City 2027",
        "agency_deadline": local(10),
        "deadline": local(20),
        "target": "3,20",
        **typed,
    }


def test_an_empty_list_teaches_the_first_step(cast, as_):
    page = as_(cast.coordinator).get("/putaran/")

    assert "Putaran pertama dimulai di sini" in html(page)
    assert "/putaran/baru/" in html(page)


def test_an_operator_without_a_round_is_not_asked_to_open_one(cast, as_):
    page = as_(cast.operator_of_health).get("/putaran/")

    assert "Koordinator belum membuka putaran" in html(page)
    assert "/putaran/baru/" not in html(page)


def test_a_round_is_opened_with_times_of_the_regions_zone(cast, as_):
    instrument = people.frozen(people.small_pack())
    typed = plan(instrument, agency_deadline="2027-03-01T16:00", deadline="2027-03-08T23:59")

    answer = as_(cast.coordinator).post("/putaran/baru/", typed)

    round_ = Round.objects.get(year=2027)
    assert answer["Location"] == f"/putaran/{round_.pk}/pembagian/"
    assert round_.agency_deadline is not None
    assert round_.agency_deadline.isoformat() == "2027-03-01T08:00:00+00:00"
    assert str(round_.target) == "3.20"


@pytest.mark.parametrize(
    ("typed", "status", "word"),
    [
        ({"agency_deadline": local(20), "deadline": local(10)}, 409, "sebelum tenggat penyerahan"),
        ({"year": "kapan"}, 422, "Tahun"),
        ({"deadline": "0001-01-01T00:00"}, 422, "2000"),
        ({"target": "tiga"}, 422, "bukan angka"),
        ({"scheme": "99:utama"}, 422, "Instrumen dan skema"),
    ],
)
def test_a_wrong_plan_comes_back_with_what_was_typed(cast, as_, typed, status, word):
    instrument = people.frozen(people.small_pack())

    answer = as_(cast.coordinator).post("/putaran/baru/", plan(instrument, **typed))

    assert answer.status_code == status
    assert word in html(answer)
    assert "Evaluasi Smart City 2027" in html(answer)


def test_a_double_click_does_not_open_two_rounds(cast, as_):
    instrument, client = people.frozen(people.small_pack()), as_(cast.coordinator)
    client.post("/putaran/baru/", plan(instrument))

    answer = client.post("/putaran/baru/", plan(instrument))

    assert answer.status_code == 409
    assert Round.objects.filter(year=2027).count() == 1


def test_who_may_not_open_a_round_may_not_see_its_form(cast, as_):
    assert as_(cast.executive).get("/putaran/baru/").status_code == 403


def record(client, values, **typed):
    instrument = people.frozen(people.small_pack())
    sent = {f"component-{key}": value for key, value in values.items()}
    sent |= {"year": 2023, "title": "Evaluasi 2023", "source": "Surat B-1/2023", **typed}
    return client.post(f"/putaran/lama/?skema={instrument.pk}:utama", sent, follow=True)


def test_a_past_result_is_typed_as_printed_and_its_index_computed(cast, as_):
    values = {"baseline": "3,96", "outcome": "2.73", "impact": "2,81"}

    page = record(as_(cast.coordinator), values)

    assert "Indeks 2023: 3,00" in html(page)
    assert "Surat B-1/2023" in html(page)


def test_a_past_value_off_the_scale_leaves_no_round_behind(cast, as_):
    page = record(as_(cast.coordinator), {"baseline": "5", "outcome": "2", "impact": "2"})

    assert page.status_code == 422
    assert "antara 0 dan 4" in html(page)
    assert not Round.objects.exists()


def test_the_scheme_is_chosen_before_the_values(cast, as_):
    people.frozen(people.small_pack())

    page = as_(cast.coordinator).get("/putaran/lama/?skema=karangan")

    assert "Instrumen mana yang dipakai" in html(page)


def test_a_round_in_preparation_names_what_nobody_answers(cast, round_in_preparation, as_):
    round_in_preparation.assignments.filter(code__in=["C3", "D1"]).update(agency=None)

    page = as_(cast.coordinator).get(f"/putaran/{round_in_preparation.pk}/")

    assert "2 pertanyaan belum punya penjawab" in html(page)
    assert f"/putaran/{round_in_preparation.pk}/pembagian/?opd=-" in html(page)


def test_starting_too_early_lists_the_codes_and_starts_nothing(cast, round_in_preparation, as_):
    round_in_preparation.assignments.filter(code="C3").update(agency=None)
    address = f"/putaran/{round_in_preparation.pk}/"

    page = as_(cast.coordinator).post(
        f"{address}mulai/", headers={"Referer": f"http://testserver{address}"}, follow=True
    )

    assert "tanpa penjawab: C3" in html(page)
    assert Round.objects.get(pk=round_in_preparation.pk).state == RoundState.PREPARATION


def test_the_coordinator_starts_the_round(cast, round_in_preparation, as_):
    page = as_(cast.coordinator).post(f"/putaran/{round_in_preparation.pk}/mulai/", follow=True)

    assert "0 dari 6 jawaban sudah diterima" in html(page)


def test_an_operator_sees_no_other_agencys_extension(cast, running_round, as_):
    rounds.extend_deadline(
        cast.coordinator.actor,
        running_round.pk,
        agency_id=cast.health.pk,
        until=people.in_days(16),
        reason="Menunggu rekap puskesmas.",
    )
    address = f"/putaran/{running_round.pk}/"

    assert "Menunggu rekap puskesmas." in html(as_(cast.operator_of_health).get(address))
    assert "Menunggu rekap puskesmas." not in html(as_(cast.operator_of_education).get(address))


def test_a_round_of_the_neighbours_does_not_exist(cast, running_round, as_):
    for rest in ("", "pembagian/", "ubah/", "perpanjangan/", "pengingat/"):
        address = f"/putaran/{running_round.pk}/{rest}"
        assert as_(cast.coordinator_elsewhere).get(address).status_code == 404


@pytest.mark.parametrize("rest", ["pembagian/", "ubah/", "perpanjangan/", "pengingat/"])
def test_only_the_coordinator_changes_a_round(cast, running_round, as_, rest):
    for person in (cast.executive, cast.auditor, cast.operator_of_health):
        assert as_(person).get(f"/putaran/{running_round.pk}/{rest}").status_code == 403


def give(client, round_, query="", **typed):
    sent = {"scope": "ticked", **typed}
    return client.post(f"/putaran/{round_.pk}/pembagian/{query}", sent, follow=True)


def lead(round_, code):
    return Assignment.objects.get(round=round_, code=code).agency_id


def test_ticked_questions_go_to_one_agency(cast, round_in_preparation, as_):
    client = as_(cast.coordinator)

    page = give(client, round_in_preparation, code=["C1", "C3"], agency=cast.hospital.pk)

    assert "2 pertanyaan dibagikan" in html(page)
    assert lead(round_in_preparation, "C1") == lead(round_in_preparation, "C3") == cast.hospital.pk


def test_a_whole_part_is_given_at_once(cast, round_in_preparation, as_):
    client = as_(cast.coordinator)

    give(
        client,
        round_in_preparation,
        "?komponen=baseline",
        scope="shown",
        agency=cast.education.pk,
    )

    assert lead(round_in_preparation, "A1") == lead(round_in_preparation, "A2") == cast.education.pk
    assert lead(round_in_preparation, "C1") == cast.health.pk


def test_a_dimension_narrows_the_list(cast, round_in_preparation, as_):
    address = f"/putaran/{round_in_preparation.pk}/pembagian/"

    page = html(as_(cast.coordinator).get(f"{address}?dimensi=society"))

    assert 'value="C3"' in page
    assert 'value="C1"' not in page


def test_helpers_change_only_when_asked(cast, round_in_preparation, as_):
    client, sent = as_(cast.coordinator), {"code": ["C1"], "agency": cast.health.pk}
    question = Assignment.objects.get(round=round_in_preparation, code="C1")

    give(client, round_in_preparation, **sent, helpers=[cast.education.pk])
    assert list(question.contributors.all()) == [cast.hospital]

    give(client, round_in_preparation, **sent, with_helpers="on", helpers=[cast.education.pk])
    assert list(question.contributors.all()) == [cast.education]


def test_nothing_ticked_changes_nothing(cast, round_in_preparation, as_):
    page = give(as_(cast.coordinator), round_in_preparation, agency=cast.hospital.pk)

    assert "Centang sedikitnya satu pertanyaan" in html(page)
    assert lead(round_in_preparation, "C1") == cast.health.pk


def test_ticks_stay_when_no_agency_was_chosen(cast, round_in_preparation, as_):
    page = give(as_(cast.coordinator), round_in_preparation, code=["C3"])

    assert page.status_code == 422
    assert 'value="C3" checked' in html(page)


def test_more_time_needs_a_reason_and_keeps_what_was_typed(cast, running_round, as_):
    typed = {"agency": cast.health.pk, "until": local(2), "reason": "Rekap belum lengkap."}

    page = as_(cast.coordinator).post(f"/putaran/{running_round.pk}/perpanjangan/", typed)

    assert page.status_code == 409
    assert "Rekap belum lengkap." in html(page)
    assert not Extension.objects.exists()


def test_an_extension_is_seen_with_its_reason(cast, running_round, as_):
    typed = {"agency": cast.health.pk, "until": local(16), "reason": "Rekap belum lengkap."}

    page = as_(cast.coordinator).post(
        f"/putaran/{running_round.pk}/perpanjangan/", typed, follow=True
    )

    assert "Tenggat yang diperpanjang" in html(page)
    assert "Rekap belum lengkap." in html(page)


def test_late_agencies_are_chosen_before_reminding(cast, running_round, as_):
    late = people.in_days(-1)
    Round.objects.filter(pk=running_round.pk).update(agency_deadline=late)
    Extension.objects.create(
        round=running_round,
        agency=cast.health,
        until=late + timedelta(days=5),
        reason="…",
        at=late,
        by_id=1,
    )
    address, client = f"/putaran/{running_round.pk}/pengingat/", as_(cast.coordinator)

    page = html(client.get(address))
    client.post(address, {"agency": [cast.education.pk]})

    assert f'value="{cast.education.pk}" checked' in page
    assert f'value="{cast.health.pk}" checked' not in page
    reminded = Notice.objects.filter(kind="agency_reminded").values_list("user__name", flat=True)
    assert set(reminded) == {"Operator Disdikbud", "Kepala Disdikbud"}


def test_a_step_that_no_form_offers_is_refused(cast, running_round, as_):
    answer = as_(cast.coordinator).post(f"/putaran/{running_round.pk}/tahap/", {"step": "finish"})

    assert answer.status_code == 409


def test_mending_leads_to_its_new_dates(cast, running_round, as_):
    Round.objects.filter(pk=running_round.pk).update(
        state=RoundState.STAGE_ONE, prepared_at=people.in_days(-1), prepared_digest="0" * 64
    )

    answer = as_(cast.coordinator).post(
        f"/putaran/{running_round.pk}/tahap/", {"step": "ask_mending"}
    )

    assert answer["Location"] == f"/putaran/{running_round.pk}/ubah/"
    assert Round.objects.get(pk=running_round.pk).prepared_at is None


def worked_on(cast, round_):
    for code in ("C1", "C2"):
        answer = people.answer(round_, code)
        commands.save_answer(cast.operator_of_health.actor, answer.pk, Claim(level=0), base=0)
    everything = frozenset({"A1", "A2", "C1", "C2", "C3", "D1"})
    commands.hand_in_agency(
        cast.head_of_health.actor, round_.pk, cast.health.pk, confirmed=everything
    )


@pytest.mark.parametrize(
    ("address", "queries"),
    [("", 10), ("pembagian/", 8), ("ubah/", 5), ("pengingat/", 7)],
)
def test_pages_of_a_round_cost_the_same_however_much_it_holds(
    cast, running_round, as_, django_assert_num_queries, address, queries
):
    client, page = as_(cast.coordinator), f"/putaran/{running_round.pk}/{address}"
    client.get(page)

    with django_assert_num_queries(queries):
        client.get(page)
    worked_on(cast, running_round)
    with django_assert_num_queries(queries):
        client.get(page)


def test_the_list_costs_the_same_however_many_rounds(
    cast, running_round, as_, django_assert_num_queries
):
    client = as_(cast.coordinator)
    client.get("/putaran/")

    with django_assert_num_queries(8):
        client.get("/putaran/")
    for year in (2024, 2025):
        people.round_in_preparation(cast, year=year)
    with django_assert_num_queries(8):
        client.get("/putaran/")


def test_a_returned_answer_is_sent_although_the_others_are_late(cast, running_round, as_):
    worked_on(cast, running_round)
    returned = people.answer(running_round, "C1")
    verification.return_answer(
        cast.coordinator.actor, returned.pk, note="Lengkapi.", due_at=people.in_days(3)
    )
    running_round.answers.filter(code="C2").update(state="draft")
    Round.objects.filter(pk=running_round.pk).update(agency_deadline=people.in_days(-1))

    hand_in = commands.hand_in_agency(
        cast.head_of_health.actor,
        running_round.pk,
        cast.health.pk,
        confirmed=frozenset({"C2", "D1"}),
    )

    assert (hand_in.answered, hand_in.unanswered) == (["C1"], ["C2", "D1"])
