"""Rounds of killing: people work, something is killed, people go on, everything is compared."""

import random
import time
from dataclasses import dataclass, field

from tests.faults.installation import Installation, Plot, Service
from tests.faults.load import History, OfficeAtWork
from tests.faults.reckoning import Reckoning, reckon

#: What is killed, and how often among ten.
TARGETS = ("web", "web", "web", "web", "worker", "worker", "all", "all", "all", "all")
STANDSTILL = 60.0
#: Something must have been acknowledged since the last kill, or the kill shows nothing.
WARM = 12


@dataclass
class Outcome:
    """What came of the rounds."""

    rounds: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    starts: int = 0
    histories: list[History] = field(default_factory=list)
    reckonings: list[Reckoning] = field(default_factory=list)

    @property
    def last(self) -> Reckoning:
        """The last comparison, which covers everything from the beginning."""
        return self.reckonings[-1]

    @property
    def oddities(self) -> list[str]:
        """Answers that nobody should get, whatever is killed."""
        return [odd for history in self.histories for odd in history.oddities]

    def acknowledged(self, kind: str) -> int:
        """How many deeds of a kind were acknowledged."""
        return sum(len(history.acknowledged(kind)) for history in self.histories)

    def __str__(self) -> str:
        kinds = ("save", "upload", "hand_in")
        done = ", ".join(f"{self.acknowledged(kind)} {kind}" for kind in kinds)
        killed = ", ".join(f"{name} {times}" for name, times in sorted(self.kills.items()))
        return f"{self.rounds} rounds (killed: {killed}; {self.starts} starts); {done}; {self.last}"


def killing_rounds(
    installation: Installation,
    plot: Plot,
    rounds: int,
    *,
    seed: int,
    targets: tuple[str, ...] = TARGETS,
    program: tuple[str, ...] = (),
) -> Outcome:
    """So many rounds on one installation, which grows older meanwhile."""
    chance = random.Random(seed)
    outcome = Outcome()
    with Service(installation, program) as service:
        offices = [
            OfficeAtWork(service.port, plot, office, chance.randrange(1 << 30))
            for office in plot.offices
        ]
        outcome.histories = [office.history for office in offices]
        try:
            for office in offices:
                office.sign_in()
                office.start()
            for _ in range(rounds):
                _round(service, offices, chance, targets, outcome)
                outcome.reckonings.append(reckon(installation, outcome.histories))
                if not outcome.last.is_clean:
                    break
        finally:
            for office in offices:
                office.end.set()
            for office in offices:
                office.join(STANDSTILL)
    return outcome


def _round(
    service: Service,
    offices: list[OfficeAtWork],
    chance: random.Random,
    targets: tuple[str, ...],
    outcome: Outcome,
) -> None:
    target = chance.choice(targets)
    for office in offices:
        office.go.set()
    _work_until(service, offices, WARM)
    time.sleep(chance.uniform(0.0, 0.4))
    if target == "all":
        service.kill_all()
    else:
        web = service.web()
        service.kill(service.worker() if target == "worker" else chance.choice(web or [None]))
    service.wait()
    outcome.starts = service.starts
    # They learn what became of the attempts that were cut, then stand still.
    time.sleep(0.1)
    for office in offices:
        office.go.clear()
    for office in offices:
        assert office.rest.wait(STANDSTILL), f"{office.name} does not come to rest"
        office.rest.clear()
    outcome.rounds += 1
    outcome.kills[target] = outcome.kills.get(target, 0) + 1


def _work_until(service: Service, offices: list[OfficeAtWork], more: int) -> None:
    """Let them work until so many more deeds were acknowledged."""
    goal = _acknowledged(offices) + more
    until = time.monotonic() + STANDSTILL
    while _acknowledged(offices) < goal:
        assert time.monotonic() < until, _standstill(offices)
        service.keep()
        time.sleep(0.01)


def _acknowledged(offices: list[OfficeAtWork]) -> int:
    return sum(deed.is_acknowledged for office in offices for deed in list(office.history.deeds))


def _standstill(offices: list[OfficeAtWork]) -> str:
    lines = []
    for office in offices:
        last = [f"{deed.kind} {deed.code} ×{deed.attempts}" for deed in office.history.deeds[-3:]]
        odd = office.history.oddities[-3:]
        lines.append(f"{office.name}, alive: {office.is_alive()}: {last} {odd}")
    return "nothing is acknowledged any more\n" + "\n".join(lines)
