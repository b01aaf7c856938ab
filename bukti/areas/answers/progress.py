"""Where a round stands: counts by state, by agency, by day; the board's tiles; a person's tasks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bukti.areas.answers import queries
from bukti.areas.answers.models import Answer, Mark, MarkKind
from bukti.areas.rounds import queries as rounds
from bukti.areas.rounds.models import Round
from bukti.rules.errors import Reason
from bukti.rules.pack import Question
from bukti.rules.permissions import Actor
from bukti.rules.workflow import OPEN, AnswerState, is_past
from bukti.wording.board import Tile
from bukti.wording.pace import Day
from bukti.wording.words import REASONS

SOON = timedelta(days=3)
#: States in the order of the bar: what is done first.
BAR = (
    AnswerState.ACCEPTED,
    AnswerState.SUBMITTED,
    AnswerState.RETURNED,
    AnswerState.DRAFT,
    AnswerState.EMPTY,
    AnswerState.NOT_APPLICABLE,
)
#: States that still wait for the agency.
WAITING = (AnswerState.EMPTY, AnswerState.DRAFT, AnswerState.RETURNED)


@dataclass(frozen=True, slots=True)
class AgencyProgress:
    """One agency's share of a round."""

    agency_id: int
    name: str
    short_name: str
    counts: Counter[AnswerState]
    late: int
    due: datetime | None
    last_worked: datetime | None

    @property
    def asked(self) -> int:
        """How many questions it leads."""
        return self.counts.total()

    @property
    def accepted(self) -> int:
        """How many of its answers are accepted."""
        return self.counts[AnswerState.ACCEPTED]

    @property
    def open(self) -> int:
        """How many still wait for the agency."""
        return sum(self.counts[state] for state in WAITING)


@dataclass(frozen=True, slots=True)
class Progress:
    """A round as a whole: the tiles an actor sees, counts by state, agencies by what they need."""

    round: Round
    tiles: tuple[Tile, ...]
    counts: Counter[AnswerState]
    agencies: tuple[AgencyProgress, ...]

    @property
    def asked(self) -> int:
        """Questions that apply."""
        return self.counts.total() - self.counts[AnswerState.NOT_APPLICABLE]

    @property
    def accepted(self) -> int:
        """Answers accepted so far."""
        return self.counts[AnswerState.ACCEPTED]

    @property
    def submitted(self) -> int:
        """Answers that wait for the coordinator."""
        return self.counts[AnswerState.SUBMITTED]

    @property
    def shown_counts(self) -> list[tuple[AnswerState, int]]:
        """Counts by state in the order of the bar; *tidak berlaku* only where there is any."""
        return [
            (state, self.counts[state])
            for state in BAR
            if self.counts[state] or state is not AnswerState.NOT_APPLICABLE
        ]

    @property
    def late(self) -> int:
        """Answers whose agency is past its deadline."""
        return sum(tile.ring == "late" for tile in self.tiles)

    @property
    def needing_help(self) -> tuple[AgencyProgress, ...]:
        """Agencies that are late, the latest first."""
        return tuple(agency for agency in self.agencies if agency.late)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the board and the agencies' table need of one answer; the columns of `COLUMNS`."""

    code: str
    position: int
    state: AnswerState
    level: int | None
    value: Decimal | None
    respondents: int | None
    verified: Decimal | None
    evidence_count: int
    evidence_open: int
    due_at: datetime | None
    version: int
    updated_at: datetime
    agency_id: int | None
    agency_name: str | None
    agency_short_name: str | None


COLUMNS = (
    "code",
    "assignment__position",
    "state",
    "level",
    "value",
    "respondents",
    "verified",
    "evidence_count",
    "evidence_open",
    "due_at",
    "version",
    "updated_at",
    "assignment__agency",
    "assignment__agency__name",
    "assignment__agency__short_name",
)


