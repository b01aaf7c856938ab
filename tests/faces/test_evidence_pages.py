"""The vault in the browser: found, read, saved as a file, never run."""

import gc
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bukti.areas.answers import commands as answers
from bukti.areas.evidence import jobs, vault
from bukti.areas.evidence.commands import AccessClass, Facts
from bukti.areas.evidence.models import Blob, Citation, Document, Revision
from bukti.areas.ledger.models import Entry
from tests import cast as people
from tests.areas import files

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert("x")</script>'


def attach(person, round_, code, content=files.PDF, name="surat.pdf", title="Laporan Posyandu"):
    answer = people.answer(round_, code)
    received = files.received(content, name)
    return answers.attach_file(person.actor, answer.pk, received, Facts(title)).revision


@pytest.fixture
def letter(cast, running_round):
    return attach(cast.operator_of_health, running_round, "C1")


def upload(content=files.PDF, name="surat.pdf"):
    return {"file": SimpleUploadedFile(name, content)}


# ---------- the list ----------


def test_the_list_shows_what_one_may_read(cast, running_round, letter, as_):
    html = as_(cast.coordinator).get("/bukti/").content.decode()

    assert "1 dokumen" in html
    assert "Laporan Posyandu" in html
    assert "dikutip 1 kali" in html


def test_the_list_of_others_does_not_name_it(cast, letter, as_):
    for person in (cast.operator_of_education, cast.coordinator_elsewhere, cast.programme_admin):
        html = as_(person).get("/bukti/?cari=Posyandu").content.decode()
        assert "Laporan Posyandu" not in html


def test_the_list_is_narrowed_and_ignores_what_it_does_not_understand(cast, letter, as_):
    client = as_(cast.coordinator)

    found = client.get("/bukti/?cari=posyandu&jenis=other").content.decode()
    nothing = client.get("/bukti/?cari=lain").content.decode()
    strange = client.get("/bukti/?opd=x&jenis=zzz&halaman=-4&cari=%ff")

    assert "Laporan Posyandu" in found
    assert "Tidak ada dokumen yang cocok" in nothing
    assert strange.status_code == 200


def test_the_list_takes_as_many_queries_whatever_its_length(
    cast, running_round, letter, as_, django_assert_max_num_queries
):
    for number in range(8):
        attach(cast.operator_of_health, running_round, "C2", files.pdf(str(number)))
    client = as_(cast.coordinator)
    client.get("/bukti/")

    with django_assert_max_num_queries(9):
        client.get("/bukti/")


# ---------- one document ----------


def test_the_page_says_what_it_is_where_it_is_cited_and_who_may_see_it(cast, letter, as_):
    html = as_(cast.operator_of_health).get(f"/bukti/{letter.pk}/").content.decode()

    assert "Dikutip di 1 pertanyaan" in html
    assert "Operator dan kepala Dinas Kesehatan." in html
    assert "Lewat pertanyaan yang dikerjakan bersama: RSUD Panglima Sebaya." in html
    assert "Asesor belum" in html
    assert letter.blob.sha256 in html
    assert "Pratinjau sedang disiapkan" in html


def test_what_people_typed_is_shown_and_never_run(cast, running_round, as_):
    revision = attach(
        cast.operator_of_health, running_round, "C1", title=HOSTILE, name=f"{HOSTILE}.pdf"
    )

    html = as_(cast.operator_of_health).get(f"/bukti/{revision.pk}/").content.decode()

    assert HOSTILE not in html
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in html


def test_others_do_not_find_it(cast, letter, as_):
    for person in (cast.operator_of_education, cast.operator_elsewhere, cast.programme_admin):
        for path in ("", "unduh/", "halaman/1/", "keterangan/", "kelas/", "versi/"):
            assert as_(person).get(f"/bukti/{letter.pk}/{path}").status_code == 404


