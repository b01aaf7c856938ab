"""One round from the one-time token to the proven dossier, by everybody who has a part in it."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import typst
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import BROKEN
from tests.journeys.inspection import examine, look_at
from tests.journeys.person import Person
from tests.journeys.site import Site

pytestmark = pytest.mark.journey

TITLE = "Evaluasi Smart City 2022"
NOTE = "Lampirkan susunan tim pada halaman pertama."
HEX = re.compile("[0-9a-f]{64}")
#: What the assessor gives by component, and so 3,10 with the weights of KPPN and IKN.
LEVELS = {"A": "4", "B": "3", "C": "2", "D": "3", "E": "4"}
TOLD_SAVED = re.compile(r"Tersimpan\s\d\d\.\d\d\sWITA")


@dataclass
class World:
    """The installation of this story, and who has come in so far."""

    site: Site
    browser: Browser
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
def world(browser, tmp_path_factory) -> Iterator[World]:
    """A fresh machine."""
    folder = tmp_path_factory.mktemp("round")
    with Site(folder / "data").prepare() as site:
        world = World(site, browser, folder)
        yield world
        for person in world.people.values():
            person.close()


@pytest.fixture(autouse=True)
def _in_order(request):
    """A step builds on the one before."""
    if step := request.node.parent.stash.get(BROKEN, ""):
        pytest.fail(f"the story stopped at {step}", pytrace=False)


def test_the_first_visitor_becomes_coordinator_with_the_token_from_the_console(world):
    visitor = world.meet("koordinator").go("/")
    visitor.finds("Siapkan Bukti untuk daerah Anda")
    assert look_at(visitor.page) + examine(visitor.page) == []
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
    world.koordinator.press("Tambah").is_told(f"{name} tercatat.")


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
    world.koordinator.press("Kirim undangan").is_told(f"Undangan dikirim ke {somebody.email}.")
    somebody.set_password(world.site.post.link_for(somebody.email))
    somebody.finds("Belum ada putaran yang berjalan")


def test_the_coordinator_opens_a_round_and_gives_all_questions_to_one_agency(world):
    coordinator = world.koordinator.turn_to("Putaran").follow("Buka putaran baru")
    edition = coordinator.field("Instrumen dan skema").locator("optgroup[label*='2022']")
    scheme = edition.get_by_text("KPPN dan IKN").get_attribute("value")
    coordinator.field("Instrumen dan skema").select_option(scheme)
    coordinator.fill("Tahun", "2022").fill("Judul", TITLE)
    coordinator.press("Buka putaran").is_told("Putaran dibuka.")
    coordinator.finds("Siapa menjawab apa: 59 pertanyaan")
    coordinator.tick(re.compile("^Semua 59"))
    coordinator.choose("Penjawab", "Dinas Kesehatan")
    coordinator.press("Bagikan").is_told("59 pertanyaan dibagikan.")


def test_the_coordinator_starts_the_round_and_everybody_concerned_gets_a_mail(world):
    coordinator = world.koordinator.turn_to("Putaran").follow(TITLE)
    coordinator.finds("Semua pertanyaan sudah punya penjawab").confirm("Mulai putaran")
    coordinator.is_told("Putaran dimulai.")
    world.kept["round"] = urlsplit(coordinator.page.url).path
    assert world.site.post.letter_to(world.operator.email, TITLE)
    assert world.site.post.letter_to(world.kepala.email, TITLE)


def test_what_the_operator_types_is_saved_and_there_after_a_reload(world):
    operator = world.operator.go("/").finds("59 pertanyaan menunggu Anda")
    operator.follow("Isi A1.1.1")
    operator.page.get_by_role("radio", name=re.compile("^3 ")).check()
    operator.write("Penjelasan", "Perbup 12/2021 menetapkan masterplan untuk seluruh dinas.")
    operator.is_told(TOLD_SAVED)
    operator.page.reload()
    expect(operator.field("Penjelasan")).to_have_value(re.compile("Perbup 12/2021"))
    expect(operator.page.get_by_role("radio", name=re.compile("^3 "))).to_be_checked()


def test_the_operator_uploads_a_pdf_and_names_its_pages(world):
    operator = world.operator
    operator.field("Tambah berkas").set_input_files(a_pdf(world.folder, "perbup-12-2021.pdf"))
    operator.sees("1 berkas").sees(re.compile("Diunggah"))
    operator.page.get_by_text("Ubah kutipan").click()
    operator.fill("Halaman, misalnya 4, 12–15", "2").fill("Yang ditunjukkan", "Pasal 4")
    operator.press("Simpan kutipan").is_told("Kutipan tersimpan.")
    operator.sees("Halaman 2. Pasal 4")


def test_two_windows_on_one_answer_show_both_versions_and_lose_neither(world):
    operator = world.operator
    second = operator.another_tab()
    second.goto(operator.page.url)
    operator.write("Penjelasan", "Ditulis di jendela pertama.").is_told(TOLD_SAVED)
    with operator.in_tab(second):
        operator.write("Penjelasan", "Ditulis di jendela kedua.")
        operator.sees("Isian Anda, belum tersimpan").sees("Yang tersimpan")
        operator.sees("Ditulis di jendela pertama.")
        operator.press("Simpan isian saya sebagai versi baru")
        operator.is_told(TOLD_SAVED)
        operator.follow(re.compile("^Semua .* versi"))
        operator.finds(re.compile(r"Riwayat \d versi"))
        operator.follow(re.compile(r"^versi \d")).follow("Versi sebelumnya")
        operator.sees("Ditulis di jendela pertama.").sees("Ditulis di jendela kedua.")
    second.close()
    operator.page.reload()
    expect(operator.field("Penjelasan")).to_have_value("Ditulis di jendela kedua.")


def test_the_operator_answers_two_more_and_sees_them_finished(world):
    operator = world.operator
    for code, level in (("B1.1", "2"), ("B2.1", "0")):
        operator.turn_to("Tugas").follow(re.compile(rf"\b{re.escape(code)}\b"))
        operator.page.get_by_role("radio", name=re.compile(f"^{level} ")).check()
        operator.write("Penjelasan", f"Penjelasan untuk {code}.").is_told(TOLD_SAVED)
    operator.turn_to("Tugas").follow(re.compile(r"\bB1\.1\b"))
    operator.field("Tambah berkas").set_input_files(a_pdf(world.folder, "sk-tim.pdf", "SK Tim"))
    operator.sees("1 berkas")


def test_the_head_sees_what_is_left_confirms_it_and_gets_a_receipt(world):
    head = world.kepala.go("/").follow(re.compile("^Ajukan 3 jawaban yang lengkap"))
    head.finds("3 jawaban siap diajukan").sees("56 pertanyaan tertinggal")
    head.press("Ajukan 3 jawaban").sees(re.compile("^Masih ada pertanyaan yang belum selesai"))
    head.tick("Saya mengajukan tanpa 56 pertanyaan yang tertinggal")
    head.press("Ajukan 3 jawaban").finds("3 jawaban diajukan").sees("A1.1.1, B1.1, B2.1")
    head.sees("Tercatat dalam buku catatan")


def test_the_coordinator_accepts_one_at_another_level_with_a_key_and_returns_one(world):
    coordinator = world.koordinator.go("/").turn_to("Verifikasi")
    coordinator.finds("3 jawaban menunggu diperiksa").follow("Mulai memeriksa")
    coordinator.sees("Menyatakan tingkat 3").sees("Ditulis di jendela kedua.")
    coordinator.page.get_by_role("radio", name=re.compile("^2 ")).check(force=True)
    coordinator.type_key("t")
    coordinator.is_told("A1.1.1").sees("Menyatakan tingkat 2")
    coordinator.fill("Catatan untuk penjawab (wajib bila dikembalikan)", NOTE)
    coordinator.press(re.compile("^Kembalikan"))
    coordinator.is_told("B1.1").sees("Menyatakan tingkat 0")
    coordinator.type_key("t").finds("Semua yang diajukan sudah diperiksa")


def test_the_operator_sees_the_return_and_mends_it(world):
    operator = world.operator.go("/").finds("1 jawaban perlu direvisi").sees(NOTE)
    assert world.site.post.letter_to(operator.email, "B1.1")
    operator.follow("Perbaiki B1.1").sees("Dikembalikan untuk revisi.").sees(f"“{NOTE}”")
    operator.write("Penjelasan", "SK Tim dengan lampiran, halaman 1.").is_told(TOLD_SAVED)


def test_what_was_mended_is_handed_in_again_and_accepted(world):
    head = world.kepala.go("/").follow(re.compile("^Ajukan 1 jawaban yang lengkap"))
    head.tick("Saya mengajukan tanpa 56 pertanyaan yang tertinggal")
    head.press("Ajukan 1 jawaban").finds("1 jawaban diajukan")
    coordinator = world.koordinator.turn_to("Verifikasi").follow("Mulai memeriksa")
    coordinator.sees("SK Tim dengan lampiran").press(re.compile("^Terima"))
    coordinator.finds("Semua yang diajukan sudah diperiksa")


def test_the_coordinator_prepares_and_the_executive_signs(world):
    coordinator = world.koordinator.turn_to("Putaran").follow(TITLE).follow("Siapkan penyerahan")
    coordinator.finds("56 jawaban belum diputuskan")
    coordinator.tick("Saya menyiapkan penyerahan tanpa keputusan atas 56 jawaban ini")
    coordinator.press("Siapkan penyerahan").is_told("Penyerahan disiapkan.")
    executive = world.sekda
    executive.page.goto(world.site.post.link_for(executive.email, "siap Anda serahkan"))
    executive.finds("Siap diserahkan").confirm("Serahkan putaran", "Serahkan")
    executive.is_told("Putaran diserahkan.").finds("Putaran diserahkan dengan 3 jawaban")
    executive.sees("Tercatat dalam buku catatan")


def test_after_the_signature_the_operator_reads_and_cannot_write(world):
    operator = world.operator.turn_to("Papan")
    operator.sees("Putaran ini sudah diserahkan; isiannya dibekukan.")
    operator.go(f"{world.kept['round']}pertanyaan/B1.1/").sees("SK Tim dengan lampiran")
    expect(operator.page.get_by_role("radio")).to_have_count(0)
    expect(operator.page.get_by_role("textbox", name="Penjelasan")).to_have_count(0)


def test_an_assessor_comes_in_and_waits_for_the_stage(world):
    assessor = world.meet("asesor")
    coordinator = world.koordinator.turn_to("Daerah").follow("Pengguna").follow("Undang asesor")
    coordinator.fill("Alamat surel", assessor.email).fill("Nama atau lembaga", "Asesor nasional")
    coordinator.choose("Putaran", TITLE).press("Kirim undangan").is_told("Undangan dikirim")
    assessor.set_password(world.site.post.link_for(assessor.email))
    assessor.finds("Penilaian sedang tidak dibuka")
    for stage in ("Tahap I", "Tahap II"):
        coordinator.turn_to("Putaran").follow(TITLE).confirm(f"Buka {stage}")
        coordinator.is_told(f"Putaran sekarang: {stage}.")


def test_the_assessor_scores_every_question(world):
    assessor = world.asesor.go("/").finds("0 dari 59 pertanyaan sudah Anda nilai")
    assessor.follow("Lanjutkan menilai")
    for number in range(1, 60):
        code = assessor.sees(f"Pertanyaan {number} dari 59").code
        level = assessor.page.get_by_role("radio", name=LEVELS[code[0]], exact=True)
        level.check(force=True)  # the label over it is what one taps
        assessor.press("Simpan, lalu berikutnya" if number < 59 else "Simpan nilai")
    assessor.finds("Semua 59 pertanyaan sudah Anda nilai")


def test_the_coordinator_closes_the_stage_and_the_index_stands_there(world):
    coordinator = world.koordinator.turn_to("Putaran").follow(TITLE).confirm("Tutup penilaian")
    coordinator.finds("Indeks Kabupaten Paser").sees("3,10")


def test_the_dossier_is_made_while_one_watches_and_downloaded(world):
    coordinator = world.koordinator.turn_to("Putaran").follow(TITLE).follow("Berkas evaluasi")
    coordinator.press("Buat ZIP").is_told("Berkas sedang disusun.")
    ready = coordinator.page.get_by_role("main").get_by_role("link", name=re.compile("^Unduh"))
    ready.wait_for(timeout=60_000)  # the page asks by itself
    with coordinator.page.expect_download() as download:
        ready.click()
    archive = world.folder / download.value.suggested_filename
    download.value.save_as(archive)
    assert archive.suffix == ".zip"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(world.folder / "elsewhere")


def test_the_auditor_reads_the_log_and_checks_it(world):
    auditor = world.inspektorat.turn_to("Catatan")
    auditor.sees("Koordinator DKISP").press("Periksa seluruh catatan")
    auditor.finds(re.compile(r"^Catatan utuh: \d+ catatan diperiksa"))
    assert look_at(auditor.page) + examine(auditor.page) == []
    fingerprint = auditor.page.get_by_role("definition").filter(has_text=HEX).last.inner_text()
    world.kept["key"] = re.search(HEX, fingerprint)[0]


def test_an_outsider_finds_the_dossier_whole_and_the_regions_own(world):
    whole = verified(world)
    assert (whole.returncode, whole.stdout.splitlines()[0]) == (0, "UTUH, kunci belum dicocokkan")
    bound = verified(world, "--key", world.kept["key"])
    assert (bound.returncode, bound.stdout.splitlines()[0]) == (0, "UTUH, kunci cocok")
    stranger = verified(world, "--key", "0" * 64)
    assert stranger.returncode == 1


def test_one_changed_byte_in_a_document_is_found_and_named(world):
    document = next((world.folder / "elsewhere").rglob("data/documents/**/*.pdf"))
    content = bytearray(document.read_bytes())
    content[len(content) // 2] ^= 1
    document.write_bytes(content)
    found = verified(world)
    assert found.returncode == 1
    assert document.name in found.stdout


def test_another_agency_sees_nothing_of_it_and_nobody_sees_more(world):
    guest = world.meet("tamu")
    coordinator = world.koordinator.turn_to("Daerah").follow("Pengguna").follow("Undang pengguna")
    coordinator.fill("Alamat surel", guest.email).fill("Jabatan", "Operator RSUD")
    coordinator.choose("Peran", "Operator OPD")
    coordinator.choose("Perangkat daerah", "RSUD Panglima Sebaya").press("Kirim undangan")
    guest.set_password(world.site.post.link_for(guest.email))
    guest.go(f"{world.kept['round']}pertanyaan/B1.1/").finds("Halaman ini tidak ada")
    coordinator.confirm("Akhiri", "Akhiri peran")
    coordinator.is_told("Peran berakhir.")
    guest.go("/").finds("Belum ada putaran yang berjalan")
    for path in (world.kept["round"], "/catatan/", "/pengguna/", f"{world.kept['round']}hasil/"):
        assert guest.status_of(path) in (403, 404)


def verified(world: World, *words: str) -> "subprocess.CompletedProcess[str]":
    """`python3 verify.py`, as somebody runs it who knows nothing of Bukti."""
    program = next((world.folder / "elsewhere").rglob("verify.py"))
    return subprocess.run(
        [sys.executable, "-I", program.name, *words],
        cwd=program.parent,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )


def a_pdf(folder: Path, name: str, title: str = "Peraturan Bupati (contoh)") -> Path:
    """A real document of three pages."""
    source = f"#set page(width: 12cm, height: 16cm)\n= {title}\n" + "#pagebreak()Pasal".join("abc")
    made = folder / name
    made.write_bytes(typst.compile(source.encode()))
    return made
