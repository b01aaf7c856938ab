"""Every command as everybody; then, as a control, with each check taken away in turn."""

import importlib
import sys

import pytest
from django.core.exceptions import ObjectDoesNotExist

from bukti.areas.people.models import ApiToken, User
from bukti.rules.errors import Denied
from bukti.rules.permissions import NOBODY, SYSTEM, may
from tests.architecture import matrix
from tests.architecture.acts import ACTS
from tests.architecture.personas import crowd
from tests.architecture.scene import undone
from tests.architecture.source import commands
from tests.architecture.test_commands import UNASKED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_bare_errors")]
CHECKED = [c for c in commands() if c.name not in UNASKED]


@pytest.fixture(scope="module")
def doors(furnished):
    """The matrix over the furnished world."""
    return matrix.Matrix(furnished[0], crowd(furnished[0]))


def tried(world, name, actor):
    """ "denied", or what else happened; it is undone."""
    with undone():
        try:
            ACTS[name].call(world, actor)
        except (Denied, ObjectDoesNotExist):
            return "denied"
        except Exception as trouble:
            return f"let in: {trouble!r}"
    return "done"


@pytest.mark.parametrize("name", ACTS)
def test_who_may_not_is_denied_and_who_may_is_not(world, doors, name):
    act = ACTS[name]
    actors = {persona.name: persona.actor for persona in doors.crowd if not persona.is_closed}
    actors |= {"the worker": SYSTEM, "nobody": NOBODY}
    own = name == "people.revoke_token"
    allowed = {
        who
        for who, actor in actors.items()
        if may(actor, act.action, act.where(world)) and (not own or who == "operator that leads")
    }

    got = {who: tried(world, name, actor) for who, actor in actors.items()}

    assert {who for who, what in got.items() if what != "denied"} == allowed
    assert allowed


def without_require(monkeypatch, module, function):
    """Take one `require` away: of this function in this module."""
    loaded = importlib.import_module(module)
    kept = loaded.require

    def require(*args):
        if sys._getframe(1).f_code.co_name != function:
            kept(*args)

    monkeypatch.setattr(loaded, "require", require)


@pytest.mark.parametrize("command", CHECKED, ids=lambda command: command.name)
def test_a_command_without_its_check_lets_somebody_in(world, doors, monkeypatch, command):
    act = ACTS[command.name]
    without_require(monkeypatch, command.module, command.node.name)

    let_in = [
        persona.name
        for persona in doors.crowd
        if not may(persona.actor, act.action, act.where(world))
        and tried(world, command.name, persona.actor) != "denied"
    ]
    if not let_in and not may(SYSTEM, act.action, act.where(world)):
        let_in = ["the worker"] * (tried(world, command.name, SYSTEM) != "denied")

    assert let_in or command.name in DOUBLED


#: Behind another check that says the same, so that this one alone is never seen.
DOUBLED = {
    "evidence.revise_document": "keep_file has asked the same for the bytes",
    "ledger.sign_checkpoint": "make_key asks the same for the tree",
    "people.revoke_token": "tokens_of finds one's own alone",
    "rounds.assign_questions": "share_with asks the same for each question",
}

PEOPLE, ROUNDS = "bukti.areas.people.queries", "bukti.areas.rounds.queries"
ANSWERS, DESK = "bukti.areas.answers.queries", "bukti.areas.answers.verification"
#: One check each, and a route through which its absence shows.
REQUIRED = [
    ("bukti.areas.rounds.queries", "managed", ["round_change", "verification"]),
    ("bukti.areas.rounds.commands", "move_round", ["round_move"]),
    ("bukti.areas.rounds.commands", "confirm_reopening", ["reopening_confirm"]),
    (DESK, "start_round", ["round_start"]),
    (DESK, "accept_answer", ["answer_accept"]),
    (DESK, "return_answer", ["answer_return"]),
    (DESK, "skip_question", ["skip"]),
    (DESK, "sign_round", ["round_sign"]),
    (DESK, "prepare_round", ["round_prepare"]),
    ("bukti.areas.answers.commands", "save_answer", ["answer_save"]),
    ("bukti.areas.answers.commands", "comment_answer", ["comment"]),
    ("bukti.areas.answers.commands", "hand_in_agency", ["agency_hand_in"]),
    ("bukti.areas.answers.handover", "agency_hand_in", ["agency_hand_in"]),
    ("bukti.areas.assessment.commands", "finish_round", ["round_finish"]),
    ("bukti.areas.people.commands", "end_grant", ["grant_end"]),
    ("bukti.areas.people.commands", "disable_user", ["user_disable"]),
    ("bukti.areas.people.commands", "issue_token", ["token_issue"]),
    ("bukti.areas.ledger.commands", "verify_ledger", ["ledger_verify"]),
    ("bukti.areas.ledger.queries", "checkpoint_list", ["ledger"]),
    (PEOPLE, "user_list", ["users", "user"]),
    (PEOPLE, "agency_register", ["agencies"]),
    (PEOPLE, "managed_region", ["user_invite"]),
]


@pytest.mark.parametrize(("module", "function", "routes"), REQUIRED)
def test_a_page_without_its_check_leaks(world, doors, monkeypatch, module, function, routes):
    without_require(monkeypatch, module, function)

    assert doors.run(routes, stops=True).leaks


def everything(label):
    """A query that starts from all rows instead of those the actor sees."""
    from django.apps import apps

    return lambda actor: apps.get_model(label).objects.all()


UNSEEN = [
    (ROUNDS, "visible_to", "rounds.Round", ["round"]),
    (ANSWERS, "visible_to", "answers.Answer", ["question"]),
    ("bukti.areas.evidence.queries", "revisions_visible_to", "evidence.Revision", ["archive"]),
    (PEOPLE, "users_visible_to", "people.User", ["user_invite_again"]),
    (PEOPLE, "tokens_of", "people.ApiToken", ["token_revoke"]),
    ("bukti.areas.notices.queries", "visible_to", "notices.Notice", ["notices"]),
    ("bukti.areas.dossier.queries", "visible_to", "dossier.Export", ["dossier"]),
]


@pytest.mark.parametrize(("module", "function", "label", "routes"), UNSEEN)
def test_a_query_that_starts_from_everything_leaks(
    world, doors, monkeypatch, module, function, label, routes
):
    monkeypatch.setattr(importlib.import_module(module), function, everything(label))

    assert doors.run(routes, stops=True).leaks


__all__ = ["ApiToken", "User"]
