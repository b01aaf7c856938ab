"""Tries every door as everybody and compares with what the policy says.

A leak: somebody got in, saw a canary that is not theirs, or made a row, where the table and the
rules say no. A lock-out: somebody was kept from what the table promises them.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import connection
from django.http import HttpResponseBase
from django.urls import URLPattern, reverse

from bukti.faces.web.access import ROUTES, Open
from bukti.faces.web.urls import urlpatterns
from bukti.rules.permissions import Action, Place, may
from tests.architecture.bodies import body, query
from tests.architecture.personas import Crowd, Persona
from tests.architecture.things import FAMILIES, OWN_REGION, Thing
from tests.architecture.world import Canary, World, undone

READS = ("GET", "HEAD")
ACTS = ("POST", "PUT", "PATCH", "DELETE")
CANARY = re.compile(r"kenari-\d+-[a-z0-9_-]+-\d+x")
CHANGES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
#: Tables that hold no record: whose rows may come and go whoever asks.
PASSING = {"django_session", "bukti_cache"}
#: Personas whose doors are all the same: a sample of things is enough for them.
ALIKE = (
    *("programme admin", "whose", "without a role", "nobody", "assessor of another"),
    *("head that helps", "head of another agency"),
)

#: Pages that ask on the round first: not allowed there, or no such question.
ROUND_FIRST = ("score", "verify_answer")
#: What a page's form needs beyond what the page needs.
ACTS_BESIDE = {("dossiers", "POST"): Action.MAKE_DOSSIER}
#: States that make no difference to an agency, only to those over the region or the round.
RARE = ("prepared", "stage_one", "stage_two")
METHODS = ("GET", "POST", "HEAD", "DELETE", "OPTIONS")
#: Who tries the other verbs too.
CURIOUS = ("coordinator", "coordinator elsewhere", "operator of another agency", "nobody")


class Verdict(StrEnum):
    """What should happen."""

    OPEN = "open"
    PUBLIC = "public"
    DENIED = "denied"
    HIDDEN = "hidden"
    CLOSED = "closed"
    GONE = "gone"
    SIGN_IN = "sign in"
    WRONG_METHOD = "wrong method"


LETS_IN = frozenset({200, 201, 204, 302, 409, 412, 413, 422})
EXPECTED: dict[Verdict, frozenset[int]] = {
    Verdict.OPEN: LETS_IN,
    Verdict.PUBLIC: LETS_IN | {404, 405, 429},
    Verdict.DENIED: frozenset({403}),
    Verdict.HIDDEN: frozenset({404}),
    Verdict.CLOSED: frozenset({403, 404}),
    Verdict.GONE: frozenset({404, 409}),
    Verdict.SIGN_IN: frozenset({302, 401}),
    Verdict.WRONG_METHOD: frozenset({405}),
}
SHUT = frozenset({Verdict.DENIED, Verdict.HIDDEN, Verdict.CLOSED, Verdict.SIGN_IN})


@dataclass(frozen=True)
class Finding:
    """One cell that did not behave."""

    kind: str
    persona: str
    method: str
    route: str
    thing: str
    expected: str
    got: str


@dataclass
class Report:
    """How many cells were tried, and what was found."""

    cells: int = 0
    findings: list[Finding] = field(default_factory=list)

    def __str__(self) -> str:
        """The findings, those of one kind and address together."""
        grouped: dict[tuple[str, ...], list[str]] = {}
        for one in self.findings:
            got = re.sub(r"-\d+x$", "", one.got)
            key = (one.kind, one.route, one.method, one.thing, one.expected, got)
            grouped.setdefault(key, []).append(one.persona)
        return "\n".join(
            f"{kind}: {method} {route} ({thing}): {expected} expected, got {got}: "
            + ", ".join(dict.fromkeys(who))
            for (kind, route, method, thing, expected, got), who in grouped.items()
        )

    def of(self, kind: str) -> list[Finding]:
        """The findings of a kind."""
        return [finding for finding in self.findings if finding.kind == kind]

    @property
    def leaks(self) -> list[Finding]:
        """Where somebody got further than they may."""
        return self.of("leak")


def patterns() -> dict[str, URLPattern]:
    """Every address of the staff face, by name."""
    return {pattern.name: pattern for pattern in urlpatterns}


def arguments(pattern: URLPattern) -> tuple[str, ...]:
    """The names of an address's arguments, in order."""
    found = getattr(pattern.pattern, "converters", {}) or pattern.pattern.regex.groupindex
    return tuple(found)


