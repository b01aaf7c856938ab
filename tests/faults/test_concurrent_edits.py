"""R-10: several people at one answer. No save is lost; whoever was slower is shown both."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from secrets import token_hex
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bukti.areas.answers import commands, verification
from bukti.areas.answers.models import Version
from bukti.areas.rounds.models import Round
from bukti.rules.claims import Claim
from bukti.rules.errors import Conflict, Reason, Refused
from bukti.rules.workflow import AnswerState
from tests import cast as people
from tests.cast import PASSWORD
from tests.faults.browser import Browser
from tests.faults.conftest import IS_LONG
from tests.faults.installation import Service

pytestmark = pytest.mark.fault

RUNS = 10_000 if IS_LONG else 40
WRITABLE = (AnswerState.EMPTY, AnswerState.DRAFT, AnswerState.RETURNED)
LEVELS = st.integers(0, 4)


@dataclass
class Tab:
    """A page that somebody opened: the version it shows, and the last save it sent."""

    writer: str
    version: int = 0
    sent: tuple[str, Claim, int] | None = None


def shown(conflict: Conflict, what: str) -> Any:
    """What a conflict carries for its page."""
    return conflict.facts[what]


def outcome(attempt: Callable[[], Any]) -> Any:
    """What an attempt gives, or the refusal it meets."""
    try:
        return attempt()
    except Refused as refused:
        return refused


class OneAnswer(RuleBasedStateMachine):
    """Two operators with two tabs each and a verifier, against a model that is a list of claims."""

    cast: people.Cast
    round: Round
    told: dict[str, int]

    @initialize()
    def open_tabs(self):
        """Everybody opens the page; what the run changes is taken back at its end."""
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.answer = people.answer(self.round, "C1")
        self.tabs = [Tab(who) for who in ("health", "health", "hospital", "hospital")]
        self.saved: list[Claim] = []
        self.state = AnswerState.EMPTY

    def teardown(self):
        """The answer is as it was before the run."""
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def _actor(self, tab):
        writers = {
            "health": self.cast.operator_of_health,
            "hospital": self.cast.operator_of_hospital,
        }
        return writers[tab.writer].actor

    def _send(self, tab, claim, key, base):
        return commands.save_answer(self._actor(tab), self.answer.pk, claim, base=base, key=key)

    @rule(tab=st.integers(0, 3))
    def look(self, tab):
        """Load the page again."""
        self.tabs[tab].version = len(self.saved)

    @rule(tab=st.integers(0, 3), level=LEVELS)
    def save(self, tab, level):
        """Type something that nobody else typed, and save it on what the tab shows."""
        tab = self.tabs[tab]
        claim = Claim(level=level, explanation=token_hex(6))
        tab.sent = (token_hex(6), claim, tab.version)
        self._expect(tab, claim, tab.sent[0], tab.version)

    @rule(tab=st.integers(0, 3), level=LEVELS)
    def look_and_save(self, tab, level):
        """Load the page again, and save at once: what mostly happens."""
        self.look(tab)
        self.save(tab, level)

    @precondition(lambda self: any(tab.sent for tab in self.tabs))
    @rule(tab=st.integers(0, 3))
    def send_again(self, tab):
        """The answer to a save was lost on the way: the same save, the same key."""
        tab = self.tabs[tab]
        if tab.sent is None:
            return
        key, claim, base = tab.sent
        if claim in self.saved:
            versions = len(self.saved)
            self._send(tab, claim, key, base)
            assert Version.objects.filter(answer=self.answer).count() == versions
        else:
            self._expect(tab, claim, key, base)

    def _expect(self, tab, claim, key, base):
        came = outcome(lambda: self._send(tab, claim, key, base))
        if isinstance(came, Conflict):
            assert base != len(self.saved), "a conflict where nobody was faster"
            assert shown(came, "answer").claim == self.saved[-1]
            assert shown(came, "claim") == claim
            self.told["conflicts"] += 1
        elif isinstance(came, Refused):
            assert came.reason is Reason.ANSWER_LOCKED
            assert base == len(self.saved)
            assert self.state not in WRITABLE
        else:
            assert base == len(self.saved), "a save on top of a version that was not seen"
            assert self.state in WRITABLE
            self.saved.append(claim)
            self.told["saves"] += 1
            tab.version = came.version
            self.state = AnswerState.DRAFT if self.state == AnswerState.EMPTY else self.state

    @precondition(lambda self: len(self.saved) > 1)
    @rule(data=st.data())
    def restore(self, data):
        """An old version becomes the newest."""
        number = data.draw(st.integers(1, len(self.saved) - 1))
        tab = self.tabs[0]
        try:
            made = commands.restore_version(
                self._actor(tab), self.answer.pk, number, base=tab.version
            )
        except Conflict:
            assert tab.version != len(self.saved)
        except Refused:
            assert self.state not in WRITABLE
        else:
            assert tab.version == len(self.saved)
            self.saved.append(self.saved[number - 1])
            tab.version = made.version

    @precondition(lambda self: self.saved and self.saved[-1].level == 0 and self.state in WRITABLE)
    @rule()
    def hand_in(self):
        """The head hands in; afterwards nobody writes until it comes back."""
        commands.hand_in_agency(
            self.cast.head_of_health.actor,
            self.round.pk,
            self.cast.health.pk,
            confirmed=frozenset({"C2", "D1"}),
        )
        self.state = AnswerState.SUBMITTED

    @precondition(lambda self: self.state == AnswerState.SUBMITTED)
    @rule()
    def give_back(self):
        """The verifier sends it back."""
        verification.return_answer(
            self.cast.coordinator.actor, self.answer.pk, note="Lengkapi.", due_at=None
        )
        self.state = AnswerState.RETURNED

    @precondition(lambda self: self.state == AnswerState.SUBMITTED)
    @rule(stale=st.booleans())
    def verify(self, stale):
        """The verifier accepts what was read, and nothing that changed since."""
        read = len(self.saved) - 1 if stale else len(self.saved)
        came = outcome(
            lambda: verification.accept_answer(
                self.cast.coordinator.actor, self.answer.pk, verified=Decimal(0), version=read
            )
        )
        if stale:
            assert isinstance(came, Refused)
            assert came.reason is Reason.ANSWER_CHANGED
        else:
            assert not isinstance(came, Refused), came
            self.state = AnswerState.ACCEPTED

    @invariant()
    def nothing_is_lost(self):
        """Every acknowledged save is a version, in order, and the answer is the newest."""
        if not hasattr(self, "saved"):
            return
        versions = Version.objects.filter(answer=self.answer).order_by("number")
        assert [version.claim for version in versions] == self.saved
        now = people.answer(self.round, "C1")
        assert (now.version, now.state) == (len(self.saved), self.state)
        assert not self.saved or now.claim == self.saved[-1]


def explore(cast, round_, runs: int, phases=tuple(Phase)) -> dict[str, int]:
    """So many runs of the machine; how many saves and conflicts they had."""
    told = {"conflicts": 0, "saves": 0}
    machine = type("Machine", (OneAnswer,), {"cast": cast, "round": round_, "told": told})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return told


@pytest.mark.django_db
def test_no_update_is_lost_whatever_several_people_do(cast, running_round, figure):
    told = explore(cast, running_round, RUNS)

    figure(f"{RUNS} runs: {told['saves']} saves, {told['conflicts']} conflicts shown, 0 lost")
    assert told["conflicts"] > 0
    assert told["saves"] > RUNS


@pytest.mark.django_db
def test_a_product_in_which_the_last_writer_wins_is_found_out(cast, running_round, monkeypatch):
    careful = commands.save_answer

    def careless(actor, answer_id, claim, *, base, key=None):
        is_retry = Version.objects.filter(answer=answer_id, key=key).exists()
        newest = people.answer(running_round, "C1").version
        return careful(actor, answer_id, claim, base=base if is_retry else newest, key=key)

    monkeypatch.setattr(commands, "save_answer", careless)

    with pytest.raises(AssertionError, match="a version that was not seen"):
        explore(cast, running_round, 200, phases=[Phase.generate])


def test_two_saves_at_once_are_one_save_and_one_conflict_with_both_texts(copied, figure):
    installation, plot = copied()
    office, times = plot.offices[0], 30 if IS_LONG else 6
    with Service(installation) as service:
        tabs = [Browser(service.port), Browser(service.port)]
        for tab in tabs:
            tab.sign_in(office.operator, PASSWORD)
        for number, code in enumerate(office.codes * times):
            if number == times:
                break
            version, texts = number // len(office.codes), [token_hex(8), token_hex(8)]

            replies = at_once(tabs, plot.round, code, version, texts)

            assert sorted(reply.status for reply in replies) == [200, 412]
            slower = next(reply for reply in replies if reply.status == 412)
            faster = next(reply for reply in replies if reply.status == 200)
            assert json.loads(faster.body)["version"] == version + 1
            assert all(text in slower.text for text in texts)
    figure(f"{times} times two saves at once: one kept, the other shown both")


def at_once(tabs, round_id, code, version, texts):
    """Both tabs save upon the same version, in the same moment."""
    start, replies = Barrier(len(tabs)), {}

    def send(number):
        typed = {"version": str(version), "level": "1", "explanation": texts[number]}
        start.wait()
        replies[number] = tabs[number].post(
            f"/putaran/{round_id}/pertanyaan/{code}/simpan/",
            typed,
            HX_Request="true",
            Idempotency_Key=token_hex(8),
        )

    threads = [Thread(target=send, args=(number,)) for number in range(len(tabs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [replies[number] for number in sorted(replies)]
