"""`docs/reference/`, written from the code, so that it cannot say anything else."""

import json
import sys
from argparse import SUPPRESS, HelpFormatter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import get_commands, load_command_class
from django.utils import translation

from bukti.faces.api.v1.api import api
from bukti.rules.permissions import (
    CONTRIBUTORS_MAY,
    IN_PROGRAMME,
    IN_ROUND,
    SYSTEM_MAY,
    WITHIN_AGENCY,
    WITHIN_REGION,
    Action,
    Role,
)
from bukti.site.environment import VARIABLES
from bukti.site.main import NOUNS, overview
from bukti.wording.actions import ACTIONS
from bukti.wording.words import ROLES

FOLDER = Path(__file__).parents[3] / "docs" / "reference"
WRITTEN = "<!-- Written by `bukti docs` from {source}; change that, not this. -->\n\n"
HELP_WIDTH = 96
HELP_PYTHON = (3, 11)


def documents() -> dict[str, str]:
    """Each file of the folder, by name."""
    with translation.override("id"):
        return {name: write() for name, write in DOCUMENTS.items()}


def differing() -> list[str]:
    """Files that do not say what the code says."""
    return [name for name, text in documents().items() if _differs(name, text)]


def _differs(name: str, text: str) -> bool:
    """Each Python words a command's help a little differently, so only one is compared."""
    if name == "cli.md" and sys.version_info[:2] != HELP_PYTHON:
        return False
    path = FOLDER / name
    return not path.exists() or path.read_text(encoding="utf-8") != text


def write() -> list[str]:
    """Write what differs; says which."""
    changed = differing()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        if name in changed:
            (FOLDER / name).write_text(text, encoding="utf-8")
    return changed


def settings() -> str:
    """Every environment variable."""
    lines = [
        WRITTEN.format(source="`bukti/site/settings.py`") + "# Settings\n",
        "Everything that varies between installations is read from the environment.\n",
        "| Variable | Meaning | Default |\n|---|---|---|",
    ]
    for name in sorted(VARIABLES):
        variable = VARIABLES[name]
        default = f"`{variable.default}`" if variable.default else "–"
        lines.append(f"| `{name}` | {variable.meaning} | {default} |")
    return "\n".join(lines) + "\n"


#: Which table of the policy page a role's actions stand in.
PLACES: dict[Role, tuple[str, frozenset[Action]]] = {
    **{role: ("perangkat daerahnya", actions) for role, actions in WITHIN_AGENCY.items()},
    **{role: ("daerahnya", actions) for role, actions in WITHIN_REGION.items()},
    **{role: ("putaran yang ditugaskan", actions) for role, actions in IN_ROUND.items()},
    **{role: ("daerah programnya", actions) for role, actions in IN_PROGRAMME.items()},
}


def permissions() -> str:
    """Who may do what, where."""
    lines = [
        WRITTEN.format(source="`bukti/rules/permissions.py`") + "# Wewenang\n",
        "Setiap hal milik satu daerah dan, di dalamnya, satu perangkat daerah atau tidak satu pun. "
        "Setiap peran hanya berlaku di satu macam tempat; di luar itu tidak ada apa-apa, juga "
        "tidak terlihat.\n",
        "| Peran | Berlaku di |\n|---|---|",
        *[f"| {ROLES[role]} | {place} |" for role, (place, _) in PLACES.items()],
        "",
        "| Tindakan | " + " | ".join(str(ROLES[role]) for role in PLACES) + " | Mesin | Pembantu |",
        "|---|" + ":-:|" * (len(PLACES) + 2),
    ]
    for action in Action:
        marks = [action in actions for _, actions in PLACES.values()]
        marks += [action in SYSTEM_MAY, action in CONTRIBUTORS_MAY]
        cells = " | ".join("ya" if mark else "" for mark in marks)
        lines.append(f"| {ACTIONS[action]} (`{action}`) | {cells} |")
    lines += [
        "",
        "*Mesin*: pekerja dan baris perintah. *Pembantu*: perangkat daerah yang membantu menjawab "
        "sebuah pertanyaan, untuk pertanyaan itu saja.",
        "",
        "Asesor tidak pernah menilai daerah tempat ia memegang jabatan, dan baru melihat putaran "
        "sesudah diserahkan.",
    ]
    return "\n".join(lines) + "\n"


def command_line() -> str:
    """Every noun with what `--help` says."""
    lines = [
        WRITTEN.format(source="the commands' own help") + "# Baris perintah\n",
        f"```\n{overview()}```\n",
    ]
    for noun in sorted(NOUNS):
        lines += [f"## bukti {noun}\n", f"```\n{_help(noun)}```\n"]
    return "\n".join(lines)


def _help(noun: str) -> str:
    command: Any = load_command_class(get_commands()[noun], noun)
    parser = command.create_parser("bukti", noun)
    texts = []
    for each in [parser, *_verbs(parser)]:
        _hide_what_django_adds(each)
        each.formatter_class = partial(HelpFormatter, width=HELP_WIDTH)
        texts.append(each.format_help())
    return "\n".join(texts)


def _verbs(parser: Any) -> list[Any]:
    actions = parser._subparsers._group_actions if parser._subparsers else []
    return [verb for action in actions for verb in action.choices.values()]


#: Django gives these to every command; they say nothing about Bukti.
FROM_DJANGO = {
    "version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color",
    "skip_checks",
}  # fmt: skip


def _hide_what_django_adds(parser: Any) -> None:
    for action in parser._actions:
        if action.dest in FROM_DJANGO:
            action.help = SUPPRESS


def openapi() -> str:
    """The API's description."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=False, default=str) + "\n"


DOCUMENTS: dict[str, Callable[[], str]] = {
    "settings.md": settings,
    "permissions.md": permissions,
    "cli.md": command_line,
    "openapi.json": openapi,
}
