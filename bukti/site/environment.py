"""The one place where the environment is read; `docs/reference/settings.md` is made from it."""

import os
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable: its name, what it means, and its default as written."""

    name: str
    meaning: str
    default: str


IN_DATA = "$BUKTI_DATA/"
VARIABLES: dict[str, Variable] = {}


def text(name: str, default: str, meaning: str) -> str:
    """The variable as text."""
    VARIABLES[name] = Variable(name, meaning, default)
    return os.environ.get(name, default)


def whole(name: str, default: int, meaning: str) -> int:
    """The variable as a whole number; anything else stops the start with a clear sentence."""
    value = text(name, str(default), meaning)
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from None


def switch(name: str, default: str, meaning: str) -> bool:
    """The variable as yes or no."""
    value = text(name, default, meaning)
    if value not in ("yes", "no"):
        raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}")
    return value == "yes"


def folder(name: str, default: str, meaning: str) -> Path:
    """The variable as an absolute folder path; the folder need not exist yet.

    A default that begins with `$BUKTI_DATA` lies in the data folder.
    """
    found = text(name, default, meaning)
    if found.startswith(IN_DATA):
        found = str(data() / found.removeprefix(IN_DATA))
    return Path(found).expanduser().resolve()


def data() -> Path:
    """The folder of everything that is not the program."""
    return folder("BUKTI_DATA", "data", "Folder of database, vault, keys and mail")


def keys() -> Path:
    """The folder of the signing keys and of the secret; readable for the owner only."""
    return folder("BUKTI_KEYS", f"{IN_DATA}keys", "Folder of the signing keys and the secret")