def progress_of(actor: Actor, round_: Round, now: datetime) -> Progress:
    """The round's answers as the actor sees them, in two queries (answers, extensions)."""
    rows = queries.visible_to(actor).filter(round=round_.pk).order_by("assignment__position")
    standings = [
        Standing(code, position, AnswerState(state), *rest)
        for code, position, state, *rest in rows.values_list(*COLUMNS)
    ]
    extended = rounds.extensions_of(round_)
    dues = [due_of(standing, round_, extended) for standing in standings]
    tiles = tuple(
        _tile(standing, round_, due, now) for standing, due in zip(standings, dues, strict=True)
    )
    return Progress(
        round=round_,
        tiles=tiles,
        counts=Counter(tile.state for tile in tiles),
        agencies=_agencies(standings, tiles, dues),
    )


def due_of(
    standing: Standing | Answer, round_: Round, extended: dict[int, datetime]
) -> datetime | None:
    """Until when the lead may work on it: a returned answer may have a later date of its own."""
    agency = standing.assignment.agency_id if isinstance(standing, Answer) else standing.agency_id
    due = rounds.later_of(round_.agency_deadline, extended.get(agency or 0))
    if standing.state == AnswerState.RETURNED:
        return rounds.later_of(due, standing.due_at)
    return due


def _tile(standing: Standing, round_: Round, due: datetime | None, now: datetime) -> Tile:
    return Tile(
        code=standing.code,
        state=standing.state,
        level=_level(standing),
        evidence=_evidence(standing),
        ring=ring(standing.state, round_, due, now),
        agency_id=standing.agency_id,
        agency=standing.agency_short_name or "",
    )


def _level(standing: Standing) -> str:
    """What stands on the tile: verified before claimed; a survey mean to one decimal."""
    value = standing.verified if standing.verified is not None else standing.level
    if value is None:
        value = standing.value if standing.respondents else None
    return "" if value is None else f"{value:.1f}".removesuffix(".0").replace(".", ",")


def _evidence(standing: Standing) -> str:
    if not standing.evidence_count:
        return ""
    return "part" if standing.evidence_open else "full"


def ring(state: str, round_: Round, due: datetime | None, now: datetime) -> str:
    """ "late" or "soon" for what still waits for an agency in an open round, else ""."""
    if round_.state not in OPEN or state not in WAITING or due is None:
        return ""
    if is_past(due, now):
        return "late"
    return "soon" if due - now <= SOON else ""


def _agencies(
    standings: list[Standing], tiles: tuple[Tile, ...], dues: list[datetime | None]
) -> tuple[AgencyProgress, ...]:
    by_agency: dict[int, list[int]] = {}
    for place, standing in enumerate(standings):
        if standing.agency_id:
            by_agency.setdefault(standing.agency_id, []).append(place)
    found = []
    for agency_id, places in by_agency.items():
        first = standings[places[0]]
        found.append(
            AgencyProgress(
                agency_id=agency_id,
                name=first.agency_name or "",
                short_name=first.agency_short_name or "",
                counts=Counter(standings[place].state for place in places),
                late=sum(tiles[place].ring == "late" for place in places),
                due=max((due for place in places if (due := dues[place])), default=None),
                last_worked=max(
                    (standings[p].updated_at for p in places if standings[p].version),
                    default=None,
                ),
            )
        )
    return tuple(sorted(found, key=lambda agency: (-agency.late, -agency.open, agency.name)))


def burn_up(round_: Round, today: date) -> tuple[Day, ...]:
    """Day by day since the start, how many answers stood handed in and accepted (one query).

    An answer that is returned or declared not applicable goes down again.
    """
    if round_.started_at is None:
        return ()
    zone = ZoneInfo(round_.zone)
    marks = Mark.objects.filter(answer__round=round_.pk).order_by("at", "pk")
    events = [
        (at.astimezone(zone).date(), answer, kind)
        for at, answer, kind in marks.values_list("at", "answer", "kind")
    ]
    return tuple(_days(events, round_.started_at.astimezone(zone).date(), today))


