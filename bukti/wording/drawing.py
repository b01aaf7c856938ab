"""One drawing, two surfaces: the page, where classes take the theme's colours, and paper.

A PDF knows no stylesheet, so each ink says both: a class (or token) for the page, fixed
attributes for paper. No `style` anywhere: the content policy forbids it. All words are escaped.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from html import escape, unescape

from django.utils.safestring import SafeString, mark_safe

Point = tuple[float, float]


class Surface(Enum):
    """What is drawn on."""

    PAGE = "page"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Ink:
    """SVG attributes for a shape on each surface."""

    page: str
    paper: str


# Light tokens of the visual guide; the PDF is white, so paper and surface are one.
INK, SOFT_INK, FAINT, LINE, STRONG = "#17211f", "#46524e", "#5f6a66", "#ddd9cf", "#7f8984"
TEAL, MID, WHITE, SUNKEN = "#0a5a56", "#b5d6d0", "#ffffff", "#f3f1eb"
AMBER, AMBER_FILL, AMBER_INK = "#f0a63a", "#f9d391", "#854800"

GRID = Ink('class="bk-g-grid"', f'fill="none" stroke="{LINE}"')
AXIS = Ink('class="bk-g-axis"', f'fill="none" stroke="{STRONG}"')
STEP = Ink('class="bk-g-axis bk-fall__step"', AXIS.paper)
NOW = Ink(
    'class="bk-g-now"',
    f'fill="{TEAL}" fill-opacity="0.12" stroke="{TEAL}" stroke-width="2.5" stroke-linejoin="round"',
)
#: The outline of now where a value is missing: an open line must not be filled.
NOW_OPEN = Ink(
    'fill="none" stroke="var(--bk-teal)" stroke-width="2.5" stroke-linejoin="round"',
    f'fill="none" stroke="{TEAL}" stroke-width="2.5" stroke-linejoin="round"',
)
PAST = Ink(
    'class="bk-g-past"',
    f'fill="none" stroke="{SOFT_INK}" stroke-width="1.5" stroke-dasharray="5 4"'
    ' stroke-linejoin="round"',
)
TARGET = Ink(
    'fill="none" stroke="var(--bk-amber-ink)" stroke-width="1.75" stroke-dasharray="1.5 4"'
    ' stroke-linecap="round"',
    f'fill="none" stroke="{AMBER_INK}" stroke-width="1.75" stroke-dasharray="1.5 4"'
    ' stroke-linecap="round"',
)
DOT = Ink('class="bk-g-dot"', f'fill="{TEAL}"')
SOLID = Ink('class="bk-g-solid"', f'fill="{TEAL}"')
HALF = Ink('class="bk-g-mid"', f'fill="{MID}" stroke="{TEAL}"')
HOLLOW = Ink('class="bk-g-white"', f'fill="{WHITE}" stroke="{TEAL}" stroke-width="1.75"')
GAP = Ink('class="bk-g-gap"', f'fill="{AMBER_FILL}" stroke="{AMBER_INK}"')
GAP_LINE = Ink('class="bk-g-gapline"', f'stroke="{AMBER}" stroke-width="6"')
GAP_THIN = Ink('stroke="var(--bk-amber)" stroke-width="4"', f'stroke="{AMBER}" stroke-width="4"')
AREA = Ink('fill="var(--bk-teal)"', f'fill="{TEAL}"')
AREA_LIGHT = Ink('fill="var(--bk-teal-mid)"', f'fill="{MID}"')
MARK = Ink(
    'stroke="var(--bk-ink)" stroke-width="1.5"',
    f'stroke="{INK}" stroke-width="1.5"',
)


def _type(css: str, colour: str = INK, weight: int = 400, points: int = 14) -> Ink:
    """Words: on the page the stylesheet sets the size, so that a phone can set another."""
    family = 'font-family="Bukti Sans"'
    return Ink(css, f'{family} font-size="{points}" font-weight="{weight}" fill="{colour}"')


TEXT = _type("")
BOLD = _type('class="bk-t-b"', weight=700)
SOFT = _type('class="bk-t-soft"', FAINT)
SMALL = _type('class="bk-t-soft bk-t-s"', FAINT, points=12)
ON_TEAL = _type('class="bk-t-b bk-t-on"', WHITE, weight=700)
#: What a phone has no room for.
OPTIONAL = _type('class="bk-t-soft bk-fall__opt"', FAINT)
#: Words over lines: the ground shows around them. Spans inside choose their own ink. Paper gets
#: a white box behind them, since what prints a PDF paints the outline over the letters.
HALO = Ink('class="bk-g-halo"', TEXT.paper)
#: What a letter takes at most, on paper at 14 units.
LETTER = 7.0


def plain_text(words: str) -> str:
    """`words` for SVG or HTML: escaped, without the controls that XML refuses."""
    allowed = (letter for letter in words if letter.isprintable() or letter in "\t\n \N{NBSP}")
    return escape("".join(allowed))


def figures(value: float) -> str:
    """A coordinate in as few digits as matter."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def pairs(points: Iterable[Point]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws on one surface. Shares (0 to 1) of a track become percentages or fixed places.

    Percentages let a track grow with the page while its words keep their size on a phone.
    """

    surface: Surface
    left: float = 0
    top: float = 0
    width: float = 100

    def ink(self, ink: Ink) -> str:
        chosen = ink.page if self.surface is Surface.PAGE else ink.paper
        return f" {chosen}" if chosen else ""

    # ---- in the drawing's own units ----

    def path(self, course: str, ink: Ink) -> str:
        return f'<path{self.ink(ink)} d="{course}"/>'

    def polygon(self, points: Iterable[Point], ink: Ink) -> str:
        return f'<polygon{self.ink(ink)} points="{pairs(points)}"/>'

    def polyline(self, points: Iterable[Point], ink: Ink) -> str:
        return f'<polyline{self.ink(ink)} points="{pairs(points)}"/>'

    def circle(self, x: float, y: float, radius: float, ink: Ink) -> str:
        return f'<circle{self.ink(ink)} cx="{x:.2f}" cy="{y:.2f}" r="{figures(radius)}"/>'

    def text(self, spot: Point, words: str, ink: Ink, anchor: str = "start") -> str:
        """One line of words; `words` is plain text."""
        return self._text(figures(spot[0]), spot[1], plain_text(words), ink, anchor)

    def spans(self, spot: Point, spans: str, ink: Ink, anchor: str = "start") -> str:
        """Words already made by `span`."""
        ground = self._ground(spot, spans, anchor) if ink is HALO else ""
        return ground + self._text(figures(spot[0]), spot[1], spans, ink, anchor)

    def span(self, words: str, ink: Ink, place: str = "") -> str:
        return f"<tspan{self.ink(ink)}{place}>{plain_text(words)}</tspan>"

    # ---- along a track ----

    def across(self, share: float) -> str:
        """The place of a share on the track."""
        if self.surface is Surface.PAGE:
            return f"{figures(share * 100)}%"
        return figures(self.left + share * self.width)

    def length(self, share: float) -> str:
        if self.surface is Surface.PAGE:
            return f"{figures(share * 100)}%"
        return figures(share * self.width)

    def track_line(self, start: float, end: float, ys: Point, ink: Ink) -> str:
        y1, y2 = figures(self.top + ys[0]), figures(self.top + ys[1])
        return (
            f'<line{self.ink(ink)} x1="{self.across(start)}" x2="{self.across(end)}"'
            f' y1="{y1}" y2="{y2}"/>'
        )

    def track_box(self, start: float, share: float, ys: Point, ink: Ink, corner: int = 0) -> str:
        """`ys` is top and height."""
        rounded = f' rx="{corner}"' if corner else ""
        return (
            f'<rect{self.ink(ink)} x="{self.across(start)}" y="{figures(self.top + ys[0])}"'
            f' width="{self.length(share)}" height="{figures(ys[1])}"{rounded}/>'
        )

    def track_diamond(self, share: float, y: float, radius: float, ink: Ink) -> str:
        """A lozenge that keeps its size wherever the track ends."""
        r = figures(radius)
        shape = self.path(f"M-{r} 0 0 -{r} {r} 0 0 {r}Z", ink)
        x, level = self.across(share), figures(self.top + y)
        if self.surface is Surface.PAGE:
            return f'<svg x="{x}" y="{level}" overflow="visible">{shape}</svg>'
        return f'<g transform="translate({x} {level})">{shape}</g>'

    def track_text(self, share: float, y: float, spans: str, ink: Ink, away: float = 0) -> str:
        """Spans beside a share of the track: `away` units right of it, or left if negative."""
        anchor = "middle" if not away else "end" if away < 0 else "start"
        if self.surface is Surface.PAPER:
            spot = (self.left + share * self.width + away, self.top + y)
            return self.spans(spot, spans, ink, anchor)
        place = f'{self.across(share)}" dx="{figures(away)}' if away else self.across(share)
        return self._text(place, self.top + y, spans, ink, anchor)

    def _ground(self, spot: Point, spans: str, anchor: str) -> str:
        if self.surface is Surface.PAGE:
            return ""
        width = LETTER * len(unescape(re.sub("<[^>]*>", "", spans)))
        left = spot[0] - (width if anchor == "end" else 0)
        return (
            f'<rect x="{figures(left - 2)}" y="{figures(spot[1] - 14)}"'
            f' width="{figures(width + 4)}" height="19" fill="{WHITE}"/>'
        )

    def _text(self, x: str, y: float, inner: str, ink: Ink, anchor: str) -> str:
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        return f'<text{self.ink(ink)} x="{x}" y="{figures(y)}"{where}>{inner}</text>'


@dataclass(frozen=True, slots=True)
class Table:
    """The same values for reading: the first column names its row, the others are figures."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: a line in an ink, and what it stands for."""

    label: str
    ink: Ink


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, its words for who cannot see it, and the table of the same values."""

    alt: str
    table: Table
    draw: Callable[[Surface], str]
    keys: tuple[Key, ...] = ()

    @property
    def page(self) -> SafeString:
        """For a template: safe, in the page's colours."""
        return safe(self.draw(Surface.PAGE))

    @property
    def paper(self) -> str:
        """One SVG document in fixed colours, for a PDF."""
        return self.draw(Surface.PAPER)

    @property
    def legend(self) -> SafeString:
        """The legend for a page; on paper the drawing carries it."""
        pen = Pen(Surface.PAGE)
        line = '<svg width="28" height="10" aria-hidden="true">{}</svg>'
        return safe(
            "".join(
                '<span class="bk-legend__item">'
                f"{line.format(pen.path('M0 5h28', key.ink))}{plain_text(key.label)}</span>"
                for key in self.keys
            )
        )


def safe(markup: str) -> SafeString:
    """Marks what this module made: every word in it went through `plain_text`."""
    return mark_safe(markup)  # noqa: S308  see the docstring


def canvas(surface: Surface, box: str, alt: str, inner: str, css: str = "") -> str:
    """An SVG of fixed proportions. `box` is x, y, width and height."""
    if surface is Surface.PAPER:
        _, _, width, height = box.split()
        size = f' width="{width}" height="{height}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"{size}>{inner}</svg>'
    css = f' class="{css}"' if css else ""
    return f'<svg viewBox="{box}"{css} role="img" aria-label="{plain_text(alt)}">{inner}</svg>'
