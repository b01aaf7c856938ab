"""What happens to a file after it came: its preview pages."""

from pathlib import Path

from django.conf import settings
from django_tasks import task

from bukti.areas.evidence import preview, vault
from bukti.areas.evidence.models import FAILED, READY, Blob


def preview_folder(region: str, digest: str) -> Path:
    """Where a blob's page images lie; derived, so they may be deleted and made again."""
    return Path(settings.DATA) / "previews" / region / digest[:2] / digest


@task(queue_name="documents")
def prepare_preview(blob_id: int) -> None:
    """Render a blob's pages. Derived state only (page count, preview), so no ledger entry.

    Harmless when repeated.
    """
    blob = Blob.objects.get(pk=blob_id)
    pages = preview.make(
        vault.place_of(blob.region_id, blob.sha256),
        blob.media_type,
        preview_folder(blob.region_id, blob.sha256),
    )
    Blob.objects.filter(pk=blob_id).update(preview=READY if pages else FAILED, pages=pages)
