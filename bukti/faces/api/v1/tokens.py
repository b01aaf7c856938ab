"""Bearer tokens. A session cookie is not accepted, so there is nothing to forge across sites."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone, translation
from ninja.errors import HttpError
from ninja.security import HttpBearer

from bukti.areas.people import queries as people
from bukti.rules.permissions import Actor


class ApiRequest(HttpRequest):
    """A request whose token was recognised."""

    actor: Actor
    now: datetime


class BearerToken(HttpBearer):
    """The person behind the token becomes the request's actor, with the grants in force today."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor, or None for a token that is unknown, revoked or over."""
        if "\0" in request.path:  # as in a body (`shapes.Text`): PostgreSQL keeps none
            raise HttpError(422, "NUL")
        now = timezone.now()
        found = people.actor_of_token(token, now)
        if found is None:
            return None
        user, actor = found
        request.user, request.actor, request.now = user, actor, now  # type: ignore[attr-defined]
        if "Accept-Language" not in request.headers:
            translation.activate(user.language)
        return actor
