"""Dates, numbers, sizes and file names, in both languages."""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bukti.wording import formats

FRIDAY = date(2026, 11, 27)
MOMENT = datetime(2026, 11, 27, 6, 2, tzinfo=UTC)
TIE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", f"Jumat, 27{TIE}November 2026"), ("en", f"Friday, 27{TIE}November 2026")],
)
def test_a_date_names_its_weekday_and_ties_day_to_month(language, words):
    assert formats.date_weekday(FRIDAY, language) == words


def test_short_dates_use_the_language_of_the_reader():
    assert formats.date_short(date(2026, 8, 9), "id") == f"9{TIE}Agu"
    assert formats.date_short(date(2026, 8, 9), "en") == f"9{TIE}Aug"
    assert formats.date_day(date(2026, 5, 1), "id") == f"1{TIE}Mei"


def test_without_a_language_the_page_decides():
    with translation.override("en"):
        english = formats.number(Decimal("2.84"))
    with translation.override("id"):
        indonesian = formats.number(Decimal("2.84"))

    assert (english, indonesian) == ("2.84", "2,84")


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Makassar", f"14.02{TIE}WITA"),
        ("Asia/Jakarta", f"13.02{TIE}WIB"),
        ("Asia/Pontianak", f"13.02{TIE}WIB"),
        ("Asia/Jayapura", f"15.02{TIE}WIT"),
        ("Asia/Dubai", f"10.02{TIE}UTC+04"),
    ],
)
def test_a_time_says_its_zone(zone, words):
    assert formats.time_of_day(MOMENT, zone, "id") == words


def test_a_moment_shows_the_day_it_was_there():
    late = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)

    assert formats.date_time(late, "Asia/Makassar", "id") == (
        f"28{TIE}November 2026 pukul 01.30{TIE}WITA"
    )
    assert formats.date_time(late, "Asia/Makassar", "en") == (
        f"28{TIE}November 2026 at 01:30{TIE}WITA"
    )


@pytest.mark.parametrize(
    ("days", "indonesian", "english", "deadline"),
    [
        (-2, f"2{TIE}hari lalu", f"2{TIE}days ago", f"terlambat 2{TIE}hari"),
        (-1, "kemarin", "yesterday", f"terlambat 1{TIE}hari"),
        (0, "hari ini", "today", "hari ini"),
        (1, "besok", "tomorrow", "besok"),
        (3, f"3{TIE}hari lagi", f"in 3{TIE}days", f"3{TIE}hari lagi"),
    ],
)
def test_days_are_told_from_today(days, indonesian, english, deadline):
    day = FRIDAY + timedelta(days=days)

    assert formats.relative_day(day, FRIDAY, "id") == indonesian
    assert formats.relative_day(day, FRIDAY, "en") == english
    assert formats.due(day, FRIDAY, "id") == deadline


def test_english_counts_one_late_day_as_one():
    assert formats.due(FRIDAY - timedelta(days=1), FRIDAY, "en") == f"1{TIE}day late"
    assert formats.due(FRIDAY - timedelta(days=2), FRIDAY, "en") == f"2{TIE}days late"


