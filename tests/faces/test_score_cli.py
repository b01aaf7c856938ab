"""`bukti score` on the published files and on wrong ones. No test here may touch the database."""

import csv
import json
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from bukti.site.main import main

PUBLISHED = Path(__file__).parents[1] / "packs" / "published"
D = Decimal


def run(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("score", *map(str, arguments), stdout=out)
    return out.getvalue()


def rows(*arguments: str | Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(run(*arguments), newline="")))


def refusal(*arguments: str | Path) -> str:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    return str(refused.value)


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "nilai.csv"
    file.write_bytes(text.encode(encoding))
    return file


def test_every_index_of_2023_is_printed_as_published():
    found = rows("smart-city-2023", PUBLISHED / "smartcity_2023.csv")

    assert len(found) == 41
    for row in found:
        assert row["index"] == row["index_published"], row["region"]
        assert row["index_exact"] == row["weighted_sum_unrounded"], row["region"]
        assert row["reason"] == ""


def test_every_index_of_2022_is_printed_as_published():
    file = PUBLISHED / "smartcity_2022_kppn_ikn.csv"

    found = rows("smart-city-2022", file, "--scheme", "kppn-ikn")

    assert len(found) == 13
    for row in found:
        assert row["index"] == row["index_published"], row["region"]
        assert row["index_exact"] == row["weighted_sum_unrounded"], row["region"]


def test_the_rows_come_back_as_they_were_with_the_computed_columns_behind():
    file = PUBLISHED / "smartcity_2023.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        before = list(csv.reader(stream))

    after = list(csv.reader(StringIO(run("smart-city-2023", file), newline="")))

    assert [row[: len(before[0])] for row in after] == before
    assert after[0][len(before[0]) :] == ["index", "index_exact", "reason"]


def test_malang_is_printed_with_its_components():
    file = PUBLISHED / "smartcity_malang_2023_scores.csv"

    found = rows("smart-city-2023", file, "--scheme", "kppn-ikn")

    assert len(found) == 117
    assert (found[0]["code"], found[0]["value"]) == ("A1.1.1", "3.00")
    components = ("baseline", "output", "outcome", "impact", "quick_win", "collaboration")
    for row in found:
        assert [row[key] for key in components] == ["3.60", "2.29", "3.41", "2.81", "3.13", "2.53"]
        assert row["index"] == "2.94"


def test_malang_scores_the_same_by_the_121_where_the_survey_applies():
    file = PUBLISHED / "smartcity_malang_2023_scores.csv"

    found = rows("smart-city-121", file, "--scheme", "kppn-ikn")

    assert found[0]["index"] == "2.94"


def test_aceh_tengah_is_2_59_cukup():
    found = rows("spbe-2020", PUBLISHED / "spbe_acehtengah_2025_levels.csv")

    first = found[0]
    assert (first["index"], first["index_exact"], first["predicate"]) == ("2.59", "2.594", "Cukup")
    assert [first[key] for key in ("kebijakan", "tata_kelola", "manajemen", "layanan")] == [
        "2.30", "1.70", "1.00", "3.75"
    ]  # fmt: skip
    assert (first["administrasi_pemerintahan"], first["layanan_publik"]) == ("3.80", "3.67")
    assert {row["basis"] for row in found} == {"sum-only", "stated", "derived"}


def test_json_holds_the_same_as_text():
    file = PUBLISHED / "smartcity_2023.csv"

    found = json.loads(run("smart-city-2023", file, "--json"))

    paser = next(row for row in found if row["region"] == "KAB. PASER")
    assert (paser["index"], paser["index_exact"], paser["reason"]) == ("2.84", "2.841", None)
    assert paser["improvement_published"] == "-0.03"


def test_json_names_every_column_even_double_or_nameless_ones(tmp_path: Path):
    file = written(tmp_path, "x,x,,baseline\n1,2,3,4\n")

    found = json.loads(run("smart-city-2023", file, "--scheme", "reguler", "--json"))

    assert list(found[0])[:4] == ["x", "x_2", "kolom_3", "baseline"]


def test_what_excel_writes_is_read(tmp_path: Path):
    file = written(
        tmp_path,
        "\ufeffRegion;Baseline;Output;Outcome;Impact;Quick_Win\r\n"
        "KAB. PASER;3,8;2,43;2,73;2,81;3,02\r\n",
    )

    found = rows("smart-city-2022", file, "--scheme", "kppn-ikn")

    assert found == [
        {
            "Region": "KAB. PASER", "Baseline": "3.80", "Output": "2.43", "Outcome": "2.73",
            "Impact": "2.81", "Quick_Win": "3.02", "index": "2.88", "index_exact": "2.872",
            "reason": "",
        }
    ]  # fmt: skip


