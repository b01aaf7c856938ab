"""The claim and the answer as the API shows them; several modules need both."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from ninja import Field, Schema
from pydantic import AfterValidator

from bukti.rules import claims
from bukti.rules.workflow import AnswerState
from bukti.wording import words

if TYPE_CHECKING:
    from bukti.areas.answers import models

#: States whose note is about the answer as it stands; an old one stays with the history.
NOTED = (AnswerState.RETURNED, AnswerState.ACCEPTED, AnswerState.NOT_APPLICABLE)
MOST_DIGITS = Field(default=None, max_digits=16, decimal_places=4)


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("NUL")
    return text


#: Text that a database can keep.
Text = Annotated[str, AfterValidator(_without_nul)]


class Claim(Schema):
    """What an agency claims. Leave out what the question does not ask."""

    level: int | None = Field(default=None, ge=-32768, le=32767)
    value: Decimal | None = MOST_DIGITS
    text: Text = ""
    respondents: int | None = Field(default=None, ge=0, le=2_000_000_000)
    explanation: Text = ""

    def as_rule(self) -> claims.Claim:
        """The claim as the rules know it."""
        return claims.Claim(
            value=self.value,
            text=self.text,
            level=self.level,
            respondents=self.respondents,
            explanation=self.explanation,
        )


class Answer(Schema):
    """An answer as it stands. `version` is what a change must name."""

    code: str
    state: str
    state_word: str
    version: int
    claim: Claim
    verified: Decimal | None
    note: str
    evidence: int
    updated_at: datetime


def claim(value: claims.Claim) -> Claim:
    """The claim, to be shown."""
    return Claim(
        level=value.level,
        value=value.value,
        text=value.text,
        respondents=value.respondents,
        explanation=value.explanation,
    )


def answer(row: "models.Answer") -> Answer:
    """The answer, to be shown."""
    return Answer(
        code=row.code,
        state=row.state,
        state_word=str(words.ANSWER_STATES[row.state]),
        version=row.version,
        claim=claim(row.claim),
        verified=row.verified,
        note=row.note if row.state in NOTED else "",
        evidence=row.evidence_count,
        updated_at=row.updated_at,
    )


def etag(version: int) -> str:
    """The version as the header `ETag` and `If-Match` carry it."""
    return f'"{version}"'
