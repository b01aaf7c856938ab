"""Documents, their states and citations; who may read which."""

import io
import json
import sys

import pypdfium2
import pytest
from django.core.exceptions import ObjectDoesNotExist
from PIL import Image

from bukti.areas.answers import commands as answers
from bukti.areas.evidence import check, commands, jobs, preview, queries, vault
from bukti.areas.evidence.commands import AccessClass, DocumentKind, Facts
from bukti.areas.evidence.models import Blob, Citation, Document
from bukti.areas.ledger.models import Entry
from bukti.areas.people.models import Grant
from bukti.rules.errors import Denied, Reason, Refused
from bukti.rules.permissions import Actor, Place, Role
from bukti.rules.permissions import Grant as GrantValue
from tests import cast as people
from tests.areas import files

pytestmark = pytest.mark.django_db


def attach(person, round_, code, content=files.PDF, name="surat.pdf", **said):
    answer = people.answer(round_, code)
    pages = said.pop("pages", "")
    facts = Facts(said.pop("title", "Surat"), **said)
    return answers.attach_file(
        person.actor, answer.pk, files.received(content, name), facts, pages=pages
    )


def sees(person_or_actor, revision):
    actor = getattr(person_or_actor, "actor", person_or_actor)
    return queries.revisions_visible_to(actor).filter(pk=revision.pk).exists()


def assessor(round_, *more):
    grant = GrantValue(Role.ASSESSOR, people.PASER, round_id=round_.pk)
    return Actor("user:900", 900, frozenset({grant, *more}))


@pytest.fixture
def cited(cast, running_round):
    """A letter of health, cited in C1, with which the hospital helps."""
    return attach(cast.operator_of_health, running_round, "C1").revision


# ---------- adding ----------


def test_a_file_becomes_a_document_with_facts_entry_and_citation(cast, running_round):
    citation = attach(
        cast.operator_of_health,
        running_round,
        "C1",
        title=" Laporan ",
        number="440/12/2026",
        kind=DocumentKind.REPORT,
        pages="4;12-15",
    )

    document = citation.revision.document
    facts = json.loads(Entry.objects.get(event="document.added").body)["facts"]
    assert (document.title, document.number, document.kind) == ("Laporan", "440/12/2026", "report")
    assert document.agency == cast.health
    assert document.access == AccessClass.LIMITED
    assert citation.pages == "4, 12–15"
    assert facts["sha256"] == citation.revision.blob.sha256


def test_what_the_hospital_adds_to_the_work_of_health_is_the_hospitals(cast, running_round):
    citation = attach(cast.operator_of_hospital, running_round, "C1")

    assert citation.revision.document.agency == cast.hospital
    assert set(citation.readers.all()) == {cast.health, cast.hospital}


def test_a_document_without_a_title_bears_its_tidied_name(cast, running_round):
    name = "../../" + "surat\u202e " * 60 + ".pdf"

    citation = attach(cast.operator_of_health, running_round, "C1", title="", name=name)

    assert citation.revision.filename == citation.revision.document.title
    assert citation.revision.filename.endswith(".pdf")
    assert "\u202e" not in citation.revision.filename
    assert len(citation.revision.filename) <= 120


def test_the_same_file_twice_is_one_citation(cast, running_round):
    first = attach(cast.operator_of_health, running_round, "C1")
    entries = Entry.objects.count()

    second = attach(cast.operator_of_health, running_round, "C1", name="salinan.pdf")

    assert second == first
    assert Entry.objects.count() == entries


def test_the_same_file_elsewhere_is_another_document_on_one_blob(cast, running_round):
    attach(cast.operator_of_health, running_round, "C1")

    attach(cast.operator_of_health, running_round, "C2")

    assert Document.objects.count() == 2
    assert Blob.objects.count() == 1


@pytest.mark.parametrize("who", ["coordinator", "auditor", "operator_of_education"])
def test_nobody_adds_to_the_work_of_others(who, cast, running_round):
    person = getattr(cast, who)

    with pytest.raises((Denied, ObjectDoesNotExist)):
        attach(person, running_round, "C1")

    assert list(vault.blobs()) == []


