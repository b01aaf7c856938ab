"""Who tries the doors: every role, at home and elsewhere, of this agency and of another."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.test import Client
from django.utils import timezone

from bukti.areas.people.models import ApiToken, Grant
from bukti.areas.people.queries import digest_of
from bukti.rules.permissions import Actor, Role
from tests import cast as people
from tests.architecture.world import Canary, World
from tests.cast import ELSEWHERE, PASER, Person


@dataclass(frozen=True, eq=False)
class Persona:
    """Somebody with a session and an API token; `person` None has neither."""

    name: str
    person: Person | None = None
    is_closed: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether a request of theirs is anybody's."""
        return self.person is not None and not self.is_closed

    @cached_property
    def actor(self) -> Actor:
        """What the rules know of them."""
        return self.person.actor if self.person else Actor("nobody")

    @cached_property
    def home(self) -> str:
        """The region whose pages without an address of their own they would see."""
        regions = sorted(self.actor.regions) or sorted(g.region or "" for g in self.actor.grants)
        return next(iter(regions), "")

    @cached_property
    def client(self) -> Client:
        """Signed in once."""
        client = Client(raise_request_exception=False)
        if self.is_signed_in:
            client.force_login(self.person.user)  # type: ignore[union-attr]
        return client

    @cached_property
    def token(self) -> str:
        """A bearer token, whether or not the role may hold one: nothing may rely on it."""
        if self.person is None:
            return ""
        text = f"bukti_uji-{self.person.user.pk}"
        ApiToken.objects.create(
            user=self.person.user,
            name="uji",
            digest=digest_of(text),
            expires_at=timezone.now() + timedelta(days=1),
        )
        return text

    @property
    def sees_whole_rounds(self) -> bool:
        """Whether the role is over a region or a round, not over an agency."""
        return bool(self.actor.regions or self.actor.rounds)

    def reset(self) -> None:
        """Cookies as right after the sign-in, whatever a request did to them."""
        self.client.cookies.clear()
        if self.session:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.session

    @cached_property
    def session(self) -> str:
        """The session's key."""
        cookie = self.client.cookies.get(settings.SESSION_COOKIE_NAME)
        return cookie.value if cookie else ""

    def may_read(self, canary: Canary) -> bool:
        """Whose text it is: the region's, the agency's, or for an assessor what was handed in."""
        actor = self.actor
        if canary.region in actor.regions:
            return True
        if canary.agencies is None and canary.region in {grant.region for grant in actor.grants}:
            return True
        if canary.agencies and actor.agencies & canary.agencies:
            return True
        is_outsider = canary.region not in {
            grant.region for grant in actor.grants if grant.role is not Role.ASSESSOR
        }
        return canary.assessors and is_outsider and canary.round_id in actor.rounds


@dataclass
class Crowd:
    """All personas, those first that get furthest when a check is missing."""

    world: World
    everybody: list[Persona] = field(default_factory=list)

    def __iter__(self) -> Iterator[Persona]:
        return iter(self.everybody)

    def named(self, name: str) -> Persona:
        """One of them."""
        return next(persona for persona in self.everybody if persona.name == name)


def _with(person: Person, **grant: object) -> Person:
    Grant.objects.create(user=person.user, **{"since": timezone.localdate(), **grant})
    return person


def crowd(world: World) -> Crowd:
    """Everybody who tries, made from the cast and some whom no cast should have."""
    cast, today = world.cast, timezone.localdate()
    hospital, signed = cast.hospital, world.home.rounds["stage_one"].pk
    helping_head = people.person("Kepala RSUD", Role.AGENCY_HEAD, agency=hospital)
    biased = people.person("Operator yang menilai", Role.OPERATOR, agency=cast.dkisp)
    _with(biased, role=Role.ASSESSOR, region_id=PASER, round_id=signed)
    other = people.person("Asesor putaran lain", Role.ASSESSOR, round_id=10**9)
    ended = people.person("Mantan koordinator", Role.COORDINATOR)
    ended.user.grants.update(ended_at=timezone.now() - timedelta(hours=1))
    over = people.person("Koordinator sampai kemarin", Role.COORDINATOR)
    over.user.grants.update(since=today - timedelta(days=9), until=today - timedelta(days=2))
    coming = people.person("Koordinator mulai lusa", Role.COORDINATOR)
    coming.user.grants.update(since=today + timedelta(days=2))
    nothing = people.person("Tanpa peran", Role.COORDINATOR)
    nothing.user.grants.all().delete()
    closed = people.person("Akun ditutup", Role.COORDINATOR)
    province = people.person("Pengelola provinsi", Role.PROGRAMME_ADMIN, "64")
    far = people.person("Pengelola provinsi lain", Role.PROGRAMME_ADMIN, "31")
    made = Crowd(
        world,
        [
            Persona("coordinator elsewhere", cast.coordinator_elsewhere),
            Persona("operator of another agency", cast.operator_of_education),
            Persona("auditor", cast.auditor),
            Persona("executive", cast.executive),
            Persona("coordinator", cast.coordinator),
            Persona("operator that leads", cast.operator_of_health),
            Persona("operator that helps", cast.operator_of_hospital),
            Persona("head that leads", cast.head_of_health),
            Persona("head that helps", helping_head),
            Persona("head of another agency", cast.head_of_education),
            Persona("assessor", world.home.assessor),
            Persona("assessor elsewhere", world.away.assessor),
            Persona("assessor of another round", other),
            Persona("assessor with an office in the region", biased),
            Persona("operator elsewhere", cast.operator_elsewhere),
            Persona("head elsewhere", cast.head_elsewhere),
            Persona("executive elsewhere", cast.executive_elsewhere),
            Persona("auditor elsewhere", cast.auditor_elsewhere),
            Persona("programme admin of the nation", cast.programme_admin),
            Persona("programme admin of the province", province),
            Persona("programme admin of another province", far),
            Persona("whose role has ended", ended),
            Persona("whose role is over", over),
            Persona("whose role begins later", coming),
            Persona("without a role", nothing),
            Persona("whose account is closed", closed, is_closed=True),
            Persona("nobody"),
        ],
    )
    for persona in made:
        _ = persona.session, persona.token
    closed.user.is_active = False
    closed.user.save()
    return made


__all__ = ["ELSEWHERE", "PASER", "Crowd", "Persona", "crowd"]
