"""A dossier as one archive: a BagIt bag with everything and the proof of it, in one ZIP.

Written in one pass with no file held in memory. Nothing in it depends on the clock, on who asks
or on the machine: dates are the checkpoint's, order is fixed, members are stored as they are.
`docs/reference/dossier-format.md` is the specification.
"""

import io
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256, sha512
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP64_LIMIT, ZIP_STORED, ZipFile, ZipInfo

from django.utils import translation

from bukti.areas.dossier import pdf, readme, tables, verify
from bukti.areas.dossier.contents import Dossier, Evidence
from bukti.areas.dossier.pdf import LANGUAGE
from bukti.areas.dossier.reading import Reading
from bukti.areas.evidence import vault
from bukti.areas.ledger import commands as ledger
from bukti.areas.ledger import export
from bukti.areas.ledger.entries import canonical
from bukti.rules.errors import Reason, Refused
from bukti.rules.pack import dump
from bukti.rules.permissions import SYSTEM
from bukti.wording.tables import write_csv

CHUNK = 1 << 20
BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
#: Steps beside the documents that progress counts: answers and ledger, the PDF, the seal.
STEPS = 3


@dataclass(slots=True)
class Bag:
    """The archive being written, and the hashes of what is in it so far."""

    archive: ZipFile
    folder: str
    moment: datetime
    short: dict[str, str] = field(default_factory=dict)
    long: dict[str, str] = field(default_factory=dict)
    octets: int = 0
    streams: int = 0

    def add(self, path: str, chunks: Iterable[bytes], size: int = 0) -> str:
        """Write one file, hashing on the way; its SHA-256. `size` when it may be very large."""
        member = ZipInfo(f"{self.folder}/{path}", self.moment.timetuple()[:6])
        member.external_attr = (stat.S_IFREG | 0o644) << 16
        member.create_system = 3
        digests, written = (sha256(), sha512()), 0
        with self.archive.open(member, "w", force_zip64=size >= ZIP64_LIMIT) as target:
            for chunk in chunks:
                target.write(chunk)
                written += len(chunk)
                for digest in digests:
                    digest.update(chunk)
        self.short[path], self.long[path] = (digest.hexdigest() for digest in digests)
        if path.startswith("data/"):
            self.octets, self.streams = self.octets + written, self.streams + 1
        return self.short[path]

    def add_text(self, path: str, text: str) -> None:
        """Write one small text."""
        self.add(path, [text.encode()])

    def sums(self, name: str, *, of_payload: bool) -> None:
        """Write a pair of manifests over what is in the bag so far."""
        for algorithm, hashes in (("sha256", dict(self.short)), ("sha512", dict(self.long))):
            listed = {
                path: digest
                for path, digest in hashes.items()
                if path.startswith("data/") is of_payload
            }
            self.add_text(f"{name}-{algorithm}.txt", export.listing(listed))


def render(reading: Reading, stream: IO[bytes], tell: Callable[[int, int], None]) -> None:
    """Write the archive into a seekable stream; `tell` hears how many of how many steps are done.

    Refused: FILE_MISSING when the vault no longer holds what is cited. Raises PaperFailed.
    """
    dossier = reading.dossier
    moment = dossier.checkpoint.at.astimezone(UTC)
    files = dossier.files
    total = len(files) + STEPS
    with ZipFile(stream, "w", ZIP_STORED, allowZip64=True) as archive:
        bag = Bag(archive, dossier.name, moment)
        bag.add_text("bagit.txt", BAGIT)
        bag.add_text("README.txt", readme.text(dossier))
        bag.add("verify.py", [Path(verify.__file__).read_bytes()])
        _answers(bag, dossier)
        _ledger(bag, reading)
        tell(1, total)
        bag.add("data/dossier.pdf", [pdf.printed(dossier)])
        tell(2, total)
        for count, (path, cited) in enumerate(files.items(), start=3):
            _document(bag, dossier, path, cited)
            tell(count, total)
        _tags(bag, dossier)
        tell(total, total)


