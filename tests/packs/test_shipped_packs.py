"""The five packs that ship: what they hold, and that published results come out as printed."""

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
import yaml

from bukti.areas.instruments.loader import SHIPPED, canonical, digest, load_shipped, shipped
from bukti.rules.pack import Kind, Status, dump, pack_from_document
from bukti.rules.packschema import schema_document
from bukti.rules.scoring import Scored, improvement, score, score_components

PUBLISHED = Path(__file__).parent / "published"
COMPONENTS = ("baseline", "output", "outcome", "impact", "quick_win", "collaboration")
D = Decimal


def rows(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


RESULTS_2022, RESULTS_2023 = rows("smartcity_2022_kppn_ikn.csv"), rows("smartcity_2023.csv")
QUESTIONS = rows("smartcity_questions.csv")


def by_components(pack: str, scheme: str, row: Mapping[str, str]) -> Scored:
    instrument = load_shipped(pack)
    known = {component.key for component in instrument.components}
    values = {key: D(row[key]) for key in COMPONENTS if key in known and row.get(key)}
    return score_components(instrument, instrument.scheme(scheme), values)


def of_2022(row: Mapping[str, str]) -> Scored:
    return by_components("smart-city-2022", "kppn-ikn", row)


def of_2023(row: Mapping[str, str]) -> Scored:
    scheme = {"REGULER": "reguler", "KPPN&IKN": "kppn-ikn"}[row["group"]]
    return by_components("smart-city-2023", scheme, row)


@pytest.mark.parametrize("row", RESULTS_2022, ids=lambda row: row["region"])
def test_2022_indices_come_out_as_published(row: dict[str, str]):
    result = of_2022(row)

    assert result.index == D(row["index_published"])
    assert result.index_exact == D(row["weighted_sum_unrounded"])


@pytest.mark.parametrize("row", RESULTS_2023, ids=lambda row: row["region"])
def test_2023_indices_come_out_as_published(row: dict[str, str]):
    result = of_2023(row)

    assert result.index == D(row["index_published"])
    assert result.index_exact == D(row["weighted_sum_unrounded"])


def test_rounding_only_the_total_would_miss_pasers_index_of_2022():
    pack = load_shipped("smart-city-2022")
    scheme = pack.scheme("kppn-ikn")
    once = replace(scheme, rounding=replace(scheme.rounding, part=None))
    row = next(row for row in RESULTS_2022 if row["region"] == "KAB. PASER")
    values = {component.key: D(row[component.key]) for component in pack.components}

    assert score_components(pack, once, values).index == D("2.87")
    assert score_components(pack, scheme, values).index == D("2.88")


def test_kota_kediri_2022_fits_the_regular_scheme():
    values = ("3.60", "3.21", "3.23", "3.07", "3.65")
    row = dict(zip(COMPONENTS, values, strict=False))

    assert by_components("smart-city-2022", "reguler", row).index == D("3.31")


def test_kabupaten_malang_comes_out_from_its_117_question_values():
    pack = load_shipped("smart-city-2023")
    values = {row["code"]: D(row["value"]) for row in rows("smartcity_malang_2023_scores.csv")}

    result = score(pack, pack.scheme("kppn-ikn"), values)

    assert [component.published for component in result.components] == [
        D("3.60"), D("2.29"), D("3.41"), D("2.81"), D("3.13"), D("2.53")
    ]  # fmt: skip
    assert result.index == D("2.94")


@pytest.mark.parametrize(
    ("region", "published"),
    [
        ("KAB. PASER", "-0.03"),
        ("KAB. LOMBOK TENGAH", "-0.70"),
        ("KAB. RAJA AMPAT", "-0.10"),
        ("KAB. SEMARANG", "0.09"),
    ],
)
def test_improvement_of_2023_follows_the_unrounded_indices(region: str, published: str):
    before = next(row for row in RESULTS_2022 if row["region"] == region)
    now = next(row for row in RESULTS_2023 if row["region"] == region)

    assert improvement(of_2023(now), of_2022(before)) == D(published)


def test_aceh_tengah_2025_is_2_59_cukup():
    pack = load_shipped("spbe-2020")
    levels = {row["no"]: D(row["level"]) for row in rows("spbe_acehtengah_2025_levels.csv")}

    result = score(pack, pack.schemes[0], levels)

    assert result.index == D("2.59")
    assert result.index_exact == D("2.594")
    assert result.predicate is not None
    assert result.predicate.id == "Cukup"
    assert [domain.published for domain in result.domains] == [
        D("2.30"), D("1.70"), D("1.00"), D("3.75")
    ]  # fmt: skip
    assert [c.published for c in result.components][-2:] == [D("3.80"), D("3.67")]


@pytest.mark.parametrize("key", shipped())
def test_a_shipped_pack_reads_and_freezes_to_the_same_pack(key: str):
    pack = load_shipped(key)

    frozen = canonical(pack)

    assert pack.key == key
    assert pack_from_document(json.loads(frozen)) == pack
    assert json.loads(frozen) == dump(pack)
    assert len(digest(frozen)) == 64


def test_five_packs_ship_with_their_questions():
    counts = {key: len(load_shipped(key).questions) for key in shipped()}

    assert counts == {
        "smart-city-2022": 59,
        "smart-city-2023": 117,
        "smart-city-121": 121,
        "spbe-2020": 47,
        "pemdi-2026": 20,
    }


@pytest.mark.parametrize(
    ("key", "edition"), [("smart-city-2022", "in_2022_kppn_ikn"), ("smart-city-2023", "in_2023")]
)
def test_an_edition_has_the_questions_of_its_report(key: str, edition: str):
    codes = [row["code"] for row in QUESTIONS if row[edition] == "yes"]

    assert [question.code for question in load_shipped(key).questions] == codes


def test_the_121_stand_where_the_reports_have_them():
    pack = load_shipped("smart-city-121")

    found = [(q.code, q.component, q.dimension or "") for q in pack.questions]

    assert found == [(row["code"], row["component"], row["dimension"]) for row in QUESTIONS]
    assert sum(question.dimension is None for question in pack.questions) == 32


def test_the_121_say_that_they_are_a_reconstruction():
    pack = load_shipped("smart-city-121")

    assert pack.status is Status.RECONSTRUCTED
    assert {scheme.status for scheme in pack.schemes} == {Status.RECONSTRUCTED}
    assert {question.status for question in pack.questions} == {Status.RECONSTRUCTED}


def test_every_question_is_fully_told():
    for key in shipped():
        for question in load_shipped(key).questions:
            told = (question.guidance, question.evidence, question.answered_by)
            assert all(told), f"{key} {question.code}"
            if question.kind is not Kind.SURVEY_MEAN:
                assert question.text.endswith("?"), f"{key} {question.code}"


def test_collaboration_counts_only_for_kppn_and_ikn():
    pack = load_shipped("smart-city-121")

    assert "collaboration" not in pack.scheme("reguler").weights
    assert pack.scheme("kppn-ikn").weights["collaboration"] == 10


@pytest.mark.parametrize(
    ("key", "file"), [("spbe-2020", "spbe_47_weights.csv"), ("pemdi-2026", "pemdi_20_weights.csv")]
)
def test_levels_weigh_as_the_regulation_says(key: str, file: str):
    pack = load_shipped(key)
    weights = pack.schemes[0].question_weights

    found = [
        (q.code, q.title.id, pack.component(q.component).title.id, weights[q.code])
        for q in pack.questions
    ]

    assert found == [
        (row["no"], row["indicator"], row["aspect"], D(row["weight_percent"])) for row in rows(file)
    ]


def test_other_agencies_indices_count_1_in_pemdi_until_they_are_known():
    pack = load_shipped("pemdi-2026")
    others = [r["no"] for r in rows("pemdi_20_weights.csv") if r["external_index"] == "yes"]
    own = {q.code: D("4.5") for q in pack.questions if q.code not in others}

    result = score(pack, pack.schemes[0], own)

    assert dict(pack.schemes[0].assumed) == dict.fromkeys(others, D(1))
    assert [q.code for q in pack.questions if q.kind is Kind.EXTERNAL] == others
    assert result.index_exact == D("4.5") - D("3.5") * D("0.14")
    assert result.predicate is not None
    assert result.predicate.id == "Memuaskan (Unggul)"
    assert pack.schemes[0].cumulative


def test_the_schema_for_editors_is_the_generated_one():
    stored = json.loads((SHIPPED / "schema.json").read_text(encoding="utf-8"))

    assert stored == schema_document(), "run: bukti pack schema > bukti/packs/schema.json"


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*/**/*.yaml")), ids=lambda f: f.stem)
def test_every_pack_file_fulfils_the_schema(file: Path):
    validator = jsonschema.Draft202012Validator(schema_document())

    errors = list(validator.iter_errors(yaml.safe_load(file.read_text(encoding="utf-8"))))

    assert [error.message for error in errors] == []


def test_the_schema_refuses_what_the_parser_refuses():
    validator = jsonschema.Draft202012Validator(schema_document())
    part = yaml.safe_load((SHIPPED / "smart-city-121/parts/a-baseline.yaml").read_text())

    part["questions"][0]["kind"] = "tebak"
    part["questions"][1]["codes"] = "X"
    del part["questions"][2]["code"]

    assert len(list(validator.iter_errors(part))) == 3


@pytest.mark.parametrize("key", shipped())
def test_a_pack_says_what_is_official_and_what_is_not(key: str):
    readme = (SHIPPED / key / "README.md").read_text(encoding="utf-8")

    assert "resmi" in readme
    assert "rekonstruksi" in readme.lower()
