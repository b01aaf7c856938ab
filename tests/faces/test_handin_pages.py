"""Handing in: an agency, the whole, opening again, and the receipts."""

import pytest

from bukti.areas.answers import commands, verification
from bukti.areas.answers.models import HandIn
from bukti.areas.ledger.commands import sign_checkpoint
from bukti.areas.rounds import commands as rounds
from bukti.areas.rounds.models import Reopening, Round
from bukti.rules.claims import Claim
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import SYSTEM
from bukti.rules.workflow import AnswerState, RoundState
from tests import cast as people

pytestmark = pytest.mark.django_db

EVERYTHING = frozenset({"A1", "A2", "C1", "C2", "C3", "D1"})


def html(response):
    return response.content.decode()


def saved(cast, round_, code="C1", **claim):
    answer = people.answer(round_, code)
    content = Claim(**(claim or {"level": 0, "explanation": "Belum ada."}))
    return commands.save_answer(cast.operator_of_health.actor, answer.pk, content, base=0)


def address_of(cast, round_):
    return f"/putaran/{round_.pk}/pengajuan/{cast.health.pk}/"


def test_the_head_sees_what_goes_and_what_stays_with_its_reason(cast, running_round, as_):
    saved(cast, running_round)
    saved(cast, running_round, "C2", level=3)

    page = html(as_(cast.head_of_health).get(address_of(cast, running_round)))

    assert "1 jawaban siap diajukan" in page
    assert "Nilai belum diisi" in page
    assert f"/putaran/{running_round.pk}/pertanyaan/C2/" in page


def test_nothing_goes_until_what_stays_is_confirmed(cast, running_round, as_):
    saved(cast, running_round)
    client, address = as_(cast.head_of_health), address_of(cast, running_round)

    page = client.post(address, {"code": ["C2", "D1"]})

    assert page.status_code == 409
    assert "Masih ada pertanyaan yang belum selesai: C2, D1" in html(page)
    assert not HandIn.objects.exists()


def test_the_head_hands_in_and_holds_the_receipt(cast, running_round, as_):
    saved(cast, running_round)
    client, address = as_(cast.head_of_health), address_of(cast, running_round)

    page = client.post(address, {"code": ["C2", "D1"], "sure": "1"}, follow=True)

    assert "1 jawaban diajukan" in html(page)
    assert "Kepala Dinas Kesehatan" in html(page)
    assert people.answer(running_round, "C1").state == AnswerState.SUBMITTED


def test_what_became_unfinished_meanwhile_is_not_confirmed_by_an_old_page(cast, running_round, as_):
    saved(cast, running_round)

    page = as_(cast.head_of_health).post(
        address_of(cast, running_round), {"code": ["C2"], "sure": "1"}
    )

    assert page.status_code == 409
    assert "belum selesai: D1" in html(page)


def test_a_late_answer_says_so(cast, running_round, as_):
    saved(cast, running_round)
    Round.objects.filter(pk=running_round.pk).update(agency_deadline=people.in_days(-1))

    page = html(as_(cast.head_of_health).get(address_of(cast, running_round)))

    assert "Belum ada jawaban yang siap diajukan" in page
    assert "Tenggat sudah lewat pada" in page


@pytest.mark.parametrize("who", ["operator_of_health", "coordinator", "head_of_education"])
def test_only_the_head_of_the_agency_hands_in(cast, running_round, as_, who):
    client, address = as_(getattr(cast, who)), address_of(cast, running_round)

    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403


def test_an_agency_next_door_is_no_agency_of_this_round(cast, running_round, as_):
    address = f"/putaran/{running_round.pk}/pengajuan/{cast.health_elsewhere.pk}/"

    assert as_(cast.head_of_health).get(address).status_code == 404
    assert as_(cast.head_elsewhere).get(address).status_code == 404


# ---------- the whole ----------


def prepared(cast, round_):
    return verification.prepare_round(cast.coordinator.actor, round_.pk, confirmed=EVERYTHING)


def test_the_coordinator_prepares_after_confirming_what_is_undecided(cast, running_round, as_):
    client, address = as_(cast.coordinator), f"/putaran/{running_round.pk}/penyerahan/"
    sent = {"code": sorted(EVERYTHING)}

    refused = client.post(f"{address}siapkan/", sent)
    page = client.post(f"{address}siapkan/", {**sent, "sure": "1"}, follow=True)

    assert refused.status_code == 409
    assert "Siap diserahkan" in html(page)


def test_the_executive_signs_what_is_on_the_page(cast, running_round, as_):
    digest = prepared(cast, running_round).prepared_digest
    client, address = as_(cast.executive), f"/putaran/{running_round.pk}/penyerahan/"

    page = html(client.get(address))
    receipt = client.post(f"{address}serahkan/", {"digest": digest}, follow=True)

    assert f'value="{digest}"' in page
    assert "Putaran diserahkan" in html(receipt)
    assert Round.objects.get(pk=running_round.pk).state == RoundState.HANDED_IN


