"""The shape of what is typed about agencies and people."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bukti.rules.permissions import WITHIN_AGENCY, WITHIN_REGION, Capability, Role
from bukti.wording.words import CAPABILITIES, ROLES

if TYPE_CHECKING:
    from bukti.areas.people.models import Agency
    from bukti.areas.rounds.models import Round

OFFICE_ROLES = (*WITHIN_AGENCY, *WITHIN_REGION)


def _day(label: object, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)  # type: ignore[arg-type]


def _name_of_person() -> forms.CharField:
    return forms.CharField(
        label=_("Jabatan"),
        max_length=120,
        help_text=_("Tampil di riwayat dan tanda terima, misalnya Operator Dinas Kesehatan."),
    )


class Choosing(forms.Form):
    """A form in which an agency of the region is chosen."""

    agency = forms.TypedChoiceField(label=_("Perangkat daerah"), coerce=int, empty_value=None)

    def __init__(self, *data: Any, agencies: "Iterable[Agency]", **options: Any) -> None:
        super().__init__(*data, **options)
        choices = [(agency.pk, agency.name) for agency in agencies]
        self.fields["agency"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]


class AgencyForm(forms.Form):
    """A new agency. Its short name is also its code for ever."""

    name = forms.CharField(label=_("Nama lengkap"), max_length=200)
    short_name = forms.CharField(
        label=_("Nama singkat"), max_length=40, help_text=_("Misalnya Dinkes atau DKISP.")
    )

    def clean(self) -> dict[str, Any]:
        """Adds `code`, made from the short name."""
        cleaned = super().clean() or {}
        cleaned["code"] = slugify(cleaned.get("short_name", ""))[:40]
        if cleaned.get("short_name") and not cleaned["code"]:
            self.add_error("short_name", _("Pakai sedikitnya satu huruf Latin atau angka."))
        return cleaned


class RenameForm(forms.Form):
    """Another name, from a day."""

    name = forms.CharField(label=_("Nama baru"), max_length=200)
    short_name = forms.CharField(label=_("Nama singkat baru"), max_length=40)
    since = _day(_("Berlaku sejak"))


class MergeForm(Choosing):
    """Into which agency, and since when."""

    agency = forms.TypedChoiceField(label=_("Digabung ke"), coerce=int)
    until = _day(_("Berlaku sejak"))


class InviteForm(Choosing):
    """Whom to invite, for what."""

    email = forms.EmailField(label=_("Alamat surel"), max_length=254)
    name = _name_of_person()
    role = forms.TypedChoiceField(
        label=_("Peran"), choices=[(role, ROLES[role]) for role in OFFICE_ROLES], coerce=Role
    )
    agency = forms.TypedChoiceField(
        label=_("Perangkat daerah"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Hanya untuk operator dan kepala OPD."),
    )
    field_order = ("email", "name", "role", "agency")


class AssessorForm(forms.Form):
    """Whom to invite as assessor of which round."""

    email = forms.EmailField(label=_("Alamat surel"), max_length=254)
    name = forms.CharField(
        label=_("Nama atau lembaga"), max_length=120, help_text=_("Tampil di samping nilainya.")
    )
    round = forms.TypedChoiceField(label=_("Putaran"), coerce=int)

    def __init__(self, *data: Any, rounds: "Iterable[Round]", **options: Any) -> None:
        super().__init__(*data, **options)
        choices = [(round_.pk, round_.title) for round_ in rounds]
        self.fields["round"].choices = choices  # type: ignore[attr-defined]


class GrantForm(Choosing):
    """A role, where, from when to when, with what else."""

    role = forms.TypedChoiceField(
        label=_("Peran"), choices=[(role, ROLES[role]) for role in OFFICE_ROLES], coerce=Role
    )
    agency = forms.TypedChoiceField(
        label=_("Perangkat daerah"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Hanya untuk operator dan kepala OPD."),
    )
    since = _day(_("Mulai"), required=False, help_text=_("Kosong berarti hari ini."))
    until = _day(
        _("Sampai"),
        required=False,
        help_text=_("Hari terakhir. Isi untuk pelaksana tugas (Plt.)."),
    )
    capabilities = forms.TypedMultipleChoiceField(
        label=_("Wewenang tambahan"),
        choices=[(name, CAPABILITIES[name]) for name in Capability],
        coerce=Capability,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("role", "agency", "since", "until", "capabilities")


class UserFilterForm(forms.Form):
    """Which people to list; anything odd in the address narrows nothing."""

    cari = forms.CharField(label=_("Cari"), required=False, max_length=120)
    peran = forms.ChoiceField(label=_("Peran"), required=False)
    opd = forms.TypedChoiceField(
        label=_("Perangkat daerah"), required=False, coerce=int, empty_value=None
    )
    keadaan = forms.ChoiceField(label=_("Akun"), required=False)

    def __init__(self, *data: Any, agencies: "Iterable[Agency]", **options: Any) -> None:
        super().__init__(*data, **options)
        choices: dict[str, list[tuple[Any, Any]]] = {
            "peran": [("", _now("Semua peran")), *((role, ROLES[role]) for role in Role)],
            "opd": [
                ("", _now("Semua perangkat daerah")),
                *((agency.pk, agency.short_name) for agency in agencies),
            ],
            "keadaan": [
                ("", _now("Semua akun")),
                ("active", _now("Aktif")),
                ("closed", _now("Ditutup")),
            ],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
