"""How a refusal reads: a reason for the program, a sentence for the person before it."""

from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from bukti.faces.api.v1 import shapes
from bukti.rules.errors import Conflict, Denied, Reason, Refused, is_disk_full
from bukti.wording.words import refusal_sentence

STATUS = {Reason.FILE_TOO_LARGE: 413, Reason.DISK_FULL: 507, Reason.NO_ROOM: 507}
SENTENCES: dict[str, tuple[int, str | Promise]] = {
    "token_missing": (
        401,
        lazy("Kirim kunci API yang berlaku: Authorization: Bearer bukti_… Buat kunci di Akun."),
    ),
    "not_allowed": (403, lazy("Anda tidak berwenang melakukan ini.")),
    "not_found": (404, lazy("Tidak ada, atau di luar yang boleh Anda lihat.")),
    "version_missing": (
        428,
        lazy(
            'Sebutkan versi yang Anda ubah: If-Match: "7" atau version dalam isi. Baca jawabannya '
            "dulu untuk mengetahui versinya."
        ),
    ),
    "not_understood": (
        422,
        lazy("Permintaan tidak dimengerti. Perbaiki yang disebut di problems."),
    ),
}


class Problem(Schema):
    """Why not: `reason` never changes, `sentence` comes in the language asked for."""

    reason: str
    sentence: str


class FieldProblem(Schema):
    """What is wrong, and where in the request."""

    where: str
    what: str


class NotUnderstood(Problem):
    """A request of the wrong shape."""

    problems: list[FieldProblem] = []


class ConflictProblem(Problem):
    """Somebody was faster: what is kept now, and what was sent and is not kept."""

    kept: shapes.Answer
    sent: shapes.Claim


class VersionMissing(Exception):
    """A change that does not say what it changes."""


def _refused(api: NinjaAPI, request: HttpRequest, exc: Any) -> HttpResponse:
    body = {"reason": exc.reason.value, "sentence": refusal_sentence(exc)}
    return api.create_response(request, body, status=STATUS.get(exc.reason, 409))


def _troubled(api: NinjaAPI, request: HttpRequest, exc: Any) -> HttpResponse:
    """A database on a full disk; any other trouble is our fault."""
    if not is_disk_full(str(exc)):
        raise exc
    return _refused(api, request, Refused(Reason.NO_ROOM))


def install(api: NinjaAPI) -> None:
    """Word every exception that a command or query raises."""

    def plain(request: HttpRequest, reason: str) -> HttpResponse:
        status, sentence = SENTENCES[reason]
        body = {"reason": reason, "sentence": str(sentence)}
        return api.create_response(request, body, status=status)

    def unknown_token(request: HttpRequest, exc: Any) -> HttpResponse:
        response = plain(request, "token_missing")
        response["WWW-Authenticate"] = 'Bearer realm="Bukti"'
        return response

    def conflict(request: HttpRequest, exc: Any) -> HttpResponse:
        answer = shapes.answer(exc.facts["answer"])
        body = ConflictProblem(
            reason=exc.reason.value,
            sentence=refusal_sentence(exc),
            kept=answer,
            sent=shapes.claim(exc.facts["claim"]),
        )
        response = api.create_response(request, body, status=412)
        response["ETag"] = shapes.etag(answer.version)
        return response

    def not_understood(request: HttpRequest, exc: Any) -> HttpResponse:
        found = exc.errors if isinstance(exc, ValidationError) else [{"loc": [], "msg": str(exc)}]
        problems = [
            {"where": ".".join(str(part) for part in one["loc"]), "what": one["msg"]}
            for one in found
        ]
        status, sentence = SENTENCES["not_understood"]
        body = {"reason": "not_understood", "sentence": str(sentence), "problems": problems}
        return api.create_response(request, body, status=status)

    api.add_exception_handler(AuthenticationError, unknown_token)
    api.add_exception_handler(Refused, partial(_refused, api))
    api.add_exception_handler(Conflict, conflict)
    api.add_exception_handler(OperationalError, partial(_troubled, api))
    api.add_exception_handler(ValidationError, not_understood)
    api.add_exception_handler(HttpError, not_understood)
    for kind in PLAIN:
        api.add_exception_handler(kind, lambda request, exc: plain(request, _plain_reason(exc)))


#: Exceptions that say all there is to say by their kind.
PLAIN: dict[type[Exception], str] = {
    Denied: "not_allowed",
    ObjectDoesNotExist: "not_found",
    Http404: "not_found",
    VersionMissing: "version_missing",
}


def _plain_reason(exc: Exception | type[Exception]) -> str:
    return next(reason for kind, reason in PLAIN.items() if isinstance(exc, kind))
