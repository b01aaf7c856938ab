"""The board: one tile per question, in the columns of the components or of the dimensions.

Drawn as a real table, whose rows CSS turns into columns on a wide screen. The markup is made here
and not in a template, since a page holds 121 tiles and is the most visited of all.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bukti.rules.pack import Pack, Question, Words
from bukti.rules.workflow import AnswerState
from bukti.wording.formats import spoken
from bukti.wording.words import ANSWER_STATES, FILLS

#: The icon and hue of a dimension (CSS `bk-dim--…`, icon `i-…`).
DIMENSION_ICONS = {
    "governance": "gov",
    "branding": "bra",
    "economy": "eco",
    "living": "liv",
    "society": "soc",
    "environment": "env",
}
#: A component without dimensions fills one column up to here, then two.
TALLEST = 9
PAPER = '<path d="M1 1h5l3 3v7H1Z"/>'


@dataclass(frozen=True, slots=True)
class Tile:
    """One question on the board. `level` is the verified level where there is one, else the claim.

    `evidence` is "full", "part" or ""; `ring` is "late", "soon" or "".
    """

    code: str
    state: AnswerState
    level: str
    evidence: str
    ring: str
    agency_id: int | None
    agency: str


@dataclass(frozen=True, slots=True)
class Column:
    """Tiles under one small heading; `icon` is a dimension's, or empty."""

    name: str
    short: str
    icon: str
    codes: tuple[str, ...]
    shows_dimension: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Columns under one heading: a component, or a dimension."""

    letter: str
    name: str
    columns: tuple[Column, ...]

    @property
    def codes(self) -> frozenset[str]:
        """Every question in the part."""
        return frozenset(chain.from_iterable(column.codes for column in self.columns))


def by_component(pack: Pack) -> tuple[Part, ...]:
    """The components in order, divided by dimension where one has several questions of each."""
    return tuple(
        Part(
            component.letter or "",
            _said(component.title),
            tuple(_columns(pack, pack.questions_of(component.key))),
        )
        for component in pack.components
    )


def by_dimension(pack: Pack) -> tuple[Part, ...]:
    """The dimensions, divided by component, and last what crosses them all."""
    found = [
        Part("", _said(dimension.title), _component_columns(pack, dimension.key))
        for dimension in pack.dimensions
    ]
    found.append(Part("", _("Lintas dimensi"), _component_columns(pack, None)))
    return tuple(part for part in found if part.columns)


def _columns(pack: Pack, questions: Sequence[Question]) -> Iterable[Column]:
    dimensions = [d for d in pack.dimensions if any(q.dimension == d.key for q in questions)]
    if len(dimensions) < 2:
        yield from _plain_columns(questions)
        return
    if len(questions) <= len(dimensions) + 1:
        codes = tuple(question.code for question in questions)
        yield Column(_("Semua dimensi"), _("Dimensi"), "", codes, shows_dimension=True)
        return
    for dimension in dimensions:
        codes = tuple(q.code for q in questions if q.dimension == dimension.key)
        name = _said(dimension.title)
        yield Column(name, dimension.short, DIMENSION_ICONS.get(dimension.key, ""), codes)
    rest = tuple(q.code for q in questions if q.dimension is None)
    if rest:
        yield Column(_("Lintas dimensi"), _("Umum"), "", rest)


def _plain_columns(questions: Sequence[Question]) -> Iterable[Column]:
    groups = ", ".join(dict.fromkeys(q.group for q in questions if q.group)) or _("Umum")
    codes = tuple(question.code for question in questions)
    if len(codes) <= TALLEST:
        yield Column(groups, _("Umum"), "", codes)
        return
    half = -(-len(codes) // 2) if len(codes) <= 2 * TALLEST else TALLEST
    for start in range(0, len(codes), half):
        piece = codes[start : start + half]
        yield Column(f"{piece[0]}–{piece[-1]}", f"{piece[0]}–", "", piece)


def _component_columns(pack: Pack, dimension: str | None) -> tuple[Column, ...]:
    return tuple(
        Column(_said(component.title), component.letter or component.key, "", codes)
        for component in pack.components
        if (
            codes := tuple(
                q.code for q in pack.questions_of(component.key) if q.dimension == dimension
            )
        )
    )


def _said(words: Words) -> str:
    return words.en if spoken() == "en" and words.en else words.id


def draw(
    pack: Pack,
    parts: Sequence[Part],
    tiles: Sequence[Tile],
    address: Callable[[str], str],
    icons: str,
) -> SafeString:
    """The table's bodies. `address` gives a question's page, `icons` is the icon file's address.

    Questions without a tile (another agency's) leave no trace; a part without tiles is left out.
    """
    shown = {tile.code: tile for tile in tiles}
    language = spoken()
    faces = {question.code: _face(question, language) for question in pack.questions}
    pen = _Pen(faces, shown, address, icons, _readers_words())
    return mark_safe("".join(pen.part(part) for part in parts if part.codes & shown.keys()))  # noqa: S308  every text is escaped below


def _face(question: Question, language: str) -> tuple[str, str]:
    """A question's escaped title and its dimension's icon."""
    title = question.title.en if language == "en" and question.title.en else question.title.id
    return str(escape(title)), DIMENSION_ICONS.get(question.dimension or "", "")


@dataclass(frozen=True, slots=True)
class _ReadersWords:
    """What fill, mark and ring say to a screen reader; looked up once a page, not once a tile."""

    sentence: str
    states: Mapping[AnswerState, str]
    evidence: Mapping[str, str]
    rings: Mapping[str, str]


def _readers_words() -> _ReadersWords:
    return _ReadersWords(
        sentence=_("%(state)s, tingkat %(level)s, %(evidence)s"),
        states={state: escape(str(ANSWER_STATES[state])) for state in AnswerState},
        evidence={
            "full": _("bukti lengkap"),
            "part": _("bukti sebagian"),
            "": _("tanpa bukti"),
        },
        rings={"late": _("terlambat"), "soon": _("tenggat tiga hari")},
    )


@dataclass(frozen=True, slots=True)
class _Pen:
    faces: dict[str, tuple[str, str]]
    tiles: dict[str, Tile]
    address: Callable[[str], str]
    icons: str
    words: _ReadersWords

    def part(self, part: Part) -> str:
        columns = [c for c in part.columns if any(code in self.tiles for code in c.codes)]
        mine = [self.tiles[code] for code in part.codes if code in self.tiles]
        accepted = sum(tile.state is AnswerState.ACCEPTED for tile in mine)
        tally = _("%(done)s dari %(all)s") % {"done": accepted, "all": len(mine)}
        single = " bk-board__part--single" if len(columns) == 1 else ""
        letter = (
            f'<span class="bk-board__letter">{escape(part.letter)}</span>' if part.letter else ""
        )
        return (
            f'<tbody role="rowgroup" class="bk-board__part bk-n{min(len(columns), 8)}{single}">'
            f'<tr role="row" class="bk-board__title"><th role="rowheader" scope="rowgroup">{letter}'
            f'<span class="bk-board__name">{escape(part.name)}</span>'
            f'<span class="bk-board__tally">{tally}</span></th></tr>'
            + "".join(self.column(column) for column in columns)
            + "</tbody>"
        )

    def column(self, column: Column) -> str:
        if column.icon:
            head = (
                f'<th role="rowheader" scope="row" class="bk-board__dim bk-dim--{column.icon}">'
                f"{self.icon(column.icon)}"
            )
        else:
            head = (
                '<th role="rowheader" scope="row" class="bk-board__dim">'
                f'<span aria-hidden="true" class="bk-board__abbr">{escape(column.short)}</span>'
            )
        name = f'<span class="bk-board__dimname bk-sr">{escape(column.name)}</span></th>'
        cells = "".join(
            self.cell(self.tiles[code], column) for code in column.codes if code in self.tiles
        )
        return f'<tr role="row" class="bk-board__group">{head}{name}{cells}</tr>'

    def icon(self, name: str, css: str = "bk-icon") -> str:
        return f'<svg class="{css}" aria-hidden="true"><use href="{self.icons}#i-{name}"/></svg>'

    def cell(self, tile: Tile, column: Column) -> str:
        title, dimension = self.faces[tile.code]
        mark = self.paper(tile)
        if column.shows_dimension and dimension:
            mark += self.icon(dimension, "bk-icon bk-tile__dim")
        late = " data-late" if tile.ring == "late" else ""
        css = f"bk-fill--{FILLS[tile.state]}" + (f" bk-tile--{tile.ring}" if tile.ring else "")
        return (
            f'<td role="cell" class="bk-board__cell" data-agency="{tile.agency_id or ""}"{late}>'
            f'<a class="bk-tile {css}" href="{self.address(tile.code)}" title="{title}">'
            f'<span class="bk-tile__code">{short_code(tile.code)}</span> '
            f'<span class="bk-tile__level">{tile.level or "–"}</span>'
            f'<span class="bk-sr">: {title}. {self.told(tile)}. {escape(tile.agency)}</span>'
            f"{mark}</a></td>"
        )

    def paper(self, tile: Tile) -> str:
        if not tile.evidence:
            return ""
        full = " bk-tile__mark--full" if tile.evidence == "full" else ""
        return (
            f'<svg class="bk-tile__mark{full}" viewBox="0 0 10 12" aria-hidden="true">{PAPER}</svg>'
        )

    def told(self, tile: Tile) -> str:
        """What the fill, the number, the mark and the ring say, in words."""
        words = self.words.sentence % {
            "state": self.words.states[tile.state],
            "level": tile.level or "–",
            "evidence": self.words.evidence[tile.evidence],
        }
        return f"{words}, {self.words.rings[tile.ring]}" if tile.ring else words


def short_code(code: str) -> str:
    """What fits a tile: `C3.11.1` → `3.11.1`, `D-GOVE-4.1.1` → `4.1.1`, `D-22-1` → `U1`."""
    if code.startswith("D-22-"):
        return f"U{code[5:]}"
    if "-" in code:
        return code.rsplit("-", 1)[1]
    head, digits = code[:1], code[1:]
    return digits if "." in digits and head in "ACF" else code
