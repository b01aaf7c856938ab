"""Evidence: upload a file with its facts and cite it, read what is cited, fetch the bytes."""

import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from django.http import FileResponse
from ninja import Field, File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from bukti.areas.answers import commands
from bukti.areas.answers import queries as answers
from bukti.areas.evidence import commands as evidence
from bukti.areas.evidence import queries, vault
from bukti.areas.evidence.commands import AccessClass, DocumentKind
from bukti.faces.api.v1 import problems, shapes
from bukti.faces.api.v1.tokens import ApiRequest

if TYPE_CHECKING:
    from bukti.areas.evidence import models

router = Router(tags=["evidence"])
#: As `evidence.DocumentKind` and `evidence.AccessClass`; a test compares them.
Kind = Literal[
    "decree", "regulation", "plan", "budget", "invitation", "attendance", "minutes",
    "photo", "agreement", "screenshot", "report", "data", "other",
]  # fmt: skip
Access = Literal["public", "limited", "exempt"]


class Facts(Schema):
    """What is said of the document, and on which pages the claim stands (`4, 12–15`)."""

    title: shapes.Text = Field(default="", max_length=200)
    number: shapes.Text = Field(default="", max_length=100)
    date: datetime.date | None = None
    kind: Kind = "other"
    access: Access = "limited"
    pages: str = Field(default="", max_length=80)


class Citation(Schema):
    """A document as an answer cites it. `revision` is the number to download."""

    id: int
    revision: int
    title: str
    number: str
    date: datetime.date | None
    kind: str
    access: str
    filename: str
    media_type: str
    size: int
    sha256: str
    pages: str
    needs_look: bool
    uploaded_at: datetime.datetime


def shown(row: "models.Citation") -> Citation:
    """The citation, to be shown."""
    revision, document, blob = row.revision, row.revision.document, row.revision.blob
    return Citation(
        id=row.pk,
        revision=revision.pk,
        title=document.title,
        number=document.number,
        date=document.date,
        kind=document.kind,
        access=document.access,
        filename=revision.filename,
        media_type=blob.media_type,
        size=blob.size,
        sha256=blob.sha256,
        pages=row.pages,
        needs_look=row.needs_look,
        uploaded_at=revision.uploaded_at,
    )


@router.get(
    "/rounds/{int:round_id}/answers/{code}/evidence",
    response=list[Citation],
    operation_id="list_evidence",
)
def list_evidence(request: ApiRequest, round_id: int, code: str) -> list[Citation]:
    """What an answer cites."""
    answer = answers.by_code(request.actor, round_id, code)
    return [shown(row) for row in answers.citations_shown(request.actor, answer)]


@router.post(
    "/rounds/{int:round_id}/answers/{code}/evidence",
    response={
        201: Citation,
        frozenset({403, 404, 409, 413, 507}): problems.Problem,
        422: problems.NotUnderstood,
    },
    operation_id="upload_evidence",
)
def upload_evidence(
    request: ApiRequest,
    round_id: int,
    code: str,
    facts: Annotated[Facts, Form(...)],
    file: Annotated[UploadedFile | None, File(None)],
) -> Status[Citation]:
    """Keep a file for the answer's agency and cite it. Answered when the bytes are on the disk."""
    received = vault.received_in(request)[0]
    answer = answers.by_code(request.actor, round_id, code)
    said = evidence.Facts(
        title=facts.title,
        number=facts.number,
        date=facts.date,
        kind=DocumentKind(facts.kind),
        access=AccessClass(facts.access),
    )
    made = commands.attach_file(request.actor, answer.pk, received, said, pages=facts.pages)
    found = queries.citations_of("answer", [answer.pk]).get(pk=made.pk)
    return Status(201, shown(found))


@router.get(
    "/evidence/{int:revision_id}/file",
    response={frozenset({404, 409}): problems.Problem},
    operation_id="download_evidence",
)
def download_evidence(request: ApiRequest, revision_id: int) -> FileResponse:
    """The bytes of a revision, always as an attachment."""
    revision = queries.revision_page(request.actor, revision_id)
    stream = vault.read(revision.document.region_id, revision.blob.sha256)
    response = FileResponse(
        stream,
        as_attachment=True,
        filename=revision.filename,
        content_type="application/octet-stream",
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response
