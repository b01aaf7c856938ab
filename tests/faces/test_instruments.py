"""The pages of the frozen instruments."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bukti.areas.instruments import loader
from tests import cast as people

pytestmark = pytest.mark.django_db

PACKS = Path(loader.__file__).parent.parent.parent / "packs"


def text_of(response):
    return response.content.decode()


def shipped(key):
    return people.frozen(loader.load_pack(PACKS / key))


def test_every_frozen_version_is_listed_with_its_digest(cast, as_):
    frozen = people.frozen(people.small_pack())

    page = text_of(as_(cast.operator_of_health).get("/instrumen/"))

    assert "Instrumen kecil untuk uji" in page
    assert frozen.sha256[:16] in page
    assert "rekonstruksi" in page


def test_without_instruments_the_page_says_where_they_come_from(cast, as_):
    assert "Belum ada instrumen" in text_of(as_(cast.coordinator).get("/instrumen/"))


def test_a_page_shows_weights_and_the_questions_of_a_component(cast, as_):
    frozen = shipped("smart-city-121")

    page = text_of(as_(cast.auditor).get(f"/instrumen/{frozen.pk}/?komponen=quick_win"))

    assert page.count('class="dae-q"') == 12
    assert "KPPN dan IKN" in page
    assert "20%" in page
    assert frozen.sha256 in page


def test_all_questions_fit_one_printable_page(cast, as_):
    frozen = shipped("smart-city-121")

    page = text_of(as_(cast.auditor).get(f"/instrumen/{frozen.pk}/?komponen=semua"))

    assert page.count('class="dae-q"') == 121


def test_weights_by_question_are_added_up_by_component(cast, as_):
    frozen = shipped("spbe-2020")

    rows = as_(cast.auditor).get(f"/instrumen/{frozen.pk}/").context["weighed"]

    assert sum(row.weights[0] for row in rows) == 100


@pytest.mark.parametrize("address", ["/instrumen/999/", "/instrumen/{pk}/?komponen=tidak-ada"])
def test_what_is_not_there_is_not_there(cast, as_, address):
    frozen = people.frozen(people.small_pack())

    assert as_(cast.auditor).get(address.format(pk=frozen.pk)).status_code == 404


def test_a_visitor_signs_in_first(cast, client):
    assert client.get("/instrumen/").headers["Location"].startswith("/masuk/")


def test_the_pages_ask_the_database_the_same_whatever_there_is(cast, as_):
    frozen = people.frozen(people.small_pack())
    client = as_(cast.auditor)
    paths, counts = ["/instrumen/", f"/instrumen/{frozen.pk}/"], []

    for _ in range(3):
        for path in paths:
            client.get(path)
        with CaptureQueriesContext(connection) as captured:
            for path in paths:
                client.get(path)
        counts.append(len(captured))
        shipped("pemdi-2026")

    assert counts == [counts[0]] * 3
    assert counts[0] <= 16
