"""The burn-up: answers entered and accepted, against the pace that the deadline asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bukti.wording import drawing as d
from bukti.wording import formats
from bukti.wording.drawing import Figure, Ink, Key, Pen, Point, Surface, Table

LEFT, RIGHT, TOP, BOTTOM = 34.0, 458.0, 14.0, 202.0
#: The pace is that of the last fortnight: long enough to even out weekends.
FORTNIGHT = timedelta(days=14)
STRIDES = (1, 2, 5, 10, 20, 25, 40, 50, 100, 200, 250, 400, 500, 1000)
LONGEST_TABLE = 12


@dataclass(frozen=True, slots=True)
class Day:
    """How many answers were entered and accepted by the end of a day; both only count up."""

    day: date
    entered: int
    accepted: int


@dataclass(frozen=True, slots=True)
class BurnUp:
    """`days` in order, the last one today's; days without a change may be left out."""

    days: tuple[Day, ...]
    total: int
    start: date
    today: date
    deadline: date

    @property
    def now(self) -> Day:
        return self.days[-1] if self.days else Day(self.today, 0, 0)


@dataclass(frozen=True, slots=True)
class Projection:
    """When all answers will be in at the present pace; `early` days before the deadline."""

    day: date | None
    early: int
    sentence: str


# ---------- projection ----------


def _entered_by(values: BurnUp, day: date) -> int:
    return max((known.entered for known in values.days if known.day <= day), default=0)


