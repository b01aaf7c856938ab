"""Dates, times, numbers, sizes and file names as people read them.

Pure functions over values. `language` is "id" or "en"; without one, the language of the page.
Anything else than English reads Indonesian, the product's own language.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

Number = Decimal | int | float

#: Between what a line break may not part: 27 and November, 2,1 and MB.
TIE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
#: Stands where there is no value. Zero is a value.
NOTHING = "\N{EN DASH}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MONTHS = {
    "id": _words(
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
    ),
    "en": _words(
        "January February March April May June July August September October November December"
    ),
}
SHORT_MONTHS = {
    "id": _words("Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des"),
    "en": _words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
}
WEEKDAYS = {
    "id": _words("Senin Selasa Rabu Kamis Jumat Sabtu Minggu"),
    "en": _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
}
#: How Indonesians name their three zones. Elsewhere the zone's own abbreviation stands.
ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
SIZES = ("B", "kB", "MB", "GB", "TB")

LONGEST_NAME = 120
LONGEST_EXTENSION = 12
#: Names that Windows keeps for devices, whatever the extension.
DEVICES = frozenset({"con", "prn", "aux", "nul"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}


def spoken(language: str | None = None) -> str:
    """The language to write in: the one given, else the page's."""
    chosen = language or get_language() or "id"
    return "en" if chosen.startswith("en") else "id"


# ---------- dates and times ----------


def date_long(day: date, language: str | None = None) -> str:
    """27 November 2026, the day tied to its month."""
    return f"{day.day}{TIE}{MONTHS[spoken(language)][day.month - 1]} {day.year}"


def date_weekday(day: date, language: str | None = None) -> str:
    """Jumat, 27 November 2026."""
    return f"{WEEKDAYS[spoken(language)][day.weekday()]}, {date_long(day, language)}"


def date_day(day: date, language: str | None = None) -> str:
    """27 November, where the year is plain."""
    return f"{day.day}{TIE}{MONTHS[spoken(language)][day.month - 1]}"


def date_short(day: date, language: str | None = None) -> str:
    """27 Nov, for axes and narrow columns."""
    return f"{day.day}{TIE}{SHORT_MONTHS[spoken(language)][day.month - 1]}"


def zone_name(moment: datetime, zone: str) -> str:
    """WIB, WITA or WIT; another zone's own abbreviation, else its distance from UTC."""
    if zone in ZONES:
        return ZONES[zone]
    name = moment.astimezone(ZoneInfo(zone)).strftime("%Z")
    return f"UTC{name}".replace("-", MINUS) if name[:1] in "+-" else name


def time_of_day(moment: datetime, zone: str, language: str | None = None) -> str:
    """14.02 WITA. `moment` is aware; `zone` is the region's, such as Asia/Makassar."""
    mark = ":" if spoken(language) == "en" else "."
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%H}{mark}{local:%M}{TIE}{zone_name(moment, zone)}"


def date_time(moment: datetime, zone: str, language: str | None = None) -> str:
    """27 November 2026 pukul 14.02 WITA, on the day it was in that zone."""
    word = {"id": "pukul", "en": "at"}[spoken(language)]
    local_day = moment.astimezone(ZoneInfo(zone)).date()
    return f"{date_long(local_day, language)} {word} {time_of_day(moment, zone, language)}"


def relative_day(day: date, today: date, language: str | None = None) -> str:
    """kemarin, hari ini, besok, 3 hari lalu, 3 hari lagi."""
    distance = (day - today).days
    english = spoken(language) == "en"
    if distance in (-1, 0, 1):
        near = ("yesterday", "today", "tomorrow") if english else ("kemarin", "hari ini", "besok")
        return near[distance + 1]
    if english:
        return f"in {distance}{TIE}days" if distance > 0 else f"{-distance}{TIE}days ago"
    return f"{abs(distance)}{TIE}hari {'lagi' if distance > 0 else 'lalu'}"


def due(day: date, today: date, language: str | None = None) -> str:
    """A deadline as seen today: 3 hari lagi, besok, hari ini, terlambat 2 hari."""
    late = (today - day).days
    if late <= 0:
        return relative_day(day, today, language)
    if spoken(language) == "en":
        return f"{late}{TIE}{'day' if late == 1 else 'days'} late"
    return f"terlambat {late}{TIE}hari"


