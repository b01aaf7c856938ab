"""Tables in and out: CSV in Excel's dialects, XLSX and ODS → rows; rows → CSV and XLSX.

What comes in is text cells. What goes out can hold no formula: a text that a spreadsheet would run
gets an apostrophe in CSV and stays text in XLSX, while numbers stay numbers.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from io import BytesIO, StringIO
from itertools import islice
from typing import IO, Any, TextIO

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from bukti.rules.scoresheet import Sheet, SheetRow
from bukti.wording import bombs

MAX_BYTES = 20_000_000
MAX_ROWS = 100_000
MAX_COLUMNS = 1_000
MAX_CELL = 32_767  # Excel's own limit, in characters
DELIMITERS = "\t;,"  # in the order in which they win a tie
OLE = b"\xd0\xcf\x11\xe0"
NEGATIVE = re.compile(r"-[0-9]+(?:[.,][0-9]+)?", re.ASCII)
#: What starts a formula in some spreadsheet, full-width forms too.
DANGEROUS = frozenset("=+-@\t\r\n\0＝＋－＠")

Cell = str | int | float | Decimal | bool | date | datetime | None


class TableFault(StrEnum):
    """Why a file is no table. The words are in `wording/faults.py`."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    NOT_A_TABLE = "not_a_table"
    OLD_EXCEL = "old_excel"
    BROKEN = "broken"
    LONG_ROW = "long_row"


class BadTable(Exception):
    """A file cannot be read as a table: the fault with its facts."""

    def __init__(self, fault: TableFault, **facts: str) -> None:
        super().__init__(f"{fault.value} {facts}")
        self.fault = fault
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet to be written: its name, heading and rows."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def read_table(data: bytes) -> Sheet:
    """The first sheet of a CSV, XLSX or ODS file, told by its content; raises BadTable.

    The first row with text is the heading; every row is as long, empty rows are left out.

    CSV: comma, semicolon or tab, a line `sep=;`, quotes; UTF-8 with or without BOM, UTF-16 with
    BOM, else Windows-1252. At most 20 MB, 100,000 rows and 1,000 columns.
    """
    if len(data) > MAX_BYTES:
        raise BadTable(TableFault.TOO_BIG, limit=f"{MAX_BYTES // 1_000_000} MB")
    if data.startswith(OLE):
        raise BadTable(TableFault.OLD_EXCEL)
    lines = _workbook_rows(data) if data.startswith(b"PK") else _csv_rows(_decoded(data))
    return _table(lines)


def write_csv(
    stream: TextIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    newline: str = "\r\n",
) -> None:
    """Write CSV with commas and decimal points, no formula in any cell.

    For a download, open the stream as `utf-8-sig` so that Excel sees the encoding.
    """
    writer = csv.writer(stream, lineterminator=newline)
    writer.writerow([neutral(column) for column in columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)


def write_xlsx(stream: IO[bytes], pages: Iterable[Page], created: datetime) -> None:
    """Write XLSX with a bold, frozen heading; the same pages and `created` give the same bytes.

    Texts are written as texts (formulas and links too), numbers and dates as such; a text longer
    than Excel's 32,767 characters is cut and ends in […].
    """
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "constant_memory": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
            "remove_timezone": True,
        },
    )
    book.set_properties({"created": created.replace(tzinfo=None), "author": "Bukti"})
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for page in pages:
        sheet = book.add_worksheet(_sheet_name(page.name, book))
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(page.columns):
            sheet.write_string(0, at, _cut(column), heading)
        for number, row in enumerate(page.rows, start=1):
            for at, cell in enumerate(row):
                _write_cell(sheet, number, at, cell)
    book.close()


