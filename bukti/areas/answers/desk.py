"""What verifier and assessor have before them: the queue, and one claim beside its documents."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from bukti.areas.answers import queries
from bukti.areas.answers.models import Answer, Mark
from bukti.areas.evidence.models import Citation
from bukti.areas.evidence.preview import MOST_PAGES
from bukti.areas.evidence.queries import citations_of
from bukti.areas.instruments.queries import pack_frozen_as
from bukti.areas.people import queries as people
from bukti.areas.people.models import Agency
from bukti.areas.rounds import queries as rounds
from bukti.areas.rounds.models import Round
from bukti.rules.pack import Pack, Question
from bukti.rules.permissions import Action, Actor
from bukti.rules.workflow import AnswerState


def _pack_of(round_: Round) -> Pack:
    return pack_frozen_as(round_.instrument.sha256)


# ---------- the verification queue ----------


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim of the queue."""

    answer: Answer
    question: Question


@dataclass(frozen=True, slots=True)
class Queue:
    """Claims that wait for the coordinator, in the instrument's order, and whose they are."""

    round: Round
    lines: tuple[Claimed, ...]
    agencies: tuple[tuple[Agency, int], ...]
    waiting: int


def verification_queue(actor: Actor, round_id: int, agency_id: int | None = None) -> Queue:
    """The queue, of one agency or of all; Denied to those who do not verify (three queries)."""
    round_ = rounds.managed(actor, round_id, Action.VERIFY_ANSWER)
    waiting = list(_waiting(actor, round_.pk).select_related("assignment__agency"))
    agencies = {a.assignment.agency_id: a.assignment.agency for a in waiting}
    counted = Counter(answer.assignment.agency_id for answer in waiting)
    pack = _pack_of(round_)
    return Queue(
        round=round_,
        lines=tuple(
            Claimed(answer, pack.question(answer.code))
            for answer in waiting
            if agency_id in (None, answer.assignment.agency_id)
        ),
        agencies=tuple(
            (agency, counted[agency.pk])
            for agency in sorted(
                (agency for agency in agencies.values() if agency), key=lambda a: a.name
            )
        ),
        waiting=len(waiting),
    )


def _waiting(actor: Actor, round_id: int, agency_id: int | None = None) -> QuerySet[Answer]:
    waiting = queries.answers_of(actor, round_id).filter(state=AnswerState.SUBMITTED)
    return waiting if agency_id is None else waiting.filter(assignment__agency=agency_id)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The document that lies open beside a claim: a citation, and the page shown of it."""

    citation: Citation
    page: int
    pages: int

    @property
    def preview(self) -> str:
        """`ready`, `waiting`, `failed` or `none`."""
        return self.citation.revision.blob.preview

    @property
    def before(self) -> int | None:
        """The page before, if any."""
        return self.page - 1 if self.page > 1 else None

    @property
    def after(self) -> int | None:
        """The page after, if any."""
        return self.page + 1 if self.page < self.pages else None


@dataclass(frozen=True, slots=True)
class Desk:
    """One claim with its documents. `answer` is None where an assessor finds no answer."""

    round: Round
    question: Question
    answer: Answer | None
    evidence: tuple[Citation, ...]
    sheet: Sheet | None
    marks: tuple[Mark, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    position: int = 0
    total: int = 0
    next_code: str = ""

    @property
    def pages_missing(self) -> int:
        """Citations of several pages that name none."""
        return sum(not c.pages and (c.revision.blob.pages or 0) > 1 for c in self.evidence)

    @property
    def claimed(self) -> str:
        """What the claimed level demands, in the instrument's words."""
        level = self.answer.level if self.answer else None
        return next((lv.text for lv in self.question.levels if lv.level == level), "")


@dataclass(frozen=True, slots=True)
class Opened:
    """Which document and page a person asked for; zero: the first that is cited."""

    citation_id: int = 0
    page: int = 0


