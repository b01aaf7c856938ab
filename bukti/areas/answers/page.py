"""One question's page: answer, question, evidence, what was said and done, the year before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bukti.areas.answers import queries
from bukti.areas.answers.models import Answer, Comment, Mark, Version
from bukti.areas.evidence.models import Citation
from bukti.areas.instruments import queries as instruments
from bukti.areas.people import queries as people
from bukti.areas.people.models import Agency
from bukti.areas.rounds.models import Contribution
from bukti.rules import claims
from bukti.rules.errors import Reason
from bukti.rules.pack import Component, Dimension, Pack, Question
from bukti.rules.permissions import Action, Actor, may
from bukti.rules.scoring import component_weight
from bukti.rules.workflow import AnswerState, is_past
from bukti.wording.board import DIMENSION_ICONS
from bukti.wording.words import REASONS, answer_steps

#: One person's saves within this span are one line of the history.
TOGETHER = timedelta(minutes=5)
LINES = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history: who did or said what when. `what` is worded by the page."""

    at: datetime
    by: str
    what: str  # "saved", "restored", "commented" or a mark's kind
    text: str = ""
    version: int = 0
    saves: int = 1


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """All that a question's page shows."""

    answer: Answer
    question: Question
    component: Component
    pack: Pack
    weight: Decimal
    contributors: tuple[Agency, ...]
    citations: tuple[Citation, ...]
    history: tuple[Line, ...]
    names: dict[int, str]
    past: Answer | None
    next_code: str | None
    deadline: datetime | None
    may_look_back: bool
    may_write: bool
    may_comment: bool
    may_hand_in: bool
    may_skip: bool
    is_late: bool

    @property
    def asks_value(self) -> bool:
        """Whether a number is asked for."""
        return claims.asks_value(self.question)

    @property
    def asks_level(self) -> bool:
        """Whether a level is asked for."""
        return claims.asks_level(self.question)

    @property
    def is_returned(self) -> bool:
        """Whether the coordinator sent it back."""
        return self.answer.state == AnswerState.RETURNED

    @property
    def is_skipped(self) -> bool:
        """Whether it does not apply."""
        return self.answer.state == AnswerState.NOT_APPLICABLE

    @property
    def dimension(self) -> Dimension | None:
        """The question's dimension, if it belongs to one."""
        key = self.question.dimension
        return self.pack.dimension(key) if key else None

    @property
    def dimension_icon(self) -> str:
        """The dimension's icon and hue."""
        return DIMENSION_ICONS.get(self.question.dimension or "", "")

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Filled in, handed in, perhaps returned, accepted: what is done and where we are."""
        return answer_steps(AnswerState(self.answer.state))

    @property
    def missing_words(self) -> str:
        """What still stands before the hand-in, in words."""
        return str(REASONS[self.missing]) if self.missing else ""

    @property
    def noted_by(self) -> str:
        """Whose note it is."""
        return self.names.get(self.answer.noted_by_id or 0, "")

    @property
    def missing(self) -> Reason | None:
        """What still stands before the hand-in."""
        return queries.what_is_missing(self.question, self.answer)

    @property
    def versions(self) -> int:
        """How many versions there are."""
        return self.answer.version


def question_page(actor: Actor, round_id: int, code: str, now: datetime) -> QuestionPage:
    """The page of one question, or DoesNotExist. Ten queries, whatever the history's length."""
    answer = queries.by_code(actor, round_id, code)
    pack = instruments.pack_frozen_as(answer.round.instrument.sha256)
    question = pack.question(code)
    deadline = queries.deadline_of(answer)
    is_late = deadline is not None and is_past(deadline, now)
    is_open = answer.round.is_open and answer.is_writable and not is_late
    may_look_back = may(actor, Action.READ_HISTORY, answer.place)
    history, names = _history(answer) if may_look_back else ((), _authors_of(answer))
    return QuestionPage(
        answer=answer,
        question=question,
        component=pack.component(question.component),
        pack=pack,
        weight=component_weight(pack, pack.scheme(answer.round.scheme), question.component),
        contributors=_contributors(answer),
        citations=tuple(queries.citations_shown(actor, answer)),
        history=history,
        names=names,
        past=_past(actor, answer),
        next_code=_next_code(actor, answer),
        deadline=deadline,
        may_look_back=may_look_back,
        may_write=is_open and may(actor, Action.WRITE_ANSWER, answer.place),
        may_comment=may(actor, Action.COMMENT_ANSWER, answer.place),
        may_hand_in=is_open and may(actor, Action.HAND_IN_AGENCY, answer.place),
        may_skip=answer.round.is_open and may(actor, Action.SKIP_QUESTION, answer.place),
        is_late=is_late and answer.is_writable,
    )


