"""Figures along a scale: the layers of the index, and the waterfall of what is missing.

On a page each row is a name and a track that grows with the page, while its words keep their
size on a phone. On paper the same rows stand in one drawing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bukti.wording import drawing as d
from bukti.wording import formats
from bukti.wording.drawing import Figure, Ink, Pen, Surface, Table, plain_text
from bukti.wording.formats import Number

#: Width of such a figure on paper, in its own units, and what a letter of a name takes of it.
WIDTH = 680
LETTER = 7.6
PAGE_PEN = Pen(Surface.PAGE)


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the index: *mandiri*, *terverifikasi*, *asesor*."""

    label: str
    value: Number | None
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What one component still costs: weight × (full − value), in points of the index."""

    label: str
    gap: Decimal
    weight: Number
    value: Number | None
    questions: int


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From the index to the full value; steps in the order they should stand."""

    index: Decimal
    label: str
    steps: tuple[Step, ...]
    full: Decimal = Decimal(4)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its name, what is drawn on its track, the value at its end."""

    name: str
    draw: Callable[[Pen], str]
    value: str = ""
    strong: str = ""  # "b" where the line is the one that counts


def _named(row: Row) -> str:
    name = plain_text(row.name)
    return f"<b>{name}</b>" if row.strong else name


def _paper_names(rows: Sequence[Row]) -> float:
    return max(90.0, LETTER * max(len(row.name) for row in rows) + 18)


def _paper_row(row: Row, pen: Pen, middle: float) -> str:
    ink = d.BOLD if row.strong else d.TEXT
    shapes = pen.text((0, pen.top + middle + 5), row.name, ink) + row.draw(pen)
    if row.value:
        shapes += pen.text((WIDTH, pen.top + middle + 5), row.value, ink, "end")
    return shapes


def _share(value: Number, low: Number, high: Number) -> float:
    return min(1.0, max(0.0, (float(value) - float(low)) / (float(high) - float(low))))


# ---------- three layers ----------

LAYER_INKS = (d.HOLLOW, d.HALF, d.SOLID)


def _ruler(pen: Pen, full: int) -> str:
    ticks = (pen.track_line(i / full, i / full, (11, 19), d.AXIS) for i in range(full + 1))
    return pen.track_line(0, 1, (15, 15), d.AXIS) + "".join(ticks)


def _layer_row(layers: Sequence[Layer], place: int, full: int) -> Row:
    """The last layer is the strong one; amber runs from the layer above to this one."""
    layer, is_last = layers[place], place == len(layers) - 1
    ink = d.SOLID if is_last else LAYER_INKS[min(place, 1)]

    def draw(pen: Pen) -> str:
        shapes = _ruler(pen, full)
        if layer.value is None:
            return shapes
        here = _share(layer.value, 0, full)
        above = layers[place - 1].value if place else None
        if above is not None and above != layer.value:
            there = _share(above, 0, full)
            shapes += pen.track_line(min(here, there), max(here, there), (15, 15), d.GAP_LINE)
        return shapes + pen.track_diamond(here, 15, 9, ink)

    return Row(layer.label, draw, formats.number(layer.value), "b" if is_last else "")


def _axis(pen: Pen, marks: Sequence[tuple[float, str]], y: float) -> str:
    return "".join(pen.track_text(share, y, plain_text(mark), d.SOFT) for share, mark in marks)


def _layers_page(rows: Sequence[Row], marks: Sequence[tuple[float, str]], alt: str) -> str:
    lines = []
    for row in rows:
        tag = row.strong or "span"
        value = plain_text(row.value)
        lines.append(
            f'<{tag}>{plain_text(row.name)}</{tag}><svg class="bk-scale__track">'
            f'{row.draw(PAGE_PEN)}</svg><{tag} class="bk-scale__value">{value}</{tag}>'
        )
    return (
        f'<div class="bk-scale bk-svgtext" role="img" aria-label="{plain_text(alt)}">'
        f'{"".join(lines)}<span></span><svg class="bk-scale__track bk-scale__axis">'
        f"{_axis(PAGE_PEN, marks, 14)}</svg></div>"
    )


def _layers_paper(rows: Sequence[Row], marks: Sequence[tuple[float, str]]) -> str:
    left = _paper_names(rows)
    shapes, top = [], 0.0
    for row in rows:
        pen = Pen(Surface.PAPER, left, top, WIDTH - left - 70)
        shapes.append(_paper_row(row, pen, 15))
        top += 32
    shapes.append(_axis(Pen(Surface.PAPER, left, top, WIDTH - left - 70), marks, 12))
    return d.canvas(Surface.PAPER, f"0 0 {WIDTH} {top + 20:g}", "", "".join(shapes))


def scale(layers: tuple[Layer, ...], full: int = 4) -> Figure:
    """The index in its layers, each with the distance to the one above."""
    rows = [_layer_row(layers, place, full) for place in range(len(layers))]
    marks = [(step / full, str(step)) for step in range(full + 1)]
    alt = "; ".join(f"{layer.label} {formats.number(layer.value)}" for layer in layers)
    table = Table(
        _("Lapis nilai"),
        (_("Lapis"), _("Indeks")),
        tuple((layer.meaning or layer.label, formats.number(layer.value)) for layer in layers),
    )

    def draw(surface: Surface) -> str:
        if surface is Surface.PAGE:
            return _layers_page(rows, marks, alt)
        return _layers_paper(rows, marks)

    return Figure(alt, table, draw)


# ---------- the waterfall ----------

STRIDES = (Decimal("0.05"), Decimal("0.1"), Decimal("0.2"), Decimal("0.5"), Decimal(1))
#: A gap too small to see is still drawn this wide.
HAIR = 0.005
#: Words stand right of a bar that ends before this share, else left of it.
TURN = 0.55


@dataclass(frozen=True, slots=True)
class Span:
    """The cut axis: a waterfall has no bars from zero, so it may start near the index."""

    low: Decimal
    high: Decimal
    stride: Decimal

    def share(self, value: Number) -> float:
        return _share(value, self.low, self.high)

    def places(self) -> list[float]:
        count = int((self.high - self.low) / self.stride)
        return [step / count for step in range(count + 1)]

    def marks(self) -> list[tuple[float, str]]:
        decimals = max(0, -int(self.stride.normalize().as_tuple().exponent))
        return [
            (place, formats.number(self.low + self.stride * step, decimals))
            for step, place in enumerate(self.places())
        ]


def _span(index: Decimal, full: Decimal) -> Span:
    """At most six strides from a round number below the index to the full value."""
    room = max(full - index, full / 20)
    stride = next((s for s in STRIDES if room / s <= 6), full / 4)
    steps = max(2, -floor(-room / stride))
    return Span(full - stride * steps, full, stride)


def _lattice(pen: Pen, span: Span) -> str:
    return "".join(pen.track_line(share, share, (0, 46), d.GRID) for share in span.places())


def _end_row(name: str, value: Decimal, span: Span, ink: Ink) -> Row:
    """The lozenge of the index or of the full value, its number inward."""
    here = span.share(value)
    away = 18.0 if here <= TURN else -18.0

    def draw(pen: Pen) -> str:
        words = pen.span(formats.number(value), d.BOLD)
        drop = pen.track_line(here, here, (36, 56), d.STEP) if ink is d.SOLID else ""
        shapes = _lattice(pen, span) + drop + pen.track_diamond(here, 23, 10, ink)
        return shapes + pen.track_text(here, 28, words, d.HALO, away)

    return Row(name, draw, strong="b")


def _step_row(step: Step, start: Decimal, span: Span) -> Row:
    left, right = span.share(start), span.share(start + step.gap)
    width = max(HAIR, right - left)
    place, away = (right, 10.0) if right <= TURN else (min(left, 1 - HAIR), -10.0)
    note = ngettext("%(count)s pertanyaan", "%(count)s pertanyaan", step.questions) % {
        "count": formats.integer(step.questions)
    }

    def draw(pen: Pen) -> str:
        words = pen.span(formats.signed(step.gap, 3), d.BOLD)
        words += pen.span(f" {formats.TIE}{note}", d.OPTIONAL) if step.questions else ""
        return (
            _lattice(pen, span)
            + pen.track_line(right, right, (36, 56), d.STEP)
            + pen.track_box(min(left, 1 - width), width, (10, 26), d.GAP)
            + pen.track_text(place, 28, words, d.HALO, away)
        )

    return Row(step.label, draw)


def _fall_rows(values: Waterfall, span: Span) -> list[Row]:
    rows, start = [_end_row(values.label, values.index, span, d.SOLID)], values.index
    for step in values.steps:
        rows.append(_step_row(step, start, span))
        start += step.gap
    rows.append(_end_row(_("Nilai penuh"), values.full, span, d.HOLLOW))
    return rows


def _fall_page(rows: Sequence[Row], span: Span, alt: str) -> str:
    lines = "".join(
        f'<span class="bk-fall__name">{_named(row)}</span>'
        f'<svg class="bk-fall__track">{row.draw(PAGE_PEN)}</svg>'
        for row in rows
    )
    return (
        f'<div class="bk-fall bk-svgtext" role="img" aria-label="{plain_text(alt)}">'
        f'<svg class="bk-fall__axis">{_axis(PAGE_PEN, span.marks(), 15)}</svg>{lines}</div>'
    )


def _fall_paper(rows: Sequence[Row], span: Span) -> str:
    left = _paper_names(rows)
    width = WIDTH - left - 14
    shapes, top = [_axis(Pen(Surface.PAPER, left, 0, width), span.marks(), 14)], 22.0
    for row in rows:
        shapes.append(_paper_row(row, Pen(Surface.PAPER, left, top, width), 23))
        top += 46
    return d.canvas(Surface.PAPER, f"0 0 {WIDTH} {top + 2:g}", "", "".join(shapes))


def waterfall(values: Waterfall) -> Figure:
    """Where the points between the index and the full value are still to be had."""
    span = _span(values.index, values.full)
    rows = _fall_rows(values, span)
    alt = "; ".join(
        [f"{values.label} {formats.number(values.index)}"]
        + [f"{step.label} {formats.signed(step.gap, 3)}" for step in values.steps]
    )
    table = Table(
        _("Poin yang tersisa menurut komponen"),
        (_("Komponen"), _("Bobot"), _("Nilai"), _("Poin yang tersisa")),
        tuple(
            (
                step.label,
                f"{formats.plain(step.weight)}%",
                formats.number(step.value),
                formats.number(step.gap, 3),
            )
            for step in values.steps
        ),
    )

    def draw(surface: Surface) -> str:
        return _fall_page(rows, span, alt) if surface is Surface.PAGE else _fall_paper(rows, span)

    return Figure(alt, table, draw)
