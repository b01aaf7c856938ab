"""What the masthead shows: pages, place and person."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bukti.areas.notices import queries as notices
from bukti.areas.people import queries as people
from bukti.areas.rounds import queries as rounds
from bukti.faces.web.background import is_background
from bukti.rules.permissions import Action, Actor, Place, may
from bukti.rules.workflow import RoundState
from bukti.wording.words import ROLES

if TYPE_CHECKING:
    from bukti.areas.rounds.models import Round

#: Pages beside the agencies' own, under the same entry of the masthead.
REGIONAL = ("users", "instruments")

#: Where what belongs to no region is done.
NATION = "ID"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the masthead."""

    label: str
    url: str
    current: bool


def masthead(request: HttpRequest) -> dict[str, object]:
    """`nav`, `where`, `who` and preferences (at most two queries).

    Nothing for a visitor, nor for a fragment that our script puts into a page that has it already.
    """
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.user_id is None or is_background(request):
        return {}
    chosen = getattr(request, "round", None) or rounds.current_round(actor)
    pages = _pages(actor, chosen)
    nearby = [url for _label, url in pages if request.path.startswith(url)]
    here = max(nearby, key=len, default="")
    if any(request.path.startswith(reverse(name)) for name in REGIONAL):
        here = reverse("agencies")
    if here == reverse("rounds") != request.path:
        here = ""
    return {
        "nav": [Entry(label, url, url == here) for label, url in pages],
        "where": [chosen.region.name, chosen.title] if chosen else [],
        "who": _who(actor, str(request.user)),
        "preferences_url": reverse("profile"),
        "keys_off": not request.user.has_letter_keys,  # type: ignore[union-attr]
        "unread": notices.unread(actor).count(),
    }


def _pages(actor: Actor, chosen: "Round | None") -> list[tuple[str, str]]:
    pages = []
    if actor.agencies:
        pages.append((_("Tugas"), reverse("tasks")))
    if chosen:
        pages += _round_pages(actor, chosen)
    if actor.grants:
        pages.append((_("Putaran"), reverse("rounds")))
    if may(actor, Action.FREEZE_INSTRUMENT, Place(NATION)):
        pages.append((_("Instrumen"), reverse("instruments")))
    pages.append((_("Arsip"), reverse("documents")))
    if actor.regions:
        pages.append((_("Catatan"), reverse("ledger")))
        pages.append((_("Daerah"), reverse("agencies")))
    return pages


def _round_pages(actor: Actor, round_: "Round") -> list[tuple[str, str]]:
    def to(name: str) -> str:
        return reverse(name, args=[round_.pk])

    pages = []
    in_preparation = round_.state == RoundState.PREPARATION
    if in_preparation and may(actor, Action.ASSIGN_QUESTION, round_.place):
        pages.append((_("Pembagian"), to("assignments")))
    if not in_preparation and not round_.is_recorded and not actor.rounds:
        pages.append((_("Papan"), to("board")))
    if round_.is_open and may(actor, Action.VERIFY_ANSWER, round_.place):
        pages.append((_("Verifikasi"), to("verification")))
    if may(actor, Action.SCORE_QUESTION, round_.place):
        pages.append((_("Penilaian"), to("assessment")))
    if may(actor, Action.READ_RESULT, round_.place) and not in_preparation:
        pages.append((_("Hasil"), to("results")))
    return pages


def _who(actor: Actor, name: str) -> list[str]:
    """Role and office. People are named by office, often with the role in front: say it once."""
    grants = people.sorted_grants(actor)
    role = str(ROLES[grants[0].role]) if grants else _("Tanpa peran")
    first, _space, rest = name.partition(" ")
    return [first, rest] if rest and role.split()[0] == first else [role, name]


def place_of(actor: Actor) -> Place:
    """The region a page about the region is for."""
    return Place(people.home_region(actor) or "")
