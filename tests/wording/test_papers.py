"""Documents on paper: tagged, repeatable, and never broken by what somebody typed."""

import dataclasses
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from bukti.wording import charts, papers, press
from bukti.wording.papers import (
    DossierPaper,
    EvidenceLine,
    Fact,
    LevelLine,
    PaperFailed,
    PartPaper,
    Picture,
    QuestionPaper,
    ReceiptPaper,
    Remark,
)

FONTS = Path(papers.__file__).parent / "typst" / "fonts"
MADE = datetime(2026, 12, 11, 8, 0, tzinfo=UTC)
HOSTILE = (
    '#set page(width: 1cm) *a* _b_ $x^2$ @ref <lab> `raw` \\ // /* #import "x" [y]\n'
    "= Judul\n- satu\n+ dua\n/ tiga: empat\n\n"
    "😀👩\u200d👧 \x00\x07 \ud800 \u202eRTL أمر بسم الله 漢字 " + "x" * 500
)


def question(code="C3.11.1", explanation="Delapan program berjalan."):
    return QuestionPaper(
        code=code,
        title="Keterlaksanaan program Smart Living",
        text="Seberapa jauh program berjalan tahun ini?",
        agency="Dinas Kesehatan",
        state="Diterima",
        levels=(
            LevelLine("Dinyatakan", "3 · Berjalan", 3.0),
            LevelLine("Terverifikasi", "2 · Sebagian", 2.0),
            LevelLine("Asesor", "–", None),
        ),
        value="81 persen",
        explanation=explanation,
        evidence=(EvidenceLine("Laporan 2026", "laporan.pdf, 2,1 MB", "12–15", "a3f9c2e1b07d"),),
        remarks=(Remark("Koordinator, 23 November 2026", "Mohon lengkapi."),),
    )


def dossier(questions=None):
    figure = charts.scale((charts.Layer("Mandiri", 3), charts.Layer("Asesor", 2)))
    return DossierPaper(
        language="id",
        made=MADE,
        title="Berkas evaluasi Smart City 2026",
        subtitle="Contoh",
        region="Kabupaten Paser",
        status="Dibekukan 11 Desember 2026",
        index="2,84",
        index_of="dari 4,00",
        index_value=2.84,
        facts=(Fact("Instrumen", "smart-city-121"), Fact("Akar", "7c3f" * 16)),
        summary="Dari 3,21 yang dinyatakan, 2,84 terbukti.",
        components=charts.Table("Komponen", ("Komponen", "Asesor"), (("A Baseline", "3,96"),)),
        pictures=(Picture("Tiga lapis nilai", "Selisih 0,37.", figure.paper, figure.alt),),
        parts=(
            PartPaper(
                "C Outcome", "Bobot 20%.", tuple([question()] if questions is None else questions)
            ),
        ),
        proof_say="Siapa pun dapat memeriksanya tanpa jaringan.",
        proof=(Fact("Ukuran pohon", "4.812 entri"),),
    )


def receipt(**changes):
    plain = ReceiptPaper(
        language="id",
        made=MADE,
        title="Tanda terima penyerahan",
        region="Kabupaten Paser",
        say="Jawaban Dinas Kesehatan diterima sebelum tenggat.",
        facts=(Fact("Diserahkan oleh", "Kepala Dinas Kesehatan"),),
        ledger=(Fact("Entri", "4.811"), Fact("Akar", "7c3f" * 16)),
        proof=("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",) * 20,
        code="BUKTI1 64.01 4811 4812 " + "7c3f" * 16,
        code_say="Pindai untuk memeriksa entri ini.",
    )
    return dataclasses.replace(plain, **changes)


