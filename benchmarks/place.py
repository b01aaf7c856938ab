"""The installation that is measured: the demonstration region, set up as a person would."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from benchmarks import ballast
from bukti.faces.cli.demo.people import COORDINATOR, PASSWORD
from tests.faults.browser import Browser
from tests.faults.installation import Installation

SETTINGS = {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "BUKTI_RESERVED_SPACE_MB": "200"}
WRITABLE = """
SELECT a.code, u.email FROM answers_answer a
JOIN rounds_assignment s ON s.id = a.assignment_id
JOIN people_grant g ON g.agency_id = s.agency_id AND g.role = 'operator'
JOIN people_user u ON u.id = g.user_id
WHERE a.round_id = ? AND a.state IN ('empty', 'draft', 'returned')
ORDER BY a.code LIKE 'D%', a.evidence_count DESC, a.code
"""


@dataclass(frozen=True)
class Place:
    """An installation with what can be asked of it."""

    installation: Installation
    round: int
    agency: int
    #: Questions that can be written, each with its operator's address.
    open: tuple[tuple[str, str], ...]

    @property
    def operator(self) -> str:
        """Whose pages are measured."""
        return self.open[0][1]

    @property
    def code(self) -> str:
        """The question whose page is measured: open, with evidence, and left as it is."""
        return self.open[0][0]

    @property
    def saved(self) -> tuple[str, str]:
        """The question that is saved again and again, and its operator."""
        return self.open[1]

    @property
    def supported(self) -> tuple[str, str]:
        """The question that gets one document after the other, and its operator."""
        return self.open[2]

    def pages(self) -> dict[str, tuple[str, str]]:
        """The pages that are measured: whose, and where."""
        return {
            "board": (COORDINATOR, f"/putaran/{self.round}/papan/"),
            "question": (self.operator, self.question()),
            "tasks": (self.operator, "/tugas/"),
            "results": (COORDINATOR, f"/putaran/{self.round}/hasil/"),
        }

    def question(self, code: str = "", rest: str = "") -> str:
        """A question's address, or one below it."""
        return f"/putaran/{self.round}/pertanyaan/{code or self.code}/{rest}"

    def sign_in(self, port: int, email: str) -> Browser:
        """A session of this person."""
        browser = Browser(port)
        browser.sign_in(email, PASSWORD)
        browser.get("/akun/")
        browser.close()
        return browser


def prepare(folder: Path) -> Place:
    """The demonstration region in a fresh folder."""
    installation = Installation(folder, SETTINGS)
    for words in (["setup"], ["demo"]):
        done = installation.bukti(*words)
        if done.returncode != 0:
            raise SystemExit(f"bukti {words[0]}: {done.stderr}")
    return look(installation)


def look(installation: Installation) -> Place:
    """What an installation has to be asked for."""
    line = sqlite.connect(installation.database)
    round_id, region = line.execute(
        "SELECT id, region_id FROM rounds_round WHERE id < ? ORDER BY id DESC", (ballast.STEP,)
    ).fetchone()
    agency = line.execute(
        "SELECT id FROM people_agency WHERE region_id = ? ORDER BY id", (region,)
    ).fetchone()[0]
    found = tuple(line.execute(WRITABLE, (round_id,)).fetchall())
    line.close()
    return Place(installation, round_id, agency, found)


def grown(place: Place, folder: Path, rounds: int) -> Place:
    """A copy with so many rounds in all."""
    shutil.copytree(place.installation.folder, folder)
    copy = Installation(folder, SETTINGS)
    ballast.add(copy.database, rounds - 1)
    return look(copy)


def run_json(installation: Installation, *words: str) -> dict:
    """A module of ours upon an installation, which prints JSON last."""
    done = installation.run("-m", *words)
    if done.returncode != 0:
        raise SystemExit(f"{words}: {done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))
