"""The shape of an assessor's score."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from bukti.faces.web.forms.fields import NumberField
from bukti.rules.pack import Scale

LONGEST_REMARK = 2_000


class ScoreForm(forms.Form):
    """A whole level by a tap, or a value between two levels, and a remark."""

    level = forms.TypedChoiceField(label=_("Nilai"), coerce=Decimal, required=False)
    between = NumberField(label=_("Nilai di antara dua tingkat"), required=False)
    remark = forms.CharField(
        label=_("Catatan dan rekomendasi"),
        max_length=LONGEST_REMARK,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: object, scale: Scale, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        whole = range(int(scale.min), int(scale.max) + 1)
        self.fields["level"].choices = [(str(level), str(level)) for level in whole]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object] | None:
        """One of the two is needed."""
        typed = self.cleaned_data
        is_given = typed.get("level") not in (None, "") or typed.get("between") is not None
        if not is_given and "between" not in self.errors:
            raise forms.ValidationError(_("Pilih nilai, atau tulis nilai di antaranya."))
        return super().clean()

    def value(self) -> Decimal:
        """What was typed between two levels, else the level."""
        between: Decimal | None = self.cleaned_data["between"]
        level: Decimal = self.cleaned_data["level"]
        return level if between is None else round(between, 2)
