"""Making a dossier, in the worker: read, render into a file, tell how far it is."""

import errno
import logging
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from bukti.areas.dossier import queries, render
from bukti.areas.dossier.models import Export, ExportState
from bukti.areas.ledger.commands import append
from bukti.areas.notices.commands import tell
from bukti.areas.notices.models import NoticeKind
from bukti.areas.people.models import User
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import SYSTEM, Action, require
from bukti.wording.papers import PaperFailed

log = logging.getLogger("bukti.dossier")

#: Seconds between two tellings: often enough for a page, seldom enough for the database.
PACE = 0.5
#: A job that has told nothing for so long has lost its worker.
SILENCE = timedelta(minutes=15)


@task(queue_name="documents")
def render_dossier(export_id: int) -> None:
    """Make the file of an export; once it has ended, a second run does nothing.

    One that is running was left by a worker that died, and is begun again.
    """
    claimed = Export.objects.filter(pk=export_id, state__in=queries.UNDER_WAY).update(
        state=ExportState.RUNNING, alive_at=timezone.now()
    )
    if not claimed:
        return
    export = Export.objects.select_related("round").get(pk=export_id)
    try:
        made = render.write(
            SYSTEM,
            export.round_id,
            export.format,
            render.path_of(export, Path(settings.EXPORTS)),
            _Telling(export_id),
        )
    except Refused as refused:
        file = str(refused.facts.get("filename") or refused.facts.get("file") or "")
        _fail(export_id, refused.reason, file)
    except OSError as trouble:
        log.exception("Export %s could not be written", export_id)
        is_full = trouble.errno in (errno.ENOSPC, errno.EDQUOT)
        _fail(export_id, Reason.DISK_FULL if is_full else Reason.DOSSIER_FAILED)
    except PaperFailed:
        log.exception("Export %s could not be printed", export_id)
        _fail(export_id, Reason.DOSSIER_FAILED)
    except Exception:
        _fail(export_id, Reason.DOSSIER_FAILED)
        raise
    else:
        _finish(export, made)


class _Telling:
    """Writes progress into the export's row, now and then."""

    def __init__(self, export_id: int) -> None:
        self.export_id = export_id
        self.told = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done in (0, total) or now - self.told >= PACE:
            self.told = now
            Export.objects.filter(pk=self.export_id).update(
                done=done, total=total, alive_at=timezone.now()
            )


@transaction.atomic
def _finish(export: Export, made: render.Made) -> None:
    """The file is durable: the row says so, the ledger holds its hash, who asked is told."""
    require(SYSTEM, Action.RENDER_DOSSIER, export.place)
    Export.objects.filter(pk=export.pk).update(
        state=ExportState.READY,
        size=made.size,
        sha256=made.sha256,
        tree_size=made.tree_size,
        finished_at=timezone.now(),
    )
    tell(
        User.objects.filter(pk=export.asked_by_id, is_active=True),
        NoticeKind.DOSSIER_READY,
        f"/berkas/{export.pk}/",
        round=export.round.title,
    )
    append(
        SYSTEM, "dossier.made", export, sha256=made.sha256, size=made.size, tree_size=made.tree_size
    )


def _fail(export_id: int, reason: Reason, file: str = "") -> None:
    Export.objects.filter(pk=export_id).update(
        state=ExportState.FAILED,
        problem=reason.value,
        problem_file=file[:300],
        finished_at=timezone.now(),
    )


@task
def tidy_exports() -> int:
    """Tell of exports whose worker died that they stopped; how many. Ticked every minute."""
    silent = queries.silent_since(timezone.now() - SILENCE)
    return silent.update(
        state=ExportState.FAILED,
        problem=Reason.DOSSIER_STOPPED.value,
        finished_at=timezone.now(),
    )
