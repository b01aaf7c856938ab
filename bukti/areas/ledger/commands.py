"""Adding to the log, and signing how far it reaches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, overload
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from bukti.areas.ledger import audit, entries, keys, queries
from bukti.areas.ledger.audit import NATION, LedgerReport
from bukti.areas.ledger.models import Checkpoint, Entry, Opening, Tree
from bukti.rules.errors import Reason, Refused
from bukti.rules.events import Event
from bukti.rules.merkle import EMPTY_ROOT, CompactRange, leaf_hash
from bukti.rules.notes import Checkpoint as CheckpointValue
from bukti.rules.notes import VerifierKey, checkpoint_text, sign_note
from bukti.rules.permissions import Action, Actor, Place, require

SEAL_HEADER = "bukti-seal/v1"


class Row(Protocol):
    """A model instance: what happened to it is what an entry tells."""

    @property
    def pk(self) -> Any:
        """Its id."""

    @property
    def _meta(self) -> Any: ...


Subject = Row | Place


@dataclass(frozen=True, slots=True)
class Change:
    """One of many things that one command did: to what, the facts, the values only committed to."""

    subject: Subject
    facts: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] | None = None


@overload
def append(
    actor: Actor,
    event: str,
    subject: Subject,
    *,
    region: str | None = None,
    secrets: Mapping[str, str] | None = None,
    **facts: Any,
) -> Entry: ...


@overload
def append(
    actor: Actor, event: str, subject: Sequence[Change], *, region: str | None = None, **facts: Any
) -> list[Entry]: ...


def append(
    actor: Actor,
    event: str,
    subject: Subject | Sequence[Change],
    *,
    region: str | None = None,
    secrets: Mapping[str, str] | None = None,
    **facts: Any,
) -> Entry | list[Entry]:
    """Note what happened, in the transaction of the change and last in it.

    The entry goes to the tree of `region`, else of the subject's `region_id` or `place`, else to
    the nation's. With a list of `Change`, one entry each, in their order; `facts` are common to
    all. Facts are ids, numbers, hashes and states; `secrets` are only committed to, under a salt.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("append belongs in the transaction of the change")
    name = Event(event)
    if isinstance(subject, Sequence):
        changes = [
            Change(change.subject, {**facts, **change.facts}, change.secrets) for change in subject
        ]
        return _write(actor, name, changes, region)
    return _write(actor, name, [Change(subject, facts, secrets)], region)[0]


def _write(
    actor: Actor, event: Event, changes: Sequence[Change], region: str | None
) -> list[Entry]:
    if not changes:
        return []
    placed = [(region or _region_of(change.subject), change) for change in changes]
    trees = _locked({code for code, _ in placed})
    now = timezone.now()
    rows, salts = [], []
    for code, change in placed:
        commitments, kept = entries.salted(change.secrets or {})
        kind, identity = _identity(change.subject)
        body = {
            "tree": code,
            "index": trees[code].size,
            "at": entries.timestamp(now),
            "actor": actor.name,
            "event": event.value,
            "kind": kind,
            "object": identity,
            "facts": entries.checked_facts(change.facts),
            "commitments": commitments,
        }
        rows.append(_grown(trees[code], now, body))
        salts.append(kept)
    Entry.objects.bulk_create(rows)
    for tree in trees.values():
        Tree.objects.filter(pk=tree.pk).update(size=tree.size, peaks=tree.peaks, root=tree.root)
    openings = [
        Opening(entry=row, name=name, salt=salt)
        for row, kept in zip(rows, salts, strict=True)
        for name, salt in kept.items()
    ]
    if openings:
        Opening.objects.bulk_create(openings)
    return rows


def _grown(tree: Tree, now: datetime, body: Mapping[str, Any]) -> Entry:
    """The row for a body; the tree, not saved yet, grows with it."""
    text = entries.canonical(body)
    leaf = leaf_hash(text.encode())
    grown = queries.range_of(tree).grown([leaf])
    tree.size, tree.root = grown.size, grown.root.hex()
    tree.peaks = [peak.hex() for peak in grown.peaks]
    return Entry(
        tree=tree,
        index=body["index"],
        at=now,
        actor=body["actor"],
        event=body["event"],
        object_kind=body["kind"],
        object_id=body["object"],
        body=text,
        leaf_hash=leaf.hex(),
    )


def _identity(subject: Subject) -> tuple[str, str]:
    if isinstance(subject, Place):
        return "place", subject.region if subject.agency is None else (
            f"{subject.region}:{subject.agency}"
        )
    return subject._meta.label_lower, str(subject.pk)


def _region_of(subject: Subject) -> str:
    if isinstance(subject, Place):
        return subject.region
    if subject._meta.label_lower == "people.region":
        return str(subject.pk)
    place = getattr(subject, "place", None)
    return getattr(subject, "region_id", None) or (place.region if place else NATION)


def _locked(codes: Iterable[str]) -> dict[str, Tree]:
    """The trees, locked in code order, so that two commands never wait for each other."""
    wanted = sorted(codes)
    found = _lock(wanted)
    if len(found) < len(wanted):
        for code in wanted:
            open_tree(code)
        found = _lock(wanted)
    return found


def _lock(codes: list[str]) -> dict[str, Tree]:
    # Written out because every write of a region passes here: the ORM took four times as long.
    places = ", ".join(["%s"] * len(codes))
    lock = "FOR UPDATE" if connection.features.has_select_for_update else ""
    question = f"SELECT * FROM ledger_tree WHERE code IN ({places}) ORDER BY code {lock}"  # noqa: S608
    return {tree.pk: tree for tree in Tree.objects.raw(question, codes)}


