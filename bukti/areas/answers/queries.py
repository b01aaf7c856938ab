"""Reading answers: who sees which, one for its page, one locked for a change."""

from datetime import datetime
from hashlib import sha256

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from bukti.areas.answers.models import Answer, Comment, HandIn, Version
from bukti.areas.evidence.models import Citation
from bukti.areas.evidence.queries import citations_of
from bukti.areas.instruments import queries as instruments
from bukti.areas.rounds.models import Contribution, Extension
from bukti.areas.rounds.queries import later_of
from bukti.areas.rounds.queries import visible_to as rounds_visible_to
from bukti.rules import claims
from bukti.rules.errors import Reason
from bukti.rules.pack import Question
from bukti.rules.permissions import Action, Actor, belongs_to, may, require
from bukti.rules.workflow import AnswerState, is_past

#: States an assessor may see: what was handed in or decided, never a draft.
SHOWN_TO_ASSESSORS = [AnswerState.SUBMITTED, AnswerState.ACCEPTED, AnswerState.NOT_APPLICABLE]


def visible_to(actor: Actor) -> QuerySet[Answer]:
    """Answers of one's region, those one's agency leads or helps with, those handed in to one.

    An assessor with an office in the region sees only what the office sees.
    """
    conditions = Q(round__region__in=list(actor.regions))
    if actor.agencies:
        conditions |= Q(assignment__agency__in=list(actor.agencies)) | Q(_helped_by(actor))
    if actor.rounds:
        conflicts = [g.region for g in actor.grants if g.region and belongs_to(actor, g.region)]
        granted = Q(round__in=list(actor.rounds), state__in=SHOWN_TO_ASSESSORS)
        granted &= ~Q(round__region__in=conflicts)
        conditions |= granted & Q(round__in=rounds_visible_to(actor).values("pk"))
    return Answer.objects.filter(conditions)


def _helped_by(actor: Actor) -> Exists:
    agencies = list(actor.agencies)
    return Exists(Contribution.objects.filter(assignment=OuterRef("pk"), agency__in=agencies))


def _with_place(actor: Actor) -> QuerySet[Answer]:
    """Visible answers with all that decides about them: round, lead, own help, extension."""
    until = (
        Extension.objects.filter(round=OuterRef("round"), agency=OuterRef("assignment__agency"))
        .values("round")
        .annotate(latest=Max("until"))
        .values("latest")
    )
    return (
        visible_to(actor)
        .select_related("assignment__agency", "round__region", "round__instrument")
        .defer("round__instrument__document")
        .annotate(is_helper=_helped_by(actor), extended_until=Subquery(until))
    )


def _placed(answer: Answer, actor: Actor) -> Answer:
    answer.helpers = actor.agencies if answer.is_helper else frozenset()  # type: ignore[attr-defined]
    return answer


def locked(actor: Actor, answer_id: int) -> Answer:
    """The answer, locked for a change; outside what the actor sees it does not exist."""
    answer = _with_place(actor).select_for_update(of=("self",)).get(pk=answer_id)
    return _placed(answer, actor)


def one(actor: Actor, answer_id: int) -> Answer:
    """The answer for its page, or DoesNotExist."""
    return _placed(_with_place(actor).get(pk=answer_id), actor)


def by_code(actor: Actor, round_id: int, code: str) -> Answer:
    """The answer to a question of a round, or DoesNotExist."""
    return _placed(_with_place(actor).get(round=round_id, code=code), actor)


def named(actor: Actor, answer_ids: set[int]) -> dict[int, Answer]:
    """Those of these answers that the actor may see, by id, each with its round."""
    found = visible_to(actor).filter(pk__in=answer_ids).select_related("round")
    return {answer.pk: answer for answer in found}


def managed(actor: Actor, round_id: int, code: str, action: Action) -> Answer:
    """The answer for a page on which the actor does something: DoesNotExist outside, or Denied."""
    answer = by_code(actor, round_id, code)
    require(actor, action, answer.place)
    return answer


