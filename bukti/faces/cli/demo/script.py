"""What the demonstration tells, read from `stories/*.yaml`: answers, papers, notes, comments.

Every value in it is invented and says so: each explanation ends with “(contoh)”.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bukti.faces.cli.demo.clock import Days
from bukti.wording.formats import date_long

HERE = Path(__file__).parent
STORIES = ("a-b", "c", "d", "e-f")
EXAMPLE = " (contoh)"
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Office:
    """An agency of Paser, as in `agencies.csv`."""

    code: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One document to be made: what it is, how old, which pages are cited for what."""

    kind: str
    title: str
    age: int
    pages: str
    shows: str
    quirk: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One question: what was answered, with what, and how it went."""

    code: str
    state: str
    level: int | None = None
    value: Decimal | None = None
    respondents: int | None = None
    text: str = ""
    verified: Decimal | None = None
    remark: str = ""
    via: str = ""
    note: str = ""
    due: int = 3
    retouch: bool = False
    papers: tuple[Paper, ...] = ()
    programme: str = ""

    @property
    def was_handed_in(self) -> bool:
        """Whether its agency has handed it in at least once."""
        return self.state in ("accepted", "submitted", "returned")


@dataclass(frozen=True, slots=True)
class Script:
    """The whole story."""

    stories: Mapping[str, Story]
    assigned: Mapping[str, list[str]]
    extensions: Mapping[str, tuple[int, str]]
    skipped: Mapping[str, str]
    reminded: tuple[str, ...]
    comments: tuple[tuple[str, str, int, str], ...] = field(default=())


@cache
def offices() -> dict[str, Office]:
    """The 41 agencies by code, in the file's order."""
    with (HERE / "agencies.csv").open(encoding="utf-8") as file:
        return {
            row["code"]: Office(row["code"], row["name"], row["short_name"])
            for row in csv.DictReader(file)
        }


def read(year: int, days: Days) -> Script:
    """The story as of today: years and dates filled in."""
    stories = {
        code: _story(code, facts, year, days)
        for name in STORIES
        for code, facts in _yaml(name).items()
    }
    stories |= _survey(_yaml("survey"))
    around = _yaml("round")
    return Script(
        stories=stories,
        assigned=around["assigned"],
        extensions={
            code: (days_, reason) for code, (days_, reason) in around["extensions"].items()
        },
        skipped={code: text.strip() for code, text in around["skipped"].items()},
        reminded=tuple(around["reminded"]),
        comments=tuple((a, b, c, d) for a, b, c, d in around["comments"]),
    )


def _yaml(name: str) -> dict[str, Any]:
    found = yaml.safe_load((HERE / "stories" / f"{name}.yaml").read_text(encoding="utf-8"))
    return dict(found)


def _story(code: str, facts: dict[str, Any], year: int, days: Days) -> Story:
    def filled(text: str) -> str:
        dated = re.sub(r"{d:(\d+)}", lambda found: date_long(days.ago(int(found[1])), "id"), text)
        return dated.replace("{y1}", str(year - 1)).replace("{y}", str(year)).strip()

    verified = facts.get("verified", facts.get("level"))
    return Story(
        code=code,
        state=facts["state"],
        level=facts.get("level"),
        value=Decimal(facts["value"]) if "value" in facts else None,
        text=filled(facts["text"]) + EXAMPLE if "text" in facts else "",
        verified=None if verified is None else Decimal(verified),
        remark=facts.get("remark", ""),
        via=facts.get("via", ""),
        note=filled(facts.get("note", "")),
        due=facts.get("due", 3),
        retouch=facts.get("retouch", False),
        papers=tuple(_paper(filled(line)) for line in facts.get("papers", [])),
    )


def _paper(line: str) -> Paper:
    kind, title, age, pages, shows, *quirk = (part.strip() for part in line.split("|"))
    return Paper(kind, title, int(age), pages, shows, *quirk)


def _survey(document: dict[str, Any]) -> dict[str, Story]:
    programmes = document["programmes"]
    return {
        code: _statement(code, programmes[code.rpartition(".")[0]], *facts)
        for code, facts in document["answers"].items()
    }


def _statement(  # noqa: PLR0913  a row of the file
    code: str,
    programme: str,
    state: str,
    mean: str | None = None,
    asked: int | None = None,
    finding: str = "",
    note: str = "",
    due: int = 3,
) -> Story:
    if mean is None:
        return Story(code, state)
    value = reachable(Decimal(mean), asked) if asked else Decimal(mean)
    said = f"{value}".replace(".", ",")
    text = f"Survei pengguna {programme}: rerata {said}"
    text += (
        f" dari {asked} responden di sepuluh kecamatan." if asked else ", pengisian belum selesai."
    )
    return Story(
        code,
        state,
        value=value,
        respondents=asked,
        text=f"{text} {finding}".strip() + EXAMPLE,
        verified=value,
        note=note,
        due=due,
        papers=_survey_papers(programme) if finding else (),
        programme=programme,
    )


def reachable(mean: Decimal, asked: int) -> Decimal:
    """The mean that whole answers of so many people can have, nearest to the one wanted."""
    return (Decimal(points(mean, asked)) / asked).quantize(CENT, ROUND_HALF_UP)


def points(mean: Decimal, asked: int) -> int:
    """The sum of the answers behind a mean."""
    return int((mean * asked).quantize(Decimal(1), ROUND_HALF_UP))


def _survey_papers(programme: str) -> tuple[Paper, ...]:
    return (
        Paper("tabulasi", f"Tabulasi survei {programme}", 12, "", "Jawaban tiap responden"),
        Paper("laporan", f"Catatan metode survei {programme}", 12, "2-3", "Cara memilih responden"),
    )
