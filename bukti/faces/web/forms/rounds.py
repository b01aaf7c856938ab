"""The shapes of a round's forms. Times are typed in the region's zone; whether they fit is the
commands' to say."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from bukti.faces.web.forms.fields import MomentField, NumberField
from bukti.rules.pack import Component, Scale

if TYPE_CHECKING:
    from bukti.areas.people.models import Agency

Choices = list[tuple[str, str]]
Grouped = list[tuple[str, Choices]]

FIRST_EDITION, LAST_EDITION = 2015, 2099


class ZonedForm(forms.Form):
    """A form whose moments are typed in one zone."""

    def __init__(self, *args: object, zone: str, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        for field in self.fields.values():
            if isinstance(field, MomentField):
                field.zone = zone


class DatesForm(ZonedForm):
    """What may still change after a round was opened."""

    title = forms.CharField(
        label=_("Judul"), max_length=120, help_text=_("Misalnya: Evaluasi Smart City 2026.")
    )
    agency_deadline = MomentField(
        label=_("Tenggat perangkat daerah"),
        help_text=_("Sampai kapan perangkat daerah boleh mengisi dan mengajukan."),
    )
    deadline = MomentField(
        label=_("Tenggat penyerahan"),
        help_text=_("Sampai kapan keseluruhan harus diserahkan. Beri waktu untuk memeriksa."),
    )
    target = NumberField(label=_("Target indeks"), required=False, help_text=_("Misalnya 3,20."))

    def clean_target(self) -> Decimal | None:
        """With two decimals, as an index has."""
        return _two_decimals(self.cleaned_data["target"])


def _two_decimals(number: Decimal | None) -> Decimal | None:
    if number is None:
        return None
    if not 0 <= number < 100:
        raise forms.ValidationError(_("Nilainya harus pada skala instrumen, misalnya 3,20."))
    return round(number, 2)


class OpenForm(DatesForm):
    """A new round."""

    scheme = forms.ChoiceField(label=_("Instrumen dan skema"))
    year = forms.IntegerField(label=_("Tahun"), min_value=FIRST_EDITION, max_value=LAST_EDITION)
    field_order = ["scheme", "year", "title", "agency_deadline", "deadline", "target"]

    def __init__(self, *args: object, schemes: Grouped, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["scheme"].choices = [("", _("Pilih instrumen dan skema")), *schemes]  # type: ignore[attr-defined]

    def chosen(self) -> tuple[int, str]:
        """The instrument's id and the scheme's key."""
        instrument, scheme = self.cleaned_data["scheme"].split(":")
        return int(instrument), scheme


class PastForm(forms.Form):
    """A result of before Bukti: the scheme and year, then one value for each of its components."""

    year = forms.IntegerField(label=_("Tahun"), min_value=FIRST_EDITION, max_value=LAST_EDITION)
    title = forms.CharField(label=_("Judul"), max_length=120)
    source = forms.CharField(
        label=_("Sumber"), max_length=200, help_text=_("Nomor dan tanggal surat hasil evaluasi.")
    )

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        components: Sequence[tuple[Component, str]],
        scale: Scale,
        **options: object,
    ) -> None:
        super().__init__(data, **options)  # type: ignore[arg-type]
        self.scale = scale
        self.names = {f"component-{part.key}": part.key for part, _name in components}
        for part, name in components:
            self.fields[f"component-{part.key}"] = NumberField(label=f"{part.letter} {name}")

    def clean(self) -> dict[str, object] | None:
        """Each value on the scale and with two decimals, as published."""
        for name in self.names:
            value = self.cleaned_data.get(name)
            if value is not None and not self.scale.min <= value <= self.scale.max:
                self.add_error(
                    name,
                    forms.ValidationError(
                        _("Nilainya harus antara %(low)s dan %(high)s."),
                        params={"low": self.scale.min, "high": self.scale.max},
                    ),
                )
        return super().clean()

    def values(self) -> dict[str, Decimal]:
        """Values by component."""
        return {key: round(self.cleaned_data[name], 2) for name, key in self.names.items()}


class ExtendForm(ZonedForm):
    """More time for one agency."""

    agency = forms.TypedChoiceField(label=_("Perangkat daerah"), coerce=int)
    until = MomentField(label=_("Tenggat baru"))
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Alasan terlihat oleh perangkat daerah itu, pimpinan, dan inspektorat."),
    )

    def __init__(self, *args: object, agencies: "Iterable[Agency]", **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["agency"].choices = agency_choices(agencies)  # type: ignore[attr-defined]


class ReopenForm(ZonedForm):
    """A request to open a signed round again."""

    reason = forms.CharField(
        label=_("Alasan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Apa yang perlu diperbaiki, dan mengapa tidak dapat menunggu."),
    )
    until = MomentField(label=_("Dibuka sampai"))


SHOWN, TICKED = "shown", "ticked"


class AssignForm(forms.Form):
    """Which questions go to whom."""

    scope = forms.ChoiceField(choices=[(TICKED, ""), (SHOWN, "")])
    agency = forms.TypedChoiceField(label=_("Penjawab"), coerce=int)
    with_helpers = forms.BooleanField(
        label=_("Ganti juga perangkat daerah pembantu"), required=False
    )
    helpers = forms.TypedMultipleChoiceField(
        label=_("Pembantu"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, agencies: "Iterable[Agency]", **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        choices = agency_choices(agencies)
        self.fields["agency"].choices = [("", _("Pilih perangkat daerah")), *choices]  # type: ignore[attr-defined]
        self.fields["helpers"].choices = choices  # type: ignore[attr-defined]

    def codes(self, ticked: Iterable[str], shown: Iterable[str]) -> frozenset[str]:
        """The questions that are meant."""
        return frozenset(shown if self.cleaned_data["scope"] == SHOWN else ticked)

    def helper_ids(self) -> frozenset[int] | None:
        """The agencies that help from now on; None leaves them as they are."""
        if not self.cleaned_data["with_helpers"]:
            return None
        return frozenset(self.cleaned_data["helpers"])


def agency_choices(agencies: "Iterable[Agency]") -> Choices:
    """Agencies by name."""
    return [(str(agency.pk), agency.name) for agency in agencies]
