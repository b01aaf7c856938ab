"""A list of files with their SHA-256, as `sha256sum -c` reads it."""

import os
import shutil
from hashlib import sha256
from pathlib import Path

SUMS = "SHA256SUMS"
CHUNK = 1 << 20


class Damaged(Exception):
    """Files that are missing, changed or too many, by name."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    found = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def copy(source: Path, target: Path) -> str:
    """Copy a file, durable when this returns; its SHA-256."""
    found = sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as reader, target.open("xb") as writer:
        while chunk := reader.read(CHUNK):
            found.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    shutil.copymode(source, target)
    return found.hexdigest()


def write(folder: Path, found: dict[str, str]) -> None:
    """Write the list of the folder's files."""
    lines = "".join(f"{value}  {name}\n" for name, value in sorted(found.items()))
    with (folder / SUMS).open("w", encoding="utf-8") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> dict[str, str]:
    """The list of a folder: name → SHA-256. Raises Damaged when it cannot be read."""
    found = {}
    try:
        for line in (folder / SUMS).read_text(encoding="utf-8").splitlines():
            value, name = line.split("  ", 1)
            found[name] = value
    except (OSError, ValueError):
        raise Damaged([SUMS]) from None
    return found


def names_in(folder: Path) -> set[str]:
    """Every file of a folder but the list itself."""
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return found - {SUMS}
