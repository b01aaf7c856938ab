"""Scoring on small packs made here; the published results are in tests/packs."""

from collections.abc import Mapping
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bukti.rules.pack import Pack, pack_from_document
from bukti.rules.scoring import (
    NoIndex,
    Scored,
    component_weight,
    counted_level,
    dimension_means,
    gaps,
    improvement,
    matrix,
    round_half_up,
    score,
    score_components,
    score_domains,
)

D = Decimal
BOTH = {"id": "Judul", "en": "Title"}
LEVELS = [{"level": level, "title": "t", "text": "t"} for level in range(5)]
LEVELS_1_5 = [{"level": level, "title": "t", "text": "t"} for level in range(1, 6)]


def question(code: str, levels: list[dict[str, object]], **more: object) -> dict[str, object]:
    return {
        "code": code,
        "title": BOTH,
        "text": "Apakah?",
        "kind": "level",
        "levels": levels,
        **more,
    }


def city_pack(**scheme: object) -> Pack:
    """Two components of three and two questions, weighed 40 and 60."""
    return pack_from_document(
        {
            "key": "kota", "version": "1", "title": BOTH, "status": "rekonstruksi", "source": "uji",
            "scale": {"min": 0, "max": 4},
            "dimensions": [{"key": "living", "short": "LIVI", "title": BOTH}],
            "components": [
                {"key": "a", "letter": "A", "title": BOTH},
                {"key": "b", "letter": "B", "title": BOTH},
                {"key": "c", "letter": "C", "title": BOTH},
            ],
            "parts": [
                {"component": "a", "questions": [
                    question("A1", LEVELS), question("A2", LEVELS),
                    question("A3", LEVELS, dimension="living")]},
                {"component": "b", "questions": [
                    question("B1", LEVELS, dimension="living"), question("B2", LEVELS)]},
                {"component": "c", "questions": [question("C1", LEVELS)]},
            ],
            "schemes": [{
                "key": "satu", "title": BOTH, "status": "rekonstruksi",
                "weights": {"a": "40", "b": "60"},
                "rounding": {"component": 2, "part": None, "index": 2}, **scheme}],
        }
    )  # fmt: skip


def level_pack(**scheme: object) -> Pack:
    """Three aspects in two domains, weighed by question as SPBE and Pemdi are."""
    return pack_from_document(
        {
            "key": "tingkat", "version": "1", "title": BOTH, "status": "rekonstruksi",
            "source": "uji", "scale": {"min": 1, "max": 5, "step": 1},
            "domains": [{"key": "d1", "title": BOTH}, {"key": "d2", "title": BOTH}],
            "components": [
                {"key": "x", "letter": "1", "title": BOTH, "domain": "d1"},
                {"key": "y", "letter": "2", "title": BOTH, "domain": "d2"},
                {"key": "z", "letter": "3", "title": BOTH, "domain": "d2"},
            ],
            "parts": [
                {"component": "x", "questions": [question("1", LEVELS_1_5)]},
                {"component": "y", "questions": [
                    question("2", LEVELS_1_5), question("3", LEVELS_1_5),
                    question("4", LEVELS_1_5)]},
                {"component": "z", "questions": [question("5", LEVELS_1_5)]},
            ],
            "schemes": [{
                "key": "satu", "title": BOTH, "status": "rekonstruksi",
                "question_weights": {"1": "10", "2": "10", "3": "20", "4": "30", "5": "30"},
                "bands": [{"from": "1", "title": {"id": "Kurang", "en": "Poor"}},
                          {"from": "2.6", "title": {"id": "Baik", "en": "Good"}}],
                "rounding": {"component": None, "part": None, "index": 2}, **scheme}],
        }
    )  # fmt: skip


CITY, LEVEL = city_pack(), level_pack()


def scored(values: Mapping[str, str | None], pack: Pack = CITY, *skipped: str) -> Scored:
    numbers = {code: None if v is None else D(v) for code, v in values.items()}
    return score(pack, pack.schemes[0], numbers, frozenset(skipped))


