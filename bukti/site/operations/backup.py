"""A copy of everything, taken while people work: database, evidence, dossiers, keys.

The database is copied first, as it stood at one moment; then the files it names, which never
change once they are named. So the copy holds together however much is written meanwhile. It gets
its name when it is complete; `sha256sum -c SHA256SUMS` checks it without Bukti.
"""

import json
import os
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from bukti import __version__
from bukti.areas.evidence import vault
from bukti.areas.evidence.models import Blob
from bukti.site.operations import sums

FORMAT = "bukti-backup/1"
ABOUT, DATABASE, TABLES = "backup.json", "bukti.sqlite3", "tables"
BLOBS, KEYS, EXPORTS = "vault", "keys", "exports"
PART = ".part"


class TargetExists(Exception):
    """A backup never overwrites another."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup; `missing` names evidence that the vault itself has lost."""

    folder: Path
    files: int
    size: int
    missing: list[str]


def default_folder() -> Path:
    """Where a backup goes when nobody says: named for the moment."""
    return Path(settings.BACKUPS) / f"bukti-{timezone.now():%Y-%m-%dT%H%M%SZ}"


def newest() -> datetime | None:
    """When the newest backup in the usual folder was taken."""
    return max(
        (
            datetime.fromisoformat(json.loads(about.read_text())["made_at"])
            for about in Path(settings.BACKUPS).glob(f"*/{ABOUT}")
            if not about.parent.name.endswith(PART)
        ),
        default=None,
    )


def make(target: Path) -> Made:
    """Take a backup into a folder that does not exist yet. Raises TargetExists if it does."""
    if target.exists():
        raise TargetExists(str(target))
    part = target.with_name(f"{target.name}.{token_hex(4)}{PART}")
    part.mkdir(mode=0o700, parents=True)
    try:
        made = _fill(part, target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    part.rename(target)
    vault.fsync_folder(target.parent)
    return made


def _fill(part: Path, target: Path) -> Made:
    """Everything, durable on the disk."""
    about = {"format": FORMAT, "version": __version__, "database": connection.vendor}
    about["made_at"] = timezone.now().astimezone(UTC).isoformat()
    found, blobs = _copy_database(part, about)
    missing = _copy_blobs(part, blobs, found)
    _copy_folder(Path(settings.BUKTI_KEYS), part / KEYS, found)
    _copy_folder(Path(settings.EXPORTS), part / EXPORTS, found)
    (part / ABOUT).write_text(json.dumps(about, indent=2, sort_keys=True))
    found[ABOUT] = sums.digest(part / ABOUT)
    sums.write(part, found)
    for folder in [path for path in part.rglob("*") if path.is_dir()] + [part]:
        vault.fsync_folder(folder)
    size = sum((part / name).stat().st_size for name in found)
    return Made(target, len(found), size, missing)


def _copy_database(
    part: Path, about: dict[str, Any]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The database as of one moment, and the blobs it names."""
    if connection.vendor == "sqlite":
        return _copy_sqlite(part, about)
    return _copy_postgresql(part, about)


def _copy_sqlite(part: Path, about: dict[str, Any]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    target = part / DATABASE
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])
    with target.open("rb") as file:
        os.fsync(file.fileno())
    copy = sqlite3.connect(target)
    try:
        blobs = copy.execute(f"SELECT region_id, sha256 FROM {Blob._meta.db_table}").fetchall()  # noqa: S608
        about["migrations"] = copy.execute("SELECT app, name FROM django_migrations").fetchall()
    finally:
        copy.close()
    return {DATABASE: sums.digest(target)}, blobs


def _copy_postgresql(
    part: Path, about: dict[str, Any]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Every table as COPY writes it, all from one snapshot."""
    found = {}
    (part / TABLES).mkdir()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in sorted(connection.introspection.table_names(cursor)):
            name = f"{TABLES}/{table}.copy"
            with (part / name).open("xb") as file, cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                for chunk in rows:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            found[name] = sums.digest(part / name)
        blobs = list(Blob.objects.values_list("region_id", "sha256"))
        applied = MigrationRecorder(connection).applied_migrations()
    about["migrations"] = [list(migration) for migration in applied]
    return found, blobs


def _copy_blobs(part: Path, blobs: list[tuple[str, str]], found: dict[str, str]) -> list[str]:
    """The evidence the database names; names what the vault has lost."""
    missing = []
    for region, digest in blobs:
        source = vault.place_of(region, digest)
        name = f"{BLOBS}/{source.relative_to(settings.VAULT)}"
        try:
            found[name] = _share(source, part / name, digest)
        except FileNotFoundError:
            missing.append(f"{region}/{digest}")
    return missing


def _share(source: Path, target: Path, digest: str) -> str:
    """A second name for the same bytes where the disk allows, else a copy. Blobs never change."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        return sums.copy(source, target)
    return digest


def _copy_folder(source: Path, target: Path, found: dict[str, str]) -> None:
    for path in sorted(source.rglob("*")):
        if path.is_file() and path.suffix != PART:
            name = f"{target.name}/{path.relative_to(source)}"
            found[name] = sums.copy(path, target / path.relative_to(source))
