"""Parsing a pack: everything that is wrong is named at once, at its path."""

import json
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from bukti.rules import shape
from bukti.rules.pack import (
    Kind,
    Pack,
    PackProblems,
    Status,
    dump,
    pack_from_document,
    pack_from_document_text,
    parse_pack,
)
from bukti.rules.shape import Fault, Node, Problem, node_of, plain

BOTH = {"id": "Judul", "en": "Title"}
LEVELS = [{"level": level, "title": "t", "text": "t"} for level in range(3)]

DOCUMENT: dict[str, Any] = {
    "key": "uji-coba",
    "version": "1",
    "title": BOTH,
    "status": "rekonstruksi",
    "source": "uji",
    "scale": {"min": 0, "max": 2},
    "survey_scale": ["Tidak", "Ragu", "Ya"],
    "dimensions": [{"key": "living", "short": "LIVI", "title": BOTH}],
    "domains": [{"key": "tata", "title": BOTH}],
    "components": [
        {"key": "a", "letter": "A", "title": BOTH, "domain": "tata"},
        {"key": "b", "letter": "B", "title": BOTH},
    ],
    "parts": [
        {
            "component": "a",
            "questions": [
                {"code": "A1", "title": BOTH, "text": "Apakah?", "kind": "level", "levels": LEVELS},
                {"code": "A2", "title": BOTH, "text": "Pernyataan", "kind": "survey_mean"},
            ],
        },
        {
            "component": "b",
            "questions": [
                {
                    "code": "B1", "title": BOTH, "text": "Apakah?", "kind": "count",
                    "levels": LEVELS, "dimension": "living", "unit": "rapat",
                }
            ],
        },
    ],
    "schemes": [
        {
            "key": "satu", "title": BOTH, "status": "resmi", "groups": ["SATU"],
            "weights": {"a": "99.5", "b": 0.5},
            "rounding": {"index": 2, "component": 2},
            "bands": [{"from": 0, "title": BOTH}, {"from": "1.5", "title": BOTH}],
            "assumed": {"A1": 1},
        }
    ],
}  # fmt: skip
DOCUMENT["schemes"][0]["weights"]["b"] = Decimal("0.5")


def test_a_document_becomes_a_pack():
    pack = pack_from_document(DOCUMENT)

    assert [question.code for question in pack.questions] == ["A1", "A2", "B1"]
    assert [question.code for question in pack.questions_of("a")] == ["A1", "A2"]
    assert pack.questions_of("z") == ()
    assert pack.question("B1").component == "b"
    assert pack.question("B1").kind is Kind.COUNT
    assert pack.question("A1").status is Status.RECONSTRUCTED
    assert pack.question("A2").answers == ("Tidak", "Ragu", "Ya")
    assert pack.has_question("A1")
    assert not pack.has_question("A9")
    assert pack.component("a").domain == "tata"
    assert pack.dimension("living").short == "LIVI"
    assert pack.domain("tata").title.en == "Title"
    assert pack.scheme("satu").weights == {"a": Decimal("99.5"), "b": Decimal("0.5")}


def test_what_is_not_there_is_a_key_error():
    pack = pack_from_document(DOCUMENT)

    for find in (pack.question, pack.component, pack.dimension, pack.domain, pack.scheme):
        with pytest.raises(KeyError):
            find("entah")


def test_a_dumped_pack_is_the_same_pack_and_leaves_defaults_out():
    pack = pack_from_document(DOCUMENT)

    document = dump(pack)

    assert pack_from_document(document) == pack
    assert dump(pack_from_document(document)) == document
    assert "guidance" not in document["parts"][0]["questions"][0]
    assert "component" not in document["parts"][0]["questions"][0]
    assert document["schemes"][0]["weights"] == {"a": "99.5", "b": "0.5"}
    assert document["schemes"][0]["bands"][0]["from"] == "0"


def test_a_frozen_text_is_read_as_its_document():
    pack = pack_from_document(DOCUMENT)

    assert pack_from_document_text(json.dumps(dump(pack))) == pack


def problems(change: Callable[[dict[str, Any]], object]) -> list[Problem]:
    document = deepcopy(DOCUMENT)
    change(document)
    with pytest.raises(PackProblems) as found:
        pack_from_document(document)
    return found.value.problems


def put(path: str, value: object) -> Callable[[dict[str, Any]], object]:
    """A change: set what stands at a path such as `parts.0.questions.1.kind`."""

    def change(document: Any) -> None:
        *way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        for key in way:
            document = document[key]
        if value is ...:
            del document[last]
        else:
            document[last] = value

    return change


