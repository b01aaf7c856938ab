"""A round as its coordinator and executive see it, and what a hand-in would send.

Each page's composite as a frozen dataclass, from a handful of queries whatever the number of rows.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from bukti.areas.answers import queries
from bukti.areas.answers.models import Answer, HandIn
from bukti.areas.answers.progress import AgencyProgress, Progress, progress_of
from bukti.areas.instruments.queries import pack_frozen_as
from bukti.areas.people import queries as people
from bukti.areas.people.models import Agency
from bukti.areas.rounds import queries as rounds
from bukti.areas.rounds.models import Extension, Reopening, Round
from bukti.rules.errors import Reason
from bukti.rules.pack import Question, Words
from bukti.rules.permissions import Action, Actor, Place, may, require
from bukti.rules.workflow import DECIDED, AnswerState, RoundState, is_past
from bukti.wording.board import Tile


def _title_of(round_: Round) -> Words:
    return Words(round_.instrument.title_id, round_.instrument.title_en)


# ---------- rounds ----------


@dataclass(frozen=True, slots=True)
class Shelved:
    """A round in the list, with its answers counted by state."""

    round: Round
    counts: Counter[AnswerState]

    @property
    def instrument(self) -> Words:
        """The instrument's title."""
        return _title_of(self.round)

    @property
    def asked(self) -> int:
        """Questions that apply, of those the actor sees."""
        return self.counts.total() - self.counts[AnswerState.NOT_APPLICABLE]

    @property
    def accepted(self) -> int:
        """Answers accepted so far."""
        return self.counts[AnswerState.ACCEPTED]


def shelf(actor: Actor) -> tuple[Shelved, ...]:
    """The rounds an actor sees, newest first, with counts of the answers they see (two queries)."""
    found = list(rounds.round_list(actor))
    counts: dict[int, Counter[AnswerState]] = {}
    counted = queries.visible_to(actor).filter(round__in=[round_.pk for round_ in found])
    for round_id, state, number in (
        counted.order_by().values_list("round", "state").annotate(number=Count("pk"))
    ):
        counts.setdefault(round_id, Counter())[AnswerState(state)] = number
    return tuple(Shelved(round_, counts.get(round_.pk, Counter())) for round_ in found)


@dataclass(frozen=True, slots=True)
class RoundDesk:
    """A round's own page: where it stands, who is late, what was granted, what was received."""

    round: Round
    progress: Progress
    unassigned: int
    extensions: tuple[Extension, ...]
    receipts: tuple[HandIn, ...]
    reopening: Reopening | None
    to_hand_in: tuple[AgencyProgress, ...]
    now: datetime

    @property
    def instrument(self) -> Words:
        """The instrument's title."""
        return _title_of(self.round)

    @property
    def may_change(self) -> bool:
        """Whether dates and assignments are not settled yet."""
        return self.round.is_open or self.round.state == RoundState.PREPARATION

    @property
    def undecided(self) -> int:
        """Answers that are neither accepted nor *tidak berlaku*."""
        return self.progress.counts.total() - sum(self.progress.counts[s] for s in DECIDED)

    @property
    def is_started(self) -> bool:
        """Whether there are answers."""
        return bool(self.progress.tiles)

    @property
    def due(self) -> datetime | None:
        """The next deadline that has not passed: the agencies', then the hand-in's."""
        if not self.round.is_open:
            return None
        moments = (self.round.agency_deadline, self.round.deadline)
        return next((m for m in moments if m and not is_past(m, self.now)), None)

    @property
    def is_due_from_agencies(self) -> bool:
        """Whether the next deadline is the agencies'."""
        return self.due == self.round.agency_deadline


def round_desk(actor: Actor, round_: Round, now: datetime) -> RoundDesk:
    """All that the page of a visible round shows to this actor."""
    in_preparation = round_.state == RoundState.PREPARATION
    progress = progress_of(actor, round_, now)
    return RoundDesk(
        round=round_,
        progress=progress,
        unassigned=rounds.unassigned(actor, round_.pk) if in_preparation else 0,
        extensions=tuple(rounds.extension_list(actor, round_.pk)),
        receipts=tuple(queries.hand_in_list(actor, round_.pk)),
        # Why a round is to be opened again is between coordinator, executive and auditor.
        reopening=rounds.open_reopening(actor, round_.pk),
        to_hand_in=tuple(
            agency
            for agency in progress.agencies
            if round_.is_open
            and may(
                actor,
                Action.HAND_IN_AGENCY,
                Place(round_.region_id, agency.agency_id, round_.pk),
            )
        ),
        now=now,
    )


