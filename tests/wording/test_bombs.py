"""Small workbooks that mean gigabytes are refused before anything lays them out."""

from datetime import UTC, datetime
from io import BytesIO
from time import perf_counter
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from bukti.wording import bombs, tables
from bukti.wording.tables import BadTable, Page, TableFault, read_table, write_xlsx

XLSX = "<worksheet><sheetData>{}</sheetData></worksheet>"
ODS = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">'
    "<table:table>{}</table:table></office:document-content>"
)


def packed(text: str, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return stream.getvalue()


def ods_cell(more: str = "", inside: str = "") -> str:
    return f"<table:table-cell {more}>{inside}</table:table-cell>"


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>',
        '<row><c r="A1048576"/><c r="XFD1"/></row>',
        '<row r="999999999"><c/><c/><c/></row>',
        '<x:row xmlns:x="y"><x:c r="ZZZ9999999"/></x:row>',
    ],
)
def test_cells_far_apart_are_refused(cells: str):
    with pytest.raises(bombs.Oversize):
        bombs.measure(packed(XLSX.format(cells)))


@pytest.mark.parametrize("reference", ["A99999999999", "AAAA1", "1A", "A-1", "A1:B2"])
def test_a_reference_that_no_sheet_has_is_unreadable(reference: str):
    with pytest.raises(bombs.Unreadable):
        bombs.measure(packed(XLSX.format(f'<row r="1"><c r="{reference}"/></row>')))


def ods_row(cell: str = "", more: str = "") -> str:
    return f"<table:table-row {more}>{cell}</table:table-row>"


FAR_DOWN = 'table:number-rows-repeated="9000000"'
FAR_RIGHT = 'table:number-columns-repeated="9000000"'
TEXT = "<text:p>a</text:p>"


@pytest.mark.parametrize(
    "rows",
    [
        ods_row(ods_cell('office:value-type="float"'), FAR_DOWN),
        ods_row(ods_cell(FAR_RIGHT, TEXT)),
        ods_row(more=FAR_DOWN) + ods_row(ods_cell("", TEXT)),
        ods_row(ods_cell(FAR_RIGHT) + ods_cell('table:formula="of:=1"')),
    ],
)
def test_repeated_cells_of_opendocument_are_refused(rows: str):
    with pytest.raises(bombs.Oversize):
        bombs.measure(packed(ODS.format(rows), "content.xml"))


def test_empty_repeats_at_the_end_as_office_programs_write_them_pass():
    right = ods_cell('table:number-columns-repeated="16383"')
    rows = ods_row(ods_cell("", TEXT) + right) + ods_row(right, FAR_DOWN)

    bombs.measure(packed(ODS.format(rows), "content.xml"))


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "<a>",
        "<a></b>",
        ODS.format('<table:table-row table:number-rows-repeated="banyak"/>'),
        XLSX.format('<row r="banyak"/>'),
    ],
)
def test_unsound_xml_is_unreadable(text: str):
    with pytest.raises(bombs.Unreadable):
        bombs.measure(packed(text))


def test_packed_zeros_are_refused_in_little_time_and_memory():
    data = packed(" " * 150_000_000, "xl/media/a.bin")
    started = perf_counter()

    with pytest.raises(BadTable) as refused:
        read_table(data)

    assert len(data) < 200_000
    assert refused.value.fault is TableFault.TOO_BIG
    assert perf_counter() - started < 2


def test_a_bomb_is_refused_as_a_table():
    with pytest.raises(BadTable) as refused:
        read_table(packed(XLSX.format('<row r="1048576"><c r="XFD1048576"/></row>')))

    assert refused.value.fault is TableFault.TOO_BIG


def test_an_ordinary_workbook_passes():
    stream = BytesIO()
    write_xlsx(
        stream, [Page("a", ["x", "y"], [["1", 2]] * 500)], datetime(2026, 11, 24, tzinfo=UTC)
    )

    bombs.measure(stream.getvalue())

    assert len(read_table(stream.getvalue()).rows) == 500


def test_a_crash_of_the_reader_is_a_refusal_and_an_interrupt_stays_one(
    monkeypatch: pytest.MonkeyPatch,
):
    class PanicException(BaseException):
        pass

    class Reader:
        def __init__(self, error: BaseException) -> None:
            self._error = error

        def from_filelike(self, _file: object) -> None:
            raise self._error

    data = packed("<a/>")

    monkeypatch.setattr(tables, "CalamineWorkbook", Reader(PanicException()))
    with pytest.raises(BadTable):
        read_table(data)
    monkeypatch.setattr(tables, "CalamineWorkbook", Reader(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        read_table(data)
