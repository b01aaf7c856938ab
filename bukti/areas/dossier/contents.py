"""What a dossier says: one frozen value, from which each format is rendered.

Texts are as people typed them; nothing here is worded or rounded for a reader.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version

from bukti.rules.claims import Claim
from bukti.rules.pack import Pack, Question, Scheme
from bukti.rules.scores import Scored


@dataclass(frozen=True, slots=True)
class Evidence:
    """One citation: the document, the file it came as, and where that lies in the archive."""

    title: str
    number: str
    date: date | None
    kind: str
    access: str
    agency: str
    filename: str
    media_type: str
    size: int
    sha256: str
    pages: str
    note: str
    path: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A decision on an answer with its note: when, by which office."""

    kind: str
    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One question with everything that was said, shown and decided.

    `content` is the very text that the ledger commits to; empty while nothing was saved.
    """

    question: Question
    agency: str
    state: str
    version: int
    claim: Claim
    content: str
    verified: Decimal | None
    stage_one: Decimal | None
    stage_two: Decimal | None
    handed_in_at: datetime | None
    accepted_at: datetime | None
    remarks: tuple[Remark, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A hand-in, of an agency or (without one) of the whole, and its entry in the ledger."""

    at: datetime
    by: str
    agency: str
    answered: tuple[str, ...]
    unanswered: tuple[str, ...]
    digest: str
    entry: int | None


@dataclass(frozen=True, slots=True)
class LayerScore:
    """Whose view, and what it comes to."""

    layer: str
    scored: Scored


@dataclass(frozen=True, slots=True)
class Before:
    """The round it is compared with, as far as its published components are known."""

    year: int
    components: dict[str, Decimal]
    index: Decimal | None


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """The round itself."""

    id: int
    title: str
    year: int
    state: str
    zone: str
    region: str
    region_name: str
    instrument: str
    instrument_version: str
    instrument_sha256: str
    started_at: datetime | None
    agency_deadline: datetime | None
    deadline: datetime | None
    signed_at: datetime | None
    signed_by: str
    target: Decimal | None


@dataclass(frozen=True, slots=True)
class Mark:
    """The signed state of the ledger that the dossier is bound to. `at` dates the dossier."""

    size: int
    root: str
    at: datetime
    origin: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """A whole round, frozen."""

    round: RoundFacts
    pack: Pack
    scheme: Scheme
    entries: tuple[Entry, ...]
    hand_ins: tuple[HandedIn, ...]
    layers: tuple[LayerScore, ...]
    before: Before | None
    checkpoint: Mark
    version: str

    @property
    def main(self) -> LayerScore:
        """The layer that counts now: the outermost one in which anything is known."""
        known = [layer for layer in self.layers if layer.scored.so_far is not None]
        return known[-1] if known else self.layers[0]

    @property
    def files(self) -> dict[str, Evidence]:
        """Every cited file once, by its path in the archive, in order."""
        found = {cited.path: cited for entry in self.entries for cited in entry.evidence}
        return {path: found[path] for path in sorted(found)}

    @property
    def name(self) -> str:
        """A name for the file, the same for the same round."""
        return f"berkas-evaluasi-{self.round.region}-{self.round.year}-{self.round.id}"


def version() -> str:
    """Which Bukti made it; a source tree that is not installed has no number."""
    try:
        return installed_version("bukti")
    except PackageNotFoundError:
        return "0+source"