FULL = {"A1": "4", "A2": "3", "A3": "3", "B1": "1", "B2": "2"}


def test_a_component_is_the_plain_mean_rounded_half_up_and_so_enters_the_index():
    result = scored(FULL)

    assert result.components[0].published == D("3.33")
    assert str(result.components[0].exact).startswith("3.333333333333")
    assert result.index_exact == D("2.232")
    assert result.index == D("2.23")
    assert result.reason is None


def test_half_a_hundredth_is_rounded_up_where_floats_and_bankers_round_down():
    result = scored({**FULL, "B1": "1.25", "B2": "1.42"})

    assert result.components[1].exact == D("1.335")
    assert result.components[1].published == D("1.34")


def test_parts_are_rounded_before_the_sum_where_the_scheme_says():
    rounded = city_pack(rounding={"component": 2, "part": 2, "index": 2})
    values = {"a": D("3.33"), "b": D("1.34")}

    once = score_components(CITY, CITY.schemes[0], values)
    by_part = score_components(rounded, rounded.schemes[0], values)

    assert (once.index_exact, once.index) == (D("2.136"), D("2.14"))
    assert by_part.index == D("1.33") + D("0.80")


def test_what_a_scheme_does_not_weigh_is_left_out():
    result = scored({**FULL, "C1": "0"})

    assert [component.key for component in result.components] == ["a", "b"]
    assert component_weight(CITY, CITY.schemes[0], "c") == 0


def test_unanswered_is_not_zero():
    result = scored({**FULL, "A3": None})

    assert result.index is None
    assert result.index_exact is None
    assert result.reason is NoIndex.UNANSWERED
    assert result.missing == ("a",)
    assert (result.components[0].answered, result.components[0].asked) == (2, 3)
    assert result.components[0].published is None
    assert result.components[0].so_far == D("3.50")


def test_so_far_leaves_out_the_unanswered_and_if_rest_zero_counts_it_lowest():
    result = scored({"A1": "4", "A2": "3"})

    assert result.so_far == D("3.50")
    assert result.if_rest_zero == D("0.93")


def test_an_untouched_round_has_nothing_so_far():
    result = scored({})

    assert result.so_far is None
    assert result.if_rest_zero == D("0.00")
    assert result.reason is NoIndex.EMPTY_COMPONENT
    assert result.missing == ("a", "b")


def test_a_question_that_does_not_apply_is_not_asked():
    result = scored({**FULL, "A1": None}, CITY, "A1")

    assert result.components[0].published == D("3.00")
    assert result.components[0].asked == 2
    assert result.index == D("2.10")


def test_a_component_of_which_nothing_applies_gives_no_index():
    result = scored(FULL, CITY, "B1", "B2")

    assert result.index is None
    assert result.reason is NoIndex.EMPTY_COMPONENT
    assert result.missing == ("b",)
    assert result.if_rest_zero == D("1.33")


def test_unknown_codes_and_values_off_the_scale_are_refused():
    with pytest.raises(KeyError):
        scored({"A9": "1"})
    with pytest.raises(ValueError, match="A1"):
        scored({"A1": "4.01"})
    with pytest.raises(KeyError):
        score_components(CITY, CITY.schemes[0], {"z": D(1)})
    with pytest.raises(ValueError, match=r"a: -0\.1"):
        score_components(CITY, CITY.schemes[0], {"a": D("-0.1")})
    with pytest.raises(KeyError):
        score_domains(LEVEL, LEVEL.schemes[0], {"x": D(1)})


def test_levels_weighed_by_question_are_not_rounded_before_the_index():
    result = scored({"1": "2", "2": "1", "3": "2", "4": "4", "5": "3"}, LEVEL)

    assert result.components[1].published == D("2.83")
    assert result.index_exact == D("2.8")
    assert [domain.published for domain in result.domains] == [D("2.00"), D("2.89")]
    assert [domain.weight for domain in result.domains] == [10, 90]


