"""The shape of the vault's forms; what they mean is the commands' to say."""

import datetime as calendar
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bukti.areas.evidence.commands import (
    LONGEST_NUMBER,
    LONGEST_TITLE,
    AccessClass,
    DocumentKind,
    Facts,
)
from bukti.areas.evidence.types import ACCEPT
from bukti.wording.words import ACCESS_CLASSES, DOCUMENT_KINDS

EARLIEST = 1945


class DocumentFilter(forms.Form):
    """What narrows the list: words, an agency, a kind. Whatever is not understood is ignored."""

    cari = forms.CharField(
        label=_("Judul, nomor, atau nama berkas"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    opd = forms.TypedChoiceField(
        label=_("Perangkat daerah"), required=False, coerce=int, empty_value=None
    )
    jenis = forms.ChoiceField(
        label=_("Jenis"),
        required=False,
        choices=[("", _("Semua jenis")), *DOCUMENT_KINDS.items()],
    )

    def __init__(self, *data: Any, agencies: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        self.fields["opd"].choices = [("", _("Semua perangkat daerah")), *agencies]  # type: ignore[attr-defined]
        if not agencies:
            del self.fields["opd"]

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters that were understood, as the query takes them."""
        self.is_valid()
        typed = self.cleaned_data
        return {
            "words": typed.get("cari", ""),
            "agency": typed.get("opd"),
            "kind": typed.get("jenis", ""),
        }


class DescribeForm(forms.Form):
    """What a person says of a document."""

    title = forms.CharField(
        label=_("Judul"),
        max_length=LONGEST_TITLE,
        help_text=_("Seperti tertulis pada dokumennya."),
    )
    number = forms.CharField(
        label=_("Nomor"),
        max_length=LONGEST_NUMBER,
        required=False,
        help_text=_("Misalnya 188.4/123/KEP/2026."),
    )
    date = forms.DateField(
        label=_("Tanggal dokumen"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    kind = forms.ChoiceField(label=_("Jenis"), choices=list(DOCUMENT_KINDS.items()))

    def clean_date(self) -> calendar.date | None:
        """A day on which a document can have been written."""
        day: calendar.date | None = self.cleaned_data["date"]
        if day and not EARLIEST <= day.year < 2100:
            raise forms.ValidationError(_("Periksa tahunnya."))
        return day

    def facts(self) -> Facts:
        """The same, as the vault knows it."""
        typed = self.cleaned_data
        return Facts(typed["title"], typed["number"], typed["date"], DocumentKind(typed["kind"]))


class ClassifyForm(forms.Form):
    """Who may know of a document (UU 14/2008)."""

    access = forms.ChoiceField(
        label=_("Kelas"),
        choices=list(ACCESS_CLASSES.items()),
        widget=forms.RadioSelect,
        help_text=_(
            "Boleh umum: daerah dapat menerbitkannya. Untuk dinas: dibaca pegawai dan asesor saja. "
            "Dikecualikan: tidak pernah diterbitkan, menurut uji konsekuensi UU 14/2008."
        ),
    )

    def chosen(self) -> AccessClass:
        """The class."""
        return AccessClass(self.cleaned_data["access"])


class ReviseForm(forms.Form):
    """A newer state of a document. Size and kind of the file are told by the vault."""

    file = forms.FileField(
        label=_("Berkas baru"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("Versi lama tetap tersimpan dan tetap dapat dibuka."),
    )
