"""Placeholder until its owner writes it."""

from django.http import Http404


def documents(request, **_):
    raise Http404


def document(request, **_):
    raise Http404


def download(request, **_):
    raise Http404


def page(request, **_):
    raise Http404


def describe(request, **_):
    raise Http404


def classify(request, **_):
    raise Http404


def revise(request, **_):
    raise Http404
