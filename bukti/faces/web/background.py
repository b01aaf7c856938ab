"""Who asks: a person's address bar or form, or our own script for a piece of a page."""

from django.http import HttpRequest


def is_background(request: HttpRequest) -> bool:
    """Whether our script asks, and not the person's address bar or a plain form."""
    return bool(getattr(request, "htmx", False))
