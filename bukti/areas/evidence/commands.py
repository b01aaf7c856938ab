"""Changing the vault: documents, revisions, citations, releases."""

from dataclasses import dataclass
from datetime import date as Day

from django.db import transaction
from django.utils import timezone

from bukti.areas.evidence import jobs, queries, types, vault
from bukti.areas.evidence.models import (
    MEDIA_NONE,
    WAITING,
    AccessClass,
    Blob,
    Citation,
    Document,
    DocumentKind,
    Release,
    Revision,
)
from bukti.areas.ledger.commands import append
from bukti.rules.claims import pages_cited
from bukti.rules.permissions import Action, Actor, Place, require
from bukti.wording.formats import safe_filename


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person says of a document."""

    title: str
    number: str = ""
    date: Day | None = None
    kind: DocumentKind = DocumentKind.OTHER
    access: AccessClass = AccessClass.LIMITED


def add_document(
    actor: Actor, place: Place, received: vault.Received, facts: Facts
) -> Revision:
    """Keep received bytes for an agency: bytes first and durable, then the rows in one transaction.

    Refused: FILE_TYPE_NOT_ACCEPTED, FILE_TYPE_MISMATCH, DISK_FULL.
    """
    require(actor, Action.UPLOAD_EVIDENCE, place)

    media_type = types.media_type_of(received.path, received.filename)
    vault.keep(received, place.region)

    with transaction.atomic():
        now = timezone.now()
        document = Document.objects.create(
            region_id=place.region,
            agency_id=_owner(actor, place),
            title=facts.title or received.filename,
            number=facts.number,
            date=facts.date,
            kind=facts.kind,
            access=facts.access,
            created_at=now,
            created_by_id=actor.user_id,
        )
        revision = _revise(actor, document, received, media_type, number=1)

        append(
            actor,
            "document.added",
            document,
            revision=revision.pk,
            sha256=received.sha256,
            size=received.size,
        )
    return revision


def _owner(actor: Actor, place: Place) -> int | None:
    """The uploader's own agency where it works on the subject, else the agency that leads it."""
    own = actor.agencies & (place.contributors | {place.agency})
    return min(own) if own and place.agency not in own else place.agency


def _revise(
    actor: Actor, document: Document, received: vault.Received, media_type: str, *, number: int
) -> Revision:
    blob, is_new = Blob.objects.get_or_create(
        region_id=document.region_id,
        sha256=received.sha256,
        defaults={
            "size": received.size,
            "media_type": media_type,
            "preview": WAITING if media_type in types.PREVIEWED else MEDIA_NONE,
            "created_at": timezone.now(),
        },
    )
    if is_new and blob.preview == WAITING:
        jobs.prepare_preview.enqueue(blob.pk)
    return Revision.objects.create(
        document=document,
        number=number,
        blob=blob,
        filename=safe_filename(received.filename),
        uploaded_at=timezone.now(),
        uploaded_by_id=actor.user_id or 0,
    )


def revise_document(actor: Actor, document_id: int, received: vault.Received) -> Revision:
    """A newer state of the document; whoever cites the old one is asked to look again."""
    document = queries.visible_to(actor).get(pk=document_id)
    require(actor, Action.UPLOAD_EVIDENCE, document.place)

    media_type = types.media_type_of(received.path, received.filename)
    vault.keep(received, document.region_id)

    with transaction.atomic():
        document = queries.locked_document(actor, document_id)
        number = document.revisions.count() + 1
        revision = _revise(actor, document, received, media_type, number=number)
        Citation.objects.filter(revision__document=document).update(needs_look=True)

        append(actor, "document.revised", document, revision=revision.pk, sha256=received.sha256)
    return revision


@transaction.atomic
def describe_document(actor: Actor, document_id: int, facts: Facts) -> Document:
    """Correct a document's facts. Its access class needs the coordinator (PPID later)."""
    document = queries.locked_document(actor, document_id)
    require(actor, Action.UPLOAD_EVIDENCE, document.place)

    document.title = facts.title
    document.number = facts.number
    document.date = facts.date
    document.kind = facts.kind
    document.save(update_fields=["title", "number", "date", "kind"])

    append(actor, "document.described", document, secrets={"title": facts.title})
    return document


@transaction.atomic
def classify_document(actor: Actor, document_id: int, access: AccessClass) -> Document:
    """Decide who may know of a document."""
    document = queries.locked_document(actor, document_id)
    require(actor, Action.CLASSIFY_EVIDENCE, document.place)

    document.access = access
    document.save(update_fields=["access"])

    append(actor, "document.classed", document, access=access)
    return document


@dataclass(frozen=True, slots=True)
class Subject:
    """What cites: its kind and id, where it is, which agencies work on it, in which round."""

    kind: str
    id: int
    place: Place

    @property
    def readers(self) -> set[int]:
        """The agencies that may read what the subject cites."""
        return set(self.place.contributors) | ({self.place.agency} if self.place.agency else set())


@transaction.atomic
def cite(
    actor: Actor, subject: Subject, revision_id: int, *, pages: str = "", note: str = ""
) -> Citation:
    """Point from a subject into a revision the actor may read. Citing twice changes the first."""
    revision = queries.revision_page(actor, revision_id)
    require(actor, Action.UPLOAD_EVIDENCE, subject.place)

    tidy = pages_cited(pages)

    citation, _ = Citation.objects.update_or_create(
        revision=revision,
        subject_kind=subject.kind,
        subject_id=subject.id,
        defaults={"pages": tidy, "note": note, "needs_look": False},
        create_defaults={
            "pages": tidy,
            "note": note,
            "round_id": subject.place.round_id,
            "region_id": subject.place.region,
            "created_at": timezone.now(),
            "created_by_id": actor.user_id or 0,
        },
    )
    citation.readers.set(subject.readers)

    append(
        actor,
        "citation.added",
        citation,
        revision=revision.pk,
        sha256=revision.blob.sha256,
        subject=f"{subject.kind}:{subject.id}",
        pages=tidy,
    )
    return citation


@transaction.atomic
def uncite(actor: Actor, subject: Subject, citation_id: int) -> Citation:
    """Take a citation back; the document stays in the vault."""
    citation = Citation.objects.select_for_update(of=("self",)).get(
        pk=citation_id, subject_kind=subject.kind, subject_id=subject.id
    )
    require(actor, Action.UPLOAD_EVIDENCE, subject.place)

    append(actor, "citation.removed", citation, revision=citation.revision_id)
    citation.delete()
    return citation


@transaction.atomic
def share_with(actor: Actor, subject: Subject) -> None:
    """Let the agencies that now work on a subject read what it cites, after a reassignment."""
    require(actor, Action.ASSIGN_QUESTION, subject.place)

    cited = list(Citation.objects.filter(subject_kind=subject.kind, subject_id=subject.id))
    if not cited:
        return
    for citation in cited:
        citation.readers.set(subject.readers)

    append(actor, "citation.shared", cited[0], readers=sorted(subject.readers))


@transaction.atomic
def release(actor: Actor, place: Place, round_id: int) -> int:
    """Open everything cited in a round to its assessors; returns how many revisions."""
    require(actor, Action.SIGN_HAND_IN, place)

    cited = Citation.objects.filter(round_id=round_id, region=place.region)
    revisions = sorted(set(cited.values_list("revision_id", flat=True)))
    now = timezone.now()
    Release.objects.bulk_create(
        [Release(revision_id=pk, round_id=round_id, at=now) for pk in revisions],
        ignore_conflicts=True,
    )

    append(actor, "release.given", place, round=round_id, revisions=len(revisions))
    return len(revisions)
