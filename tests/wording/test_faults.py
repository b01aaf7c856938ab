"""Every fault has words, and the words use the facts that come with it."""

import ast
import re
from pathlib import Path

import pytest

from bukti.rules.pack import PackProblems, pack_from_document
from bukti.rules.scores import NoIndex
from bukti.rules.scoresheet import BadSheet, SheetFault
from bukti.rules.shape import Fault
from bukti.wording import faults
from bukti.wording.tables import BadTable, TableFault

ROOT = Path(__file__).parents[2] / "bukti"


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (Fault, faults.PACK),
        (TableFault, faults.TABLE),
        (SheetFault, faults.SHEET),
        (NoIndex, faults.REASONS),
    ],
)
def test_every_fault_has_words(kinds, words):
    assert set(words) == set(kinds)


def _raised() -> list[tuple[str, str, frozenset[str]]]:
    """Every place that names a fault with facts: (enumeration, member, names of the facts)."""
    found = []
    files = [
        *ROOT.glob("rules/*.py"),
        ROOT / "areas/instruments/loader.py",
        ROOT / "wording/tables.py",
    ]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            for argument in node.args:
                match = re.fullmatch(
                    r"(Fault|TableFault|SheetFault)\.([A-Z_]+)", ast.unparse(argument)
                )
                given = frozenset(k.arg for k in node.keywords if k.arg)
                spread = any(k.arg is None for k in node.keywords)
                if match and not spread and ast.unparse(node.func) != "Problem":
                    found.append((match[1], match[2], given))
    return found


@pytest.mark.parametrize("raised", _raised(), ids=lambda raised: f"{raised[0]}.{raised[1]}")
def test_the_words_need_only_facts_that_are_given(raised: tuple[str, str, frozenset[str]]):
    kind, name, given = raised
    told: dict[str, dict[str, str]] = {
        "Fault": {fault.name: str(said) for fault, said in faults.PACK.items()},
        "TableFault": {fault.name: str(said) for fault, said in faults.TABLE.items()},
        "SheetFault": {fault.name: str(said) for fault, said in faults.SHEET.items()},
    }

    needed = set(re.findall(r"%\((\w+)\)s", told[kind][name]))

    assert needed <= given


def test_sentences_name_what_is_wrong():
    with pytest.raises(PackProblems) as found:
        pack_from_document({"key": 7})
    said = {problem.path: faults.say_problem(problem) for problem in found.value.problems}
    sheet = BadSheet(SheetFault.UNKNOWN_GROUP, row="3", group="IKN", choices="REGULER, KPPN&IKN")
    table = BadTable(TableFault.OLD_EXCEL)

    assert said["key"] == "Harus teks (beri tanda kutip bila berupa angka), bukan “7”."
    assert said["version"] == "“version” belum ada."
    assert "Baris 3" in faults.say_bad_sheet(sheet)
    assert "REGULER, KPPN&IKN" in faults.say_bad_sheet(sheet)
    assert ".xlsx" in faults.say_bad_table(table)
