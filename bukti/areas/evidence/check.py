"""Whether the vault holds, byte for byte, what the database says it holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path

from bukti.areas.evidence import queries, vault


class Flaw(StrEnum):
    """What can be wrong with a file. An orphan alone is no damage: its upload was never
    acknowledged."""

    MISSING = "missing"
    ROTTEN = "rotten"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Found:
    """One file with something to tell: where, under which hash, by which name."""

    flaw: Flaw
    region: str
    sha256: str
    name: str = ""


@dataclass(slots=True)
class Report:
    """What a check went through; `found` is complete once it ended."""

    files: int = 0
    size: int = 0
    damaged: int = 0
    orphans: int = 0


def found(report: Report) -> Iterator[Found]:
    """Every row against its file, re-hashed, then every file against the rows."""
    expected = set()
    for row in queries.blob_rows():
        expected.add((row.region, row.sha256))
        report.files += 1
        flaw = _flaw(vault.place_of(row.region, row.sha256), row)
        if flaw is None:
            report.size += row.size
            continue
        report.damaged += 1
        yield Found(flaw, row.region, row.sha256, row.name)
    for region, digest, _ in vault.blobs():
        if (region, digest) not in expected:
            report.orphans += 1
            yield Found(Flaw.ORPHAN, region, digest)


def _flaw(path: Path, row: queries.BlobRow) -> Flaw | None:
    try:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return Flaw.MISSING
    except OSError:
        return Flaw.ROTTEN
    return None if digest == row.sha256 else Flaw.ROTTEN