def neutral(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe before = + - @ tab, also behind blanks.

    A negative number stays a number; NUL, at which some readers stop, is dropped.
    """
    text = text.replace("\0", "")
    if NEGATIVE.fullmatch(text):
        return text
    start = text.lstrip(" \xa0\ufeff\u200b")[:1]
    return f"'{text}" if start in DANGEROUS and start else text


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, date):
        return cell.isoformat()
    return neutral(cell) if isinstance(cell, str) else str(cell)


def _write_cell(sheet: Any, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float | Decimal):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell)
    elif cell:
        sheet.write_string(row, column, _cut(cell))


def _cut(text: str) -> str:
    text = text.replace("\0", "")
    return text if len(text) <= MAX_CELL else f"{text[: MAX_CELL - 4]} […]"


def _sheet_name(name: str, book: Any) -> str:
    """A sheet name that Excel accepts: no []:*?/\\, at most 31 characters, unlike the others."""
    clean = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:31] or "Lembar"
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()}
    number = 2
    candidate = clean
    while candidate.casefold() in taken:
        candidate = f"{clean[:27]} {number}"
        number += 1
    return candidate


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadTable(TableFault.NOT_A_TABLE)


def _csv_rows(text: str) -> Iterable[Sequence[str]]:
    said = re.match(r"sep=([,;\t])\r?\n", text, re.IGNORECASE)
    delimiter = said[1] if said else _delimiter(text)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for at, row in enumerate(reader):
            if not (said and at == 0):
                yield row
    except csv.Error as error:
        raise BadTable(TableFault.BROKEN, row=str(reader.line_num), said=str(error)) from None


def _delimiter(text: str) -> str:
    """The delimiter with the most columns of those that give each of the first lines the same.

    Where none does, the one that the first line has most. Unlike the comma, tab and semicolon
    hardly ever stand inside numbers and names, so they win a tie.
    """
    unquoted = (re.sub(r'"[^"]*"', "", line) for line in text.splitlines())
    lines = [Counter(line) for line in islice((line for line in unquoted if line.strip()), 20)]
    if not lines:
        return ","
    even = [mark for mark in DELIMITERS if len({line[mark] for line in lines}) == 1]
    counted = [mark for mark in even if lines[0][mark]] or DELIMITERS
    return max(counted, key=lambda mark: lines[0][mark])


def _workbook_rows(data: bytes) -> Iterable[Sequence[str]]:
    try:
        bombs.measure(data)
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except bombs.Oversize:
        raise BadTable(TableFault.TOO_BIG, limit=_limit()) from None
    except (bombs.Unreadable, CalamineError, IndexError, ValueError, OSError) as error:
        raise BadTable(TableFault.NOT_A_TABLE) from error
    except BaseException as error:
        # The reader's own crash arrives as a PanicException, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise BadTable(TableFault.NOT_A_TABLE) from error
    return ([_text(cell) for cell in row] for row in rows)


def _limit() -> str:
    return f"{bombs.MAX_UNPACKED // 1_000_000} MB, {bombs.MAX_CELLS} sel"


def _text(cell: object) -> str:
    """A cell as text: whole floats without .0, dates as ISO."""
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return cell.isoformat() if isinstance(cell, datetime | date | time) else str(cell)


def _table(lines: Iterable[Sequence[str]]) -> Sheet:
    """The first row with text is the heading; every row gets its length."""
    heading: tuple[str, ...] | None = None
    rows = []
    for number, line in enumerate(lines, start=1):
        if number > MAX_ROWS or len(line) > MAX_COLUMNS:
            raise BadTable(TableFault.TOO_BIG, limit=f"{MAX_ROWS} × {MAX_COLUMNS}")
        if not any(cell.strip() for cell in line):
            continue
        if heading is None:
            heading = _trimmed(line)
            continue
        if any(cell.strip() for cell in line[len(heading) :]):
            raise BadTable(TableFault.LONG_ROW, row=str(number), columns=str(len(heading)))
        cells = (*line[: len(heading)], *[""] * (len(heading) - len(line)))
        rows.append(SheetRow(number, cells))
    if heading is None:
        raise BadTable(TableFault.EMPTY)
    return Sheet(heading, tuple(rows))


def _trimmed(line: Sequence[str]) -> tuple[str, ...]:
    """A heading without blanks around names and without empty columns at its end."""
    names = [name.strip() for name in line]
    while names and not names[-1]:
        names.pop()
    return tuple(names)
