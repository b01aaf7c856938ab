"""What must be true of the database before Bukti runs on it."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from bukti.areas.ledger import triggers


@register(Tags.database)
def triggers_are_in_place(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The ledger's past can be changed by nobody who comes through the database's front door."""
    return [
        Error(
            f"The trigger {name} is missing or altered: the ledger's past could be changed.",
            hint="Find out how it went missing; then `bukti ledger guard` makes it again.",
            id="ledger.E001",
        )
        for alias in databases or []
        for name in triggers.missing(connections[alias])
    ]
