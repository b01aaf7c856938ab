"""Every page of the demonstration region, as each role meets it: reachable, readable, printable."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page, expect

from bukti.faces.cli.demo.people import PASSWORD
from bukti.faces.web.urls import urlpatterns
from tests.journeys.inspection import DESK, MODES, examine, listed, look_at
from tests.journeys.person import Person

pytestmark = pytest.mark.journey

#: Whose pages are looked at; the first who reaches a page is the one whose page axe examines.
ROLES = {
    "koordinator": "koordinator@paser.example",
    "operator": "operator.dinkes@paser.example",
    "kepala": "kepala.dinkes@paser.example",
    "pimpinan": "sekda@paser.example",
    "inspektorat": "inspektorat@paser.example",
    "pengelola": "pengelola@nasional.example",
    "asesor": "asesor@nasional.example",
}
#: Addresses that do something and show nothing: forms are sent to them.
ACTS = {
    "account_logout", "set_language", "token_issue", "token_revoke", "round_start", "round_move",
    "answer_save", "version_restore", "comment", "attach", "cite", "uncite", "skip", "unskip",
    "round_prepare", "round_sign", "reopening_confirm", "answer_accept", "answer_return",
    "round_finish", "user_invite_again", "user_disable", "user_enable", "grant_end",
    "ledger_verify",
}  # fmt: skip
#: Addresses that hand out a file.
FILES = {
    "receipt_pdf", "receipt_proof", "dossier_download", "document_download", "document_page",
    "checkpoint",
}  # fmt: skip
#: Pages that no link leads to, and that are typed here.
TYPED = (
    "/masuk/", "/sandi/lupa/", "/sandi/lupa/terkirim/", "/sandi/atur/selesai/", "/akun/nonaktif/",
    "/sandi/atur/1-abc/", "/komponen/", "/tidak-ada/",
)  # fmt: skip
#: Looked at where they belong: the first visit, in test_one_round.
ELSEWHERE = {"set_up"}
#: The link to the round that runs.
RUNNING = re.compile(r"^Evaluasi Smart City \d+$")
#: Axe looks at these again, because the role finds another page there.
AGAIN = {
    ("operator", "question"), ("operator", "document"), ("kepala", "tasks"), ("pimpinan", "round"),
    ("pimpinan", "hand_in"), ("inspektorat", "ledger"), ("inspektorat", "user"),
}  # fmt: skip


@dataclass
class Tour:
    """Which pages were reached and examined, by whom, and what was wrong."""

    reached: dict[str, str] = field(default_factory=dict)
    visits: int = 0
    examined: int = 0

    def takes(self, role: str, name: str) -> bool:
        """Whether axe looks at this page of this role."""
        is_new = name not in self.reached
        self.reached.setdefault(name, role)
        return is_new or (role, name) in AGAIN

    def look_closely(self, page: Page) -> list[str]:
        """What is wrong with a page, axe asked too."""
        self.examined += 1
        return look_at(page) + examine(page)


@pytest.fixture(scope="module")
def tour() -> Iterator[Tour]:
    """The sum of all walks; said at the end."""
    whole = Tour()
    yield whole
    sys.stdout.write(
        f"\n{len(whole.reached)} pages reached, {whole.visits} visits by role, "
        f"{whole.examined} examined by axe in {len(MODES)} modes each\n"
    )


def route_of(path: str) -> str:
    """The name of the page behind an address; nothing for what is no page of ours."""
    try:
        return resolve(path, "bukti.faces.web.urls").url_name or ""
    except Resolver404:
        return ""


def links_on(person: Person) -> list[str]:
    """The addresses that the page links to, in order."""
    here = person.page.url
    found = person.page.locator("main a[href], header a[href]").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    whole = [urlsplit(urljoin(here, link)) for link in found]
    return [f"{at.path}?{at.query}".rstrip("?") for at in whole if at.netloc in here]


def walk(person: Person, role: str, tour: Tour, *starts: str) -> dict[str, list[str]]:
    """Every kind of page that links lead to from these addresses, each once."""
    waiting, seen = list(starts), set[str]()
    wrong: dict[str, list[str]] = {}
    while waiting:
        path = waiting.pop(0)
        name = route_of(urlsplit(path).path)
        if not name or name in seen or name in ACTS | FILES:
            continue
        status = person.status_of(path)
        name = route_of(urlsplit(person.page.url).path)
        seen |= {name, route_of(urlsplit(path).path)}
        waiting += links_on(person)
        tour.visits += 1
        where = f"{role} {person.page.url}"
        is_asked = tour.takes(role, name)
        wrong[where] = tour.look_closely(person.page) if is_asked else look_at(person.page)
        if status != 200:
            wrong[where].append(f"status {status}")
    return wrong


def test_the_inspection_finds_what_is_wrong(browser, demo):
    visitor = Person(browser, demo, viewport=DESK)
    visitor.page.set_content("<h1>Satu</h1><h1>Dua</h1><img src=x><p><span>" + "panjang" * 99)
    assert len(look_at(visitor.page)) >= 3
    assert any("image-alt" in line for line in examine(visitor.page))
    visitor.context.close()


@pytest.mark.parametrize("role", ROLES)
def test_every_page_that_a_role_reaches_is_well(browser, demo, tour, role):
    person = Person(browser, demo, ROLES[role], PASSWORD, viewport=DESK).sign_in()
    assert listed(walk(person, role, tour, "/")) == "{}"
    person.close()


def test_what_the_operator_fills_in_is_well_and_the_archive_beside_it(browser, demo, tour):
    operator = Person(browser, demo, ROLES["operator"], PASSWORD, viewport=DESK).sign_in()
    operator.turn_to("Tugas").follow(re.compile("^(Perbaiki|Isi)"))
    expect(operator.field("Penjelasan")).to_be_editable()
    tour.reached.pop("question")
    path = urlsplit(operator.page.url).path
    assert listed(walk(operator, "operator", tour, path, f"{path}bukti/arsip/")) == "{}"
    operator.close()


def test_pages_that_no_link_leads_to_are_well(browser, demo, tour):
    visitor = Person(browser, demo, viewport=DESK)
    wrong = {}
    for path in TYPED:
        visitor.go(path)
        wrong[path] = tour.look_closely(visitor.page)
        tour.reached.setdefault(route_of(path), "anybody")
    visitor.email, visitor.password = ROLES["koordinator"], PASSWORD
    visitor.sign_in()
    for path in ("/akun/konfirmasi/", "/tidak-ada/", "/sandi/ganti/"):
        visitor.go(path)
        wrong[f"signed in {path}"] = tour.look_closely(visitor.page)
        tour.reached.setdefault(route_of(path), "koordinator")
    assert listed(wrong) == "{}"
    visitor.close()


def test_what_a_form_says_when_it_is_refused_is_well(browser, demo, tour):
    coordinator = Person(browser, demo, ROLES["koordinator"], PASSWORD, viewport=DESK).sign_in()
    wrong = {}
    for path, send in (
        ("/putaran/baru/", "Buka putaran"),
        ("/pengguna/undang/", "Kirim undangan"),
        ("/perangkat-daerah/baru/", "Tambah"),
    ):
        coordinator.go(path)
        for box in coordinator.page.get_by_role("main").get_by_role("textbox").all():
            box.fill("")
        coordinator.press(send).sees("Belum tersimpan. Periksa isian ini:")
        wrong[path] = tour.look_closely(coordinator.page)
    assert listed(wrong) == "{}"
    coordinator.close()


def test_the_pages_speak_english_too(browser, demo, tour):
    executive = Person(browser, demo, ROLES["pimpinan"], PASSWORD, viewport=DESK).sign_in()
    executive.page.get_by_text("Pimpinan").click()
    executive.press("English", inside="banner")
    paths = [path for path in links_on(executive) if route_of(urlsplit(path).path) not in FILES]
    wrong = {}
    for path in list(dict.fromkeys(path.split("?")[0] for path in paths))[:14]:
        executive.go(path)
        wrong[path] = look_at(executive.page, "en")
    wrong["board"] = examine(executive.go("/").page)
    assert listed(wrong) == "{}"
    executive.page.get_by_role("banner").get_by_text("Executive").first.click()
    executive.press("Bahasa Indonesia", inside="banner")
    expect(executive.page.locator("html")).to_have_attribute("lang", "id")
    executive.close()


def test_the_round_handed_in_and_assessed_is_well_for_whoever_sees_it(browser, demo, tour):
    coordinator = Person(browser, demo, ROLES["koordinator"], PASSWORD, viewport=DESK).sign_in()
    executive = Person(browser, demo, ROLES["pimpinan"], PASSWORD, viewport=DESK).sign_in()
    coordinator.turn_to("Putaran").follow(RUNNING).follow("Berkas evaluasi")
    coordinator.press("Buat PDF").finds("Berkas evaluasi, PDF")
    made = urlsplit(coordinator.page.url).path
    coordinator.turn_to("Putaran").follow(RUNNING).follow("Penyerahan")
    coordinator.tick(re.compile("^Saya menyiapkan penyerahan tanpa keputusan"))
    coordinator.press("Siapkan penyerahan").is_told("Penyerahan disiapkan.")
    executive.go(urlsplit(coordinator.page.url).path).confirm("Serahkan putaran", "Serahkan")
    coordinator.turn_to("Putaran").follow(RUNNING)
    here = urlsplit(coordinator.page.url).path
    for name in ("round", "hand_in", "results", "dossiers", "receipt"):
        tour.reached.pop(name)
    wrong = walk(coordinator, "koordinator", tour, here, f"{here}hasil/", made)
    coordinator.go(here).confirm("Buka Tahap I")
    assessor = Person(browser, demo, ROLES["asesor"], PASSWORD, viewport=DESK).sign_in()
    wrong |= walk(assessor, "asesor", tour, "/")
    assert listed(wrong) == "{}"
    for person in (coordinator, executive, assessor):
        person.close()


def test_no_page_was_left_out(tour):
    pages = {route.name for route in urlpatterns} - ACTS - FILES - ELSEWHERE
    assert pages - tour.reached.keys() == set()
    assert tour.examined >= len(pages)
