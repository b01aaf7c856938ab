"""Who acts when a command is typed, and how it ends when a rule says no."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from bukti.rules.errors import Denied, Refused
from bukti.rules.permissions import Actor
from bukti.wording.words import refusal_sentence

REFUSED, DENIED = 1, 2


def unix_actor() -> Actor:
    """The machine itself, named by who typed the command."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return Actor(f"system:cli:{name}")


@contextmanager
def refusals_as_exit_codes() -> Iterator[None]:
    """Refused ends with its sentence and 1, Denied with 2."""
    try:
        yield
    except Refused as refused:
        raise CommandError(refusal_sentence(refused), returncode=REFUSED) from refused
    except Denied as denied:
        raise CommandError(str(denied), returncode=DENIED) from denied
