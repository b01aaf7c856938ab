"""A dossier into a file: whole and durable under its name, or not there at all."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import IO

from django.utils import translation

from bukti.areas.dossier import pdf, reading, xlsx, zip
from bukti.areas.dossier.models import Export, Format
from bukti.areas.dossier.reading import Reading
from bukti.areas.evidence.vault import fsync_folder
from bukti.rules.permissions import Actor

Tell = Callable[[int, int], None]
RENDERERS: dict[str, Callable[[Reading, IO[bytes], Tell], None]] = {
    Format.ZIP: zip.render,
    Format.PDF: pdf.render,
    Format.XLSX: xlsx.render,
}


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file and the checkpoint it is bound to."""

    name: str
    size: int
    sha256: str
    tree_size: int


def write(actor: Actor, round_id: int, form: str, path: Path, tell: Tell) -> Made:
    """Make a dossier of a round as of now; a file that was there is replaced in one step.

    Refused as by `reading.read`, or FILE_MISSING. Raises PaperFailed, OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    try:
        with translation.override(pdf.LANGUAGE):
            found = reading.read(actor, round_id)
        with partial.open("w+b") as file:
            RENDERERS[form](found, file, tell)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = file_digest(file, "sha256").hexdigest()
        size = partial.stat().st_size
        partial.replace(path)
        fsync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)
    return Made(f"{found.dossier.name}.{form}", size, digest, found.checkpoint.size)


def path_of(export: Export, folder: Path) -> Path:
    """Where an export's file lies."""
    return folder / f"{export.pk}.{export.format}"
