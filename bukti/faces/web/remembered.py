"""Pieces of a page that hold until the next entry in the region's ledger."""

from collections.abc import Callable
from hashlib import sha256

from django.core.cache import caches
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from bukti.faces.web.middleware import StaffRequest

#: Deadlines count in minutes, so no piece is older than one.
SECONDS = 60

Pieces = dict[str, SafeString]


def remembered(request: StaffRequest, revision: int, draw: Callable[[], Pieces]) -> Pieces:
    """The pieces drawn for the same address, grants, language, minute and revision, or new ones.

    Whoever holds the same grants sees the same; whatever changes what they see leaves an entry.
    The caller has asked first whether the page may be seen at all.
    """
    grants = sorted(repr(grant) for grant in request.actor.grants)
    minute = request.now.replace(second=0, microsecond=0)
    seen = repr((request.get_full_path(), get_language(), minute, revision, grants))
    key = f"pieces:{sha256(seen.encode()).hexdigest()}"
    pieces: Pieces | None = caches["process"].get(key)
    if pieces is None:
        pieces = draw()
        caches["process"].set(key, pieces, SECONDS)
    return pieces
