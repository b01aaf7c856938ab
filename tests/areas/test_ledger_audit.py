"""Tampering with the living database: each change is noticed, and the entry it touched is named."""

import json
import random

import pytest
from django.db.models import F

from bukti.areas.ledger import keys
from bukti.areas.ledger.audit import NATION, verify
from bukti.areas.ledger.commands import append, sign_checkpoint
from bukti.areas.ledger.entries import canonical
from bukti.areas.ledger.models import Checkpoint, Entry, Opening, Tree
from bukti.rules.errors import Refused
from bukti.rules.findings import Finding, Wrong
from bukti.rules.merkle import CompactRange, leaf_hash
from bukti.rules.permissions import SYSTEM, Actor, Place
from bukti.wording.findings import FINDINGS, say_finding
from tests.tampering import disarm

pytestmark = pytest.mark.django_db

PASER, BERAU = "64.01", "64.03"
OFFICER = Actor("user:17", 17)


@pytest.fixture
def _log():
    """Eleven entries (0 to 10) with checkpoints at 5 and 8, and no triggers left."""
    for size in (4, 3, 3):
        for version in range(size):
            append(OFFICER, "answer.saved", Place(PASER, 3), version=version, level=2)
        if size != 3 or not Checkpoint.objects.filter(size=8).exists():
            sign_checkpoint(SYSTEM, PASER, "test")
    disarm()


def wrongs(code: str = PASER) -> list[Finding]:
    return [
        finding for finding in verify(code).findings if finding.wrong is not Wrong.TRIGGER_MISSING
    ]


def kinds(code: str = PASER) -> set[Wrong]:
    return {finding.wrong for finding in wrongs(code)}


@pytest.mark.usefixtures("_log")
def test_a_log_that_nobody_touched_is_whole():
    report = verify(PASER)

    assert wrongs(PASER) == wrongs(NATION) == []
    assert (report.size, report.checkpoints) == (11, 2)
    assert len(report.fingerprint) == 64
    assert report.root == Tree.objects.get(pk=PASER).root


def test_with_its_triggers_a_whole_log_has_no_findings():
    append(OFFICER, "answer.saved", Place(PASER))

    assert verify(PASER).is_whole


def test_a_region_without_a_log_cannot_be_checked():
    with pytest.raises(Refused):
        verify("99.99")


@pytest.mark.usefixtures("_log")
def test_missing_triggers_are_named():
    names = {finding.detail for finding in verify(PASER).findings}

    assert {"ledger_entry_no_update", "ledger_checkpoint_no_delete"} <= names


def change_body(index: int, **changes: object) -> None:
    entry = Entry.objects.get(tree=PASER, index=index)
    Entry.objects.filter(pk=entry.pk).update(body=canonical({**json.loads(entry.body), **changes}))


@pytest.mark.usefixtures("_log")
def test_a_changed_body_is_named_by_its_index():
    change_body(6, facts={"level": 4})

    assert Finding(Wrong.ENTRY_CHANGED, 6, 6) in wrongs()


@pytest.mark.usefixtures("_log")
def test_a_body_that_is_no_entry_is_named():
    Entry.objects.filter(tree=PASER, index=6).update(body="[]")

    assert Finding(Wrong.ENTRY_UNREADABLE, 6, 6) in wrongs()


@pytest.mark.usefixtures("_log")
@pytest.mark.parametrize(
    ("column", "value", "name"),
    [
        ("actor", "user:1", "actor"),
        ("event", "answer.accepted", "event"),
        ("object_kind", "other", "kind"),
        ("object_id", "9", "object"),
        ("at", "2026-01-01T00:00:00Z", "at"),
    ],
)
def test_a_column_that_differs_from_the_body_is_named(column, value, name):
    Entry.objects.filter(tree=PASER, index=6).update(**{column: value})

    assert wrongs() == [Finding(Wrong.COLUMN_CHANGED, 6, 6, name)]


@pytest.mark.usefixtures("_log")
def test_a_changed_hash_column_is_named():
    Entry.objects.filter(tree=PASER, index=6).update(leaf_hash="00" * 32)

    assert wrongs() == [Finding(Wrong.ENTRY_CHANGED, 6, 6)]


@pytest.mark.usefixtures("_log")
def test_a_removed_entry_is_named():
    Entry.objects.filter(tree=PASER, index=6)._raw_delete("default")

    assert Finding(Wrong.ENTRY_MISSING, 6, 6) in wrongs()


@pytest.mark.usefixtures("_log")
def test_removed_last_entries_are_named():
    Entry.objects.filter(tree=PASER, index__gte=9)._raw_delete("default")

    assert Finding(Wrong.ENTRY_MISSING, 9, 10) in wrongs()


@pytest.mark.usefixtures("_log")
def test_an_entry_put_beyond_the_end_is_named():
    entry = Entry.objects.get(tree=PASER, index=10)
    entry.pk, entry.index = None, 11
    entry.save(force_insert=True)

    assert wrongs() == [Finding(Wrong.ENTRY_BEYOND_END, 11, 11)]


def rebuild(code: str) -> None:
    """Every hash made anew from the bodies, as an insider without the key would."""
    grown = CompactRange()
    for row in Entry.objects.filter(tree=code).order_by("index"):
        leaf = leaf_hash(row.body.encode())
        Entry.objects.filter(pk=row.pk).update(leaf_hash=leaf.hex())
        grown = grown.grown([leaf])
    peaks = [peak.hex() for peak in grown.peaks]
    Tree.objects.filter(pk=code).update(size=grown.size, peaks=peaks, root=grown.root.hex())


