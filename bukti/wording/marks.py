"""Small drawings that stand in a line or a table: the lozenge, bars, the two-value scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bukti.rules.workflow import AnswerState
from bukti.wording import drawing as d
from bukti.wording import formats
from bukti.wording.drawing import Ink, Pen, Surface, safe
from bukti.wording.formats import Number

FULL = 4
#: The half-diagonal of a full lozenge in its box of 24, and of the three rings inside it.
REACH = 11.0
RINGS = (2.75, 5.5, 8.25)
#: A ring this close inside the filled edge would only blur it.
BLUR = 0.6
#: Below this, a cell of the matrix is marked.
LOW = Decimal(2)

LZ_FILL = Ink('fill="currentColor"', f'fill="{d.TEAL}"')
LZ_CUT = Ink(
    'fill="none" stroke="var(--bk-paper)" stroke-width=".7"',
    f'fill="none" stroke="{d.WHITE}" stroke-width="0.7"',
)
LZ_RING = Ink(
    'fill="none" stroke="currentColor" stroke-width=".6" opacity=".55"',
    f'fill="none" stroke="{d.TEAL}" stroke-width="0.6" opacity="0.55"',
)
LZ_EDGE = Ink('fill="none" stroke="currentColor"', f'fill="none" stroke="{d.TEAL}"')
LZ_NONE = Ink(
    'fill="none" stroke="currentColor" stroke-dasharray="2.2 2.2" opacity=".75"',
    f'fill="none" stroke="{d.STRONG}" stroke-dasharray="2.2 2.2"',
)

#: Hatching of a draft: the page has the pattern in its sprite, a drawing on paper brings its own.
HATCH = (
    '<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)">'
    f'<rect width="7" height="7" fill="{d.WHITE}"/><rect width="3" height="7" fill="{d.MID}"/>'
    "</pattern></defs>"
)
#: In the order of the bar, from done to open.
BAR_INKS = {
    AnswerState.ACCEPTED: Ink('class="bk-bar__diterima"', f'fill="{d.TEAL}" stroke="{d.TEAL}"'),
    AnswerState.SUBMITTED: Ink('class="bk-bar__diajukan"', f'fill="{d.MID}" stroke="{d.TEAL}"'),
    AnswerState.RETURNED: Ink(
        'class="bk-bar__revisi"', f'fill="{d.AMBER_FILL}" stroke="{d.AMBER_INK}" stroke-width="2"'
    ),
    AnswerState.DRAFT: Ink('class="bk-bar__draf"', f'fill="url(#hatch)" stroke="{d.STRONG}"'),
    AnswerState.EMPTY: Ink(
        'class="bk-bar__belum"',
        f'fill="{d.WHITE}" stroke="{d.STRONG}" stroke-dasharray="3 2"',
    ),
    AnswerState.NOT_APPLICABLE: Ink(
        'class="bk-bar__lepas" fill="var(--bk-sunken)" stroke="var(--bk-line)"',
        f'fill="{d.SUNKEN}" stroke="{d.LINE}"',
    ),
}


def _diamond(radius: float) -> str:
    near, far = d.figures(12 - radius), d.figures(12 + radius)
    return f"M12 {near} {far} 12 12 {far} {near} 12Z"


def _rings(pen: Pen, value: float | None) -> str:
    if value is None:
        return pen.path(_diamond(REACH), LZ_NONE)
    filled = min(max(value, 0.0), float(FULL)) / FULL * REACH
    shapes = [pen.path(_diamond(filled), LZ_FILL)] if filled else []
    for ring in RINGS:
        if filled <= ring:
            shapes.append(pen.path(_diamond(ring), LZ_RING))
        elif filled - ring >= BLUR:
            shapes.append(pen.path(_diamond(ring), LZ_CUT))
    shapes.append(pen.path(_diamond(REACH), LZ_EDGE))
    return "".join(shapes)


@lru_cache(maxsize=4096)
def _lozenge(value: float | None, size: int) -> SafeString:
    rings = _rings(Pen(Surface.PAGE), value)
    return safe(
        f'<svg class="bk-lz" viewBox="0 0 24 24" width="{size}" height="{size}"'
        f' aria-hidden="true">{rings}</svg>'
    )


def lozenge(value: Number | None, size: int = 24) -> SafeString:
    """Four nested rings filled to `value` of 4 by half-diagonal; dashed when there is none.

    Hidden from readers: it never stands without its number beside it.
    """
    return _lozenge(None if value is None else round(float(value), 2), size)


def lozenge_on_paper(value: Number | None) -> str:
    """The same as a document of its own, 24 by 24, for a PDF."""
    rings = _rings(Pen(Surface.PAPER), None if value is None else round(float(value), 2))
    return d.canvas(Surface.PAPER, "0 0 24 24", "", rings)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the component × dimension matrix."""

    lozenge: SafeString
    words: str
    is_low: bool


def cell(value: Number | None) -> Cell:
    """Lozenge and number; low below 2,00; empty where the component has no such dimension."""
    if value is None:
        return Cell(safe(""), "", is_low=False)
    return Cell(lozenge(value, 30), formats.number(value), Decimal(str(value)) < LOW)