@contextmanager
def watched() -> Iterator[list[str]]:
    """The tables that were written to, but for those that hold no record."""
    touched: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (found := CHANGES.match(sql)) and found[1] not in PASSING:
            touched.append(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield touched


def text_of(response: HttpResponseBase) -> str:
    """All that came, as text."""
    parts: Any = response.streaming_content if response.streaming else [response.content]  # type: ignore[attr-defined]
    content: bytes = b"".join(parts)
    return content.decode("utf-8", "replace")


def kind_of(verdict: Verdict, status: int) -> str:
    """What an unexpected status means."""
    if status >= 500:
        return "fault"
    return "lock-out" if verdict in (Verdict.OPEN, Verdict.GONE) else "leak"


class Matrix:
    """The doors of the staff face."""

    def __init__(self, world: World, crowd: Crowd) -> None:
        self.world, self.crowd = world, crowd
        self.canaries: dict[str, Canary] = {canary.text: canary for canary in world.canaries}
        self.things = {names: list(make(world)) for names, make in FAMILIES.items()}
        self.methods_of: dict[str, tuple[str, ...]] = {}

    def run(self, routes: Iterable[str], *, stops: bool = False) -> Report:
        """Try these routes; `stops` at the first leak."""
        report = Report()
        for route in routes:
            for thing, persona, method in self.cells(route):
                self.cell(report, route, thing, persona, method)
                if stops and report.leaks:
                    return report
        return report

    def cells(self, route: str) -> Iterator[tuple[Thing, Persona, str]]:
        """Every method for every thing and persona."""
        things = self.things[arguments(patterns()[route])]
        methods = self.methods(route)
        for number, thing in enumerate(things):
            for persona in self.those_who_try(thing, number):
                is_curious = number == 0 and persona.name in CURIOUS
                for method in METHODS if is_curious else ("GET", "POST"):
                    if is_curious or method in methods:
                        yield thing, persona, method

    def those_who_try(self, thing: Thing, number: int) -> Iterator[Persona]:
        """Everybody; of those whose doors are all the same, for a sample of things."""
        for persona in self.crowd:
            is_sampled = number == 0 or number % 4 == 3
            is_rare = thing.facts.get("state") in RARE and not persona.sees_whole_rounds
            if (is_sampled or not self._is_alike(persona, thing)) and not is_rare:
                yield persona

    def _is_alike(self, persona: Persona, thing: Thing) -> bool:
        """Whether a sample of such things is enough for this persona."""
        regions = {grant.region for grant in persona.actor.grants}
        is_far = thing.place is not None and thing.place.region not in regions
        return is_far or persona.name.startswith(ALIKE)

    def methods(self, route: str) -> tuple[str, ...]:
        """What a route answers to, in its own words."""
        if route not in self.methods_of:
            thing = self.things[arguments(patterns()[route])][0]
            persona = self.crowd.named("coordinator")
            response, _, _ = self.ask(persona, "PUT", route, thing)
            allowed = response.headers.get("Allow", "GET, HEAD, POST")
            self.methods_of[route] = tuple(word.strip() for word in allowed.split(","))
        return self.methods_of[route]

    def ask(
        self, persona: Persona, method: str, route: str, thing: Thing
    ) -> tuple[HttpResponseBase, str, list[str]]:
        """One request, whose effects are undone: the answer, its text, the tables it wrote to."""
        persona.reset()
        address = reverse(route, args=thing.args) + query(route)
        with undone(), watched() as touched:
            if method == "POST":
                response = persona.client.post(address, body(route, thing))
            else:
                response = persona.client.generic(method, address)
            text = text_of(response)
        return response, text, touched

    def cell(self, report: Report, route: str, thing: Thing, persona: Persona, method: str) -> None:
        """Try one, and note what is wrong."""
        report.cells += 1
        verdict = self.verdict(route, thing, persona, method)
        response, text, touched = self.ask(persona, method, route, thing)
        status = response.status_code

        def note(kind: str, got: str) -> None:
            report.findings.append(
                Finding(kind, persona.name, method, route, thing.name, verdict, got)
            )

        if status not in EXPECTED[verdict]:
            note(kind_of(verdict, status), str(status))
        if verdict is Verdict.SIGN_IN and "/masuk/" not in response.headers.get(
            "Location", "/masuk/"
        ):
            note("leak", response.headers["Location"])
        if verdict in SHUT and touched:
            note("leak", f"rows in {sorted(set(touched))}")
        for found in self.not_for(persona, text):
            note("leak", found)

    def not_for(self, persona: Persona, text: str) -> set[str]:
        """The canaries in a text that this persona may not read."""
        seen = set(CANARY.findall(text))
        return {one for one in seen if not persona.may_read(self.canaries[one])}

    def verdict(self, route: str, thing: Thing, persona: Persona, method: str) -> Verdict:
        """What the table and the rules say of this cell."""
        rule = ROUTES[route]
        is_ours = not route.startswith("account_")
        if rule is not Open.PUBLIC and not persona.is_signed_in:
            return Verdict.SIGN_IN
        if rule is Open.PUBLIC or not is_ours:
            return Verdict.PUBLIC
        if method not in self.methods(route):
            return Verdict.WRONG_METHOD
        if isinstance(rule, Open):
            return Verdict.OPEN if thing.sees(persona.actor) else Verdict.HIDDEN
        rule = ACTS_BESIDE.get((route, method), rule)
        return self._by_policy(route, rule, thing, persona)

    def _by_policy(self, route: str, rule: Action, thing: Thing, persona: Persona) -> Verdict:
        actor, names = persona.actor, arguments(patterns()[route])
        if not names:
            here = Place(persona.home, next(iter(actor.agencies), None))
            return Verdict.OPEN if may(actor, rule, here) else Verdict.DENIED
        if not thing.sees(actor):
            mixed = names in OWN_REGION or thing.facts.get("is_mixed") or route in ROUND_FIRST
            return Verdict.CLOSED if mixed else Verdict.HIDDEN
        assert thing.place is not None, thing.name
        if not self._may(route, rule, thing, persona):
            return Verdict.CLOSED if names in OWN_REGION else Verdict.DENIED
        if thing.facts.get("gone"):
            return Verdict.GONE
        return self._more(route, thing, persona)

    def _may(self, route: str, rule: Action, thing: Thing, persona: Persona) -> bool:
        assert thing.place is not None
        if rule is Action.READ_EVIDENCE:
            return True  # whose document one sees, one may open: cited, or released to one
        if route == "results" and thing.facts["round"].state == "finished":
            rule = Action.READ_PAST_RESULT  # what was published, agencies see too
        return may(persona.actor, rule, thing.place)

    def _more(self, route: str, thing: Thing, persona: Persona) -> Verdict:
        """Where the address is open, but what the form names may not be theirs."""
        if route == "cite":
            named = thing.facts["furnished"].revisions["cited"].pk
            cited = next(t for t in self.things["revision_id",] if t.args == (named,))
            return Verdict.OPEN if cited.sees(persona.actor) else Verdict.GONE
        return Verdict.OPEN
