"""Reading frozen instruments. They hold no region's data: everyone may see them."""

from functools import lru_cache

from django.db.models import QuerySet

from bukti.areas.instruments.models import Instrument
from bukti.rules.pack import Pack, pack_from_document_text


def instruments() -> QuerySet[Instrument]:
    """All frozen versions, without their documents."""
    return Instrument.objects.defer("document")


def instrument(instrument_id: int) -> Instrument:
    """One frozen version without its document, or DoesNotExist."""
    return instruments().get(pk=instrument_id)


def pack_of(instrument_id: int) -> Pack:
    """The pack of a frozen version, or DoesNotExist. One small query; parsed once per process."""
    digest = Instrument.objects.values_list("sha256", flat=True).get(pk=instrument_id)
    return pack_frozen_as(digest)


@lru_cache(maxsize=32)
def pack_frozen_as(sha256: str) -> Pack:
    """The pack of this digest, or DoesNotExist; no query once the process knows it.

    For who already holds the instrument's row: `pack_frozen_as(round.instrument.sha256)`.
    """
    document = Instrument.objects.values_list("document", flat=True).get(sha256=sha256)
    return pack_from_document_text(document)
