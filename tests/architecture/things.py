"""What a route's address can name, where it is and who should find it there.

`sees` is this test's own opinion, written from product.md and not from the queries it examines.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from bukti.areas.instruments.models import Instrument
from bukti.areas.people.models import Agency, ApiToken, Grant
from bukti.areas.rounds.models import Contribution
from bukti.rules.permissions import WITHIN_AGENCY, Action, Actor, Place, belongs_to, may
from bukti.rules.workflow import HANDED_IN_OR_LATER, AnswerState, RoundState
from tests.architecture.world import Place as Furnished
from tests.architecture.world import World

NOWHERE = 987_654_321
SHOWN_TO_ASSESSORS = (AnswerState.SUBMITTED, AnswerState.ACCEPTED, AnswerState.NOT_APPLICABLE)


@dataclass(frozen=True, eq=False)
class Thing:
    """One object with the arguments of its address. `place` None: it does not exist."""

    name: str
    args: tuple[Any, ...]
    place: Place | None
    sees: Callable[[Actor], bool]
    facts: dict[str, Any] = field(default_factory=dict)


def nobody(actor: Actor) -> bool:
    """Nobody sees what is not there."""
    return False


def everybody(actor: Actor) -> bool:
    """What is no region's."""
    return True


def holds_office(actor: Actor, region: str) -> bool:
    """Whether the actor works for the region or an agency of it."""
    return belongs_to(actor, region)


def sees_round(actor: Actor, region: str, round_id: int, state: str) -> bool:
    """The region sees all; an agency not the preparation; an assessor what was handed in."""
    if region in actor.regions:
        return True
    if holds_office(actor, region):
        return state != RoundState.PREPARATION
    return round_id in actor.rounds and state in HANDED_IN_OR_LATER


def rounds(world: World) -> Iterator[Thing]:
    """Every round of both regions, and none."""
    for place in world.places:
        for name, round_ in place.rounds.items():
            facts = {"round": round_, "furnished": place, "state": name}
            yield Thing(
                f"round {name} of {place.region}",
                (round_.pk,),
                Place(place.region, None, round_.pk),
                lambda actor, r=round_: sees_round(actor, r.region_id, r.pk, r.state),  # type: ignore[misc]
                facts,
            )
    running = {"furnished": world.home, "round": world.home.rounds["running"], "state": "running"}
    yield Thing("no round", (NOWHERE,), None, nobody, running)


#: Which answers are tried: the round's state and the question.
TRIED = [
    ("running", "C1"),
    ("running", "C3"),
    ("running", "C2"),
    ("running", "A1"),
    ("mending", "C1"),
    ("handed_in", "C1"),
    ("stage_one", "C1"),
    ("stage_two", "A1"),
    ("finished", "C1"),
]
AWAY = [("running", "C1"), ("stage_one", "C1"), ("mending", "C1")]


def answers(world: World) -> Iterator[Thing]:
    """Answers led, helped with, and of others, in every state; an unknown code; no round."""
    for place, tried in ((world.home, TRIED), (world.away, AWAY)):
        for state, code in tried:
            yield _answer(place, state, code)
        round_ = place.rounds["running"]
        facts = {"furnished": place, "round": round_, "state": "running", "code": "Z9"}
        yield Thing(f"unknown question of {place.region}", (round_.pk, "Z9"), None, nobody, facts)
    nowhere = {"furnished": world.home, "round": world.home.rounds["running"], "state": "running"}
    yield Thing("answer of no round", (NOWHERE, "C1"), None, nobody, nowhere)


def _answer(place: Furnished, state: str, code: str) -> Thing:
    answer = place.answer(state, code)
    lead, round_ = answer.assignment.agency_id, place.rounds[state]
    helping = Contribution.objects.filter(assignment=answer.pk).values_list("agency_id", flat=True)
    where = Place(place.region, lead, round_.pk, frozenset(helping))

    def sees(actor: Actor) -> bool:
        if place.region in actor.regions or actor.agencies & ({lead} | where.contributors):
            return True
        is_shown = answer.state in SHOWN_TO_ASSESSORS and not holds_office(actor, place.region)
        return is_shown and sees_round(actor, place.region, round_.pk, round_.state)

    facts = {"furnished": place, "round": round_, "state": state, "code": code, "answer": answer}
    return Thing(f"answer {code} {state} of {place.region}", (round_.pk, code), where, sees, facts)


def versions(world: World) -> Iterator[Thing]:
    """The first version of each answer; one that is not there."""
    for thing in answers(world):
        if thing.place is None or ("answer" in thing.facts and thing.facts["answer"].version):
            yield _with(thing, 1)
    yield _gone(_answer(world.home, "running", "C1"), 99)


def citations(world: World) -> Iterator[Thing]:
    """A citation under its own answer, and under one that does not have it."""
    for place in world.places:
        thing = _answer(place, "running", "C1")
        yield _with(thing, place.citations["C1"].pk)
    foreign = world.away.citations["C1"].pk
    yield _gone(_answer(world.home, "running", "C1"), foreign)
    yield _gone(_answer(world.home, "running", "C3"), world.home.citations["C1"].pk)