def duration(span: timedelta, language: str | None = None) -> str:
    """The two largest units: 3 hari 4 jam, 2 jam 5 menit, 45 detik."""
    english = spoken(language) == "en"
    left = max(0, round(span.total_seconds()))
    units = (("hari", "day", 86_400), ("jam", "hour", 3_600), ("menit", "minute", 60))
    parts: list[str] = []
    for indonesian, word, seconds in (*units, ("detik", "second", 1)):
        count, left = divmod(left, seconds)
        if parts and not count:
            break
        if count:
            name = f"{word}{'' if count == 1 else 's'}" if english else indonesian
            parts.append(f"{count}{TIE}{name}")
        if len(parts) == 2:
            break
    return " ".join(parts) or f"0{TIE}{'seconds' if english else 'detik'}"


# ---------- numbers ----------


def number(value: Number | None, decimals: int = 2, language: str | None = None) -> str:
    """2,84: rounded half up to just so many decimals, thousands marked, a true minus."""
    if value is None:
        return NOTHING
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        return NOTHING
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    digits = f"{abs(rounded):,.{decimals}f}"
    if spoken(language) == "id":
        digits = digits.translate({ord(","): ".", ord("."): ","})
    return f"{MINUS}{digits}" if rounded < 0 else digits


def signed(value: Number | None, decimals: int = 2, language: str | None = None) -> str:
    """+0,30 or −0,03. What rounds to zero has no sign."""
    words = number(value, decimals, language)
    return f"+{words}" if value is not None and value > 0 and words.strip("0,.") else words


def integer(value: Number | None, language: str | None = None) -> str:
    """1.500."""
    return number(value, 0, language)


def plain(value: Number | None, language: str | None = None) -> str:
    """As few decimals as the value has, at most four: a weight 7,5, a level 3."""
    if value is None:
        return NOTHING
    exact = Decimal(str(value))
    if not exact.is_finite():
        return NOTHING
    short = exact.quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize()
    decimals = -int(short.as_tuple().exponent)
    return number(short, max(0, decimals), language)


def percent(value: Number | None, decimals: int = 0, language: str | None = None) -> str:
    """20% from 20, not from 0,2."""
    words = number(value, decimals, language)
    return words if value is None else f"{words}%"


def size(count: int, language: str | None = None) -> str:
    """2,1 MB, in thousands as disks are sold; bytes and kilobytes whole."""
    amount, unit = Decimal(count), 0
    while unit < len(SIZES) - 1 and amount.quantize(Decimal(1), ROUND_HALF_UP) >= 1000:
        amount, unit = amount / 1000, unit + 1
    return f"{number(amount, 0 if unit < 2 else 1, language)}{TIE}{SIZES[unit]}"


# ---------- file names ----------


def _visible(name: str) -> str:
    """Without what can hide or turn a name: control, format (bidi), line and surrogate codes."""
    kept = (
        " " if unicodedata.category(letter) in {"Zs", "Zl", "Zp"} else letter
        for letter in name
        if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Cn", "Co"}
    )
    return unicodedata.normalize("NFC", re.sub(r" +", " ", "".join(kept)))


def _shortened(stem: str, room: int) -> str:
    """The first `room` bytes, cut between letters."""
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .")


def safe_filename(name: str) -> str:
    """A name that any system stores: NFC, no folder, nothing invisible, at most 120 bytes.

    The extension stays, whatever had to be cut; what leaves nothing becomes "berkas".
    """
    tail = re.split(r"[/\\]", _visible(name))[-1]
    tail = re.sub(r'[<>:"|?*]', "_", tail).strip().rstrip(" .")
    stem, dot, extension = tail.rpartition(".")
    if not dot or not re.fullmatch(rf"[A-Za-z0-9]{{1,{LONGEST_EXTENSION}}}", extension):
        stem, dot, extension = tail, "", ""
    stem = stem.strip(" .") or "berkas"
    if stem.split(".")[0].strip().lower() in DEVICES:
        stem = f"_{stem}"
    return f"{_shortened(stem, LONGEST_NAME - len(dot + extension))}{dot}{extension}"


def content_disposition(name: str) -> str:
    """The header that saves a download under `name` (RFC 6266), never opens it in the page."""
    safe = safe_filename(name)
    simple = unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode()
    simple = safe_filename(re.sub(r"[%;]", "_", simple))
    header = f'attachment; filename="{simple}"'
    if simple == safe:
        return header
    return f"{header}; filename*=UTF-8''{quote(safe, safe='')}"