def test_the_page_takes_few_queries(cast, letter, as_, django_assert_max_num_queries):
    client = as_(cast.coordinator)
    client.get(f"/bukti/{letter.pk}/")

    with django_assert_max_num_queries(12):
        client.get(f"/bukti/{letter.pk}/")


# ---------- the bytes ----------


def test_a_download_is_an_attachment_sealed_and_whole(cast, letter, as_):
    response = as_(cast.operator_of_health).get(
        f"/bukti/{letter.pk}/unduh/", headers={"Accept-Encoding": "gzip"}
    )

    assert b"".join(response.streaming_content) == files.PDF
    assert response["Content-Disposition"] == 'attachment; filename="surat.pdf"'
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Length"] == str(len(files.PDF))
    assert response["Cache-Control"] == "private, no-store"


def test_a_file_that_the_vault_lost_is_told_and_not_a_fault(cast, letter, as_):
    vault.place_of(people.PASER, letter.blob.sha256).unlink()

    response = as_(cast.operator_of_health).get(f"/bukti/{letter.pk}/unduh/")

    assert response.status_code == 409
    assert "tidak ditemukan di penyimpanan" in response.content.decode()


def test_a_page_comes_as_a_picture_and_is_not_sent_twice(cast, letter, as_, settings, tmp_path):
    settings.DATA = tmp_path
    jobs.prepare_preview.call(letter.blob_id)
    client = as_(cast.operator_of_health)

    first = client.get(f"/bukti/{letter.pk}/halaman/1/")
    again = client.get(f"/bukti/{letter.pk}/halaman/1/", headers={"If-None-Match": first["ETag"]})

    assert first["Content-Type"] == "image/webp"
    assert first["Cache-Control"] == "private, no-cache"
    assert again.status_code == 304
    assert client.get(f"/bukti/{letter.pk}/halaman/2/").status_code == 404
    assert f"/bukti/{letter.pk}/halaman/1/" in client.get(f"/bukti/{letter.pk}/").content.decode()


# ---------- changing ----------


def test_the_owner_corrects_the_facts(cast, letter, as_):
    client = as_(cast.operator_of_health)

    response = client.post(
        f"/bukti/{letter.pk}/keterangan/",
        {"title": "SK Tim", "number": "188/2026", "date": "2026-03-04", "kind": "decree"},
    )

    document = Document.objects.get()
    assert response.status_code == 302
    assert (document.title, document.kind, str(document.date)) == ("SK Tim", "decree", "2026-03-04")


def test_facts_in_bad_shape_come_back_as_typed(cast, letter, as_):
    response = as_(cast.operator_of_health).post(
        f"/bukti/{letter.pk}/keterangan/",
        {"title": "SK Tim", "number": "", "date": "kemarin", "kind": "decree"},
    )

    assert response.status_code == 422
    assert "SK Tim" in response.content.decode()
    assert Document.objects.get().title == "Laporan Posyandu"


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("coordinator", "keterangan/"),
        ("operator_of_hospital", "keterangan/"),
        ("operator_of_hospital", "versi/"),
        ("operator_of_health", "kelas/"),
        ("auditor", "kelas/"),
    ],
)
def test_whoever_may_not_change_it_is_refused_on_both_ways(who, path, cast, letter, as_):
    client = as_(getattr(cast, who))
    entries = Entry.objects.count()

    assert client.get(f"/bukti/{letter.pk}/{path}").status_code == 403
    typed = {"title": "x", "kind": "other", "access": "public", **upload(files.pdf("2"))}
    assert client.post(f"/bukti/{letter.pk}/{path}", typed).status_code == 403
    assert Entry.objects.count() == entries


def test_the_coordinator_classifies(cast, letter, as_):
    as_(cast.coordinator).post(f"/bukti/{letter.pk}/kelas/", {"access": "exempt"})

    assert Document.objects.get().access == AccessClass.EXEMPT


