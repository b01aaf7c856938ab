"""A page that is one form: shown, corrected, or acted upon."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from bukti.faces.web.middleware import StaffRequest
from bukti.rules.errors import Refused
from bukti.wording.words import refusal_sentence


@dataclass(frozen=True, slots=True)
class FormPage:
    """What the page says around its form. `back` is where one goes without saving."""

    form: forms.Form
    heading: str
    lead: str
    label: str
    back: str
    back_label: str


def typed(request: StaffRequest) -> QueryDict | None:
    """What was sent, for a form that is empty on a first visit."""
    return request.POST if request.method == "POST" else None


def answered(
    request: StaffRequest,
    page: FormPage,
    act: Callable[[dict[str, Any]], HttpResponse],
    template: str = "people/form.html",
) -> HttpResponse:
    """The form, or what `act` answers to what was typed. A refusal loses nothing typed."""
    status = 200
    if request.method == "POST":
        try:
            if page.form.is_valid():
                return act(page.form.cleaned_data)
            status = 422
        except Refused as refused:
            page.form.add_error(None, refusal_sentence(refused))
            status = 409
    return render(request, template, {"page": page, "form": page.form}, status=status)