def _with(thing: Thing, *more: Any) -> Thing:
    return Thing(thing.name, (*thing.args, *more), thing.place, thing.sees, thing.facts)


def _gone(thing: Thing, *more: Any) -> Thing:
    """The thing is there, what is asked of it is not: refused (409) or not found."""
    facts = {**thing.facts, "gone": True}
    return Thing(f"{thing.name}, but", (*thing.args, *more), thing.place, thing.sees, facts)


def agencies_in_round(world: World) -> Iterator[Thing]:
    """Agencies in the rounds of their region, in a round of another, and none."""
    for place in world.places:
        for state in ("running", "handed_in", "preparation"):
            round_ = place.rounds[state]
            for agency in filter(None, (place.main, place.other)):
                facts = {"furnished": place, "round": round_, "state": state}
                yield Thing(
                    f"{agency.short_name} in round {state} of {place.region}",
                    (round_.pk, agency.pk),
                    Place(place.region, agency.pk, round_.pk),
                    lambda actor, r=round_: (
                        sees_round(actor, r.region_id, r.pk, r.state)  # type: ignore[misc]
                        and any(grant.region == r.region_id for grant in actor.grants)
                    ),
                    facts,
                )
    for place, other in (world.places, world.places[::-1]):
        round_ = place.rounds["running"]
        facts = {"furnished": place, "round": round_, "state": "running", "is_mixed": True}
        args = (round_.pk, other.main.pk)
        yield Thing(f"{other.region}'s agency in {place.region}", args, None, nobody, facts)


def reopenings(world: World) -> Iterator[Thing]:
    """The open request of each region; one that is not there."""
    for place in world.places:
        round_ = place.rounds["handed_in"]
        yield Thing(
            f"reopening of {place.region}",
            (round_.pk, place.reopening.pk),  # type: ignore[union-attr]
            Place(place.region, None, round_.pk),
            lambda actor, r=round_: sees_round(actor, r.region_id, r.pk, r.state),  # type: ignore[misc]
            {"furnished": place, "round": round_, "state": "handed_in"},
        )
    yield Thing(
        "no reopening",
        (world.home.rounds["running"].pk, NOWHERE),
        None,
        nobody,
        {"furnished": world.home},
    )


def receipts(world: World) -> Iterator[Thing]:
    """What each agency, and each region as a whole, handed in."""
    for place in world.places:
        seen: set[tuple[int | None, bool]] = set()
        for receipt in place.receipts:
            kind = (receipt.agency_id, receipt.round_id == place.rounds["running"].pk)
            if kind in seen:
                continue
            seen.add(kind)
            where = Place(place.region, receipt.agency_id, receipt.round_id)
            yield Thing(
                f"receipt of agency {receipt.agency_id} of {place.region}",
                (receipt.pk,),
                where,
                lambda actor, p=where: p.region in actor.regions or p.agency in actor.agencies,  # type: ignore[misc]
                {"furnished": place},
            )
    yield Thing("no receipt", (NOWHERE,), None, nobody, {"furnished": world.home})


def exports(world: World) -> Iterator[Thing]:
    """A finished and a waiting dossier of each region."""
    for place in world.places:
        for name, export in place.exports.items():
            yield Thing(
                f"dossier {name} of {place.region}",
                (export.pk,),
                Place(place.region, None, export.round_id),
                lambda actor, p=place: p.region in actor.regions,  # type: ignore[misc]
                {"furnished": place, "export": export},
            )
    yield Thing("no dossier", (NOWHERE,), None, nobody, {"furnished": world.home})


def revisions(world: World) -> Iterator[Thing]:
    """Documents cited, uncited, released and not yet released."""
    for place in world.places:
        shared = {place.main.pk} | ({place.helper.pk} if place.helper else set())
        other = {(place.other or place.main).pk}
        readers = {"cited": shared, "kept": {place.main.pk}, "submitted": {place.main.pk}}
        readers |= {"others": other, "unreleased": shared}
        for name, revision in place.revisions.items():
            if name.isdecimal() and name not in ("2022", "2025", "2028"):
                continue
            yield _revision(place, name, revision, readers.get(name, shared))
    yield Thing("no document", (NOWHERE,), None, nobody, {"furnished": world.home})


def _revision(place: Furnished, name: str, revision: Any, readers: set[int]) -> Thing:
    document = revision.document
    is_released = name in ("2022", "2025")
    of_round = next((r for r in place.rounds.values() if str(r.year) == name), None)

    def sees(actor: Actor) -> bool:
        if place.region in actor.regions or actor.agencies & readers:
            return True
        outside = not holds_office(actor, place.region)
        return is_released and outside and of_round is not None and of_round.pk in actor.rounds

    facts = {"furnished": place, "revision": revision, "readers": readers}
    where = Place(place.region, document.agency_id)
    return Thing(f"document {name} of {place.region}", (revision.pk,), where, sees, facts)


