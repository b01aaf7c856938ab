"""The ledger's part of a dossier, as `docs/reference/dossier-format.md` describes it.

Everything is yielded as bytes in pieces, so that a large log is never held in memory. The same
checkpoint gives the same bytes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bukti.areas.ledger import queries
from bukti.areas.ledger.entries import canonical
from bukti.areas.ledger.models import Checkpoint, Entry

FOLDER = "data/ledger"


@dataclass(frozen=True, slots=True)
class Link:
    """A file of the dossier and the entry that names its hash: as a fact, or under a salt."""

    path: str
    index: int
    name: str
    salt: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A value that an entry only commits to, with its salt."""

    index: int
    name: str
    salt: str
    value: str


def entries_jsonl(checkpoint: Checkpoint) -> Iterator[bytes]:
    """Every entry the checkpoint covers, one body a line, in index order."""
    rows = Entry.objects.filter(tree=checkpoint.tree_id, index__lt=checkpoint.size)
    bodies = rows.order_by("index").values_list("body", flat=True)
    for body in bodies.iterator(chunk_size=2000):
        yield body.encode() + b"\n"


def checkpoint_txt(checkpoint: Checkpoint) -> bytes:
    """The signed checkpoint, verbatim."""
    return checkpoint.note.encode()


def keys_txt(checkpoint: Checkpoint) -> bytes:
    """The keys announced in the tree, as C2SP verifier keys, oldest first."""
    return "".join(f"{key}\n" for key in queries.keys_of(checkpoint.tree_id)).encode()


def openings_jsonl(openings: Iterable[Opened]) -> Iterator[bytes]:
    """Values shown in this dossier that entries commit to, by index and name."""
    for opened in sorted(openings, key=lambda line: (line.index, line.name)):
        line = {
            "index": opened.index,
            "name": opened.name,
            "salt": opened.salt,
            "value": opened.value,
        }
        yield canonical(line).encode() + b"\n"


def files_jsonl(links: Iterable[Link]) -> Iterator[bytes]:
    """Which entry vouches for which file. Every answer and document of the dossier needs one."""
    for link in sorted(links, key=lambda line: (line.path, line.index, line.name)):
        line: dict[str, object] = {"path": link.path, "index": link.index, "name": link.name}
        if link.salt is not None:
            line["salt"] = link.salt
        yield canonical(line).encode() + b"\n"


def listing(hashes: Mapping[str, str]) -> str:
    """A BagIt manifest of hexadecimal hashes by path; also the text under a seal."""
    lines = [f"{hashes[path]}  {_written(path)}\n" for path in sorted(hashes)]
    return "".join(lines)


def _written(path: str) -> str:
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
