"""What must be true before Bukti starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

WAL_RESET_FIXED = (3, 51, 3)


@register()
def sqlite_is_safe_for_several_writers(**_: Any) -> list[CheckMessage]:
    """Web processes and worker write at once: refuse a SQLite with the WAL-reset bug."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return []
    return sqlite_problem(_sqlite_version())


def _sqlite_version() -> tuple[int, ...]:
    from django.db.backends.sqlite3.base import Database  # noqa: PLC0415

    return tuple(Database.sqlite_version_info)


def sqlite_problem(version: tuple[int, ...]) -> list[CheckMessage]:
    """An error for versions between 3.7.0 and 3.51.2."""
    if version >= WAL_RESET_FIXED:
        return []
    found = ".".join(str(part) for part in version)
    return [
        Error(
            f"SQLite {found} can corrupt a database with several writers (WAL-reset bug).",
            hint="Install the package pysqlite3 from requirements.lock; it brings a fixed SQLite.",
            id="bukti.E001",
        )
    ]
