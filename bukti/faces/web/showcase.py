"""`/komponen`, in development only: every component once, with values that mean nothing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bukti.rules.workflow import AnswerState
from bukti.wording import charts

COUNTS = {
    AnswerState.ACCEPTED: 46,
    AnswerState.SUBMITTED: 27,
    AnswerState.RETURNED: 9,
    AnswerState.DRAFT: 21,
    AnswerState.EMPTY: 16,
    AnswerState.NOT_APPLICABLE: 2,
}
COMPONENTS = (
    ("Baseline", "3.96", "3.80", 5),
    ("Output", "2.66", "2.43", 7),
    ("Outcome", "2.82", "2.73", 33),
    ("Impact", "3.11", "2.81", 54),
    ("Quick Win", "2.52", "3.02", 12),
    ("Kolaborasi", "2.23", None, 6),
)


class Sample(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Judul dokumen", help_text="Seperti tertulis pada dokumennya.")
    number = forms.CharField(label="Nomor", required=False)
    kind = forms.ChoiceField(label="Jenis", choices=[("sk", "Keputusan"), ("notulen", "Notulen")])
    level = forms.ChoiceField(
        label="Kelas",
        choices=[("umum", "Boleh umum"), ("terbatas", "Untuk dinas")],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label="Catatan", widget=forms.Textarea(attrs={"rows": 3}))
    day = forms.DateField(label="Tanggal", widget=forms.DateInput(attrs={"type": "date"}))
    told = forms.BooleanField(label="Kirim pemberitahuan", required=False)


def components(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "komponen.html", _samples())


def _samples() -> dict[str, Any]:
    return {
        "form": Sample(),
        "wrong": Sample({"kind": "sk", "level": "umum", "day": "kemarin"}, prefix="salah"),
        "counts": COUNTS,
        "levels": [(level, Decimal(level)) for level in range(5)],
        "values": [Decimal("2.84"), Decimal("1.80"), Decimal("3.24"), None],
        "steps": [("Diisi", "done"), ("Diajukan", "done"), ("Revisi", "now"), ("Diterima", "")],
        "dimensions": ["gov", "bra", "eco", "liv", "soc", "env"],
        "radar": _radar(),
        "scale": _scale(),
        "waterfall": _waterfall(),
        "pace": _pace(),
    }


def _radar() -> charts.Figure:
    axes = tuple(
        charts.Axis(name, Decimal(now), Decimal(before) if before else None)
        for name, now, before, _ in COMPONENTS
    )
    return charts.radar(charts.Radar(axes, now="2023", before="2022"))


def _scale() -> charts.Figure:
    layers = (("Mandiri", "3.21"), ("Terverifikasi", "2.97"), ("Asesor", "2.84"))
    return charts.scale(tuple(charts.Layer(name, Decimal(value)) for name, value in layers))


def _waterfall() -> charts.Figure:
    steps = tuple(
        charts.Step(name, (4 - Decimal(now)) / 5, 20, Decimal(now), questions)
        for name, now, _, questions in COMPONENTS
    )
    return charts.waterfall(charts.Waterfall(Decimal("2.84"), "Indeks 2023", steps))


def _pace() -> charts.Figure:
    start = date(2026, 11, 2)
    days = tuple(
        charts.Day(start + timedelta(days=day), day * 73 // 22, day * 46 // 22) for day in range(23)
    )
    today, deadline = start + timedelta(days=22), date(2026, 12, 11)
    return charts.burn_up(charts.BurnUp(days, 121, start, today, deadline))
