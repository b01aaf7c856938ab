"""Changes behind the application's back are found and named (I-04)."""

from decimal import Decimal

import pytest

from bukti.areas.answers import commands, verification
from bukti.areas.answers.models import Answer, Comment, HandIn, Version
from bukti.areas.dossier.reconcile import reconcile
from bukti.areas.evidence.commands import Facts
from bukti.areas.evidence.models import Blob
from bukti.rules.claims import Claim
from bukti.rules.findings import Mismatch
from tests import cast as people
from tests.areas import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def worked(cast, running_round):
    """An answer that was saved twice, supported, talked about, handed in and accepted."""
    answer = people.answer(running_round, "C2")
    operator = cast.operator_of_health.actor
    commands.save_answer(operator, answer.pk, Claim(level=1, explanation="Awal."), base=0)
    content = Claim(level=2, value=Decimal("87.50"), explanation="Cakupan naik.")
    commands.save_answer(operator, answer.pk, content, base=1)
    commands.attach_file(
        operator, answer.pk, files.received(files.pdf(), "laporan.pdf"), Facts("Laporan")
    )
    commands.comment_answer(cast.coordinator.actor, answer.pk, "Mohon lengkapi.")
    commands.hand_in_agency(
        cast.head_of_health.actor,
        running_round.pk,
        cast.health.pk,
        confirmed=frozenset({"C1", "D1"}),
    )
    verification.accept_answer(cast.coordinator.actor, answer.pk, verified=Decimal(2))
    return people.answer(running_round, "C2")


def test_a_region_that_nobody_tampered_with_agrees(worked):
    assert reconcile(people.PASER) == []


def test_a_changed_text_is_found(worked):
    Version.objects.filter(answer=worked, number=2).update(explanation="Cakupan turun.")

    found = {(d.mismatch, d.kind) for d in reconcile(people.PASER)}

    assert (Mismatch.CONTENT_CHANGED, "version") in found
    assert (Mismatch.CONTENT_CHANGED, "answer") in found


def test_an_answer_changed_in_both_tables_is_found(worked):
    Version.objects.filter(answer=worked, number=2).update(level=4)
    Answer.objects.filter(pk=worked.pk).update(level=4)

    assert [d.kind for d in reconcile(people.PASER)] == ["version"]


def test_a_verified_level_raised_by_hand_is_found(worked):
    Answer.objects.filter(pk=worked.pk).update(verified=4)

    (found,) = reconcile(people.PASER)

    assert (found.mismatch, found.identity) == (Mismatch.CONTENT_CHANGED, "C2")


def test_a_state_set_by_hand_is_found(cast, running_round, worked):
    Answer.objects.filter(round=running_round, code="C3").update(
        state="accepted", verified=4, handed_in_at=worked.handed_in_at
    )

    assert Mismatch.STATE_CHANGED in {d.mismatch for d in reconcile(people.PASER)}


def test_a_deleted_row_is_found(worked):
    Comment.objects.all().delete()

    (found,) = reconcile(people.PASER)

    assert (found.mismatch, found.kind) == (Mismatch.ENTRY_WITHOUT_ROW, "comment")


def test_an_invented_row_is_found(worked):
    Version.objects.create(
        answer=worked, number=3, at=worked.updated_at, by_id=1, level=4, explanation="Sisipan."
    )

    assert (Mismatch.ROW_WITHOUT_ENTRY, "version") in {
        (d.mismatch, d.kind) for d in reconcile(people.PASER)
    }


def test_a_receipt_with_another_digest_is_found(worked):
    HandIn.objects.update(digest="0" * 64)

    (found,) = reconcile(people.PASER)

    assert (found.kind, found.detail) == ("hand-in", "digest")


def test_bytes_exchanged_in_the_table_are_found(worked):
    Blob.objects.update(sha256="0" * 64)

    assert "revision" in {d.kind for d in reconcile(people.PASER)}