def test_what_was_prepared_anew_is_not_signed_by_an_old_page(cast, running_round):
    seen = prepared(cast, running_round).prepared_digest
    saved(cast, running_round)
    prepared(cast, running_round)

    with pytest.raises(Refused) as refusal:
        verification.sign_round(cast.executive.actor, running_round.pk, seen=seen)

    assert refusal.value.reason is Reason.ROUND_CHANGED_SINCE


def test_a_change_after_preparing_shows_on_the_page(cast, running_round, as_):
    prepared(cast, running_round)
    saved(cast, running_round)

    page = html(as_(cast.executive).get(f"/putaran/{running_round.pk}/penyerahan/"))

    assert "Ada yang berubah sesudah disiapkan" in page
    assert "Serahkan putaran" not in page


def test_agencies_do_not_see_the_whole(cast, running_round, as_):
    for person in (cast.operator_of_health, cast.head_of_health):
        assert as_(person).get(f"/putaran/{running_round.pk}/penyerahan/").status_code == 403


# ---------- opening again ----------


def signed(cast, round_):
    prepared(cast, round_)
    return verification.sign_round(cast.executive.actor, round_.pk)


def asked(cast, round_):
    return rounds.request_reopening(
        cast.coordinator.actor, round_.pk, reason="Salah berkas.", until=people.in_days(5)
    )


def test_two_people_open_a_round_again(cast, running_round, as_):
    signed(cast, running_round)
    until = people.in_days(5).strftime("%Y-%m-%dT%H:%M")
    address = f"/putaran/{running_round.pk}/"

    page = as_(cast.coordinator).post(
        f"{address}buka-kembali/", {"reason": "Salah berkas.", "until": until}, follow=True
    )
    reopening = Reopening.objects.get()
    as_(cast.executive).post(f"{address}buka-kembali/{reopening.pk}/setujui/")

    assert "Salah berkas." in html(page)
    assert Round.objects.get(pk=running_round.pk).state == RoundState.RUNNING


def test_why_a_round_is_to_be_opened_again_is_not_for_agencies(cast, running_round, as_):
    signed(cast, running_round)
    asked(cast, running_round)
    address = f"/putaran/{running_round.pk}/"

    assert "Salah berkas." in html(as_(cast.auditor).get(address))
    assert "Salah berkas." not in html(as_(cast.head_of_health).get(address))


def test_a_double_click_asks_once(cast, running_round):
    signed(cast, running_round)

    asked(cast, running_round)
    asked(cast, running_round)

    assert Reopening.objects.count() == 1


def test_an_old_request_does_not_open_a_round_signed_again(cast, running_round):
    signed(cast, running_round)
    reopening = asked(cast, running_round)
    rounds.confirm_reopening(cast.executive.actor, reopening.pk)
    signed(cast, running_round)

    with pytest.raises(Refused) as refusal:
        rounds.confirm_reopening(cast.executive.actor, reopening.pk)

    assert refusal.value.reason is Reason.STEP_NOT_POSSIBLE
    assert Round.objects.get(pk=running_round.pk).state == RoundState.HANDED_IN


# ---------- receipts ----------


@pytest.fixture
def receipt(cast, running_round):
    saved(cast, running_round)
    return commands.hand_in_agency(
        cast.head_of_health.actor, running_round.pk, cast.health.pk, confirmed=EVERYTHING
    )


def test_a_receipt_waits_for_its_checkpoint_and_then_gives_its_proof(cast, receipt, as_):
    client, address = as_(cast.head_of_health), f"/tanda-terima/{receipt.pk}/"

    before = client.get(f"{address}bukti/", follow=True)
    sign_checkpoint(SYSTEM, people.PASER, "test")
    proof = client.get(f"{address}bukti/")

    assert "belum ditandatangani" in html(before)
    assert proof["Content-Disposition"].startswith("attachment")
    assert proof.content.startswith(b"c2sp.org/tlog-proof")


def test_a_receipt_is_a_pdf(cast, receipt, as_):
    sign_checkpoint(SYSTEM, people.PASER, "test")

    paper = as_(cast.head_of_health).get(f"/tanda-terima/{receipt.pk}/pdf/")

    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")


@pytest.mark.parametrize("rest", ["", "pdf/", "bukti/"])
def test_a_receipt_is_for_its_agency_and_its_region(cast, receipt, as_, rest):
    address = f"/tanda-terima/{receipt.pk}/{rest}"

    for person in (cast.head_of_education, cast.coordinator_elsewhere, cast.programme_admin):
        assert as_(person).get(address).status_code == 404
    assert as_(cast.auditor).get(f"/tanda-terima/{receipt.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("who", "address", "queries"),
    [
        ("head_of_health", "pengajuan/{agency}/", 9),
        ("coordinator", "penyerahan/", 14),
    ],
)
def test_hand_in_pages_cost_the_same_however_much_was_answered(
    cast, running_round, as_, django_assert_num_queries, who, address, queries
):
    client = as_(getattr(cast, who))
    page = f"/putaran/{running_round.pk}/{address.format(agency=cast.health.pk)}"
    client.get(page)

    with django_assert_num_queries(queries):
        client.get(page)
    for code in ("C1", "C2"):
        saved(cast, running_round, code)
    with django_assert_num_queries(queries):
        client.get(page)
