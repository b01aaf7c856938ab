"""The demonstration's people: one per role and office, named by office. Nobody is invented."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from bukti.areas.people import agencies as agency_commands
from bukti.areas.people import commands, programme, queries
from bukti.faces.cli.demo.papers import head_of
from bukti.faces.cli.demo.script import Office, offices
from bukti.rules.permissions import SYSTEM, Actor, Place, Role

if TYPE_CHECKING:
    from bukti.areas.people.models import Agency, User

PASER = "64.01"
#: Public by intention: it is printed, and it opens invented data on this machine only.
PASSWORD = "peragaan-smart-city"  # noqa: S105
COORDINATOR = "koordinator@paser.example"
LONGEST_OFFICE = 44


@dataclass(frozen=True, slots=True)
class Login:
    """A line of the table that the demonstration prints."""

    name: str
    email: str
    does: str


#: One per role, as printed. Every other office follows the same pattern.
LOGINS = (
    Login("Koordinator", COORDINATOR, "membuka putaran, memeriksa jawaban, menyiapkan penyerahan"),
    Login(
        "Operator Dinas Kesehatan", "operator.dinkes@paser.example", "menjawab dan mengunggah bukti"
    ),
    Login("Kepala Dinas Kesehatan", "kepala.dinkes@paser.example", "mengajukan jawaban dinas"),
    Login("Sekretaris Daerah", "sekda@paser.example", "pimpinan: menandatangani penyerahan"),
    Login("Inspektorat Daerah", "inspektorat@paser.example", "pemeriksa: membaca catatan bukti"),
    Login("Asesor", "asesor@nasional.example", "menilai setelah putaran diserahkan"),
    Login("Pengelola program", "pengelola@nasional.example", "menerbitkan instrumen"),
)


@dataclass(slots=True)
class Cast:
    """Who acts in the story: users by address, agencies by code."""

    agencies: dict[str, "Agency"]
    users: dict[str, "User"] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The person with this address (without the host), with the grants of this moment."""
        return queries.actor_of(self.users[name], timezone.now())

    def coordinator(self, turn: int = 0) -> Actor:
        """One of the two coordinators."""
        return self.actor("koordinator2" if turn % 3 == 2 else "koordinator")

    def operator(self, agency: str) -> Actor:
        """Who answers for an agency."""
        return self.actor(f"operator.{agency}")

    def head(self, agency: str) -> Actor:
        """Who hands in for an agency."""
        return self.actor(f"kepala.{agency}")


def arrive(leads: Iterable[str], helpers: Iterable[str]) -> Cast:
    """Set the region up: its agencies, and the people of those that answer, lead or check."""
    token = commands.make_setup_token(SYSTEM)
    first = commands.set_up(
        token, PASER, email=COORDINATOR, name="Koordinator DKISP", password=PASSWORD
    )
    chief = queries.actor_of(first, timezone.now())
    cast = Cast({code: _agency(chief, office) for code, office in offices().items()})
    cast.users["koordinator"] = first
    invite = partial(_invite, chief, cast)
    invite("koordinator2", "Koordinator Bappedalitbang", Role.COORDINATOR)
    invite("sekda", "Sekretaris Daerah", Role.EXECUTIVE)
    invite("bupati", "Bupati Paser", Role.EXECUTIVE)
    invite("inspektorat", "Inspektorat Daerah", Role.AUDITOR)
    for code in leads:
        invite(f"operator.{code}", _operator_name(offices()[code]), Role.OPERATOR, code)
        invite(f"kepala.{code}", _head_name(offices()[code]), Role.AGENCY_HEAD, code)
    for code in helpers:
        invite(f"operator.{code}", _operator_name(offices()[code]), Role.OPERATOR, code)
    cast.users["pengelola"] = programme.appoint_programme_admin(
        SYSTEM, email="pengelola@nasional.example", name="Pengelola program Smart City"
    )
    return cast


def _invite(
    chief: Actor, cast: Cast, name: str, office: str, role: Role, agency: str | None = None
) -> None:
    cast.users[name] = commands.invite_user(
        chief,
        PASER,
        email=f"{name}@paser.example",
        name=office,
        role=role,
        agency_id=cast.agencies[agency].pk if agency else None,
    )


def invite_assessor(cast: Cast, round_id: int) -> None:
    """Somebody from outside who assesses the round once it is handed in."""
    cast.users["asesor"] = commands.invite_assessor(
        cast.coordinator(),
        Place(PASER, None, round_id),
        email="asesor@nasional.example",
        name="Asesor Smart City",
    )


def give_passwords(cast: Cast) -> None:
    """Everybody gets the public password at once: as if each had followed the mailed link."""
    hashed = make_password(PASSWORD)
    for user in cast.users.values():
        user.password = hashed
        user.save(update_fields=["password"])


def _agency(chief: Actor, office: Office) -> "Agency":
    return agency_commands.add_agency(
        chief, PASER, code=office.code, name=office.name, short_name=office.short_name
    )


def _operator_name(office: Office) -> str:
    short = len(office.name) > LONGEST_OFFICE
    return f"Operator {office.short_name if short else office.name}"


def _head_name(office: Office) -> str:
    """The region's secretary signs the whole; a section's head hands in the secretariat's own."""
    return "Kepala Bagian Organisasi Setda" if office.code == "setda" else head_of(office)


def is_here() -> bool:
    """Whether the demonstration's people are the ones that can sign in."""
    return queries.holders(PASER, Role.COORDINATOR).filter(email=COORDINATOR).exists()
