"""`bukti score PACK FILE`: the published index of each row of a table, without a database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bukti.areas.instruments import loader
from bukti.rules.pack import Pack, PackProblems
from bukti.rules.scoresheet import (
    BadSheet,
    ScoredRow,
    Sheet,
    computed,
    computed_columns,
    score_sheet,
)
from bukti.rules.shape import plain
from bukti.wording import faults, tables

EXACT_DECIMALS = 3
MOST_DECIMALS = 12


class Command(BaseCommand):
    """Scores a table of components, domains or questions."""

    help = (
        "Menghitung indeks tiap baris tabel (CSV, XLSX, ODS) dan mencetak baris yang sama dengan "
        "komponen, index (seperti diterbitkan) dan index_exact. Tidak memakai basis data."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.add_argument("pack", help=_("kunci paket bawaan atau folder paket"))
        parser.add_argument(
            "file",
            type=Path,
            help=_(
                "tabel lebar (satu baris per daerah; kolom dinamai komponen, domain, atau kode) "
                "atau panjang (code,value atau no,level)"
            ),
        )
        parser.add_argument("--scheme", help=_("kunci skema; tanpa ini kolom group yang memilih"))
        parser.add_argument(
            "--json", action="store_true", help=_("cetak daftar JSON, angka sebagai teks")
        )

    def handle(self, *args: object, **options: object) -> None:
        """Read, score, print."""
        pack = _pack(str(options["pack"]))
        sheet = _sheet(Path(str(options["file"])))
        scheme = None if options["scheme"] is None else str(options["scheme"])
        try:
            rows = score_sheet(pack, sheet, scheme)
        except BadSheet as error:
            raise CommandError(faults.say_bad_sheet(error)) from error
        columns, cells = _merged(pack, sheet, rows)
        shown = _as_json(columns, cells) if options["json"] else _as_csv(columns, cells)
        self.stdout.write(shown, ending="")


def _pack(name: str) -> Pack:
    folder = loader.folder_of(name)
    if not (folder / "pack.yaml").is_file():
        choices = ", ".join(loader.shipped())
        raise CommandError(
            _("Paket “%(name)s” tidak ada; pilih folder atau: %(choices)s.")
            % {"name": name, "choices": choices}
        )
    try:
        return loader.load_pack(folder)
    except PackProblems as error:
        said = _("Paket “%(name)s” bermasalah; periksa dengan bukti pack check.") % {"name": name}
        raise CommandError(said) from error


def _sheet(file: Path) -> Sheet:
    try:
        return tables.read_table(file.read_bytes())
    except OSError as error:
        said = _("Berkas %(file)s tidak dapat dibaca: %(why)s.")
        raise CommandError(said % {"file": file, "why": error.strerror}) from error
    except tables.BadTable as error:
        raise CommandError(f"{file}: {faults.say_bad_table(error)}") from error


def _merged(
    pack: Pack, sheet: Sheet, rows: tuple[ScoredRow, ...]
) -> tuple[list[str], Iterator[list[str | None]]]:
    """The columns of the table with the computed ones in their place or at the end."""
    added = computed_columns(pack, rows)
    columns = list(sheet.columns)
    places = {name.strip().casefold(): at for at, name in reversed(list(enumerate(columns)))}
    at_column = {}
    for name in added:
        at_column[name] = places.get(name.casefold(), len(columns))
        if at_column[name] == len(columns):
            columns.append(name)
    width = len(columns)
    return columns, (_row(row, at_column, width) for row in rows)


def _row(row: ScoredRow, at_column: dict[str, int], width: int) -> list[str | None]:
    cells: list[str | None] = [*row.row.cells, *[None] * (width - len(row.row.cells))]
    numbers = computed(row)
    for name, number in numbers.items():
        cells[at_column[name]] = _shown(name, number)
    if "predicate" in at_column:
        predicate = row.scored.predicate
        cells[at_column["predicate"]] = None if predicate is None else predicate.id
    cells[at_column["reason"]] = faults.say_why_no_index(row.scored) or None
    return cells


def _shown(name: str, number: Decimal | None) -> str | None:
    """A published number with its own decimals; the exact index with at least three."""
    if number is None or name != "index_exact":
        return None if number is None else format(number, "f")
    whole, _point, decimals = plain(number).partition(".")
    return f"{whole}.{decimals[:MOST_DECIMALS].ljust(EXACT_DECIMALS, '0')}"


def _as_csv(columns: list[str], rows: Iterator[list[str | None]]) -> str:
    stream = StringIO(newline="")
    tables.write_csv(stream, columns, rows, newline="\n")
    return stream.getvalue()


def _as_json(columns: list[str], rows: Iterator[list[str | None]]) -> str:
    """A list of objects; a second column of the same name, or one without, gets its number."""
    names: list[str] = []
    for at, column in enumerate(columns, start=1):
        names.append(column if column and column not in names else f"{column or 'kolom'}_{at}")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
