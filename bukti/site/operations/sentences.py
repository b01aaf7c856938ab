"""Collects the screen's sentences (Indonesian msgids) into the translation, in Python alone.

Django's own `makemessages` needs GNU gettext. Here Django turns a template into lines of Python,
as it does for gettext, and Babel reads those, and the modules, and keeps what is translated.
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from bukti import __version__

KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
FIRST = datetime(2026, 11, 25, tzinfo=UTC)
PACKAGE = Path(__file__).parents[2]


def collect(language: str) -> tuple[int, int]:
    """Bring the language's django.po up to date: how many sentences, how many without words."""
    catalog = _empty(language)
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]):
        if "migrations" not in path.parts:
            _add(catalog, path)
    file = PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists():
        kept = read_po(BytesIO(file.read_bytes()), locale=language, domain="django")
        kept.update(catalog, no_fuzzy_matching=True)
        kept.fuzzy = False
        catalog = kept
    with file.open("wb") as target:
        write_po(
            target, catalog, width=96, sort_output=True, ignore_obsolete=True, include_lineno=False
        )
    missing = [message for message in catalog if message.id and not _is_translated(message.string)]
    return len(catalog), len(missing)


def _empty(language: str) -> Any:
    """A catalogue without sentences, its date fixed: a run that changes nothing shows nothing."""
    return Catalog(
        locale=language,
        project="Bukti",
        version=__version__,
        header_comment="# What the screens say, in English.",
        creation_date=FIRST,
        revision_date=FIRST,
        last_translator="Bukti",
        language_team="Bukti",
        fuzzy=False,
    )


def _is_translated(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def _add(catalog: Any, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    name = str(path.relative_to(PACKAGE.parent))
    source = text if path.suffix == ".py" else _as_python(text, name)
    found = extract("python", BytesIO(source.encode()), KEYWORDS)
    for line, sentence, comments, context in found:
        catalog.add(sentence, locations=[(name, line)], auto_comments=comments, context=context)


def _as_python(template: str, name: str) -> str:
    """A template's sentences as calls, one a line; its indentation means nothing here."""
    return "\n".join(line.strip() for line in templatize(template, origin=name).splitlines())
