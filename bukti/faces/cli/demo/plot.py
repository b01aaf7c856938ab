"""When things happen: every act of the story with its moment, in working days before today."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bukti.areas.rounds import commands as rounds
from bukti.faces.cli.demo.acts import Acts
from bukti.faces.cli.demo.clock import Clock
from bukti.faces.cli.demo.script import Story

#: Working days before today: the region is set up, the round opens, the agencies' time ends.
SET_UP, OPENED, CLOSED = 17, 16, 1
BATCH = 5
#: Retouched today, minutes ago.
JUST_NOW = 12


@dataclass(order=True, frozen=True, slots=True)
class Event:
    """Something somebody does at a moment."""

    at: datetime
    turn: int
    act: Callable[[], object] = field(compare=False)


class Plot:
    """Builds the events of a round and plays them in order."""

    def __init__(self, acts: Acts) -> None:
        self.acts, self.days = acts, acts.days
        self.events: list[Event] = []
        #: Agencies with the working days before today on which their heads hand in.
        self.hand_ins: dict[tuple[str, int], int] = {}

    def at(self, moment: datetime, act: Callable[[], object]) -> None:
        """Note an act; of two at one moment the first noted comes first."""
        self.events.append(Event(moment, len(self.events), act))

    def play(self, clock: Clock) -> None:
        """Do everything in order of time."""
        self._write_answers()
        self._around()
        for event in sorted(self.events):
            clock.go_to(event.at)
            event.act()

    def _write_answers(self) -> None:
        agencies = list(dict.fromkeys(self.acts.leads.values()))
        for turn, agency in enumerate(agencies):
            own = [
                story
                for code, story in self.acts.script.stories.items()
                if self.acts.leads[code] == agency
            ]
            for day, batch in _batches(own, turn):
                self._batch(agency, day, batch, turn)
            for place, story in enumerate(story for story in own if story.state == "draft"):
                self._draft(story, turn + place)
        for (agency, day), turn in self.hand_ins.items():
            self.at(self.days.worked(day, 14, turn % 60), partial(self.acts.hand_in, agency))

    def _batch(self, agency: str, day: int, batch: list[Story], turn: int) -> None:
        for place, story in enumerate(batch):
            hour, minute = 8 + place % 5, (13 * place + 7 * turn) % 60
            if (place + turn) % 2:
                self.at(
                    self.days.worked(day + 1, hour + 2, minute), partial(self.acts.begin, story)
                )
            written = self.days.worked(day, hour, minute)
            self.at(written, partial(self.acts.write, story))
            self.at(written + timedelta(minutes=6), partial(self.acts.support, story))
            self._decide(agency, story, day, turn + place)
        self.hand_ins[agency, day] = turn

    def _decide(self, agency: str, story: Story, day: int, turn: int) -> None:
        hour, minute = 9 + turn % 6, (17 * turn) % 60
        if story.state == "returned":
            moment = self.days.worked(2 - turn % 2, hour, minute)
            self.at(moment, partial(self.acts.send_back, story, story.note, turn))
            if story.retouch:
                moment = self.days.now - timedelta(minutes=JUST_NOW)
                self.at(moment, partial(self.acts.retouch, story))
        if story.state != "accepted":
            return
        if story.via:
            # After the heads' hour, so that it is not handed in again as it came back.
            moment = self.days.worked(day - 1, 15, 40)
            self.at(moment, partial(self.acts.send_back, story, story.via, turn))
            day -= 2
            self.at(self.days.worked(day, 9, minute), partial(self.acts.amend, story))
            self.hand_ins[agency, day] = turn
        self.at(self.days.worked(day - 1, hour, minute), partial(self.acts.accept, story, turn))

    def _draft(self, story: Story, turn: int) -> None:
        """Drafts with papers come after the agency's last hand-in, so that they stay drafts."""
        day = 1 if story.papers else 1 + turn % 7
        self.at(self.days.worked(day, 15, turn % 50), partial(self.acts.write, story))
        self.at(self.days.worked(day, 15, turn % 50 + 5), partial(self.acts.support, story))

    def _around(self) -> None:
        acts, script = self.acts, self.acts.script
        chief = acts.cast.coordinator()
        for place, (code, (days, reason)) in enumerate(script.extensions.items()):
            extend = partial(
                rounds.extend_deadline,
                chief,
                acts.round.pk,
                agency_id=acts.cast.agencies[code].pk,
                until=self.days.ahead(days),
                reason=reason,
            )
            self.at(self.days.worked(2, 10 + place % 5, 11 * place % 60), extend)
        for code, reason in script.skipped.items():
            self.at(self.days.worked(4, 11), partial(acts.skip, code, reason))
        for place, (code, who, back, text) in enumerate(script.comments):
            self.at(self.days.worked(back, 15, 3 * place), partial(acts.comment, code, who, text))
        self.at(self.days.worked(2, 8), acts.read_notices)
        reminded = frozenset(acts.cast.agencies[code].pk for code in script.reminded)
        self.at(
            self.days.worked(CLOSED, 8, 30),
            partial(rounds.remind_agency, chief, acts.round.pk, reminded),
        )


def _batches(own: list[Story], turn: int) -> Iterator[tuple[int, list[Story]]]:
    """What an agency hands in together, and on which working day before today."""
    accepted = [story for story in own if story.state == "accepted"]
    for number, start in enumerate(range(0, len(accepted), BATCH)):
        yield 12 - 2 * number - 2 * (turn % 3), accepted[start : start + BATCH]
    for state, day in (("returned", 5 - turn % 2), ("submitted", 3 - turn % 2)):
        if batch := [story for story in own if story.state == state]:
            yield day, batch
