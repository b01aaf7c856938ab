"""Keys, checkpoints and receipts: what is signed, when, and when it is refused."""

import os
import stat
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import transaction

from bukti.areas.ledger import keys, queries
from bukti.areas.ledger.audit import NATION
from bukti.areas.ledger.commands import (
    append,
    make_key,
    seal,
    sign_checkpoint,
    sign_due_checkpoints,
    verify_ledger,
)
from bukti.areas.ledger.models import Checkpoint, Entry, Tree
from bukti.rules.errors import Denied, Reason, Refused
from bukti.rules.merkle import consistency_proof, extends, includes, leaf_hash
from bukti.rules.notes import parse_checkpoint, parse_note, parse_proof, verified_by
from bukti.rules.permissions import SYSTEM, Actor, Grant, Place, Role
from tests.tampering import disarm

PASER, BERAU = "64.01", "64.03"
OFFICER = Actor("user:17", 17)
COORDINATOR = Actor("user:4", 4, frozenset({Grant(Role.COORDINATOR, region=PASER)}))
AUDITOR = Actor("user:9", 9, frozenset({Grant(Role.AUDITOR, region=PASER)}))

pytestmark = pytest.mark.django_db


def note_some(count: int = 1, code: str = PASER) -> None:
    for version in range(count):
        append(OFFICER, "answer.saved", Place(code), version=version)


def signed(code: str = PASER) -> Checkpoint:
    checkpoint = sign_checkpoint(SYSTEM, code, "test")
    assert checkpoint is not None
    return checkpoint


def test_a_key_is_made_once_announced_and_readable_by_its_owner_alone():
    key = make_key(SYSTEM, PASER)
    again = make_key(SYSTEM, PASER)

    mode = keys.path_of(PASER).stat().st_mode
    assert key == again == queries.keys_of(PASER)[-1]
    assert key.name.endswith("/64.01")
    assert stat.S_IMODE(mode) == 0o600
    assert keys.is_private(PASER)
    assert queries.has_key_file(PASER)
    assert [line.event for line in queries.entries(AUDITOR, PASER).lines] == ["key.made"]
    assert os.listdir(keys.path_of(PASER).parent) == [keys.path_of(PASER).name]


def test_a_key_file_whose_announcement_was_rolled_back_is_used_not_replaced():
    key = keys.create(PASER)

    announced = make_key(SYSTEM, PASER)

    assert announced.public == key.public_key().public_bytes_raw()


def test_a_key_file_is_never_overwritten():
    first = keys.create(PASER)

    with pytest.raises(FileExistsError):
        keys.create(PASER)

    kept = keys.load(PASER)
    assert kept is not None
    assert kept.private_bytes_raw() == first.private_bytes_raw()
    assert os.listdir(keys.path_of(PASER).parent) == [keys.path_of(PASER).name]


@pytest.mark.parametrize("act", [make_key, lambda actor, code: sign_checkpoint(actor, code, "x")])
def test_people_neither_make_keys_nor_sign_checkpoints(act):
    note_some()

    with pytest.raises(Denied):
        act(COORDINATOR, PASER)


def test_a_checkpoint_is_a_signed_note_of_origin_size_and_root():
    note_some(5)

    checkpoint = signed()

    note, tree = parse_note(checkpoint.note), Tree.objects.get(pk=PASER)
    said = parse_checkpoint(note.text)
    assert (said.origin, said.size, said.root.hex()) == (tree.origin, 6, tree.root)
    assert verified_by(note, queries.keys_of(PASER)) == tuple(queries.keys_of(PASER))
    assert str(checkpoint) == "64.01 6"


def test_nothing_is_signed_twice_and_nothing_empty():
    assert sign_checkpoint(SYSTEM, PASER, "test") is None
    note_some()

    first, second = signed(), signed()

    assert first == second
    assert Checkpoint.objects.filter(tree=PASER).count() == 1


def test_each_checkpoint_extends_the_one_before():
    sizes = []
    for count in (1, 3, 2, 7):
        note_some(count)
        sizes.append(signed().size)

    rows = {row.size: bytes.fromhex(row.root) for row in Checkpoint.objects.filter(tree=PASER)}
    bodies = Entry.objects.filter(tree=PASER).order_by("index").values_list("body", flat=True)
    leaves = [leaf_hash(body.encode()) for body in bodies]
    assert sizes == sorted(rows) == [2, 5, 7, 14]
    for old, new in pairwise(sizes):
        assert extends(old, rows[old], new, rows[new], consistency_proof(leaves[:new], old))


def test_the_nations_tree_remembers_each_regions_checkpoint():
    note_some(2)

    checkpoint = signed()

    (line,) = queries.lines_about(SYSTEM, NATION, "ledger.tree", PASER)
    assert line.event == "checkpoint.signed"
    assert line.facts == {"size": checkpoint.size, "root": checkpoint.root}


def test_a_checkpoint_cannot_be_signed_inside_the_transaction_it_would_cover():
    note_some()

    with transaction.atomic(), pytest.raises(RuntimeError):
        sign_checkpoint(SYSTEM, PASER, "test")


