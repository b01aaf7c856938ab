"""Placeholder until its owner writes it."""

from django.http import Http404


def round_list(request, **_):
    raise Http404

def open_round(request, **_):
    raise Http404

def record_past(request, **_):
    raise Http404

def round_page(request, **_):
    raise Http404

def change(request, **_):
    raise Http404

def start(request, **_):
    raise Http404

def move(request, **_):
    raise Http404

def assignments(request, **_):
    raise Http404

def extend(request, **_):
    raise Http404

def remind(request, **_):
    raise Http404
