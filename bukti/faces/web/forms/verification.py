"""The shape of a verifier's decision: one note, a level to accept, a date to return by."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from bukti.faces.web.forms.fields import MomentField, NumberField
from bukti.faces.web.forms.rounds import ZonedForm

LONGEST_NOTE = 2_000


class DecisionForm(ZonedForm):
    """Both decisions come from one form, so that what was typed serves either."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    verified = NumberField(label=_("Tingkat terverifikasi"), required=False)
    note = forms.CharField(
        label=_("Catatan untuk penjawab (wajib bila dikembalikan)"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    due_at = MomentField(label=_("Perbaiki sampai (bila dikembalikan)"), required=False)

    def clean_verified(self) -> Decimal | None:
        """With two decimals, as a survey mean has."""
        value = self.cleaned_data["verified"]
        return None if value is None else round(value, 2)
