"""Placeholder until its owner writes it."""

from django.http import Http404


def board(request, **_):
    raise Http404
