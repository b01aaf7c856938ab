"""The shape: sizes, names, what a face may not do, what is documented."""

import ast
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from importlinter.application import use_cases
from importlinter.configuration import configure

from bukti.areas.assessment.models import Layer
from bukti.areas.evidence.models import AccessClass
from bukti.rules.events import Event
from bukti.rules.permissions import Capability, Role
from bukti.rules.workflow import AnswerState, RoundState
from tests.architecture.source import BUKTI, ROOT

MODULES = [path for path in sorted(BUKTI.rglob("*.py")) if "migrations" not in path.parts]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
OWN = sorted(Path(__file__).parent.glob("*.py"))
TEMPLATES = sorted((BUKTI / "faces").rglob("*.html"))
MIGRATIONS = [p for p in sorted(BUKTI.rglob("migrations/*.py")) if p.name != "__init__.py"]
FACES = [path for path in MODULES if "faces" in path.parts]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()

#: Places for things without a place.
NO_MODULE = {"utils", "util", "common", "core", "helpers", "base", "services", "managers", "misc"}
#: Words that say nothing about what a thing is.
NO_WORD = {"manager", "handler", "helper", "util", "utils", "service", "processor", "info", "do"}
#: Django's own hooks, named as Django names them.
HOOKS = {
    "UserManager": "Django's default manager of a user model",
    "VaultUploadHandler": "Django's upload handler",
    "handle": "Django's entry into a command",
    "helper_ids": "agencies that help are the field's own helpers",
    "_bag_info": "bag-info.txt is BagIt's own name",
    "do": "the ledger's word",
}
MOST_LINES, MOST_TEMPLATE_LINES, MOST_README_LINES = 400, 100, 15
#: Modules of faces whose `save` writes no row: pictures, fonts, sheets, allauth's forms.
NO_ROWS = {"pictures", "subset", "sheets", "account"}
#: What the demonstration does that no command does, and why.
DEMONSTRATION = {
    "bukti/faces/cli/demo/people.py": "gives everybody the printed password",
    "bukti/faces/cli/demo/load.py": "drops the mails queued to addresses that nobody has",
}
SECRET = "-----BEGIN " + "PRIVATE KEY"


def name_of(path: Path) -> str:
    """Its place in the checkout, for a test's name."""
    return str(path.relative_to(ROOT))


def code_of(path: Path) -> str:
    """The module without its strings' contents and comments."""
    return ast.unparse(ast.parse(path.read_text()))


def tracked() -> list[Path]:
    """Every file that is, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


def too_long(paths, most):
    """Those of more lines."""
    lines = {name_of(path): path.read_text().count("\n") for path in paths}
    return {name: count for name, count in lines.items() if count > most}


def test_a_module_stays_under_400_lines():
    assert too_long([*MODULES, *OWN], MOST_LINES) == {}


def test_a_template_stays_under_100_lines():
    assert too_long(TEMPLATES, MOST_TEMPLATE_LINES) == {}


def rows_touched(path):
    """The calls in a face that read or write rows without an area."""
    tree = ast.parse(path.read_text())
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    writes = called & {"save", "delete", "bulk_create", "bulk_update", "update_or_create"}
    return (set() if path.stem in NO_ROWS else writes) | (named & {"objects"})


def test_a_face_neither_reads_nor_writes_rows_itself():
    touched = {name_of(path): rows_touched(path) for path in FACES}

    assert {name for name, calls in touched.items() if calls} <= set(DEMONSTRATION), touched


class Sieve(HTMLParser):
    """What the content security policy would stop, in a template's source."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Inline styles, scripts and handlers."""
        names = {name for name, _ in attrs}
        self.found += [name for name in names if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}>")


def test_a_template_holds_no_inline_style_script_or_handler():
    found = {}
    for path in TEMPLATES:
        sieve = Sieve()
        sieve.feed(re.sub(r"{#.*?#}|{%.*?%}", "", path.read_text()))
        found[name_of(path)] = sieve.found

    assert {name: inline for name, inline in found.items() if inline} == {}