Q = "parts.0.questions.0"
AT_Q = "parts[0].questions[0]"


@pytest.mark.parametrize(
    ("path", "value", "fault", "at"),
    [
        ("key", ..., Fault.MISSING, "key"),
        ("key", "Huruf Besar", Fault.PATTERN, "key"),
        ("key", 7, Fault.WRONG_TYPE, "key"),
        ("title", "teks", Fault.WRONG_TYPE, "title"),
        ("title", {"id": "a"}, Fault.MISSING, "title.en"),
        ("source", "  ", Fault.EMPTY, "source"),
        ("status", "pasti", Fault.CHOICE, "status"),
        ("status", True, Fault.CHOICE, "status"),
        ("scale", {"min": 2, "max": 2}, Fault.SCALE, "scale"),
        ("scale", {"min": "0.5", "max": 2}, Fault.SCALE, "scale"),
        ("scale", {"min": 0, "max": "1.5"}, Fault.SCALE, "scale"),
        ("scale", {"min": 0, "max": 2, "step": 0}, Fault.OFF_SCALE, "scale.step"),
        ("scale", {"min": 0, "max": "banyak"}, Fault.WRONG_TYPE, "scale.max"),
        ("scale", {"min": 0, "max": True}, Fault.WRONG_TYPE, "scale.max"),
        ("components", {"a": 1}, Fault.WRONG_TYPE, "components"),
        ("components", [], Fault.EMPTY, "components"),
        ("schemes", [], Fault.EMPTY, "schemes"),
        ("parts", [], Fault.NO_QUESTIONS, "parts"),
        ("components.1.key", "a", Fault.DOUBLE, "components[1].key"),
        ("components.1.key", "tata", Fault.DOUBLE, "domains[0].key"),
        ("components.0.domain", "z", Fault.UNKNOWN, "components[0].domain"),
        ("components.0.of_what_applies", "ya", Fault.WRONG_TYPE, "components[0].of_what_applies"),
        ("parts.1.component", "z", Fault.UNKNOWN, "parts[1].component"),
        ("warna", "biru", Fault.UNKNOWN_KEY, "warna"),
        (f"{Q}.title", None, Fault.WRONG_TYPE, f"{AT_Q}.title"),
        (f"{Q}.code", "A2", Fault.DOUBLE, "parts[0].questions[1].code"),
        (f"{Q}.code", "ada spasi", Fault.PATTERN, f"{AT_Q}.code"),
        (f"{Q}.kind", "tebak", Fault.CHOICE, f"{AT_Q}.kind"),
        (f"{Q}.dimension", "z", Fault.UNKNOWN, f"{AT_Q}.dimension"),
        (f"{Q}.levels", LEVELS[:2], Fault.LEVELS, f"{AT_Q}.levels"),
        (f"{Q}.levels", LEVELS[::-1], Fault.LEVELS, f"{AT_Q}.levels"),
        (f"{Q}.levels.0.level", "nol", Fault.WRONG_TYPE, f"{AT_Q}.levels[0].level"),
        (f"{Q}.levels.0.level", False, Fault.WRONG_TYPE, f"{AT_Q}.levels[0].level"),
        (f"{Q}.evidence", "surat", Fault.WRONG_TYPE, f"{AT_Q}.evidence"),
        (f"{Q}.answers", ["a"], Fault.ANSWERS_UNWANTED, f"{AT_Q}.answers"),
        ("survey_scale", ["Tidak"], Fault.ANSWERS_MISSING, "parts[0].questions[1].answers"),
        ("parts.0.questions.1.levels", LEVELS, Fault.LEVELS, "parts[0].questions[1].levels"),
        ("schemes.0.weights", {}, Fault.WEIGHTS_OR_QUESTION_WEIGHTS, "schemes[0]"),
        ("schemes.0.weights", [1], Fault.WRONG_TYPE, "schemes[0].weights"),
        ("schemes.0.weights.b", 1, Fault.WEIGHT_SUM, "schemes[0].weights"),
        ("schemes.0.weights.b", 0, Fault.WEIGHT_NOT_POSITIVE, "schemes[0].weights.b"),
        ("schemes.0.weights.z", 1, Fault.UNKNOWN, "schemes[0].weights.z"),
        ("parts.1.questions", [], Fault.NO_QUESTIONS, "schemes[0].weights.b"),
        ("schemes.0.rounding.part", -1, Fault.DECIMALS, "schemes[0].rounding.part"),
        ("schemes.0.rounding.index", 7, Fault.DECIMALS, "schemes[0].rounding.index"),
        ("schemes.0.rounding.index", None, Fault.WRONG_TYPE, "schemes[0].rounding.index"),
        ("schemes.0.assumed", {"Z": 1}, Fault.UNKNOWN, "schemes[0].assumed.Z"),
        ("schemes.0.assumed", {"A1": 3}, Fault.OFF_SCALE, "schemes[0].assumed.A1"),
        ("schemes.0.bands.0.from", 1, Fault.BANDS_ORDER, "schemes[0].bands"),
        ("schemes.0.bands.1.from", 0, Fault.BANDS_ORDER, "schemes[0].bands"),
        ("schemes.0.groups", ["x", "x"], Fault.DOUBLE, "schemes[0].groups[1]"),
    ],
)  # fmt: skip
def test_a_wrong_place_is_named(path: str, value: object, fault: Fault, at: str):
    found = problems(put(path, value))

    assert (fault, at) in [(problem.fault, problem.path) for problem in found]