def agencies_to_remind(
    actor: Actor, round_id: int, now: datetime
) -> tuple[Round, tuple[AgencyProgress, ...]]:
    """The round, and its agencies that something is still awaited from; Denied to others."""
    round_ = rounds.managed(actor, round_id, Action.REMIND_AGENCY)
    progress = progress_of(actor, round_, now)
    return round_, tuple(agency for agency in progress.agencies if agency.open)


# ---------- an agency's hand-in ----------


@dataclass(frozen=True, slots=True)
class Line:
    """One answer in a list of decisions, and what stands in its way, if anything."""

    answer: Answer
    question: Question
    obstacle: Reason | None = None


@dataclass(frozen=True, slots=True)
class AgencyHandIn:
    """What an agency's head would send now, and what would stay behind."""

    round: Round
    agency: Agency
    due: datetime | None
    ready: tuple[Line, ...]
    unready: tuple[Line, ...]
    sent: int

    @property
    def codes(self) -> frozenset[str]:
        """Codes of what would stay behind."""
        return frozenset(line.question.code for line in self.unready)


def agency_hand_in(actor: Actor, round_id: int, agency_id: int, now: datetime) -> AgencyHandIn:
    """The page before the hand-in of an agency: DoesNotExist outside, Denied to others."""
    round_ = rounds.round_page(actor, round_id)
    agency = people.agencies_visible_to(actor).get(pk=agency_id, region=round_.region_id)
    require(actor, Action.HAND_IN_AGENCY, Place(round_.region_id, agency.pk, round_.pk))
    led = list(queries.answers_of(actor, round_.pk).filter(assignment__agency=agency))
    lines = [line for line in _lines(round_, led, now) if line.answer.is_writable]
    return AgencyHandIn(
        round=round_,
        agency=agency,
        due=rounds.deadline_of(round_, agency.pk),
        ready=tuple(line for line in lines if line.obstacle is None),
        unready=tuple(line for line in lines if line.obstacle is not None),
        sent=len(led) - len(lines),
    )


def _lines(round_: Round, answers: Iterable[Answer], now: datetime) -> Iterable[Line]:
    pack, extended = pack_frozen_as(round_.instrument.sha256), rounds.extensions_of(round_)
    for answer in answers:
        answer.round = round_
        answer.extended_until = extended.get(answer.assignment.agency_id or 0)  # type: ignore[attr-defined]
        question = pack.question(answer.code)
        yield Line(answer, question, queries.obstacle(question, answer, now))


# ---------- the whole ----------


@dataclass(frozen=True, slots=True)
class Undecided:
    """A question that would be handed in without a decision."""

    tile: Tile
    question: Question


@dataclass(frozen=True, slots=True)
class WholeHandIn:
    """The round before its hand-in; `digest` stands for what it holds at this moment."""

    round: Round
    progress: Progress
    undecided: tuple[Undecided, ...]
    digest: str
    prepared_by: str
    receipt: HandIn | None

    @property
    def accepted(self) -> int:
        """Answers accepted."""
        return self.progress.counts[AnswerState.ACCEPTED]

    @property
    def not_applicable(self) -> int:
        """Questions that do not apply."""
        return self.progress.counts[AnswerState.NOT_APPLICABLE]

    @property
    def has_changed(self) -> bool:
        """Whether something changed after the coordinator prepared it."""
        return bool(self.round.prepared_at) and self.round.prepared_digest != self.digest

    @property
    def is_prepared(self) -> bool:
        """Whether it can be signed as it stands."""
        return bool(self.round.prepared_at) and self.round.prepared_digest == self.digest


def whole_hand_in(actor: Actor, round_id: int, now: datetime) -> WholeHandIn:
    """The round as it would be handed in, for those who read results; Denied to others."""
    round_ = rounds.managed(actor, round_id, Action.READ_RESULT)
    progress, pack = progress_of(actor, round_, now), pack_frozen_as(round_.instrument.sha256)
    by = round_.prepared_by_id
    return WholeHandIn(
        round=round_,
        progress=progress,
        undecided=tuple(
            Undecided(tile, pack.question(tile.code))
            for tile in progress.tiles
            if tile.state not in DECIDED
        ),
        digest=queries.round_digest(round_.pk),
        prepared_by=people.names({by}).get(by, "") if by else "",
        receipt=queries.hand_in_list(actor, round_.pk).filter(agency__isnull=True).first(),
    )
