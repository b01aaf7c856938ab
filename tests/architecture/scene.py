"""The world's shape: two regions, what stands in them, and whose each text is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction

from bukti.areas.answers.models import Answer, HandIn
from bukti.areas.dossier.models import Export
from bukti.areas.evidence.models import Citation, Revision
from bukti.areas.ledger.models import Checkpoint
from bukti.areas.people.models import Agency, User
from bukti.areas.rounds.models import Reopening, Round
from tests import cast as people
from tests.cast import Cast, Person

#: Which state a round is in, by its year; the newest unfinished one is the current one.
YEARS = {
    "running": 2029,
    "prepared": 2028,
    "preparation": 2027,
    "mending": 2026,
    "handed_in": 2025,
    "stage_one": 2024,
    "stage_two": 2023,
    "finished": 2022,
    "recorded": 2021,
}
#: The neighbours need no round in these states.
ONLY_AT_HOME = ("prepared", "stage_two")
CODES = ("A1", "A2", "C1", "C2", "C3", "D1")


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside never happened; commands that must be durable may run."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Canary:
    """A text, the region it is kept in, the agencies it belongs to, the round it is in.

    Who holds a role over the region reads all of it. `agencies` None: every office of the region
    may read it too. `assessors`: those of the round may.
    """

    text: str
    region: str
    agencies: frozenset[int] | None
    round_id: int | None = None
    assessors: bool = False


@dataclass
class Place:
    """One region, furnished."""

    region: str
    coordinator: Person
    executive: Person
    auditor: Person
    operators: dict[int, Person]
    heads: dict[int, Person]
    main: Agency
    helper: Agency | None
    other: Agency | None
    rounds: dict[str, Round] = field(default_factory=dict)
    receipts: list[HandIn] = field(default_factory=list)
    revisions: dict[str, Revision] = field(default_factory=dict)
    citations: dict[str, Citation] = field(default_factory=dict)
    exports: dict[str, Export] = field(default_factory=dict)
    reopening: Reopening | None = None
    checkpoint: Checkpoint | None = None
    closed_user: User | None = None
    assessor: Person | None = None

    def answer(self, state: str, code: str) -> Answer:
        """An answer, read afresh."""
        return people.answer(self.rounds[state], code)


@dataclass
class World:
    """Everybody and everything."""

    cast: Cast
    home: Place
    away: Place
    canaries: list[Canary]

    @property
    def places(self) -> tuple[Place, Place]:
        """Both regions."""
        return self.home, self.away
