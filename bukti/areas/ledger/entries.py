"""What an entry says, as canonical JSON, and how it commits to what it must not say."""

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import rfc8785

FACT_LENGTH_MAX = 160


def canonical(value: Any) -> str:
    """The one JSON text of a value (RFC 8785). Decimals and times become text, floats are refused.

    Equal values give equal text: `Decimal("12.50")` and `Decimal("12.5")` are both `"12.5"`.
    """
    return rfc8785.dumps(_plain(value)).decode()


def timestamp(at: datetime) -> str:
    """UTC, to the microsecond, always of the same length."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def commitment(salt: str, value: str) -> str:
    """What an entry may say about a text it must not hold.

    SHA-256 over salt and SHA-256 of the text: so a file's known hash is enough to commit to it.
    """
    return commitment_to_digest(salt, sha256(value.encode()).hexdigest())


def commitment_to_digest(salt: str, digest: str) -> str:
    """The same, for a text or file whose hexadecimal SHA-256 is already known."""
    return sha256(bytes.fromhex(salt) + digest.encode()).hexdigest()


def salted(secret_values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Commitments and salts for values, by name."""
    salts = {name: secrets.token_hex(32) for name in secret_values}
    return {name: commitment(salts[name], value) for name, value in secret_values.items()}, salts


def checked_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as plain JSON values. Raises ValueError for what looks like text about people.

    Facts are ids, numbers, hashes, dates and states; texts, names and titles go into `secrets`.
    """
    plain = {name: _plain(value) for name, value in facts.items()}
    for name, value in plain.items():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str) and (
                len(part) > FACT_LENGTH_MAX or "@" in part or not part.isprintable()
            ):
                raise ValueError(f"the fact {name!r} reads like text: it belongs in secrets")
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(_plain(part) for part in value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> str | int | bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        # Adding 0 turns -0 into 0, which `normalize` alone would not.
        return format((value + 0).normalize(), "f")
    if isinstance(value, date):
        return timestamp(value) if isinstance(value, datetime) else value.isoformat()
    for kind in (str, int):
        # Enum members are both: what is kept is the plain value beneath.
        if isinstance(value, kind):
            return kind(value)
    raise TypeError(f"{type(value).__name__} has no place in the ledger")
