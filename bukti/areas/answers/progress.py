"""Where a round stands: counts by state, by agency, by day; the board's tiles; a person's tasks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bukti.areas.answers import queries
from bukti.areas.answers.models import Answer, Mark, MarkKind
from bukti.areas.rounds import queries as rounds
from bukti.areas.rounds.models import Round
from bukti.rules.permissions import Actor
from bukti.rules.workflow import OPEN, AnswerState, is_past

SOON = timedelta(days=3)
#: States that still wait for the agency.
WAITING = (AnswerState.EMPTY, AnswerState.DRAFT, AnswerState.RETURNED)


@dataclass(frozen=True, slots=True)
class Tile:
    """One question on the board. `level` is the verified level where there is one, else the claim."""

    code: str
    position: int
    state: AnswerState
    level: str
    evidence: str  # "full", "part" or ""
    ring: str  # "late", "soon" or ""
    agency_id: int | None
    agency: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class AgencyProgress:
    """One agency's share of a round."""

    agency_id: int
    name: str
    short_name: str
    counts: Counter[str]
    late: int
    due: datetime | None
    last_worked: datetime | None

    @property
    def asked(self) -> int:
        """How many questions it leads."""
        return self.counts.total()

    @property
    def open(self) -> int:
        """How many still wait for the agency."""
        return sum(self.counts[state] for state in WAITING)


@dataclass(frozen=True, slots=True)
class Progress:
    """A round as a whole: the tiles an actor sees, counts by state, agencies by what they need."""

    round: Round
    tiles: tuple[Tile, ...]
    counts: Counter[str]
    agencies: tuple[AgencyProgress, ...]

    @property
    def asked(self) -> int:
        """Questions that apply."""
        return self.counts.total() - self.counts[AnswerState.NOT_APPLICABLE]

    @property
    def late(self) -> int:
        """Answers whose agency is past its deadline."""
        return sum(tile.ring == "late" for tile in self.tiles)

    @property
    def needing_help(self) -> tuple[AgencyProgress, ...]:
        """Agencies that are late, the latest first."""
        return tuple(agency for agency in self.agencies if agency.late)


def progress_of(actor: Actor, round_: Round, now: datetime) -> Progress:
    """The round's answers as the actor sees them, in two queries (answers, extensions)."""
    answers = list(
        queries.answers_of(actor, round_.pk).defer("explanation", "note", "text")
    )
    extended = rounds.extensions_of(round_)
    tiles = tuple(_tile(answer, round_, extended, now) for answer in answers)
    return Progress(
        round=round_,
        tiles=tiles,
        counts=Counter(str(tile.state) for tile in tiles),
        agencies=_agencies(answers, tiles),
    )


def _tile(
    answer: Answer, round_: Round, extended: dict[int, datetime], now: datetime
) -> Tile:
    agency = answer.assignment.agency
    due = rounds.later_of(round_.agency_deadline, extended.get(answer.assignment.agency_id or 0))
    if answer.state == AnswerState.RETURNED:
        due = rounds.later_of(due, answer.due_at)
    return Tile(
        code=answer.code,
        position=answer.assignment.position,
        state=AnswerState(answer.state),
        level=_level(answer),
        evidence=_evidence(answer),
        ring=_ring(answer, round_, due, now),
        agency_id=answer.assignment.agency_id,
        agency=agency.short_name if agency else "",
        due=due,
    )


def _level(answer: Answer) -> str:
    """What stands on the tile: verified before claimed; a survey mean to one decimal, untranslated."""
    value = answer.verified if answer.verified is not None else answer.level
    if value is None:
        value = answer.value if answer.respondents else None
    return "" if value is None else f"{value:.1f}".removesuffix(".0")


def _evidence(answer: Answer) -> str:
    if not answer.evidence_count:
        return ""
    return "part" if answer.evidence_open else "full"


def _ring(answer: Answer, round_: Round, due: datetime | None, now: datetime) -> str:
    if round_.state not in OPEN or answer.state not in WAITING or due is None:
        return ""
    if is_past(due, now):
        return "late"
    return "soon" if due - now <= SOON else ""


def _agencies(answers: list[Answer], tiles: tuple[Tile, ...]) -> tuple[AgencyProgress, ...]:
    by_agency: dict[int, list[tuple[Answer, Tile]]] = {}
    for answer, tile in zip(answers, tiles, strict=True):
        if tile.agency_id:
            by_agency.setdefault(tile.agency_id, []).append((answer, tile))
    found = [_agency(agency_id, pairs) for agency_id, pairs in by_agency.items()]
    return tuple(sorted(found, key=lambda agency: (-agency.late, -agency.open, agency.name)))


def _agency(agency_id: int, pairs: list[tuple[Answer, Tile]]) -> AgencyProgress:
    agency = pairs[0][0].assignment.agency
    assert agency is not None
    return AgencyProgress(
        agency_id=agency_id,
        name=agency.name,
        short_name=agency.short_name,
        counts=Counter(str(tile.state) for _, tile in pairs),
        late=sum(tile.ring == "late" for _, tile in pairs),
        due=max((tile.due for _, tile in pairs if tile.due), default=None),
        last_worked=max((a.updated_at for a, _ in pairs if a.version), default=None),
    )


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the burn-up: answers handed in and accepted by its end."""

    day: date
    handed_in: int
    accepted: int


def burn_up(round_: Round, today: date) -> tuple[Day, ...]:
    """Day by day since the start, how many answers stood handed in and accepted (one query).

    An answer that is returned goes down again; a skipped one counts as accepted.
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


def _days(
    events: list[tuple[date, int, str]], first: date, last: date
) -> Iterable[Day]:
    standing: dict[int, str] = {}
    position, day = 0, min([first, *(when for when, _, _ in events[:1])])
    while day <= last:
        while position < len(events) and events[position][0] <= day:
            standing[events[position][1]] = events[position][2]
            position += 1
        kinds = Counter(standing.values())
        accepted = kinds[MarkKind.ACCEPTED] + kinds[MarkKind.SKIPPED]
        yield Day(day, accepted + kinds[MarkKind.HANDED_IN], accepted)
        day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Task:
    """One question that waits for a person, with all its list line needs."""

    answer: Answer
    due: datetime | None
    ring: str
    missing: str | None
    is_lead: bool


def tasks(actor: Actor, round_: Round, now: datetime) -> tuple[Task, ...]:
    """What waits for the actor's agencies in a round: returned first, then by deadline and order."""
    mine = queries.answers_of(actor, round_.pk).filter(state__in=WAITING)
    extended = rounds.extensions_of(round_)
    if not actor.agencies:
        return ()
    found = [_task(answer, round_, extended, actor, now) for answer in mine]
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
    tile = _tile(answer, round_, extended, now)
    answer.round = round_
    return Task(
        answer=answer,
        due=tile.due,
        ring=tile.ring,
        missing=queries.what_is_missing(queries.question_of(answer), answer),
        is_lead=answer.assignment.agency_id in actor.agencies,
    )
