"""Rounds and their questions."""

from datetime import datetime
from typing import TYPE_CHECKING

from ninja import Router, Schema

from bukti.areas.instruments import queries as instruments
from bukti.areas.rounds import queries
from bukti.faces.api.v1.tokens import ApiRequest
from bukti.rules.pack import Question as QuestionRule
from bukti.wording import words

if TYPE_CHECKING:
    from bukti.areas.rounds import models

router = Router(tags=["rounds"])


class Round(Schema):
    """One region's run of one instrument."""

    id: int
    title: str
    year: int
    region: str
    region_name: str
    instrument: str
    instrument_version: str
    scheme: str
    state: str
    state_word: str
    zone: str
    agency_deadline: datetime | None
    deadline: datetime | None


class Level(Schema):
    """A level and what it takes to reach it."""

    level: int
    title: str
    text: str


class Question(Schema):
    """One question of the round's frozen instrument, and which agency leads it."""

    code: str
    component: str
    dimension: str | None
    title: str
    text: str
    guidance: str
    kind: str
    unit: str | None
    levels: list[Level]
    evidence: list[str]
    agency: int | None
    contributors: list[int]


def shown(row: "models.Round") -> Round:
    """The round, to be shown."""
    return Round(
        id=row.pk,
        title=row.title,
        year=row.year,
        region=row.region_id,
        region_name=row.region.name,
        instrument=row.instrument.key,
        instrument_version=row.instrument.version,
        scheme=row.scheme,
        state=row.state,
        state_word=str(words.ROUND_STATES[row.state]),
        zone=row.zone,
        agency_deadline=row.agency_deadline,
        deadline=row.deadline,
    )


@router.get("/rounds", response=list[Round], operation_id="list_rounds")
def list_rounds(request: ApiRequest) -> list[Round]:
    """The rounds that the token's holder sees, newest first."""
    return [shown(row) for row in queries.round_list(request.actor)]


@router.get("/rounds/{int:round_id}", response=Round, operation_id="read_round")
def read_round(request: ApiRequest, round_id: int) -> Round:
    """One round."""
    return shown(queries.round_page(request.actor, round_id))


@router.get(
    "/rounds/{int:round_id}/questions", response=list[Question], operation_id="list_questions"
)
def list_questions(request: ApiRequest, round_id: int) -> list[Question]:
    """The questions in the instrument's order, with the agencies that answer them."""
    round_ = queries.round_page(request.actor, round_id)
    pack = instruments.pack_of(round_.instrument_id)
    return [
        _question(pack.question(row.code), row)
        for row in queries.assignment_list(request.actor, round_.pk)
    ]


def _question(question: QuestionRule, row: "models.Assignment") -> Question:
    return Question(
        code=question.code,
        component=question.component,
        dimension=question.dimension,
        title=question.title.id,
        text=question.text,
        guidance=question.guidance or "",
        kind=question.kind,
        unit=question.unit,
        levels=[Level(level=x.level, title=x.title, text=x.text) for x in question.levels],
        evidence=list(question.evidence),
        agency=row.agency_id,
        contributors=[help_.agency_id for help_ in row.contributions.all()],
    )
