"""The vault: the list, one document, its bytes as attachment, its pages as pictures."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bukti.areas.answers import queries as answers
from bukti.areas.evidence import commands, jobs, queries, vault
from bukti.areas.people import queries as people
from bukti.faces.web.formpage import FormPage, answered, typed
from bukti.faces.web.forms.evidence import ClassifyForm, DescribeForm, DocumentFilter, ReviseForm
from bukti.faces.web.middleware import StaffRequest
from bukti.faces.web.verification import whole
from bukti.rules.errors import Refused
from bukti.rules.permissions import Action, require
from bukti.wording import formats
from bukti.wording.audience import audience_sentences
from bukti.wording.formats import content_disposition
from bukti.wording.words import refusal_sentence

if TYPE_CHECKING:
    from bukti.areas.answers.models import Answer
    from bukti.areas.evidence.models import Citation, Revision

PER_PAGE = 30
BLOCK = 1 << 18
#: What came from outside may never run, wherever a browser should come to show it.
SEALED = "sandbox; default-src 'none'"


@require_safe
def documents(request: StaffRequest) -> HttpResponse:
    """The documents one may read, newest first, narrowed by the address."""
    region = people.home_region(request.actor)
    agencies = people.agency_list(request.actor, region) if region and request.actor.regions else []
    form = DocumentFilter(request.GET, agencies=[(one.pk, one.name) for one in agencies])
    found = queries.document_list(request.actor, region, **form.wanted)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("halaman"))
    context = {"page": page, "form": form, "is_narrow": any(form.wanted.values())}
    return render(request, "evidence/documents.html", context)


@dataclass(frozen=True, slots=True)
class Use:
    """Where a document is cited: the answer, and which state on which pages."""

    citation: "Citation"
    answer: "Answer"


@require_safe
def document(request: StaffRequest, revision_id: int) -> HttpResponse:
    """One document: its pages, facts, states, where it is cited, and who may read it."""
    revision = queries.revision_page(request.actor, revision_id)
    revisions = list(queries.revisions_of(request.actor, revision.document_id))
    uses = _uses(request, revision.document_id)
    context = {
        "revision": revision,
        "document": revision.document,
        "zone": revision.document.region.zone,
        "revisions": revisions,
        "is_newest": revision == revisions[0],
        "uses": uses,
        "audience": _audience(revision),
        "viewer": _viewer(revision, whole(request.GET.get("hlm", ""))),
    }
    return render(request, "evidence/document.html", context)


def _audience(revision: "Revision") -> list[str]:
    said = revision.document
    return audience_sentences(
        agency=said.agency.name,
        region=said.region.name,
        zone=said.region.zone,
        access=said.access,
        reached=queries.audience_of(revision),
    )


def _uses(request: StaffRequest, document_id: int) -> list[Use]:
    cited = list(queries.citations_of_document(request.actor, document_id))
    ids = {citation.subject_id for citation in cited if citation.subject_kind == "answer"}
    known = answers.named(request.actor, ids)
    return [
        Use(citation, known[citation.subject_id])
        for citation in cited
        if citation.subject_kind == "answer" and citation.subject_id in known
    ]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The page shown, of how many that can be shown, and of how many the document has."""

    page: int
    shown: int
    all: int
    pattern: str

    @property
    def before(self) -> int | None:
        """The page before, if any."""
        return self.page - 1 if self.page > 1 else None

    @property
    def after(self) -> int | None:
        """The page after, if any."""
        return self.page + 1 if self.page < self.shown else None

    @property
    def is_cut(self) -> bool:
        """Whether the document goes on where the pictures end."""
        return self.all > self.shown


def _viewer(revision: "Revision", asked: int) -> Viewer | None:
    if revision.blob.preview != "ready" or not revision.blob.pages:
        return None
    shown = min(revision.blob.pages, jobs.MOST_PAGES)
    pattern = reverse("document_page", args=[revision.pk, 0]).replace("/0/", "/{page}/")
    return Viewer(min(max(asked, 1), shown), shown, revision.blob.pages, pattern)


@require_safe
def download(request: StaffRequest, revision_id: int) -> FileResponse:
    """The bytes as they came, always as an attachment."""
    revision = queries.revision_page(request.actor, revision_id)
    stream = vault.read(revision.document.region_id, revision.blob.sha256)
    return attachment(stream, revision.filename, revision.blob.media_type)