def open_tree(code: str) -> Tree:
    """The tree of a region, made empty if it is new. Its origin, once given, never changes."""
    tree, _ = Tree.objects.get_or_create(
        pk=code,
        defaults={
            "origin": f"{urlsplit(settings.PUBLIC_ADDRESS).netloc}/{code}",
            "root": EMPTY_ROOT.hex(),
        },
    )
    return tree


@transaction.atomic
def make_key(actor: Actor, code: str) -> VerifierKey:
    """The tree's signing key, made and announced in the log if it never had one.

    Refused: LEDGER_BROKEN if a key was announced but its file is gone or is another's.
    """
    require(actor, Action.SIGN_CHECKPOINT, Place(code))
    tree = _locked([code])[code]

    announced = queries.keys_of(code)
    private = keys.load(code)
    if announced and (private is None or _public(tree, private) != announced[-1]):
        raise Refused(Reason.LEDGER_BROKEN, region=code)
    if announced:
        return announced[-1]

    key = _public(tree, private or keys.create(code))

    append(actor, Event.KEY_MADE, tree, region=code, key=key.fingerprint, verifier=str(key))
    return key


def _public(tree: Tree, private: Ed25519PrivateKey) -> VerifierKey:
    return VerifierKey(tree.origin, private.public_key().public_bytes_raw())


def sign_checkpoint(actor: Actor, code: str, reason: str) -> Checkpoint | None:
    """Sign how far the tree reaches now; the last checkpoint again if nothing was added since.

    Signs committed entries only, so it cannot be called inside a transaction (RuntimeError): use
    `transaction.on_commit`, or a job. Never signs what does not extend the last checkpoint.
    Refused: LEDGER_BROKEN.
    """
    require(actor, Action.SIGN_CHECKPOINT, Place(code))
    if open_tree(code).size:
        make_key(actor, code)
    with transaction.atomic(durable=True):
        return _sign(actor, _locked([code])[code], reason)


def _sign(actor: Actor, tree: Tree, reason: str) -> Checkpoint | None:
    last = queries.last_checkpoint(tree.pk)
    if tree.size == (last.size if last else 0):
        return last
    _extends(tree, last)
    private = _signing_key(tree.pk)
    text = checkpoint_text(CheckpointValue(tree.origin, tree.size, bytes.fromhex(tree.root)))
    checkpoint = Checkpoint.objects.create(
        tree=tree,
        size=tree.size,
        root=tree.root,
        peaks=tree.peaks,
        note=sign_note(text, _public(tree, private), private.sign),
        at=timezone.now(),
        reason=reason,
    )
    if tree.pk != NATION:
        # The nation's tree remembers each region's checkpoints, so that none can be taken back.
        append(
            actor,
            Event.CHECKPOINT_SIGNED,
            tree,
            region=NATION,
            size=tree.size,
            root=tree.root,
        )
    return checkpoint


def _signing_key(code: str) -> Ed25519PrivateKey:
    private = keys.load(code)
    if private is None:
        raise Refused(Reason.LEDGER_BROKEN, region=code)
    return private


def _extends(tree: Tree, last: Checkpoint | None) -> None:
    """Refuse unless the signed past, grown by the entries since, is the tree as it stands."""
    base = CompactRange()
    if last:
        base = CompactRange(last.size, tuple(bytes.fromhex(peak) for peak in last.peaks))
        announced = queries.keys_of(tree.pk)
        if base.root.hex() != last.root or not queries.is_signed(tree, last, announced):
            raise Refused(Reason.LEDGER_BROKEN, region=tree.pk)
    since = Entry.objects.filter(tree=tree, index__gte=base.size).order_by("index")
    bodies = since.values_list("body", flat=True)
    grown = base.grown(leaf_hash(body.encode()) for body in bodies.iterator())
    if grown != queries.range_of(tree) or grown.root.hex() != tree.root:
        raise Refused(Reason.LEDGER_BROKEN, region=tree.pk)


def sign_due_checkpoints(actor: Actor, reason: str) -> dict[str, Checkpoint | None]:
    """Sign every tree that grew since its last checkpoint; a broken one is None and stops no other.

    The nation's tree comes last, so that it covers what the others' checkpoints added to it.
    """
    regions = [code for code in queries.trees_due() if code != NATION]
    signed = {code: _sign_if_whole(actor, code, reason) for code in regions}
    if NATION in queries.trees_due():
        signed[NATION] = _sign_if_whole(actor, NATION, reason)
    return signed


def _sign_if_whole(actor: Actor, code: str, reason: str) -> Checkpoint | None:
    try:
        return sign_checkpoint(actor, code, reason)
    except Refused:
        return None


@transaction.atomic
def verify_ledger(actor: Actor, code: str) -> LedgerReport:
    """Check a tree and note that it was checked, by whom, and how much was found wrong."""
    require(actor, Action.VERIFY_LEDGER, Place(code))
    tree = _locked([code])[code]

    report = audit.verify(code)

    append(
        actor,
        Event.LEDGER_VERIFIED,
        tree,
        region=code,
        size=report.size,
        root=report.root,
        findings=len(report.findings),
    )
    return report


def seal(actor: Actor, code: str, listing: str) -> str:
    """A signed note over a dossier's complete list of files (`export.listing`)."""
    require(actor, Action.RENDER_DOSSIER, Place(code))
    private, tree = _signing_key(code), open_tree(code)
    text = f"{SEAL_HEADER} {tree.origin}\n{listing}"
    return sign_note(text, _public(tree, private), private.sign)
