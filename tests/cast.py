"""The people by office, and builders of what tests need. Everybody is an office, no person."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from bukti.areas.answers import verification
from bukti.areas.answers.models import Answer
from bukti.areas.instruments import loader
from bukti.areas.instruments.commands import freeze_pack
from bukti.areas.instruments.models import Instrument
from bukti.areas.people.models import Agency, Grant, Region, User
from bukti.areas.people.queries import actor_of
from bukti.areas.rounds import commands as rounds
from bukti.areas.rounds.models import Round
from bukti.rules.pack import Pack
from bukti.rules.permissions import SYSTEM, Actor, Role

PASER = "64.01"
ELSEWHERE = "64.02"
PASSWORD = "kata-sandi-uji-2026"
SMALL_PACK = Path(__file__).parent / "cast_pack"


@dataclass(frozen=True)
class Person:
    """A user with the actor that a request of theirs would carry now."""

    user: User

    @property
    def actor(self) -> Actor:
        """Read afresh, as each request does."""
        return actor_of(User.objects.get(pk=self.user.pk), timezone.now())


@cache
def password_hash() -> str:
    """Hashed once a run: sixteen people a test would take half a second."""
    return make_password(PASSWORD)


def person(
    office: str,
    role: Role,
    region: str | None = PASER,
    agency: Agency | None = None,
    round_id: int | None = None,
) -> Person:
    """A person who holds one role. The mail address is made from the office's name."""
    user = User(email=f"{office.lower().replace(' ', '-')}@contoh.example", name=office)
    user.password = password_hash()
    user.save()
    Grant.objects.create(
        user=user,
        role=role,
        region_id=region,
        agency=agency,
        round_id=round_id,
        since=date(2026, 1, 1),
    )
    return Person(user)


def agency(code: str, name: str, short_name: str, region: str = PASER) -> Agency:
    """An agency of a region."""
    return Agency.objects.create(region_id=region, code=code, name=name, short_name=short_name)


@dataclass(frozen=True)
class Cast:
    """Two regions: Paser with four agencies and everybody; next door one of each that matters."""

    region: Region
    dkisp: Agency
    health: Agency
    hospital: Agency
    education: Agency
    coordinator: Person
    second_coordinator: Person
    executive: Person
    auditor: Person
    operator_of_dkisp: Person
    head_of_dkisp: Person
    operator_of_health: Person
    head_of_health: Person
    operator_of_hospital: Person
    operator_of_education: Person
    head_of_education: Person
    programme_admin: Person
    health_elsewhere: Agency
    coordinator_elsewhere: Person
    executive_elsewhere: Person
    auditor_elsewhere: Person
    operator_elsewhere: Person
    head_elsewhere: Person


def everybody() -> Cast:
    """Create the cast."""
    dkisp = agency("dkisp", "Dinas Komunikasi, Informatika, Statistik dan Persandian", "DKISP")
    health = agency("dinkes", "Dinas Kesehatan", "Dinkes")
    hospital = agency("rsud", "RSUD Panglima Sebaya", "RSUD")
    education = agency("disdikbud", "Dinas Pendidikan dan Kebudayaan", "Disdikbud")
    away = agency("dinkes", "Dinas Kesehatan", "Dinkes", ELSEWHERE)
    return Cast(
        region=Region.objects.get(pk=PASER),
        dkisp=dkisp,
        health=health,
        hospital=hospital,
        education=education,
        coordinator=person("Koordinator DKISP", Role.COORDINATOR),
        second_coordinator=person("Koordinator Bappedalitbang", Role.COORDINATOR),
        executive=person("Sekretaris Daerah", Role.EXECUTIVE),
        auditor=person("Inspektorat Daerah", Role.AUDITOR),
        operator_of_dkisp=person("Operator DKISP", Role.OPERATOR, agency=dkisp),
        head_of_dkisp=person("Kepala DKISP", Role.AGENCY_HEAD, agency=dkisp),
        operator_of_health=person("Operator Dinas Kesehatan", Role.OPERATOR, agency=health),
        head_of_health=person("Kepala Dinas Kesehatan", Role.AGENCY_HEAD, agency=health),
        operator_of_hospital=person("Operator RSUD", Role.OPERATOR, agency=hospital),
        operator_of_education=person("Operator Disdikbud", Role.OPERATOR, agency=education),
        head_of_education=person("Kepala Disdikbud", Role.AGENCY_HEAD, agency=education),
        programme_admin=person("Pengelola Program", Role.PROGRAMME_ADMIN, region=None),
        health_elsewhere=away,
        coordinator_elsewhere=person("Koordinator tetangga", Role.COORDINATOR, ELSEWHERE),
        executive_elsewhere=person("Pimpinan tetangga", Role.EXECUTIVE, ELSEWHERE),
        auditor_elsewhere=person("Inspektorat tetangga", Role.AUDITOR, ELSEWHERE),
        operator_elsewhere=person("Operator tetangga", Role.OPERATOR, ELSEWHERE, away),
        head_elsewhere=person("Kepala tetangga", Role.AGENCY_HEAD, ELSEWHERE, away),
    )


@cache
def small_pack() -> Pack:
    """The small instrument: a level, a count, a percentage, a survey mean; read once."""
    return loader.load_pack(SMALL_PACK)


def frozen(pack: Pack) -> Instrument:
    """The pack as a frozen instrument."""
    return freeze_pack(SYSTEM, pack)


def in_days(days: int) -> datetime:
    """A whole minute so many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).replace(second=0, microsecond=0)  # noqa: TID251


def round_in_preparation(cast: Cast, *, year: int = 2026, pack: Pack | None = None) -> Round:
    """A round whose questions are proposed to agencies but not begun."""
    instrument = frozen(pack or small_pack())
    plan = rounds.Plan(
        instrument_id=instrument.pk,
        scheme="utama" if pack is None else pack.schemes[0].key,
        year=year,
        title=f"Evaluasi Smart City {year}",
        agency_deadline=in_days(14),
        deadline=in_days(21),
    )
    return rounds.open_round(cast.coordinator.actor, PASER, plan)


def running_round(cast: Cast) -> Round:
    """A round that runs: A to DKISP, C1 C2 D1 to health (RSUD helps with C1), C3 to education."""
    round_ = round_in_preparation(cast)
    return verification.start_round(cast.coordinator.actor, round_.pk)


def answer(round_: Round, code: str) -> Answer:
    """The answer to one question, read afresh."""
    return Answer.objects.select_related("round__instrument", "assignment").get(
        round=round_, code=code
    )