def read(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def joined(words):
    """Without the breaks that the layout chose."""
    return "".join(words.split()).replace("\u200b", "").replace("\ufffe", "")


def hurt(content):
    """Every text of a content turned hostile, save what the program itself makes."""
    if isinstance(content, str):
        return HOSTILE
    if isinstance(content, tuple):
        return tuple(hurt(part) for part in content)
    if not dataclasses.is_dataclass(content):
        return content
    ours = {"language", "svg", "code", "index"}
    names = {field.name for field in dataclasses.fields(content)}
    return dataclasses.replace(
        content, **{name: hurt(getattr(content, name)) for name in names - ours}
    )


def test_a_dossier_is_tagged_titled_and_dated_by_its_content():
    pdf = papers.dossier_pdf(dossier())

    with pypdfium2.PdfDocument(pdf) as document:
        facts = document.get_metadata_dict()
        entries = [entry.get_title() for entry in document.get_toc()]
    assert b"/MarkInfo" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert facts["Title"] == "Berkas evaluasi Smart City 2026 Kabupaten Paser"
    assert facts["CreationDate"].startswith("D:20261211080000")
    assert "C3.11.1\N{NO-BREAK SPACE}Keterlaksanaan program Smart Living" in entries


def test_a_dossier_says_all_that_was_said_and_shown():
    words = joined(read(papers.dossier_pdf(dossier())))

    for told in (
        "2,84",
        "Delapan program berjalan.",
        "Laporan 2026",
        "12–15",
        "a3f9c2e1b07d",
        "Mohon lengkapi.",
        "2 · Sebagian",
        "4.812 entri",
        "7c3f" * 16,
    ):
        assert joined(told) in words


def test_the_same_content_gives_the_same_bytes():
    assert papers.dossier_pdf(dossier()) == papers.dossier_pdf(dossier())
    assert papers.receipt_pdf(receipt()) == papers.receipt_pdf(receipt())


def test_another_content_gives_other_bytes():
    other = dossier((question(explanation="Sembilan program berjalan."),))

    assert papers.dossier_pdf(dossier()) != papers.dossier_pdf(other)


def test_what_looks_like_typesetting_comes_out_as_it_was_typed():
    words = joined(read(papers.dossier_pdf(dossier((question(explanation=HOSTILE),)))))

    assert joined('#set page(width: 1cm) *a* _b_ $x^2$ @ref <lab> `raw` \\ // /* #import "x"') in (
        words
    )
    assert joined("= Judul - satu + dua / tiga: empat") in words
    assert "x" * 500 in words


def test_letters_that_no_font_has_are_shown_by_their_number():
    words = joined(read(papers.dossier_pdf(dossier((question(explanation=HOSTILE),)))))

    for shown in ("‹U+1F600›", "‹U+0000›", "‹U+D800›", "‹U+202E›", "‹U+6F22›"):
        assert shown in words


@pytest.mark.parametrize("make", [papers.dossier_pdf, papers.receipt_pdf])
def test_hostile_words_everywhere_still_make_a_document(make):
    content = hurt(dossier() if make is papers.dossier_pdf else receipt())

    assert make(content).startswith(b"%PDF-1.7")


def test_letters_that_join_or_say_nothing_are_kept_or_dropped():
    assert papers.printable("a\u0301 ≥ 80% ✓") == "á ≥ 80% ✓"
    assert papers.printable("co\u00adba\ufe0f\r\nlagi") == "coba\nlagi"
    assert papers.printable("می\u200cخواهم") == "می\u200cخواهم"


def test_an_unfinished_dossier_needs_no_index_no_pictures_and_no_proof():
    bare = dataclasses.replace(
        dossier(()), index="–", index_value=None, pictures=(), proof=(), summary=""
    )

    assert "Kabupaten Paser" in read(papers.dossier_pdf(bare))


def test_a_receipt_fits_one_page_even_with_a_long_proof():
    pdf = papers.receipt_pdf(receipt(say="Jawaban diterima. " * 20))

    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
    assert "Kepala Dinas Kesehatan" in read(pdf)


def test_a_document_tells_its_language():
    assert b"/Lang(en)" in papers.receipt_pdf(receipt(language="en"))
    assert b"/Lang(id)" in papers.receipt_pdf(receipt())


def test_a_press_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(papers, "PATIENCE", 0.01)

    with pytest.raises(PaperFailed, match="longer than"):
        papers.receipt_pdf(receipt())


def test_what_the_typesetter_refuses_is_told():
    broken = dataclasses.replace(dossier(), pictures=(Picture("A", "", "<svg", "alt"),))

    with pytest.raises(PaperFailed, match="SVG"):
        papers.dossier_pdf(broken)


def test_the_press_may_not_take_more_memory_than_its_limit():
    greedy = (
        f"import sys; sys.path.insert(0, {str(Path(press.__file__).parent)!r})\n"
        "import press; press.bound()\n"
        "try: bytearray(press.MEMORY + 1)\n"
        "except MemoryError: print('refused')\n"
    )

    child = subprocess.run([sys.executable, "-c", greedy], capture_output=True, text=True)

    assert child.stdout == "refused\n"


def test_the_press_knows_no_secret_of_its_parent(monkeypatch, tmp_path):
    spy = tmp_path / "press.py"
    spy.write_text("import os, sys; sys.stdout.write('|'.join(sorted(os.environ)))")
    monkeypatch.setenv("BUKTI_SECRET_KEY", "rahasia")
    monkeypatch.setattr(papers, "PRESS", spy)

    known = papers.receipt_pdf(receipt()).decode().split("|")

    assert "BUKTI_SECRET_KEY" in os.environ
    assert "BUKTI_SECRET_KEY" not in known
    assert "RAYON_NUM_THREADS" in known


def test_a_whole_round_is_printed_within_its_budget():
    many = [question(f"C{number}.1", HOSTILE) for number in range(121)]

    begun = time.monotonic()
    pdf = papers.dossier_pdf(dossier(many))

    assert time.monotonic() - begun < 10
    assert joined(read(pdf)).count("C120.1") == 2


def test_the_listed_coverage_is_that_of_the_fonts():
    faces = {path.stem: set(TTFont(path).getBestCmap()) for path in FONTS.glob("*.ttf")}
    shared = faces["BuktiSans-Regular"] & faces["BuktiSans-Bold"]
    drawn = shared | faces["NotoSansArabic-Regular"]

    assert papers._covered() - set("\n\t") == set(map(chr, drawn))


def test_every_font_comes_with_its_licence():
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL-SourceSans3.txt").read_text()
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL-NotoSansArabic.txt").read_text()
    assert sum(path.stat().st_size for path in FONTS.glob("*.ttf")) < 400_000