def test_a_refused_file_leaves_neither_bytes_nor_rows(cast, running_round):
    with pytest.raises(Refused) as refusal:
        attach(cast.operator_of_health, running_round, "C1", files.picture("PNG"), "surat.pdf")

    assert refusal.value.reason is Reason.FILE_TYPE_MISMATCH
    assert not Document.objects.exists()
    assert list(vault.blobs()) == []
    assert list(vault.incoming().iterdir()) == []


@pytest.mark.parametrize(
    ("said", "longest"), [({"title": "x" * 201}, 200), ({"title": "a", "number": "1" * 101}, 100)]
)
def test_facts_too_long_for_their_place_are_refused(said, longest, cast, running_round):
    with pytest.raises(Refused) as refusal:
        attach(cast.operator_of_health, running_round, "C1", **said)

    assert refusal.value.facts["longest"] == longest


def test_pages_that_nobody_understands_are_refused_before_the_file_is_kept(cast, running_round):
    with pytest.raises(Refused) as refusal:
        attach(cast.operator_of_health, running_round, "C1", pages="halaman depan")

    assert refusal.value.reason is Reason.PAGES_NOT_UNDERSTOOD
    assert list(vault.blobs()) == []


def test_a_note_too_long_for_its_place_is_refused(cast, running_round, cited):
    answer = people.answer(running_round, "C1")

    with pytest.raises(Refused):
        answers.cite_revision(cast.operator_of_health.actor, answer.pk, cited.pk, note="x" * 201)


# ---------- changing ----------


def test_a_newer_state_asks_citers_to_look_again(cast, cited):
    newer = commands.revise_document(
        cast.operator_of_health.actor, cited.document_id, files.received(files.pdf("baru"))
    )

    assert newer.number == 2
    assert Citation.objects.get().needs_look
    assert Citation.objects.get().revision == cited
    assert Entry.objects.filter(event="document.revised").count() == 1


def test_the_same_bytes_are_no_newer_state(cast, cited):
    same = commands.revise_document(
        cast.operator_of_health.actor, cited.document_id, files.received()
    )

    assert same == cited
    assert not Citation.objects.get().needs_look


def test_citing_again_changes_pages_and_clears_the_doubt(cast, running_round, cited):
    Citation.objects.update(needs_look=True)
    answer = people.answer(running_round, "C1")

    answers.cite_revision(cast.operator_of_health.actor, answer.pk, cited.pk, pages="2")

    citation = Citation.objects.get()
    assert (citation.pages, citation.needs_look) == ("2", False)
    assert Entry.objects.filter(event="citation.changed").count() == 1


def test_the_owner_describes_and_nobody_else(cast, cited):
    facts = Facts("Laporan", "1/2026", kind=DocumentKind.REPORT, access=AccessClass.PUBLIC)

    document = commands.describe_document(cast.head_of_health.actor, cited.document_id, facts)

    assert (document.title, document.kind) == ("Laporan", "report")
    assert document.access == AccessClass.LIMITED
    for person in (cast.coordinator, cast.operator_of_hospital):
        with pytest.raises(Denied):
            commands.describe_document(person.actor, cited.document_id, facts)


def test_the_coordinator_classifies_and_nobody_else(cast, cited):
    document = commands.classify_document(
        cast.coordinator.actor, cited.document_id, AccessClass.EXEMPT
    )

    assert document.access == AccessClass.EXEMPT
    with pytest.raises(Denied):
        commands.classify_document(
            cast.operator_of_health.actor, cited.document_id, AccessClass.PUBLIC
        )


def test_a_citation_taken_back_leaves_the_document(cast, running_round, cited):
    answer = people.answer(running_round, "C1")

    answers.uncite(cast.operator_of_health.actor, answer.pk, Citation.objects.get().pk)

    assert not Citation.objects.exists()
    assert Document.objects.exists()
    assert not sees(cast.operator_of_hospital, cited)


# ---------- reading ----------


def test_owner_helper_and_region_read_what_is_cited(cast, cited):
    for person in (
        cast.operator_of_health,
        cast.head_of_health,
        cast.operator_of_hospital,
        cast.coordinator,
        cast.executive,
        cast.auditor,
    ):
        assert sees(person, cited), person.user.name


