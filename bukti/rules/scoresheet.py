"""Score sheets: a table of values in, the same rows with components, index and predicate out.

*Wide*: a row per region, columns named by component, domain or question code. *Long*: `code,value`
or `no,level`, one region. Names are matched without regard to case; other columns pass through.
One table holds one detail: questions, components or domains. Numbers may use a decimal comma; an
empty cell is unknown, not 0. A question that the table does not name is unknown too, but does not
apply where its component is the mean of what applies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bukti.rules.pack import Pack, Scheme
from bukti.rules.scores import Scored
from bukti.rules.scoring import score, score_components, score_domains
from bukti.rules.shape import plain

NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,12})?", re.ASCII)
GROUP = "group"
LONG_PAIRS = (("code", "value"), ("no", "level"))


class SheetFault(StrEnum):
    """Why a table cannot be scored. The words are in `wording/faults.py`."""

    NO_VALUES = "no_values"
    NO_ROWS = "no_rows"
    MIXED = "mixed"
    DOUBLE_COLUMN = "double_column"
    DOUBLE_CODE = "double_code"
    UNKNOWN_CODE = "unknown_code"
    NO_CODE = "no_code"
    NOT_A_NUMBER = "not_a_number"
    OFF_SCALE = "off_scale"
    OFF_STEP = "off_step"
    UNKNOWN_SCHEME = "unknown_scheme"
    SCHEME_NEEDED = "scheme_needed"
    UNKNOWN_GROUP = "unknown_group"
    GROUPS_DIFFER = "groups_differ"


class BadSheet(Exception):
    """A table cannot be scored: the first fault, with its facts (row, column, choices…)."""

    def __init__(self, fault: SheetFault, **facts: str) -> None:
        super().__init__(f"{fault.value} {facts}")
        self.fault = fault
        self.facts = facts


class Detail(StrEnum):
    """What the values of a table stand for."""

    QUESTIONS = "questions"
    COMPONENTS = "components"
    DOMAINS = "domains"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: its number as a spreadsheet shows it, and a cell for each column."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: column names and rows."""

    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """A row as it came, the scheme that was used and its score."""

    row: SheetRow
    scheme: Scheme
    scored: Scored


@dataclass(frozen=True, slots=True)
class _Column:
    """A column that holds values: its place, and the key it stands for."""

    at: int
    detail: Detail
    key: str


def score_sheet(pack: Pack, sheet: Sheet, scheme: str | None = None) -> tuple[ScoredRow, ...]:
    """Score every row of a table; each row of a long one carries the region's one score.

    The scheme is the named one, else the one of the row's `group`, else the pack's only one.
    Raises BadSheet with row and choices.
    """
    if scheme is not None and scheme not in (known.key for known in pack.schemes):
        raise BadSheet(SheetFault.UNKNOWN_SCHEME, scheme=scheme, choices=_schemes(pack))
    if not sheet.rows:
        raise BadSheet(SheetFault.NO_ROWS)
    columns = _value_columns(pack, sheet)
    pair = _long_pair(sheet)
    if pair is not None and len(columns) < 2:
        return _score_long(pack, sheet, pair, scheme)
    if not columns:
        raise BadSheet(SheetFault.NO_VALUES, choices=_names(pack))
    return _score_wide(pack, sheet, columns, scheme)


def computed_columns(pack: Pack, rows: Iterable[ScoredRow]) -> tuple[str, ...]:
    """The columns that scoring adds: domains, components, index, index_exact, predicate, reason.

    Domains and components stand in it where a row's scheme weighs them; `predicate` where a scheme
    has any.
    """
    rows = tuple(rows)
    domains = {domain.key for row in rows for domain in row.scored.domains}
    components = {component.key for row in rows for component in row.scored.components}
    predicates = any(row.scheme.bands for row in rows)
    return (
        *(domain.key for domain in pack.domains if domain.key in domains),
        *(component.key for component in pack.components if component.key in components),
        "index",
        "index_exact",
        *(("predicate",) if predicates else ()),
        "reason",
    )


def computed(row: ScoredRow) -> Mapping[str, Decimal | None]:
    """A row's numbers by column: domains and components as published, index and index_exact."""
    scored = row.scored
    return {
        **{domain.key: domain.published for domain in scored.domains},
        **{component.key: component.published for component in scored.components},
        "index": scored.index,
        "index_exact": scored.index_exact,
    }


def read_number(text: str) -> Decimal | None:
    """A cell's number, with decimal point or comma; None when empty; ValueError for other text."""
    text = text.replace("\xa0", " ").strip()
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text.replace(",", "."))


def _score_wide(
    pack: Pack, sheet: Sheet, columns: Sequence[_Column], named: str | None
) -> tuple[ScoredRow, ...]:
    group_at = _find(sheet, GROUP)
    scored = []
    for row in sheet.rows:
        group = None if group_at is None else row.cells[group_at]
        scheme = _scheme(pack, named, group, row.number)
        values = {
            column.key: _value(
                pack, row.cells[column.at], row.number, sheet.columns[column.at], column.detail
            )
            for column in columns
        }
        scored.append(ScoredRow(row, scheme, _scored(pack, scheme, columns[0].detail, values)))
    return tuple(scored)


