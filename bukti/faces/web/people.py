"""Placeholder until its owner writes it."""

from django.http import Http404


def agencies(request, **_):
    raise Http404

def agency(request, **_):
    raise Http404

def rename_agency(request, **_):
    raise Http404

def merge_agency(request, **_):
    raise Http404

def users(request, **_):
    raise Http404

def invite(request, **_):
    raise Http404

def invite_assessor(request, **_):
    raise Http404

def user(request, **_):
    raise Http404

def give_grant(request, **_):
    raise Http404

def disable(request, **_):
    raise Http404

def enable(request, **_):
    raise Http404

def end_grant(request, **_):
    raise Http404

def move(request, **_):
    raise Http404
