"""The API: a file goes in with its facts and comes out again, for those who may."""

from hashlib import sha256
from pathlib import Path
from typing import get_args

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bukti.areas.evidence import vault
from bukti.areas.evidence.models import AccessClass, DocumentKind
from bukti.faces.api.v1.evidence import Access, Kind
from bukti.rules.errors import Reason
from tests.faces.api import api

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def file(name: str = "perbup.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """A file as a client sends it."""
    return SimpleUploadedFile(name, content, "application/pdf")


def upload(client, round_, code="C1", **fields):
    """Send a file for an answer."""
    return client.upload(f"/rounds/{round_.pk}/answers/{code}/evidence", **fields)


def test_a_file_is_kept_under_its_hash_and_cited_with_its_facts(cast, running_round):
    health = api(cast.operator_of_health)

    made = upload(
        health,
        running_round,
        file=file(),
        title="Peraturan Bupati tentang Masterplan",
        number="12/2025",
        date="2025-03-04",
        kind="regulation",
        pages="4, 12-15",
    )
    listed = health.get(f"/rounds/{running_round.pk}/answers/C1/evidence").json()

    assert made.status_code == 201
    assert listed == [made.json()]
    assert made.json()["sha256"] == sha256(PDF).hexdigest()
    assert made.json()["pages"] == "4, 12–15"
    assert vault.place_of("64.01", sha256(PDF).hexdigest()).read_bytes() == PDF


def test_the_bytes_come_back_as_an_attachment_only_to_who_may_read(cast, running_round):
    health = api(cast.operator_of_health)
    revision = upload(health, running_round, file=file()).json()["revision"]

    own = health.get(f"/evidence/{revision}/file")
    helper = api(cast.operator_of_hospital).get(f"/evidence/{revision}/file")
    other = api(cast.operator_of_education).get(f"/evidence/{revision}/file")

    assert b"".join(own.streaming_content) == PDF
    assert own["Content-Disposition"].startswith("attachment")
    assert own["Content-Type"] == "application/octet-stream"
    assert own["X-Content-Type-Options"] == "nosniff"
    assert helper.status_code == 200
    assert other.status_code == 404


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ({"file": file(content=b"")}, 409, Reason.FILE_EMPTY),
        ({}, 409, Reason.FILE_EMPTY),
        ({"file": file("foto.png")}, 409, Reason.FILE_TYPE_MISMATCH),
        ({"file": file(), "pages": "empat"}, 409, Reason.PAGES_NOT_UNDERSTOOD),
    ],
    ids=["empty", "missing", "another type", "pages in words"],
)
def test_a_file_that_cannot_be_kept_is_refused_with_its_reason(
    cast, running_round, fields, status, reason
):
    answer = upload(api(cast.operator_of_health), running_round, **fields)

    assert (answer.status_code, answer.json()["reason"]) == (status, reason)


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(cast, running_round, settings):
    settings.UPLOAD_LIMIT = 2_000

    answer = upload(api(cast.operator_of_health), running_round, file=file(content=PDF * 40))

    assert (answer.status_code, answer.json()["reason"]) == (413, "file_too_large")
    assert list(vault.incoming().iterdir()) == []


def test_a_stranger_makes_the_server_write_nothing(client, cast, running_round):
    path = f"/api/v1/rounds/{running_round.pk}/answers/C1/evidence"

    answer = client.post(path, {"file": file()})

    assert answer.status_code == 401
    assert not any(Path(vault.incoming()).iterdir())


def test_kinds_and_classes_are_those_of_the_vault():
    assert set(get_args(Kind)) == set(DocumentKind.values)
    assert set(get_args(Access)) == set(AccessClass.values)