def _days(events: list[tuple[date, int, str]], first: date, last: date) -> Iterable[Day]:
    standing: dict[int, str] = {}
    position, day = 0, min([first, *(when for when, _, _ in events[:1])])
    while day <= last:
        while position < len(events) and events[position][0] <= day:
            standing[events[position][1]] = events[position][2]
            position += 1
        kinds = Counter(standing.values())
        accepted = kinds[MarkKind.ACCEPTED]
        yield Day(day, accepted + kinds[MarkKind.HANDED_IN], accepted)
        day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Task:
    """One question that waits for a person, with all its list line needs."""

    answer: Answer
    question: Question
    due: datetime | None
    ring: str
    missing: Reason | None
    is_lead: bool

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the agency."""
        return self.answer.state in WAITING

    @property
    def is_returned(self) -> bool:
        """Whether the coordinator sent it back."""
        return self.answer.state == AnswerState.RETURNED

    @property
    def shown_level(self) -> Decimal | int | None:
        """Verified before claimed; a survey's mean."""
        if self.answer.verified is not None:
            return self.answer.verified
        return self.answer.level if self.answer.level is not None else self.answer.value

    @property
    def wants(self) -> str:
        """What a draft still lacks, in a short sentence."""
        if self.answer.state != AnswerState.DRAFT or self.missing is None:
            return ""
        return str(REASONS[self.missing]).split(". ")[0].rstrip(".")


def tasks(actor: Actor, round_: Round, now: datetime) -> tuple[Task, ...]:
    """All questions the actor's agencies lead or help with: returned first, then by deadline."""
    if not actor.agencies:
        return ()
    extended = rounds.extensions_of(round_)
    found = [
        _task(answer, round_, extended, actor, now)
        for answer in queries.answers_of(actor, round_.pk)
    ]
    return tuple(
        sorted(
            found,
            key=lambda task: (
                task.answer.state != AnswerState.RETURNED,
                task.due or now + timedelta(days=3650),
                task.answer.assignment.position,
            ),
        )
    )


def _task(
    answer: Answer, round_: Round, extended: dict[int, datetime], actor: Actor, now: datetime
) -> Task:
    answer.round = round_
    due = due_of(answer, round_, extended)
    return Task(
        answer=answer,
        question=queries.question_of(answer),
        due=due,
        ring=ring(answer.state, round_, due, now),
        missing=queries.what_is_missing(queries.question_of(answer), answer),
        is_lead=answer.assignment.agency_id in actor.agencies,
    )


@dataclass(frozen=True, slots=True)
class TaskPage:
    """*Tugas saya*: a person's questions in the groups in which they will be worked on."""

    round: Round
    late: tuple[Task, ...]
    returned: tuple[Task, ...]
    soon: tuple[Task, ...]
    later: tuple[Task, ...]
    done: tuple[Task, ...]
    counts: Counter[AnswerState]

    @property
    def open(self) -> tuple[Task, ...]:
        """What still waits, in order."""
        return self.late + self.returned + self.soon + self.later

    @property
    def in_time(self) -> tuple[Task, ...]:
        """What can be written and handed in; what is late waits for more time."""
        return self.returned + self.soon + self.later

    @property
    def first(self) -> Task | None:
        """What to do next."""
        return next(iter(self.in_time), None)

    @property
    def due(self) -> datetime | None:
        """Until when one's own agency hands in, an extension counted."""
        led = (task.due for task in self.open + self.done if task.is_lead and not task.is_returned)
        return next(led, self.round.agency_deadline)

    @property
    def asked(self) -> int:
        """How many questions there are."""
        return self.counts.total()

    @property
    def ready(self) -> tuple[Task, ...]:
        """Complete and led by one's own agency: the head can hand them in."""
        return tuple(task for task in self.in_time if task.missing is None and task.is_lead)


def task_page(actor: Actor, round_: Round, now: datetime) -> TaskPage:
    """The actor's tasks in a round, grouped (three queries)."""
    mine = tasks(actor, round_, now)
    waiting = [task for task in mine if task.answer.state in WAITING]
    rest = [task for task in waiting if task.ring != "late"]
    calm = [task for task in rest if task.answer.state != AnswerState.RETURNED]
    return TaskPage(
        round=round_,
        late=tuple(task for task in waiting if task.ring == "late"),
        returned=tuple(task for task in rest if task.answer.state == AnswerState.RETURNED),
        soon=tuple(task for task in calm if task.ring == "soon"),
        later=tuple(task for task in calm if task.ring != "soon"),
        done=tuple(task for task in mine if task.answer.state not in WAITING),
        counts=Counter(AnswerState(task.answer.state) for task in mine),
    )
