"""What people meet on bad days, in the browser: a clear sentence, and nothing lost."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.faces.hostile import ESCAPES, HANDLERS, LINKS, MARKUP
from tests.faults.papers import pdf
from tests.journeys.person import Person
from tests.journeys.town import Office, Town, paper

pytestmark = pytest.mark.journey

TOLD_SAVED = re.compile(r"Tersimpan\s\d\d\.\d\d\sWITA")
PICTURE = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(200)
#: Elements that a text may never become, wherever it is shown.
INJECTED = """() => [...document.querySelectorAll("body *")].filter((element) =>
  [...element.attributes].some(({name}) => name.startsWith("on") || name === "style")
  || element.matches("script:not([src]), iframe, object, embed, marquee, base, meta, math")
  || /^(javascript|data|vbscript):/i.test(element.getAttribute("href") ?? "")
).map((element) => element.outerHTML.slice(0, 120))"""


@pytest.fixture
def office(town: Town) -> Iterator[Office]:
    """An office of this test's own."""
    mine = town.next_office()
    yield mine
    mine.close()


def test_a_cut_line_keeps_the_text_and_sends_it_when_the_line_is_back(office):
    operator = office.at_work().write("Penjelasan", "Sebelum putus.").is_told(TOLD_SAVED)
    operator.context.set_offline(True)
    operator.fill("Penjelasan", "Sebelum putus. Ditulis tanpa sambungan.")
    operator.is_told("Sambungan terputus. Isian Anda tersimpan di perangkat ini")
    expect(operator.field("Penjelasan")).to_have_value(re.compile("tanpa sambungan"))
    operator.context.set_offline(False)
    operator.is_told(TOLD_SAVED)
    operator.page.reload()
    expect(operator.field("Penjelasan")).to_have_value(re.compile("tanpa sambungan"))


def test_what_was_typed_offline_survives_closing_the_page(office):
    operator = office.at_work()
    operator.context.set_offline(True)
    operator.fill("Penjelasan", "Ditulis lalu ditutup.").is_told("Sambungan terputus.")
    operator.page.close()
    operator.context.set_offline(False)
    operator.page = operator.another_tab()
    operator.go(office.town.question(office.code))
    expect(operator.field("Penjelasan")).to_have_value("Ditulis lalu ditutup.")
    operator.is_told(TOLD_SAVED)


def test_a_session_that_ends_while_typing_is_said_and_the_text_comes_back(office):
    operator = office.at_work()
    operator.context.clear_cookies(name="bukti_session")
    operator.fill("Penjelasan", "Ditulis sesudah sesi berakhir.")
    operator.is_told("Sesi Anda berakhir. Isian Anda tersimpan di perangkat ini.")
    operator.follow("Masuk lagi").give_password()
    expect(operator.page).to_have_url(re.compile(re.escape(office.code)))
    expect(operator.field("Penjelasan")).to_have_value("Ditulis sesudah sesi berakhir.")
    operator.is_told(TOLD_SAVED)
    operator.page.reload()
    expect(operator.field("Penjelasan")).to_have_value("Ditulis sesudah sesi berakhir.")


def test_a_double_click_hands_in_once(office):
    operator = office.at_work()
    operator.page.get_by_role("radio", name=re.compile("^0 ")).check()
    operator.write("Penjelasan", "Belum ada.").is_told(TOLD_SAVED)
    head = office.meet(office.head).follow(re.compile("^Ajukan 1 jawaban yang lengkap"))
    head.tick(re.compile("^Saya mengajukan tanpa"))
    head.page.get_by_role("button", name=re.compile("^Ajukan 1")).dblclick()
    head.finds("1 jawaban diajukan").go(office.town.question(office.code))
    handed_in = head.page.get_by_role("complementary").get_by_text("mengajukan jawaban")
    expect(handed_in).to_have_count(1)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("besar.pdf", pdf("besar", 1_200_000), "Berkas terlalu besar. Paling besar 1"),
        ("kosong.pdf", b"", "Berkasnya kosong (0 bita)."),
        ("program.exe", b"MZ" + bytes(500), "Jenis berkas program.exe tidak diterima."),
        ("gambar.pdf", PICTURE, "Isi gambar.pdf tidak sesuai dengan nama berakhirannya."),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_beside_its_name(bench, name, content, sentence):
    file = paper(name, content)
    bench.field("Tambah berkas").set_input_files(file)
    row = bench.page.get_by_role("listitem").filter(has_text=name)
    expect(row.filter(has_text=sentence)).to_be_visible()
    row.get_by_role("button", name="Batal").click()
    expect(row).to_have_count(0)


@pytest.fixture(scope="module")
def bench(town: Town) -> Iterator[Person]:
    """One operator who tries several files on one question."""
    office = town.next_office()
    yield office.at_work()
    office.close()


