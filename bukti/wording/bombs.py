"""What a workbook would unpack to, measured in pieces before anyone opens it.

A few kilobytes can mean gigabytes twice over: packed zeros, and two cells at opposite ends of a
sheet, for which a reader lays out everything between. What sizes the file claims is not believed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

MAX_UNPACKED = 100_000_000
MAX_CELLS = 2_000_000
PIECE = 1 << 18
REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})", re.ASCII)
XML_STARTS = (b"<", b"\xef\xbb\xbf")
MORE, LAST = False, True  # expat's own flag


class Oversize(Exception):
    """More would be unpacked or laid out than is allowed."""


class Unreadable(Exception):
    """No archive of sound XML."""


def measure(data: bytes) -> None:
    """Let a workbook pass that unpacks to at most 100 MB and 2 million cells.

    Raises Oversize or Unreadable; a document type declaration counts as unreadable.
    """
    unpacked = 0
    try:
        with ZipFile(BytesIO(data)) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as stream:
                    for size in _measured(stream):
                        unpacked += size
                        if unpacked > MAX_UNPACKED:
                            raise Oversize
    except (BadZipFile, zlib.error, expat.ExpatError, NotImplementedError) as error:
        raise Unreadable from error
    except (RuntimeError, OSError, EOFError, ValueError) as error:
        raise Unreadable from error


def _measured(stream: IO[bytes]) -> Iterator[int]:
    """Sizes of an entry's pieces; what is XML is counted for cells on the way."""
    piece = stream.read(PIECE)
    cells = _Cells() if piece.lstrip()[:3].startswith(XML_STARTS) else None
    while piece:
        yield len(piece)
        if cells is not None:
            cells.feed(piece)
        piece = stream.read(PIECE)
    if cells is not None:
        cells.close()


class _Cells:
    """Follows rows and cells of XLSX and ODS sheets, and how far they reach."""

    def __init__(self) -> None:
        # Always UTF-8, as the reader takes it: a declared encoding must not show us other cells.
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._row = self._column = self._last_row = self._last_column = 0
        self._rows_here = self._columns_here = 1

    def feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, MORE)

    def close(self) -> None:
        self._parser.Parse(b"", LAST)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in ("row", "c"):
            self._of_xlsx(local, attributes.get("r"))
        elif local == "table-row":
            self._row += self._rows_here
            self._rows_here = _repeats(attributes, "number-rows-repeated")
            self._column, self._columns_here = 0, 0
        elif local in ("table-cell", "covered-table-cell"):
            self._column += self._columns_here
            self._columns_here = _repeats(attributes, "number-columns-repeated")
            if any(key.endswith((":value-type", ":formula")) for key in attributes):
                self._reach(self._row + self._rows_here, self._column + self._columns_here)
        elif local == "p":
            self._reach(self._row + self._rows_here, self._column + self._columns_here)
        elif local == "table":
            self._row = self._column = self._last_row = self._last_column = 0
            self._rows_here = self._columns_here = 0

    def _of_xlsx(self, local: str, reference: str | None) -> None:
        if local == "row":
            self._row = int(reference) if reference else self._row + 1
            self._column = 0
            return
        self._column += 1
        if reference:
            found = REFERENCE.fullmatch(reference)
            if found is None:
                raise Unreadable
            self._column, self._row = _letters(found[1]), int(found[2])
        self._reach(self._row, self._column)

    def _reach(self, row: int, column: int) -> None:
        self._last_row = max(self._last_row, row)
        self._last_column = max(self._last_column, column)
        if self._last_row * self._last_column > MAX_CELLS:
            raise Oversize

    def _refuse(self, *_of_doctype: object) -> None:
        raise Unreadable


def _letters(column: str) -> int:
    """The number of a column: A = 1, XFD = 16384."""
    number = 0
    for letter in column.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _repeats(attributes: dict[str, str], name: str) -> int:
    for key, value in attributes.items():
        if key.endswith(f":{name}"):
            return max(1, int(value))
    return 1
