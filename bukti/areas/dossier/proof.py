"""The ledger behind a dossier: which entry vouches for what, and the checkpoint that covers all."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, Q

from bukti.areas.ledger import queries as ledger
from bukti.areas.ledger.entries import commitment
from bukti.areas.ledger.export import Link, Opened
from bukti.areas.ledger.models import Checkpoint, Tree
from bukti.areas.ledger.models import Entry as LedgerEntry

ANSWER, CITATION, DOCUMENT = "answers.answer", "evidence.citation", "evidence.document"
#: Ids asked for at a time; a database takes only so many in one question.
AT_ONCE = 500


class Unproven(Exception):
    """The tables hold something that the ledger does not vouch for; `what` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Told:
    """One entry, its body read."""

    index: int
    event: str
    object: str
    facts: dict[str, Any]
    commitments: dict[str, str]


@dataclass(slots=True)
class Ledger:
    """What the region's log says of the things in a dossier.

    `size` is how far the log reached when the rows were read: all that happened to them lies
    before it. `last` is the newest entry that concerns the dossier.
    """

    tree: str
    size: int
    last: int
    told: dict[tuple[str, str], list[Told]] = field(default_factory=lambda: defaultdict(list))

    def of(self, kind: str, identity: int) -> list[Told]:
        """All that happened to one thing, oldest first."""
        return self.told.get((kind, str(identity)), [])

    def newest(self, kind: str, identity: int, name: str) -> Told | None:
        """The last entry about a thing that states, or commits to, this name."""
        stated = [
            told
            for told in self.of(kind, identity)
            if name in told.facts or name in told.commitments
        ]
        return stated[-1] if stated else None


def read(region: str, wanted: dict[str, set[int]]) -> Ledger:
    """The entries about these things, by kind of thing and id."""
    tree = Tree.objects.filter(pk=region).values_list("size", flat=True).first() or 0
    found = Ledger(region, tree, -1)
    for kind, ids in wanted.items():
        for told in _told(region, kind, ids):
            found.told[kind, told.object].append(told)
            found.last = max(found.last, told.index)
    return found


def _told(region: str, kind: str, ids: set[int]) -> Iterable[Told]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        part = [str(identity) for identity in ordered[start : start + AT_ONCE]]
        rows = LedgerEntry.objects.filter(
            tree=region, object_kind=kind, object_id__in=part
        ).order_by("index")
        for index, event, identity, body in rows.values_list(
            "index", "event", "object_id", "body"
        ).iterator(chunk_size=2000):
            told = json.loads(body)
            yield Told(index, event, identity, told["facts"], told["commitments"])


def newest_about(region: str, wanted: dict[str, set[int]]) -> int:
    """The newest entry about any of these things, without reading them; -1 without any."""
    condition = Q()
    for kind, ids in wanted.items():
        if ids:
            condition |= Q(object_kind=kind, object_id__in=[str(identity) for identity in ids])
    if not condition:
        return -1
    found = LedgerEntry.objects.filter(condition, tree=region).aggregate(last=Max("index"))["last"]
    return -1 if found is None else int(found)


def checkpoint_for(found: Ledger) -> Checkpoint | None:
    """The first checkpoint after the last change that the dossier shows, and before the next.

    So the same content is bound to the same checkpoint, whenever the dossier is made.
    """
    return (
        Checkpoint.objects.filter(tree=found.tree, size__gt=found.last, size__lte=found.size)
        .order_by("size")
        .first()
    )


def links(
    found: Ledger,
    answers: Iterable[tuple[str, int, str]],
    citations: Iterable[tuple[str, int, str]],
) -> list[Link]:
    """The entry behind each file: answers as (path, id, content), citations as (path, id, SHA-256).

    Raises Unproven for what the tables hold otherwise than the ledger says.
    """
    chosen: list[tuple[str, Told, str, str]] = []
    for path, identity, content in answers:
        told = found.newest(ANSWER, identity, "content")
        if told is None:
            raise Unproven(path)
        chosen.append((path, told, "content", content))
    salts = ledger.salts_of(found.tree, {told.index for _, told, _, _ in chosen})
    made = []
    for path, told, name, content in chosen:
        salt = salts.get((told.index, name))
        if salt is None or commitment(salt, content) != told.commitments[name]:
            raise Unproven(path)
        made.append(Link(path, told.index, name, salt))
    for path, identity, digest in citations:
        told = found.newest(CITATION, identity, "sha256")
        if told is None or told.facts["sha256"] != digest:
            raise Unproven(path)
        made.append(Link(path, told.index, "sha256"))
    return made


def openings(found: Ledger, values: Iterable[tuple[Told, str, str]]) -> list[Opened]:
    """The salts for values shown beside their entry, as (entry, name, value).

    What the ledger committed to otherwise, or whose salt is destroyed, is left out.
    """
    shown = list(values)
    salts = ledger.salts_of(found.tree, {told.index for told, _, _ in shown})
    made = {}
    for told, name, value in shown:
        salt = salts.get((told.index, name))
        if salt and commitment(salt, value) == told.commitments.get(name):
            made[told.index, name] = Opened(told.index, name, salt, value)
    return list(made.values())
