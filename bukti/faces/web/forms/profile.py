"""The shape of what a person says about themselves, and of the first visit."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bukti.areas.people import queries
from bukti.wording.words import LANGUAGE_NAMES

if TYPE_CHECKING:
    from bukti.areas.people.models import Region


class PreferencesForm(forms.Form):
    """Language and letter keys."""

    language = forms.ChoiceField(
        label=_("Bahasa"),
        choices=list(LANGUAGE_NAMES.items()),
        widget=forms.RadioSelect,
        help_text=_("Untuk layar dan surel."),
    )
    letter_keys = forms.BooleanField(
        label=_("Pakai tombol huruf untuk pintasan"),
        required=False,
        help_text=_("Misalnya T untuk menerima di halaman verifikasi. Tidak bekerja di isian."),
    )


class TokenForm(forms.Form):
    """What a token is for."""

    name = forms.CharField(
        label=_("Untuk apa"),
        max_length=80,
        help_text=_("Misalnya Aplikasi perencanaan daerah. Membantu Anda mengenalinya nanti."),
    )


class SetUpForm(forms.Form):
    """The first visit: token, region, first coordinator."""

    token = forms.CharField(
        label=_("Kode sekali pakai"),
        max_length=60,
        help_text=_("Tertulis di layar server saat Bukti dijalankan."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    region = forms.ChoiceField(label=_("Daerah"))
    name = forms.CharField(
        label=_("Jabatan Anda"),
        max_length=120,
        help_text=_("Tampil di riwayat dan tanda terima, misalnya Koordinator DKISP."),
    )
    email = forms.EmailField(
        label=_("Alamat surel"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Kata sandi"),
        max_length=200,
        strip=False,
        help_text=_("Paling sedikit 12 huruf; bukan kata sandi yang umum."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Kata sandi sekali lagi"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *data: Any, regions: "Iterable[Region]", **options: Any) -> None:
        super().__init__(*data, **options)
        self.fields["region"].choices = _by_province(regions)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Two equal passwords that are good enough."""
        cleaned = super().clean() or {}
        password = cleaned.get("password", "")
        if password and cleaned.get("again") and password != cleaned["again"]:
            self.add_error("again", _("Kedua kata sandi tidak sama."))
        problems = password and queries.password_problems(
            password, email=cleaned.get("email", ""), name=cleaned.get("name", "")
        )
        for problem in problems or []:
            self.add_error("password", problem)
        return cleaned


def _by_province(regions: "Iterable[Region]") -> list[tuple[str, Any]]:
    """Every region under its province; regions come in order of their codes."""
    groups: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for region in regions:
        names.setdefault(region.province_code, region.name)
        groups.setdefault(region.province_code, []).append((region.code, region.name))
    return [("", "–"), *((names[code], places) for code, places in groups.items())]
