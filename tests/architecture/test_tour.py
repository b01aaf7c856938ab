"""The documents for newcomers speak of what is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TOUR = DOCS / "tour.md"
#: Written by hand and read by developers; what is generated has its own tests.
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    TOUR,
    DOCS / "architecture.md",
    *sorted((DOCS / "decisions").glob("*.md")),
    *sorted((DOCS / "how-to").glob("*.md")),
]
STOP = re.compile(r"`((?:bukti|tests)/[\w./-]+\.(?:py|yaml|ts)):([\w.-]+)`")
PATH = re.compile(r"`((?:bukti|tests|docs|benchmarks)/[\w./-]*\w(?:/|\.\w+))`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
#: Names in recipes for what does not exist yet.
EXAMPLES = ("registry", "ods.py")
#: Made by machines in the same pass (`make docs`, `make bench`), with tests of their own.
GENERATED = ("docs/reference/", "docs/glossary.md", "benchmarks/")
STEPS_AT_MOST = 5
PICTURE_AT_MOST, PICTURES_AT_MOST = 150_000, 2_500_000
#: Wide lines make a page of a decision record; more than this is two decisions.
LONGEST_RECORD = 70


def named_in(file: Path) -> set[str]:
    """The functions, classes, methods and tables that a Python module defines."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def stops() -> list[tuple[str, str]]:
    return STOP.findall(TOUR.read_text())


@pytest.mark.parametrize(("file", "name"), stops(), ids=":".join)
def test_the_tour_stops_only_at_what_exists(file, name):
    place = ROOT / file

    if place.suffix == ".py":
        assert name in named_in(place)
    else:
        assert re.search(rf"\b{re.escape(name)}\b", place.read_text())


def test_the_tour_has_eight_stops():
    headings = re.findall(r"^## (\d)\. ", TOUR.read_text(), re.MULTILINE)

    assert headings == [str(number) for number in range(1, 9)]
    assert len(stops()) > 30


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_a_page_names_exists(page):
    named = PATH.findall(page.read_text())

    missing = [
        path
        for path in named
        if not path.startswith(GENERATED)
        and not any(example in path for example in EXAMPLES)
        and not (ROOT / path).exists()
    ]

    assert missing == []


@pytest.mark.parametrize(
    "page",
    [*PAGES, *sorted((DOCS / "panduan").glob("*.md"))],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_every_link_of_a_page_leads_somewhere(page):
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("recipe", sorted((DOCS / "how-to").glob("*.md")), ids=lambda p: p.stem)
def test_a_recipe_has_at_most_five_steps(recipe):
    steps = re.findall(r"^\d+\. ", recipe.read_text(), re.MULTILINE)

    assert 0 < len(steps) <= STEPS_AT_MOST


def test_decisions_are_numbered_without_a_gap_and_stay_on_a_page():
    records = sorted((DOCS / "decisions").glob("*.md"))

    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        text = record.read_text()
        assert text.startswith(f"# {record.name[:4]} ")
        assert text.count("\n") <= LONGEST_RECORD
        assert re.findall(r"^## (\w+)", text, re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
        ]


def test_every_area_says_what_it_keeps():
    areas = [path.parent for path in (ROOT / "bukti" / "areas").glob("*/models.py")]

    assert [area.name for area in areas if not (area / "README.md").exists()] == []


def test_every_library_has_its_sentence():
    wanted = _text("pyproject.toml").partition("\ndependencies = [\n")[2].partition("\n]")[0]
    record = _text("docs/decisions/0014-the-libraries.md")

    names = re.findall(r'"([\w-]+)', wanted)

    assert len(names) > 10
    assert [name for name in names if not re.search(rf"(?<![\w-]){name}(?![\w-])", record)] == []


def test_pictures_are_light_and_shown_somewhere():
    pictures = sorted((DOCS / "images").glob("*.png"))
    pages = [*PAGES, *(DOCS / "panduan").glob("*.md")]
    shown = "".join(page.read_text() for page in pages)

    assert pictures
    assert [picture.name for picture in pictures if picture.name not in shown] == []
    assert max(picture.stat().st_size for picture in pictures) <= PICTURE_AT_MOST
    assert sum(picture.stat().st_size for picture in pictures) <= PICTURES_AT_MOST


def _text(name: str) -> str:
    return (ROOT / name).read_text()
