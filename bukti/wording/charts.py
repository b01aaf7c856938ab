"""The radar of components; and the door to every other figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from django.utils.translation import gettext as _

from bukti.wording import drawing as d
from bukti.wording import formats
from bukti.wording.drawing import Figure, Key, Pen, Point, Surface, Table
from bukti.wording.formats import Number
from bukti.wording.marks import (
    Cell,
    cell,
    lozenge,
    lozenge_on_paper,
    progress,
    progress_on_paper,
    state_bar,
    state_bar_on_paper,
    state_bar_small,
    two_values,
    two_values_legend,
    two_values_on_paper,
)
from bukti.wording.pace import BurnUp, Day, Projection, burn_up, projection
from bukti.wording.tracks import Layer, Step, Waterfall, scale, waterfall

__all__ = [
    "Axis",
    "BurnUp",
    "Cell",
    "Day",
    "Figure",
    "Layer",
    "Projection",
    "Radar",
    "Step",
    "Table",
    "Waterfall",
    "burn_up",
    "cell",
    "lozenge",
    "lozenge_on_paper",
    "progress",
    "progress_on_paper",
    "projection",
    "radar",
    "scale",
    "state_bar",
    "state_bar_on_paper",
    "state_bar_small",
    "two_values",
    "two_values_legend",
    "two_values_on_paper",
    "waterfall",
]

# ---------- radar ----------

CENTRE = (230.0, 234.0)
REACH = 170.0
#: How far outside the last ring the names stand.
NAMES_AT = 1.09
#: A longer name breaks in two.
LONGEST = 11
#: What a letter and a line take at most, in the drawing's units: a phone sets them larger.
LETTER, LINE = 10.5, 24.0


@dataclass(frozen=True, slots=True)
class Axis:
    """One component: its value now, before, and aimed at. None is not zero."""

    label: str
    now: Number | None
    before: Number | None = None
    target: Number | None = None


@dataclass(frozen=True, slots=True)
class Radar:
    """Three axes or more; what the years are called. Without `before`, no dashed line."""

    axes: tuple[Axis, ...]
    now: str
    before: str = ""
    target: str = ""
    full: int = 4


def _spot(place: int, count: int, reach: float) -> Point:
    turn = 2 * pi * place / count
    return CENTRE[0] + reach * sin(turn), CENTRE[1] - reach * cos(turn)


def _web(pen: Pen, count: int, full: int) -> str:
    rings = []
    for ring in range(1, full + 1):
        corners = [_spot(i, count, REACH * ring / full) for i in range(count)]
        rings.append(pen.polygon(corners, d.AXIS if ring == full else d.GRID))
    spokes = (_spot(i, count, REACH) for i in range(count))
    x, y = CENTRE
    return "".join(rings) + "".join(
        pen.path(f"M{x:g} {y:g}L{tip[0]:.2f} {tip[1]:.2f}", d.GRID) for tip in spokes
    )


def _corners(values: Sequence[Number | None], full: int) -> list[Point | None]:
    return [
        None
        if value is None
        else _spot(i, len(values), REACH * min(1.0, max(0.0, float(value) / full)))
        for i, value in enumerate(values)
    ]


def _runs(corners: Sequence[Point | None]) -> list[list[Point]]:
    """Neighbouring corners in lines, across the top too, broken wherever a value is missing."""
    first = corners.index(None)
    turned = [*corners[first + 1 :], *corners[: first + 1]]
    runs: list[list[Point]] = [[]]
    for corner in turned:
        if corner is None:
            runs.append([])
        else:
            runs[-1].append(corner)
    return [run for run in runs if len(run) > 1]


def _outline(pen: Pen, corners: Sequence[Point | None], closed: d.Ink, open_: d.Ink) -> str:
    whole = [corner for corner in corners if corner is not None]
    if len(whole) == len(corners):
        return pen.polygon(whole, closed)
    return "".join(pen.polyline(run, open_) for run in _runs(corners))


def _lines(label: str) -> list[str]:
    """The name in one line, or in two near its middle."""
    if len(label) <= LONGEST or " " not in label:
        return [label]
    gaps = [i for i, letter in enumerate(label) if letter == " "]
    middle = min(gaps, key=lambda i: abs(i - len(label) / 2))
    return [label[:middle], label[middle + 1 :]]


def _name(pen: Pen, values: Radar, place: int) -> str:
    axis, count = values.axes[place], len(values.axes)
    x, y = _spot(place, count, REACH * NAMES_AT)
    side, height = sin(2 * pi * place / count), cos(2 * pi * place / count)
    anchor = "middle" if abs(side) < 0.1 else "start" if side > 0 else "end"
    names = _lines(axis.label)
    lift = -20.0 if height > 0.9 else 14.0 if height < -0.9 else 8.0 if height < -0.7 else -4.0
    rise = 20.0 * (len(names) - 1) * (0.0 if height < -0.7 else 1.0)
    below = f' x="{x:.1f}" dy="1.2em"'
    spans = pen.span(names[0], d.BOLD)
    spans += "".join(pen.span(name, d.BOLD, below) for name in names[1:])
    spans += pen.span(formats.number(axis.now), d.BOLD, below)
    if values.before:
        past = _("baru") if axis.before is None else formats.number(axis.before)
        spans += pen.span(f" {formats.TIE}{past}", d.SOFT)
    return pen.spans((x, y + lift - rise), spans, d.TEXT, anchor)


def _box(axes: Sequence[Axis]) -> str:
    """Room for the names around the web: never less than the usual six components take."""
    side, above, below = 30.0, 0, 0
    for place, axis in enumerate(axes):
        names = _lines(axis.label)
        x, y = _spot(place, len(axes), REACH * NAMES_AT)
        if abs(x - CENTRE[0]) > 20:
            reach = abs(x - CENTRE[0]) + LETTER * max(len(name) for name in names)
            side = max(side, reach - CENTRE[0] + 4)
        if y < CENTRE[1] - REACH:
            above = max(above, len(names) - 1)
        if y > CENTRE[1] + REACH * 0.7:
            below = max(below, len(names) - 1)
    height = 450 + LINE * (above + below)
    return f"{-side:g} {8 - LINE * above:g} {460 + 2 * side:g} {height:g}"


def _radar_keys(values: Radar) -> tuple[Key, ...]:
    keys = [Key(values.now, d.NOW_OPEN)]
    if values.before:
        keys.append(Key(values.before, d.PAST))
    if values.target:
        keys.append(Key(values.target, d.TARGET))
    return tuple(keys)


def _paper_keys(pen: Pen, keys: Sequence[Key], start: Point) -> str:
    x, y = start
    shapes = []
    for key in keys:
        shapes.append(pen.path(f"M{x:g} {y - 5:g}h28", key.ink))
        shapes.append(pen.text((x + 36, y), key.label, d.TEXT))
        x += 36 + 8 * len(key.label) + 26
    return "".join(shapes)


def _draw_radar(values: Radar, alt: str, surface: Surface) -> str:
    pen, count = Pen(surface), len(values.axes)
    now = _corners([axis.now for axis in values.axes], values.full)
    shapes = [_web(pen, count, values.full)]
    if values.before:
        before = _corners([axis.before for axis in values.axes], values.full)
        shapes.append(_outline(pen, before, d.PAST, d.PAST))
    if values.target:
        target = _corners([axis.target for axis in values.axes], values.full)
        shapes.append(_outline(pen, target, d.TARGET, d.TARGET))
    shapes.append(_outline(pen, now, d.NOW, d.NOW_OPEN))
    shapes += [pen.circle(*corner, 4, d.DOT) for corner in now if corner]
    x, y = CENTRE
    shapes += [
        pen.text((x + 4, y - REACH * ring / values.full + 4), str(ring), d.SMALL)
        for ring in range(1, values.full)
    ]
    shapes += [_name(pen, values, place) for place in range(count)]
    box = _box(values.axes)
    if surface is Surface.PAGE:
        return d.canvas(surface, box, alt, "".join(shapes), "has-radar")
    left, top, width, height = (float(side) for side in box.split())
    shapes.append(_paper_keys(pen, _radar_keys(values), (left + 10, top + height + 28)))
    return d.canvas(surface, f"{left:g} {top:g} {width:g} {height + 40:g}", alt, "".join(shapes))


def _radar_table(values: Radar) -> Table:
    head = [_("Komponen"), *([values.before] if values.before else []), values.now]
    head += [_("Perubahan")] if values.before else []
    head += [values.target] if values.target else []
    rows = []
    for axis in values.axes:
        row = [axis.label, *([formats.number(axis.before)] if values.before else [])]
        row.append(formats.number(axis.now))
        if values.before:
            row.append(_change(axis))
        if values.target:
            row.append(formats.number(axis.target))
        rows.append(tuple(row))
    return Table(_("Nilai komponen"), tuple(head), tuple(rows))


def _change(axis: Axis) -> str:
    """Between the values as printed, as the table shows them."""
    if axis.now is None or axis.before is None:
        return formats.NOTHING
    return formats.signed(round(float(axis.now), 2) - round(float(axis.before), 2))


def radar(values: Radar) -> Figure:
    """Components around a centre. A missing value leaves a gap, never a dent to zero."""
    table = _radar_table(values)
    alt = "; ".join(
        f"{row[0]}: "
        + ", ".join(f"{name} {cell}" for name, cell in zip(table.head[1:], row[1:], strict=True))
        for row in table.rows
    )
    return Figure(
        alt, table, lambda surface: _draw_radar(values, alt, surface), _radar_keys(values)
    )
