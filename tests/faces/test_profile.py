"""One's own pages: preferences, tokens, notices."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bukti.areas.notices import commands as notices
from bukti.areas.notices.models import NoticeKind
from bukti.areas.people import commands, queries
from bukti.areas.people.models import ApiToken, User
from tests.cast import PASER

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def told(person, times=1):
    for number in range(times):
        notices.tell([person.user], NoticeKind.ROUND_STARTED, "/tugas/", round=f"Putaran {number}")


def test_ones_page_names_ones_roles(cast, as_):
    page = text_of(as_(cast.operator_of_health).get("/akun/"))

    assert "Operator OPD, Dinkes" in page
    assert "Kunci API" in page


def test_a_person_without_a_role_is_told_whom_to_ask(cast, as_):
    grant = queries.own_grants(cast.operator_of_health.actor).get()
    commands.end_grant(cast.coordinator.actor, grant.pk)

    page = text_of(as_(cast.operator_of_health).get("/akun/"))

    assert "Hubungi koordinator" in page
    assert "Kunci API" not in page


def test_a_chosen_language_holds_at_once(cast, as_):
    client = as_(cast.operator_of_health)

    answer = client.post("/akun/", {"language": "en"}, follow=True)

    user = User.objects.get(pk=cast.operator_of_health.user.pk)
    assert answer.headers["Content-Language"] == "en"
    assert (user.language, user.has_letter_keys) == ("en", False)
    assert 'data-keys="off"' in text_of(answer)


def test_an_unknown_language_is_not_accepted(cast, as_):
    answer = as_(cast.operator_of_health).post("/akun/", {"language": "xx"})

    assert answer.status_code == 422
    assert User.objects.get(pk=cast.operator_of_health.user.pk).language == "id"


def test_a_token_is_shown_once_and_works_until_revoked(cast, as_):
    client = as_(cast.operator_of_health)

    shown = text_of(client.post("/akun/kunci/", {"name": "Aplikasi"}))
    (text,) = re.findall(r"bukti_[\w-]{43}", shown)
    listed = text_of(client.get("/akun/"))
    found = queries.actor_of_token(text, timezone.now())
    client.post(f"/akun/kunci/{ApiToken.objects.get().pk}/cabut/")

    assert found
    assert found[0] == cast.operator_of_health.user
    assert "Aplikasi" in listed
    assert text not in listed
    assert queries.actor_of_token(text, timezone.now()) is None
    assert "dicabut" in text_of(client.get("/akun/"))


def test_a_token_needs_to_say_what_it_is_for(cast, as_):
    answer = as_(cast.operator_of_health).post("/akun/kunci/", {"name": " "})

    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_who_may_hold_no_token_gets_none(cast, as_):
    answer = as_(cast.auditor).post("/akun/kunci/", {"name": "Aplikasi"})

    assert answer.status_code == 403


def test_a_token_of_another_is_not_there(cast, as_):
    token, _ = commands.issue_token(cast.head_of_health.actor, PASER, name="Aplikasi")

    answer = as_(cast.operator_of_health).post(f"/akun/kunci/{token.pk}/cabut/")

    assert answer.status_code == 404


def test_notices_are_new_until_marked_read(cast, as_):
    told(cast.operator_of_health)
    client = as_(cast.operator_of_health)

    new = text_of(client.get("/pemberitahuan/"))
    read = text_of(client.post("/pemberitahuan/", follow=True))

    assert "1 pemberitahuan belum dibaca" in new
    assert "Putaran 0 dimulai" in new
    assert "Tidak ada yang belum dibaca" in read
    assert "Putaran 0 dimulai" in read


def test_without_notices_the_page_says_what_comes_here(cast, as_):
    assert "Belum ada pemberitahuan" in text_of(as_(cast.auditor).get("/pemberitahuan/"))


def test_nobody_reads_anothers_notices(cast, as_):
    told(cast.head_of_health)

    assert "dimulai" not in text_of(as_(cast.operator_of_health).get("/pemberitahuan/"))


@pytest.mark.parametrize(("path", "most"), [("/akun/", 10), ("/pemberitahuan/", 10)])
def test_the_pages_ask_the_database_the_same_whatever_there_is(cast, as_, path, most):
    client = as_(cast.operator_of_health)
    told(cast.operator_of_health)
    commands.issue_token(cast.operator_of_health.actor, PASER, name="Satu")
    counts = []

    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))
        told(cast.operator_of_health, 12)
        commands.issue_token(cast.operator_of_health.actor, PASER, name="Lagi")

    assert counts[0] == counts[1] <= most
