"""What happens to a file after it came: its preview pages, and tidying up."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from bukti.areas.evidence import preview, vault
from bukti.areas.evidence.models import FAILED, READY, WAITING, Blob
from bukti.areas.evidence.preview import MOST_PAGES
from bukti.rules.permissions import SYSTEM, Action, Place, require

__all__ = ["MOST_PAGES", "prepare_preview", "preview_page", "tidy_vault"]

#: A preview that waits longer than this was lost with its worker, and is asked for again.
PATIENCE = timedelta(hours=1)
#: How many lost previews one tick asks for, so that the queue stays short.
AT_ONCE = 50


def preview_folder(region: str, digest: str) -> Path:
    """Where a blob's page images lie; derived, so they may be deleted and made again."""
    return Path(settings.DATA) / "previews" / region / digest[:2] / digest


def preview_page(region: str, digest: str, page: int) -> Path:
    """The image of one page, from 1."""
    return preview_folder(region, digest) / f"{page}.webp"


@task(queue_name="documents")
def prepare_preview(blob_id: int) -> None:
    """Render a blob's pages. Derived state only (page count, preview), so no ledger entry.

    Harmless when repeated.
    """
    blob = Blob.objects.get(pk=blob_id)
    require(SYSTEM, Action.PREPARE_PREVIEW, Place(blob.region_id))

    pages = preview.make(
        vault.place_of(blob.region_id, blob.sha256),
        blob.media_type,
        preview_folder(blob.region_id, blob.sha256),
    )
    Blob.objects.filter(pk=blob_id).update(preview=READY if pages else FAILED, pages=pages)


@task
def tidy_vault() -> int:
    """Remove abandoned incoming files, ask again for lost previews; how many files went.

    The worker ticks it every hour.
    """
    lost = Blob.objects.filter(preview=WAITING, created_at__lt=timezone.now() - PATIENCE)
    for blob_id in lost.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]:
        prepare_preview.enqueue(blob_id)
    return vault.sweep()
