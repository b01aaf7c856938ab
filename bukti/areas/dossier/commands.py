"""Asking for a dossier. Making it is the worker's (`jobs`)."""

from django.db import transaction
from django.utils import timezone

from bukti.areas.dossier import jobs, queries
from bukti.areas.dossier.models import Export, Format
from bukti.areas.ledger.commands import append
from bukti.areas.rounds import queries as rounds
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import Action, Actor, require

__all__ = ["Format", "make_dossier"]


@transaction.atomic
def make_dossier(actor: Actor, round_id: int, form: Format) -> Export:
    """Ask for a dossier of a round; one that is being made already is not asked for twice.

    Refused: DOSSIER_EMPTY before the round has answers.
    """
    round_ = rounds.locked(actor, round_id)
    require(actor, Action.MAKE_DOSSIER, round_.place)

    if not round_.answers.exists():
        raise Refused(Reason.DOSSIER_EMPTY)
    if known := queries.under_way(round_id, form):
        return known

    export = Export.objects.create(
        round=round_, format=form, asked_at=timezone.now(), asked_by_id=actor.user_id or 0
    )
    jobs.render_dossier.enqueue(export.pk)

    append(actor, "dossier.asked", export, round=round_id, format=form)
    return export
