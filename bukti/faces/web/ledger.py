"""Placeholder until its owner writes it."""

from django.http import Http404


def entries(request, **_):
    raise Http404

def verify(request, **_):
    raise Http404

def checkpoint(request, **_):
    raise Http404