def _contributors(answer: Answer) -> tuple[Agency, ...]:
    helping = Contribution.objects.filter(assignment=answer.pk).select_related("agency")
    return tuple(contribution.agency for contribution in helping)


def _past(actor: Actor, answer: Answer) -> Answer | None:
    """The answer of the round before, if that round was answered here and may be seen."""
    if answer.round.previous_id is None:
        return None
    return (
        queries.visible_to(actor)
        .filter(round=answer.round.previous_id, code=answer.code)
        .select_related("round")
        .first()
    )


def _next_code(actor: Actor, answer: Answer) -> str | None:
    return (
        queries.visible_to(actor)
        .filter(round=answer.round_id, assignment__position__gt=answer.assignment.position)
        .order_by("assignment__position")
        .values_list("code", flat=True)
        .first()
    )


def _history(answer: Answer) -> tuple[tuple[Line, ...], dict[int, str]]:
    """The newest lines, newest first, and the names in them and in the answer."""
    versions = list(answer.versions.order_by("-number")[:60])
    comments = list(answer.comments.order_by("-at")[:LINES])
    marks = list(answer.marks.order_by("-at")[:LINES])
    ids = _authors(versions, comments, marks)
    names = people.names(ids | {answer.noted_by_id or 0, answer.updated_by_id or 0})
    lines = [
        *_grouped(versions, names),
        *(_said(comment, names) for comment in comments),
        *(_done(mark, names) for mark in marks),
    ]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True)[:LINES]), names


def _authors_of(answer: Answer) -> dict[int, str]:
    return people.names({answer.noted_by_id or 0})


def _authors(versions: list[Version], comments: list[Comment], marks: list[Mark]) -> set[int]:
    return (
        {version.by_id for version in versions}
        | {comment.by_id for comment in comments}
        | {mark.by_id for mark in marks}
    )


def _said(comment: Comment, names: dict[int, str]) -> Line:
    return Line(comment.at, names.get(comment.by_id, ""), "commented", comment.text)


def _done(mark: Mark, names: dict[int, str]) -> Line:
    return Line(mark.at, names.get(mark.by_id, ""), mark.kind, mark.note, mark.version)


def _grouped(versions: list[Version], names: dict[int, str]) -> list[Line]:
    """Versions newest first → lines; saves of one person close together are one line."""
    lines: list[Line] = []
    started: datetime | None = None
    author: int | None = None
    for version in versions:
        what = "restored" if version.restored_from else "saved"
        near = started is not None and started - version.at <= TOGETHER
        if lines and near and author == version.by_id and lines[-1].what == what == "saved":
            last = lines[-1]
            lines[-1] = Line(last.at, last.by, what, "", last.version, last.saves + 1)
        else:
            by = names.get(version.by_id, "")
            lines.append(Line(version.at, by, what, "", version.number))
        started, author = version.at, version.by_id
    return lines


@dataclass(frozen=True, slots=True)
class Comparison:
    """An old version beside the newest."""

    answer: Answer
    question: Question
    old: Version
    by: str
    may_restore: bool

    @property
    def before(self) -> int | None:
        """The version before this one; the history joins those that one person saved in a row."""
        return self.old.number - 1 or None

    @property
    def after(self) -> int | None:
        """The version after this one."""
        return self.old.number + 1 if self.old.number < self.answer.version else None


def comparison(actor: Actor, round_id: int, code: str, number: int) -> Comparison:
    """One version beside today's answer, or DoesNotExist. Denied to assessors."""
    answer = queries.managed(actor, round_id, code, Action.READ_HISTORY)
    old = queries.versions_of(answer).get(number=number)
    return Comparison(
        answer=answer,
        question=queries.question_of(answer),
        old=old,
        by=people.names({old.by_id}).get(old.by_id, ""),
        may_restore=answer.is_writable
        and answer.round.is_open
        and may(actor, Action.WRITE_ANSWER, answer.place),
    )


def history_page(actor: Actor, round_id: int, code: str) -> tuple[Answer, list[Line]]:
    """Every line of an answer's history, newest first. Denied to assessors."""
    answer = queries.managed(actor, round_id, code, Action.READ_HISTORY)
    versions = list(answer.versions.order_by("-number"))
    comments, marks = list(answer.comments.all()), list(answer.marks.all())
    names = people.names(_authors(versions, comments, marks))
    lines = [
        *_grouped(versions, names),
        *(_said(comment, names) for comment in comments),
        *(_done(mark, names) for mark in marks),
    ]
    return answer, sorted(lines, key=lambda line: line.at, reverse=True)
