"""The API: rounds, questions, answers, hand-in, results."""

import json
import sqlite3

import pytest
from django.db import OperationalError
from django.test import Client

from bukti.areas.people import commands as people
from bukti.faces.api.v1.api import api as endpoints
from bukti.faces.api.v1.problems import _troubled
from tests import cast as people_of
from tests.faces.api import api

pytestmark = pytest.mark.django_db
CLAIM = {"level": 2, "explanation": "Perbup masterplan sudah berlaku."}


def test_rounds_and_questions_are_read_with_a_token(cast, running_round):
    health = api(cast.operator_of_health)

    listed = health.get("/rounds").json()
    one = health.get(f"/rounds/{running_round.pk}").json()
    questions = health.get(f"/rounds/{running_round.pk}/questions").json()

    assert [row["id"] for row in listed] == [running_round.pk]
    assert (one["state"], one["region"]) == ("running", "64.01")
    assert [question["code"] for question in questions] == ["A1", "A2", "C1", "C2", "C3", "D1"]
    assert questions[2]["agency"] == cast.health.pk
    assert questions[2]["contributors"] == [cast.hospital.pk]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer bukti_salah"}, {"Authorization": "Basic YTpi"}],
    ids=["without", "unknown", "of another kind"],
)
def test_without_a_known_token_the_api_says_how_to_get_one(cast, running_round, headers):
    answer = Client().get(f"/api/v1/rounds/{running_round.pk}", headers=headers)

    assert answer.status_code == 401
    assert answer.json()["reason"] == "token_missing"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_cookie_does_not_open_the_api(as_, cast, running_round):
    browser = as_(cast.operator_of_health)

    answer = browser.get(f"/api/v1/rounds/{running_round.pk}")

    assert answer.status_code == 401


def test_a_revoked_token_is_refused_at_the_next_request(cast, running_round):
    health = api(cast.operator_of_health)
    token = cast.operator_of_health.user.tokens.get()

    people.revoke_token(cast.operator_of_health.actor, token.pk, people_of.PASER)

    assert health.get("/rounds").status_code == 401


def test_a_save_names_its_version_and_gives_the_next(cast, running_round):
    health = api(cast.operator_of_health)
    path = f"/rounds/{running_round.pk}/answers/C1"

    before = health.get(path)
    saved = health.put(path, CLAIM, If_Match=before["ETag"])

    assert (before["ETag"], saved.status_code, saved["ETag"]) == ('"0"', 200, '"1"')
    assert saved.json()["claim"]["level"] == 2
    assert saved.json()["state"] == "draft"
    assert people_of.answer(running_round, "C1").level == 2


def complaint_of_a_full_disk():
    """What SQLite really says when it may not grow."""
    small = sqlite3.connect(":memory:")
    small.execute("CREATE TABLE t (x)")
    small.execute("PRAGMA max_page_count = 3")
    try:
        small.execute("INSERT INTO t VALUES (zeroblob(100000))")
    except sqlite3.OperationalError as complaint:
        return OperationalError(*complaint.args)
    raise AssertionError("the disk was not full")


def test_a_full_disk_is_told_and_any_other_trouble_is_not_hidden(rf):
    full = _troubled(endpoints, rf.put("/"), complaint_of_a_full_disk())

    assert full.status_code == 507
    assert json.loads(full.content)["reason"] == "no_room"
    with pytest.raises(OperationalError):
        _troubled(endpoints, rf.put("/"), OperationalError("no such table"))


def test_a_save_on_an_old_version_gets_both_and_changes_nothing(cast, running_round):
    health = api(cast.operator_of_health)
    path = f"/rounds/{running_round.pk}/answers/C1"
    health.put(path, {**CLAIM, "version": 0})

    late = health.put(path, {"level": 4, "version": 0})

    assert (late.status_code, late["ETag"]) == (412, '"1"')
    assert late.json()["reason"] == "answer_changed"
    assert late.json()["kept"]["claim"]["level"] == 2
    assert late.json()["sent"]["level"] == 4
    assert people_of.answer(running_round, "C1").level == 2


def test_a_save_that_names_no_version_is_asked_for_one(cast, running_round):
    answer = api(cast.operator_of_health).put(f"/rounds/{running_round.pk}/answers/C1", CLAIM)

    assert (answer.status_code, answer.json()["reason"]) == (428, "version_missing")


