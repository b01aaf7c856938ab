"""The assessor's pages: what was handed in, one's own scores, the end of stage II."""

from decimal import Decimal

import pytest

from bukti.areas.answers import commands, verification
from bukti.areas.assessment import commands as assessment
from bukti.areas.assessment.models import Score
from bukti.areas.rounds.models import Round
from bukti.rules.claims import Claim
from bukti.rules.permissions import Role
from bukti.rules.workflow import RoundState
from tests import cast as people

pytestmark = pytest.mark.django_db

CODES = ("A1", "A2", "C1", "C2", "C3", "D1")


def html(response):
    return response.content.decode()


@pytest.fixture
def handed_in(cast, running_round):
    """C1 accepted, A2 not applicable, the rest undecided; C2 with a draft nobody may see."""
    answer = people.answer(running_round, "C1")
    claim = Claim(level=0, explanation="Penjelasan C1.")
    commands.save_answer(cast.operator_of_health.actor, answer.pk, claim, base=0)
    commands.hand_in_agency(
        cast.head_of_health.actor, running_round.pk, cast.health.pk, confirmed=frozenset(CODES)
    )
    verification.accept_answer(cast.coordinator.actor, answer.pk, verified=Decimal(0))
    draft = people.answer(running_round, "C2")
    commands.save_answer(
        cast.operator_of_health.actor, draft.pk, Claim(level=2, explanation="Rahasia."), base=0
    )
    skipped = people.answer(running_round, "A2")
    verification.skip_question(cast.coordinator.actor, skipped.pk, reason="Tidak ada pantai.")
    verification.prepare_round(cast.coordinator.actor, running_round.pk, confirmed=frozenset(CODES))
    verification.sign_round(cast.executive.actor, running_round.pk)
    return running_round


@pytest.fixture
def assessor(handed_in):
    return people.person("Asesor", Role.ASSESSOR, people.PASER, round_id=handed_in.pk)


@pytest.fixture
def in_stage_one(handed_in):
    Round.objects.filter(pk=handed_in.pk).update(state=RoundState.STAGE_ONE)
    return handed_in


def address(round_, code=""):
    return f"/putaran/{round_.pk}/penilaian/" + (f"{code}/" if code else "")


def test_before_the_stage_an_assessor_reads_but_does_not_score(handed_in, assessor, as_):
    client = as_(assessor)

    assert "Penilaian sedang tidak dibuka" in html(client.get(address(handed_in)))
    assert client.post(address(handed_in, "C1"), {"level": "3"}).status_code == 409
    assert not Score.objects.exists()


def test_the_list_counts_what_applies_and_names_the_next(in_stage_one, assessor, as_):
    page = html(as_(assessor).get(address(in_stage_one)))

    assert "0 dari 5 pertanyaan sudah Anda nilai" in page
    assert "Berikutnya: A1" in page
    assert "tidak berlaku" in page


def test_a_score_leads_to_the_next_question(in_stage_one, assessor, as_):
    onward = as_(assessor).post(
        address(in_stage_one, "C1"), {"level": "3", "between": "", "remark": "Baik."}
    )

    score = Score.objects.get()
    assert onward["Location"] == address(in_stage_one, "C2")
    assert (str(score.value), score.remark, score.stage) == ("3.00", "Baik.", "one")


def test_a_value_between_two_levels_wins(in_stage_one, assessor, as_):
    as_(assessor).post(address(in_stage_one, "C1"), {"level": "3", "between": "2,75"})

    assert str(Score.objects.get().value) == "2.75"


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({}, 422, "Pilih nilai"),
        ({"between": "5"}, 409, "antara 0 dan 4"),
        ({"between": "tiga"}, 422, "bukan angka"),
        ({"level": "7"}, 422, "7"),
    ],
)
def test_a_wrong_score_keeps_the_remark(in_stage_one, assessor, as_, typed, status, words):
    page = as_(assessor).post(
        address(in_stage_one, "C1"), {**typed, "remark": "Catatan panjang saya."}
    )

    assert page.status_code == status
    assert words in html(page)
    assert "Catatan panjang saya." in html(page)


def test_a_draft_stays_hidden_and_the_question_can_be_scored(in_stage_one, assessor, as_):
    client = as_(assessor)

    page = html(client.get(address(in_stage_one, "C2")))
    client.post(address(in_stage_one, "C2"), {"level": "0"})

    assert "Rahasia." not in page
    assert "Tidak dijawab sampai putaran diserahkan" in page
    assert Score.objects.get().value == 0


def test_what_does_not_apply_is_not_scored(in_stage_one, assessor, as_):
    page = html(as_(assessor).get(address(in_stage_one, "A2")))

    assert "Tidak ada pantai." in page
    assert "Pertanyaan yang tidak berlaku tidak dinilai" in page


def test_unknown_questions_do_not_exist(in_stage_one, assessor, as_):
    assert as_(assessor).get(address(in_stage_one, "Z9")).status_code == 404


def test_a_round_that_is_not_granted_does_not_exist(cast, in_stage_one, as_):
    stranger = people.person("Asesor lain", Role.ASSESSOR, people.PASER, round_id=999)

    assert as_(stranger).get(address(in_stage_one)).status_code == 404
    assert as_(cast.coordinator).get(address(in_stage_one)).status_code == 403


def test_the_coordinator_closes_when_all_is_scored(cast, handed_in, assessor, as_):
    Round.objects.filter(pk=handed_in.pk).update(state=RoundState.STAGE_TWO)
    client = as_(cast.coordinator)

    early = client.post(f"/putaran/{handed_in.pk}/penilaian-selesai/")
    for code in CODES:
        assessment.score_question(assessor.actor, handed_in.pk, code, value=Decimal(3))
    client.post(f"/putaran/{handed_in.pk}/penilaian-selesai/")

    assert early.status_code == 409
    assert Round.objects.get(pk=handed_in.pk).state == RoundState.FINISHED


def test_the_assessors_pages_cost_the_same_however_much_is_scored(
    in_stage_one, assessor, as_, django_assert_num_queries
):
    client = as_(assessor)
    client.get(address(in_stage_one))

    with django_assert_num_queries(7):
        client.get(address(in_stage_one))
    with django_assert_num_queries(8):
        client.get(address(in_stage_one, "C1"))
    for code in ("A1", "C1", "C3"):
        assessment.score_question(assessor.actor, in_stage_one.pk, code, value=Decimal(3))
    with django_assert_num_queries(7):
        client.get(address(in_stage_one))
    with django_assert_num_queries(8):
        client.get(address(in_stage_one, "C1"))
