"""Which workers live: each holds a lock on a file of its own for as long as it does."""

import fcntl
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import IO

from django.conf import settings

HOST = socket.gethostname()[:30]
SEPARATOR = ","

#: Badges that this process wears.
_own: set[str] = set()


@dataclass(frozen=True, slots=True)
class Badge:
    """A worker's name in the job table, and the locked file that says it lives."""

    name: str
    file: IO[str]


def folder() -> Path:
    """Where the lock files lie."""
    found = Path(settings.DATA) / "run"
    found.mkdir(parents=True, exist_ok=True)
    return found


def sign_on() -> Badge:
    """A new worker's badge. The system takes the lock back when the process ends, however it ends.

    A record lock is not inherited by child processes, so a rendering child does not keep a dead
    worker alive.
    """
    name = SEPARATOR.join((HOST, str(os.getpid()), token_hex(4)))
    file = (folder() / name).open("w")
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    _own.add(name)
    return Badge(name, file)


def sign_off(badge: Badge) -> None:
    """Give the badge back."""
    _own.discard(badge.name)
    (folder() / badge.name).unlink(missing_ok=True)
    badge.file.close()


def is_alive(name: str) -> bool | None:
    """Whether the worker of this name lives; None for one on another machine."""
    if name in _own:
        # A process is not stopped by its own lock, and loses it when it closes the file again.
        return True
    if name.split(SEPARATOR)[0] != HOST:
        return None
    path = folder() / name
    try:
        with path.open("r+") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def alive() -> list[str]:
    """The workers of this machine that live."""
    return [path.name for path in folder().iterdir() if is_alive(path.name)]