# ---------- bars ----------


def _segments(pen: Pen, counts: Mapping[AnswerState, int], seam: float, ys: d.Point) -> str:
    """Shares side by side; the seams between them come off the whole, not off the small ones."""
    shown = [(ink, counts.get(state, 0)) for state, ink in BAR_INKS.items()]
    shown = [(ink, count) for ink, count in shown if count > 0]
    total = sum(count for _, count in shown)
    room = 1 - seam * max(0, len(shown) - 1)
    start, boxes = 0.0, []
    for ink, count in shown:
        share = count / total * room
        boxes.append(pen.track_box(start, share, ys, ink, corner=2))
        start += share + seam
    return "".join(boxes)


def state_bar(counts: Mapping[AnswerState, int]) -> SafeString:
    """The states of many answers, across the page. Hidden from readers: the counts stand by."""
    boxes = _segments(Pen(Surface.PAGE), counts, 0.004, (1, 12))
    return safe(f'<svg class="bk-bar" aria-hidden="true">{boxes}</svg>')


def state_bar_small(counts: Mapping[AnswerState, int]) -> SafeString:
    """The same in a table's cell."""
    boxes = _segments(Pen(Surface.PAGE), counts, 0.015, (1, 10))
    return safe(f'<svg class="bk-bar bk-bar--s" aria-hidden="true">{boxes}</svg>')


def state_bar_on_paper(counts: Mapping[AnswerState, int]) -> str:
    pen = Pen(Surface.PAPER, left=1, width=678)
    boxes = _segments(pen, counts, 0.005, (1, 12))
    return d.canvas(Surface.PAPER, "0 0 680 14", "", HATCH + boxes)


def progress(done: int, total: int, label: str) -> SafeString:
    """One quantity on its way, as the browser's own meter."""
    return safe(
        f'<progress class="bk-progress" value="{min(done, total)}" max="{max(total, 1)}"'
        f' aria-label="{d.plain_text(label)}">{done} / {total}</progress>'
    )


def progress_on_paper(done: int, total: int) -> str:
    pen = Pen(Surface.PAPER, width=240)
    share = min(1.0, done / total) if total else 0.0
    ground, filled = Ink("", f'fill="{d.LINE}"'), Ink("", f'fill="{d.TEAL}"')
    boxes = pen.track_box(0, 1, (0, 8), ground, 2)
    if share:
        boxes += pen.track_box(0, share, (0, 8), filled, 2)
    return d.canvas(Surface.PAPER, "0 0 240 8", "", boxes)


# ---------- claimed and verified, in a row of the agency league ----------


def _two_values(pen: Pen, claimed: float | None, verified: float | None) -> str:
    """Hollow is what was claimed, full what was verified, amber what lies between."""
    ticks = "".join(f"M{8 + 53.5 * step:g} 7v8" for step in range(FULL + 1))
    shapes = [pen.path(f"M8 11H222{ticks}", d.GRID)]
    places = [
        None if v is None else 8 + 214 * min(max(v, 0), FULL) / FULL for v in (claimed, verified)
    ]
    if places[0] is not None and places[1] is not None and places[0] != places[1]:
        ends = f"M{d.figures(places[0])} 11H{d.figures(places[1])}"
        shapes.append(pen.path(ends, d.GAP_THIN))
    for x, radius, ink in zip(places, (6.0, 6.5), (d.HOLLOW, d.SOLID), strict=True):
        if x is not None:
            r = d.figures(radius)
            shapes.append(pen.path(f"M{d.figures(x - radius)} 11l{r} -{r} {r} {r} -{r} {r}Z", ink))
    return "".join(shapes)


def two_values(claimed: Number | None, verified: Number | None) -> SafeString:
    """A row's scale from 0 to 4. Hidden from readers: both numbers stand in the row."""
    inner = _two_values(Pen(Surface.PAGE), _float(claimed), _float(verified))
    return safe(
        f'<svg viewBox="0 0 230 22" width="230" height="22" aria-hidden="true">{inner}</svg>'
    )


def two_values_on_paper(claimed: Number | None, verified: Number | None) -> str:
    inner = _two_values(Pen(Surface.PAPER), _float(claimed), _float(verified))
    return d.canvas(Surface.PAPER, "0 0 230 22", "", inner)


def two_values_legend() -> SafeString:
    """The key of the league: hollow claimed, full verified."""
    pen = Pen(Surface.PAGE)
    keys = ((d.HOLLOW, _("mandiri")), (d.SOLID, _("terverifikasi")))
    return safe(
        "".join(
            '<span class="bk-legend__item"><svg width="16" height="16" viewBox="0 0 16 16"'
            f' aria-hidden="true">{pen.path("M2 8 8 2l6 6-6 6Z", ink)}</svg>'
            f"{d.plain_text(label)}</span>"
            for ink, label in keys
        )
    )


def _float(value: Number | None) -> float | None:
    return None if value is None else float(value)
