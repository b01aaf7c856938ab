"""Makes the demonstration's files: PDF, JPEG, PNG, XLSX. The same story gives the same bytes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import typst

from bukti.faces.cli.demo import papers, pictures, sheets
from bukti.faces.cli.demo.clock import Days
from bukti.faces.cli.demo.script import Office, Paper, Story
from bukti.faces.cli.demo.sheets import Statement
from bukti.wording.formats import date_long

LAYOUT = Path(__file__).parent / "paper.typ"
#: A story's word for a document → what the vault calls it, and the file's ending.
KINDS = {
    "undangan": ("invitation", "pdf"),
    "daftar hadir": ("attendance", "pdf"),
    "notulen": ("minutes", "pdf"),
    "keputusan": ("decree", "pdf"),
    "perbup": ("regulation", "pdf"),
    "laporan": ("report", "pdf"),
    "dpa": ("budget", "pdf"),
    "pks": ("agreement", "pdf"),
    "foto": ("photo", "jpg"),
    "layar": ("screenshot", "png"),
    "tabel": ("data", "xlsx"),
    "tabulasi": ("data", "xlsx"),
}
#: What anybody may know; the rest stays limited until the PPID says otherwise.
OPEN_KINDS = frozenset({"regulation", "decree"})


@dataclass(frozen=True, slots=True)
class Made:
    """A file with what a person would say of it."""

    filename: str
    bytes: bytes
    title: str
    number: str
    date: date
    kind: str
    access: str


class Workshop:
    """Holds the typesetter, so that each paper takes milliseconds."""

    def __init__(self, days: Days) -> None:
        self.days = days
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
        self.press = typst.Compiler(str(LAYOUT), root=str(LAYOUT.parent), font_paths=fonts)

    def make(
        self, paper: Paper, office: Office, story: Story, statements: Sequence[Statement]
    ) -> Made:
        """The file of one paper, for the office that uploads it."""
        kind, ending = KINDS[paper.kind]
        day = self.days.ago(paper.age)
        return Made(
            filename=f"{paper.title.replace('/', '-')}.{ending}",
            bytes=self._bytes(paper, office, story, statements),
            title=paper.title,
            number=papers.number_of(paper, office, day),
            date=day,
            kind=kind,
            access="public" if kind in OPEN_KINDS else "limited",
        )

    def _bytes(
        self, paper: Paper, office: Office, story: Story, statements: Sequence[Statement]
    ) -> bytes:
        day = self.days.ago(paper.age)
        written = date_long(day, "id")
        if paper.kind == "foto":
            return pictures.photo(paper.title, written)
        if paper.kind == "layar":
            return pictures.screen(paper.title, written)
        if paper.kind == "tabulasi":
            return sheets.tally(paper.title, story.programme, statements)
        if paper.kind == "tabel":
            return sheets.table(paper.title, *_table(paper.title))
        content = papers.content(paper, office, day=day, met=self._met(paper), text=story.text)
        pdf = self.press.compile(
            format="pdf", sys_inputs={"paper": json.dumps(content)}, timestamp=0, pdf_tags=False
        )
        if not isinstance(pdf, bytes):
            raise TypeError("Typst returned pages instead of one document")
        return pdf

    def _met(self, paper: Paper) -> date:
        """When a meeting was: minutes come after it, an invitation before."""
        if paper.kind in ("undangan", "notulen") and paper.quirk:
            return self.days.ago(int(paper.quirk))
        return self.days.ago(max(paper.age - 3, 1) if paper.kind == "undangan" else paper.age)


def _table(title: str) -> tuple[list[str], list[list[sheets.Cell]]]:
    luck = Random(title)  # noqa: S311  example figures
    rows: list[list[sheets.Cell]] = []
    for name in sheets.districts():
        target = luck.randrange(60, 900)
        done = round(target * luck.uniform(0.5, 1))
        rows.append([name, target, done, round(100 * done / target, 1), "contoh"])
    return ["Kecamatan", "Target", "Realisasi", "Persen", "Keterangan"], rows
