"""Tables of values: wide and long, every way to be wrong names row and choices."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bukti.areas.instruments.loader import load_shipped
from bukti.rules.scoresheet import (
    BadSheet,
    Sheet,
    SheetFault,
    SheetRow,
    computed,
    computed_columns,
    read_number,
    score_sheet,
)

D = Decimal
CITY, CITY_2022 = load_shipped("smart-city-2023"), load_shipped("smart-city-2022")
SPBE, PEMDI = load_shipped("spbe-2020"), load_shipped("pemdi-2026")
WIDE = "region,group,baseline,output,outcome,impact,quick_win,collaboration"
PASER = "KAB. PASER,KPPN&IKN,3.96,2.66,2.82,3.11,2.52,2.23"


def sheet(*lines: str) -> Sheet:
    columns, *rows = [tuple(line.split(",")) for line in lines]
    return Sheet(columns, tuple(SheetRow(n, cells) for n, cells in enumerate(rows, start=2)))


def refusal(*lines: str, pack=CITY, scheme=None) -> BadSheet:
    with pytest.raises(BadSheet) as refused:
        score_sheet(pack, sheet(*lines), scheme)
    return refused.value


def test_the_group_picks_the_scheme_row_by_row():
    rows = score_sheet(CITY, sheet(WIDE, PASER, "KAB. SOLOK, reguler ,3.36,2.66,2.81,2.99,2.55,"))

    assert [row.scheme.key for row in rows] == ["kppn-ikn", "reguler"]
    assert [row.scored.index for row in rows] == [D("2.84"), D("2.82")]
    assert computed_columns(CITY, rows) == (
        "baseline", "output", "outcome", "impact", "quick_win", "collaboration",
        "index", "index_exact", "reason",
    )  # fmt: skip
    assert computed(rows[0])["index_exact"] == D("2.841")


def test_a_group_is_known_whatever_its_blanks_and_case():
    rows = score_sheet(CITY, sheet(WIDE, PASER.replace("KPPN&IKN", "Kppn & ikn")))

    assert rows[0].scheme.key == "kppn-ikn"


def test_a_named_scheme_goes_before_the_group():
    rows = score_sheet(CITY, sheet(WIDE, PASER), "reguler")

    assert rows[0].scheme.key == "reguler"


def test_an_unknown_scheme_names_the_choices():
    error = refusal(WIDE, PASER, scheme="ikn")

    assert error.fault is SheetFault.UNKNOWN_SCHEME
    assert error.facts["choices"] == "reguler, kppn-ikn"


@pytest.mark.parametrize("group", ["", "  "])
def test_without_group_or_scheme_one_is_asked_for(group: str):
    error = refusal(WIDE, PASER.replace("KPPN&IKN", group))

    assert error.fault is SheetFault.SCHEME_NEEDED
    assert error.facts == {"row": "2", "choices": "reguler, kppn-ikn"}


def test_without_a_group_column_a_scheme_is_asked_for():
    error = refusal("baseline,output", "1,2", pack=CITY_2022)

    assert error.fault is SheetFault.SCHEME_NEEDED


def test_an_unknown_group_names_row_and_choices():
    error = refusal(WIDE, PASER, PASER.replace("KPPN&IKN", "IKN"))

    assert error.fault is SheetFault.UNKNOWN_GROUP
    assert error.facts == {"row": "3", "group": "IKN", "choices": "REGULER, KPPN&IKN"}


def test_a_packs_only_scheme_needs_no_group():
    rows = score_sheet(PEMDI, sheet("group,no,level", *(f"?,{n},3" for n in range(1, 21))))

    assert rows[0].scored.index == D("3.00")


def test_an_empty_component_leaves_the_index_empty_with_the_reason():
    rows = score_sheet(CITY, sheet(WIDE, PASER.removesuffix("2.23")))

    assert rows[0].scored.index is None
    assert rows[0].scored.missing == ("collaboration",)
    assert computed(rows[0])["index"] is None


def test_a_missing_column_is_an_empty_component():
    rows = score_sheet(CITY, sheet("baseline,output", "1,2"), "reguler")

    assert rows[0].scored.missing == ("outcome", "impact", "quick_win")


def test_zero_is_a_value():
    rows = score_sheet(CITY, sheet(WIDE, "X,KPPN&IKN,1.92,1.63,2.29,2.80,1.73,0.00"))

    assert rows[0].scored.index == D("1.88")


@pytest.mark.parametrize(
    "cell", ["x", "1.2.3", "1,2,3", "NaN", "Infinity", "1e1", "١", "3 4", "--1"]
)
def test_what_is_no_number_is_named_with_row_and_column(cell: str):
    columns = ("baseline", "output")
    with pytest.raises(BadSheet) as refused:
        score_sheet(CITY, Sheet(columns, (SheetRow(7, (cell, "1")),)), "reguler")

    assert refused.value.fault is SheetFault.NOT_A_NUMBER
    assert refused.value.facts == {
        "row": "7", "column": "baseline", "value": cell, "choices": "0–4"
    }  # fmt: skip


@pytest.mark.parametrize("cell", ["4.01", "-0.01", "40"])
def test_a_value_off_the_scale_is_named_with_row_and_choices(cell: str):
    error = refusal("Baseline", cell, scheme="reguler")

    assert error.fault is SheetFault.OFF_SCALE
    assert (error.facts["row"], error.facts["column"], error.facts["choices"]) == (
        "2", "Baseline", "0–4"
    )  # fmt: skip


def test_levels_are_whole_where_the_scale_has_steps():
    error = refusal("no,level", "1,2.5", pack=SPBE)

    assert error.fault is SheetFault.OFF_STEP
    assert error.facts["step"] == "1"


def test_aspects_may_lie_between_the_steps():
    line = "2.30,1.00,1.75,3.00,1.00,1.00,3.80,3.67"
    header = ",".join(component.key for component in SPBE.components)

    rows = score_sheet(SPBE, sheet(header, line))

    assert rows[0].scored.index == D("2.59")


def test_domains_score_by_their_weight():
    rows = score_sheet(SPBE, sheet("kebijakan,tata_kelola,manajemen,layanan", "2,2,2,3"))

    assert rows[0].scored.index == D("2.46")
    assert computed_columns(SPBE, rows) == (
        "kebijakan", "tata_kelola", "manajemen", "layanan",
        "index", "index_exact", "predicate", "reason",
    )  # fmt: skip


def test_a_row_per_region_may_name_question_codes_in_any_case():
    codes = [question.code for question in PEMDI.questions]
    header = ",".join(["region", *codes])

    rows = score_sheet(
        PEMDI, sheet(header, ",".join(["A", *["2"] * 20]), ",".join(["B", *["3.5"] * 20]))
    )

    assert [row.scored.index for row in rows] == [D("2.00"), D("3.50")]


def test_names_are_matched_without_regard_to_case_or_blanks():
    rows = score_sheet(CITY, sheet(" BASELINE ,a1", "2,x"), "reguler")

    assert rows[0].scored.components[0].published == D("2.00")


def test_a_table_without_value_columns_names_what_there_is():
    error = refusal("region,skor", "A,1")

    assert error.fault is SheetFault.NO_VALUES
    assert error.facts["choices"].startswith("baseline, output")
    assert "A1.1.1 … F6.6.1" in error.facts["choices"]


def test_a_table_without_rows_is_refused():
    assert refusal("baseline").fault is SheetFault.NO_ROWS


def test_a_double_column_is_refused():
    error = refusal("baseline,Baseline", "1,2")

    assert error.fault is SheetFault.DOUBLE_COLUMN


def test_components_and_questions_do_not_mix():
    wide = refusal("baseline,B1.1", "1,2")
    long = refusal("code,value", "baseline,1", "B1.1,2", scheme="reguler")

    assert wide.fault is long.fault is SheetFault.MIXED
    assert (wide.facts["first"], wide.facts["second"]) == ("baseline", "B1.1")


def test_a_long_table_needs_a_scheme_where_there_are_several():
    error = refusal("code,value", "A1.1.1,1")

    assert error.fault is SheetFault.SCHEME_NEEDED


def test_a_long_table_may_name_its_group():
    rows = score_sheet(CITY, sheet("code,value,group", "A1.1.1,1,REGULER", "B1.1,2, Reguler"))

    assert {row.scheme.key for row in rows} == {"reguler"}


def test_a_long_table_of_two_groups_is_refused():
    error = refusal("code,value,group", "A1.1.1,1,REGULER", "B1.1,2,KPPN&IKN")

    assert error.fault is SheetFault.GROUPS_DIFFER
    assert error.facts["row"] == "3"


def test_long_codes_may_be_components():
    rows = score_sheet(
        CITY_2022,
        sheet("code,value", "baseline,3.80", "output,2.43", "outcome,2.73", "impact,2.81",
              "quick_win,3.02"),
        "kppn-ikn",
    )  # fmt: skip

    assert [row.scored.index for row in rows] == [D("2.88")] * 5


@pytest.mark.parametrize(
    ("lines", "fault", "facts"),
    [
        (("X9,1",), SheetFault.UNKNOWN_CODE, {"row": "2", "code": "X9"}),
        (("A1.1.1,1", "a1.1.1,2"), SheetFault.DOUBLE_CODE, {"row": "3", "first": "2"}),
        (("A1.1.1,1", " ,2"), SheetFault.NO_CODE, {"row": "3", "column": "code"}),
        (("A1.1.1,5",), SheetFault.OFF_SCALE, {"row": "2", "column": "A1.1.1", "choices": "0–4"}),
        (("A1.1.1,?",), SheetFault.NOT_A_NUMBER, {"row": "2", "value": "?"}),
    ],
)
def test_a_wrong_line_of_a_long_table_is_named(
    lines: tuple[str, ...], fault: SheetFault, facts: dict[str, str]
):
    error = refusal("code,value", *lines, scheme="reguler")

    assert error.fault is fault
    assert error.facts.items() >= facts.items()


def test_a_wide_table_may_hold_columns_called_no_and_level():
    rows = score_sheet(CITY, sheet("no,level,baseline,output", "1,kabupaten,2,3"), "reguler")

    assert rows[0].scored.components[1].published == D("3.00")


def test_a_long_table_may_hold_one_column_that_is_called_as_a_component():
    rows = score_sheet(SPBE, sheet("no,level,layanan", "1,3,surat"))

    assert rows[0].scored.components[0].so_far == D("3.00")


def test_what_a_table_does_not_name_applies_only_where_the_pack_says_so():
    union = load_shipped("smart-city-121")
    survey = [q.code for q in union.questions_of("impact") if not q.code.startswith("D-22")]
    table = sheet("code,value", *(f"{code},2" for code in survey))

    impact = {
        pack.key: next(
            component
            for component in score_sheet(pack, table, "reguler")[0].scored.components
            if component.key == "impact"
        )
        for pack in (union, CITY)
    }
    with_a_gap = score_sheet(CITY, sheet("code,value", *(f"{c},2" for c in survey[1:])), "reguler")

    assert (impact["smart-city-121"].asked, impact["smart-city-121"].published) == (54, D("2.00"))
    assert impact["smart-city-2023"].published == D("2.00")
    assert "impact" in with_a_gap[0].scored.missing


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2,88", "2.88"),
        (" 2.88\xa0", "2.88"),
        ("+3", "3"),
        ("-0,03", "-0.03"),
        ("", None),
        (" ", None),
    ],
)
def test_numbers_are_read_as_excel_writes_them(text: str, number: str | None):
    assert read_number(text) == (None if number is None else D(number))


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_is_refused(text: str):
    try:
        number = read_number(text)
    except ValueError:
        return

    assert number is None or number.is_finite()
