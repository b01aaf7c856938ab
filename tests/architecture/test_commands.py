"""Every command asks once whether it may, and tells the ledger once what it did."""

import ast

import pytest

from tests.architecture.acts import ACTS
from tests.architecture.source import commands, functions, index_of

#: Functions of a command module that nobody does by name.
NO_COMMANDS = {
    "assessment.score_text": "a pure function, shared with the reconciler",
    "answers.content_text": "a pure function, shared with the dossier",
    "answers.subject_of": "how the vault knows an answer",
    "answers.seal_after_commit": "what follows a hand-in, once it is durable",
    "ledger.append": "the entry itself; the command around it has asked",
    "ledger.open_tree": "an empty tree is nobody's act; append and checkpoint make it",
    "notices.tell": "called by the command that causes the notice, in its transaction",
    "people.ask_password_reset": "anybody may ask; the answer tells nothing",
    "people.set_up": "the first visit: nobody exists yet, the one-time token lets in",
}
#: Commands without a check of their own.
UNASKED = {
    "people.change_preferences": "one's own language, on one's own locked row",
    "notices.mark_read": "one's own read marks",
    "ledger.sign_due_checkpoints": "calls sign_checkpoint for each tree, which asks",
}
#: Commands that tell the ledger nothing, or not by themselves.
UNTOLD = {
    "people.change_preferences": "nobody's evidence",
    "notices.mark_read": "nobody's evidence",
    "people.make_setup_token": "before there is a region; its use is told (user.joined)",
    "evidence.keep_file": "bytes without rows; add_document tells of them",
    "ledger.sign_checkpoint": "tells the nation's tree, in _sign",
    "ledger.sign_due_checkpoints": "calls sign_checkpoint for each tree",
    "ledger.seal": "signs a list of files; the dossier's entry is dossier.made",
}
#: Commands that are more than one transaction, knowingly.
NOT_ATOMIC = {
    "answers.attach_file": "the file is durable before the rows are written",
    "evidence.keep_file": "hashing and fsync never run inside a transaction",
    "evidence.revise_document": "the file is durable before the rows are written",
    "notices.mark_read": "a single statement",
    "ledger.sign_checkpoint": "signs only what is committed: durable, so outermost",
    "ledger.sign_due_checkpoints": "one transaction for each tree",
    "ledger.seal": "writes nothing",
}
COMMANDS = [pytest.param(command, id=command.name) for command in commands()]
#: Statements that may follow the entry: what only the entry's index completes, and the answer.
AFTERWARDS = (ast.Return, ast.Assign, ast.Expr)


def test_what_is_no_command_is_named_with_its_reason():
    assert {f.name for f in functions()} - {c.name for c in commands()} == set(NO_COMMANDS)
    assert set(UNASKED) | set(UNTOLD) | set(NOT_ATOMIC) <= {c.name for c in commands()}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_asks_permission_once_and_logs_once(command):
    assert command.calls.count("require") == (command.name not in UNASKED)
    assert command.calls.count("append") == (command.name not in UNTOLD)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_locks_and_asks_before_anything_else(command):
    if command.name not in UNASKED:
        first = 3 if command.name in NOT_ATOMIC else 2
        assert 0 <= index_of(command, "require") <= first
    assert command.is_atomic == (command.name not in NOT_ATOMIC)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_entry_comes_last(command):
    if command.name in UNTOLD or command.name == "evidence.uncite":  # the id goes with the row
        return
    told = index_of(command, "append")

    assert all(isinstance(beat, AFTERWARDS) for beat in command.beats[told + 1 :])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_fits_on_a_screen_and_says_what_it_promises(command):
    statements = sum(isinstance(node, ast.stmt) for node in ast.walk(command.node)) - 1

    assert statements <= 30
    assert ast.get_docstring(command.node)


def test_every_command_is_tried():
    assert {c.name for c in commands()} - set(UNASKED) == set(ACTS)