def test_all_that_grew_is_signed_the_nation_last_and_then_there_is_rest():
    note_some(2, PASER)
    note_some(2, BERAU)

    first = sign_due_checkpoints(SYSTEM, "minute")
    second = sign_due_checkpoints(SYSTEM, "minute")

    assert list(first) == [PASER, BERAU, NATION]
    assert all(first.values())
    assert second == {}
    assert queries.trees_due() == []


def rewrite(code: str, **columns: object) -> None:
    """As somebody who owns the database and takes its guards away."""
    disarm()
    Entry.objects.filter(tree=code, index=1).update(**columns)


def test_a_log_whose_past_was_changed_is_not_signed_and_stops_no_other():
    note_some(3, PASER)
    note_some(3, BERAU)
    rewrite(PASER, body='{"changed":true}')

    done = sign_due_checkpoints(SYSTEM, "minute")

    assert done[PASER] is None
    assert done[BERAU] is not None
    with pytest.raises(Refused) as refusal:
        sign_checkpoint(SYSTEM, PASER, "test")
    assert refusal.value.reason is Reason.LEDGER_BROKEN


@pytest.mark.parametrize(
    "columns",
    [
        {"note": "nonsense"},
        {"root": "00" * 32},
        {"peaks": ["00" * 32, "11" * 32]},
    ],
)
def test_a_log_whose_last_checkpoint_was_changed_is_not_signed(columns):
    note_some(2)
    size = signed().size
    note_some(2)
    disarm()
    Checkpoint.objects.filter(tree=PASER, size=size).update(**columns)

    with pytest.raises(Refused):
        sign_checkpoint(SYSTEM, PASER, "test")


def test_a_lost_key_is_never_replaced_in_silence():
    note_some()
    signed()
    note_some()
    keys.path_of(PASER).unlink()

    with pytest.raises(Refused) as refusal:
        sign_checkpoint(SYSTEM, PASER, "test")

    assert refusal.value.reason is Reason.LEDGER_BROKEN
    assert not queries.has_key_file(PASER)


def test_another_key_in_its_place_is_refused():
    note_some()
    signed()
    keys.path_of(PASER).unlink()
    keys.create(PASER)

    with pytest.raises(Refused):
        make_key(SYSTEM, PASER)


def test_a_key_of_another_kind_is_refused():
    keys.path_of(PASER).parent.mkdir()
    other = generate_private_key(SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    keys.path_of(PASER).write_bytes(pem)

    with pytest.raises(TypeError):
        keys.load(PASER)


def test_a_receipt_proves_its_entry_by_itself():
    note_some(4)
    signed()
    note_some(4)
    signed()

    text = queries.proof_of(PASER, 2)

    assert text is not None
    proof = parse_proof(text)
    note = parse_note(proof.checkpoint)
    checkpoint = parse_checkpoint(note.text)
    assert verified_by(note, queries.keys_of(PASER))
    assert checkpoint.size == 5, "the first checkpoint that covers it: what dates it"
    assert proof.extra == Entry.objects.get(tree=PASER, index=2).body.encode()
    assert includes(leaf_hash(proof.extra), 2, checkpoint.size, proof.path, checkpoint.root)


def test_there_is_no_receipt_before_a_checkpoint():
    note_some(2)
    signed()
    note_some()

    assert queries.proof_of(PASER, 3) is None
    assert queries.proof_of(PASER, 2) is not None


def test_the_auditor_sees_how_far_the_log_reaches_and_how_much_is_signed():
    note_some(2)
    before = queries.state_of(AUDITOR, PASER)
    checkpoint = signed()
    note_some()

    after = queries.state_of(AUDITOR, PASER)

    assert before is not None
    assert (before.size, before.signed, before.signed_at, before.fingerprint) == (2, 0, None, "")
    assert after is not None
    assert (after.size, after.signed, after.signed_at) == (4, 3, checkpoint.at)
    assert after.fingerprint == queries.keys_of(PASER)[0].fingerprint


def test_an_auditors_check_is_itself_noted():
    note_some(2)
    signed()

    report = verify_ledger(AUDITOR, PASER)

    (line, *_) = queries.entries(AUDITOR, PASER).lines
    assert report.is_whole
    assert (line.event, line.facts["size"], line.facts["findings"]) == ("ledger.verified", 3, 0)
    with pytest.raises(Denied):
        verify_ledger(COORDINATOR, PASER)


def test_a_seal_is_signed_by_the_regions_key_and_only_with_one():
    note_some()
    with pytest.raises(Refused):
        seal(SYSTEM, PASER, "")
    with pytest.raises(Denied):
        seal(COORDINATOR, PASER, "")
    signed()

    note = parse_note(seal(SYSTEM, PASER, f"{'0' * 64}  bagit.txt\n"))

    assert note.text.startswith("bukti-seal/v1 ")
    assert verified_by(note, queries.keys_of(PASER))