def test_others_do_not_read_it(cast, running_round, cited):
    for person in (
        cast.operator_of_education,
        cast.operator_elsewhere,
        cast.coordinator_elsewhere,
        cast.programme_admin,
    ):
        assert not sees(person, cited), person.user.name
    assert not sees(assessor(running_round), cited)


def test_of_anothers_document_a_helper_reads_only_the_state_that_is_cited(cast, cited):
    newer = commands.revise_document(
        cast.operator_of_health.actor, cited.document_id, files.received(files.pdf("baru"))
    )

    assert sees(cast.operator_of_hospital, cited)
    assert not sees(cast.operator_of_hospital, newer)
    assert sees(cast.coordinator, newer)


def test_an_assessor_reads_only_the_very_state_that_was_released(cast, running_round, cited):
    commands.release(cast.executive.actor, running_round.place, running_round.pk)
    newer = commands.revise_document(
        cast.operator_of_health.actor, cited.document_id, files.received(files.pdf("baru"))
    )

    outsider = assessor(running_round)

    assert sees(outsider, cited)
    assert not sees(outsider, newer)
    assert [r.pk for r in queries.document_list(outsider, None)] == [cited.pk]
    assert [r.number for r in queries.revisions_of(outsider, cited.document_id)] == [1]


def test_an_assessor_who_holds_an_office_elsewhere_sees_no_more(cast, running_round, cited):
    commands.release(cast.executive.actor, running_round.place, running_round.pk)
    newer = commands.revise_document(
        cast.operator_of_health.actor, cited.document_id, files.received(files.pdf("baru"))
    )
    office = GrantValue(Role.OPERATOR, people.ELSEWHERE, cast.health_elsewhere.pk)

    outsider = assessor(running_round, office)

    assert sees(outsider, cited)
    assert not sees(outsider, newer)


def test_an_assessor_who_belongs_to_the_region_reads_nothing_through_the_round(
    cast, running_round, cited
):
    commands.release(cast.executive.actor, running_round.place, running_round.pk)
    office = GrantValue(Role.OPERATOR, people.PASER, cast.education.pk)

    assert not sees(assessor(running_round, office), cited)


def test_a_release_counts_for_its_own_round_only(cast, running_round, cited):
    commands.release(cast.executive.actor, running_round.place, running_round.pk)
    other = GrantValue(Role.ASSESSOR, people.PASER, round_id=running_round.pk + 1)

    assert not sees(Actor("user:900", 900, frozenset({other})), cited)


def test_a_revoked_grant_ends_the_reading(cast, cited):
    Grant.objects.filter(user=cast.operator_of_health.user).update(until="2026-01-02")

    assert not sees(cast.operator_of_health, cited)


def test_reassigning_shares_and_unshares(cast, running_round, cited):
    subject = commands.Subject(
        "answer",
        people.answer(running_round, "C1").pk,
        Place(people.PASER, cast.education.pk, running_round.pk),
    )

    commands.share_with(cast.coordinator.actor, subject)

    assert sees(cast.operator_of_education, cited)
    assert not sees(cast.operator_of_hospital, cited)
    assert sees(cast.operator_of_health, cited)


def test_uses_count_only_what_one_may_know(cast, running_round, cited):
    answers.cite_revision(
        cast.operator_of_health.actor, people.answer(running_round, "C2").pk, cited.pk
    )

    [own] = queries.document_list(cast.operator_of_health.actor, people.PASER)
    [shared] = queries.document_list(cast.operator_of_hospital.actor, people.PASER)

    assert [vars(one)["uses"] for one in (own, shared)] == [2, 1]


def test_the_list_is_searched_and_filtered(cast, running_round):
    attach(cast.operator_of_health, running_round, "C1", title="Laporan Posyandu")
    attach(cast.operator_of_health, running_round, "C2", files.pdf("2"), number="188/KEP")
    actor = cast.coordinator.actor

    def found(**wanted):
        return [r.document.title for r in queries.document_list(actor, people.PASER, **wanted)]

    assert found(words="posyandu laporan") == ["Laporan Posyandu"]
    assert found(words="188/kep") == ["Surat"]
    assert found(words="100%") == []
    assert found(agency=cast.education.pk) == []
    assert len(found(kind="other")) == 2


