"""By keyboard only, on paper, and without scripts; the demonstration is still as it was loaded."""

import re
from io import BytesIO

import pypdfium2
import pytest
from playwright.sync_api import expect

from bukti.faces.cli.demo.people import PASSWORD
from tests.journeys.inspection import DESK
from tests.journeys.person import Person
from tests.journeys.town import paper

pytestmark = pytest.mark.journey

A3_LANDSCAPE = (1191, 842)
MOST_TABS = 25
#: Whether the eye sees where the focus is.
HAS_RING = """() => {
  const {outlineStyle, boxShadow} = getComputedStyle(document.activeElement);
  return outlineStyle !== "none" || boxShadow !== "none";
}"""


@pytest.fixture
def coordinator(browser, demo):
    """The coordinator of Paser, on the board."""
    person = Person(browser, demo, "koordinator@paser.example", PASSWORD, viewport=DESK).sign_in()
    yield person
    person.close()


def focused(person: Person) -> str:
    """The words of whatever has the focus; nothing while the browser's own bars have it."""
    held = person.page.locator(":focus")
    return held.inner_text().strip() if held.count() else ""


def test_the_first_tab_offers_to_skip_to_the_content(coordinator):
    coordinator.go("/putaran/").type_key("Tab")
    assert focused(coordinator) == "Langsung ke isi"
    coordinator.type_key("Enter").type_key("Tab")
    expect(coordinator.page.get_by_role("main").locator(":focus")).to_have_count(1)


@pytest.mark.parametrize(
    ("page", "action"),
    [
        ("Papan", "Periksa"),
        ("Verifikasi", "Mulai memeriksa"),
        ("Daerah", "Tambah perangkat daerah"),
    ],
)
def test_tabs_lead_to_the_pages_first_action_and_the_focus_is_seen(coordinator, page, action):
    coordinator.turn_to(page)
    passed = []
    for _ in range(MOST_TABS):
        coordinator.type_key("Tab")
        passed.append(focused(coordinator))
        assert passed[-1] == "" or coordinator.page.evaluate(HAS_RING), passed[-1]
        if passed[-1].startswith(action):
            return
    raise AssertionError(f"{action} not among {passed}")


def test_arrows_walk_over_the_tiles_and_one_of_them_is_a_tab_stop(coordinator):
    tiles = coordinator.page.get_by_role("table").get_by_role("link")
    coordinator.turn_to("Papan")
    tiles.first.focus()
    first = coordinator.page.evaluate("document.activeElement.href")
    coordinator.type_key("ArrowDown")
    below = coordinator.page.evaluate("document.activeElement.href")
    coordinator.type_key("ArrowRight")
    beside = coordinator.page.evaluate("document.activeElement.href")
    assert len({first, below, beside}) == 3
    coordinator.type_key("Home")
    assert coordinator.page.evaluate("document.activeElement.href") == first
    stops = tiles.evaluate_all("tiles => tiles.filter(tile => tile.tabIndex === 0).length")
    assert stops == 1
    coordinator.type_key("End").type_key("Enter")
    expect(coordinator.page.get_by_text("Keadaan", exact=True)).to_be_visible()


def test_letter_keys_rearrange_the_board_and_stay_silent_in_a_field(coordinator):
    coordinator.turn_to("Papan").type_key("d")
    expect(coordinator.page).to_have_url(re.compile("susun=dimensi"))
    coordinator.go("/pengguna/").field("Cari").press_sequentially("dinas k")
    expect(coordinator.field("Cari")).to_have_value("dinas k")


def test_the_board_fills_one_a3_sheet(coordinator):
    coordinator.turn_to("Papan").page.emulate_media(media="print")
    printed = coordinator.page.pdf(prefer_css_page_size=True, print_background=True)
    sheets = pypdfium2.PdfDocument(BytesIO(printed))
    assert [tuple(round(side) for side in sheet.get_size()) for sheet in sheets] == [A3_LANDSCAPE]
    assert "1.1.1" in sheets[0].get_textpage().get_text_range()


def test_without_scripts_one_signs_in_saves_uploads_and_hands_in(town):
    office = town.next_office()
    operator = office.meet(office.operator, java_script_enabled=False)
    operator.go(town.question(office.code))
    operator.tick(re.compile("^3 ")).fill("Penjelasan", "Ditulis tanpa skrip.")
    operator.press("Simpan").is_told(re.compile(r"Tersimpan\s\d\d"))
    operator.field("Tambah berkas").set_input_files(paper("laporan.pdf"))
    operator.press("Unggah").is_told("Berkas tersimpan.").sees("laporan.pdf")
    head = office.meet(office.head, java_script_enabled=False)
    head.follow(re.compile("^Ajukan 1 jawaban yang lengkap")).tick(re.compile("^Saya mengajukan"))
    head.press("Ajukan 1 jawaban").finds("1 jawaban diajukan")
    office.close()
