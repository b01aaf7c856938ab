"""The page of one question: read, typed, saved, compared, supported."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bukti.areas.answers.models import Version
from bukti.areas.evidence.models import Citation
from bukti.rules.workflow import AnswerState
from tests import cast as people

pytestmark = pytest.mark.django_db

IN_BACKGROUND = {"HTTP_HX_REQUEST": "true"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n%%EOF\n"


def address(round_, code, rest=""):
    return f"/putaran/{round_.pk}/pertanyaan/{code}/{rest}"


def typed(**fields):
    return {"version": 0, "level": "", "explanation": "", **fields}


def test_a_save_in_the_background_answers_with_version_and_time(cast, running_round, as_):
    client = as_(cast.operator_of_health)

    answer = client.post(
        address(running_round, "C2", "simpan/"),
        typed(level=3, value="87,5", explanation="Cakupan naik."),
        **IN_BACKGROUND,
    )

    told = json.loads(answer.content)
    assert told["version"] == 1
    assert told["saved"].startswith("Tersimpan ")
    assert str(people.answer(running_round, "C2").value) == "87.5000"


def test_without_a_script_the_form_saves_and_shows_the_page_again(cast, running_round, as_):
    client = as_(cast.operator_of_health)

    page = client.post(address(running_round, "C1", "simpan/"), typed(level=2), follow=True)

    assert "Tersimpan" in page.content.decode()
    assert people.answer(running_round, "C1").state == AnswerState.DRAFT


def test_the_slower_of_two_sees_both_versions(cast, running_round, as_):
    client = as_(cast.operator_of_health)
    client.post(address(running_round, "C1", "simpan/"), typed(level=3), **IN_BACKGROUND)

    clash = client.post(
        address(running_round, "C1", "simpan/"),
        typed(level=1, explanation="Isian saya."),
        **IN_BACKGROUND,
    )

    html = clash.content.decode()
    assert clash.status_code == 412
    assert 'data-version="1"' in html
    assert "Isian saya." in html


def test_without_a_script_the_slower_gets_a_page_that_can_save_again(cast, running_round, as_):
    client = as_(cast.operator_of_health)
    client.post(address(running_round, "C1", "simpan/"), typed(level=3))

    clash = client.post(
        address(running_round, "C1", "simpan/"), typed(level=1, explanation="Isian <b>saya</b>")
    )

    html = clash.content.decode()
    assert clash.status_code == 412
    assert "Isian &lt;b&gt;saya&lt;/b&gt;" in html
    assert '<input type="hidden" name="version" value="1">' in html


def test_a_number_that_is_none_is_told_and_what_was_typed_stays(cast, running_round, as_):
    client = as_(cast.operator_of_health)

    page = client.post(
        address(running_round, "C2", "simpan/"), typed(level=2, value="delapan", explanation="x y")
    )

    html = page.content.decode()
    assert page.status_code == 422
    assert "“delapan” bukan angka" in html
    assert "x y" in html
    assert not Version.objects.exists()


def test_a_level_out_of_scale_is_refused_in_words(cast, running_round, as_):
    client = as_(cast.operator_of_health)

    answer = client.post(address(running_round, "C1", "simpan/"), typed(level=7), **IN_BACKGROUND)

    assert answer.status_code == 409
    assert "di luar batas" in answer.content.decode()


def test_a_signed_out_save_in_the_background_is_told_so(cast, running_round, client):
    answer = client.post(address(running_round, "C1", "simpan/"), typed(level=2), **IN_BACKGROUND)

    assert answer.status_code == 401


def test_an_uploaded_file_becomes_a_citation(cast, running_round, as_):
    client = as_(cast.operator_of_health)

    row = client.post(
        address(running_round, "C1", "bukti/"),
        {"file": SimpleUploadedFile("Laporan Simyandu.pdf", PDF)},
        **IN_BACKGROUND,
    )

    assert row.status_code == 200
    assert "Laporan Simyandu" in row.content.decode()
    assert Citation.objects.get().subject_id == people.answer(running_round, "C1").pk
    assert people.answer(running_round, "C1").evidence_count == 1


def test_a_file_that_is_not_what_it_says_is_refused(cast, running_round, as_):
    client = as_(cast.operator_of_health)

    answer = client.post(
        address(running_round, "C1", "bukti/"),
        {"file": SimpleUploadedFile("foto.jpg", PDF)},
        **IN_BACKGROUND,
    )

    assert answer.status_code == 409
    assert "tidak sesuai" in answer.content.decode()
    assert not Citation.objects.exists()


def test_a_citation_takes_pages_and_lets_go(cast, running_round, as_):
    client = as_(cast.operator_of_health)
    client.post(address(running_round, "C1", "bukti/"), {"file": SimpleUploadedFile("a.pdf", PDF)})
    citation = Citation.objects.get()

    client.post(
        address(running_round, "C1", "bukti/kutip/"),
        {"revision": citation.revision_id, "pages": "4; 12-15", "note": "Capaian."},
    )
    citation.refresh_from_db()
    pages = citation.pages
    client.post(address(running_round, "C1", f"bukti/{citation.pk}/lepas/"))

    assert pages == "4, 12–15"
    assert not Citation.objects.exists()


def test_history_compares_and_restores(cast, running_round, as_):
    client = as_(cast.operator_of_health)
    client.post(address(running_round, "C1", "simpan/"), typed(level=1, explanation="Lama."))
    client.post(
        address(running_round, "C1", "simpan/"), typed(version=1, level=3, explanation="Baru.")
    )

    compared = client.get(address(running_round, "C1", "riwayat/1/")).content.decode()
    client.post(address(running_round, "C1", "riwayat/1/pulihkan/"), {"version": 2})

    assert "Lama." in compared
    assert "Baru." in compared
    assert people.answer(running_round, "C1").explanation == "Lama."


def test_agency_and_coordinator_talk_beside_the_answer(cast, running_round, as_):
    client = as_(cast.coordinator)

    client.post(address(running_round, "C1", "komentar/"), {"text": "Mohon lengkapi."})

    html = as_(cast.operator_of_health).get(address(running_round, "C1")).content.decode()
    assert "Mohon lengkapi." in html


def test_the_coordinator_declares_a_question_not_applicable_with_a_reason(cast, running_round, as_):
    client = as_(cast.coordinator)

    client.post(address(running_round, "C1", "lewati/"), {"text": ""})
    without = people.answer(running_round, "C1").state
    client.post(address(running_round, "C1", "lewati/"), {"text": "Bukan kewenangan kabupaten."})

    assert without == AnswerState.EMPTY
    assert people.answer(running_round, "C1").state == AnswerState.NOT_APPLICABLE


def test_a_neighbour_does_not_find_the_question(cast, running_round, as_):
    for person in (cast.operator_of_education, cast.coordinator_elsewhere):
        assert as_(person).get(address(running_round, "C1")).status_code == 404


def test_the_question_asks_few_questions_of_the_database(
    cast, running_round, as_, django_assert_max_num_queries
):
    client = as_(cast.operator_of_health)
    for version in range(3):
        client.post(address(running_round, "C1", "simpan/"), typed(version=version, level=version))

    with django_assert_max_num_queries(14):
        client.get(address(running_round, "C1"))


def test_a_save_asks_few_questions_of_the_database(
    cast, running_round, as_, django_assert_max_num_queries
):
    client = as_(cast.operator_of_health)

    with django_assert_max_num_queries(14):  # with SAVEPOINT and its release
        client.post(address(running_round, "C1", "simpan/"), typed(level=2), **IN_BACKGROUND)
