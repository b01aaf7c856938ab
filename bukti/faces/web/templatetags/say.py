"""Filters that word values: dates, numbers, states. Thin over `bukti.wording`."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from bukti.rules.pack import Words
from bukti.wording import eventwords, formats, words

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """27 November 2026, of a plain date."""
    return formats.date_long(value) if value else ""


@register.filter
def date_long(value: datetime | None, zone: str) -> str:
    """27 November 2026, of a moment in a zone."""
    return formats.date_long(value.astimezone(ZoneInfo(zone)).date()) if value else ""


@register.filter
def weekday(value: datetime | None, zone: str) -> str:
    """Jumat, 27 November 2026."""
    return formats.date_weekday(value.astimezone(ZoneInfo(zone)).date()) if value else ""


@register.filter
def date_time(value: datetime | None, zone: str) -> str:
    """27 November 2026 pukul 14.02 WITA."""
    return formats.date_time(value, zone) if value else ""


@register.filter
def clock(value: datetime | None, zone: str) -> str:
    """14.02 WITA."""
    return formats.time_of_day(value, zone) if value else ""


@register.filter
def day_word(value: datetime | None, zone: str) -> str:
    """hari ini, kemarin, 3 hari lagi: seen from today in the zone."""
    if not value:
        return ""
    here = ZoneInfo(zone)
    return formats.relative_day(
        value.astimezone(here).date(), timezone.now().astimezone(here).date()
    )


@register.filter
def due_word(value: datetime | None, zone: str) -> str:
    """3 hari lagi, hari ini, terlambat 2 hari."""
    if not value:
        return ""
    here = ZoneInfo(zone)
    return formats.due(value.astimezone(here).date(), timezone.now().astimezone(here).date())


@register.filter
def num(value: Decimal | None, decimals: int = 2) -> str:
    """2,84; a dash where there is no value."""
    return formats.number(value, decimals)


@register.filter
def signed(value: Decimal | None) -> str:
    """+0,30 or −0,03; a dash where there is no value."""
    return formats.signed(value)


@register.filter
def plain(value: Decimal | None) -> str:
    """The number as it is, without trailing zeros."""
    return formats.plain(value)


@register.filter
def whole(value: int | None) -> str:
    """1.500."""
    return formats.integer(value)


@register.filter
def size(value: int) -> str:
    """2,1 MB."""
    return formats.size(value)


@register.filter
def state_word(value: str) -> str:
    """The word of an answer's state."""
    return str(words.ANSWER_STATES[value])


@register.filter
def round_state_word(value: str) -> str:
    """The word of a round's state."""
    return str(words.ROUND_STATES[value])


@register.filter
def role_word(value: str) -> str:
    """The word of a role."""
    return str(words.ROLES[value])


@register.filter
def capability_word(value: str) -> str:
    """The word of what only some of a role may do."""
    return str(words.CAPABILITIES[value])


@register.filter
def thing_word(value: str) -> str:
    """The word of a kind of thing in the log."""
    return eventwords.kind_word(value)


@register.filter
def status_word(value: str) -> str:
    """How sure a text or a weight of an instrument is."""
    return str(words.PACK_STATUSES[value])


@register.filter
def kind_word(value: str) -> str:
    """The word of a document's kind."""
    return str(words.DOCUMENT_KINDS[value])


@register.filter
def access_word(value: str) -> str:
    """The word of a document's access class."""
    return str(words.ACCESS_CLASSES[value])


@register.filter
def layer_word(value: str) -> str:
    """The word of a result's layer."""
    return str(words.LAYERS[value])


@register.filter
def mark_word(value: str) -> str:
    """What a step in an answer's life did."""
    return str(words.MARKS[value])


@register.filter
def pack_words(value: Words) -> str:
    """A pack's words in the language of the page; Indonesian where English is missing."""
    return value.en if (get_language() or "id").startswith("en") and value.en else value.id
