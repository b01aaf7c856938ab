"""Checking a tree: every entry, every checkpoint, the key, the triggers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max

from bukti.areas.ledger import keys, queries, triggers
from bukti.areas.ledger.entries import timestamp
from bukti.areas.ledger.models import Checkpoint, Entry, Tree
from bukti.rules.errors import Reason, Refused
from bukti.rules.events import Event
from bukti.rules.findings import Finding, Wrong
from bukti.rules.merkle import CompactRange, leaf_hash
from bukti.rules.notes import VerifierKey

#: The tree of what belongs to no region.
NATION = "ID"


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What a check of one tree covered and found."""

    code: str
    size: int
    root: str
    checkpoints: int
    fingerprint: str
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """True when nothing is wrong."""
        return not self.findings


def verify(code: str) -> LedgerReport:
    """Check a tree from its entries up, believing no column that can be computed.

    Holds while others append: it checks what the tree's row reached when the check began.
    """
    beyond = Entry.objects.filter(tree=code).aggregate(last=Max("index"))["last"]
    tree = queries.tree_of(code)
    if tree is None:
        raise Refused(Reason.LEDGER_BROKEN, region=code)
    signed = list(Checkpoint.objects.filter(tree=code).order_by("size"))
    findings = [
        *_entry_findings(tree, [row for row in signed if row.size <= tree.size]),
        *_signature_findings(tree, signed),
        *_key_findings(tree),
    ]
    if beyond is not None and beyond >= tree.size:
        findings.append(Finding(Wrong.ENTRY_BEYOND_END, tree.size, beyond))
    findings += [
        Finding(Wrong.TRIGGER_MISSING, detail=name) for name in triggers.missing(connection)
    ]
    announced = _announced(code)
    return LedgerReport(
        code=code,
        size=tree.size,
        root=tree.root,
        checkpoints=len(signed),
        fingerprint=announced[-1].fingerprint if announced else "",
        findings=tuple(findings),
    )


def _entry_findings(tree: Tree, signed: list[Checkpoint]) -> Iterator[Finding]:
    roots = {checkpoint.size: checkpoint.root for checkpoint in signed}
    rows = Entry.objects.filter(tree=tree, index__lt=tree.size).order_by("index")
    grown, expected, whole = CompactRange(), 0, 0
    for row in rows.iterator(chunk_size=2000):
        if row.index != expected:
            yield Finding(Wrong.ENTRY_MISSING, expected, row.index - 1)
        leaf = leaf_hash(row.body.encode())
        if leaf.hex() != row.leaf_hash:
            yield Finding(Wrong.ENTRY_CHANGED, row.index, row.index)
        yield from _column_findings(tree, row)
        grown, expected = grown.grown([leaf]), row.index + 1
        if expected in roots and roots[expected] == grown.root.hex():
            whole = expected
        elif expected in roots:
            yield Finding(Wrong.CHECKPOINT_CONTRADICTS, whole, row.index, str(expected))
    if expected < tree.size:
        yield Finding(Wrong.ENTRY_MISSING, expected, tree.size - 1)
    if not _is_state_of(tree, grown):
        yield Finding(Wrong.TREE_CHANGED, whole, tree.size - 1)


def _column_findings(tree: Tree, row: Entry) -> Iterator[Finding]:
    """The columns that repeat the body, compared with it."""
    try:
        body: dict[str, Any] = json.loads(row.body)
        said = {name: body[name] for name in ("tree", "index", "at", "actor", "event")}
        said |= {name: body[name] for name in ("kind", "object")}
    except (ValueError, KeyError, TypeError):
        yield Finding(Wrong.ENTRY_UNREADABLE, row.index, row.index)
        return
    columns = {
        "tree": tree.pk,
        "index": row.index,
        "at": timestamp(row.at),
        "actor": row.actor,
        "event": row.event,
        "kind": row.object_kind,
        "object": row.object_id,
    }
    for name, value in columns.items():
        if said[name] != value:
            yield Finding(Wrong.COLUMN_CHANGED, row.index, row.index, name)


def _is_state_of(tree: Tree, grown: CompactRange) -> bool:
    peaks = [peak.hex() for peak in grown.peaks]
    return (tree.size, tree.peaks, tree.root) == (grown.size, peaks, grown.root.hex())


def _signature_findings(tree: Tree, signed: list[Checkpoint]) -> Iterator[Finding]:
    announced = _announced(tree.pk)
    for checkpoint in signed:
        detail = str(checkpoint.size)
        if not queries.is_signed(tree, checkpoint, announced):
            yield Finding(Wrong.CHECKPOINT_NOT_SIGNED, detail=detail)
        if checkpoint.size > tree.size:
            # The log was longer once: somebody put an older state back.
            yield Finding(Wrong.CHECKPOINT_CONTRADICTS, tree.size, checkpoint.size - 1, detail)
    kept = {(checkpoint.size, checkpoint.root) for checkpoint in signed}
    for size, root in _remembered(tree.pk):
        if (size, root) not in kept:
            yield Finding(Wrong.CHECKPOINT_MISSING, detail=str(size))


def _remembered(code: str) -> Iterator[tuple[int, str]]:
    """Sizes and roots of the tree's checkpoints that the nation's tree tells of."""
    told = Entry.objects.filter(
        tree=NATION,
        object_kind="ledger.tree",
        object_id=code,
        event=Event.CHECKPOINT_SIGNED,
    )
    for body in told.order_by("index").values_list("body", flat=True):
        try:
            facts = json.loads(body)["facts"]
            yield facts["size"], facts["root"]
        except (ValueError, KeyError, TypeError):
            continue  # the nation's own check names the entry


def _key_findings(tree: Tree) -> Iterator[Finding]:
    announced = _announced(tree.pk)
    if not announced:
        return
    try:
        private = keys.load(tree.pk)
    except (ValueError, TypeError):
        yield Finding(Wrong.KEY_CHANGED)
        return
    if private is None:
        yield Finding(Wrong.KEY_MISSING)
        return
    if private.public_key().public_bytes_raw() != announced[-1].public:
        yield Finding(Wrong.KEY_CHANGED)
    if not keys.is_private(tree.pk):
        yield Finding(Wrong.KEY_READABLE)


def _announced(code: str) -> list[VerifierKey]:
    try:
        return queries.keys_of(code)
    except (ValueError, KeyError, TypeError):
        return []  # the entries' own check names what cannot be read
