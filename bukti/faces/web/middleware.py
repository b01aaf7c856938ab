"""Puts the actor on the request, ends old sessions, and turns refusals into answers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from bukti.areas.people import queries as people
from bukti.faces.web import errors
from bukti.faces.web.access import ROUTES, Open
from bukti.faces.web.background import is_background
from bukti.rules.errors import Conflict, Denied, Reason, Refused, is_disk_full
from bukti.rules.permissions import NOBODY, Actor
from bukti.wording.words import refusal_sentence

if TYPE_CHECKING:
    from bukti.areas.rounds.models import Round

SEEN = "bukti_seen"
FRESH = timedelta(minutes=2)
#: Where a visitor of an installation without anybody is led away from, to the set-up.
FIRST_PAGE = "account_login"

Answer = Callable[[HttpRequest], HttpResponse]


class StaffRequest(HttpRequest):
    """A request with the person's actor on it; views annotate with this."""

    actor: Actor
    now: datetime
    round: "Round"


class SessionLimits:
    """Ends a session that was idle too long or has lasted its time.

    The last visit travels in a signed cookie bound to the session, so that reading a page writes
    nothing; without the cookie, the sign-in counts as the last visit.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now, begun = timezone.now(), _signed_in_at(request)
        seen = _last_seen(request) or begun
        if _is_over(now, begun, seen):
            logout(request)
            messages.info(request, _("Sesi Anda sudah berakhir. Masuk lagi untuk melanjutkan."))
            return self.get_response(request)
        key = request.session.session_key
        response = self.get_response(request)
        if seen is None or now - seen > FRESH or request.session.session_key != key:
            response.set_signed_cookie(
                SEEN,
                str(int(now.timestamp())),
                salt=_salt(request),
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response


def _is_over(now: datetime, begun: datetime | None, seen: datetime | None) -> bool:
    lasted = begun is not None and now - begun > timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return lasted or (seen is not None and now - seen > settings.SESSION_IDLE)


def _signed_in_at(request: HttpRequest) -> datetime | None:
    """When the person gave the password in this session; allauth notes it there."""
    records = get_authentication_records(request, request.user)
    return datetime.fromtimestamp(records[0]["at"], tz=UTC) if records else None


def _last_seen(request: HttpRequest) -> datetime | None:
    # A forged cookie reads as none.
    stamp = request.get_signed_cookie(SEEN, default="", salt=_salt(request))
    return datetime.fromtimestamp(int(stamp), tz=UTC) if stamp else None


def _salt(request: HttpRequest) -> str:
    """The cookie of one session says nothing about another."""
    return f"{SEEN}.{request.session.session_key}"


class ActorOnRequest:
    """`request.actor`: the signed-in person with the grants in force, or nobody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]
        request.actor = (  # type: ignore[attr-defined]
            people.actor_of(request.user, request.now)  # type: ignore[attr-defined]
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
        self, request: HttpRequest, view: object, *rest: object
    ) -> HttpResponse | None:
        """Lead to the sign-in page and back; while nobody exists yet, to the set-up."""
        match = request.resolver_match
        if match is None or match.route.startswith("api/") or request.user.is_authenticated:
            return None
        is_public = ROUTES.get(match.view_name) is Open.PUBLIC
        if is_public and match.view_name != FIRST_PAGE:
            return None
        if not people.is_set_up():
            return redirect("set_up")
        return None if is_public else _to_sign_in(request)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """A request in the background gets a plain 401: its page says what to do."""
    if is_background(request):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


class NoNul:
    """Nobody types a NUL and PostgreSQL keeps none: what holds one is not understood (400)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, *rest: object
    ) -> HttpResponse | None:
        """Look at the address and the form; the API looks for itself."""
        if request.path.startswith("/api/"):
            return None
        typed = [request.path, *_values(request.GET), *_values(request.POST)]
        return errors.bad_request(request) if any("\0" in text for text in typed) else None


def _values(sent: QueryDict) -> list[str]:
    return [str(value) for _name, values in sent.lists() for value in values]


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
        for kind, answer in ANSWERS.items():
            if isinstance(exception, kind):
                return answer(request, exception)
        return None


def _refused(request: HttpRequest, refused: Exception) -> HttpResponse:
    assert isinstance(refused, Refused)  # noqa: S101  told by ANSWERS
    origin = request.headers.get("Referer", "")
    if request.method == "POST" and not is_background(request) and _is_ours(request, origin):
        messages.error(request, refusal_sentence(refused))
        return redirect(origin)
    return errors.refused(request, refused, status=_status(refused))


def _no_room(request: HttpRequest, trouble: Exception) -> HttpResponse | None:
    """A database that could not write because its disk is full; any other trouble is our fault."""
    if not is_disk_full(str(trouble)):
        return None
    return _refused(request, Refused(Reason.NO_ROOM))


def _is_ours(request: HttpRequest, origin: str) -> bool:
    return origin.startswith(f"{request.scheme}://{request.get_host()}/")


STATUSES = {Reason.FILE_TOO_LARGE: 413, Reason.DISK_FULL: 507, Reason.NO_ROOM: 507}


def _status(refused: Refused) -> int:
    return STATUSES.get(refused.reason, 409)


#: From the special to the general: a conflict is a refusal too.
ANSWERS: dict[type[Exception], Callable[[HttpRequest, Exception], HttpResponse | None]] = {
    OperationalError: _no_room,
    ObjectDoesNotExist: errors.not_found,
    Denied: errors.denied,
    Conflict: errors.conflict,
    Refused: _refused,
}
