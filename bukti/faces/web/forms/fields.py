"""Form fields for what Indonesian officers write: `2,88`, `1.250,5`, and times of a region."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

PATTERNS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


class NumberField(forms.CharField):
    """A number as people write it: comma or point for decimals, points between thousands."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=24, **options)

    def clean(self, value: object) -> Decimal | None:
        """The number, or None when left empty."""
        text = super().clean(value)
        return read_number(text) if text else None


def read_number(text: str) -> Decimal:
    """`2,88` and `2.88` → 2.88; `1.250` and `1.250,5` have thousands. ValidationError otherwise."""
    plain = re.sub(r"[\s\u00a0%]", "", text).replace("\N{MINUS SIGN}", "-")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", plain):
        plain = plain.replace(".", "")
    try:
        number = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        raise forms.ValidationError(
            _("“%(text)s” bukan angka. Tulis seperti 2,88."), params={"text": text}
        ) from None
    if not number.is_finite() or abs(number) >= Decimal("1e12"):
        raise forms.ValidationError(_("Angkanya terlalu besar."))
    return round(number, 4)


class MomentField(forms.DateTimeField):
    """Date and time of day in a region's zone; cleaned to an aware moment.

    The form sets `zone` on the field before it cleans.
    """

    zone = "Asia/Jakarta"
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=PATTERNS, **options)

    def clean(self, value: object) -> datetime | None:
        """The moment, aware; None when left empty."""
        naive = super().clean(value)
        if naive and not 2000 <= naive.year < 2100:
            raise forms.ValidationError(_("Tahunnya harus antara 2000 dan 2099."))
        return naive.replace(tzinfo=ZoneInfo(self.zone)) if naive else None

    def prepare_value(self, value: object) -> object:
        """What the input shows: local time of the zone."""
        if isinstance(value, datetime) and value.tzinfo:
            return value.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        return value

    def to_python(self, value: object) -> datetime | None:
        """The local time as written, not yet placed in a zone."""
        if value in self.empty_values:
            return None
        for pattern in PATTERNS:
            try:
                return datetime.strptime(str(value).strip(), pattern)  # noqa: DTZ007  placed by clean
            except ValueError:
                continue
        raise forms.ValidationError(_("Tulis tanggal dan jam, misalnya 2026-12-11 16:00."))
