"""Pages for what went wrong: what happened, what was kept, what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from bukti.rules.errors import Conflict, Refused
from bukti.wording.words import refusal_sentence


def _page(request: HttpRequest, status: int, sentence: str = "") -> HttpResponse:
    return render(request, f"errors/{status}.html", {"sentence": sentence}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: what lies outside what one may see, and what does not exist: the same."""
    return _page(request, 404)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: visible, but not for this person to do."""
    return _page(request, 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself could not be read."""
    return _page(request, 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 with its own words: the form had been open too long, or cookies are off."""
    return render(request, "errors/csrf.html", status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: tried too often; called by allauth's rate limits."""
    return _page(request, 429)


def fault(request: HttpRequest) -> HttpResponse:
    """500: our fault. Drawn without the masthead: what it asks for may be what is broken."""
    return HttpResponse(render_to_string("errors/500.html", {"request": request}), status=500)


def refused(request: HttpRequest, refusal: Refused, *, status: int) -> HttpResponse:
    """409 (413, 507): not possible now, with the sentence; only the sentence for a fragment."""
    sentence = refusal_sentence(refusal)
    if getattr(request, "htmx", False):
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    return _page(request, status, sentence)


def conflict(request: HttpRequest, clash: Exception) -> HttpResponse:
    """412: both versions side by side, the person chooses; nothing typed is lost."""
    assert isinstance(clash, Conflict)  # noqa: S101  told by the middleware's table
    context = {"sentence": refusal_sentence(clash), **clash.facts}
    template = "answers/_conflict.html" if request.htmx else "answers/conflict.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=412)
