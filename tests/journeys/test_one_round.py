"""One round from the one-time token to the proven dossier, by everybody who has a part in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.person import Person
from tests.journeys.post import PostOffice
from tests.journeys.site import Site

pytestmark = pytest.mark.journey

TITLE = "Evaluasi Smart City 2022"


@dataclass
class World:
    """The installation of this story, and who has come in so far."""

    site: Site
    browser: Browser
    post: PostOffice
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def meet(self, name: str) -> Person:
        """Somebody new, with a browser of their own."""
        email = f"{name}@paser.example"
        self.people[name] = Person(self.browser, self.site, email, accept_downloads=True)
        return self.people[name]

    def __getattr__(self, name: str) -> Person:
        return self.people[name]


@pytest.fixture(scope="module")
def world(browser, post, tmp_path_factory) -> Iterator[World]:
    """A fresh machine."""
    folder = tmp_path_factory.mktemp("round")
    with Site(folder / "data", post).prepare() as site:
        yield World(site, browser, post, folder)


def test_the_first_visitor_becomes_coordinator_with_the_token_from_the_console(world):
    visitor = world.meet("koordinator").go("/")
    visitor.finds("Siapkan Bukti untuk daerah Anda")
    visitor.fill("Kode sekali pakai", world.site.one_time_token())
    visitor.choose("Daerah", "Kabupaten Paser")
    visitor.fill("Jabatan Anda", "Koordinator DKISP")
    visitor.fill("Alamat surel", visitor.email)
    visitor.fill("Kata sandi", visitor.password)
    visitor.fill("Kata sandi sekali lagi", visitor.password)
    visitor.press("Siapkan Bukti")
    visitor.is_told("Bukti siap dipakai.")
    visitor.give_password()
    visitor.finds("Belum ada putaran yang berjalan")


@pytest.mark.parametrize(
    ("name", "short"),
    [("Dinas Kesehatan", "Dinkes"), ("RSUD Panglima Sebaya", "RSUD")],
)
def test_the_coordinator_adds_agencies(world, name, short):
    world.koordinator.turn_to("Daerah").follow("Tambah perangkat daerah")
    world.koordinator.fill("Nama lengkap", name).fill("Nama singkat", short)
    world.koordinator.press("Tambah perangkat daerah").finds(name)


@pytest.mark.parametrize(
    ("name", "office", "role", "agency"),
    [
        ("operator", "Operator Dinas Kesehatan", "Operator OPD", "Dinas Kesehatan"),
        ("kepala", "Kepala Dinas Kesehatan", "Kepala OPD", "Dinas Kesehatan"),
        ("sekda", "Sekretaris Daerah", "Pimpinan", ""),
        ("inspektorat", "Inspektorat Daerah", "Inspektorat", ""),
    ],
)
def test_everybody_is_invited_by_mail_and_sets_a_password(world, name, office, role, agency):
    somebody = world.meet(name)
    world.koordinator.turn_to("Daerah").follow("Pengguna").follow("Undang pengguna")
    world.koordinator.fill("Alamat surel", somebody.email).fill("Jabatan", office)
    world.koordinator.choose("Peran", role)
    if agency:
        world.koordinator.choose("Perangkat daerah", agency)
    world.koordinator.press(re.compile("^(Undang|Kirim)"))
    somebody.set_password(world.post.link_for(somebody.email))
    somebody.finds("Belum ada putaran yang berjalan")


def test_the_coordinator_opens_a_round_and_gives_all_questions_to_one_agency(world):
    world.koordinator.turn_to("Putaran").follow("Buka putaran baru")
