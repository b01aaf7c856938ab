"""What the coordinator and the executive do with answers: start, verify, skip, prepare, sign.

Commands like those of `commands.py`, kept apart because they belong to other people.
"""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from bukti.areas.answers import queries
from bukti.areas.answers.commands import seal_after_commit
from bukti.areas.answers.models import Answer, HandIn, Mark, MarkKind
from bukti.areas.evidence import commands as evidence
from bukti.areas.instruments import queries as instruments
from bukti.areas.ledger.commands import append
from bukti.areas.notices.commands import tell
from bukti.areas.notices.models import NoticeKind
from bukti.areas.people import queries as people
from bukti.areas.rounds import queries as rounds
from bukti.areas.rounds.models import Round
from bukti.rules.errors import Reason, Refused
from bukti.rules.pack import Kind
from bukti.rules.permissions import Action, Actor, Role, require
from bukti.rules.workflow import (
    DECIDED,
    AnswerState,
    RoundState,
    Step,
    advance,
    advance_round,
)


@transaction.atomic
def start_round(actor: Actor, round_id: int) -> Round:
    """Let the agencies begin. Refused: QUESTIONS_UNASSIGNED (with the codes)."""
    round_ = rounds.locked(actor, round_id)
    require(actor, Action.CHANGE_ROUND, round_.place)

    round_.state = advance_round(RoundState(round_.state), Step.START)
    assignments = list(round_.assignments.all())
    unassigned = [a.code for a in assignments if a.agency_id is None]
    if unassigned:
        raise Refused(Reason.QUESTIONS_UNASSIGNED, codes=unassigned)

    now = timezone.now()
    round_.started_at = now
    round_.save(update_fields=["state", "started_at"])
    Answer.objects.bulk_create(
        Answer(assignment=a, round=round_, code=a.code, updated_at=now) for a in assignments
    )
    tell(
        people.officers(round_.region_id, agencies={a.agency_id or 0 for a in assignments}),
        NoticeKind.ROUND_STARTED,
        "/tugas/",
        round=round_.title,
    )

    append(actor, "round.started", round_, questions=len(assignments))
    return round_


@transaction.atomic
def accept_answer(
    actor: Actor,
    answer_id: int,
    *,
    verified: Decimal | None,
    note: str = "",
    version: int | None = None,
) -> Answer:
    """Accept a claim, at the level that the evidence shows; `version` is the one that was read.

    Refused: OWN_ANSWER, LEVEL_MISSING, ANSWER_CHANGED (somebody else saved another version).
    """
    answer = queries.locked(actor, answer_id)
    require(actor, Action.VERIFY_ANSWER, answer.place)

    _may_be_decided(actor, answer)
    _is_as_read(answer, version)
    question = queries.question_of(answer)
    if verified is None:
        raise Refused(Reason.LEVEL_MISSING)
    scale = instruments.pack_frozen_as(answer.round.instrument.sha256).scale
    is_whole = verified == verified.to_integral_value()
    if not scale.min <= verified <= scale.max or not (
        is_whole or question.kind is Kind.SURVEY_MEAN
    ):
        raise Refused(Reason.VALUE_OUT_OF_SCALE, lowest=scale.min, highest=scale.max)

    answer.state = advance(AnswerState(answer.state), Step.ACCEPT)
    answer.verified, answer.due_at = verified, None
    _note(answer, actor, note)
    answer.accepted_at = answer.noted_at
    answer.save(
        update_fields=[
            "state",
            "verified",
            "due_at",
            "note",
            "noted_at",
            "noted_by_id",
            "accepted_at",
        ]
    )
    _mark(answer, actor, MarkKind.ACCEPTED, note)

    append(
        actor,
        "answer.accepted",
        answer,
        version=answer.version,
        verified=verified,
        secrets={"note": note} if note else None,
    )
    return answer


def _may_be_decided(actor: Actor, answer: Answer) -> None:
    if not answer.round.is_open:
        raise Refused(Reason.ROUND_NOT_OPEN, state=answer.round.state)
    if answer.updated_by_id == actor.user_id:
        raise Refused(Reason.OWN_ANSWER)


def _is_as_read(answer: Answer, version: int | None) -> None:
    if version is not None and version != answer.version:
        raise Refused(Reason.ANSWER_CHANGED)


def _note(answer: Answer, actor: Actor, note: str) -> None:
    answer.note, answer.noted_at, answer.noted_by_id = note, timezone.now(), actor.user_id


def _mark(answer: Answer, actor: Actor, kind: MarkKind, note: str) -> None:
    Mark.objects.create(
        answer=answer,
        kind=kind,
        at=timezone.now(),
        by_id=actor.user_id or 0,
        version=answer.version,
        verified=answer.verified,
        note=note,
    )


@transaction.atomic
def return_answer(
    actor: Actor,
    answer_id: int,
    *,
    note: str,
    due_at: datetime | None,
    version: int | None = None,
) -> Answer:
    """Send an answer back with a note and a date; `version` is the one that was read.

    Refused: NOTE_MISSING, DEADLINE_NOT_LATER, ANSWER_CHANGED.
    """
    answer = queries.locked(actor, answer_id)
    require(actor, Action.VERIFY_ANSWER, answer.place)

    if not answer.round.is_open:
        raise Refused(Reason.ROUND_NOT_OPEN, state=answer.round.state)
    _is_as_read(answer, version)
    if not note.strip():
        raise Refused(Reason.NOTE_MISSING)
    if due_at and due_at <= timezone.now():
        raise Refused(Reason.DEADLINE_NOT_LATER, current=timezone.now(), latest=None)

    answer.state = advance(AnswerState(answer.state), Step.RETURN)
    answer.verified, answer.due_at = None, due_at
    _note(answer, actor, note)
    answer.save(update_fields=["state", "verified", "due_at", "note", "noted_at", "noted_by_id"])
    _mark(answer, actor, MarkKind.RETURNED, note)
    tell(
        people.officers(answer.region_id, agencies={answer.assignment.agency_id or 0}),
        NoticeKind.ANSWER_RETURNED,
        f"/putaran/{answer.round_id}/pertanyaan/{answer.code}/",
        code=answer.code,
        until=due_at.isoformat() if due_at else "",
        zone=answer.round.zone,
    )

    append(actor, "answer.returned", answer, version=answer.version, secrets={"note": note})
    return answer


