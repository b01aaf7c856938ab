"""Placeholder until its owner writes it."""

from django.http import Http404


def question(request, **_):
    raise Http404

def save(request, **_):
    raise Http404

def history(request, **_):
    raise Http404

def compare(request, **_):
    raise Http404

def restore(request, **_):
    raise Http404

def comment(request, **_):
    raise Http404

def attach(request, **_):
    raise Http404

def archive(request, **_):
    raise Http404

def cite(request, **_):
    raise Http404

def uncite(request, **_):
    raise Http404

def skip(request, **_):
    raise Http404

def unskip(request, **_):
    raise Http404
