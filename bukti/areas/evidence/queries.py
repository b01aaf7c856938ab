"""Reading the vault: who may know of which document, and where it is cited."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bukti.areas.evidence.models import Citation, Document, Release, Revision
from bukti.rules.permissions import Action, Actor, Place, may


def visible_to(actor: Actor) -> QuerySet[Document]:
    """Documents of one's agency or region, cited in one's work, or released to one's round."""
    regions = [code for code in actor.regions if may(actor, Action.READ_EVIDENCE, Place(code))]
    cited = Citation.objects.filter(
        revision__document=OuterRef("pk"), readers__in=list(actor.agencies)
    )
    released = Release.objects.filter(
        revision__document=OuterRef("pk"), round_id__in=list(actor.rounds)
    )
    return Document.objects.filter(
        Q(region__in=regions)
        | Q(agency__in=list(actor.agencies))
        | Q(Exists(cited))
        | Q(Exists(released))
    )


def revisions_visible_to(actor: Actor) -> QuerySet[Revision]:
    """Revisions of visible documents; an assessor sees only the released revision itself."""
    visible = Revision.objects.filter(document__in=visible_to(actor).values("pk"))
    if actor.agencies or actor.regions:
        return visible
    return visible.filter(
        Exists(Release.objects.filter(revision=OuterRef("pk"), round_id__in=list(actor.rounds)))
    )


def revision_page(actor: Actor, revision_id: int) -> Revision:
    """One revision with its blob and document, or DoesNotExist."""
    return (
        revisions_visible_to(actor)
        .select_related("blob", "document", "document__agency")
        .get(pk=revision_id)
    )


def document_list(actor: Actor, region: str, *, words: str = "", agency: int | None = None,
                  kind: str = "") -> QuerySet[Revision]:
    """The newest revision of each visible document of a region, newest first, filtered."""
    newer = Revision.objects.filter(
        document=OuterRef("document"), number__gt=OuterRef("number")
    )
    found = (
        revisions_visible_to(actor)
        .filter(~Exists(newer), document__region=region)
        .select_related("blob", "document", "document__agency")
        .annotate(uses=Count("citations"))
        .order_by("-document__created_at", "-document__pk")
    )
    for word in words.split():
        found = found.filter(
            Q(document__title__icontains=word)
            | Q(document__number__icontains=word)
            | Q(filename__icontains=word)
        )
    if agency is not None:
        found = found.filter(document__agency=agency)
    if kind:
        found = found.filter(document__kind=kind)
    return found


def locked_document(actor: Actor, document_id: int) -> Document:
    """The document, locked for a change."""
    visible = visible_to(actor).filter(pk=document_id).values("pk")
    return Document.objects.select_for_update(of=("self",)).get(pk__in=visible)


def citations_of(subject_kind: str, subject_ids: list[int]) -> QuerySet[Citation]:
    """Citations of these subjects with revision, blob and document; the caller owns the subjects."""
    return Citation.objects.filter(
        subject_kind=subject_kind, subject_id__in=subject_ids
    ).select_related("revision__blob", "revision__document__agency")


def citations_of_document(actor: Actor, document_id: int) -> QuerySet[Citation]:
    """Where a visible document is cited."""
    return Citation.objects.filter(
        revision__document__in=visible_to(actor).filter(pk=document_id).values("pk")
    ).select_related("revision")


@dataclass(frozen=True, slots=True)
class Support:
    """How well a subject is supported: citations, and those that name no page yet."""

    citations: int
    open: int


def support_of(subject_kind: str, subject_id: int) -> Support:
    """Counts the citations of one subject."""
    counted = Citation.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id
    ).aggregate(all=Count("pk"), open=Count("pk", filter=Q(pages="", revision__blob__pages__gt=1)))
    return Support(counted["all"], counted["open"])
