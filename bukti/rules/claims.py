"""What an agency claims in an answer, whether it may be kept, and whether it may be handed in."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bukti.rules.errors import Reason, Refused
from bukti.rules.pack import Kind, Pack, Question

LONGEST_EXPLANATION = 4_000
LONGEST_TEXT = 500
_PAGES = re.compile(r"\d{1,5}(?:[-–]\d{1,5})?(?:, ?\d{1,5}(?:[-–]\d{1,5})?)*")


@dataclass(frozen=True, slots=True)
class Claim:
    """An answer's content. `level` is the claimed level; `value` the number asked for, if any.

    Number, percent and ratio questions hold both, since the official bands are not published.
    A survey mean holds its value and the number of respondents, and no level.
    """

    value: Decimal | None = None
    text: str = ""
    level: int | None = None
    respondents: int | None = None
    explanation: str = ""


#: Kinds that ask for a value beside the level.
VALUED = frozenset(
    {Kind.NUMBER, Kind.PERCENT, Kind.RATIO, Kind.EXTERNAL, Kind.COUNT, Kind.SURVEY_MEAN}
)


def asks_value(question: Question) -> bool:
    """Whether the question wants a number beside, or instead of, a level."""
    return question.kind in VALUED


def asks_level(question: Question) -> bool:
    """Whether the question wants a level; a survey mean and a free text do not."""
    return question.kind not in (Kind.SURVEY_MEAN, Kind.TEXT)


def check(pack: Pack, question: Question, claim: Claim) -> None:
    """Refuse what cannot be meant: out of scale, negative, too long. Incomplete is fine.

    Refused: VALUE_OUT_OF_SCALE, TEXT_TOO_LONG.
    """
    levels = [level.level for level in question.levels]
    if claim.level is not None and claim.level not in levels:
        low, high = min(levels, default=pack.scale.min), max(levels, default=pack.scale.max)
        raise Refused(Reason.VALUE_OUT_OF_SCALE, lowest=low, highest=high)
    lowest, highest = _range(pack, question)
    if claim.value is not None and not lowest <= claim.value <= highest:
        raise Refused(Reason.VALUE_OUT_OF_SCALE, lowest=lowest, highest=highest)
    if claim.respondents is not None and not 0 <= claim.respondents <= 10_000_000:
        raise Refused(Reason.VALUE_OUT_OF_SCALE, lowest=0, highest=10_000_000)
    if len(claim.explanation) > LONGEST_EXPLANATION or len(claim.text) > LONGEST_TEXT:
        raise Refused(Reason.TEXT_TOO_LONG, longest=LONGEST_EXPLANATION)


def _range(pack: Pack, question: Question) -> tuple[Decimal, Decimal]:
    if question.kind is Kind.SURVEY_MEAN:
        return pack.scale.min, pack.scale.max
    if question.kind is Kind.NUMBER:
        return Decimal("-1e9"), Decimal("1e9")
    return Decimal(0), Decimal("1e9")


def is_empty(claim: Claim) -> bool:
    """Whether nothing has been claimed yet."""
    return claim == Claim()


def missing(question: Question, claim: Claim, evidence: int) -> Reason | None:
    """What still stands between this claim and its hand-in, or None.

    Level 0 needs no document; every other claim does.
    """
    is_mean = question.kind is Kind.SURVEY_MEAN
    obstacles = {
        Reason.ANSWER_EMPTY: is_empty(claim),
        Reason.LEVEL_MISSING: asks_level(question) and claim.level is None,
        Reason.VALUE_MISSING: asks_value(question) and claim.value is None and claim.level != 0,
        Reason.RESPONDENTS_MISSING: is_mean and not claim.respondents,
        Reason.EVIDENCE_MISSING: claim.level != 0 and evidence == 0,
    }
    return next((reason for reason, stands in obstacles.items() if stands), None)


def scored(
    question: Question, level: Decimal | int | None, value: Decimal | None
) -> Decimal | None:
    """The number that enters the index: the level, or the mean itself for a survey."""
    if question.kind is Kind.SURVEY_MEAN:
        return value
    return None if level is None else Decimal(level)


def pages_cited(text: str) -> str:
    """Pages as a person wrote them, tidied: `4,12-15` → `4, 12–15`. PAGES_NOT_UNDERSTOOD."""
    tidy = text.strip().replace(";", ",")
    if not tidy:
        return ""
    if not _PAGES.fullmatch(tidy):
        raise Refused(Reason.PAGES_NOT_UNDERSTOOD, text=text)
    return re.sub(r", ?", ", ", tidy.replace("-", "–"))