def pages(world: World) -> Iterator[Thing]:
    """The first page of each document; one that is not there."""
    for thing in revisions(world):
        yield _with(thing, 1)


def instruments(world: World) -> Iterator[Thing]:
    """Instruments are no region's."""
    found = Instrument.objects.get()
    yield Thing("instrument", (found.pk,), Place("ID"), everybody)
    yield Thing("no instrument", (NOWHERE,), None, nobody)


def _region_people(region: str) -> Callable[[Actor], bool]:
    return lambda actor: may(actor, Action.READ_PEOPLE, Place(region))


def agencies(world: World) -> Iterator[Thing]:
    """Agencies of each region."""
    for place in world.places:
        for agency in Agency.objects.filter(region=place.region).order_by("pk")[:2]:
            yield Thing(
                f"{agency.short_name} of {place.region}",
                (agency.pk,),
                Place(place.region),
                _region_people(place.region),
                {"furnished": place, "agency": agency},
            )
    yield Thing("no agency", (NOWHERE,), None, nobody, {"furnished": world.home})


def users(world: World) -> Iterator[Thing]:
    """An operator, a closed account and an assessor of each region."""
    for place in world.places:
        operator = place.operators[place.main.pk].user
        for name, user in (("operator", operator), ("closed account", place.closed_user)):
            yield Thing(
                f"{name} of {place.region}",
                (user.pk,),  # type: ignore[union-attr]
                Place(place.region),
                _region_people(place.region),
                {"furnished": place, "user": user},
            )
    yield Thing("no user", (NOWHERE,), None, nobody, {"furnished": world.home})


def grants(world: World) -> Iterator[Thing]:
    """An operator's role in each region."""
    for place in world.places:
        user = place.operators[place.main.pk].user
        yield Thing(
            f"role of an operator of {place.region}",
            (Grant.objects.get(user=user).pk,),
            Place(place.region),
            _region_people(place.region),
            {"furnished": place},
        )
    admin = Grant.objects.get(user=world.cast.programme_admin.user)
    yield Thing("role over the nation", (admin.pk,), None, nobody, {"furnished": world.home})
    yield Thing("no role", (NOWHERE,), None, nobody, {"furnished": world.home})


def tokens(world: World) -> Iterator[Thing]:
    """A token is its holder's alone, whoever they are."""
    for person in (world.cast.operator_of_health, world.cast.coordinator_elsewhere):
        for token in ApiToken.objects.filter(user=person.user):
            place = person.actor.grants
            region = next(iter(place)).region or ""
            agency = next(iter(place)).agency
            yield Thing(
                f"token of {person.user.name}",
                (token.pk,),
                Place(region, agency),
                lambda actor, mine=person.user.pk: actor.user_id == mine,  # type: ignore[misc]
            )
    yield Thing("no token", (NOWHERE,), None, nobody)


def checkpoints(world: World) -> Iterator[Thing]:
    """The newest of each region."""
    for place in world.places:
        yield Thing(
            f"checkpoint of {place.region}",
            (place.checkpoint.pk,),  # type: ignore[union-attr]
            Place(place.region),
            lambda actor, r=place.region: r in actor.regions,  # type: ignore[misc]
            {"furnished": place},
        )
    yield Thing("no checkpoint", (NOWHERE,), None, nobody, {"furnished": world.home})


def reset_keys(world: World) -> Iterator[Thing]:
    """A link that was never mailed."""
    yield Thing("invented link", ("a", "set-password-x"), Place(""), everybody)


def nothing(world: World) -> Iterator[Thing]:
    """An address without arguments: what is meant is one's own region."""
    yield Thing("own region", (), None, everybody, {"furnished": world.home})


#: By the names of an address's arguments.
FAMILIES: dict[tuple[str, ...], Callable[[World], Iterator[Thing]]] = {
    (): nothing,
    ("round_id",): rounds,
    ("round_id", "code"): answers,
    ("round_id", "code", "number"): versions,
    ("round_id", "code", "citation_id"): citations,
    ("round_id", "agency_id"): agencies_in_round,
    ("round_id", "reopening_id"): reopenings,
    ("hand_in_id",): receipts,
    ("export_id",): exports,
    ("revision_id",): revisions,
    ("revision_id", "page"): pages,
    ("instrument_id",): instruments,
    ("agency_id",): agencies,
    ("user_id",): users,
    ("grant_id",): grants,
    ("token_id",): tokens,
    ("checkpoint_id",): checkpoints,
    ("uidb36", "key"): reset_keys,
}
#: Pages about one's own region ask first whether one may at all: not allowed, or not there.
OWN_REGION = (("agency_id",), ("user_id",), ("grant_id",), ("token_id",), ("checkpoint_id",))
__all__ = ["FAMILIES", "NOWHERE", "OWN_REGION", "WITHIN_AGENCY", "Thing", "timezone"]
