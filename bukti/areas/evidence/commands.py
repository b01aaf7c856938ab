"""Changing the vault: documents, revisions, citations, releases."""

import datetime as calendar
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from bukti.areas.evidence import jobs, queries, types, vault
from bukti.areas.evidence.intake import Kept, keep_file
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
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import Action, Actor, Place, require
from bukti.wording.formats import safe_filename

__all__ = [
    "LONGEST_NUMBER",
    "LONGEST_TITLE",
    "AccessClass",
    "DocumentKind",
    "Facts",
    "Kept",
    "Subject",
    "add_document",
    "cite",
    "cite_new",
    "classify_document",
    "describe_document",
    "keep_file",
    "release",
    "revise_document",
    "share_with",
    "uncite",
]

LONGEST_TITLE, LONGEST_NUMBER, LONGEST_NOTE = 200, 100, 200
LONGEST_PAGES = 80


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person says of a document. Without a title the file's name stands in for it."""

    title: str
    number: str = ""
    date: calendar.date | None = None
    kind: DocumentKind = DocumentKind.OTHER
    access: AccessClass = AccessClass.LIMITED


def _checked(facts: Facts) -> None:
    if len(facts.title) > LONGEST_TITLE:
        raise Refused(Reason.TEXT_TOO_LONG, longest=LONGEST_TITLE)
    if len(facts.number) > LONGEST_NUMBER:
        raise Refused(Reason.TEXT_TOO_LONG, longest=LONGEST_NUMBER)


@transaction.atomic
def add_document(actor: Actor, place: Place, kept: Kept, facts: Facts) -> Revision:
    """The rows for a file that `keep_file` has made durable. Refused: TEXT_TOO_LONG."""
    require(actor, Action.UPLOAD_EVIDENCE, place)

    _checked(facts)

    now = timezone.now()
    document = Document.objects.create(
        region_id=place.region,
        agency_id=_owner(actor, place),
        title=facts.title.strip() or safe_filename(kept.filename),
        number=facts.number.strip(),
        date=facts.date,
        kind=facts.kind,
        access=facts.access,
        created_at=now,
        created_by_id=actor.user_id or 0,
    )
    revision = _revision(actor, document, kept, now, number=1)

    append(
        actor,
        "document.added",
        document,
        revision=revision.pk,
        sha256=kept.sha256,
        size=kept.size,
        secrets={"title": document.title},
    )
    return revision


def _owner(actor: Actor, place: Place) -> int:
    """The agency that leads, if the uploader works for it, else the one that helps."""
    if place.agency in actor.agencies:
        return place.agency
    return min(actor.agencies & place.contributors)


def _revision(
    actor: Actor, document: Document, kept: Kept, now: calendar.datetime, *, number: int
) -> Revision:
    blob, is_new = Blob.objects.get_or_create(
        region_id=document.region_id,
        sha256=kept.sha256,
        defaults={
            "size": kept.size,
            "media_type": kept.media_type,
            "preview": WAITING if kept.media_type in types.PREVIEWED else MEDIA_NONE,
            "created_at": now,
        },
    )
    if is_new and blob.preview == WAITING:
        jobs.prepare_preview.enqueue(blob.pk)
    return Revision.objects.create(
        document=document,
        number=number,
        blob=blob,
        filename=safe_filename(kept.filename),
        uploaded_at=now,
        uploaded_by_id=actor.user_id or 0,
    )


def revise_document(actor: Actor, document_id: int, received: vault.Received) -> Revision:
    """A newer state of the document; whoever cites an old one is asked to look again.

    The same bytes again (a double click) are no new state. Refused: as for `keep_file`.
    """
    place = queries.visible_to(actor).get(pk=document_id).place
    kept = keep_file(actor, place, received)

    with transaction.atomic():
        document = queries.locked_document(actor, document_id)
        require(actor, Action.UPLOAD_EVIDENCE, document.place)

        newest = queries.newest_revision(document)
        if newest.blob.sha256 == kept.sha256:
            return newest

        now = timezone.now()
        revision = _revision(actor, document, kept, now, number=newest.number + 1)
        Citation.objects.filter(revision__document=document).update(needs_look=True)

        append(
            actor,
            "document.revised",
            document,
            revision=revision.pk,
            sha256=kept.sha256,
            size=kept.size,
        )
    return revision