def test_the_predicate_follows_from_the_unrounded_index():
    values = {"x": D("2.599"), "y": D("2.599"), "z": D("2.599")}

    below = score_components(LEVEL, LEVEL.schemes[0], values)
    at = score_components(LEVEL, LEVEL.schemes[0], dict.fromkeys("xyz", D("2.6")))

    assert (below.index, below.predicate and below.predicate.id) == (D("2.60"), "Kurang")
    assert at.predicate is not None
    assert at.predicate.id == "Baik"


def test_thirds_do_not_blur_a_predicates_border():
    weights = {"1": "10", "2": "20", "3": "20", "4": "20", "5": "30"}
    values = {"1": "1", "2": "3", "3": "2", "4": "3", "5": "3"}

    result = scored(values, level_pack(question_weights=weights))

    assert result.index_exact == D("2.6")
    assert result.predicate is not None
    assert result.predicate.id == "Baik"


def test_skipping_a_question_keeps_its_aspects_weight():
    result = scored({"1": "2", "2": "1", "3": "2", "5": "3"}, LEVEL, "4")

    assert result.components[1].weight == 60
    assert str(result.components[1].exact).startswith("1.6666666")
    assert result.index_exact == D("2.1")


def test_assumed_values_stand_in_until_the_value_is_known():
    pack = level_pack(assumed={"1": "1"})
    rest = {"2": "1", "3": "2", "4": "4", "5": "3"}

    unknown, known = scored(rest, pack), scored({**rest, "1": "5"}, pack)

    assert unknown.index == D("2.70")
    assert unknown.components[0].answered == 0
    assert [question.code for question in unknown.questions if question.assumed] == ["1"]
    assert known.index == D("3.10")
    assert not any(question.assumed for question in known.questions)


def test_the_rest_counts_as_the_lowest_level_where_the_scale_starts_at_one():
    result = scored({"5": "5"}, LEVEL)

    assert result.if_rest_zero == D("2.20")
    assert result.so_far == D("5.00")
    assert [domain.so_far for domain in result.domains] == [None, D("5.00")]


def test_a_result_known_by_domains_scores_by_their_weights():
    result = score_domains(LEVEL, LEVEL.schemes[0], {"d1": D("2"), "d2": D("3.01")})
    partial = score_domains(LEVEL, LEVEL.schemes[0], {"d1": D("2")})

    assert result.index_exact == D("2.909")
    assert result.components == ()
    assert [domain.published for domain in result.domains] == [D("2.00"), D("3.01")]
    assert (partial.index, partial.missing) == (None, ("d2",))


def test_the_matrix_holds_means_so_far_with_and_without_dimension():
    values = {"A1": D(4), "A2": D(1), "A3": D(3), "B1": D(2), "C1": D(1)}

    cells = matrix(CITY, values, frozenset({"C1"}))
    totals = dimension_means(CITY, values)

    assert cells == {
        ("a", None): D("2.50"),
        ("a", "living"): D("3.00"),
        ("b", "living"): D("2.00"),
        ("b", None): None,
        ("c", None): None,
    }
    assert totals == {None: D("2.00"), "living": D("2.50")}


def test_gaps_name_first_what_costs_most():
    result = scored({"A1": "4", "A2": "3", "A3": None, "B1": "1", "B2": "2"})

    found = gaps(result, CITY, CITY.schemes[0])

    assert [(gap.component, gap.gap) for gap in found] == [("b", D("1.50")), ("a", D("0.20"))]
    assert [(gap.code, gap.gap) for gap in found[0].questions] == [
        ("B1", D("0.9")),
        ("B2", D("0.6")),
    ]
    assert [gap.code for gap in found[1].questions] == ["A2", "A1", "A3"]
    assert found[1].questions[-1].gap is None


def test_gaps_of_an_untouched_component_are_unknown():
    found = gaps(scored({"B1": "4", "B2": "4"}), CITY, CITY.schemes[0])

    assert [(gap.component, gap.gap) for gap in found] == [("b", D("0.00")), ("a", None)]


