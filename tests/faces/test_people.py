"""The pages of agencies and people: what they show, to whom, and what they change."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bukti.areas.people import commands
from bukti.areas.people.models import Agency, Grant, User
from bukti.rules.permissions import Role
from tests import cast as people
from tests.cast import PASER

pytestmark = pytest.mark.django_db

READ = ["/perangkat-daerah/", "/perangkat-daerah/{agency}/", "/pengguna/", "/pengguna/{user}/"]
CHANGE = [
    "/perangkat-daerah/baru/",
    "/perangkat-daerah/{agency}/nama/",
    "/perangkat-daerah/{agency}/gabung/",
    "/pengguna/undang/",
    "/pengguna/asesor/",
    "/pengguna/{user}/peran/",
    "/peran/{grant}/pindah/",
]


def today():
    return timezone.now().date()


def text_of(response):
    return response.content.decode()


def filled(path, cast):
    return path.format(
        agency=cast.health.pk,
        user=cast.operator_of_health.user.pk,
        grant=grant_of(cast.operator_of_health).pk,
    )


def grant_of(person):
    return Grant.objects.get(user=person.user)


def queries_of(client, path):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", READ)
def test_an_auditor_reads_everything_and_sees_no_button(cast, as_, path):
    page = as_(cast.auditor).get(filled(path, cast))

    main = text_of(page).split("<main")[1]
    assert page.status_code == 200
    assert 'method="post"' not in main
    assert "Undang" not in main
    assert "Beri peran" not in main


@pytest.mark.parametrize("path", [*READ, *CHANGE])
def test_an_operator_reads_and_changes_no_people(cast, as_, path):
    assert as_(cast.operator_of_health).get(filled(path, cast)).status_code == 403


@pytest.mark.parametrize("path", CHANGE)
def test_an_auditor_opens_no_form(cast, as_, path):
    assert as_(cast.auditor).get(filled(path, cast)).status_code == 403


@pytest.mark.parametrize("path", [path for path in [*READ, *CHANGE] if "{" in path])
def test_what_belongs_to_another_region_is_not_there(cast, as_, path):
    assert as_(cast.coordinator_elsewhere).get(filled(path, cast)).status_code == 404


@pytest.mark.parametrize("path", [*READ, *CHANGE])
def test_a_coordinator_opens_every_page(cast, as_, path):
    page = as_(cast.coordinator).get(filled(path, cast))

    assert page.status_code == 200
    assert text_of(page).count("bk-btn--primary") >= ("baru" in path)


@pytest.mark.parametrize(
    ("path", "most"),
    [(READ[0], 13), (READ[1], 13), (READ[2], 11), (READ[3], 10)],
)
def test_the_pages_ask_the_database_the_same_whatever_there_is(cast, as_, path, most):
    client = as_(cast.coordinator)
    path = filled(path, cast)
    before = queries_of(client, path)
    for number in range(5):
        agency = people.agency(f"opd-{number}", f"OPD {number}", f"OPD{number}")
        people.person(f"Operator {number}", Role.OPERATOR, agency=agency)
        people.person(f"Kepala {number}", Role.AGENCY_HEAD, agency=cast.health)

    after = queries_of(client, path)

    assert before == after <= most


# ---------- agencies ----------


def test_an_agency_is_added_with_a_code_from_its_short_name(cast, as_):
    answer = as_(cast.coordinator).post(
        "/perangkat-daerah/baru/",
        {"name": "Dinas Perhubungan", "short_name": "Dishub Paser"},
        follow=True,
    )

    assert "Dinas Perhubungan tercatat." in text_of(answer)
    assert Agency.objects.get(code="dishub-paser").name == "Dinas Perhubungan"


def test_a_taken_name_is_refused_and_what_was_typed_stays(cast, as_):
    answer = as_(cast.coordinator).post(
        "/perangkat-daerah/baru/", {"name": "Dinas Kesehatan", "short_name": "DK"}
    )

    assert answer.status_code == 409
    assert "Perangkat daerah Dinas Kesehatan sudah ada." in text_of(answer)
    assert 'value="DK"' in text_of(answer)


def test_a_short_name_without_letters_is_not_accepted(cast, as_):
    answer = as_(cast.coordinator).post(
        "/perangkat-daerah/baru/", {"name": "Dinas", "short_name": "•••"}
    )

    assert answer.status_code == 422
    assert "huruf Latin" in text_of(answer)


def test_a_renamed_agency_shows_both_names(cast, as_):
    client = as_(cast.coordinator)

    client.post(
        f"/perangkat-daerah/{cast.health.pk}/nama/",
        {"name": "Dinas Kesehatan dan KB", "short_name": "Dinkes KB", "since": today()},
    )

    page = text_of(client.get("/perangkat-daerah/"))
    assert "Dinas Kesehatan dan KB" in page
    assert "dulu Dinas Kesehatan" in page


def test_a_merged_agency_leads_to_its_successor(cast, as_):
    client = as_(cast.coordinator)

    client.post(
        f"/perangkat-daerah/{cast.hospital.pk}/gabung/",
        {"agency": cast.health.pk, "until": today()},
    )

    page = text_of(client.get(f"/perangkat-daerah/{cast.hospital.pk}/"))
    assert "menjadi bagian dari Dinas Kesehatan" in page
    assert "Pindahkan mereka" in page
    assert "RSUD Panglima Sebaya" in text_of(client.get(f"/perangkat-daerah/{cast.health.pk}/"))


def test_an_agency_cannot_be_merged_into_one_of_another_region(cast, as_):
    answer = as_(cast.coordinator).post(
        f"/perangkat-daerah/{cast.hospital.pk}/gabung/",
        {"agency": cast.health_elsewhere.pk, "until": today()},
    )

    assert answer.status_code == 422


# ---------- people ----------

INVITED = {"email": "baru@contoh.example", "name": "Operator baru", "role": "operator"}


def test_an_invited_person_is_on_the_list(cast, as_):
    client = as_(cast.coordinator)

    answer = client.post("/pengguna/undang/", {**INVITED, "agency": cast.health.pk}, follow=True)

    assert "Undangan dikirim ke baru@contoh.example." in text_of(answer)
    assert "Belum pernah masuk" in text_of(answer)
    assert "Operator baru" in text_of(client.get("/pengguna/"))


def test_an_operator_without_an_agency_is_refused_with_words(cast, as_):
    answer = as_(cast.coordinator).post("/pengguna/undang/", INVITED)

    assert answer.status_code == 409
    assert "Pilih perangkat daerah" in text_of(answer)
    assert "baru@contoh.example" in text_of(answer)


@pytest.mark.parametrize(
    "typed", [{"role": "programme_admin"}, {"email": "bukan"}, {"agency": "999999999999999999999"}]
)
def test_what_the_form_does_not_offer_is_not_accepted(cast, as_, typed):
    answer = as_(cast.coordinator).post(
        "/pengguna/undang/", {**INVITED, "agency": cast.health.pk, **typed}
    )

    assert answer.status_code == 422
    assert not User.objects.filter(email="baru@contoh.example").exists()


def test_an_assessor_is_invited_for_a_round(cast, running_round, as_):
    answer = as_(cast.coordinator).post(
        "/pengguna/asesor/",
        {"email": "asesor@contoh.example", "name": "Asesor", "round": running_round.pk},
        follow=True,
    )

    assert "Undangan dikirim" in text_of(answer)
    assert Grant.objects.get(role=Role.ASSESSOR).round_id == running_round.pk


def test_a_round_of_another_region_is_not_offered(cast, running_round, as_):
    answer = as_(cast.coordinator_elsewhere).post(
        "/pengguna/asesor/",
        {"email": "asesor@contoh.example", "name": "Asesor", "round": running_round.pk},
    )

    assert answer.status_code == 422


def test_the_invitation_goes_out_again(cast, as_):
    client = as_(cast.coordinator)

    answer = client.post(f"/pengguna/{cast.operator_of_health.user.pk}/undang/", follow=True)

    assert "Undangan dikirim" in text_of(answer)


def test_an_acting_head_shows_the_last_day(cast, as_):
    client = as_(cast.coordinator)
    last = today() + timedelta(days=30)

    answer = client.post(
        f"/pengguna/{cast.operator_of_health.user.pk}/peran/",
        {
            "role": "agency_head",
            "agency": cast.health.pk,
            "until": last,
            "capabilities": ["ppid"],
        },
        follow=True,
    )

    page = text_of(answer)
    assert "Peran diberikan." in page
    assert "Plt. Kepala OPD" in page
    assert "PPID" in page
    assert "Plt. sampai" in text_of(client.get("/perangkat-daerah/"))


def test_dates_the_wrong_way_round_are_refused_with_words(cast, as_):
    answer = as_(cast.coordinator).post(
        f"/pengguna/{cast.operator_of_health.user.pk}/peran/",
        {"role": "agency_head", "agency": cast.health.pk, "until": "2020-01-01"},
    )

    assert answer.status_code == 409
    assert "Peran mulai paling cepat hari ini" in text_of(answer)


def test_a_person_moves_and_the_old_role_stays_on_the_page(cast, as_):
    answer = as_(cast.coordinator).post(
        f"/peran/{grant_of(cast.operator_of_health).pk}/pindah/",
        {"agency": cast.hospital.pk},
        follow=True,
    )

    page = text_of(answer)
    assert "Perannya sudah pindah." in page
    assert "diakhiri" in page
    assert cast.operator_of_health.actor.agencies == {cast.hospital.pk}


def test_an_ended_role_is_refused_from_the_next_request(cast, as_, client):
    operator = type(client)()
    operator.force_login(cast.operator_of_health.user)

    as_(cast.coordinator).post(f"/peran/{grant_of(cast.operator_of_health).pk}/akhiri/")

    assert "tidak lagi memegang peran" in text_of(operator.get("/akun/"))


def test_a_closed_account_is_closed_on_the_page_and_opens_again(cast, as_):
    client, user = as_(cast.coordinator), cast.operator_of_health.user.pk

    closed = client.post(f"/pengguna/{user}/tutup/", follow=True)
    opened = client.post(f"/pengguna/{user}/buka/", follow=True)

    assert "Akun ini ditutup" in text_of(closed)
    assert "Akun dibuka kembali." in text_of(opened)


def test_the_last_coordinator_is_told_on_the_page_why_not(cast, as_):
    commands.disable_user(cast.coordinator.actor, cast.second_coordinator.user.pk, PASER)
    path = f"/pengguna/{cast.coordinator.user.pk}/"

    answer = as_(cast.coordinator).post(
        f"{path}tutup/", headers={"referer": f"http://testserver{path}"}, follow=True
    )

    assert "Ini koordinator terakhir." in text_of(answer)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("cari=dinas+kes", 2),
        ("peran=auditor", 1),
        ("opd={agency}", 2),
        ("keadaan=closed", 0),
        ("peran=raja&opd=x&keadaan=y&halaman=zz", 11),
    ],
)
def test_the_list_is_narrowed_and_nonsense_narrows_nothing(cast, as_, asked, found):
    page = as_(cast.auditor).get("/pengguna/?" + asked.format(agency=cast.health.pk))

    assert page.context["page"].paginator.count == found


def test_hostile_names_are_shown_as_they_were_typed(cast, as_):
    name = '<script>alert(1)</script>"&'
    User.objects.filter(pk=cast.operator_of_health.user.pk).update(name=name)

    page = text_of(as_(cast.coordinator).get("/pengguna/"))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;" in page