def test_a_broken_pdf_is_kept_and_said_to_be_unreadable(bench):
    bench.field("Tambah berkas").set_input_files(paper("rusak.pdf", b"%PDF-1.7\n" + b"x" * 900))
    bench.follow("rusak.pdf")
    for _ in range(30):
        if bench.page.get_by_text("sedang disiapkan").count() == 0:
            break
        bench.page.wait_for_timeout(500)
        bench.page.reload()
    bench.sees(re.compile("tidak dapat ditampilkan"))
    bench.page.go_back()


@pytest.mark.parametrize(
    "name",
    [
        '"><img src=x onerror=alert(1)>.pdf',
        "..\\..\\etc\\passwd.pdf",
        "laporan\u202efdp.exe.pdf",
        "a" * 180 + ".pdf",
        "'; DROP TABLE answers; --.pdf",
    ],
)
def test_a_hostile_file_name_is_only_a_name(bench, name):
    bench.field("Tambah berkas").set_input_files(paper(name, pdf(f"isi {len(name)}")))
    said = bench.page.get_by_role("status").filter(has_text="sudah diunggah.")
    expect(said).to_contain_text(name[-12:])
    bench.page.reload()
    assert bench.page.evaluate(INJECTED) == []


def test_too_large_a_file_without_scripts_is_answered_with_a_sentence(office):
    operator = office.meet(office.operator, java_script_enabled=False)
    operator.go(office.town.question(office.code))
    operator.field("Tambah berkas").set_input_files(paper("besar.pdf", pdf("b", 1_200_000)))
    operator.press("Unggah").sees(re.compile("Berkasnya terlalu besar: paling besar 1"))


def test_the_watch_for_injected_markup_sees_it(browser):
    page = browser.new_page()
    page.set_content("<p onclick=x>teks</p><svg><math></svg><a href=javascript:1>klik</a>")
    assert len(page.evaluate(INJECTED)) == 3
    page.close()


def test_hostile_texts_are_shown_and_never_run(office):
    hostile = (MARKUP + ESCAPES + LINKS + HANDLERS)[::3][:42]
    operator = office.at_work()
    operator.page.get_by_role("radio", name=re.compile("^0 ")).check()
    operator.write("Penjelasan", "\n".join(hostile)).is_told(TOLD_SAVED)
    for start in range(0, len(hostile), 14):
        operator.fill("Tulis kepada koordinator", " ".join(hostile[start : start + 14]))
        operator.press("Kirim").is_told("Komentar terkirim.")
    operator.field("Tambah berkas").set_input_files(paper("surat.pdf"))
    operator.follow("surat.pdf").follow(re.compile("^(Ubah|Perbaiki) keterangan"))
    operator.fill("Judul", hostile[0][:150]).fill("Nomor", hostile[1][:60])
    operator.press("Ubah keterangan").is_told("Keterangan dokumen tersimpan.")
    head = office.meet(office.head).follow(re.compile("^Ajukan 1 jawaban yang lengkap"))
    head.tick(re.compile("^Saya mengajukan tanpa")).press(re.compile("^Ajukan 1"))
    coordinator = office.meet(office.town.plot.coordinator)
    at = office.town.question(office.code)
    places = [(operator, at), (operator, f"{at}riwayat/"), (operator, f"{at}riwayat/1/")]
    places += [(coordinator, at.replace("pertanyaan", "verifikasi")), (coordinator, "/bukti/")]
    for person, path in places:
        assert person.status_of(path) == 200
        assert person.page.evaluate(INJECTED) == [], path
    operator.go(at).sees(hostile[0])


def test_a_deadline_that_passes_while_one_types_is_said_and_nothing_stored_is_lost(office):
    operator = office.at_work().write("Penjelasan", "Tersimpan sebelum tenggat.")
    operator.is_told(TOLD_SAVED)
    coordinator = office.meet(office.town.plot.coordinator)
    agree_on(coordinator, office.town, timedelta(minutes=-2))
    operator.write("Penjelasan", "Ditulis sesudah tenggat.")
    operator.is_told("Tenggat sudah lewat pada")
    expect(operator.field("Penjelasan")).to_have_value("Ditulis sesudah tenggat.")
    reader = office.meet(office.head).go(office.town.question(office.code))
    reader.sees("Tersimpan sebelum tenggat.").sees("Tenggat sudah lewat pada")
    agree_on(coordinator, office.town, timedelta(days=14))
    operator.write("Penjelasan", "Ditulis sesudah tenggat, lalu diperpanjang.").is_told(TOLD_SAVED)


def agree_on(coordinator: Person, town: Town, away: timedelta) -> None:
    """The coordinator sets the agencies' deadline, so far from now."""
    moment = datetime.now(UTC).astimezone(ZoneInfo("Asia/Makassar")) + away  # noqa: TID251
    coordinator.go(f"/putaran/{town.plot.round}/ubah/")
    coordinator.fill("Tenggat perangkat daerah", moment.strftime("%Y-%m-%dT%H:%M"))
    coordinator.press("Simpan").is_told("Perubahan putaran tersimpan.")
