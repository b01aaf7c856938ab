"""Coming in, staying in, going out: with a browser's cookies, and with a real mail server."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as bukti
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from bukti.areas.people import commands, queries
from bukti.areas.people.models import User
from bukti.faces.web import middleware
from bukti.rules.permissions import SYSTEM, Role
from tests.cast import PASER, PASSWORD

pytestmark = pytest.mark.django_db

NEW = "kalimat panjang yang baru"
WRONG = "bukan-kata-sandinya"


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    """Limits of one test say nothing about the next."""
    cache.clear()


def sign_in(client, email, password=PASSWORD, **options):
    return client.post("/masuk/", {"login": email, "password": password}, **options)


def text_of(response):
    return response.content.decode()


def without_marks(response):
    """The page without the mark that differs in each answer."""
    return re.sub(r'(content|value)="\w{64}"', "", text_of(response))


def is_in(client):
    return client.get("/akun/").status_code == 200


# ---------- the mail server ----------


class Box:
    """What a mail server took in."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@contextmanager
def mail_server(settings) -> Iterator[Box]:
    """A real SMTP server on a free port of the loopback, used by Django's own backend."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    try:
        yield box
    finally:
        server.stop()


def run_jobs():
    """Run what waits, as the worker does."""
    for row in DBTaskResult.objects.filter(status="READY"):
        row.task.call(*row.args_kwargs["args"])
        row.delete()


def link_in(message):
    """The path of the link that sets a password, as a mail program shows it."""
    whole = message.replace("=\r\n", "").replace("=3D", "=")
    (path,) = re.findall(r"https?://[^/]+(/sandi/atur/\S+)", whole)
    return path


def set_password(client, path, password=NEW):
    page = client.get(path, follow=True)
    return client.post(
        page.request["PATH_INFO"], {"password1": password, "password2": password}, follow=True
    )


def test_an_invited_person_sets_a_password_through_the_mailed_link_and_comes_in(
    cast, client, settings
):
    with mail_server(settings) as box:
        commands.invite_user(
            cast.coordinator.actor,
            PASER,
            email="baru@contoh.example",
            name="Operator baru",
            role=Role.OPERATOR,
            agency_id=cast.health.pk,
        )
        run_jobs()
    ((to, message),) = box.mails

    done = set_password(client, link_in(message))
    sign_in(client, "baru@contoh.example", NEW)

    assert to == ["baru@contoh.example"]
    assert "Kata sandi baru tersimpan" in text_of(done)
    assert is_in(client)


def test_a_forgotten_password_is_replaced_through_the_mailed_link_once(cast, client, settings):
    email = cast.operator_of_health.user.email
    with mail_server(settings) as box:
        client.post("/sandi/lupa/", {"email": email.upper()})
        run_jobs()
    path = link_in(box.mails[0][1])

    set_password(client, path)
    again = Client().get(path, follow=True)

    assert not is_in_with(email, PASSWORD)
    assert is_in_with(email, NEW)
    assert "Tautan ini tidak berlaku lagi" in text_of(again)


def is_in_with(email, password):
    browser = Client()
    sign_in(browser, email, password)
    return is_in(browser)


def test_a_link_is_good_for_three_days(cast, client, settings):
    with mail_server(settings) as box:
        client.post("/sandi/lupa/", {"email": cast.operator_of_health.user.email})
        run_jobs()
    settings.PASSWORD_RESET_TIMEOUT = -1

    page = client.get(link_in(box.mails[0][1]), follow=True)

    assert "Tautan ini tidak berlaku lagi" in text_of(page)


def test_a_weak_password_is_refused_in_indonesian(cast, client, settings):
    with mail_server(settings) as box:
        client.post("/sandi/lupa/", {"email": cast.operator_of_health.user.email})
        run_jobs()

    page = set_password(client, link_in(box.mails[0][1]), "pendek")

    assert "terlalu pendek" in text_of(page)


def test_asking_for_a_link_says_the_same_and_does_the_same_for_a_strangers_address(cast, client):
    known = client.post("/sandi/lupa/", {"email": cast.operator_of_health.user.email}, follow=True)
    stranger = client.post("/sandi/lupa/", {"email": "tidak-ada@contoh.example"}, follow=True)

    assert without_marks(known) == without_marks(stranger)
    assert DBTaskResult.objects.count() == 2


# ---------- signing in ----------


def test_the_pages_are_ours_and_speak_indonesian(client, cast):
    page = text_of(client.get("/masuk/"))

    assert "Masuk ke Bukti" in page
    assert "Alamat surel" in page
    assert "Lupa kata sandi?" in page
    assert "Email" not in page


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(cast, client):
    wrong = sign_in(client, cast.operator_of_health.user.email, WRONG)
    unknown = sign_in(client, "tidak-ada@contoh.example", WRONG)

    words = "Alamat surel atau kata sandi tidak cocok"
    assert words in text_of(wrong)
    assert words in text_of(unknown)


def test_the_address_is_known_in_any_capitals(cast, client):
    sign_in(client, cast.operator_of_health.user.email.upper())

    assert is_in(client)


def test_a_new_session_begins_with_the_sign_in(cast, client):
    client.get("/masuk/")
    session = client.session
    session["ditanam"] = "penyerang"
    session.save()
    planted = session.session_key
    client.cookies[bukti.SESSION_COOKIE_NAME] = planted

    sign_in(client, cast.operator_of_health.user.email)

    assert client.cookies[bukti.SESSION_COOKIE_NAME].value != planted
    planter = Client(headers={"cookie": f"{bukti.SESSION_COOKIE_NAME}={planted}"})
    assert not is_in(planter)


def test_only_pages_of_our_own_follow_a_sign_in(cast, client):
    ours = sign_in(client, cast.operator_of_health.user.email, query_params={"next": "/akun/"})
    client.post("/keluar/")
    theirs = client.post(
        "/masuk/",
        {
            "login": cast.operator_of_health.user.email,
            "password": PASSWORD,
            "next": "https://jahat.example/",
        },
    )

    assert ours.status_code == 302
    assert theirs.headers["Location"] == "/"


def test_a_closed_account_is_told_so_only_with_the_right_password(cast, client):
    user = cast.operator_of_health.user
    commands.disable_user(cast.coordinator.actor, user.pk, PASER)

    right = sign_in(client, user.email, follow=True)
    wrong = sign_in(client, user.email, WRONG, follow=True)

    assert "Akun ini dinonaktifkan" in text_of(right)
    assert "dinonaktifkan" not in text_of(wrong)
    assert not is_in(client)


def test_guessing_stops_after_ten_tries_and_the_owner_still_comes_in(cast):
    email = cast.operator_of_health.user.email
    owner, guesser = Client(), Client()
    sign_in(owner, email)
    owner.post("/keluar/")

    answers = [text_of(sign_in(guesser, email, f"{WRONG}{n}")) for n in range(12)]
    lucky = sign_in(guesser, email, PASSWORD)
    sign_in(owner, email)

    assert sum("tidak cocok" in answer for answer in answers) == 10
    assert "Terlalu banyak percobaan yang gagal" in answers[-1]
    assert lucky.status_code == 200
    assert is_in(owner)


def test_the_mark_of_a_browser_is_worth_nothing_for_another_account_or_when_forged(cast):
    email = cast.operator_of_health.user.email
    guesser = Client()
    sign_in(guesser, cast.operator_of_hospital.user.email)
    guesser.post("/keluar/")
    for n in range(10):
        sign_in(guesser, email, f"{WRONG}{n}")

    other = text_of(sign_in(guesser, email, PASSWORD))
    guesser.cookies["bukti_device"] = "palsu"
    forged = text_of(sign_in(guesser, email, PASSWORD))

    assert "Terlalu banyak" in other
    assert "Terlalu banyak" in forged


def test_too_many_links_asked_for_are_refused_with_a_page_of_words(cast, client):
    answers = [
        client.post("/sandi/lupa/", {"email": cast.operator_of_health.user.email}) for _ in range(6)
    ]

    assert answers[4].status_code == 302
    assert answers[5].status_code == 429
    assert "Terlalu banyak percobaan" in text_of(answers[5])


# ---------- staying in ----------


def test_leaving_ends_the_session(cast, client):
    sign_in(client, cast.operator_of_health.user.email)
    kept = client.cookies[bukti.SESSION_COOKIE_NAME].value

    client.post("/keluar/")
    client.cookies[bukti.SESSION_COOKIE_NAME] = kept

    assert not is_in(client)


def test_a_new_password_puts_the_other_devices_out_and_keeps_this_one(cast):
    email = cast.operator_of_health.user.email
    here, there = Client(), Client()
    sign_in(here, email)
    sign_in(there, email)

    answer = here.post(
        "/sandi/ganti/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
        follow=True,
    )

    assert "Kata sandi baru tersimpan" in text_of(answer)
    assert is_in(here)
    assert not is_in(there)


def test_the_old_password_is_asked_for(cast, client):
    sign_in(client, cast.operator_of_health.user.email)

    answer = client.post(
        "/sandi/ganti/", {"oldpassword": WRONG, "password1": NEW, "password2": NEW}
    )

    assert "Kata sandi yang sekarang tidak cocok" in text_of(answer)


def test_the_password_once_more_is_checked_against_ones_own_account(cast, client):
    sign_in(client, cast.operator_of_health.user.email)

    wrong = client.post("/akun/konfirmasi/", {"password": WRONG})
    right = client.post("/akun/konfirmasi/", {"password": PASSWORD})

    assert "Kata sandi tidak cocok" in text_of(wrong)
    assert right.status_code == 302


def test_a_closed_account_is_out_with_its_next_request(cast, client):
    sign_in(client, cast.operator_of_health.user.email)
    assert is_in(client)

    commands.disable_user(cast.coordinator.actor, cast.operator_of_health.user.pk, PASER)

    assert client.get("/akun/").headers["Location"].startswith("/masuk/")


def aged(client, **age):
    """The session as if the password had been given so long ago."""
    session = client.session
    records = session["account_authentication_methods"]
    records[0]["at"] -= timedelta(**age).total_seconds()
    session["account_authentication_methods"] = records
    session.save()


def test_an_idle_session_ends_and_says_so(cast, client, monkeypatch):
    sign_in(client, cast.operator_of_health.user.email)
    assert is_in(client)
    later = timezone.now() + timedelta(hours=2, minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)

    answer = client.get("/akun/", follow=True)

    assert "Sesi Anda sudah berakhir" in text_of(answer)
    assert not is_in(client)


def test_working_keeps_a_session_alive_past_the_idle_limit(cast, client, monkeypatch):
    sign_in(client, cast.operator_of_health.user.email)
    start = timezone.now()

    for minutes in (0, 100, 200, 300):
        at = start + timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        assert is_in(client)


def test_a_session_without_its_visit_cookie_counts_from_the_sign_in(cast, client):
    sign_in(client, cast.operator_of_health.user.email)
    aged(client, hours=2, minutes=1)

    assert not is_in(client)


def test_the_visit_cookie_of_another_session_keeps_none_alive(cast, client):
    sign_in(client, cast.operator_of_health.user.email)
    aged(client, hours=3)
    other = Client()
    sign_in(other, cast.operator_of_hospital.user.email)
    aged(other, minutes=5)
    other.get("/akun/")

    client.cookies[middleware.SEEN] = other.cookies[middleware.SEEN].value

    assert not is_in(client)


def test_no_session_outlasts_its_twelve_hours(cast, client):
    sign_in(client, cast.operator_of_health.user.email)
    assert is_in(client)
    aged(client, hours=12, minutes=1)

    assert not is_in(client)


def test_a_form_without_its_mark_is_refused_with_words_and_changes_nothing(cast):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.operator_of_health.user)

    answer = strict.post("/akun/", {"language": "en"})

    assert answer.status_code == 403
    assert "Formulir ini dibuka terlalu lama" in text_of(answer)
    assert User.objects.get(pk=cast.operator_of_health.user.pk).language == "id"


# ---------- language ----------


def test_the_persons_language_holds_from_the_sign_in(cast, client):
    User.objects.filter(pk=cast.operator_of_health.user.pk).update(language="en")

    sign_in(client, cast.operator_of_health.user.email)

    assert client.get("/akun/").headers["Content-Language"] == "en"


def test_switching_the_language_is_remembered_for_mails_and_the_next_sign_in(cast, client):
    sign_in(client, cast.operator_of_health.user.email)

    client.post("/bahasa/", {"language": "en", "next": "/akun/"})
    nonsense = client.post("/bahasa/", {"language": "xx", "next": "/akun/"})

    assert User.objects.get(pk=cast.operator_of_health.user.pk).language == "en"
    assert nonsense.status_code == 302


def test_a_visitor_switches_the_language_too(client, cast):
    client.post("/bahasa/", {"language": "en", "next": "/masuk/"})

    assert client.get("/masuk/").headers["Content-Language"] == "en"


# ---------- the first visit ----------

FIRST = {
    "region": PASER,
    "name": "Koordinator DKISP",
    "email": "koordinator@contoh.example",
    "password": PASSWORD,
    "again": PASSWORD,
}


@pytest.mark.parametrize("path", ["/", "/masuk/", "/pengguna/"])
def test_an_empty_installation_leads_to_the_set_up(db, client, path):
    assert client.get(path).headers["Location"] == "/siapkan/"


def test_the_first_visit_sets_the_installation_up(db, client):
    token = commands.make_setup_token(SYSTEM)

    page = client.get("/siapkan/")
    answer = client.post("/siapkan/", {**FIRST, "token": f" {token} "}, follow=True)
    sign_in(client, FIRST["email"])

    assert text_of(page).count("<option") == 553
    assert '<optgroup label="Kalimantan Timur">' in text_of(page)
    assert "Bukti siap dipakai" in text_of(answer)
    assert is_in(client)
    assert client.get("/siapkan/").headers["Location"] == "/masuk/"


def test_a_wrong_token_keeps_what_was_typed(db, client):
    commands.make_setup_token(SYSTEM)

    answer = client.post("/siapkan/", {**FIRST, "token": "salah"})

    assert answer.status_code == 409
    assert "Kode itu tidak berlaku" in text_of(answer)
    assert "koordinator@contoh.example" in text_of(answer)
    assert not queries.is_set_up()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"again": "lain"}, "tidak sama"),
        ({"password": "pendek", "again": "pendek"}, "terlalu pendek"),
        ({"region": "99.99"}, "99.99"),
        ({"email": "bukan"}, "surel"),
    ],
)
def test_a_set_up_form_with_mistakes_says_which(db, client, typed, words):
    token = commands.make_setup_token(SYSTEM)

    answer = client.post("/siapkan/", {**FIRST, "token": token, **typed})

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert queries.setup_token_is_valid(token)


def test_tokens_are_not_guessed_for_long(db, client):
    commands.make_setup_token(SYSTEM)

    answers = [client.post("/siapkan/", {**FIRST, "token": str(n)}) for n in range(11)]

    assert [answer.status_code for answer in answers] == [409] * 10 + [429]