def test_drawings_hold_no_inline_style_either():
    drawn = [path for path in MODULES if "style=" in path.read_text() and "faces" in path.parts]
    drawn += [path for path in (BUKTI / "wording").glob("*.py") if "style=" in path.read_text()]

    assert [name_of(path) for path in drawn] == []


def words_in(name: str) -> set[str]:
    """`VaultUploadHandler` and `vault_upload_handler` in words."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_no_place_and_no_name_that_says_nothing():
    places = {part for path in MODULES for part in (path.stem, path.parent.name)}
    names = {
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    hooks = re.compile(r"handle_\w+|test_\w+|__\w+__")

    assert places & NO_MODULE == set()
    empty = {name for name in names if words_in(name) & NO_WORD and not hooks.fullmatch(name)}
    assert empty - set(HOOKS) == set()


def test_tests_are_sentences():
    short = [
        f"{name_of(path)}:{node.name}"
        for path in TESTS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if node.name.count("_") < 3
    ]

    assert short == []


@pytest.mark.parametrize("path", MIGRATIONS, ids=name_of)
def test_a_migration_is_named_for_what_it_does(path):
    assert re.fullmatch(r"\d{4}_[a-z]\w+", path.stem)
    assert "_auto_" not in path.stem
    for operation in ast.walk(ast.parse(path.read_text())):
        if isinstance(operation, ast.Call) and ast.unparse(operation.func).endswith("RunPython"):
            given = len(operation.args) + len(operation.keywords)
            assert given >= 2, "say how to go back, or that one cannot"


@pytest.mark.parametrize(
    "area", sorted(p.parent for p in BUKTI.glob("areas/*/apps.py")), ids=name_of
)
def test_an_area_says_in_a_few_lines_what_it_keeps(area):
    assert 3 <= (area / "README.md").read_text().count("\n") <= MOST_README_LINES


def test_a_module_says_what_it_is_for():
    trees = {name_of(path): ast.parse(path.read_text()) for path in MODULES}

    assert [n for n, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []


MODELS = [m.__name__ for m in apps.get_models() if m.__module__.startswith("bukti.")]
KNOWN = [
    *MODELS,
    *(one.name for kind in (Role, Capability, AnswerState, RoundState) for one in kind),
    *(one.name for kind in (Layer, AccessClass) for one in kind),
    *Event,
]


def test_the_glossary_has_a_line_for_everything():
    lines = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", GLOSSARY, re.MULTILINE)

    assert set(KNOWN) - {code for code, seen, meaning in lines if seen.strip() and meaning} == set()


def test_the_glossary_holds_nothing_that_is_gone():
    listed = set(re.findall(r"^\| ([A-Z][A-Z_]+|[a-z]+\.[a-z_]+) \|", GLOSSARY, re.MULTILINE))

    assert listed - set(KNOWN) == set()


def test_the_contracts_between_floors_hold(monkeypatch):
    monkeypatch.chdir(ROOT)
    configure()

    assert use_cases.lint_imports(cache_dir=None)


#: Written apart, so that this file does not name them either.
HOSTS = [
    re.compile(pattern)
    for pattern in (
        r"index-url\s*=",
        r"--index-url\s+\S*://",
        "artifact" + "ory",
        "/nex" + "us/",
        r"https?://\d+\.\d+\.\d+\.\d+:\d+/(?!.*\b127\b)",
        r"(?<![\w.])/ro" + r"ot/",
        r"(?<![\w.])/ho" + r"me/\w",
        r"(?<![\w.])/wo" + r"rk/\w",
        r'"resolved":\s*"https?://',
    )
]
#: Addresses of this machine alone, and of nobody's, may be named.
HARMLESS = re.compile(r"https?://127\.0\.0\.1")


def test_no_file_names_a_registry_or_a_machine():
    found = []
    for path in tracked():
        try:
            text = HARMLESS.sub("", path.read_text())
        except UnicodeDecodeError:
            continue
        found += [f"{name_of(path)}: {host.pattern}" for host in HOSTS if host.search(text)]

    assert found == []


def test_no_private_key_is_in_the_repository():
    with_key = [name_of(path) for path in tracked() if SECRET.encode() in path.read_bytes()]

    assert with_key == []