def test_the_gaps_of_a_complete_round_add_up_to_what_is_missing_to_the_top():
    values = {"1": "2", "2": "1", "3": "2", "4": "4", "5": "3"}

    found = gaps(scored(values, LEVEL), LEVEL, LEVEL.schemes[0])

    assert sum(q.gap or 0 for gap in found for q in gap.questions) == D("5") - D("2.8")


def test_improvement_is_the_difference_of_unrounded_indices():
    now = score_components(CITY, CITY.schemes[0], {"a": D("2.01"), "b": D("2.01")})
    before = score_components(CITY, CITY.schemes[0], {"a": D("2.10"), "b": D("2.11")})
    unknown = score_components(CITY, CITY.schemes[0], {"a": D("2")})

    assert improvement(now, before) == D("-0.10")
    assert improvement(unknown, before) is None
    assert improvement(now, unknown) is None


@pytest.mark.parametrize(
    ("accepted", "cumulative", "free"),
    [(set(), 1, 1), ({2, 3}, 3, 3), ({1, 2, 4}, 2, 4), ({3}, 1, 3), ({2, 3, 4, 5}, 5, 5)],
)
def test_cumulative_levels_need_every_lower_one(accepted: set[int], cumulative: int, free: int):
    strict, loose = level_pack(cumulative=True), level_pack()

    assert counted_level(strict, strict.schemes[0], accepted) == cumulative
    assert counted_level(loose, loose.schemes[0], accepted) == free


@pytest.mark.parametrize(
    ("number", "rounded"),
    [("2.875", "2.88"), ("-0.096", "-0.10"), ("-0.005", "-0.01"), ("2", "2.00")],
)
def test_rounding_is_half_up_away_from_zero(number: str, rounded: str):
    assert str(round_half_up(D(number), 2)) == rounded


def test_a_callers_decimal_context_changes_nothing():
    with localcontext() as context:
        context.prec = 3
        rough = scored(FULL)

    assert rough == scored(FULL)


CODES = ["A1", "A2", "A3", "B1", "B2"]
fifths = st.integers(0, 20).map(lambda fifth: D(fifth) / 5)
some_values = st.dictionaries(st.sampled_from(CODES), fifths)
all_values = st.fixed_dictionaries(dict.fromkeys(CODES, fifths))


@given(all_values)
def test_a_complete_round_is_the_same_so_far_and_with_the_rest_zero(values: dict[str, Decimal]):
    result = score(CITY, CITY.schemes[0], values)

    assert result.index == result.so_far == result.if_rest_zero
    assert result.index is not None
    assert 0 <= result.index <= 4


@given(some_values)
def test_with_the_rest_zero_is_never_above_so_far(values: dict[str, Decimal]):
    result = score(CITY, CITY.schemes[0], values)

    assert result.if_rest_zero is not None
    assert result.if_rest_zero <= (result.so_far or 0)
    assert (result.index is None) == (result.reason is not None) == (len(values) < len(CODES))


@given(all_values, st.sampled_from(CODES))
def test_no_better_answer_lowers_the_index(values: dict[str, Decimal], code: str):
    better = {**values, code: D(4)}

    assert (score(CITY, CITY.schemes[0], better).index or 0) >= (
        score(CITY, CITY.schemes[0], values).index or 0
    )


@given(all_values)
def test_component_means_give_the_same_index_as_their_questions(values: dict[str, Decimal]):
    by_question = score(CITY, CITY.schemes[0], values)
    means = {component.key: component.published for component in by_question.components}

    assert score_components(CITY, CITY.schemes[0], means).index == by_question.index


@given(some_values, st.permutations(CODES))
def test_the_order_of_values_does_not_matter(values: dict[str, Decimal], order: list[str]):
    shuffled = {code: values[code] for code in order if code in values}

    assert score(CITY, CITY.schemes[0], shuffled) == score(CITY, CITY.schemes[0], values)