@transaction.atomic
def skip_question(actor: Actor, answer_id: int, *, reason: str) -> Answer:
    """Decide that a question does not apply to the region. Refused: NOTE_MISSING."""
    answer = queries.locked(actor, answer_id)
    require(actor, Action.SKIP_QUESTION, answer.place)

    if not answer.round.is_open:
        raise Refused(Reason.ROUND_NOT_OPEN, state=answer.round.state)
    if not reason.strip():
        raise Refused(Reason.NOTE_MISSING)

    answer.state = advance(AnswerState(answer.state), Step.SKIP)
    answer.verified = None
    _note(answer, actor, reason)
    answer.save(update_fields=["state", "verified", "note", "noted_at", "noted_by_id"])
    _mark(answer, actor, MarkKind.SKIPPED, reason)

    append(actor, "question.not_applicable", answer, secrets={"reason": reason})
    return answer


@transaction.atomic
def unskip_question(actor: Actor, answer_id: int) -> Answer:
    """The question applies after all; what was answered before is a draft again."""
    answer = queries.locked(actor, answer_id)
    require(actor, Action.SKIP_QUESTION, answer.place)

    if not answer.round.is_open:
        raise Refused(Reason.ROUND_NOT_OPEN, state=answer.round.state)

    answer.state = advance(AnswerState(answer.state), Step.UNSKIP)
    _note(answer, actor, "")
    answer.save(update_fields=["state", "note", "noted_at", "noted_by_id"])
    _mark(answer, actor, MarkKind.UNSKIPPED, "")

    append(actor, "question.applicable", answer)
    return answer


@transaction.atomic
def prepare_round(actor: Actor, round_id: int, *, confirmed: frozenset[str]) -> Round:
    """Put the whole before the executive; what is not accepted is listed and confirmed.

    Refused: UNANSWERED_NOT_CONFIRMED (with the codes), ROUND_NOT_OPEN.
    """
    round_ = rounds.locked(actor, round_id)
    require(actor, Action.PREPARE_HAND_IN, round_.place)

    advance_round(RoundState(round_.state), Step.SIGN)
    undecided = round_.answers.exclude(state__in=DECIDED).values_list("code", flat=True)
    if set(undecided) - confirmed:
        raise Refused(Reason.UNANSWERED_NOT_CONFIRMED, codes=sorted(set(undecided) - confirmed))

    round_.prepared_at, round_.prepared_by_id = timezone.now(), actor.user_id
    round_.prepared_digest = queries.round_digest(round_.pk)
    round_.save(update_fields=["prepared_at", "prepared_by_id", "prepared_digest"])
    tell(
        people.holders(round_.region_id, Role.EXECUTIVE),
        NoticeKind.ROUND_PREPARED,
        f"/putaran/{round_.pk}/penyerahan/",
        round=round_.title,
    )

    append(actor, "round.prepared", round_, digest=round_.prepared_digest)
    return round_


@transaction.atomic
def sign_round(actor: Actor, round_id: int, *, seen: str | None = None) -> HandIn:
    """Hand in the whole: freeze the round, open the evidence to its assessors, make the receipt.

    `seen` is the fingerprint on the page that was read: what was prepared anew since is not signed.
    Refused: ROUND_NOT_PREPARED, ROUND_CHANGED_SINCE (prepare again), SECOND_PERSON_NEEDED.
    """
    round_ = rounds.locked(actor, round_id)
    require(actor, Action.SIGN_HAND_IN, round_.place)

    if round_.prepared_at is None:
        raise Refused(Reason.ROUND_NOT_PREPARED)
    if round_.prepared_by_id == actor.user_id:
        raise Refused(Reason.SECOND_PERSON_NEEDED)
    answers = list(round_.answers.select_for_update(of=("self",)).order_by("assignment__position"))
    standing = queries.digest_of(answers)
    if standing != round_.prepared_digest or seen not in (None, standing):
        raise Refused(Reason.ROUND_CHANGED_SINCE)

    round_.state = advance_round(RoundState(round_.state), Step.SIGN)
    round_.signed_at, round_.signed_by_id = timezone.now(), actor.user_id
    round_.save(update_fields=["state", "signed_at", "signed_by_id"])
    evidence.release(actor, round_.place, round_.pk)
    hand_in = _whole(actor, round_, answers)

    entry = append(actor, "round.signed", hand_in, digest=hand_in.digest, answers=len(answers))
    hand_in.entry_index = entry.index
    hand_in.save(update_fields=["entry_index"])
    seal_after_commit(hand_in)
    return hand_in


def _whole(actor: Actor, round_: Round, answers: list[Answer]) -> HandIn:
    tell(
        people.holders(round_.region_id, Role.COORDINATOR),
        NoticeKind.ROUND_SIGNED,
        f"/putaran/{round_.pk}/",
        round=round_.title,
    )
    return HandIn.objects.create(
        round=round_,
        at=round_.signed_at or timezone.now(),
        by_id=actor.user_id or 0,
        answered=[a.code for a in answers if a.state in DECIDED],
        unanswered=[a.code for a in answers if a.state not in DECIDED],
        digest=round_.prepared_digest,
    )