def test_weights_by_question_must_name_every_question():
    change = put("schemes.0.question_weights", {"A1": 60, "A2": 30, "Z": 10})

    def both(document: dict[str, Any]) -> None:
        change(document)
        document["schemes"][0]["weights"] = {}

    found = {(problem.fault, problem.path) for problem in problems(both)}

    assert found == {
        (Fault.UNKNOWN, "schemes[0].question_weights.Z"),
        (Fault.UNWEIGHED, "schemes[0].question_weights"),
    }


def test_all_problems_come_at_once_and_none_twice():
    def wreck(document: dict[str, Any]) -> None:
        put("key", "?")(document)
        put(f"{Q}.code", ...)(document)
        put("components.0.domain", "z")(document)
        put("schemes.0.weights.b", "banyak")(document)

    found = [(problem.fault, problem.path) for problem in problems(wreck)]

    assert sorted(found) == sorted(
        [
            (Fault.PATTERN, "key"),
            (Fault.MISSING, f"{AT_Q}.code"),
            (Fault.UNKNOWN, "components[0].domain"),
            (Fault.WRONG_TYPE, "schemes[0].weights.b"),
            (Fault.UNKNOWN, "schemes[0].assumed.A1"),
        ]
    )


def test_a_document_that_is_no_mapping_has_one_problem():
    with pytest.raises(PackProblems) as found:
        parse_pack(Node((), "pack.yaml", 1))

    first = found.value.problems[0]
    assert (first.fault, first.path, first.line) == (Fault.WRONG_TYPE, "", 1)
    assert first.facts == {"wanted": "mapping", "found": "list"}


def test_a_problem_stands_where_its_node_or_the_nearest_above_stands():
    document = node_of(DOCUMENT)
    assert isinstance(document.value, dict)
    placed = Node(
        {"title": Node({}, "pack.yaml", 4), "key": Node("!", "pack.yaml", 2)}, "pack.yaml", 1
    )

    with pytest.raises(PackProblems) as found:
        parse_pack(placed)

    places = {problem.path: problem.line for problem in found.value.problems}
    assert places["title.id"] == 4
    assert places["key"] == 2
    assert places["scale"] == 1
    assert str(found.value).startswith("pack.yaml:1: ")


def test_anchors_cannot_make_a_small_file_endless(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shape, "MAX_VALUES", 50)
    document = deepcopy(DOCUMENT)
    document["parts"] = [document["parts"][0]] * 30

    with pytest.raises(PackProblems) as found:
        pack_from_document(document)

    assert [p.fault for p in found.value.problems].count(Fault.TOO_BIG) == 1


def test_only_plain_documents_become_nodes():
    with pytest.raises(TypeError):
        node_of({"a": 1.5})


@pytest.mark.parametrize(
    ("number", "text"),
    [("10", "10"), ("10.0", "10"), ("0.050", "0.05"), ("1E+1", "10"), ("0.0", "0")],
)
def test_numbers_are_written_plainly(number: str, text: str):
    assert plain(Decimal(number)) == text


def test_a_pack_cannot_be_changed():
    pack: Any = pack_from_document(DOCUMENT)

    with pytest.raises(AttributeError):
        pack.key = "lain"
    assert isinstance(pack, Pack)
