"""What each act sends: plausible enough to reach the command that must say no."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from bukti.areas.instruments.models import Instrument
from bukti.areas.people.models import Agency
from tests.architecture.things import Thing
from tests.architecture.world import CODES
from tests.areas.files import pdf

Body = dict[str, Any]


def moment(days: int) -> str:
    """A time as a form's field carries it."""
    return (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def today() -> str:
    """A day as a form's field carries it."""
    return (timezone.now() - timedelta(days=1)).date().isoformat()


def _file(thing: Thing) -> Body:
    return {"file": SimpleUploadedFile("surat.pdf", pdf("matriks"), "application/pdf")}


def _scheme() -> str:
    return f"{Instrument.objects.get().pk}:utama"


def _agency(thing: Thing) -> int:
    return int(thing.facts["furnished"].main.pk)


def _version(thing: Thing) -> int:
    answer = thing.facts.get("answer")
    return answer.version if answer else 0


def _dates() -> Body:
    return {"agency_deadline": moment(10), "deadline": moment(20)}


def _other_agency(thing: Thing) -> int:
    place = thing.facts["furnished"]
    found = Agency.objects.filter(region=place.region).exclude(pk=thing.args[0]).first()
    return found.pk if found else 0


def _facts(thing: Thing) -> Body:
    return {"title": "judul baru", "number": "1", "kind": "report", "date": today()}


BODIES: dict[str, Callable[[Thing], Body]] = {
    "account_change_password": lambda t: {"oldpassword": "x", "password1": "y", "password2": "z"},
    "account_login": lambda t: {"login": "x@contoh.example", "password": "x"},
    "account_reset_password": lambda t: {"email": "x@contoh.example"},
    "set_language": lambda t: {"language": "en", "next": "/"},
    "profile": lambda t: {"language": "id"},
    "token_issue": lambda t: {"name": "uji"},
    "round_open": lambda t: {"scheme": _scheme(), "year": 2040, "title": "Baru", **_dates()},
    "round_record": lambda t: {
        "year": 2015,
        "title": "Lama",
        "source": "surat",
        "component-baseline": "3",
        "component-outcome": "2",
        "component-impact": "2",
    },
    "round_change": lambda t: {"title": "Judul baru", **_dates()},
    "round_move": lambda t: {"step": "open_stage_one"},
    "assignments": lambda t: {"scope": "ticked", "code": ["C3"], "agency": _agency(t)},
    "deadline_extend": lambda t: {"agency": _agency(t), "until": moment(19), "reason": "alasan"},
    "agency_remind": lambda t: {"agency": [_agency(t)]},
    "answer_save": lambda t: {"version": _version(t), "level": 1, "explanation": "ujian"},
    "version_restore": lambda t: {"version": _version(t)},
    "comment": lambda t: {"text": "ujian"},
    "attach": _file,
    "cite": lambda t: {"revision": t.facts["furnished"].revisions["cited"].pk, "pages": "1"},
    "skip": lambda t: {"text": "alasan"},
    "agency_hand_in": lambda t: {"code": list(CODES), "sure": "on"},
    "round_prepare": lambda t: {"code": list(CODES), "sure": "on"},
    "round_sign": lambda t: {"digest": t.facts["round"].prepared_digest},
    "reopening_request": lambda t: {"reason": "alasan", "until": moment(5)},
    "answer_accept": lambda t: {"version": _version(t), "verified": "1", "note": ""},
    "answer_return": lambda t: {"version": _version(t), "note": "x", "due_at": moment(5)},
    "score": lambda t: {"level": "2", "remark": "x"},
    "dossiers": lambda t: {"format": "pdf"},
    "document_describe": _facts,
    "document_classify": lambda t: {"access": "public"},
    "document_revise": _file,
    "agency_add": lambda t: {"name": "Dinas Baru", "short_name": "Baru"},
    "agency_rename": lambda t: {"name": "Nama baru", "short_name": "NB", "since": today()},
    "agency_merge": lambda t: {"agency": _other_agency(t), "until": today()},
    "user_invite": lambda t: {"email": "baru@contoh.example", "name": "Baru", "role": "auditor"},
    "assessor_invite": lambda t: {
        "email": "baru@contoh.example",
        "name": "Baru",
        "round": t.facts["furnished"].rounds["running"].pk,
    },
    "grant_give": lambda t: {"role": "auditor"},
    "grant_move": lambda t: {"agency": _other_agency(t)},
}
#: What an address carries behind its question mark.
QUERIES: dict[str, Callable[[], str]] = {"round_record": lambda: f"?skema={_scheme()}"}


def body(route: str, thing: Thing) -> Body:
    """What is sent."""
    return BODIES[route](thing) if route in BODIES else {}


def query(route: str) -> str:
    """The address's own."""
    return QUERIES[route]() if route in QUERIES else ""
