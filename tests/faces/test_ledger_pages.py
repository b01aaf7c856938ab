"""The auditor's page of the log."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bukti.areas.ledger import commands, queries
from bukti.areas.ledger.models import Checkpoint, Entry
from bukti.areas.people import commands as people
from bukti.rules.permissions import SYSTEM, Role
from tests.cast import PASER
from tests.tampering import disarm

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def invite(cast, number=0):
    return people.invite_user(
        cast.coordinator.actor,
        PASER,
        email=f"baru{number}@contoh.example",
        name=f"Operator baru {number}",
        role=Role.OPERATOR,
        agency_id=cast.health.pk,
    )


def test_an_entry_reads_as_a_sentence_with_the_office(cast, as_):
    user = invite(cast)

    page = text_of(as_(cast.auditor).get("/catatan/"))

    assert "<b>Koordinator DKISP</b> mengundang pengguna" in page
    assert f"pengguna {user.name}" in page
    assert "peran Operator OPD" in page
    assert user.email not in page


def test_an_empty_log_says_what_comes_here(cast, as_):
    assert "Catatan masih kosong" in text_of(as_(cast.auditor).get("/catatan/"))


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_operator_reads_no_log(cast, as_, method):
    path = {"get": "/catatan/", "post": "/catatan/periksa/"}[method]

    assert getattr(as_(cast.operator_of_health), method)(path).status_code == 403


def test_nobody_reads_the_log_of_another_region(cast, as_):
    invite(cast)

    assert "mengundang" not in text_of(as_(cast.auditor_elsewhere).get("/catatan/")).split("<ol")[0]
    assert not as_(cast.auditor_elsewhere).get("/catatan/").context["said"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("kejadian=user.invited", 2),
        ("kejadian=user.disabled", 1),
        ("orang=user:{coordinator}", 3),
        ("orang=user:{auditor}", 0),
        ("hari={today}", 3),
        ("hari=2020-01-01", 0),
        ("jenis=people.user&nomor={user}", 2),
        ("kejadian=apa&orang=siapa&hari=kapan&sebelum=nanti", 3),
        ("sebelum=1", 1),
    ],
)
def test_the_log_is_narrowed_and_nonsense_narrows_nothing(cast, as_, asked, found):
    user = invite(cast)
    invite(cast, 1)
    people.disable_user(cast.coordinator.actor, user.pk, PASER)
    here = timezone.now().astimezone(timezone.get_fixed_timezone(8 * 60)).date()

    page = as_(cast.auditor).get(
        "/catatan/?"
        + asked.format(
            coordinator=cast.coordinator.user.pk,
            auditor=cast.auditor.user.pk,
            user=user.pk,
            today=here,
        )
    )

    assert len(page.context["said"]) == found


def test_older_entries_are_one_link_away(cast, as_):
    for number in range(queries.PAGE + 3):
        invite(cast, number)
    client = as_(cast.auditor)

    newest = client.get("/catatan/?kejadian=user.invited")
    oldest = client.get(f"/catatan/?kejadian=user.invited&sebelum={newest.context['older']}")

    assert f"sebelum={newest.context['older']}" in text_of(newest)
    assert [said.line.index for said in oldest.context["said"]] == [2, 1, 0]
    assert oldest.context["older"] is None


def test_a_checkpoint_is_listed_and_comes_as_text(cast, as_):
    invite(cast)
    commands.sign_due_checkpoints(SYSTEM, "minute")
    signed = Checkpoint.objects.get(tree=PASER)
    client = as_(cast.auditor)

    page = text_of(client.get("/catatan/"))
    note = client.get(f"/catatan/titik-periksa/{signed.pk}/")

    assert f"sampai {signed.size} catatan" in page
    assert "berkala" in page
    assert f"{signed.size} dari {signed.size} catatan sudah ditandatangani" in page
    assert note.content.decode() == signed.note
    assert note.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert f"titik-periksa-64.01-{signed.size}.txt" in note.headers["Content-Disposition"]


def test_a_checkpoint_of_another_region_is_not_there(cast, as_):
    invite(cast)
    commands.sign_due_checkpoints(SYSTEM, "minute")
    path = f"/catatan/titik-periksa/{Checkpoint.objects.get(tree=PASER).pk}/"

    assert as_(cast.auditor_elsewhere).get(path).status_code == 404
    assert as_(cast.operator_of_health).get(path).status_code == 404


def test_a_whole_log_is_found_whole_and_the_check_is_noted(cast, as_):
    invite(cast)
    commands.sign_due_checkpoints(SYSTEM, "minute")

    page = text_of(as_(cast.auditor).post("/catatan/periksa/"))

    assert "Catatan utuh: 2 catatan diperiksa" in page
    assert Entry.objects.filter(tree=PASER).latest("index").event == "ledger.verified"


def test_a_changed_log_is_found_out_with_the_entry_named(cast, as_):
    invite(cast)
    disarm()
    Entry.objects.filter(tree=PASER, index=0).update(event="user.enabled")

    page = text_of(as_(cast.auditor).post("/catatan/periksa/"))

    assert "Catatan tidak utuh" in page
    assert "Catatan 0: kolom event berbeda dari isinya." in page


def test_only_who_may_check_sees_the_button(cast, as_):
    invite(cast)

    coordinators = text_of(as_(cast.coordinator).get("/catatan/"))
    refused = as_(cast.coordinator).post("/catatan/periksa/")
    auditors = text_of(as_(cast.auditor).get("/catatan/"))

    assert "Periksa seluruh catatan" not in coordinators
    assert refused.status_code == 403
    assert "Periksa seluruh catatan" in auditors


def test_the_page_asks_the_database_the_same_whatever_there_is(cast, as_):
    invite(cast)
    client = as_(cast.auditor)
    counts = []

    for number in (1, 2):
        with CaptureQueriesContext(connection) as captured:
            client.get("/catatan/")
        counts.append(len(captured))
        for more in range(5):
            invite(cast, number * 10 + more)
            commands.sign_due_checkpoints(SYSTEM, "minute")

    with CaptureQueriesContext(connection) as captured:
        client.get("/catatan/")
    assert [*counts, len(captured)] == [counts[0]] * 3
    assert counts[0] <= 14
