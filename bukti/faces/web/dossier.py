"""Placeholder until its owner writes it."""

from django.http import Http404


def dossiers(request, **_):
    raise Http404


def state(request, **_):
    raise Http404


def download(request, **_):
    raise Http404
