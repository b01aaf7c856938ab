"""Freezing instruments."""

from django.db import transaction
from django.utils import timezone

from bukti.areas.instruments import loader
from bukti.areas.instruments.models import Instrument
from bukti.areas.ledger.audit import NATION
from bukti.areas.ledger.commands import append
from bukti.rules.errors import Reason, Refused
from bukti.rules.pack import Pack
from bukti.rules.permissions import Action, Actor, Place, require


@transaction.atomic
def freeze_pack(actor: Actor, pack: Pack) -> Instrument:
    """Freeze a pack; the same pack again gives the row there is, and no second entry.

    Refused: INSTRUMENT_CHANGED when this key and version are frozen with other content; a
    corrected pack is a new version.
    """
    require(actor, Action.FREEZE_INSTRUMENT, Place(NATION))

    document = loader.canonical(pack)
    sha256 = loader.digest(document)

    frozen, is_new = Instrument.objects.get_or_create(
        key=pack.key,
        version=pack.version,
        defaults={
            "title_id": pack.title.id,
            "title_en": pack.title.en,
            "document": document,
            "sha256": sha256,
            "frozen_at": timezone.now(),
        },
    )
    if frozen.sha256 != sha256:
        raise Refused(Reason.INSTRUMENT_CHANGED, key=pack.key, version=pack.version)

    if is_new:
        append(actor, "instrument.frozen", frozen, sha256=sha256)
    return frozen
