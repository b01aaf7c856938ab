"""Every drawing on both surfaces: what it says, what it leaves out, what it never contains."""

import re
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bukti.rules.workflow import AnswerState
from bukti.wording import charts
from bukti.wording.charts import Axis, BurnUp, Day, Layer, Radar, Step, Waterfall

HOSTILE = "<script>\"&'</text>\u202e\x00"
START = date(2026, 11, 2)
TODAY = date(2026, 11, 24)
DEADLINE = date(2026, 12, 11)


@pytest.fixture(autouse=True)
def indonesian():
    with translation.override("id"):
        yield


def axis(label, now, before=None, target=None):
    values = (None if value is None else Decimal(value) for value in (now, before, target))
    return Axis(label, *values)


SIX = (
    axis("Baseline", "3.96", "3.80"),
    axis("Output", "2.66", "2.43"),
    axis("Outcome", "2.82", "2.73"),
    axis("Impact", "3.11", "2.81"),
    axis("Quick Win", "2.52", "3.02"),
    axis("Kolaborasi", "2.23"),
)


def fall(index="2.841", label="Indeks 2023"):
    step = Step("Quick Win", Decimal("0.296"), Decimal(20), Decimal("2.52"), 12)
    return Waterfall(Decimal(index), label, (step,))


def pace(entered, total=121, today=TODAY, deadline=DEADLINE):
    days = tuple(
        Day(START + timedelta(days=i), count, count // 2) for i, count in enumerate(entered)
    )
    return BurnUp(days, total, START, today, deadline)


def every_figure(name="Baseline"):
    layers = (Layer(name, Decimal("3.21")), Layer("Terverifikasi", Decimal(0)), Layer("A", None))
    axes = (axis(name, "3.96"), *SIX[1:])
    return {
        "radar": charts.radar(Radar(axes, name, "2022", "Sasaran")),
        "radar of five": charts.radar(Radar(axes[:5], name)),
        "radar with a gap": charts.radar(Radar((axis(name, None, None), *SIX[1:]), "2026", "2025")),
        "radar of nothing": charts.radar(Radar(tuple(axis(name, None) for _ in SIX), "2026")),
        "waterfall": charts.waterfall(fall(label=name)),
        "full waterfall": charts.waterfall(Waterfall(Decimal(4), name, ())),
        "scale": charts.scale(layers),
        "burn-up": charts.burn_up(pace(range(0, 69, 3))),
        "burn-up of nothing": charts.burn_up(pace(())),
    }


def parsed(markup):
    return ElementTree.fromstring(f"<div>{markup}</div>")


def words(markup):
    return " ".join(text.strip() for text in parsed(markup).itertext() if text.strip())


@pytest.mark.parametrize("name", every_figure())
def test_a_figure_is_well_formed_on_both_surfaces_and_has_no_inline_style(name):
    figure = every_figure(HOSTILE)[name]

    for markup in (figure.page, figure.paper, figure.legend):
        root = parsed(markup)
        assert "script" not in {element.tag.split("}")[-1] for element in root.iter()}
        assert not any("style" in element.attrib for element in root.iter())
        assert "\u202e" not in markup
        assert "\x00" not in markup


@pytest.mark.parametrize("name", every_figure())
def test_a_figure_on_a_page_tells_readers_what_it_shows(name):
    figure = every_figure()[name]
    named = [e for e in parsed(figure.page).iter() if e.get("role") == "img"]

    assert len(named) == 1
    assert named[0].get("aria-label") == figure.alt
    assert figure.alt


@pytest.mark.parametrize("name", every_figure())
def test_paper_needs_no_stylesheet(name):
    paper = every_figure()[name].paper

    assert "var(" not in paper
    assert "class=" not in paper
    assert "%" not in re.sub(r">[^<]*<", "><", paper)


@pytest.mark.parametrize("name", every_figure())
def test_table_rows_are_as_long_as_their_head(name):
    table = every_figure()[name].table

    assert {len(row) for row in table.rows} <= {len(table.head)}


def test_a_radar_shows_both_years_and_their_change():
    figure = charts.radar(Radar(SIX, "2023", "2022"))

    assert "3,96" in words(figure.page)
    assert "baru" in words(figure.page)
    assert figure.table.head == ("Komponen", "2022", "2023", "Perubahan")
    assert figure.table.rows[4] == ("Quick Win", "3,02", "2,52", "−0,50")
    assert figure.table.rows[5] == ("Kolaborasi", "–", "2,23", "–")


def test_a_radar_without_a_year_before_has_no_dashed_line():
    figure = charts.radar(Radar(SIX, "2023"))

    assert "bk-g-past" not in figure.page
    assert figure.table.head == ("Komponen", "2023")
    assert len(figure.keys) == 1


def test_a_missing_component_opens_the_radar_instead_of_falling_to_zero():
    gap = (*SIX[:2], axis("Outcome", None), *SIX[3:])
    zero = (*SIX[:2], axis("Outcome", "0"), *SIX[3:])

    opened = charts.radar(Radar(gap, "2026"))
    closed = charts.radar(Radar(zero, "2026"))

    assert "bk-g-now" not in opened.page
    assert len(re.findall("bk-g-dot", opened.page)) == 5
    assert "bk-g-now" in closed.page
    assert 'cx="230.00" cy="234.00"' in closed.page
    assert opened.table.rows[2] == ("Outcome", "–")


def test_a_line_runs_on_across_the_top_when_the_gap_is_elsewhere():
    gap = (*SIX[:2], axis("Outcome", None), *SIX[3:])
    page = charts.radar(Radar(gap, "2026")).page

    lines = re.findall(r"<polyline[^>]*points=\"([^\"]*)\"", page)

    assert [len(line.split()) for line in lines] == [5]


def test_a_waterfall_starts_at_the_index_and_ends_at_the_full_value():
    figure = charts.waterfall(fall())

    assert words(figure.page).startswith("2,8 3,0 3,2 3,4 3,6 3,8 4,0 Indeks 2023 2,84")
    assert "+0,296" in words(figure.page)
    assert "12 pertanyaan" in words(figure.page)
    assert words(figure.page).endswith("Nilai penuh 4,00")
    assert figure.table.rows == (("Quick Win", "20%", "2,52", "0,296"),)


def test_a_waterfall_from_zero_uses_the_whole_scale():
    assert words(charts.waterfall(fall("0")).page).startswith("0 1 2 3 4 ")


def test_a_layer_without_a_value_has_a_scale_but_no_mark():
    figure = charts.scale((Layer("Mandiri", Decimal("3.21")), Layer("Asesor", None)))

    assert "bk-g-white" in figure.page
    assert "bk-g-solid" not in figure.page
    assert "bk-g-gapline" not in figure.page
    assert figure.table.rows == (("Mandiri", "3,21"), ("Asesor", "–"))


def test_amber_marks_what_was_lost_between_two_layers():
    figure = charts.scale((Layer("Mandiri", 4), Layer("Asesor", 2)))

    assert '<line class="bk-g-gapline" x1="50%" x2="100%"' in figure.page


@pytest.mark.parametrize(
    ("entered", "deadline", "sentence"),
    [
        (
            range(0, 69, 3),
            DEADLINE,
            "Pada laju dua pekan ini, 121 jawaban masuk pada 13 Desember, 2 hari setelah tenggat.",
        ),
        (
            range(0, 92, 4),
            DEADLINE,
            "Pada laju dua pekan ini, 121 jawaban masuk pada 3 Desember, 8 hari sebelum tenggat.",
        ),
        (
            range(0, 92, 4),
            date(2026, 12, 3),
            "Pada laju dua pekan ini, 121 jawaban masuk tepat pada hari tenggat.",
        ),
        (
            [40] * 23,
            DEADLINE,
            "Belum ada jawaban masuk dalam dua pekan ini, jadi laju belum dapat dihitung.",
        ),
        ([121] * 23, DEADLINE, "Semua 121 jawaban sudah masuk."),
    ],
)
def test_the_pace_is_told_against_the_deadline(entered, deadline, sentence):
    told = charts.projection(pace(entered, deadline=deadline)).sentence

    assert told.replace("\N{NO-BREAK SPACE}", " ").replace("baru ", "") == sentence


def test_a_day_without_news_keeps_the_count_of_the_day_before():
    sparse = BurnUp((Day(START, 0, 0), Day(TODAY, 60, 30)), 121, START, TODAY, DEADLINE)
    page = charts.burn_up(sparse).page

    area = re.search(r'<path fill="var\(--bk-teal-mid\)" d="([^"]*)"', page).group(1)

    assert area.count(",202.0") == (TODAY - START).days


def test_a_deadline_that_passed_still_has_its_date_on_the_drawing():
    page = charts.burn_up(pace(range(23), deadline=TODAY - timedelta(days=3))).page

    assert "21\N{NO-BREAK SPACE}Nov" in page
    assert "24\N{NO-BREAK SPACE}Nov" in page


def test_the_table_of_a_long_round_keeps_a_dozen_days_and_today():
    rows = charts.burn_up(pace(range(40), today=START + timedelta(days=39))).table.rows

    assert len(rows) <= 12
    assert rows[-1][0] == "11\N{NO-BREAK SPACE}Desember"


def test_english_pages_have_english_figures():
    with translation.override("en"):
        page = charts.waterfall(fall()).page

    assert "2.84" in page
    assert "2,84" not in page


def test_a_lozenge_fills_by_half_diagonal():
    assert 'd="M12 4.19 19.81 12 12 19.81 4.19 12Z" fill' not in charts.lozenge(None)
    assert "M12 4.19 19.81 12 12 19.81 4.19 12Z" in charts.lozenge(Decimal("2.84"))
    assert "M12 1 23 12 12 23 1 12Z" in charts.lozenge(4, 30)
    assert 'width="30"' in charts.lozenge(4, 30)


def test_an_empty_lozenge_differs_from_one_at_zero():
    assert "stroke-dasharray" in charts.lozenge(None)
    assert "stroke-dasharray" not in charts.lozenge(0)
    assert 'fill="currentColor"' not in charts.lozenge(0)


@given(st.floats(min_value=-1, max_value=9))
def test_a_lozenge_never_leaves_its_box(value):
    places = re.findall(
        r"-?\d+\.?\d*", " ".join(re.findall(r' d="([^"]*)"', charts.lozenge(value)))
    )

    assert all(1 <= float(place) <= 23 for place in places)


def test_a_matrix_cell_is_low_below_two():
    assert charts.cell(Decimal("1.99")).is_low
    assert not charts.cell(Decimal(2)).is_low
    assert charts.cell(Decimal("1.8")).words == "1,80"
    assert charts.cell(None).words == ""
    assert charts.cell(None).lozenge == ""


def test_the_bar_shares_its_width_by_count_and_leaves_out_empty_states():
    bar = charts.state_bar({AnswerState.ACCEPTED: 3, AnswerState.EMPTY: 1, AnswerState.DRAFT: 0})

    assert re.findall(r'class="bk-bar__(\w+)"', bar) == ["diterima", "belum"]
    assert re.findall(r' width="([\d.]+)%"', bar) == ["74.7", "24.9"]
    assert "<rect" not in charts.state_bar({})


def test_every_state_has_its_own_fill_on_paper():
    bar = charts.state_bar_on_paper(dict.fromkeys(AnswerState, 1))
    boxes = [e for e in parsed(bar).iter() if e.tag.endswith("rect") and e.get("rx")]

    looks = {(e.get("fill"), e.get("stroke"), e.get("stroke-dasharray")) for e in boxes}
    assert len(looks) == len(AnswerState)


def test_progress_never_exceeds_its_whole():
    assert 'value="5" max="5"' in charts.progress(7, 5, "Jawaban")
    assert 'value="0" max="1"' in charts.progress(0, 0, "Jawaban")
    assert "&lt;b&gt;" in charts.progress(1, 2, "<b>")


def test_two_values_show_the_distance_only_when_both_are_known():
    assert "M184.55 11H143.35" in charts.two_values(Decimal("3.3"), Decimal("2.53"))
    assert "--bk-amber" not in charts.two_values(None, 3)
    assert "--bk-amber" not in charts.two_values(3, 3)
    assert "bk-g-solid" not in charts.two_values(3, None)
