"""`bukti pack`: check names every problem, load freezes once, list and schema print."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bukti.areas.instruments.queries import instruments, pack_of
from bukti.areas.ledger.models import Entry
from bukti.rules.packschema import schema_document

BROKEN = """\
key: Salah
version: 1
title: {id: Uji, en: Test}
status: rekonstruksi
source: uji
scale: {min: 0, max: 1}
components: []
parts: [parts/a.yaml]
schemes: []
"""


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("pack", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "pack.yaml").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def test_a_sound_pack_is_told_with_its_digest():
    said = run("check", "smart-city-121")

    assert "121 pertanyaan" in said
    assert "SHA-256" in said


def test_all_problems_are_told_with_file_and_line(broken: Path):
    out = StringIO()

    with pytest.raises(CommandError, match="5 masalah") as refused:
        call_command("pack", "check", str(broken), stdout=out)

    places = [line.split(": ")[0] for line in out.getvalue().splitlines()]
    assert refused.value.returncode == 1
    assert places == [f"{broken}/pack.yaml:{line}" for line in (1, 2, 7, 8, 9)]


def test_problems_are_told_to_machines_too(broken: Path):
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("pack", "check", str(broken), "--json", stdout=out)

    found = json.loads(out.getvalue())
    assert [item["fault"] for item in found] == [
        "pattern", "wrong_type", "empty", "no_file", "empty"
    ]  # fmt: skip
    assert (found[0]["line"], found[0]["path"]) == (1, "key")


def test_the_schema_is_printed():
    assert json.loads(run("schema")) == schema_document()


@pytest.mark.django_db
def test_loading_freezes_a_pack_once():
    first, second = run("load", "spbe-2020"), run("load", "spbe-2020")

    frozen = instruments().get()
    assert first == second
    assert frozen.sha256 in first
    assert pack_of(frozen.pk).key == "spbe-2020"


@pytest.mark.django_db
def test_loading_other_content_under_the_same_version_is_refused(tmp_path: Path):
    run("load", "pemdi-2026")
    source = Path(__file__).parents[2] / "bukti/packs/pemdi-2026"
    (tmp_path / "parts").mkdir()
    for file in source.glob("**/*.yaml"):
        text = file.read_text(encoding="utf-8").replace("indeks instansi lain", "indeks lain")
        (tmp_path / file.relative_to(source)).write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match="versi") as refused:
        run("load", str(tmp_path))

    assert refused.value.returncode == 1
    assert instruments().count() == 1


@pytest.mark.django_db
def test_listing_tells_what_ships_and_what_is_frozen():
    run("load", "spbe-2020")

    found = {item["key"]: item for item in json.loads(run("list", "--json"))}

    assert found["spbe-2020"] == {"key": "spbe-2020", "shipped": True, "frozen": ["1"]}
    assert found["smart-city-121"]["frozen"] == []
    assert "belum dibekukan" in run("list")


@pytest.mark.django_db
def test_an_account_without_a_name_may_load(monkeypatch: pytest.MonkeyPatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 4_000_000)

    run("load", "spbe-2020")

    assert Entry.objects.get().actor == "system:cli:unknown"