# ---------- previews ----------


def long_pdf(pages):
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def previewed(content, name, cast, round_, settings, tmp_path):
    settings.DATA = tmp_path
    citation = attach(cast.operator_of_health, round_, "C1", content, name)
    jobs.prepare_preview.call(citation.revision.blob_id)
    return Blob.objects.get()


def test_each_page_becomes_a_picture(cast, running_round, settings, tmp_path):
    blob = previewed(long_pdf(3), "surat.pdf", cast, running_round, settings, tmp_path)

    assert (blob.preview, blob.pages) == ("ready", 3)
    with Image.open(jobs.preview_page(people.PASER, blob.sha256, 3)) as page:
        assert (page.format, page.width) == ("WEBP", preview.WIDTH)


def test_a_photo_is_turned_and_loses_what_the_camera_wrote(cast, running_round, settings, tmp_path):
    stream, exif = io.BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "GPS rahasia"
    Image.new("RGB", (60, 20)).save(stream, "JPEG", exif=exif)

    blob = previewed(stream.getvalue(), "foto.jpg", cast, running_round, settings, tmp_path)

    path = jobs.preview_page(people.PASER, blob.sha256, 1)
    with Image.open(path) as page:
        assert page.size == (20, 60)
    assert b"rahasia" not in path.read_bytes()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.4 rusak", "surat.pdf"),
        (b"\x89PNG\r\n\x1a\nrusak", "layar.png"),
    ],
)
def test_what_cannot_be_shown_says_so_and_stays_downloadable(
    content, name, cast, running_round, settings, tmp_path
):
    blob = previewed(content, name, cast, running_round, settings, tmp_path)

    assert (blob.preview, blob.pages) == ("failed", None)
    assert not jobs.preview_folder(people.PASER, blob.sha256).exists()
    with vault.read(people.PASER, blob.sha256) as file:
        assert file.read() == content


def test_a_flood_of_pixels_ends_the_child_only(cast, running_round, settings, tmp_path):
    stream = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(stream, "PNG")

    blob = previewed(stream.getvalue(), "layar.png", cast, running_round, settings, tmp_path)

    assert blob.preview == "failed"


def test_the_child_knows_nothing_of_its_surroundings(monkeypatch, tmp_path):
    monkeypatch.setenv("BUKTI_SECRET_KEY", "rahasia")
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\nenv > {tmp_path}/environment\necho 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))

    preview.make(tmp_path / "a.pdf", "application/pdf", tmp_path / "pages")

    assert "rahasia" not in (tmp_path / "environment").read_text()


def test_a_lost_preview_is_asked_for_again(cast, cited):
    from django_tasks_db.models import DBTaskResult

    before = DBTaskResult.objects.count()
    Blob.objects.update(created_at=cited.blob.created_at - 2 * jobs.PATIENCE)

    jobs.tidy_vault.call()

    assert DBTaskResult.objects.count() == before + 1


# ---------- checking ----------


def flaws():
    return {(found.flaw, found.name) for found in check.found(check.Report())}


def test_a_whole_vault_has_no_flaw(cited):
    report = check.Report()

    assert list(check.found(report)) == []
    assert (report.files, report.size) == (1, len(files.PDF))


def test_a_missing_a_rotten_and_a_forgotten_file_are_named(cast, running_round, cited):
    attach(cast.operator_of_health, running_round, "C2", files.pdf("2"), "rusak.pdf")
    rotten = vault.place_of(people.PASER, Blob.objects.get(size__gt=len(files.PDF)).sha256)
    rotten.write_bytes(b"x" * rotten.stat().st_size)
    vault.place_of(people.PASER, cited.blob.sha256).unlink()
    vault.keep(files.received(b"lain", "lain.txt"), people.PASER)

    assert flaws() == {
        (check.Flaw.MISSING, "surat.pdf"),
        (check.Flaw.ROTTEN, "rusak.pdf"),
        (check.Flaw.ORPHAN, ""),
    }