def _score_long(
    pack: Pack, sheet: Sheet, pair: tuple[int, int], named: str | None
) -> tuple[ScoredRow, ...]:
    known = _known(pack)
    found: dict[str, tuple[Detail, str, int]] = {}
    values: dict[str, Decimal | None] = {}
    for row in sheet.rows:
        code, number = row.cells[pair[0]].strip(), str(row.number)
        if not code:
            raise BadSheet(SheetFault.NO_CODE, row=number, column=sheet.columns[pair[0]])
        if code.casefold() not in known:
            raise BadSheet(SheetFault.UNKNOWN_CODE, row=number, code=code, choices=_names(pack))
        detail, key = known[code.casefold()]
        if key in found:
            first = str(found[key][2])
            raise BadSheet(SheetFault.DOUBLE_CODE, row=number, code=code, first=first)
        for other, other_code, _ in found.values():
            if other is not detail:
                raise BadSheet(SheetFault.MIXED, first=other_code, second=code)
        found[key] = (detail, code, row.number)
        values[key] = _value(pack, row.cells[pair[1]], row.number, code, detail)
    scheme = _scheme_of_long(pack, sheet, named)
    detail = next(iter(found.values()))[0]
    scored = _scored(pack, scheme, detail, values)
    return tuple(ScoredRow(row, scheme, scored) for row in sheet.rows)


def _scored(
    pack: Pack, scheme: Scheme, detail: Detail, values: Mapping[str, Decimal | None]
) -> Scored:
    if detail is Detail.DOMAINS:
        return score_domains(pack, scheme, values)
    if detail is Detail.COMPONENTS:
        return score_components(pack, scheme, values)
    return score(pack, scheme, values, _not_applying(pack, values))


def _not_applying(pack: Pack, values: Mapping[str, Decimal | None]) -> frozenset[str]:
    """What the table does not name, in components that are the mean of what applies."""
    return frozenset(
        question.code
        for question in pack.questions
        if question.code not in values and pack.component(question.component).of_what_applies
    )


def _scheme_of_long(pack: Pack, sheet: Sheet, named: str | None) -> Scheme:
    """The one scheme of a long table, whose rows must not name different groups."""
    group_at = _find(sheet, GROUP)
    if group_at is None or named is not None:
        return _scheme(pack, named, None, sheet.rows[0].number)
    first = sheet.rows[0]
    for row in sheet.rows:
        if _folded(row.cells[group_at]) != _folded(first.cells[group_at]):
            raise BadSheet(SheetFault.GROUPS_DIFFER, row=str(row.number), choices=_schemes(pack))
    return _scheme(pack, None, first.cells[group_at], first.number)


def _scheme(pack: Pack, named: str | None, group: str | None, row: int) -> Scheme:
    if named is not None:
        return pack.scheme(named)
    if len(pack.schemes) == 1:
        return pack.schemes[0]
    if group is None or not group.strip():
        raise BadSheet(SheetFault.SCHEME_NEEDED, row=str(row), choices=_schemes(pack))
    for scheme in pack.schemes:
        if _folded(group) in map(_folded, scheme.groups):
            return scheme
    choices = ", ".join(group for scheme in pack.schemes for group in scheme.groups)
    raise BadSheet(SheetFault.UNKNOWN_GROUP, row=str(row), group=group.strip(), choices=choices)


def _value(pack: Pack, text: str, row: int, column: str, detail: Detail) -> Decimal | None:
    scale = pack.scale
    facts = {"row": str(row), "column": column.strip(), "value": text.strip()}
    facts["choices"] = f"{plain(scale.min)}–{plain(scale.max)}"
    try:
        value = read_number(text)
    except ValueError:
        raise BadSheet(SheetFault.NOT_A_NUMBER, **facts) from None
    if value is None:
        return None
    if not scale.min <= value <= scale.max:
        raise BadSheet(SheetFault.OFF_SCALE, **facts)
    if detail is Detail.QUESTIONS and scale.step and (value - scale.min) % scale.step:
        raise BadSheet(SheetFault.OFF_STEP, **facts, step=plain(scale.step))
    return value


def _value_columns(pack: Pack, sheet: Sheet) -> list[_Column]:
    """The columns that hold values, all of one detail and each once."""
    known = _known(pack)
    columns: list[_Column] = []
    for at, name in enumerate(sheet.columns):
        if name.strip().casefold() not in known:
            continue
        detail, key = known[name.strip().casefold()]
        for other in columns:
            if other.key == key:
                raise BadSheet(SheetFault.DOUBLE_COLUMN, column=name.strip())
            if other.detail is not detail:
                first = sheet.columns[other.at].strip()
                raise BadSheet(SheetFault.MIXED, first=first, second=name.strip())
        columns.append(_Column(at, detail, key))
    return columns


def _known(pack: Pack) -> dict[str, tuple[Detail, str]]:
    """Every name that a column or code may have, without regard to case."""
    known = {q.code.casefold(): (Detail.QUESTIONS, q.code) for q in pack.questions}
    known |= {c.key.casefold(): (Detail.COMPONENTS, c.key) for c in pack.components}
    return known | {d.key.casefold(): (Detail.DOMAINS, d.key) for d in pack.domains}


def _long_pair(sheet: Sheet) -> tuple[int, int] | None:
    for code, value in LONG_PAIRS:
        places = (_find(sheet, code), _find(sheet, value))
        if places[0] is not None and places[1] is not None:
            return places[0], places[1]
    return None


def _find(sheet: Sheet, name: str) -> int | None:
    """The first column of this name."""
    for at, column in enumerate(sheet.columns):
        if column.strip().casefold() == name:
            return at
    return None


def _folded(group: str) -> str:
    return "".join(group.casefold().split())


def _schemes(pack: Pack) -> str:
    return ", ".join(scheme.key for scheme in pack.schemes)


def _names(pack: Pack) -> str:
    """Names to choose from: components and domains in full, the codes by first and last."""
    codes = [question.code for question in pack.questions]
    keys = [component.key for component in pack.components]
    keys += [domain.key for domain in pack.domains]
    return ", ".join([*keys, f"{codes[0]} … {codes[-1]}"])
