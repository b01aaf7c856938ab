"""Placeholder until its owner writes it."""

from django.http import Http404


def set_up(request, **_):
    raise Http404

def notices(request, **_):
    raise Http404

def profile(request, **_):
    raise Http404

def issue_token(request, **_):
    raise Http404

def revoke_token(request, **_):
    raise Http404
