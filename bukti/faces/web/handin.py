"""Placeholder until its owner writes it."""

from django.http import Http404


def agency(request, **_):
    raise Http404

def whole(request, **_):
    raise Http404

def prepare(request, **_):
    raise Http404

def sign(request, **_):
    raise Http404

def request_reopening(request, **_):
    raise Http404

def confirm_reopening(request, **_):
    raise Http404

def receipt(request, **_):
    raise Http404

def receipt_pdf(request, **_):
    raise Http404

def receipt_proof(request, **_):
    raise Http404