@transaction.atomic
def describe_document(actor: Actor, document_id: int, facts: Facts) -> Document:
    """Correct a document's facts. Its access class is another decision: `classify_document`.

    Refused: TEXT_TOO_LONG.
    """
    document = queries.locked_document(actor, document_id)
    require(actor, Action.UPLOAD_EVIDENCE, document.place)

    _checked(facts)

    document.title = facts.title.strip() or document.title
    document.number = facts.number.strip()
    document.date = facts.date
    document.kind = facts.kind
    document.save(update_fields=["title", "number", "date", "kind"])

    append(
        actor,
        "document.described",
        document,
        doc_kind=document.kind,
        secrets={"title": document.title, "number": document.number},
    )
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
    """Point from a subject into a revision the actor may read. Citing twice changes the first.

    Refused: PAGES_NOT_UNDERSTOOD, TEXT_TOO_LONG.
    """
    revision = queries.revision_page(actor, revision_id)
    require(actor, Action.UPLOAD_EVIDENCE, subject.place)

    tidy = pages_cited(pages)
    for text, longest in ((note, LONGEST_NOTE), (tidy, LONGEST_PAGES)):
        if len(text) > longest:
            raise Refused(Reason.TEXT_TOO_LONG, longest=longest)

    said = {"pages": tidy, "note": note.strip(), "needs_look": False}
    citation, is_new = Citation.objects.update_or_create(
        revision=revision,
        subject_kind=subject.kind,
        subject_id=subject.id,
        defaults=said,
        create_defaults={**said, **_origin(actor, subject)},
    )
    citation.readers.set(subject.readers)

    append(
        actor,
        "citation.added" if is_new else "citation.changed",
        citation,
        revision=revision.pk,
        sha256=revision.blob.sha256,
        cited_by=f"{subject.kind}:{subject.id}",
        pages=tidy,
    )
    return citation


@transaction.atomic
def cite_new(actor: Actor, subject: Subject, revision: Revision, *, pages: str = "") -> Citation:
    """The first citation of a revision that was just added, in the same transaction as that.

    Refused: PAGES_NOT_UNDERSTOOD, TEXT_TOO_LONG.
    """
    require(actor, Action.UPLOAD_EVIDENCE, subject.place)

    tidy = pages_cited(pages)
    if len(tidy) > LONGEST_PAGES:
        raise Refused(Reason.TEXT_TOO_LONG, longest=LONGEST_PAGES)

    citation = Citation.objects.create(
        revision=revision,
        subject_kind=subject.kind,
        subject_id=subject.id,
        pages=tidy,
        **_origin(actor, subject),
    )
    citation.readers.add(*subject.readers)

    append(
        actor,
        "citation.added",
        citation,
        revision=revision.pk,
        sha256=revision.blob.sha256,
        cited_by=f"{subject.kind}:{subject.id}",
        pages=tidy,
    )
    return citation


def _origin(actor: Actor, subject: Subject) -> Mapping[str, Any]:
    return {
        "round_id": subject.place.round_id,
        "region_id": subject.place.region,
        "created_at": timezone.now(),
        "created_by_id": actor.user_id or 0,
    }


@transaction.atomic
def uncite(actor: Actor, subject: Subject, citation_id: int) -> Citation:
    """Take a citation back; the document stays in the vault."""
    citation = Citation.objects.select_for_update(of=("self",)).get(
        pk=citation_id, subject_kind=subject.kind, subject_id=subject.id
    )
    require(actor, Action.UPLOAD_EVIDENCE, subject.place)

    # The entry comes first: it needs the id that deletion takes away.
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
