"""What every answer carries: headers, cookies, the mark against forged forms; what no log tells."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, override_settings
from django.urls import reverse

from bukti.areas.people import commands as people_commands
from bukti.faces.web import home
from tests import cast as people
from tests.architecture import matrix
from tests.architecture.conftest import _plain_templates, furnished, world  # noqa: F401
from tests.architecture.personas import crowd
from tests.architecture.scene import undone
from tests.areas.files import pdf
from tests.cast import PASER, PASSWORD

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
SOURCES = ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action")
#: Read by our own scripts, or by nobody: they hold no secret.
OPEN_COOKIES = {"csrftoken", "bukti_language"}


@pytest.fixture(scope="module")
def doors(furnished):  # noqa: F811
    """Every address with everybody who tries it."""
    return matrix.Matrix(furnished[0], crowd(furnished[0]))


@pytest.fixture
def cast(world):  # noqa: F811
    """The world's people: it stands as long as these tests run."""
    return world.cast


@pytest.fixture
def running_round(world):  # noqa: F811
    """The world's running round."""
    return world.home.rounds["running"]


def production(tmp_path):
    """The environment of an installation behind TLS."""
    return {
        "PATH": os.environ["PATH"],
        "BUKTI_DATA": str(tmp_path),
        "BUKTI_SECRET_KEY": "k7#Qp-vN2wLz94!sRtYb8cXe5mHj0uGa3fDiZoWx6TqVyBnMrKl1",
        "BUKTI_TLS": "yes",
        "BUKTI_HOSTS": "bukti.example.go.id",
        "BUKTI_ADDRESS": "https://bukti.example.go.id",
    }


