"""Is the installation well? One line each, green or red, and what to do about a red one."""

import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from bukti.areas.evidence import vault
from bukti.areas.ledger import keys, triggers
from bukti.areas.ledger import queries as ledger
from bukti.rules.permissions import SYSTEM
from bukti.site import checks
from bukti.site.operations import backup, crew
from bukti.wording import formats

SECRET_MODE = 0o077
FAILED_SINCE = timedelta(days=7)
MAIL_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and what was found."""

    name: str
    is_well: bool
    found: str


def examine() -> list[Finding]:
    """Look at everything; what cannot be looked at is red."""
    return [_looked_at(name, look) for name, look in LOOKS.items()]


def _looked_at(name: str, look: Callable[[], tuple[bool, str]]) -> Finding:
    try:
        is_well, found = look()
    except Exception as error:
        is_well, found = False, f"{type(error).__name__}: {error}"
    return Finding(name, is_well, found)


def _database() -> tuple[bool, str]:
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return True, f"PostgreSQL {cursor.fetchone()[0]}"
    version = checks.sqlite_version()
    found = ".".join(str(part) for part in version)
    if checks.sqlite_problem(version):
        return False, _("SQLite %(found)s dapat merusak data; pasang pysqlite3.") % {"found": found}
    return True, f"SQLite {found}"


def _durability() -> tuple[bool, str]:
    if connection.vendor != "sqlite":
        return _postgresql_durability()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        journal = str(cursor.fetchone()[0])
        cursor.execute("PRAGMA synchronous")
        synchronous = int(cursor.fetchone()[0])
    is_well = (journal, synchronous >= 2) == ("wal", True)
    return is_well, f"journal_mode={journal}, synchronous={synchronous}"


def _postgresql_durability() -> tuple[bool, str]:
    found = {}
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            found[name] = str(cursor.fetchone()[0])
    said = ", ".join(f"{name}={value}" for name, value in found.items())
    return "off" not in found.values(), said


def _migrations() -> tuple[bool, str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        return False, _("%(count)s belum dijalankan: bukti setup") % {"count": len(plan)}
    return True, _("mutakhir")


def _triggers() -> tuple[bool, str]:
    missing = triggers.missing(connection)
    if missing:
        return False, _("hilang: %(names)s; bukti ledger guard") % {"names": ", ".join(missing)}
    return True, _("terpasang")


def _keys() -> tuple[bool, str]:
    wrong = []
    codes = ledger.tree_codes(SYSTEM)
    for code in codes:
        announced = bool(ledger.keys_of(code))
        if announced and not (ledger.has_key_file(code) and keys.is_private(code)):
            wrong.append(code)
    if wrong:
        return False, _("hilang atau terbaca orang lain: %(codes)s") % {"codes": ", ".join(wrong)}
    return bool(codes), _("%(count)s kunci") % {"count": len(codes)}


def _ledger() -> tuple[bool, str]:
    broken = [code for code in ledger.tree_codes(SYSTEM) if not _reaches_its_checkpoint(code)]
    if broken:
        return False, _("tidak utuh: %(codes)s; bukti ledger verify") % {"codes": ", ".join(broken)}
    return True, _("sampai titik periksa terakhir; selengkapnya bukti ledger verify")


def _reaches_its_checkpoint(code: str) -> bool:
    tree, last = ledger.tree_of(code), ledger.last_checkpoint(code)
    if tree is None or last is None:
        return True
    return last.size <= tree.size and ledger.is_signed(tree, last, ledger.keys_of(code))


def _secret() -> tuple[bool, str]:
    if checks.there_is_a_secret():
        return False, _("belum ada: bukti setup")
    kept = Path(settings.BUKTI_KEYS) / "secret"
    if not kept.exists():
        return True, _("dari lingkungan")
    is_private = not kept.stat().st_mode & SECRET_MODE
    return is_private, _("tertutup") if is_private else _("terbaca orang lain: chmod 600 %s") % kept


def _disk() -> tuple[bool, str]:
    free = shutil.disk_usage(settings.DATA).free
    said = _("%(free)s bebas, %(kept)s disisihkan untuk jawaban") % {
        "free": formats.size(free),
        "kept": formats.size(settings.RESERVED_SPACE),
    }
    return free > 2 * settings.RESERVED_SPACE, said


def _vault() -> tuple[bool, str]:
    writer = vault.Writer("doctor")
    writer.write(b"doctor")
    received = writer.finish()
    received.path.unlink()
    return True, _("dapat ditulis")


def _backup() -> tuple[bool, str]:
    made = backup.newest()
    if made is None:
        return False, _("belum pernah: bukti backup")
    age = timezone.now() - made
    hours = int(age.total_seconds() // 3600)
    return age <= settings.BACKUP_AGE, _("%(hours)s jam yang lalu") % {"hours": hours}


def _mail() -> tuple[bool, str]:
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        said = _("hanya ditulis ke %(folder)s") % {"folder": settings.EMAIL_FILE_PATH}
        return settings.DEVELOPMENT, said
    server = get_connection(timeout=MAIL_SECONDS)
    try:
        server.open()
    except (OSError, socket.gaierror) as error:
        return False, _("server surel tidak menjawab: %(why)s") % {"why": error}
    server.close()
    return True, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


def _worker() -> tuple[bool, str]:
    alive = crew.alive()
    if not alive:
        return False, _("tidak ada pekerja yang berjalan: bukti serve")
    return True, _("%(count)s berjalan") % {"count": len(alive)}


def _jobs() -> tuple[bool, str]:
    since = timezone.now() - FAILED_SINCE
    failed = DBTaskResult.objects.failed().filter(finished_at__gte=since)
    names = sorted(set(failed.values_list("task_path", flat=True)))
    if names:
        said = _("%(count)s gagal dalam tujuh hari: %(names)s")
        return False, said % {"count": failed.count(), "names": ", ".join(names)}
    return True, _("tidak ada yang gagal")


LOOKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "database": _database,
    "durability": _durability,
    "migrations": _migrations,
    "triggers": _triggers,
    "ledger": _ledger,
    "keys": _keys,
    "secret": _secret,
    "disk": _disk,
    "vault": _vault,
    "backup": _backup,
    "mail": _mail,
    "worker": _worker,
    "jobs": _jobs,
}
