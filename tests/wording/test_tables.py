"""Tables in every dialect that offices send, and out without a formula."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bukti.wording import tables
from bukti.wording.tables import (
    BadTable,
    Page,
    TableFault,
    neutral,
    read_table,
    write_csv,
    write_xlsx,
)

WHEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
EVIL = ["=1+1", "+1", "@SUM(A1)", "-1+1", "\t=1", "\r=1", "\0=1", " =1", "＝1", "\n=1", "\ufeff=1"]


def refusal(data: bytes) -> BadTable:
    with pytest.raises(BadTable) as refused:
        read_table(data)
    return refused.value


def workbook(*rows: list[object]) -> bytes:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,2.88\n",
        b"\xef\xbb\xbfa,b\r\n1,2.88\r\n",
        b"a;b\r\n1;2.88",
        b"a\tb\n1\t2.88\n",
        b'sep=;\r\na;b\r\n"1";"2.88"\r\n',
        b"\n\n a , b ,,\n1,2.88,,\n,,\n",
        "a\tb\r\n1\t2.88\r\n".encode("utf-16"),
        b"a;b\r1;2.88\r",
    ],
)
def test_every_dialect_gives_the_same_rows(data: bytes):
    table = read_table(data)

    assert table.columns == ("a", "b")
    assert [row.cells for row in table.rows] == [("1", "2.88")]


def test_a_decimal_comma_stays_in_its_cell():
    table = read_table(b"\xef\xbb\xbfkode;nilai, akhir\r\nA;2,88\r\n")

    assert table.columns == ("kode", "nilai, akhir")
    assert table.rows[0].cells == ("A", "2,88")


@pytest.mark.parametrize(
    ("data", "columns"),
    [
        (b"kode;nilai, akhir, total\nA;2,88\nB;3,1\n", ("kode", "nilai, akhir, total")),
        (b"a,b,c\n1;x,2;y,3;z\n", ("a", "b", "c")),
        (b"a;b;c\n1,5;2,5\n", ("a", "b", "c")),
        (b'"a,b";c\n"1;2";3\n', ("a,b", "c")),
        (b"kolom\n1\n", ("kolom",)),
    ],
)
def test_the_delimiter_is_the_one_that_gives_every_line_as_many_columns(
    data: bytes, columns: tuple[str, ...]
):
    assert read_table(data).columns == columns


def test_rows_keep_the_number_that_a_spreadsheet_shows():
    table = read_table(b'sep=,\na,b\n\n1,"x\ny"\n3,4\n')

    assert [row.number for row in table.rows] == [3, 4]


def test_windows_text_is_read():
    assert read_table("nama\nRapat – Bupati\n".encode("cp1252")).rows[0].cells == (
        "Rapat – Bupati",
    )


def test_short_rows_are_filled_and_long_ones_refused():
    table = read_table(b"a,b,c\n1\n")
    error = refusal(b"a,b\n1,2\n1,2,3\n")

    assert table.rows[0].cells == ("1", "", "")
    assert error.fault is TableFault.LONG_ROW
    assert error.facts == {"row": "3", "columns": "2"}


def test_a_workbook_gives_its_first_sheet_as_text():
    data = workbook(["no", "nilai", "ya", "tanggal"], [1, 2.88, True, "x"], [], [10, 3.0, False])

    table = read_table(data)

    assert table.columns == ("no", "nilai", "ya", "tanggal")
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, ("1", "2.88", "ya", "x")),
        (4, ("10", "3", "tidak", "")),
    ]


def test_a_date_in_a_workbook_is_written_iso():
    stream = BytesIO()
    write_xlsx(stream, [Page("a", ["tanggal"], [[date(2026, 11, 24)]])], WHEN)

    assert read_table(stream.getvalue()).rows[0].cells[0].startswith("2026-11-24")


def test_an_opendocument_sheet_is_read():
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        '<office:spreadsheet><table:table table:name="a">'
        '<table:table-row><table:table-cell office:value-type="string"><text:p>baseline</text:p>'
        "</table:table-cell></table:table-row>"
        '<table:table-row><table:table-cell office:value-type="float" office:value="2.5">'
        "<text:p>2,5</text:p></table:table-cell></table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/"/></manifest:manifest>'
    )
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)

    table = read_table(stream.getvalue())

    assert (table.columns, table.rows[0].cells) == (("baseline",), ("2.5",))


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", TableFault.EMPTY),
        (b"\n , \n", TableFault.EMPTY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", TableFault.OLD_EXCEL),
        (b"PK\x03\x04 bukan arsip", TableFault.NOT_A_TABLE),
        (b"a,b\n\x00,1\n", TableFault.NOT_A_TABLE),
        (b"\x81\x8d\x8f", TableFault.NOT_A_TABLE),
        (b"\xff\xfea", TableFault.NOT_A_TABLE),
        (b'a,b\n"1,2\n', TableFault.BROKEN),
        (b'a,b\n"1"x,2\n', TableFault.BROKEN),
        (b"%PDF-1.7\n\x00\xff", TableFault.NOT_A_TABLE),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, fault: TableFault):
    assert refusal(data).fault is fault


def test_a_zip_that_is_no_workbook_is_refused():
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")

    assert refusal(stream.getvalue()).fault is TableFault.NOT_A_TABLE


def test_a_damaged_workbook_is_refused():
    data = bytearray(workbook(["a"] * 50, list(range(50))))
    data[60:90] = bytes(30)

    assert refusal(bytes(data)).fault is TableFault.NOT_A_TABLE


@pytest.mark.parametrize(
    ("limit", "data"), [("MAX_ROWS", b"a\n1\n2\n"), ("MAX_COLUMNS", b"a,b,c\n")]
)
def test_too_many_rows_or_columns_are_refused(
    limit: str, data: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tables, limit, 2)

    assert refusal(data).fault is TableFault.TOO_BIG


def test_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tables, "MAX_BYTES", 3)

    assert refusal(b"a,b\n").fault is TableFault.TOO_BIG


@pytest.mark.parametrize("text", EVIL)
def test_a_formula_in_csv_gets_an_apostrophe(text: str):
    stream = StringIO(newline="")

    write_csv(stream, [text], [[text]])
    heading, row = read_table(stream.getvalue().encode()).columns, stream.getvalue()

    assert heading[0].startswith("'")
    assert row.count("'") == 2
    assert "\0" not in row


@pytest.mark.parametrize("text", ["-0.03", "-0,03", "-5", "", "2.88", "C-RA1", "a=b", "x@y.id"])
def test_numbers_and_ordinary_text_stay_as_they_are(text: str):
    assert neutral(text) == text


@pytest.mark.parametrize("text", ["-", "--1", "-1-1", "-0.03+1", "-A1", "+62 812"])
def test_what_only_begins_as_a_number_is_neutralised(text: str):
    assert neutral(text) == f"'{text}"


@given(st.text(max_size=20))
def test_no_text_leaves_as_a_formula(text: str):
    out = neutral(text)

    is_number = out.lstrip("-").replace(",", "").replace(".", "").isdigit()
    assert is_number or not out.lstrip(" \xa0\ufeff\u200b").startswith(
        tuple("=+-@\t\r\n\0＝＋－＠")
    )


def test_csv_writes_every_kind_of_cell():
    stream = StringIO(newline="")

    write_csv(
        stream,
        ["a", "b"],
        [[None, Decimal("-0.03")], [date(2026, 1, 2), WHEN], [True, 1.5], [Decimal("1E+2"), 7]],
    )

    assert stream.getvalue() == (
        "a,b\r\n,-0.03\r\n2026-01-02,2026-11-24T08:00:00+00:00\r\nTrue,1.5\r\n100,7\r\n"
    )


def test_xlsx_holds_text_as_text_and_numbers_as_numbers():
    stream = BytesIO()
    cells = [*EVIL, "{=1}", "https://contoh.id", "007", Decimal("-0.03"), 7, 1.5, True, None, WHEN]

    write_xlsx(stream, [Page("Nilai", ["=judul"], [cells])], WHEN)

    data = stream.getvalue()
    with ZipFile(BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    row = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()[1]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert row[0] == "=1+1"
    assert row[len(EVIL) : len(EVIL) + 3] == ["{=1}", "https://contoh.id", "007"]
    assert row[len(EVIL) + 3 : len(EVIL) + 7] == [-0.03, 7, 1.5, True]
    assert row[-1] == datetime(2026, 11, 24, 8, 0)  # noqa: DTZ001 (a spreadsheet has no zone)


def test_the_same_pages_give_the_same_bytes():
    written = []
    for _ in range(2):
        stream = BytesIO()
        write_xlsx(stream, [Page("a", ["x"], [["1"]])], WHEN)
        written.append(stream.getvalue())

    assert written[0] == written[1]


def test_sheet_names_are_made_acceptable_and_unlike():
    stream = BytesIO()
    names = ["Bukti/Dokumen?", "bukti dokumen ", "'", "x" * 40, "X" * 40]

    write_xlsx(stream, [Page(name, ["a"], []) for name in names], WHEN)

    found = CalamineWorkbook.from_filelike(BytesIO(stream.getvalue())).sheet_names
    assert found == ["Bukti Dokumen", "bukti dokumen 2", "Lembar", "x" * 31, "X" * 27 + " 2"]


def test_a_text_longer_than_excel_allows_is_cut_visibly():
    stream = BytesIO()

    write_xlsx(stream, [Page("a", ["a"], [["y" * 40_000]])], WHEN)

    cell = read_table(stream.getvalue()).rows[0].cells[0]
    assert cell.endswith("y […]")
    assert len(cell) == 32_767


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_are_refused(data: bytes):
    try:
        table = read_table(data)
    except BadTable:
        return

    assert all(len(row.cells) == len(table.columns) for row in table.rows)
