"""The coordinator's queue: one claim beside its documents, accepted or returned."""

import io
from decimal import Decimal

import pytest

from bukti.areas.answers import commands
from bukti.areas.answers.desk import first_page
from bukti.areas.answers.models import Answer
from bukti.areas.evidence import commands as evidence
from bukti.areas.evidence import vault
from bukti.areas.evidence.models import Blob
from bukti.rules.claims import Claim
from bukti.rules.workflow import AnswerState
from tests import cast as people

pytestmark = pytest.mark.django_db

EVERYTHING = frozenset({"A1", "A2", "C1", "C2", "C3", "D1"})
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Size 4/Root 1 0 R>>\n%%EOF\n"
)
NOTES = [
    ("ready", "1 / 5"),
    ("waiting", "Pratinjau sedang disiapkan"),
    ("failed", "tidak dapat ditampilkan"),
    ("none", "tidak punya pratinjau"),
]


def html(response):
    return response.content.decode()


def attached(person, answer, pages=""):
    received = vault.receive(io.BytesIO(PDF), "laporan.pdf")
    return commands.attach_file(
        person.actor, answer.pk, received, evidence.Facts(title="Laporan tahunan"), pages=pages
    )


def claimed(cast, round_, *codes, level=3):
    """Answers of the health agency, handed in; all with one document."""
    for code in codes:
        answer = people.answer(round_, code)
        claim = Claim(level=level, value=Decimal(3), explanation=f"Penjelasan {code}.")
        if code == "D1":
            claim = Claim(value=Decimal(3), respondents=60)
        commands.save_answer(cast.operator_of_health.actor, answer.pk, claim, base=0)
        attached(cast.operator_of_health, answer, pages="4, 12-15")
    commands.hand_in_agency(
        cast.head_of_health.actor, round_.pk, cast.health.pk, confirmed=EVERYTHING
    )


def claimed_by_education(cast, round_):
    answer = people.answer(round_, "C3")
    commands.save_answer(cast.operator_of_education.actor, answer.pk, Claim(level=0), base=0)
    commands.hand_in_agency(
        cast.head_of_education.actor, round_.pk, cast.education.pk, confirmed=EVERYTHING
    )


def address(round_, code="", rest=""):
    return f"/putaran/{round_.pk}/verifikasi/" + (f"{code}/{rest}" if code else "")


def decide(client, round_, code, rest, **typed):
    version = people.answer(round_, code).version
    return client.post(address(round_, code, rest), {"version": version, **typed})


def test_an_empty_queue_says_what_belongs_there(cast, running_round, as_):
    page = as_(cast.coordinator).get(address(running_round))

    assert "Belum ada yang menunggu" in html(page)


def test_the_queue_can_be_narrowed_to_an_agency(cast, running_round, as_):
    claimed(cast, running_round, "C1", "C2")
    claimed_by_education(cast, running_round)
    client = as_(cast.coordinator)

    everyone = html(client.get(address(running_round)))
    health = html(client.get(f"{address(running_round)}?opd={cast.health.pk}"))

    assert "3 jawaban menunggu diperiksa" in everyone
    assert "Sekolah" in everyone
    assert "Sekolah" not in health


def test_a_claim_stands_beside_the_page_that_is_cited_first(cast, running_round, as_):
    claimed(cast, running_round, "C1")
    Blob.objects.update(preview="ready", pages=20)

    page = html(as_(cast.coordinator).get(address(running_round, "C1")))

    assert "Menyatakan tingkat 3" in page
    assert "Penjelasan C1." in page
    assert "4 / 20" in page
    assert "/halaman/4/" in page


def test_another_page_is_opened_by_its_address(cast, running_round, as_):
    claimed(cast, running_round, "C1")
    Blob.objects.update(preview="ready", pages=20)

    page = html(as_(cast.coordinator).get(f"{address(running_round, 'C1')}?halaman=13"))
    beyond = html(as_(cast.coordinator).get(f"{address(running_round, 'C1')}?halaman=99"))

    assert "13 / 20" in page
    assert "20 / 20" in beyond


@pytest.mark.parametrize(("preview", "words"), NOTES)
def test_a_document_without_pictures_says_why(cast, running_round, as_, preview, words):
    claimed(cast, running_round, "C1")
    Blob.objects.update(preview=preview, pages=5 if preview == "ready" else None)

    page = html(as_(cast.coordinator).get(f"{address(running_round, 'C1')}?halaman=1"))

    assert words in page
    assert "/unduh/" in page


def test_after_a_decision_the_next_claim_opens(cast, running_round, as_):
    claimed(cast, running_round, "C1", "C2", "D1")
    client = as_(cast.coordinator)

    onward = decide(client, running_round, "C2", "terima/", verified="2", note="Sebagian.")

    answer = people.answer(running_round, "C2")
    assert onward["Location"] == address(running_round, "D1")
    assert (answer.state, answer.note) == (AnswerState.ACCEPTED, "Sebagian.")
    assert answer.verified == 2


def test_after_the_last_claim_the_queue_begins_anew_and_then_ends(cast, running_round, as_):
    claimed(cast, running_round, "C1", "C2")
    client = as_(cast.coordinator)

    first = decide(client, running_round, "C2", "terima/", verified="3")
    last = decide(client, running_round, "C1", "terima/", verified="3")

    assert first["Location"] == address(running_round, "C1")
    assert last["Location"] == address(running_round)


