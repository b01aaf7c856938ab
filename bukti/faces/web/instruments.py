"""Placeholder until its owner writes it."""

from django.http import Http404


def instrument_list(request, **_):
    raise Http404

def instrument(request, **_):
    raise Http404