def test_a_workbook_is_read_too(tmp_path: Path):
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["no", "level"])
    for number in range(1, 21):
        sheet.write_row(number, 0, [number, 3.5])
    book.close()
    file = tmp_path / "pemdi.xlsx"
    file.write_bytes(stream.getvalue())

    found = rows("pemdi-2026", file)

    assert (found[0]["no"], found[0]["index"]) == ("1", "3.50")
    assert found[0]["predicate"] == "Sangat Baik (Melembaga)"


def test_an_empty_component_leaves_the_index_empty_with_the_reason(tmp_path: Path):
    file = written(
        tmp_path, "region,baseline,output,outcome,impact,quick_win\nA,1,2,,3,4\nB,1,1,1,1,1\n"
    )

    empty, full = rows("smart-city-2022", file, "--scheme", "reguler")

    assert (empty["index"], empty["index_exact"]) == ("", "")
    assert empty["reason"] == "Kosong padahal berbobot: outcome"
    assert (full["index"], full["reason"]) == ("1.00", "")


def test_an_unanswered_question_leaves_the_index_empty_with_the_reason(tmp_path: Path):
    levels = "".join(f"{number},{'' if number == 3 else 2}\n" for number in range(1, 48))

    found = rows("spbe-2020", written(tmp_path, f"no,level\n{levels}"))

    assert found[0]["index"] == ""
    assert found[0]["predicate"] == ""
    assert found[0]["reason"] == "Belum lengkap: kebijakan_internal"


def test_passing_columns_leave_without_formulas(tmp_path: Path):
    file = written(tmp_path, "catatan,baseline\n=HYPERLINK(1),2\n-0.03,2\n")

    found = rows("smart-city-2023", file, "--scheme", "reguler")

    assert [row["catatan"] for row in found] == ["'=HYPERLINK(1)", "-0.03"]


def test_a_folder_may_be_given_instead_of_a_key(tmp_path: Path):
    folder = Path(__file__).parents[2] / "bukti" / "packs" / "smart-city-2022"

    found = rows(folder, PUBLISHED / "smartcity_2022_kppn_ikn.csv", "--scheme", "kppn-ikn")

    assert found[0]["index"] == "1.84"


@pytest.mark.parametrize(
    ("text", "scheme", "named"),
    [
        ("baseline,output\n1,2\n", None, ("Baris 2", "--scheme", "reguler, kppn-ikn")),
        ("group,baseline\nIKN,2\n", None, ("Baris 2", "IKN", "REGULER, KPPN&IKN")),
        ("group,baseline\nREGULER,1\n,2\n", None, ("Baris 3", "--scheme", "reguler, kppn-ikn")),
        ("code,value\nA1.1.1,1\n", None, ("--scheme", "reguler, kppn-ikn")),
        ("code,value\nA1.1.1,1\nA9,1\n", "reguler", ("Baris 3", "A9", "baseline", "A1.1.1")),
        ("code,value\nA1.1.1,1\nA1.1.1,1\n", "reguler", ("Baris 3", "A1.1.1", "baris 2")),
        ("baseline\n4,5\n", "reguler", ("Baris 2",)),
        ("baseline\n4.5\n", "reguler", ("Baris 2", "baseline", "4.5", "0–4")),
        ("baseline\nbagus\n", "reguler", ("Baris 2", "bagus", "0–4")),
        ("baseline,baseline\n1,2\n", "reguler", ("baseline",)),
        ("region\nA\n", "reguler", ("baseline", "code,value")),
        ("", "reguler", ("kosong",)),
        ("baseline\n1\n", "ikn", ("ikn", "reguler, kppn-ikn")),
    ],
)
def test_a_wrong_table_is_refused_naming_row_and_choices(
    tmp_path: Path, text: str, scheme: str | None, named: tuple[str, ...]
):
    options = [] if scheme is None else ["--scheme", scheme]

    said = refusal("smart-city-2023", written(tmp_path, text), *options)

    for name in named:
        assert name in said


def test_a_missing_file_and_an_unknown_pack_are_named(tmp_path: Path):
    assert "tidak-ada.csv" in refusal("smart-city-2023", tmp_path / "tidak-ada.csv")
    assert "smart-city-121" in refusal("smart-city-1", PUBLISHED / "smartcity_2023.csv")


def test_a_broken_pack_is_refused(tmp_path: Path):
    (tmp_path / "pack.yaml").write_text("key: uji\n", encoding="utf-8")

    assert "bukti pack check" in refusal(tmp_path, PUBLISHED / "smartcity_2023.csv")


def test_a_refusal_exits_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(["score", "smart-city-2023", str(written(tmp_path, "code,value\nA1.1.1,1\n"))])

    assert left.value.code == 1
    assert "--scheme" in capsys.readouterr().err