def _answers(bag: Bag, dossier: Dossier) -> None:
    for entry in dossier.entries:
        if entry.content:
            bag.add_text(f"data/answers/{entry.question.code}.json", entry.content)
    bag.add_text("data/answers.json", canonical(_plain(dossier)))
    bag.add_text("data/instrument.json", canonical(dump(dossier.pack)))
    with translation.override(LANGUAGE):
        text = io.StringIO()
        write_csv(text, tables.answer_columns(), tables.answer_rows(dossier))
    bag.add("data/answers.csv", [text.getvalue().encode("utf-8-sig")])


def _plain(dossier: Dossier) -> dict[str, Any]:
    """Everything but the instrument (beside it) as JSON values."""
    return {
        "round": asdict(dossier.round),
        "scheme": dossier.scheme.key,
        "answers": [
            {
                "code": entry.question.code,
                "component": entry.question.component,
                "title": entry.question.title.id,
                "agency": entry.agency,
                "state": entry.state,
                "version": entry.version,
                "claim": asdict(entry.claim),
                "verified": entry.verified,
                "stage_one": entry.stage_one,
                "stage_two": entry.stage_two,
                "handed_in_at": entry.handed_in_at,
                "accepted_at": entry.accepted_at,
                "remarks": [asdict(remark) for remark in entry.remarks],
                "evidence": [asdict(cited) for cited in entry.evidence],
            }
            for entry in dossier.entries
        ],
        "hand_ins": [asdict(hand_in) for hand_in in dossier.hand_ins],
        "results": [
            {
                "layer": one.layer,
                "index": one.scored.index,
                "index_exact": one.scored.index_exact,
                "so_far": one.scored.so_far,
                "components": {
                    part.key: {"weight": part.weight, "value": part.published, "exact": part.exact}
                    for part in one.scored.components
                },
            }
            for one in dossier.layers
        ],
        "checkpoint": asdict(dossier.checkpoint),
        "bukti": dossier.version,
    }


def _ledger(bag: Bag, reading: Reading) -> None:
    checkpoint = reading.checkpoint
    bag.add(f"{export.FOLDER}/entries.jsonl", _joined(export.entries_jsonl(checkpoint)))
    bag.add(f"{export.FOLDER}/checkpoint.txt", [export.checkpoint_txt(checkpoint)])
    bag.add(f"{export.FOLDER}/keys.txt", [export.keys_txt(checkpoint)])
    bag.add(f"{export.FOLDER}/openings.jsonl", _joined(export.openings_jsonl(reading.openings)))
    bag.add(f"{export.FOLDER}/files.jsonl", _joined(export.files_jsonl(reading.links)))


def _joined(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines in larger pieces, which are written faster."""
    held = bytearray()
    for line in lines:
        held += line
        if len(held) >= CHUNK:
            yield bytes(held)
            held.clear()
    yield bytes(held)


def _document(bag: Bag, dossier: Dossier, path: str, cited: Evidence) -> None:
    with vault.read(dossier.round.region, cited.sha256) as file:
        digest = bag.add(path, iter(lambda: file.read(CHUNK), b""), cited.size)
    if digest != cited.sha256:
        raise Refused(Reason.FILE_MISSING, sha256=cited.sha256, filename=cited.filename)


def _tags(bag: Bag, dossier: Dossier) -> None:
    bag.add_text("bag-info.txt", _bag_info(bag, dossier))
    bag.sums("manifest", of_payload=True)
    bag.sums("tagmanifest", of_payload=False)
    bag.add_text(
        "seal.txt", ledger.seal(SYSTEM, dossier.round.region, export.listing(dict(bag.short)))
    )


def _bag_info(bag: Bag, dossier: Dossier) -> str:
    round_, mark = dossier.round, dossier.checkpoint
    facts = {
        "Source-Organization": round_.region_name,
        "External-Description": round_.title,
        "External-Identifier": f"{mark.origin} {mark.size}",
        "Bagging-Date": f"{mark.at.astimezone(UTC):%Y-%m-%d}",
        "Payload-Oxum": f"{bag.octets}.{bag.streams}",
        "Bag-Software-Agent": f"Bukti {dossier.version}",
        "Bukti-Region": round_.region,
        "Bukti-Round": f"{round_.id} {round_.year}",
        "Bukti-Checkpoint-Root": mark.root,
    }
    # A value that a person typed may not begin a new line.
    return "".join(f"{name}: {' '.join(value.split())}\n" for name, value in facts.items())
