"""A region with a running round and several offices, so that each test works in one of its own."""

import json
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, FilePayload

from tests.cast import PASSWORD
from tests.faults.installation import Office as Desk
from tests.faults.installation import Plot, read_plot
from tests.faults.papers import pdf
from tests.journeys.person import Person
from tests.journeys.site import Site

OFFICES = 12
FOUND = """
import runpy, sys
sys.argv = ["prepare", "{offices}"]
runpy.run_module("tests.faults.prepare", run_name="__main__")
"""


def paper(name: str, content: bytes | None = None) -> FilePayload:
    """A file as a browser takes it; a small real PDF unless told otherwise."""
    holds = pdf(name) if content is None else content
    return {"name": name, "mimeType": "application/pdf", "buffer": holds}


@dataclass
class Office:
    """An office of the town, and whoever works in it now."""

    town: "Town"
    desk: Desk
    people: list[Person] = field(default_factory=list)

    @property
    def operator(self) -> str:
        """The operator's address."""
        return self.desk.operator

    @property
    def head(self) -> str:
        """The head's address."""
        return self.desk.head

    @property
    def code(self) -> str:
        """A question of the office that asks for a level."""
        return self.desk.codes[0]

    def meet(self, email: str, **how: Any) -> Person:
        """Somebody of the office, or from outside, signed in."""
        person = Person(self.town.browser, self.town.site, email, PASSWORD, **how)
        self.people.append(person)
        return person.sign_in()

    def at_work(self) -> Person:
        """The operator with the office's first question open."""
        return self.meet(self.operator).go(self.town.question(self.code))

    def close(self) -> None:
        """Everybody goes home, and nothing went wrong."""
        for person in self.people:
            person.close()


@dataclass
class Town:
    """The region."""

    site: Site
    browser: Browser
    plot: Plot
    taken: int = 0

    @classmethod
    def founded(cls, site: Site, browser: Browser) -> "Town":
        """Make the round and the offices."""
        settings = {"DJANGO_SETTINGS_MODULE": "bukti.site.settings"}
        made = site.installation.python(FOUND.format(offices=OFFICES), **settings)
        assert made.returncode == 0, made.stderr
        return cls(site, browser, read_plot(json.loads(made.stdout.splitlines()[-1])))

    def next_office(self) -> Office:
        """An office in which nobody has worked yet."""
        self.taken += 1
        return Office(self, self.plot.offices[self.taken - 1])

    def question(self, code: str) -> str:
        """The address of a question."""
        return f"/putaran/{self.plot.round}/pertanyaan/{code}/"
