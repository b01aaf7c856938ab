"""Reading the log: pages for the auditor, receipts, keys, checkpoints."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bukti.areas.ledger import keys
from bukti.areas.ledger.models import Checkpoint, Entry, Opening, Tree
from bukti.rules.events import Event
from bukti.rules.merkle import CompactRange, inclusion_proof
from bukti.rules.notes import Checkpoint as CheckpointValue
from bukti.rules.notes import (
    Malformed,
    Proof,
    VerifierKey,
    checkpoint_text,
    parse_note,
    proof_text,
    read_verifier_key,
    verified_by,
)
from bukti.rules.permissions import Action, Actor, Place, may, require

PAGE = 50


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What an auditor asks for; what is empty does not narrow."""

    event: str = ""
    actor: str = ""
    object_kind: str = ""
    object_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a page shows it, its body read."""

    index: int
    at: datetime
    actor: str
    event: str
    object_kind: str
    object_id: str
    facts: dict[str, Any]
    commitments: dict[str, str]


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Entries, newest first. `older` is the index to ask for next, or None at the beginning."""

    lines: tuple[Line, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class TreeState:
    """How far a region's log reaches, and how much of it is signed."""

    code: str
    origin: str
    size: int
    root: str
    signed: int
    signed_at: datetime | None
    fingerprint: str


def visible_to(actor: Actor) -> QuerySet[Entry]:
    """Entries of the trees whose log the actor may read."""
    if actor.is_system:
        return Entry.objects.all()
    readable = [code for code in actor.regions if may(actor, Action.READ_LEDGER, Place(code))]
    return Entry.objects.filter(tree__in=readable)


def entries(
    actor: Actor, code: str, wanted: EntryFilter | None = None, before: int | None = None
) -> EntryPage:
    """A page of the tree's entries below index `before`, newest first."""
    rows = visible_to(actor).filter(tree=code).filter(_condition(wanted or EntryFilter()))
    if before is not None:
        rows = rows.filter(index__lt=before)
    found = list(rows.order_by("-index")[: PAGE + 1])
    return EntryPage(
        lines=tuple(_line(row) for row in found[:PAGE]),
        older=found[PAGE - 1].index if len(found) > PAGE else None,
    )


def _condition(wanted: EntryFilter) -> Q:
    exact = {
        name: getattr(wanted, name)
        for name in ("event", "actor", "object_kind", "object_id")
        if getattr(wanted, name)
    }
    condition = Q(**exact)
    if wanted.since:
        condition &= Q(at__gte=wanted.since)
    if wanted.until:
        condition &= Q(at__lt=wanted.until)
    return condition


def _line(row: Entry) -> Line:
    body = json.loads(row.body)
    return Line(
        index=row.index,
        at=row.at,
        actor=row.actor,
        event=row.event,
        object_kind=row.object_kind,
        object_id=row.object_id,
        facts=body["facts"],
        commitments=body["commitments"],
    )


def lines_about(actor: Actor, code: str, kind: str, identity: object) -> list[Line]:
    """All that happened to one thing (`answers.answer`, 318), oldest first."""
    rows = visible_to(actor).filter(tree=code, object_kind=kind, object_id=str(identity))
    return [_line(row) for row in rows.order_by("index")]


def committed(code: str, kind: str) -> Iterator[tuple[Line, dict[str, str]]]:
    """Each entry about things of a kind, in order, with the salts still kept for it by name.

    For the reconciler of the highest area, which compares entries with what the tables hold.
    """
    rows = Entry.objects.filter(tree=code, object_kind=kind).order_by("index")
    for row in rows.prefetch_related("openings").iterator(chunk_size=2000):
        yield _line(row), {opening.name: opening.salt for opening in row.openings.all()}


def salts_of(code: str, indexes: set[int]) -> dict[tuple[int, str], str]:
    """The salts kept for entries, by (index, name)."""
    found: dict[tuple[int, str], str] = {}
    ordered = sorted(indexes)
    for start in range(0, len(ordered), 500):
        rows = Opening.objects.filter(
            entry__tree=code, entry__index__in=ordered[start : start + 500]
        ).values_list("entry__index", "name", "salt")
        found |= {(index, name): salt for index, name, salt in rows}
    return found


def tree_of(code: str) -> Tree | None:
    """The tree's row."""
    return Tree.objects.filter(pk=code).first()


def tree_codes(actor: Actor) -> list[str]:
    """Codes of the trees that exist and that the actor may read."""
    codes = Tree.objects.order_by("pk").values_list("pk", flat=True)
    return [
        code for code in codes if actor.is_system or may(actor, Action.READ_LEDGER, Place(code))
    ]


def trees_due() -> list[str]:
    """Codes of trees that grew since their last checkpoint."""
    newest = Checkpoint.objects.filter(tree=OuterRef("pk")).order_by("-size").values("size")[:1]
    due = Tree.objects.annotate(signed=Coalesce(Subquery(newest), 0)).filter(size__gt=F("signed"))
    return list(due.order_by("pk").values_list("pk", flat=True))


def range_of(tree: Tree) -> CompactRange:
    """The tree's state as a value that grows."""
    return CompactRange(tree.size, tuple(bytes.fromhex(peak) for peak in tree.peaks))


def state_of(actor: Actor, code: str) -> TreeState | None:
    """How far the log of a region reaches; None if it has none or the actor may not read it."""
    tree = tree_of(code) if code in tree_codes(actor) else None
    if tree is None:
        return None
    last, announced = last_checkpoint(code), keys_of(code)
    return TreeState(
        code=code,
        origin=tree.origin,
        size=tree.size,
        root=tree.root,
        signed=last.size if last else 0,
        signed_at=last.at if last else None,
        fingerprint=announced[-1].fingerprint if announced else "",
    )


def last_checkpoint(code: str) -> Checkpoint | None:
    """The newest checkpoint of a tree."""
    return Checkpoint.objects.filter(tree=code).order_by("-size").first()


def checkpoint_covering(code: str, index: int) -> Checkpoint | None:
    """The first checkpoint that holds the entry: what dates it."""
    return Checkpoint.objects.filter(tree=code, size__gt=index).order_by("size").first()


def keys_of(code: str) -> list[VerifierKey]:
    """The keys announced in the tree, oldest first."""
    announced = Entry.objects.filter(
        tree=code, event=Event.KEY_MADE, object_kind="ledger.tree", object_id=code
    )
    return [
        read_verifier_key(json.loads(body)["facts"]["verifier"])
        for body in announced.order_by("index").values_list("body", flat=True)
    ]


def has_key_file(code: str) -> bool:
    """Whether the tree's key is where it should be."""
    return keys.path_of(code).exists()


def is_signed(tree: Tree, checkpoint: Checkpoint, announced: list[VerifierKey]) -> bool:
    """Whether the note says what the row says, under one of these keys."""
    expected = CheckpointValue(tree.origin, checkpoint.size, bytes.fromhex(checkpoint.root))
    try:
        note = parse_note(checkpoint.note)
    except Malformed:
        return False
    return note.text == checkpoint_text(expected) and bool(verified_by(note, announced))


def proof_of(code: str, index: int) -> str | None:
    """The entry's receipt, a C2SP tlog-proof that carries the entry itself as extra data.

    None until a checkpoint covers the entry. Who may have it is the caller's question: an agency
    may have the receipt of its own hand-in.
    """
    checkpoint = checkpoint_covering(code, index)
    if checkpoint is None:
        return None
    rows = Entry.objects.filter(tree=code, index__lt=checkpoint.size).order_by("index")
    leaves = [bytes.fromhex(leaf) for leaf in rows.values_list("leaf_hash", flat=True).iterator()]
    body = Entry.objects.values_list("body", flat=True).get(tree=code, index=index)
    path = tuple(inclusion_proof(leaves, index))
    return proof_text(Proof(index, path, checkpoint.note, body.encode()))


def checkpoint_list(actor: Actor, code: str) -> QuerySet[Checkpoint]:
    """The signed checkpoints of a region's log, newest first; or Denied."""
    require(actor, Action.READ_LEDGER, Place(code))
    return Checkpoint.objects.filter(tree=code).order_by("-size")


def checkpoint(actor: Actor, checkpoint_id: int) -> Checkpoint:
    """One checkpoint of a log the actor may read, or DoesNotExist."""
    readable = [code for code in actor.regions if may(actor, Action.READ_LEDGER, Place(code))]
    return Checkpoint.objects.get(pk=checkpoint_id, tree__in=readable)
