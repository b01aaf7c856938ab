"""Placeholder until its owner writes it."""

from django.http import Http404


def home(request, **_):
    raise Http404

def components(request, **_):
    raise Http404

def tasks(request, **_):
    raise Http404