@pytest.mark.usefixtures("_log")
def test_a_rebuilt_past_contradicts_the_first_checkpoint_after_it():
    change_body(6, facts={"level": 4})
    rebuild(PASER)

    assert wrongs() == [Finding(Wrong.CHECKPOINT_CONTRADICTS, 5, 7, "8")]


@pytest.mark.usefixtures("_log")
def test_a_tree_row_that_does_not_fit_its_entries_is_named():
    Tree.objects.filter(pk=PASER).update(root="00" * 32)

    assert wrongs() == [Finding(Wrong.TREE_CHANGED, 8, 10)]


@pytest.mark.usefixtures("_log")
def test_a_checkpoint_that_nobody_signed_is_named():
    checkpoint = Checkpoint.objects.get(tree=PASER, size=8)
    other = Checkpoint.objects.get(tree=PASER, size=5)
    Checkpoint.objects.filter(pk=checkpoint.pk).update(note=other.note)

    assert wrongs() == [Finding(Wrong.CHECKPOINT_NOT_SIGNED, detail="8")]


@pytest.mark.usefixtures("_log")
def test_a_checkpoint_taken_back_is_remembered_by_the_nations_tree():
    Checkpoint.objects.filter(tree=PASER, size=8)._raw_delete("default")

    assert wrongs() == [Finding(Wrong.CHECKPOINT_MISSING, detail="8")]


@pytest.mark.usefixtures("_log")
def test_an_older_state_put_back_is_shorter_than_what_was_signed():
    Opening.objects.all().delete()
    Entry.objects.filter(tree=PASER, index__gte=6)._raw_delete("default")
    rebuild(PASER)

    assert wrongs() == [Finding(Wrong.CHECKPOINT_CONTRADICTS, 6, 7, "8")]


@pytest.mark.usefixtures("_log")
def test_an_unreadable_memory_of_the_nations_tree_is_that_trees_own_finding():
    Entry.objects.filter(tree=NATION, event="checkpoint.signed").update(body="{")

    assert wrongs(PASER) == []
    assert Wrong.ENTRY_UNREADABLE in kinds(NATION)


@pytest.mark.usefixtures("_log")
def test_a_key_that_is_gone_another_or_open_to_all_is_named():
    path = keys.path_of(PASER)
    path.chmod(0o644)
    open_to_all = wrongs()
    path.write_bytes(b"nonsense")
    spoiled = wrongs()
    path.unlink()
    gone = wrongs()
    keys.create(PASER)
    another = wrongs()

    assert open_to_all == [Finding(Wrong.KEY_READABLE)]
    assert spoiled == another == [Finding(Wrong.KEY_CHANGED)]
    assert gone == [Finding(Wrong.KEY_MISSING)]


@pytest.mark.usefixtures("_log")
def test_an_announcement_that_cannot_be_read_takes_the_signatures_with_it():
    Entry.objects.filter(tree=PASER, event="key.made").update(body="{")

    assert {Wrong.ENTRY_UNREADABLE, Wrong.CHECKPOINT_NOT_SIGNED} <= kinds()


def swap_bodies(chance: random.Random) -> set[int]:
    one, other = chance.sample(range(11), 2)
    first, second = (Entry.objects.get(tree=PASER, index=at) for at in (one, other))
    Entry.objects.filter(pk=first.pk).update(body=second.body)
    Entry.objects.filter(pk=second.pk).update(body=first.body)
    return {one, other}


def swap_indexes(chance: random.Random) -> set[int]:
    one, other = chance.sample(range(11), 2)
    first, second = (Entry.objects.get(tree=PASER, index=at) for at in (one, other))
    Entry.objects.filter(pk=first.pk).update(index=1000)
    Entry.objects.filter(pk=second.pk).update(index=one)
    Entry.objects.filter(pk=first.pk).update(index=other)
    return {one, other}


def flip_a_bit(chance: random.Random) -> set[int]:
    entry = Entry.objects.get(tree=PASER, index=chance.randrange(11))
    at = chance.randrange(len(entry.body))
    changed = chr(ord(entry.body[at]) ^ 1 << chance.randrange(5))
    changed = changed if changed != "\0" else "~"
    body = entry.body[:at] + changed + entry.body[at + 1 :]
    Entry.objects.filter(pk=entry.pk).update(body=body)
    return {entry.index}


def remove_one(chance: random.Random) -> set[int]:
    index = chance.randrange(11)
    Entry.objects.filter(tree=PASER, index=index)._raw_delete("default")
    return {index}


def remove_and_close_the_gap(chance: random.Random) -> set[int]:
    (index,) = remove_one(chance)
    for later in range(index + 1, 11):
        Entry.objects.filter(tree=PASER, index=later).update(index=F("index") - 1)
    rebuild(PASER)
    return set(range(index, 11))


@pytest.mark.usefixtures("_log")
@pytest.mark.parametrize("seed", range(60))
def test_random_attacks_on_the_database_are_noticed_and_named(seed):
    chance = random.Random(seed)
    attack = chance.choice(
        [swap_bodies, swap_indexes, flip_a_bit, remove_one, remove_and_close_the_gap]
    )

    touched = attack(chance)

    named = {
        index
        for finding in wrongs()
        if finding.first is not None and finding.last is not None
        for index in range(finding.first, finding.last + 1)
    }
    assert touched & named


@pytest.mark.parametrize("wrong", Wrong)
def test_everything_that_can_be_wrong_has_words(wrong):
    assert set(FINDINGS) == set(Wrong)
    assert say_finding(Finding(wrong, 3, 7, "8")).endswith(".")