def test_the_same_idempotency_key_makes_one_version(cast, running_round):
    health = api(cast.operator_of_health)
    path = f"/rounds/{running_round.pk}/answers/C1"

    first = health.put(path, CLAIM, If_Match='"0"', Idempotency_Key="kirim-1")
    again = health.put(path, CLAIM, If_Match='"0"', Idempotency_Key="kirim-1")
    other = health.put(path, {"level": 3}, If_Match='"0"', Idempotency_Key="kirim-1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert (other.status_code, other.json()["reason"]) == (409, "key_reused")


def test_what_lies_elsewhere_is_not_found_and_what_is_not_ones_own_is_denied(cast, running_round):
    path = f"/rounds/{running_round.pk}/answers/C1"
    neighbour = api(cast.operator_elsewhere, people_of.ELSEWHERE)
    coordinator = api(cast.coordinator)

    unseen = neighbour.put(path, {**CLAIM, "version": 0})
    denied = coordinator.put(path, {**CLAIM, "version": 0})

    assert (unseen.status_code, unseen.json()["reason"]) == (404, "not_found")
    assert (denied.status_code, denied.json()["reason"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"level": "banyak", "version": 0}, "body.body.level"),
        ({"value": "1e99", "version": 0}, "body.body.value"),
        ([1, 2], "body.body"),
        ({"level": 2, "explanaton": "", "version": 0}, "body.body.explanaton"),
    ],
    ids=["a word for a number", "too many digits", "a list", "a misspelt name"],
)
def test_a_request_of_the_wrong_shape_names_the_place(cast, running_round, body, where):
    path = f"/rounds/{running_round.pk}/answers/C1"

    answer = api(cast.operator_of_health).put(path, body)

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["where"] == where


def test_broken_json_and_strange_versions_are_told_not_a_fault(cast, running_round):
    health = api(cast.operator_of_health)
    path = f"/api/v1/rounds/{running_round.pk}/answers/C1"
    headers = {"Authorization": f"Bearer {health.token}"}

    broken = health.client.put(path, "{", content_type="application/json", headers=headers)
    strange = health.put(f"/rounds/{running_round.pk}/answers/C1", CLAIM, If_Match="*")

    assert (broken.status_code, strange.status_code) == (422, 422)


def test_a_rule_that_refuses_gives_reason_and_sentence_in_the_language_asked_for(
    cast, running_round
):
    health = api(cast.operator_of_health)

    refused = health.put(f"/rounds/{running_round.pk}/answers/C1", {"level": 9, "version": 0})

    assert refused.status_code == 409
    assert refused.json()["reason"] == "value_out_of_scale"
    assert refused.json()["sentence"].startswith("Nilainya di luar batas")


def test_the_head_hands_in_and_gets_a_receipt(cast, running_round):
    head = api(cast.head_of_education)
    head.put(f"/rounds/{running_round.pk}/answers/C3", {"level": 0, "version": 0})

    made = head.post(f"/rounds/{running_round.pk}/submissions", {"agency": cast.education.pk})

    assert made.status_code == 201
    assert made.json()["answered"] == ["C3"]
    assert made.json()["entry"] is not None


def test_an_operator_does_not_hand_in(cast, running_round):
    operator = api(cast.operator_of_education)
    operator.put(f"/rounds/{running_round.pk}/answers/C3", {"level": 0, "version": 0})

    made = operator.post(f"/rounds/{running_round.pk}/submissions", {"agency": cast.education.pk})

    assert made.status_code == 403


def test_results_show_every_layer_to_the_coordinator_only(cast, running_round):
    api(cast.operator_of_health).put(
        f"/rounds/{running_round.pk}/answers/C1", {"level": 2, "version": 0}
    )

    shown = api(cast.coordinator).get(f"/rounds/{running_round.pk}/result")
    hidden = api(cast.operator_of_health).get(f"/rounds/{running_round.pk}/result")

    assert [layer["layer"] for layer in shown.json()["layers"]] == ["self", "verified"]
    assert shown.json()["layers"][0]["index"] is None
    assert hidden.status_code == 403


def test_lists_cost_the_same_queries_however_long(cast, running_round, django_assert_num_queries):
    health = api(cast.operator_of_health)
    coordinator = api(cast.coordinator)

    with django_assert_num_queries(4):
        health.get(f"/rounds/{running_round.pk}/answers")
    with django_assert_num_queries(4):
        coordinator.get(f"/rounds/{running_round.pk}/answers")
    with django_assert_num_queries(6):
        coordinator.get(f"/rounds/{running_round.pk}/questions")