@pytest.mark.parametrize(
    ("span", "indonesian", "english"),
    [
        (timedelta(days=3, hours=4, minutes=5), f"3{TIE}hari 4{TIE}jam", f"3{TIE}days 4{TIE}hours"),
        (timedelta(hours=2), f"2{TIE}jam", f"2{TIE}hours"),
        (timedelta(days=1, minutes=3), f"1{TIE}hari", f"1{TIE}day"),
        (timedelta(seconds=45.4), f"45{TIE}detik", f"45{TIE}seconds"),
        (timedelta(0), f"0{TIE}detik", f"0{TIE}seconds"),
    ],
)
def test_a_duration_keeps_its_two_largest_neighbouring_units(span, indonesian, english):
    assert formats.duration(span, "id") == indonesian
    assert formats.duration(span, "en") == english


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (Decimal("2.845"), "2,85", "2.85"),
        (Decimal("-0.03"), "−0,03", "−0.03"),
        (Decimal("-0.004"), "0,00", "0.00"),
        (1234567.5, "1.234.567,50", "1,234,567.50"),
        (0, "0,00", "0.00"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_a_number_has_its_comma_and_a_true_minus(value, indonesian, english):
    assert formats.number(value, language="id") == indonesian
    assert formats.number(value, language="en") == english


def test_a_change_shows_its_sign_unless_it_rounds_to_nothing():
    assert formats.signed(Decimal("0.296"), 3, "id") == "+0,296"
    assert formats.signed(Decimal("-0.5"), language="id") == "−0,50"
    assert formats.signed(Decimal("0.001"), language="id") == "0,00"
    assert formats.signed(None, language="id") == "–"


def test_whole_numbers_percentages_and_weights():
    assert formats.integer(1500, "id") == "1.500"
    assert formats.integer(1500, "en") == "1,500"
    assert formats.percent(Decimal("37.41"), 1, "id") == "37,4%"
    assert formats.percent(None, language="id") == "–"
    assert formats.plain(Decimal("7.50"), "id") == "7,5"
    assert formats.plain(Decimal("100"), "id") == "100"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, f"0{TIE}B"),
        (999, f"999{TIE}B"),
        (1_000, f"1{TIE}kB"),
        (999_600, f"1,0{TIE}MB"),
        (2_100_000, f"2,1{TIE}MB"),
        (2_000_000_000, f"2,0{TIE}GB"),
    ],
)
def test_a_size_uses_the_unit_that_reads_best(count, words):
    assert formats.size(count, "id") == words


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Perbup 12 2026.pdf", "Perbup 12 2026.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\op\SK Tim.docx", "SK Tim.docx"),
        ("laporan\u202efdp.exe", "laporanfdp.exe"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("notulen?*<rapat>.pdf", "notulen___rapat_.pdf"),
        (".htaccess", "berkas.htaccess"),
        (".ini.bak", "ini.bak"),
        ("CON.pdf", "_CON.pdf"),
        ("   ", "berkas"),
        ("...", "berkas"),
        (".pdf", "berkas.pdf"),
        ("Rencana Aksi (final). 2026", "Rencana Aksi (final). 2026"),
        ("foto\N{NO-BREAK SPACE}rapat .JPG", "foto rapat.JPG"),
        ("Surat/أمر.pdf", "أمر.pdf"),
    ],
)
def test_a_file_name_loses_what_could_mislead(name, safe):
    assert formats.safe_filename(name) == safe


def test_a_long_name_is_cut_between_letters_and_keeps_its_extension():
    safe = formats.safe_filename("é" * 200 + ".pdf")

    assert safe == "é" * 58 + ".pdf"
    assert len(safe.encode()) <= 120


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_stays_as_it_is(name):
    safe = formats.safe_filename(name)

    assert safe == formats.safe_filename(safe)
    assert 0 < len(safe.encode()) <= 120
    assert not set(safe) & set('/\\<>:"|?*\0\n\r')
    assert unicodedata.is_normalized("NFC", safe)


@given(st.text(max_size=300))
def test_a_download_header_is_plain_ascii_and_carries_the_name(name):
    header = formats.content_disposition(name)

    assert header.isascii()
    assert header.isprintable()
    assert header.startswith("attachment; filename=")
    assert header.count('"') == 2
    if "filename*=" in header:
        assert unquote(header.split("''")[1]) == formats.safe_filename(name)


def test_a_download_header_keeps_a_plain_name_short():
    assert formats.content_disposition("SK Tim.pdf") == 'attachment; filename="SK Tim.pdf"'
    assert formats.content_disposition("Café.pdf") == (
        "attachment; filename=\"Cafe.pdf\"; filename*=UTF-8''Caf%C3%A9.pdf"
    )


def test_a_name_with_no_plain_letter_still_has_a_plain_stand_in():
    header = formats.content_disposition("أمر.pdf")

    assert header.startswith('attachment; filename="berkas.pdf"; ')
    assert unquote(header.split("''")[1]) == "أمر.pdf"