def attachment(stream: BinaryIO, filename: str, media_type: str) -> FileResponse:
    """A file that is saved, never shown: streamed, sealed, and not packed again on the way."""
    response = FileResponse(stream, content_type=media_type)
    response.block_size = BLOCK
    response["Content-Disposition"] = content_disposition(filename)
    response["Content-Security-Policy"] = SEALED
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Encoding"] = "identity"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def page(request: StaffRequest, revision_id: int, page: int) -> HttpResponse:
    """One page as a picture; a browser that has it already asks only whether it still may."""
    blob = queries.revision_page(request.actor, revision_id).blob
    tag = f'"{blob.sha256[:32]}-{page}"'
    response = get_conditional_response(request, etag=tag) or _picture(blob, page)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def _picture(blob: Any, page: int) -> HttpResponse:
    try:
        content = jobs.preview_page(blob.region_id, blob.sha256, page).read_bytes()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(
        content,
        content_type="image/webp",
        headers={"Content-Encoding": "identity", "Content-Security-Policy": SEALED},
    )


@require_http_methods(["GET", "POST"])
def describe(request: StaffRequest, revision_id: int) -> HttpResponse:
    """Correct what is said of the document."""
    revision = _changeable(request, revision_id, Action.UPLOAD_EVIDENCE)
    said = revision.document
    form = DescribeForm(
        typed(request),
        initial={"title": said.title, "number": said.number, "date": said.date, "kind": said.kind},
    )

    def act(_typed: dict[str, Any]) -> HttpResponse:
        commands.describe_document(request.actor, said.pk, form.facts())
        messages.success(request, _("Keterangan dokumen tersimpan."))
        return redirect("document", revision_id)

    return answered(request, _form_page(revision, form, _("Ubah keterangan")), act)


@require_http_methods(["GET", "POST"])
def classify(request: StaffRequest, revision_id: int) -> HttpResponse:
    """Decide whether the document may become public."""
    revision = _changeable(request, revision_id, Action.CLASSIFY_EVIDENCE)
    form = ClassifyForm(typed(request), initial={"access": revision.document.access})

    def act(_typed: dict[str, Any]) -> HttpResponse:
        commands.classify_document(request.actor, revision.document_id, form.chosen())
        messages.success(request, _("Kelas dokumen tersimpan."))
        return redirect("document", revision_id)

    return answered(request, _form_page(revision, form, _("Tetapkan kelas")), act)


@require_http_methods(["GET", "POST"])
def revise(request: StaffRequest, revision_id: int) -> HttpResponse:
    """Bring a newer state of the document."""
    revision = _changeable(request, revision_id, Action.UPLOAD_EVIDENCE)
    form = ReviseForm(typed(request))
    if request.method != "POST":
        return _revise_page(request, revision, form, 200)
    try:
        [received] = vault.received_in(request)[:1]
        newer = commands.revise_document(request.actor, revision.document_id, received)
    except Refused as refused:
        form.add_error("file", refusal_sentence(refused))
        return _revise_page(request, revision, form, 409)
    messages.success(request, _("Versi baru tersimpan. Yang mengutip versi lama diberi tahu."))
    return redirect("document", newer.pk)


def _revise_page(
    request: StaffRequest, revision: "Revision", form: ReviseForm, status: int
) -> HttpResponse:
    hint = _("PDF, gambar, atau tabel sampai %(limit)s.") % {
        "limit": formats.size(settings.UPLOAD_LIMIT)
    }
    context = {"page": _form_page(revision, form, _("Unggah versi baru")), "form": form}
    return render(request, "evidence/revise.html", {**context, "hint": hint}, status=status)


def _changeable(request: StaffRequest, revision_id: int, action: Action) -> "Revision":
    """The revision, if the actor may change its document; else refused before anything is typed."""
    revision = queries.revision_page(request.actor, revision_id)
    require(request.actor, action, revision.document.place)
    return revision


def _form_page(revision: "Revision", form: Any, label: str) -> FormPage:
    return FormPage(
        form=form,
        heading=label,
        lead=revision.document.title,
        label=label,
        back=reverse("document", args=[revision.pk]),
        back_label=revision.document.title,
    )
