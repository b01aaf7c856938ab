"""The shape of what an auditor asks the log."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bukti.wording.eventwords import EVENTS


class EntryFilterForm(forms.Form):
    """Event, person, day, thing; anything odd in the address narrows nothing."""

    kejadian = forms.ChoiceField(label=_("Kejadian"), required=False)
    orang = forms.ChoiceField(label=_("Oleh"), required=False)
    hari = forms.DateField(
        label=_("Hari"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    jenis = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    nomor = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    sebelum = forms.IntegerField(
        required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput
    )

    def __init__(self, *data: Any, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        events = sorted(EVENTS.items(), key=lambda pair: str(pair[1]))
        offered: dict[str, list[tuple[Any, Any]]] = {
            "kejadian": [("", _now("Semua kejadian")), *events],
            "orang": [("", _now("Semua orang")), *people],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
