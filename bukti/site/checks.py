"""What must be true before Bukti starts."""

import sqlite3  # the one that `bukti.site.sqlite` puts in place
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

WAL_RESET_FIXED = (3, 51, 3)


@register()
def sqlite_is_safe_for_several_writers(**_: Any) -> list[CheckMessage]:
    """Web processes and worker write at once: refuse a SQLite with the WAL-reset bug."""
    if connection.vendor != "sqlite":
        return []
    return sqlite_problem(sqlite_version())


def sqlite_version() -> tuple[int, ...]:
    """The version that Django really writes with."""
    return tuple(sqlite3.sqlite_version_info)


def sqlite_problem(version: tuple[int, ...]) -> list[CheckMessage]:
    """An error for versions before 3.51.3."""
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


@register()
def there_is_a_secret(**_: Any) -> list[CheckMessage]:
    """Sessions and links are signed: nothing is served without a secret of one's own."""
    try:
        has_secret = bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        has_secret = False
    if has_secret:
        return []
    return [
        Error(
            "Bukti has no secret key.",
            hint="Run `bukti setup`, or set BUKTI_SECRET_KEY.",
            id="bukti.E002",
        )
    ]