def test_a_narrowed_queue_stays_narrow(cast, running_round, as_):
    claimed(cast, running_round, "C1", "C2")
    claimed_by_education(cast, running_round)

    onward = decide(
        as_(cast.coordinator), running_round, "C2", "terima/", verified="3", opd=cast.health.pk
    )

    assert onward["Location"] == f"{address(running_round, 'C1')}?opd={cast.health.pk}"


def test_a_return_without_a_note_keeps_the_page(cast, running_round, as_):
    claimed(cast, running_round, "C1")

    page = decide(as_(cast.coordinator), running_round, "C1", "kembalikan/", verified="1")

    assert page.status_code == 409
    assert "Tulis dulu catatan" in html(page)
    assert f'href="{address(running_round, "C1")}?dokumen=' in html(page)
    assert 'value="1" checked' in html(page)
    assert people.answer(running_round, "C1").state == AnswerState.SUBMITTED


def test_a_return_carries_note_and_date(cast, running_round, as_):
    claimed(cast, running_round, "C1")

    decide(
        as_(cast.coordinator),
        running_round,
        "C1",
        "kembalikan/",
        note="Sebutkan halamannya.",
        due_at="2099-01-02T16:00",
    )

    answer = people.answer(running_round, "C1")
    assert (answer.state, answer.note) == (AnswerState.RETURNED, "Sebutkan halamannya.")
    assert answer.due_at is not None
    assert answer.due_at.isoformat() == "2099-01-02T08:00:00+00:00"


def test_a_survey_mean_is_verified_as_a_decimal(cast, running_round, as_):
    answer = people.answer(running_round, "D1")
    claim = Claim(value=Decimal(3), respondents=60)
    commands.save_answer(cast.operator_of_health.actor, answer.pk, claim, base=0)
    attached(cast.operator_of_health, answer)
    commands.hand_in_agency(
        cast.head_of_health.actor, running_round.pk, cast.health.pk, confirmed=EVERYTHING
    )

    decide(as_(cast.coordinator), running_round, "D1", "terima/", verified="2,71")

    assert str(people.answer(running_round, "D1").verified) == "2.71"


def test_a_version_that_was_not_read_is_not_accepted(cast, running_round, as_):
    claimed(cast, running_round, "C1")
    Answer.objects.filter(round=running_round, code="C1").update(version=2)

    page = as_(cast.coordinator).post(
        address(running_round, "C1", "terima/"), {"version": 1, "verified": "3", "note": "Cukup."}
    )

    assert page.status_code == 409
    assert "Cukup." in html(page)
    assert people.answer(running_round, "C1").state == AnswerState.SUBMITTED


def test_two_coordinators_decide_once(cast, running_round, as_):
    claimed(cast, running_round, "C1")
    decide(as_(cast.coordinator), running_round, "C1", "terima/", verified="3")

    second = decide(as_(cast.second_coordinator), running_round, "C1", "terima/", verified="1")

    assert second.status_code == 409
    assert people.answer(running_round, "C1").verified == 3


def test_letter_keys_are_shown_only_to_who_wants_them(cast, running_round, as_):
    claimed(cast, running_round, "C1")
    client = as_(cast.coordinator)
    with_keys = html(client.get(address(running_round, "C1")))
    cast.coordinator.user.has_letter_keys = False
    cast.coordinator.user.save()

    without = html(client.get(address(running_round, "C1")))

    assert '<span class="bk-key">T</span>' in with_keys
    assert 'class="bk-key"' not in without
    assert 'data-keys="off"' in without


@pytest.mark.parametrize("rest", ["", "terima/", "kembalikan/"])
def test_only_the_coordinator_verifies(cast, running_round, as_, rest):
    claimed(cast, running_round, "C1")
    ask = "post" if rest else "get"

    for person in (cast.operator_of_health, cast.executive, cast.auditor):
        answer = getattr(as_(person), ask)(address(running_round, "C1", rest), {"verified": "3"})
        assert answer.status_code == 403
    elsewhere = getattr(as_(cast.coordinator_elsewhere), ask)(address(running_round, "C1", rest))
    assert elsewhere.status_code == 404


def test_hostile_text_stays_text(cast, running_round, as_):
    claimed(cast, running_round, "C1")
    Answer.objects.filter(round=running_round, code="C1").update(
        explanation='<script>alert("x")</script>'
    )

    page = html(as_(cast.coordinator).get(address(running_round, "C1")))

    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("pages", "first"), [("4, 12–15", 4), ("12–15", 12), ("", 1), ("pasal 3", 1)]
)
def test_the_first_page_cited_is_the_first_named(pages, first):
    assert first_page(pages) == first


def test_the_queue_and_its_page_cost_the_same_however_long(
    cast, running_round, as_, django_assert_num_queries
):
    client = as_(cast.coordinator)
    claimed(cast, running_round, "C1")
    client.get(address(running_round))

    with django_assert_num_queries(6):
        client.get(address(running_round))
    with django_assert_num_queries(10):
        client.get(address(running_round, "C1"))
    claimed(cast, running_round, "C2", "D1")
    with django_assert_num_queries(6):
        client.get(address(running_round))
    with django_assert_num_queries(10):
        client.get(address(running_round, "C1"))