def deadline_of(answer: Answer) -> datetime | None:
    """Until when the agency may write: a returned answer has its own date, else the agency's."""
    extended = getattr(answer, "extended_until", None)
    regular = later_of(answer.round.agency_deadline, extended)
    return later_of(regular, answer.due_at) if answer.state == AnswerState.RETURNED else regular


def question_of(answer: Answer) -> Question:
    """The question as the frozen instrument asks it."""
    return instruments.pack_frozen_as(answer.round.instrument.sha256).question(answer.code)


def id_of(round_id: int, code: str) -> int:
    """The id of a question's answer for the command that will ask who may see it, or DoesNotExist.

    Tells nothing of it: a page asks `by_code`.
    """
    return Answer.objects.values_list("pk", flat=True).get(round=round_id, code=code)


def answers_of(actor: Actor, round_id: int) -> QuerySet[Answer]:
    """All answers of a round that the actor may see, in the instrument's order, with the lead."""
    return (
        visible_to(actor)
        .filter(round=round_id)
        .select_related("assignment__agency")
        .order_by("assignment__position")
    )


def citations_shown(actor: Actor, answer: Answer) -> QuerySet[Citation]:
    """What a visible answer cites; to an assessor, only what was released to the round."""
    cited = citations_of("answer", [answer.pk])
    if may(actor, Action.READ_HISTORY, answer.place):
        return cited
    return cited.filter(revision__releases__round_id=answer.round_id)


def locked_for_hand_in(actor: Actor, round_id: int, agency_id: int) -> list[Answer]:
    """What an agency leads in a round, locked, in the instrument's order."""
    return list(
        visible_to(actor)
        .filter(round=round_id, assignment__agency=agency_id)
        .select_related("assignment")
        .select_for_update(of=("self",))
        .order_by("assignment__position")
    )


def what_is_missing(question: Question, answer: Answer) -> Reason | None:
    """The reason why an answer cannot be handed in yet, or None."""
    return claims.missing(question, answer.claim, answer.evidence_count)


def obstacle(question: Question, answer: Answer, now: datetime) -> Reason | None:
    """Why an answer cannot be handed in now: incomplete, or past its deadline. None: it can.

    The answer carries its round, and `extended_until` where its agency was given more time.
    """
    missing = what_is_missing(question, answer)
    if missing is not None:
        return Reason(missing)
    deadline = deadline_of(answer)
    return Reason.DEADLINE_PASSED if deadline and is_past(deadline, now) else None


def versions_of(answer: Answer) -> QuerySet[Version]:
    """Every version of a visible answer, newest first."""
    return answer.versions.order_by("-number")


def version_with_key(answer: Answer, key: str | None) -> Version | None:
    """The version a sender's key has already made, if any."""
    return answer.versions.filter(key=key).first() if key else None


def comments_of(answer: Answer) -> QuerySet[Comment]:
    """What was said beside a visible answer, oldest first."""
    return answer.comments.all()


def hand_in_list(actor: Actor, round_id: int) -> QuerySet[HandIn]:
    """Receipts the actor may see: of one's agency, or of the region."""
    return (
        HandIn.objects.filter(round=round_id)
        .filter(Q(round__region__in=list(actor.regions)) | Q(agency__in=list(actor.agencies)))
        .select_related("agency", "round")
    )


def hand_in_page(actor: Actor, hand_in_id: int) -> HandIn:
    """One receipt, or DoesNotExist."""
    return (
        HandIn.objects.filter(
            Q(round__region__in=list(actor.regions)) | Q(agency__in=list(actor.agencies))
        )
        .select_related("agency", "round__region")
        .get(pk=hand_in_id)
    )


def digest_of(answers: list[Answer]) -> str:
    """A fingerprint of answers as they stand: code, version, state, verified level of each."""
    lines = "\n".join(
        f"{a.code} {a.version} {a.state} {a.verified if a.verified is not None else '-'} "
        f"{a.evidence_count}"
        for a in answers
    )
    return sha256(lines.encode()).hexdigest()


def round_digest(round_id: int) -> str:
    """The fingerprint of a whole round, for «prepared» and «signed» to mean the same thing."""
    return digest_of(list(Answer.objects.filter(round=round_id).order_by("assignment__position")))
