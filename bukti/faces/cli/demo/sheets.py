"""Spreadsheets of the demonstration: tallies of surveys without identities, and plain tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from random import Random

import xlsxwriter

from bukti.faces.cli.demo.script import offices, points

HIGHEST = 4
#: A fixed day of making, so that the same table has the same bytes.
MADE = datetime(2026, 1, 2)  # noqa: DTZ001  a workbook's dates have no zone
NOTE = "Tabel contoh untuk peragaan Bukti, bukan data resmi."
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A survey statement with the mean it came to and how many answered."""

    code: str
    text: str
    mean: Decimal
    asked: int


def districts() -> list[str]:
    """Paser's ten districts."""
    return [
        office.name.removeprefix("Kecamatan ")
        for office in offices().values()
        if office.code.startswith("kec-")
    ]


def tally(title: str, programme: str, statements: Sequence[Statement]) -> bytes:
    """A row per respondent, numbered and not named; the means are those of the answers."""
    columns = [_answers(statement) for statement in statements]
    longest = max(statement.asked for statement in statements)
    names = districts()
    rows: list[list[Cell]] = []
    for number in range(longest):
        row: list[Cell] = [number + 1, names[number % len(names)], programme]
        row += [column[number] if number < len(column) else None for column in columns]
        rows.append(row)
    means: list[Cell] = ["Rerata", "", ""]
    means += [float(round(Decimal(sum(column)) / len(column), 2)) for column in columns]
    head = [
        "No",
        "Kecamatan",
        "Program yang dipakai",
        *(statement.code for statement in statements),
    ]
    return _book(title, head, [*rows, means], [statement.text for statement in statements])


def _answers(statement: Statement) -> list[int]:
    """Whole answers 0–4 with just the right sum, spread as people's answers are."""
    luck = Random(statement.code)  # noqa: S311  example data, not a secret
    asked, wanted = statement.asked, points(statement.mean, statement.asked)
    answers = [min(HIGHEST, wanted // asked)] * asked
    short = wanted - sum(answers)
    for place in range(short):
        answers[place] += 1
    for _ in range(asked):
        giver, taker = luck.randrange(asked), luck.randrange(asked)
        if answers[giver] > 0 and answers[taker] < HIGHEST:
            answers[giver], answers[taker] = answers[giver] - 1, answers[taker] + 1
    return answers


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A plain table."""
    return _book(title, head, rows, [])


def _book(
    title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]], notes: Sequence[str]
) -> bytes:
    found = BytesIO()
    book = xlsxwriter.Workbook(found, {"in_memory": True})
    book.set_properties({"title": title, "author": "Bukti", "created": MADE})
    bold = book.add_format({"bold": True})
    marked = book.add_format({"bold": True, "bg_color": "#E7ECEF", "border": 1, "text_wrap": True})
    sheet = book.add_worksheet("Data")
    sheet.write(0, 0, title, bold)
    sheet.write(1, 0, NOTE)
    for place, note in enumerate(notes):
        sheet.write(2 + place, 0, note)
    first = 3 + len(notes)
    sheet.write_row(first, 0, head, marked)
    for place, row in enumerate(rows, start=first + 1):
        sheet.write_row(place, 0, row)
    sheet.set_column(0, len(head), 22)
    sheet.freeze_panes(first + 1, 0)
    book.close()
    return found.getvalue()
