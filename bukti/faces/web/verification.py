"""Placeholder until its owner writes it."""

from django.http import Http404


def queue(request, **_):
    raise Http404

def verify(request, **_):
    raise Http404

def accept(request, **_):
    raise Http404

def give_back(request, **_):
    raise Http404
