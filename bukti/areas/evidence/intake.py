"""A file taken in for a place: allowed, looked at, durable. The rows come after, in their command.

Apart from `commands.py` because it must not run inside a transaction: hashing and fsync are slow,
and no row may point to bytes that a power cut could still take.
"""

from dataclasses import dataclass

from bukti.areas.evidence import types, vault
from bukti.rules.permissions import Action, Actor, Place, require


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are in the vault for good, for rows to point to."""

    region: str
    sha256: str
    size: int
    media_type: str
    filename: str


def keep_file(actor: Actor, place: Place, received: vault.Received) -> Kept:
    """Look at received bytes and keep them durably in the place's region.

    Refused: FILE_TYPE_NOT_ACCEPTED, FILE_TYPE_MISMATCH, DISK_FULL.
    """
    try:
        require(actor, Action.UPLOAD_EVIDENCE, place)
        media_type = types.media_type_of(received.path, received.filename)
        vault.keep(received, place.region)
    finally:
        received.path.unlink(missing_ok=True)
    return Kept(place.region, received.sha256, received.size, media_type, received.filename)
