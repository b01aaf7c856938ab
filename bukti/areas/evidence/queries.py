"""Reading the vault: who may know of which document, and where it is cited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bukti.areas.evidence.models import Blob, Citation, Document, Release, Revision
from bukti.rules.permissions import (
    WITHIN_AGENCY,
    WITHIN_REGION,
    Action,
    Actor,
    Place,
    may,
)


def revisions_visible_to(actor: Actor) -> QuerySet[Revision]:
    """Revisions of one's agency's or region's documents, cited in one's work, or released to one.

    Of what others own, only the very revision that is cited or released: never the drafts beside
    it. An assessor sees nothing of a region to which they belong.
    """
    cited = Citation.objects.filter(revision=OuterRef("pk"), readers__in=list(actor.agencies))
    released = Release.objects.filter(revision=OuterRef("pk"), round_id__in=list(actor.rounds))
    own = Q(document__region__in=_regions_read(actor)) | Q(
        document__agency__in=list(actor.agencies)
    )
    conditions = own
    if actor.agencies:
        conditions |= Q(Exists(cited))
    if actor.rounds:
        conditions |= Q(Exists(released)) & ~Q(document__region__in=_home(actor))
    return Revision.objects.filter(conditions)


def _regions_read(actor: Actor) -> list[str]:
    return [code for code in actor.regions if may(actor, Action.READ_EVIDENCE, Place(code))]


def _home(actor: Actor) -> list[str]:
    """Regions in which the actor holds an office: there an assessor has a conflict of interest."""
    offices = WITHIN_AGENCY.keys() | WITHIN_REGION.keys()
    return [grant.region for grant in actor.grants if grant.role in offices and grant.region]


def visible_to(actor: Actor) -> QuerySet[Document]:
    """Documents of which the actor may read at least one revision."""
    return Document.objects.filter(
        Exists(revisions_visible_to(actor).filter(document=OuterRef("pk")))
    )


def citations_visible_to(actor: Actor) -> QuerySet[Citation]:
    """Citations in one's region, in work of one's agencies, or in a round one assesses."""
    own = Q(region__in=_regions_read(actor))
    if actor.agencies:
        shared = Citation.readers.through.objects.filter(
            citation=OuterRef("pk"), agency__in=list(actor.agencies)
        )
        own |= Q(Exists(shared))
    if actor.rounds:
        own |= Q(round_id__in=list(actor.rounds)) & ~Q(region__in=_home(actor))
    return Citation.objects.filter(own)


def revision_page(actor: Actor, revision_id: int) -> Revision:
    """One revision with its blob and document, or DoesNotExist."""
    return (
        revisions_visible_to(actor)
        .select_related("blob", "document__agency", "document__region")
        .get(pk=revision_id)
    )


def document_list(
    actor: Actor,
    region: str | None,
    *,
    words: str = "",
    agency: int | None = None,
    kind: str = "",
) -> QuerySet[Revision]:
    """The newest visible revision of each document, newest first, filtered.

    Without a region (an assessor, who has none) of every region. `uses` counts the citations
    that the actor may see.
    """
    newer = revisions_visible_to(actor).filter(
        document=OuterRef("document"), number__gt=OuterRef("number")
    )
    found = revisions_visible_to(actor).filter(~Exists(newer))
    if region is not None:
        found = found.filter(document__region=region)
    if agency is not None:
        found = found.filter(document__agency=agency)
    if kind:
        found = found.filter(document__kind=kind)
    for word in words.split()[:8]:
        found = found.filter(
            Q(document__title__icontains=word)
            | Q(document__number__icontains=word)
            | Q(filename__icontains=word)
        )
    return (
        found.select_related("blob", "document__agency", "document__region")
        .annotate(uses=_uses(actor))
        .order_by("-document__created_at", "-document__pk")
    )


def _uses(actor: Actor) -> Coalesce:
    counted = (
        citations_visible_to(actor)
        .filter(revision__document=OuterRef("document"))
        .order_by()
        .values("revision__document")
        .annotate(times=Count("pk"))
        .values("times")
    )
    return Coalesce(Subquery(counted), 0)


def revisions_of(actor: Actor, document_id: int) -> QuerySet[Revision]:
    """The visible states of a document, newest first."""
    return (
        revisions_visible_to(actor)
        .filter(document=document_id)
        .select_related("blob")
        .order_by("-number")
    )


def locked_document(actor: Actor, document_id: int) -> Document:
    """The document, locked for a change."""
    visible = visible_to(actor).filter(pk=document_id).values("pk")
    return Document.objects.select_for_update(of=("self",)).get(pk__in=visible)


def newest_revision(document: Document) -> Revision:
    """What the document says now."""
    return document.revisions.select_related("blob").latest("number")


def citations_of(subject_kind: str, subject_ids: list[int]) -> QuerySet[Citation]:
    """Citations of these subjects with blob and document; the caller owns the subjects."""
    return Citation.objects.filter(
        subject_kind=subject_kind, subject_id__in=subject_ids
    ).select_related("revision__blob", "revision__document__agency")


def citations_of_round(round_id: int) -> QuerySet[Citation]:
    """Everything cited in a round with revision, blob and document; the caller owns the round."""
    return Citation.objects.filter(round_id=round_id).select_related(
        "revision__blob", "revision__document__agency"
    )


def citation_with_bytes(subject_kind: str, subject_id: int, digest: str) -> Citation | None:
    """The subject's citation of a file with this SHA-256, if the same file came before."""
    cited = Citation.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    return cited.filter(revision__blob__sha256=digest).first()


def citations_of_document(actor: Actor, document_id: int) -> QuerySet[Citation]:
    """Where a document is cited, as far as the actor may know."""
    return (
        citations_visible_to(actor)
        .filter(revision__document=document_id)
        .select_related("revision")
        .order_by("-created_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Audience:
    """Who beside its owner and its region may read a revision: agencies that share work, and
    since when the assessors of a round."""

    agencies: tuple[str, ...]
    assessors_since: datetime | None


def audience_of(revision: Revision) -> Audience:
    """Whom a visible revision has reached (two queries)."""
    shared = (
        Citation.readers.through.objects.filter(citation__revision=revision)
        .exclude(agency=revision.document.agency_id)
        .order_by("agency__name")
        .values_list("agency__name", flat=True)
        .distinct()
    )
    released = Release.objects.filter(revision=revision).aggregate(first=Min("at"))
    return Audience(tuple(shared), released["first"])


@dataclass(frozen=True, slots=True)
class Support:
    """How well a subject is supported: citations, and those that name no page yet."""

    citations: int
    open: int


def support_of(subject_kind: str, subject_id: int) -> Support:
    """Counts the citations of one subject."""
    counted = Citation.objects.filter(subject_kind=subject_kind, subject_id=subject_id).aggregate(
        all=Count("pk"), open=Count("pk", filter=Q(pages="", revision__blob__pages__gt=1))
    )
    return Support(counted["all"], counted["open"])


@dataclass(frozen=True, slots=True)
class BlobRow:
    """What the database says of one file."""

    region: str
    sha256: str
    size: int
    name: str


def blob_rows() -> Iterable[BlobRow]:
    """Every file that should be in the vault, with a name a person knows it by."""
    name = Revision.objects.filter(blob=OuterRef("pk")).order_by("pk").values("filename")[:1]
    rows = Blob.objects.annotate(name=Subquery(name)).order_by("region", "sha256")
    for region, digest, size, filename in rows.values_list(
        "region_id", "sha256", "size", F("name")
    ).iterator(chunk_size=2000):
        yield BlobRow(region, digest, size, filename or "")