def test_a_newer_state_is_uploaded_and_the_old_one_stays(cast, letter, as_):
    client = as_(cast.operator_of_health)

    response = client.post(f"/bukti/{letter.pk}/versi/", upload(files.pdf("baru"), "surat-2.pdf"))

    newer = Revision.objects.get(number=2)
    assert response["Location"] == f"/bukti/{newer.pk}/"
    assert Citation.objects.get().needs_look
    assert "Ini versi lama" in client.get(f"/bukti/{letter.pk}/").content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Berkasnya kosong"),
        (upload(b"<html>", "halaman.html"), "tidak diterima"),
        (upload(files.picture(), "surat.pdf"), "tidak sesuai"),
    ],
)
def test_a_file_that_is_refused_says_why(sent, sentence, cast, letter, as_):
    response = as_(cast.operator_of_health).post(f"/bukti/{letter.pk}/versi/", sent)

    assert response.status_code == 409
    assert sentence in response.content.decode()
    assert Revision.objects.count() == 1
    assert list(vault.incoming().iterdir()) == []


# ---------- on the way in ----------


def test_a_file_over_the_limit_is_told_and_leaves_nothing(cast, letter, as_, settings):
    settings.UPLOAD_LIMIT = 2_000_000

    response = as_(cast.operator_of_health).post(
        f"/bukti/{letter.pk}/versi/", upload(files.PDF + b"x" * 4_000_000)
    )

    assert response.status_code == 409
    assert "terlalu besar: paling besar 2,0" in response.content.decode()
    assert list(vault.incoming().iterdir()) == []


def test_a_full_disk_is_told_and_answers_still_save(cast, running_round, letter, as_, settings):
    settings.RESERVED_SPACE = 1 << 60
    client = as_(cast.operator_of_health)

    refused = client.post(f"/bukti/{letter.pk}/versi/", upload(files.pdf("2")))
    saved = client.post(
        f"/putaran/{running_round.pk}/pertanyaan/C1/simpan/", {"version": 0, "level": 2}
    )

    assert "hampir penuh" in refused.content.decode()
    assert saved.status_code in (200, 302)
    assert people.answer(running_round, "C1").level == 2


def body(content, *, is_whole):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="surat.pdf"\r\n\r\n'
    tail = b"\r\n--x--\r\n" if is_whole else b""
    return head + content + tail


def test_half_a_file_is_not_taken_for_a_whole_one(cast, letter, as_):
    response = as_(cast.operator_of_health).generic(
        "POST",
        f"/bukti/{letter.pk}/versi/",
        body(files.pdf("separuh"), is_whole=False),
        content_type="multipart/form-data; boundary=x",
    )

    assert response.status_code == 409
    assert "belum sampai seluruhnya" in response.content.decode()
    assert Revision.objects.count() == 1
    assert list(vault.incoming().iterdir()) == []


def test_whoever_is_not_signed_in_makes_the_server_write_nothing(letter, monkeypatch):
    opened = []
    monkeypatch.setattr(Path, "open", lambda *args, **_: opened.append(args))

    response = Client().post(f"/bukti/{letter.pk}/versi/", upload(files.PDF * 100))

    assert response.status_code in (302, 403)
    assert opened == []


def test_a_form_that_is_broken_behind_its_file_leaves_nothing(cast, letter, as_):
    content = body(files.PDF, is_whole=True)[: -len(b"--x--\r\n")] + (
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="b.pdf"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n%PDF-\xff=\r\n--x--\r\n"
    )

    client = as_(cast.operator_of_health)
    status = client.generic(
        "POST",
        f"/bukti/{letter.pk}/versi/",
        content,
        content_type="multipart/form-data; boundary=x",
    ).status_code
    gc.collect()  # the unfinished file goes with its request

    assert status < 500
    assert Revision.objects.count() == 1
    assert list(vault.incoming().iterdir()) == []


def test_no_blob_can_be_read_by_its_address(letter, as_, cast):
    digest = Blob.objects.get().sha256

    for path in (f"/static/{digest}", f"/vault/{people.PASER}/{digest[:2]}/{digest}"):
        assert as_(cast.coordinator).get(path).status_code == 404
