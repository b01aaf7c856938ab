"""A backup put back into an empty data folder, every byte checked before it counts.

Everything is built beside its place first, and moved there when it is whole: a restore that breaks
off leaves the data folder as empty as it was.
"""

import json
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from bukti.areas.evidence import jobs as evidence
from bukti.areas.evidence import vault
from bukti.areas.evidence.models import READY, Blob
from bukti.areas.ledger import audit
from bukti.areas.ledger import queries as ledger
from bukti.rules.permissions import SYSTEM
from bukti.site.operations import backup, installation, sums

WORK = ".restoring"
#: What a data folder may hold and still count as empty: nothing that anybody entered.
HARMLESS = {WORK, "static", "run", "mail", "previews"}


class NotEmpty(Exception):
    """The data folder, or the database, already holds something."""


class NotOurs(Exception):
    """The folder is no backup that this installation can read; says why."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; `broken` names the logs that did not verify."""

    files: int
    trees: dict[str, int]
    broken: list[str]


def restore(source: Path) -> Restored:
    """Put a backup back. Raises NotEmpty, NotOurs, sums.Damaged; nothing is changed then."""
    _is_empty()
    about = _about(source)
    expected = sums.read(source)
    work = Path(settings.DATA) / WORK
    shutil.rmtree(work, ignore_errors=True)
    _copy_checked(source, work, expected)
    if about["database"] == "sqlite":
        _check_sqlite(work / backup.DATABASE)
    _move(work, about)
    shutil.rmtree(work)
    installation.migrate()
    installation.collect_static()
    _make_previews_again()
    reports = [audit.verify(code) for code in ledger.tree_codes(SYSTEM)]
    return Restored(
        files=len(expected),
        trees={report.code: report.size for report in reports},
        broken=[report.code for report in reports if not report.is_whole],
    )


def _is_empty() -> None:
    data = Path(settings.DATA)
    data.mkdir(parents=True, exist_ok=True)
    held = [path for path in data.iterdir() if path.name not in HARMLESS and _holds(path)]
    for folder in (settings.VAULT, settings.EXPORTS):
        held += [path for path in Path(folder).glob("*") if _holds(path)]
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            held += [Path(name) for name in connection.introspection.table_names(cursor)]
    if held:
        raise NotEmpty(", ".join(sorted(str(path) for path in held)[:5]))


def _holds(path: Path) -> bool:
    return path.is_file() or any(inner.is_file() for inner in path.rglob("*"))


def _about(source: Path) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads((source / backup.ABOUT).read_text())
    except (OSError, ValueError):
        raise sums.Damaged([backup.ABOUT]) from None
    if about.get("format") != backup.FORMAT:
        raise NotOurs(str(about.get("format")))
    if about["database"] != connection.vendor:
        raise NotOurs(f"{about['database']} ≠ {connection.vendor}")
    return about


def _copy_checked(source: Path, work: Path, expected: dict[str, str]) -> None:
    """Copy what the list names; one wrong, missing or unnamed file and nothing is restored."""
    wrong = sorted(sums.names_in(source) ^ set(expected))
    if not wrong:
        for name, value in expected.items():
            if not _is_inside(name) or sums.copy(source / name, work / name) != value:
                wrong.append(name)
    if wrong:
        shutil.rmtree(work, ignore_errors=True)
        raise sums.Damaged(wrong)


def _is_inside(name: str) -> bool:
    return not Path(name).is_absolute() and ".." not in Path(name).parts


def _check_sqlite(path: Path) -> None:
    copy = sqlite3.connect(path)
    try:
        (said,) = copy.execute("PRAGMA integrity_check").fetchone()
    finally:
        copy.close()
    if said != "ok":
        raise sums.Damaged([backup.DATABASE])


def _move(work: Path, about: dict[str, Any]) -> None:
    """The files first, the database last: until it is there, the folder still counts as empty."""
    for name, target in (
        (backup.BLOBS, settings.VAULT),
        (backup.KEYS, settings.BUKTI_KEYS),
        (backup.EXPORTS, settings.EXPORTS),
    ):
        _put(work / name, Path(target))
    connection.close()
    if about["database"] == "sqlite":
        _put_file(work / backup.DATABASE, Path(connection.settings_dict["NAME"]))
    else:
        _load_postgresql(work / backup.TABLES, about["migrations"])


def _put(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        if path.is_file():
            _put_file(path, target / path.relative_to(source))
    target.mkdir(parents=True, exist_ok=True)


def _put_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)
    vault.fsync_folder(target.parent)


def _load_postgresql(tables: Path, migrations: list[list[str]]) -> None:
    """Tables as they were at the backup's migrations, then their rows, in one transaction."""
    executor = MigrationExecutor(connection)
    known = [
        (app, name) for app, name in migrations if (app, name) in executor.loader.disk_migrations
    ]
    executor.migrate(known)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for path in sorted(tables.glob("*.copy")):
            if not _exists(cursor, path.stem):
                call_command("createcachetable", verbosity=0)
            cursor.execute(f'DELETE FROM "{path.stem}"')  # noqa: S608  a name from our own backup
            with path.open("rb") as file, cursor.copy(f'COPY "{path.stem}" FROM STDIN') as rows:
                while chunk := file.read(sums.CHUNK):
                    rows.write(chunk)
        for statement in _sequence_statements(cursor):
            cursor.execute(statement)


def _exists(cursor: Any, table: str) -> bool:
    return table in connection.introspection.table_names(cursor)


def _sequence_statements(cursor: Any) -> list[str]:
    """Each table's next id after the ids it holds."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND is_identity = 'YES'"
    )
    return [
        f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), "  # noqa: S608
        f'COALESCE((SELECT MAX("{column}") FROM "{table}"), 0) + 1, false)'
        for table, column in cursor.fetchall()
    ]


def _make_previews_again() -> None:
    """Page images are not in a backup; the worker draws them anew from the evidence."""
    for pk in Blob.objects.filter(preview=READY).values_list("pk", flat=True):
        evidence.prepare_preview.enqueue(pk)
