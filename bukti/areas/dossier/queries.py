"""Reading exports: who may see which, and how far they are."""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db.models import QuerySet

from bukti.areas.dossier.models import Export, ExportState
from bukti.areas.dossier.render import path_of
from bukti.areas.rounds.models import Round
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import Action, Actor, Place, may, require

UNDER_WAY = (ExportState.WAITING, ExportState.RUNNING)


def visible_to(actor: Actor) -> QuerySet[Export]:
    """Exports of the regions whose dossiers the actor may read."""
    regions = [code for code in actor.regions if may(actor, Action.READ_DOSSIER, Place(code))]
    return Export.objects.filter(round__region__in=regions)


def export_list(actor: Actor, round_: Round) -> QuerySet[Export]:
    """The dossiers of a visible round, newest first. Denied to who may not read them."""
    require(actor, Action.READ_DOSSIER, round_.place)
    return visible_to(actor).filter(round=round_)


def export_page(actor: Actor, export_id: int) -> Export:
    """One export, or DoesNotExist."""
    return visible_to(actor).select_related("round__region").get(pk=export_id)


def under_way(round_id: int, form: str) -> Export | None:
    """The export of this kind that is being made already."""
    return Export.objects.filter(round=round_id, format=form, state__in=UNDER_WAY).first()


def silent_since(moment: datetime) -> QuerySet[Export]:
    """Exports whose job has not told anything since then."""
    return Export.objects.filter(state=ExportState.RUNNING, alive_at__lt=moment)


def opened(actor: Actor, export_id: int) -> tuple[Export, BinaryIO]:
    """A finished dossier and its bytes. Refused: DOSSIER_NOT_READY, FILE_MISSING."""
    export = export_page(actor, export_id)
    require(actor, Action.READ_DOSSIER, export.place)
    if export.state != ExportState.READY:
        raise Refused(Reason.DOSSIER_NOT_READY)
    try:
        return export, path_of(export, Path(settings.EXPORTS)).open("rb")
    except FileNotFoundError:
        raise Refused(Reason.FILE_MISSING) from None


def file_name(export: Export) -> str:
    """The name under which it is saved."""
    round_ = export.round
    return f"berkas-evaluasi-{round_.region_id}-{round_.year}-{round_.pk}.{export.format}"