def verification_desk(
    actor: Actor, round_id: int, code: str, opened: Opened, agency_id: int | None = None
) -> Desk:
    """One claim of the queue with its documents; Denied to those who do not verify."""
    round_ = rounds.managed(actor, round_id, Action.VERIFY_ANSWER)
    answer = queries.by_code(actor, round_.pk, code)
    desk = _desk(round_, answer, opened)
    queue = list(_waiting(actor, round_id, agency_id).values_list("code", "assignment__position"))
    codes = [waiting for waiting, _ in queue]
    marks = tuple(Mark.objects.filter(answer=answer))
    return replace(
        desk,
        marks=marks,
        names=people.names({mark.by_id for mark in marks}),
        position=codes.index(code) + 1 if code in codes else 0,
        total=len(codes),
        next_code=_following(queue, answer),
    )


def _following(queue: list[tuple[str, int]], answer: Answer) -> str:
    others = [(code, position) for code, position in queue if code != answer.code]
    here = answer.assignment.position
    after = [code for code, position in others if position > here]
    return next(iter(after), others[0][0] if others else "")


def next_code(actor: Actor, answer: Answer, agency_id: int | None = None) -> str:
    """The claim that waits after this one, from the beginning once the end is reached; else ""."""
    waiting = _waiting(actor, answer.round_id, agency_id)
    return _following(list(waiting.values_list("code", "assignment__position")), answer)


def _desk(round_: Round, answer: Answer, opened: Opened) -> Desk:
    evidence = tuple(citations_of("answer", [answer.pk]))
    return Desk(
        round=round_,
        question=_pack_of(round_).question(answer.code),
        answer=answer,
        evidence=evidence,
        sheet=_sheet(evidence, opened),
    )


def _sheet(evidence: tuple[Citation, ...], opened: Opened) -> Sheet | None:
    if not evidence:
        return None
    citation = next((c for c in evidence if c.pk == opened.citation_id), evidence[0])
    pages = min(citation.revision.blob.pages or 1, MOST_PAGES)
    page = opened.page or first_page(citation.pages)
    return Sheet(citation, page=min(max(page, 1), pages), pages=pages)


def first_page(pages: str) -> int:
    """The first page that a citation names (`4, 12–15` → 4), else the first of all."""
    digits = pages.replace("–", ",").split(",")[0].strip()
    return int(digits) if digits.isdecimal() else 1


# ---------- the assessor's side ----------


@dataclass(frozen=True, slots=True)
class Sheaf:
    """All questions of a round as an assessor sees them: what was answered, what does not apply."""

    round: Round
    pack: Pack
    answers: dict[str, Answer]

    @property
    def asked(self) -> tuple[Question, ...]:
        """Questions to score: all but those that do not apply."""
        return tuple(q for q in self.pack.questions if not self.is_skipped(q.code))

    def is_skipped(self, code: str) -> bool:
        """Whether the coordinator decided that the question does not apply."""
        answer = self.answers.get(code)
        return answer is not None and answer.state == AnswerState.NOT_APPLICABLE


def assessors_sheaf(actor: Actor, round_id: int) -> Sheaf:
    """The round for its assessor; Denied to others (two queries)."""
    round_ = rounds.managed(actor, round_id, Action.SCORE_QUESTION)
    answers = {answer.code: answer for answer in queries.answers_of(actor, round_.pk)}
    return Sheaf(round_, _pack_of(round_), answers)


def assessors_desk(sheaf: Sheaf, code: str, opened: Opened) -> Desk:
    """One question for its assessor, with what was released; without an answer, none was given.

    DoesNotExist for a question that the instrument does not have.
    """
    if not sheaf.pack.has_question(code):
        raise Answer.DoesNotExist
    answer = sheaf.answers.get(code)
    evidence = tuple(
        citations_of("answer", [answer.pk] if answer else []).filter(
            revision__releases__round_id=sheaf.round.pk
        )
    )
    codes = [question.code for question in sheaf.asked]
    position = codes.index(code) + 1 if code in codes else 0
    return Desk(
        round=sheaf.round,
        question=sheaf.pack.question(code),
        answer=answer,
        evidence=evidence,
        sheet=_sheet(evidence, opened),
        position=position,
        total=len(codes),
        next_code=codes[position] if 0 < position < len(codes) else "",
    )
