"""An id inside a form or behind a question mark reaches no further than who sends it."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture import matrix
from tests.architecture.bodies import moment, today
from tests.architecture.personas import crowd
from tests.architecture.scene import CODES, undone

pytestmark = pytest.mark.django_db
NO = {403, 404, 409, 422}
HIDDEN, CLOSED = matrix.Verdict.HIDDEN, matrix.Verdict.CLOSED
MARK = re.compile(r'(?:csrf-token" content|csrfmiddlewaretoken" value)="\w+"')


@pytest.fixture(scope="module")
def doors(furnished):
    """The matrix over the furnished world."""
    return matrix.Matrix(furnished[0], crowd(furnished[0]))


def acts(world):
    """Who sends what to where, with an id that is not theirs to use."""
    home, away, cast = world.home, world.away, world.cast
    running, foreign = home.rounds["running"].pk, away.main.pk
    operator = cast.operator_of_health.user
    grant = operator.grants.get().pk
    reopening, kept = away.reopening.pk, home.revisions["kept"].pk
    late = {"until": moment(19), "reason": "x"}
    office = {"role": "operator", "agency": foreign}
    person = {"email": "baru@contoh.example", "name": "Baru"}
    dates = {"agency_deadline": moment(5), "deadline": moment(9)}
    other_round = away.rounds["handed_in"].pk
    return [
        ("coordinator", "assignments", [running], {"scope": "shown", "agency": foreign}),
        (
            "coordinator",
            "assignments",
            [running],
            {
                "scope": "shown",
                "agency": cast.health.pk,
                "with_helpers": "on",
                "helpers": [foreign],
            },
        ),
        ("coordinator", "deadline_extend", [running], {"agency": foreign, **late}),
        ("coordinator", "agency_remind", [running], {"agency": [foreign]}),
        ("coordinator", "grant_move", [grant], {"agency": foreign}),
        ("coordinator", "agency_merge", [cast.health.pk], {"agency": foreign, "until": today()}),
        ("coordinator", "user_invite", [], {**person, **office}),
        ("coordinator", "assessor_invite", [], {**person, "round": other_round}),
        ("coordinator", "grant_give", [operator.pk], office),
        ("coordinator", "grant_give", [operator.pk], {"role": "programme_admin"}),
        ("coordinator", "grant_give", [operator.pk], {"role": "assessor"}),
        (
            "coordinator",
            "round_open",
            [],
            {"scheme": "999:utama", "year": 2040, "title": "x", **dates},
        ),
        ("coordinator", "round_move", [running], {"step": "sign"}),
        ("operator that leads", "cite", [running, "C1"], {"revision": away.revisions["cited"].pk}),
        ("operator of another agency", "cite", [running, "C3"], {"revision": kept}),
        ("operator that helps", "cite", [running, "C1"], {"revision": kept}),
        ("executive", "reopening_confirm", [home.rounds["handed_in"].pk, reopening], {}),
        ("head that leads", "agency_hand_in", [running, cast.education.pk], {"sure": "on"}),
        ("head that leads", "agency_hand_in", [running, foreign], {"sure": "on"}),
    ]


def test_no_form_reaches_beyond_its_sender(world, doors):
    wrong = []

    for who, route, args, sent in acts(world):
        persona = doors.crowd.named(who)
        persona.reset()
        with undone(), matrix.watched() as touched:
            status = persona.client.post(reverse(route, args=args), sent).status_code
        if status not in NO or touched:
            wrong.append((who, route, sent, status, touched))

    assert wrong == []


SEARCHES = [
    ("verification", ["round"], "?opd={agency}"),
    ("documents", [], "?cari=kenari"),
    ("documents", [], "?cari=kenari-6402&opd={agency}"),
    ("documents", [], "?opd={agency}&jenis=other"),
    ("archive", ["round", "C1"], "?cari=kenari"),
    ("users", [], "?cari=kenari&opd={agency}"),
    ("user_invite", [], "?opd={agency}"),
    ("ledger", [], "?orang=user:{user}&jenis=answers.answer"),
    ("ledger", [], "?jenis=people.user&nomor={user}"),
    ("assignments", ["round"], "?opd={agency}"),
    ("board", ["round"], "?opd={agency}&susun=dimensi"),
    ("deadline_extend", ["round"], "?opd={agency}"),
    ("tasks", [], "?putaran={round}"),
    ("score", ["stage_one", "C1"], "?dokumen={citation}"),
    ("verify_answer", ["round", "C2"], "?dokumen={citation}&opd={agency}"),
    ("results", ["round"], "?putaran={round}"),
]


@pytest.mark.parametrize(("route", "args", "asked"), SEARCHES)
def test_no_search_finds_what_is_not_the_askers(world, doors, route, args, asked):
    away, rounds = world.away, world.home.rounds
    places = {"round": rounds["running"].pk, "stage_one": rounds["stage_one"].pk}
    filled = asked.format(
        agency=away.main.pk,
        user=world.cast.operator_elsewhere.user.pk,
        round=away.rounds["running"].pk,
        citation=away.citations["C1"].pk,
    )
    address = reverse(route, args=[places.get(arg, arg) for arg in args]) + filled
    found, answered = {}, set()

    for persona in doors.crowd:
        persona.reset()
        with undone():
            response = persona.client.get(address)
        answered.add(response.status_code)
        found[persona.name] = doors.not_for(persona, matrix.text_of(response))

    assert {who: seen for who, seen in found.items() if seen} == {}
    assert answered <= {200, 302, 403, 404}
    assert 200 in answered


def test_no_call_of_the_api_reaches_beyond_its_sender(world, doors):
    running, cast = world.home.rounds["running"].pk, world.cast
    calls = [
        ("head that leads", cast.education.pk),
        ("head that leads", world.away.main.pk),
        ("head elsewhere", cast.health.pk),
        ("operator that leads", cast.health.pk),
    ]
    wrong = []

    for who, agency in calls:
        token = doors.crowd.named(who).token
        client = Client(headers={"authorization": f"Bearer {token}"})
        sent = json.dumps({"agency": agency, "confirmed": list(CODES)})
        with undone(), matrix.watched() as touched:
            address = f"/api/v1/rounds/{running}/submissions"
            status = client.post(address, sent, content_type="application/json").status_code
        if status not in (403, 404) or touched:
            wrong.append((who, agency, status, touched))

    assert wrong == []


@pytest.mark.parametrize("who", ["coordinator elsewhere", "head elsewhere", "assessor elsewhere"])
def test_what_is_elsewhere_looks_like_what_is_not_there(world, doors, who):
    persona, different, compared = doors.crowd.named(who), [], 0

    for route, pattern in matrix.patterns().items():
        names = matrix.arguments(pattern)
        if not names or "GET" not in doors.methods(route) or names == ("uidb36", "key"):
            continue
        shut = [
            thing
            for thing in doors.things[names]
            if doors.verdict(route, thing, persona, "GET") in (HIDDEN, CLOSED)
            if route not in matrix.ROUND_FIRST or thing.facts["furnished"] is world.home
        ]
        pages = {_without_address(persona, route, thing, doors) for thing in shut}
        compared += len(shut)
        if len(pages) > 1:
            different.append(route)

    assert different == []
    assert compared > 100


def _without_address(persona, route, thing, doors):
    """The answer without what differs anyway: the address itself, the form's mark."""
    response, text, _ = doors.ask(persona, "GET", route, thing)
    address = reverse(route, args=thing.args)
    return response.status_code, MARK.sub("", text.replace(address, ""))
