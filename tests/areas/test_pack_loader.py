"""Reading pack folders: every problem has its file and line; hostile YAML stays text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bukti.areas.instruments import loader
from bukti.rules.pack import PackProblems
from bukti.rules.shape import Fault

PACK = """\
key: uji
version: "1"
title: {id: Uji, en: Test}
status: rekonstruksi
source: uji
scale: {min: 0, max: 1}
components:
  - {key: a, letter: A, title: {id: A, en: A}}
parts:
  - parts/a.yaml
schemes:
  - key: satu
    title: {id: Satu, en: One}
    status: rekonstruksi
    weights: {a: 100}
    rounding: {index: 2}
"""
PART = """\
component: a
questions:
  - code: A1
    title: {id: Satu, en: One}
    text: "Apakah?"
    kind: level
    levels: &tingkat
      - {level: 0, title: Belum, text: "Belum."}
      - {level: 1, title: Sudah, text: "Sudah."}
  - code: A2
    title: {id: Dua, en: Two}
    text: "Apakah?"
    kind: level
    levels: *tingkat
"""
Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    def make(pack: str = PACK, part: str | bytes | None = PART, name: str = "uji") -> Path:
        home = tmp_path / name
        (home / "parts").mkdir(parents=True)
        (home / "pack.yaml").write_text(pack, encoding="utf-8")
        if part is not None:
            data = part if isinstance(part, bytes) else part.encode()
            (home / "parts/a.yaml").write_bytes(data)
        return home

    return make


def problems(home: Path) -> list[tuple[str, int, Fault]]:
    with pytest.raises(PackProblems) as found:
        loader.load_pack(home)
    return [(Path(p.file).name, p.line, p.fault) for p in found.value.problems]


def test_a_folder_becomes_a_pack(folder: Folder):
    pack = loader.load_pack(folder())

    assert [question.code for question in pack.questions] == ["A1", "A2"]
    assert pack.question("A2").levels == pack.question("A1").levels


def test_every_problem_of_every_file_is_named_with_its_line(folder: Folder):
    pack = PACK.replace("status: rekonstruksi\nsource", "status: pasti\nsource")
    pack = pack.replace("weights: {a: 100}", "weights: {a: 90}")
    part = PART.replace("code: A2", "code: A1").replace("kind: level\n    levels: &", "levels: &")

    assert problems(folder(pack, part)) == [
        ("pack.yaml", 4, Fault.CHOICE),
        ("pack.yaml", 15, Fault.WEIGHT_SUM),
        ("a.yaml", 3, Fault.MISSING),
        ("a.yaml", 9, Fault.DOUBLE),
    ]


def test_a_value_below_its_key_is_named_at_the_key(folder: Folder):
    part = PART.replace(
        'text: "Sudah."}\n', 'text: "Sudah."}\n      - {level: 2, title: X, text: X}\n'
    )

    assert problems(folder(part=part)) == [
        ("a.yaml", 7, Fault.LEVELS),
        ("a.yaml", 15, Fault.LEVELS),
    ]


@pytest.mark.parametrize(
    ("change", "line", "fault"),
    [
        (("text: \"Apakah?\"", "text: [rusak"), 6, Fault.SYNTAX),
        (("kind: level", "kind: level\n    kind: level"), 7, Fault.DOUBLE_KEY),
        (("kind: level", "evidence: !!python/tuple [a]\n    kind: level"), 6, Fault.STRANGE_TAG),
        (("text: \"Apakah?\"", "text: !rahasia isi"), 5, Fault.STRANGE_TAG),
        (("levels: &tingkat", "levels: &tingkat\n      - *tingkat"), 7, Fault.LOOP),
        (("code: A1", "? [a]\n    : 1\n    code: A1"), 3, Fault.UNKNOWN_KEY),
        (("code: A1", "<<: {unit: x}\n    code: A1"), 3, Fault.UNKNOWN_KEY),
        (("kind: level", "kind: 2026-11-24"), 6, Fault.CHOICE),
        (("code: A1", "code: 7"), 3, Fault.WRONG_TYPE),
    ],
)  # fmt: skip
def test_a_broken_part_is_named(folder: Folder, change: tuple[str, str], line: int, fault: Fault):
    found = problems(folder(part=PART.replace(*change, 1)))

    assert ("a.yaml", line, fault) in found
    assert {name for name, _, _ in found} == {"a.yaml"}


def test_a_tag_never_runs_anything(folder: Folder, tmp_path: Path):
    made = tmp_path / "jejak"
    part = PART.replace('"Apakah?"', f'!!python/object/apply:pathlib.Path.touch ["{made}"]', 1)

    found = problems(folder(part=part))

    assert found[0][:2] == ("a.yaml", 5)
    assert not made.exists()


@pytest.mark.parametrize(
    ("part", "line", "fault"),
    [
        (b"component: a\nquestions: \xff\xfe\n", 2, Fault.ENCODING),
        (b"", 1, Fault.WRONG_TYPE),
        (b"- a\n", 1, Fault.WRONG_TYPE),
    ],
)
def test_a_part_that_is_no_yaml_mapping_is_named(
    folder: Folder, part: bytes, line: int, fault: Fault
):
    assert ("a.yaml", line, fault) in problems(folder(part=part))


def test_a_part_too_big_is_not_read(folder: Folder, monkeypatch: pytest.MonkeyPatch):
    home = folder()
    monkeypatch.setattr(loader, "MAX_BYTES", len(PACK))
    (home / "parts/a.yaml").write_text(PART * 3, encoding="utf-8")

    assert problems(home) == [("a.yaml", 0, Fault.TOO_BIG)]


def test_a_missing_part_is_named_where_it_is_listed_and_nothing_follows_from_it(folder: Folder):
    assert problems(folder(part=None)) == [("pack.yaml", 10, Fault.NO_FILE)]


def test_a_part_outside_the_folder_is_not_read(folder: Folder):
    home = folder(PACK.replace("parts/a.yaml", "../rahasia.yaml"))
    (home.parent / "rahasia.yaml").write_text(PART, encoding="utf-8")

    assert ("pack.yaml", 10, Fault.OUTSIDE) in problems(home)


def test_a_folder_without_pack_is_named(tmp_path: Path):
    assert problems(tmp_path / "kosong") == [("kosong", 0, Fault.NO_FILE)]


@pytest.mark.parametrize(
    ("pack", "line"),
    [
        (PACK.replace("parts:\n  - parts/a.yaml\n", ""), 1),
        (PACK + "takes: {from: smart-city-121, codes: [A1.1.1]}\n", 9),
    ],
)
def test_a_pack_has_parts_or_takes(folder: Folder, pack: str, line: int):
    assert ("pack.yaml", line, Fault.PARTS_OR_TAKES) in problems(folder(pack))


def taking(takes: str) -> str:
    return PACK.replace("parts:\n  - parts/a.yaml\n", f"takes: {takes}\n").replace(
        "key: uji", "key: ambil"
    )


def test_a_pack_may_take_questions_of_one_beside_it(folder: Folder):
    folder()

    some = loader.load_pack(folder(taking("{from: uji, codes: [A2]}"), None, "ambil"))
    rest = loader.load_pack(folder(taking("{from: uji, without: [A2]}"), None, "sisa"))

    assert [question.code for question in some.questions] == ["A2"]
    assert [question.code for question in rest.questions] == ["A1"]


@pytest.mark.parametrize(
    ("takes", "fault"),
    [
        ("{from: uji, codes: [A2, Z9]}", Fault.UNKNOWN),
        ("{from: uji, without: [Z9]}", Fault.UNKNOWN),
        ("{from: uji, codes: [A2, A2]}", Fault.DOUBLE),
        ("{from: uji}", Fault.CODES_OR_WITHOUT),
        ("{from: uji, codes: [A1], without: [A2]}", Fault.CODES_OR_WITHOUT),
        ("{from: entah, codes: [A1]}", Fault.NO_PACK),
        ("{from: ambil, codes: [A1]}", Fault.NO_PACK),
        ("{codes: [A1]}", Fault.MISSING),
        ("[uji]", Fault.WRONG_TYPE),
        ("{from: uji, codes: A1}", Fault.WRONG_TYPE),
    ],
)
def test_wrong_taking_is_named_at_its_line(folder: Folder, takes: str, fault: Fault):
    folder()

    found = problems(folder(taking(takes), None, "ambil"))

    assert ("pack.yaml", 9, fault) in found


def test_problems_of_taken_questions_are_named_where_they_stand(folder: Folder):
    folder(part=PART.replace("kind: level", "kind: tebak", 1))

    found = problems(folder(taking("{from: uji, codes: [A1]}"), None, "ambil"))
    untouched = loader.load_pack(folder(taking("{from: uji, codes: [A2]}"), None, "dua"))

    assert ("a.yaml", 6, Fault.CHOICE) in found
    assert [question.code for question in untouched.questions] == ["A2"]


def test_a_code_with_leading_zeros_stays_text(folder: Folder):
    pack = loader.load_pack(folder(part=PART.replace("code: A1", "code: 007")))

    assert pack.questions[0].code == "007"


def test_packs_that_take_from_each_other_do_not_loop(folder: Folder):
    folder(taking("{from: ambil, codes: [A1]}"), None, "uji")

    found = problems(folder(taking("{from: uji, codes: [A1]}"), None, "ambil"))

    assert Fault.NO_PACK in {fault for _, _, fault in found}


def test_a_source_without_parts_gives_nothing(folder: Folder):
    folder("- a\n", None, "uji")

    found = problems(folder(taking("{from: uji, codes: [A1]}"), None, "ambil"))

    assert {fault for _, _, fault in found} == {Fault.NO_QUESTIONS}


def test_a_part_without_questions_is_named_in_the_pack_that_takes_from_it(folder: Folder):
    folder(part="component: a\n")

    found = problems(folder(taking("{from: uji, without: [A9]}"), None, "ambil"))

    assert {("a.yaml", 1, Fault.MISSING), ("pack.yaml", 9, Fault.UNKNOWN)} <= set(found)


def test_shipped_packs_are_found_by_key_and_read_once():
    assert "smart-city-121" in loader.shipped()
    assert loader.folder_of("smart-city-121") == loader.SHIPPED / "smart-city-121"
    assert loader.folder_of("./smart-city-121") == Path("smart-city-121")
    assert loader.load_shipped("spbe-2020") is loader.load_shipped("spbe-2020")
    with pytest.raises(KeyError):
        loader.load_shipped("entah")


def test_truth_and_nothing_are_read_as_yaml_means_them(folder: Folder):
    pack = PACK.replace(
        "rounding: {index: 2}", "rounding: {index: 2, part: ~}\n    cumulative: yes"
    )
    pack = pack.replace("weights: {a: 100}", "weights: {a: 100.00}")

    scheme = loader.load_pack(folder(pack)).schemes[0]

    assert scheme.cumulative
    assert scheme.rounding.part is None
    assert scheme.weights["a"] == 100
