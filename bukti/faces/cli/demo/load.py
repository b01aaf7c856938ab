"""Loads the demonstration: Kabupaten Paser in the middle of this year's round."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from bukti.areas.answers import verification
from bukti.areas.assessment import commands as assessment
from bukti.areas.instruments import commands as instruments
from bukti.areas.instruments import loader
from bukti.areas.ledger import commands as ledger
from bukti.areas.people import queries as people_queries
from bukti.areas.rounds import commands as rounds
from bukti.faces.cli.demo import people
from bukti.faces.cli.demo.acts import Acts
from bukti.faces.cli.demo.clock import Days, story_time
from bukti.faces.cli.demo.people import PASER, Cast
from bukti.faces.cli.demo.plot import CLOSED, OPENED, SET_UP, Plot
from bukti.faces.cli.demo.script import Script, read
from bukti.rules.pack import Pack
from bukti.rules.permissions import SYSTEM

if TYPE_CHECKING:
    from bukti.areas.rounds.models import Round

INSTRUMENT, SCHEME = "smart-city-121", "kppn-ikn"
TARGET = Decimal("3.20")
DAYS_TO_HAND_IN = 17
#: Paser's published components (national tables in the official letters) by year.
PUBLISHED = {
    2022: (
        "smart-city-2022",
        "B-1004/DJAI/AI.01.04/12/2022, 6 Desember 2022",
        {
            "baseline": "3.80",
            "output": "2.43",
            "outcome": "2.73",
            "impact": "2.81",
            "quick_win": "3.02",
        },
    ),
    2023: (
        "smart-city-2023",
        "B-1384/DJAI/AI.01.04/12/2023, 4 Desember 2023",
        {
            "baseline": "3.96",
            "output": "2.66",
            "outcome": "2.82",
            "impact": "3.11",
            "quick_win": "2.52",
            "collaboration": "2.23",
        },
    ),
}


def load() -> bool:
    """All of the demonstration or nothing; False when there is somebody already."""
    if people_queries.is_set_up():
        return False
    days = Days(timezone.now(), people_queries.region(PASER).zone)
    script = read(days.today.year, days)
    with transaction.atomic():
        _tell(script, days)
        # What the story told by mail is weeks old: nobody should get it now.
        DBTaskResult.objects.filter(queue_name="default").delete()
    ledger.sign_due_checkpoints(SYSTEM, "demo")
    return True


def _tell(script: Script, days: Days) -> None:
    with story_time(days.worked(SET_UP, 8)) as clock:
        packs = _freeze()
        leads, helpers = _officers(packs[INSTRUMENT][1], script)
        cast = people.arrive(leads, helpers)
        _record_past(cast, packs)
        clock.go_to(days.worked(OPENED, 9))
        round_ = _open(cast, packs[INSTRUMENT][0], script, days)
        people.invite_assessor(cast, round_.pk)
        people.give_passwords(cast)
        clock.go_to(days.worked(OPENED, 13))
        verification.start_round(cast.coordinator(), round_.pk)
        Plot(Acts(cast, round_, packs[INSTRUMENT][1], script, days)).play(clock)


def _freeze() -> dict[str, tuple[int, Pack]]:
    """Every shipped instrument, frozen: its id and pack by key."""
    packs = {key: loader.load_pack(loader.folder_of(key)) for key in loader.shipped()}
    return {key: (instruments.freeze_pack(SYSTEM, pack).pk, pack) for key, pack in packs.items()}


def _officers(pack: Pack, script: Script) -> tuple[list[str], list[str]]:
    """Agencies that lead a question, and those that only help."""
    usual = {question.code: list(question.answered_by) for question in pack.questions}
    usual |= script.assigned
    leads = dict.fromkeys(agencies[0] for agencies in usual.values())
    helpers = dict.fromkeys(code for agencies in usual.values() for code in agencies[1:])
    return list(leads), [code for code in helpers if code not in leads]


def _record_past(cast: Cast, packs: dict[str, tuple[int, Pack]]) -> None:
    for year, (key, letter, components) in PUBLISHED.items():
        round_ = rounds.record_past_round(
            cast.coordinator(),
            PASER,
            instrument_id=packs[key][0],
            scheme=SCHEME,
            year=year,
            title=f"Evaluasi Smart City {year}",
        )
        assessment.record_result(
            cast.coordinator(),
            round_.pk,
            {name: Decimal(value) for name, value in components.items()},
            source=f"Daftar hasil nasional, laporan evaluasi Kominfo {letter}",
        )


def _open(cast: Cast, instrument_id: int, script: Script, days: Days) -> "Round":
    year = days.today.year
    plan = rounds.Plan(
        instrument_id=instrument_id,
        scheme=SCHEME,
        year=year,
        title=f"Evaluasi Smart City {year}",
        agency_deadline=days.worked(CLOSED, 16),
        deadline=days.ahead(DAYS_TO_HAND_IN),
        target=TARGET,
    )
    round_ = rounds.open_round(cast.coordinator(), PASER, plan)
    for code, (lead, *helpers) in script.assigned.items():
        rounds.assign_questions(
            cast.coordinator(),
            round_.pk,
            frozenset({code}),
            agency_id=cast.agencies[lead].pk,
            contributor_ids=frozenset(cast.agencies[helper].pk for helper in helpers),
        )
    return round_
