"""The shape of an answer's form; whether it may be kept is the command's to say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bukti.faces.web.forms.fields import NumberField
from bukti.rules.claims import LONGEST_EXPLANATION, LONGEST_TEXT, Claim


class ClaimForm(forms.Form):
    """Level, value, respondents, text, explanation, and the version they were typed upon."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    level = forms.IntegerField(required=False, min_value=0, max_value=9)
    value = NumberField(required=False, label=_("Nilai"))
    respondents = forms.IntegerField(required=False, min_value=0, label=_("Jumlah responden"))
    text = forms.CharField(required=False, max_length=LONGEST_TEXT, label=_("Jawaban"))
    explanation = forms.CharField(
        required=False,
        max_length=LONGEST_EXPLANATION,
        widget=forms.Textarea,
        label=_("Penjelasan"),
        strip=False,
    )

    def claim(self) -> Claim:
        """What was typed, as a claim."""
        typed = self.cleaned_data
        return Claim(
            value=typed["value"].normalize() + 0 if typed["value"] is not None else None,
            text=typed["text"],
            level=typed["level"],
            respondents=typed["respondents"],
            explanation=typed["explanation"].replace("\r\n", "\n").rstrip(),
        )


class CiteForm(forms.Form):
    """Which document is cited, and where in it."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    pages = forms.CharField(required=False, max_length=80, label=_("Halaman"))
    note = forms.CharField(required=False, max_length=200, label=_("Yang ditunjukkan"))