@pytest.mark.slow
def test_djangos_own_deployment_check_finds_nothing(tmp_path):
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=production(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def answers(doors):
    """One answer of each route for each kind of outcome, and who asked."""
    for route in matrix.patterns():
        seen = set()
        for thing, persona, method in doors.cells(route):
            if method != "GET" or (len(seen) > 2 and thing is not doors.things[()][0]):
                continue
            verdict = doors.verdict(route, thing, persona, method)
            if verdict not in seen:
                seen.add(verdict)
                yield route, persona, doors.ask(persona, method, route, thing)[0]


def problems(response, is_signed_in):
    """What is missing on this answer."""
    head = response.headers
    said = head.get("Content-Security-Policy", "")
    policy = dict(part.partition(" ")[::2] for part in said.split("; "))
    sealed = "sandbox" in said
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    found = [name for name, value in wanted.items() if head.get(name) != value]
    if not sealed:
        found += [name for name in SOURCES if policy.get(name) != "'self'"]
        found += [n for n in ("default-src", "frame-ancestors") if policy.get(n) != "'none'"]
    if "unsafe" in said:
        found.append("unsafe policy")
    is_page = head.get("Content-Type", "").startswith("text/html")
    if is_signed_in and is_page and "no-store" not in head.get("Cache-Control", ""):
        found.append("Cache-Control")
    return found


def test_every_answer_of_every_route_carries_the_headers(world, doors):  # noqa: F811
    asked = list(answers(doors))

    wrong = {
        f"{persona.name} {route} {response.status_code}": missing
        for route, persona, response in asked
        if (missing := problems(response, persona.is_signed_in))
    }
    assert wrong == {}
    assert len(asked) > 150
    assert {response.status_code for _, _, response in asked} >= {200, 302, 403, 404, 405}


def test_the_api_and_what_does_not_exist_carry_them_too(cast, client):
    wrong = {
        address: missing
        for address in ("/api/v1/rounds", "/api/v1/tidak-ada", "/tidak-ada/", "/static/tidak-ada")
        if (missing := problems(client.get(address), is_signed_in=False))
    }

    assert wrong == {}


SECURE = {
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "LANGUAGE_COOKIE_SECURE": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "DEBUG": False,
}


@pytest.mark.slow
def test_an_installation_asks_for_tls_everywhere(tmp_path):
    told = subprocess.run(
        [sys.executable, "manage.py", "diffsettings", "--all"],
        cwd=ROOT,
        env=production(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )

    lines = told.stdout.splitlines()
    assert {f"{name} = {value}" for name, value in SECURE.items()} - {
        line.removeprefix("### ") for line in lines
    } == set()


@override_settings(**{name: value for name, value in SECURE.items() if "COOKIE" in name})
def test_cookies_are_for_this_site_over_tls_and_hidden_from_scripts(cast, running_round):
    client, known, seen = Client(), Client(), {}
    person = cast.operator_of_health.user
    known.force_login(person)

    for response in (
        client.get("/masuk/", secure=True),
        client.post("/masuk/", {"login": person.email, "password": PASSWORD}, secure=True),
        known.get("/tugas/", secure=True),
        client.post("/akun/", {"language": "id"}, secure=True),
        client.post("/bahasa/", {"language": "en"}, secure=True),
        client.post("/pemberitahuan/", secure=True),
    ):
        assert response.status_code in (200, 302)
        for name, cookie in response.cookies.items():
            seen.setdefault(name, []).append(cookie)

    assert {"bukti_session", "csrftoken", "bukti_seen", "bukti_device", "messages"} <= set(seen)
    for name, cookies in seen.items():
        for cookie in cookies:
            assert cookie["secure"] or not cookie.value, name
            assert cookie["samesite"] in ("Lax", "Strict"), name
            assert cookie["httponly"] or not cookie.value or name in OPEN_COOKIES, name


def test_no_act_passes_without_the_mark_against_forged_forms(world, doors):  # noqa: F811
    acts = [route for route in matrix.patterns() if "POST" in doors.methods(route)]
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(world.cast.coordinator.user)
    passed = []

    for route in acts:
        thing = doors.things[matrix.arguments(matrix.patterns()[route])][0]
        with undone(), matrix.watched() as touched:
            address = reverse(route, args=thing.args)
            status = strict.post(address, matrix.body(route, thing)).status_code
        if status != 403 or touched:
            passed.append((route, status, touched))

    assert passed == []
    assert len(acts) > 40


def test_a_form_from_another_site_is_refused_even_with_its_mark(cast):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.operator_of_health.user)
    strict.get("/akun/", secure=True)
    mark = strict.cookies["csrftoken"].value

    body = {"language": "en", "csrfmiddlewaretoken": mark}
    foreign = strict.post("/akun/", body, secure=True, headers={"referer": "https://lain.example/"})
    own = strict.post("/akun/", body, secure=True, headers={"referer": "https://testserver/akun/"})

    assert (foreign.status_code, own.status_code) == (403, 302)


# ---------- sessions ----------


def test_leaving_ends_the_session_on_the_server_for_whoever_kept_the_cookie(cast):
    client, thief = Client(), Client()
    client.force_login(cast.coordinator.user)
    thief.cookies["bukti_session"] = client.cookies["bukti_session"].value
    assert thief.get("/akun/").status_code == 200

    client.post("/keluar/")

    assert thief.get("/akun/").status_code == 302


def test_a_session_that_an_attacker_prepared_is_not_the_one_signed_in(cast):
    victim = Client()
    victim.cookies["bukti_session"] = "a" * 32

    login = {"login": cast.coordinator.user.email, "password": PASSWORD}
    victim.post("/masuk/", login)

    assert victim.cookies["bukti_session"].value != "a" * 32
    attacker = Client()
    attacker.cookies["bukti_session"] = "a" * 32
    assert attacker.get("/akun/").status_code == 302


def test_leaving_by_a_link_does_nothing(cast, as_):
    client = as_(cast.coordinator)

    client.get("/keluar/")

    assert client.get("/akun/").status_code == 200


# ---------- logs ----------

SECRETS = {
    "password": "rahasia-kata-sandi-kenari-9q",
    "explanation": "penjelasan-kenari-7w",
    "title": "judul-kenari-5t",
    "comment": "komentar-kenari-3r",
    "email": "surel.kenari@contoh.example",
}


def test_no_log_holds_a_secret(cast, running_round, caplog, capfd, monkeypatch):
    client = Client(raise_request_exception=False)
    person, question = cast.operator_of_health, ["round", "C1"]
    caplog.set_level(logging.NOTSET, logger="")
    logging.getLogger("django.request").setLevel(logging.WARNING)
    login = {"login": SECRETS["email"], "password": SECRETS["password"]}

    client.post("/masuk/", login)
    client.post("/sandi/lupa/", {"email": SECRETS["email"]})
    client.post("/masuk/", {"login": person.user.email, "password": PASSWORD})
    session = client.cookies["bukti_session"].value
    token = people_commands.issue_token(person.actor, PASER, name="uji")[1]
    _work(client, running_round)
    Client(headers={"authorization": f"Bearer {token}"}).get("/api/v1/rounds")
    Client(headers={"authorization": "Bearer bukti_salah-kenari"}).get("/api/v1/rounds")
    monkeypatch.setattr(home.rounds, "current_round", _broken)
    failed = client.get("/", {"cari": SECRETS["comment"]})

    assert failed.status_code == 500
    told = caplog.text + "".join(capfd.readouterr())
    assert "Internal Server Error" in told
    hidden = {**SECRETS, "session": session, "token": token, "own password": PASSWORD}
    hidden |= {"wrong token": "bukti_salah-kenari", "address": person.user.email}
    assert {name for name, secret in hidden.items() if secret in told} == set()
    assert question


def _work(client, round_):
    """Something of each kind that somebody types."""
    answer = people.answer(round_, "C1")
    save = {"version": answer.version, "level": 1, "explanation": SECRETS["explanation"]}
    client.post(reverse("answer_save", args=[round_.pk, "C1"]), save)
    client.post(reverse("comment", args=[round_.pk, "C1"]), {"text": SECRETS["comment"]})
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile(f"{SECRETS['title']}.pdf", pdf("log"))
    client.post(reverse("attach", args=[round_.pk, "C1"]), {"file": file})
    rotten = SimpleUploadedFile(f"{SECRETS['title']}.exe", b"MZ")
    client.post(reverse("attach", args=[round_.pk, "C1"]), {"file": rotten})
    client.post(reverse("answer_save", args=[round_.pk, "C1"]), {**save, "level": 77})


def _broken(actor):
    raise RuntimeError("a fault of ours")


__all__ = ["AnonymousUser"]