def _all_in_on(values: BurnUp) -> date | None:
    since = max(values.start, values.today - FORTNIGHT)
    length = (values.today - since).days
    gained = values.now.entered - _entered_by(values, since)
    if gained <= 0 or length <= 0:
        return None
    missing = values.total - values.now.entered
    return values.today + timedelta(days=-(-missing * length // gained))


def _sentence(values: BurnUp, day: date, early: int) -> str:
    facts = {
        "total": formats.integer(values.total),
        "day": formats.date_day(day),
        "count": formats.integer(abs(early)),
    }
    if early > 0:
        return (
            ngettext(
                "Pada laju dua pekan ini, %(total)s jawaban masuk pada %(day)s, "
                "%(count)s hari sebelum tenggat.",
                "Pada laju dua pekan ini, %(total)s jawaban masuk pada %(day)s, "
                "%(count)s hari sebelum tenggat.",
                early,
            )
            % facts
        )
    if early < 0:
        return (
            ngettext(
                "Pada laju dua pekan ini, %(total)s jawaban baru masuk pada %(day)s, "
                "%(count)s hari setelah tenggat.",
                "Pada laju dua pekan ini, %(total)s jawaban baru masuk pada %(day)s, "
                "%(count)s hari setelah tenggat.",
                -early,
            )
            % facts
        )
    return _("Pada laju dua pekan ini, %(total)s jawaban masuk tepat pada hari tenggat.") % facts


def projection(values: BurnUp) -> Projection:
    """A straight line through the last fortnight, and the sentence that tells it."""
    if values.now.entered >= values.total:
        total = formats.integer(values.total)
        return Projection(None, 0, _("Semua %(total)s jawaban sudah masuk.") % {"total": total})
    day = _all_in_on(values)
    if day is None:
        sentence = _("Belum ada jawaban masuk dalam dua pekan ini, jadi laju belum dapat dihitung.")
        return Projection(None, 0, sentence)
    early = (values.deadline - day).days
    return Projection(day, early, _sentence(values, day, early))


# ---------- drawing ----------


@dataclass(frozen=True, slots=True)
class Frame:
    """Days and counts to places."""

    start: date
    end: date
    total: int

    def x(self, day: date) -> float:
        length = max(1, (self.end - self.start).days)
        return LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, (day - self.start).days / length))

    def y(self, count: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * min(1.0, count / max(1, self.total))


def _frame(values: BurnUp) -> Frame:
    return Frame(values.start, max(values.deadline, values.today), values.total)


def _lattice(pen: Pen, frame: Frame) -> str:
    stride = next((s for s in STRIDES if frame.total / s <= 4), max(1, frame.total // 4))
    marks = [mark for mark in range(0, frame.total, stride) if frame.total - mark >= 0.6 * stride]
    shapes = []
    for mark in [*marks, frame.total]:
        y = frame.y(mark)
        shapes.append(pen.path(f"M{LEFT:g} {y:.1f}H{RIGHT:g}", d.GRID))
        shapes.append(pen.text((LEFT - 8, y + 5), formats.integer(mark), d.SOFT, "end"))
    return "".join(shapes)


def _area(pen: Pen, frame: Frame, counts: Sequence[tuple[date, int]], ink: Ink) -> str:
    places = [(frame.x(day), frame.y(count)) for day, count in counts]
    end = places[-1][0]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return pen.path(f"M{places[0][0]:.1f},{BOTTOM:g} L{line} L{end:.1f},{BOTTOM:g}Z", ink)


def _series(values: BurnUp) -> list[Day]:
    """Each day from the start to today; a day that is not known stays as the one before."""
    known = {day.day: day for day in values.days}
    series, last = [], Day(values.start, 0, 0)
    for ahead in range(max(0, (values.today - values.start).days) + 1):
        day = values.start + timedelta(days=ahead)
        last = known.get(day, last)
        series.append(Day(day, last.entered, last.accepted))
    return series


def _beside(pen: Pen, spot: Point, words: str, anchor: str) -> str:
    """Bold words that stay readable where a line runs under them."""
    return pen.spans(spot, pen.span(words, d.BOLD), d.HALO, anchor)


def _counts(pen: Pen, frame: Frame, values: BurnUp) -> str:
    """Today's two counts: beside its line, inside the dark area where there is room."""
    x, now = frame.x(values.today), values.now
    entered = _("%(count)s masuk") % {"count": formats.integer(now.entered)}
    accepted = _("%(count)s diterima") % {"count": formats.integer(now.accepted)}
    is_late = x > 340
    side, anchor = (-9.0, "end") if is_late else (9.0, "start")
    height = frame.y(now.entered) - 8 if is_late else min(frame.y(now.entered) + 22, 166.0)
    shapes = _beside(pen, (x + side, max(height, 12.0)), entered, anchor)
    is_roomy = frame.y(now.accepted) < 160 and x > 160
    if is_roomy:
        return shapes + pen.text((x - 9, 190), accepted, d.ON_TEAL, "end")
    if is_late:
        return shapes
    return shapes + _beside(pen, (x + 9, 190), accepted, "start")


def _dates(pen: Pen, frame: Frame, values: BurnUp) -> str:
    x = frame.x(values.today)
    middle = "end" if x > RIGHT - 30 else "start" if x < LEFT + 30 else "middle"
    shapes = pen.text((x, 224), formats.date_short(values.today), d.BOLD, middle)
    if x > LEFT + 80:
        shapes += pen.text((LEFT, 224), formats.date_short(values.start), d.SOFT)
    due = frame.x(values.deadline)
    height = 224.0 if abs(due - x) > 80 else TOP - 5
    anchor = "end" if due > RIGHT - 30 else "middle"
    return shapes + pen.text((due, height), formats.date_short(values.deadline), d.SOFT, anchor)


def _is_crowded(values: BurnUp, frame: Frame) -> bool:
    """Whether the areas reach to where the pace line would be named."""
    return frame.x(values.today) > 250 and frame.y(values.now.entered) < 62


def _pace(pen: Pen, frame: Frame, values: BurnUp) -> str:
    """The line the deadline asks; named only where the areas leave room beside it."""
    end: Point = (frame.x(values.deadline), frame.y(values.total))
    line = pen.path(f"M{LEFT:g} {BOTTOM:g}L{end[0]:.1f} {end[1]:.1f}", d.PAST)
    if _is_crowded(values, frame):
        return line
    x = LEFT + (end[0] - LEFT) * 0.8
    y = BOTTOM + (end[1] - BOTTOM) * 0.8
    return line + pen.text((x, y - 13.4), _("laju yang diperlukan"), d.SOFT, "end")


def _draw(values: BurnUp, alt: str, surface: Surface) -> str:
    pen = Pen(surface)
    frame = _frame(values)
    days, x = _series(values), frame.x(values.today)
    top = min(frame.y(values.now.entered), BOTTOM - 6)
    inner = "".join(
        (
            _lattice(pen, frame),
            _area(pen, frame, [(day.day, day.entered) for day in days], d.AREA_LIGHT),
            _area(pen, frame, [(day.day, day.accepted) for day in days], d.AREA),
            _pace(pen, frame, values),
            pen.path(f"M{x:.1f} {top:.1f}V{BOTTOM:g}", d.MARK),
            _counts(pen, frame, values),
            _dates(pen, frame, values),
        )
    )
    return d.canvas(surface, "0 0 520 230", alt, inner)


def _table(values: BurnUp) -> Table:
    """At most a dozen evenly chosen days, today always among them."""
    days = list(values.days)
    stride = max(1, -(-len(days) // LONGEST_TABLE))
    chosen = days[::-1][::stride][::-1]
    return Table(
        _("Jawaban masuk dan diterima"),
        (_("Tanggal"), _("Masuk"), _("Diterima")),
        tuple(
            (
                formats.date_day(day.day),
                formats.integer(day.entered),
                formats.integer(day.accepted),
            )
            for day in chosen
        ),
    )


def burn_up(values: BurnUp) -> Figure:
    """Entered and accepted answers day by day, today's counts, and the pace required."""
    now = values.now
    alt = _(
        "Per %(today)s: %(entered)s dari %(total)s jawaban masuk, %(accepted)s diterima. "
        "Tenggat %(deadline)s."
    ) % {
        "today": formats.date_day(values.today),
        "entered": formats.integer(now.entered),
        "total": formats.integer(values.total),
        "accepted": formats.integer(now.accepted),
        "deadline": formats.date_day(values.deadline),
    }
    named = Key(_("laju yang diperlukan"), d.PAST)
    keys = (named,) if _is_crowded(values, _frame(values)) else ()
    return Figure(alt, _table(values), lambda surface: _draw(values, alt, surface), keys)
