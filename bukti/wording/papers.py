"""Documents on paper: frozen, already worded content → a tagged PDF, printed in a child process.

Same content, same Bukti version → same bytes: the date is the content's own, the fonts are ours.
Whatever a person typed comes out as typed: it travels as data, and a letter that no font of ours
has is shown by its number (‹U+1F600›), since a PDF for all readers may not hold a missing glyph.
"""

import io
import json
import os
import subprocess
import sys
import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from django.utils import translation
from django.utils.translation import gettext as _

from bukti.wording.drawing import Table

PRESS = Path(__file__).with_name("press.py")
COVERAGE = Path(__file__).parent / "typst" / "fonts" / "coverage.txt"
#: Seconds of waiting. Its processor time and memory the child limits itself.
PATIENCE = 60
#: All that the child may know of its surroundings: where Python finds its libraries.
ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")
#: Joiners, soft hyphen, variation selectors and direction marks: invisible by design.
SILENT = frozenset("\u00ad\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff")


class PaperFailed(Exception):
    """The document could not be printed; the message says what the typesetter said."""


# ---------- contents ----------


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value, on one line."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing for paper (`Figure.paper`), its finding, and its words for who cannot see it."""

    title: str
    say: str
    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One of claimed, verified, assessed: its words, and its value for the lozenge."""

    name: str
    words: str
    value: float | None


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One cited document: what it is, which pages, the start of its SHA-256."""

    title: str
    about: str
    pages: str
    digest: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A note that was written back, by which office and when."""

    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPaper:
    """One question with everything that was said and shown for it."""

    code: str
    title: str
    text: str
    agency: str
    state: str
    levels: tuple[LevelLine, ...]
    value: str = ""
    explanation: str = ""
    evidence: tuple[EvidenceLine, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class PartPaper:
    """The questions of one component."""

    title: str
    say: str
    questions: tuple[QuestionPaper, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPaper:
    """The whole dossier. `made` is the freeze or the start of the job, never the clock.

    `index_value` fills the lozenge on the cover; without it the index is not known yet.
    """

    language: str
    made: datetime
    title: str
    subtitle: str
    region: str
    status: str
    index: str
    index_of: str
    index_value: float | None
    facts: tuple[Fact, ...]
    summary: str
    components: Table
    pictures: tuple[Picture, ...]
    parts: tuple[PartPaper, ...]
    proof_say: str = ""
    proof: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPaper:
    """*Tanda terima*: one page that proves what was handed in, when and by which office.

    `code` becomes the QR code; `proof` is the short proof, line by line.
    """

    language: str
    made: datetime
    title: str
    region: str
    say: str
    facts: tuple[Fact, ...]
    ledger: tuple[Fact, ...]
    proof: tuple[str, ...]
    code: str
    code_say: str


def dossier_pdf(paper: DossierPaper) -> bytes:
    """Cover, contents, summary, every question, and how to check it all. Raises PaperFailed."""
    return _pdf("dossier.typ", paper.language, paper.made, asdict(paper))


def receipt_pdf(paper: ReceiptPaper) -> bytes:
    """One A4 page. Raises PaperFailed."""
    content = {**asdict(paper), "qr": _qr(paper.code)}
    return _pdf("receipt.typ", paper.language, paper.made, content)


def _labels() -> dict[str, str]:
    """The fixed words of the templates, in the language that is active."""
    return {
        "contents": _("Daftar isi"),
        "summary": _("Ringkasan"),
        "components": _("Nilai menurut komponen"),
        "explanation": _("Penjelasan"),
        "value": _("Isian"),
        "evidence": _("Bukti"),
        "document": _("Dokumen"),
        "pages": _("Halaman"),
        "digest": _("SHA-256"),
        "no_evidence": _("Tanpa bukti."),
        "no_explanation": _("Tanpa penjelasan."),
        "remarks": _("Catatan"),
        "proof": _("Keutuhan"),
        "page_of": _("Halaman {page} dari {pages}"),
        "page": _("Halaman {page}"),
        "ledger": _("Buku catatan"),
        "short_proof": _("Bukti ringkas"),
        "qr": _("Kode QR tanda terima"),
    }


# ---------- text that any font of ours can show ----------


@lru_cache(maxsize=1)
def _covered() -> frozenset[str]:
    letters: set[str] = set("\n\t")
    for line in COVERAGE.read_text().split():
        first, last = (int(code, 16) for code in line.split("-"))
        letters.update(map(chr, range(first, last + 1)))
    return frozenset(letters)


def printable(text: str) -> str:
    """`text` with every letter our fonts lack shown by its number, and no invisible ones.

    Direction overrides and controls are shown too: on paper nothing may hide.
    """
    covered = _covered()
    if covered.issuperset(text) and SILENT.isdisjoint(text) and text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    return "".join(
        letter if letter in covered and letter not in SILENT else _shown(letter)
        for letter in composed
    )


def _shown(letter: str) -> str:
    if letter in SILENT:
        # Between Arabic letters the joiners shape the word, so they stay.
        return letter if letter in "\u200c\u200d" and letter in _covered() else ""
    return f"‹U+{ord(letter):04X}›"


def _cleaned(content: Any) -> Any:
    if isinstance(content, str):
        return printable(content)
    if isinstance(content, dict):
        return {name: _cleaned(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_cleaned(value) for value in content]
    return content


def _qr(code: str) -> str:
    """An SVG of the code, big enough for a phone at reading distance."""
    drawing = io.BytesIO()
    segno.make(code, error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, svgclass=None, lineclass=None, border=2, dark="#17211f"
    )
    return drawing.getvalue().decode()


# ---------- the press ----------


def _pdf(template: str, language: str, made: datetime, content: dict[str, Any]) -> bytes:
    with translation.override(language):
        labels = _labels()
    paper = _cleaned({**content, "made": made.isoformat(), "words": labels})
    job = {"template": template, "paper": paper, "timestamp": int(made.timestamp())}
    return _press(json.dumps(job).encode())


def _press(job: bytes) -> bytes:
    known = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    try:
        child = subprocess.run(  # noqa: S603  our own program, no shell
            [sys.executable, "-P", str(PRESS)],
            input=job,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={**known, "RAYON_NUM_THREADS": "2"},
        )
    except subprocess.TimeoutExpired as late:
        raise PaperFailed(f"Printing took longer than {PATIENCE} seconds.") from late
    if child.returncode:
        words = child.stderr.decode(errors="replace").strip()
        raise PaperFailed(words or f"The press ended with {child.returncode}.")
    return bytes(child.stdout)
