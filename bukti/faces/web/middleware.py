"""Puts the actor on the request, ends old sessions, and turns refusals into answers."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from bukti.areas.people import queries as people
from bukti.faces.web import errors
from bukti.faces.web.access import ROUTES, Open
from bukti.rules.errors import Conflict, Denied, Reason, Refused
from bukti.rules.permissions import NOBODY, Actor
from bukti.wording.words import refusal_sentence

SEEN = "bukti_seen"
FRESH = timedelta(minutes=2)

Answer = Callable[[HttpRequest], HttpResponse]


class StaffRequest(HttpRequest):
    """A request with the person's actor on it; views annotate with this."""

    actor: Actor
    now: datetime


class SessionLimits:
    """Ends a session that was idle too long. The last visit travels in a signed cookie, so that
    reading a page writes nothing."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = timezone.now()
        seen = _last_seen(request)
        if seen and now - seen > settings.SESSION_IDLE:
            logout(request)
            return self.get_response(request)
        response = self.get_response(request)
        if seen is None or now - seen > FRESH:
            response.set_signed_cookie(
                SEEN,
                str(int(now.timestamp())),
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response


def _last_seen(request: HttpRequest) -> datetime | None:
    try:
        stamp = request.get_signed_cookie(SEEN, default="")
    except BadSignature:
        return None
    return datetime.fromtimestamp(int(stamp), tz=timezone.get_current_timezone()) if stamp else None


class ActorOnRequest:
    """`request.actor`: the signed-in person with the grants in force, or nobody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        request.actor = (  # type: ignore[attr-defined]
            people.actor_of(request.user, timezone.localdate())  # type: ignore[arg-type]
            if request.user.is_authenticated
            else NOBODY
        )
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response


class SignInFirst:
    """Nothing is open but what `access.py` calls public; everything else begins with a sign-in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, *_: object
    ) -> HttpResponse | None:
        """Lead to the sign-in page and back; a request in the background gets a plain 401."""
        match = request.resolver_match
        if match is None or match.route.startswith("api/"):
            return None
        if ROUTES.get(match.view_name) is Open.PUBLIC or request.user.is_authenticated:
            return None
        if is_background(request):
            return HttpResponse(status=401)
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


def is_background(request: HttpRequest) -> bool:
    """Whether our script asks, and not the person's address bar or a plain form."""
    return bool(getattr(request, "htmx", False))


class RefusalsAsAnswers:
    """Outside → 404, not allowed → 403, somebody was faster → 412, not possible now → 409.

    A refusal of a plain form comes back to the page it was sent from, with the sentence on top.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Word the exceptions that commands raise; anything else is a fault of ours."""
        if request.path.startswith("/api/"):
            return None
        if isinstance(exception, ObjectDoesNotExist):
            return errors.not_found(request)
        if isinstance(exception, Denied):
            return errors.denied(request)
        if isinstance(exception, Conflict):
            return errors.conflict(request, exception)
        if isinstance(exception, Refused):
            return _refused(request, exception)
        return None


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    origin = request.headers.get("Referer", "")
    if request.method == "POST" and not is_background(request) and _is_ours(request, origin):
        messages.error(request, refusal_sentence(refused))
        return redirect(origin)
    return errors.refused(request, refused, status=_status(refused))


def _is_ours(request: HttpRequest, origin: str) -> bool:
    return origin.startswith(f"{request.scheme}://{request.get_host()}/")


def _status(refused: Refused) -> int:
    return {Reason.FILE_TOO_LARGE: 413, Reason.DISK_FULL: 507}.get(refused.reason, 409)
