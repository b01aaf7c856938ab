"""Placeholder until its owner writes it."""

from django.http import Http404


def results(request, **_):
    raise Http404
