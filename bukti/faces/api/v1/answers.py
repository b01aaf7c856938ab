"""Answers: read, save on a named version, hand in."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Field, Header, Router, Schema, Status
from pydantic import ConfigDict

from bukti.areas.answers import commands, queries
from bukti.areas.rounds import queries as rounds
from bukti.faces.api.v1 import problems, shapes
from bukti.faces.api.v1.tokens import ApiRequest

router = Router(tags=["answers"])
REFUSALS = {
    frozenset({403, 404, 409}): problems.Problem,
    412: problems.ConflictProblem,
    428: problems.Problem,
    422: problems.NotUnderstood,
}


class Save(shapes.Claim):
    """A claim, and the version it was written on if no `If-Match` says so.

    It replaces the whole claim, so an unknown name is refused rather than overlooked.
    """

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(default=None, ge=0)


class Precondition(Schema):
    """On which version a save builds, and the sender's own name for it."""

    if_match: str | None = Field(default=None, alias="If-Match", pattern=r'^"?\d{1,9}"?$')
    key: str | None = Field(default=None, alias="Idempotency-Key", max_length=40)


class Submission(Schema):
    """Which agency hands in, and the unanswered questions it hands in without, by code."""

    model_config = ConfigDict(extra="forbid")

    agency: int
    confirmed: list[str] = []


class Receipt(Schema):
    """What was handed in; `entry` is its place in the region's ledger."""

    id: int
    answered: list[str]
    unanswered: list[str]
    digest: str
    entry: int | None


@router.get(
    "/rounds/{int:round_id}/answers", response=list[shapes.Answer], operation_id="list_answers"
)
def list_answers(request: ApiRequest, round_id: int) -> list[shapes.Answer]:
    """The answers that the token's holder sees, in the instrument's order."""
    round_ = rounds.round_page(request.actor, round_id)
    return [shapes.answer(row) for row in queries.answers_of(request.actor, round_.pk)]


@router.get(
    "/rounds/{int:round_id}/answers/{code}", response=shapes.Answer, operation_id="read_answer"
)
def read_answer(
    request: ApiRequest, response: HttpResponse, round_id: int, code: str
) -> shapes.Answer:
    """One answer; `ETag` is its version."""
    found = shapes.answer(queries.by_code(request.actor, round_id, code))
    response["ETag"] = shapes.etag(found.version)
    return found


@router.put(
    "/rounds/{int:round_id}/answers/{code}",
    response={200: shapes.Answer, **REFUSALS},
    operation_id="save_answer",
)
def save_answer(
    request: ApiRequest,
    response: HttpResponse,
    round_id: int,
    code: str,
    body: Save,
    said: Annotated[Precondition, Header(...)],
) -> shapes.Answer:
    """Keep a claim as the next version. The same `Idempotency-Key` never makes two."""
    base = body.version if said.if_match is None else int(said.if_match.strip('"'))
    if base is None:
        raise problems.VersionMissing
    answer = queries.by_code(request.actor, round_id, code)
    saved = commands.save_answer(request.actor, answer.pk, body.as_rule(), base=base, key=said.key)
    response["ETag"] = shapes.etag(saved.version)
    return shapes.answer(saved)


@router.post(
    "/rounds/{int:round_id}/submissions",
    response={201: Receipt, **REFUSALS},
    operation_id="submit_answers",
)
def submit_answers(request: ApiRequest, round_id: int, body: Submission) -> Status[Receipt]:
    """Hand in what the agency has finished, as its head."""
    made = commands.hand_in_agency(
        request.actor, round_id, body.agency, confirmed=frozenset(body.confirmed)
    )
    receipt = Receipt(
        id=made.pk,
        answered=made.answered,
        unanswered=made.unanswered,
        digest=made.digest,
        entry=made.entry_index,
    )
    return Status(201, receipt)
