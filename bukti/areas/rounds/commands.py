"""Changing rounds: opening, assigning, extending, moving between stages."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from bukti.areas.evidence import commands as evidence
from bukti.areas.instruments import queries as instruments
from bukti.areas.ledger.commands import append
from bukti.areas.notices.commands import tell
from bukti.areas.notices.models import NoticeKind
from bukti.areas.people import queries as people
from bukti.areas.rounds import queries
from bukti.areas.rounds.models import Assignment, Contribution, Extension, Reopening, Round
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import Action, Actor, Place, Role, require
from bukti.rules.workflow import RoundState, Step, advance_round


@dataclass(frozen=True, slots=True)
class Plan:
    """What a coordinator decides when opening a round. Times are aware; year is the edition's."""

    instrument_id: int
    scheme: str
    year: int
    title: str
    agency_deadline: datetime
    deadline: datetime
    target: Decimal | None = None


@transaction.atomic
def open_round(actor: Actor, region_code: str, plan: Plan) -> Round:
    """A new round in preparation, each question proposed to the agency that usually answers it.

    Refused: ROUND_EXISTS, SCHEME_UNKNOWN, DEADLINES_OUT_OF_ORDER.
    """
    region = people.region(region_code)
    require(actor, Action.OPEN_ROUND, Place(region.code))

    pack = instruments.pack_of(plan.instrument_id)
    if plan.scheme not in {scheme.key for scheme in pack.schemes}:
        raise Refused(Reason.SCHEME_UNKNOWN, scheme=plan.scheme)
    if plan.agency_deadline > plan.deadline:
        raise Refused(Reason.DEADLINES_OUT_OF_ORDER)
    rounds = Round.objects.filter(region=region, year=plan.year)
    if rounds.filter(instrument=plan.instrument_id).exists():
        raise Refused(Reason.ROUND_EXISTS, year=plan.year)

    round_ = Round.objects.create(
        region=region,
        instrument_id=plan.instrument_id,
        scheme=plan.scheme,
        year=plan.year,
        title=plan.title,
        zone=region.zone,
        opened_at=timezone.now(),
        agency_deadline=plan.agency_deadline,
        deadline=plan.deadline,
        target=plan.target,
        previous=Round.objects.filter(region=region, year__lt=plan.year).order_by("-year").first(),
    )
    _propose(round_, {q.code: q.answered_by for q in pack.questions})

    append(actor, "round.opened", round_, year=plan.year, instrument=pack.key)
    return round_


def _propose(round_: Round, usual: dict[str, tuple[str, ...]]) -> None:
    proposed = queries.proposal(usual, round_.region_id)
    assignments = Assignment.objects.bulk_create(
        [
            Assignment(round=round_, code=code, position=position, agency_id=proposed[code][0])
            for position, code in enumerate(usual)
        ]
    )
    Contribution.objects.bulk_create(
        [
            Contribution(assignment=assignment, agency_id=agency)
            for assignment in assignments
            for agency in proposed[assignment.code][1]
        ]
    )


@transaction.atomic
def record_past_round(
    actor: Actor, region_code: str, *, instrument_id: int, scheme: str, year: int, title: str
) -> Round:
    """A finished round of before Bukti, whose official result is then recorded by component."""
    region = people.region(region_code)
    require(actor, Action.RECORD_RESULT, Place(region.code))

    pack = instruments.pack_of(instrument_id)
    if scheme not in {known.key for known in pack.schemes}:
        raise Refused(Reason.SCHEME_UNKNOWN, scheme=scheme)
    if Round.objects.filter(region=region, year=year, instrument=instrument_id).exists():
        raise Refused(Reason.ROUND_EXISTS, year=year)

    round_ = Round.objects.create(
        region=region,
        instrument_id=instrument_id,
        scheme=scheme,
        year=year,
        title=title,
        state=RoundState.FINISHED,
        zone=region.zone,
        opened_at=timezone.now(),
        previous=Round.objects.filter(region=region, year__lt=year).order_by("-year").first(),
        is_recorded=True,
    )

    append(actor, "round.recorded", round_, year=year, instrument=pack.key)
    return round_


@transaction.atomic
def assign_questions(
    actor: Actor,
    round_id: int,
    codes: frozenset[str],
    *,
    agency_id: int,
    contributor_ids: frozenset[int] | None = None,
) -> int:
    """Give questions to a lead agency, and, unless None, name those that help; returns how many.

    Refused: QUESTION_UNKNOWN, AGENCY_NOT_HERE, ROUND_NOT_OPEN (once handed in).
    """
    round_ = queries.locked(actor, round_id)
    require(actor, Action.ASSIGN_QUESTION, round_.place)

    _may_still_assign(round_)
    _agencies_are_here(actor, round_, {agency_id} | (contributor_ids or frozenset()))
    assignments = list(round_.assignments.filter(code__in=codes))
    if len(assignments) != len(codes) or not codes:
        raise Refused(Reason.QUESTION_UNKNOWN, codes=sorted(codes))

    round_.assignments.filter(code__in=codes).update(agency=agency_id)
    helpers = Contribution.objects.filter(assignment__in=assignments)
    helpers.filter(agency=agency_id).delete()
    if contributor_ids is not None:
        helpers.delete()
        Contribution.objects.bulk_create(
            Contribution(assignment=assignment, agency_id=helper)
            for assignment in assignments
            for helper in sorted(contributor_ids - {agency_id})
        )
    _share_evidence(actor, round_, assignments, agency_id)

    append(actor, "question.assigned", round_, codes=sorted(codes), agency=agency_id)
    return len(assignments)


def _may_still_assign(round_: Round) -> None:
    if not (round_.is_open or round_.state == RoundState.PREPARATION):
        raise Refused(Reason.ROUND_NOT_OPEN, state=round_.state)


def _agencies_are_here(actor: Actor, round_: Round, wanted: set[int] | frozenset[int]) -> None:
    here = set(people.open_agencies(actor, round_.region_id).values_list("pk", flat=True))
    if not wanted <= here:
        raise Refused(Reason.AGENCY_NOT_HERE)


def _share_evidence(
    actor: Actor, round_: Round, assignments: list[Assignment], agency_id: int
) -> None:
    """An answer's id is its assignment's, so the vault can be told who works on it now."""
    for assignment in assignments:
        place = Place(
            round_.region_id, agency_id, round_.pk, queries.contributors_of(assignment.pk)
        )
        evidence.share_with(actor, evidence.Subject("answer", assignment.pk, place))


@transaction.atomic
def extend_deadline(
    actor: Actor, round_id: int, *, agency_id: int, until: datetime, reason: str
) -> Extension:
    """More time for one agency. Refused: NOTE_MISSING, DEADLINE_NOT_LATER, AGENCY_NOT_HERE."""
    round_ = queries.locked(actor, round_id)
    require(actor, Action.EXTEND_DEADLINE, round_.place)

    if not reason.strip():
        raise Refused(Reason.NOTE_MISSING)
    _agencies_are_here(actor, round_, {agency_id})
    current = queries.deadline_of(round_, agency_id)
    if (current and until <= current) or (round_.deadline and until > round_.deadline):
        raise Refused(Reason.DEADLINE_NOT_LATER, current=current, latest=round_.deadline)

    extension = Extension.objects.create(
        round=round_,
        agency_id=agency_id,
        until=until,
        reason=reason,
        at=timezone.now(),
        by_id=actor.user_id or 0,
    )
    tell(
        people.officers(round_.region_id, agencies={agency_id}),
        NoticeKind.DEADLINE_EXTENDED,
        "/tugas/",
        until=until.isoformat(),
        zone=round_.zone,
    )

    append(
        actor,
        "round.deadline_extended",
        round_,
        agency=agency_id,
        until=until.isoformat(),
        secrets={"reason": reason},
    )
    return extension


@transaction.atomic
def change_round(
    actor: Actor,
    round_id: int,
    *,
    title: str,
    agency_deadline: datetime,
    deadline: datetime,
    target: Decimal | None,
) -> Round:
    """New title, dates or target. Refused: DEADLINES_OUT_OF_ORDER, ROUND_NOT_OPEN."""
    round_ = queries.locked(actor, round_id)
    require(actor, Action.CHANGE_ROUND, round_.place)

    _may_still_assign(round_)
    if agency_deadline > deadline:
        raise Refused(Reason.DEADLINES_OUT_OF_ORDER)

    round_.title, round_.target = title, target
    round_.agency_deadline, round_.deadline = agency_deadline, deadline
    round_.save(update_fields=["title", "target", "agency_deadline", "deadline"])

    append(
        actor,
        "round.changed",
        round_,
        agency_deadline=agency_deadline.isoformat(),
        deadline=deadline.isoformat(),
    )
    return round_


@transaction.atomic
def move_round(actor: Actor, round_id: int, step: Step) -> Round:
    """Open stage I, ask for mending, open stage II: what the official letter says."""
    round_ = queries.locked(actor, round_id)
    require(actor, Action.CHANGE_ROUND, round_.place)

    if step not in (Step.OPEN_STAGE_ONE, Step.ASK_MENDING, Step.OPEN_STAGE_TWO):
        raise Refused(Reason.STEP_NOT_POSSIBLE, state=round_.state, step=step)
    round_.state = advance_round(RoundState(round_.state), step)
    if step is Step.ASK_MENDING:  # what is mended is prepared and signed anew
        round_.prepared_at, round_.prepared_digest = None, ""
    round_.save(update_fields=["state", "prepared_at", "prepared_digest"])

    append(actor, "round.advanced", round_, state=round_.state)
    return round_


@transaction.atomic
def request_reopening(actor: Actor, round_id: int, *, reason: str, until: datetime) -> Reopening:
    """Ask that a signed round be opened again; an executive confirms. Asking again asks anew.

    Refused: NOTE_MISSING, DEADLINE_NOT_LATER.
    """
    round_ = queries.locked(actor, round_id)
    require(actor, Action.REQUEST_REOPENING, round_.place)

    advance_round(RoundState(round_.state), Step.REOPEN)
    if not reason.strip():
        raise Refused(Reason.NOTE_MISSING)
    if until <= timezone.now():
        raise Refused(Reason.DEADLINE_NOT_LATER, current=timezone.now(), latest=None)

    reopening, _ = Reopening.objects.update_or_create(
        round=round_,
        confirmed_at=None,
        defaults={
            "reason": reason,
            "until": until,
            "requested_at": timezone.now(),
            "requested_by_id": actor.user_id or 0,
        },
    )
    tell(
        people.holders(round_.region_id, Role.EXECUTIVE),
        NoticeKind.REOPENING_REQUESTED,
        f"/putaran/{round_.pk}/",
        round=round_.title,
    )

    append(actor, "round.reopen_requested", round_, secrets={"reason": reason})
    return reopening


@transaction.atomic
def confirm_reopening(actor: Actor, reopening_id: int) -> Round:
    """The second person opens the round again, until the date asked for.

    Refused: SECOND_PERSON_NEEDED, STEP_NOT_POSSIBLE (confirmed before), DEADLINE_NOT_LATER (the
    date has passed meanwhile).
    """
    reopening = queries.locked_reopening(actor, reopening_id)
    require(actor, Action.CONFIRM_REOPENING, reopening.round.place)

    if reopening.confirmed_at:
        raise Refused(Reason.STEP_NOT_POSSIBLE, state=reopening.round.state, step=Step.REOPEN)
    if reopening.until <= timezone.now():
        raise Refused(Reason.DEADLINE_NOT_LATER, current=timezone.now(), latest=None)
    if reopening.requested_by_id == actor.user_id:
        raise Refused(Reason.SECOND_PERSON_NEEDED)
    round_ = queries.locked(actor, reopening.round_id)
    round_.state = advance_round(RoundState(round_.state), Step.REOPEN)

    round_.agency_deadline = reopening.until
    round_.deadline = queries.later_of(round_.deadline, reopening.until)
    round_.prepared_at, round_.prepared_digest, round_.signed_at = None, "", None
    round_.save()
    reopening.confirmed_at, reopening.confirmed_by_id = timezone.now(), actor.user_id
    reopening.save(update_fields=["confirmed_at", "confirmed_by_id"])
    tell(
        people.holders(round_.region_id, Role.COORDINATOR),
        NoticeKind.ROUND_REOPENED,
        f"/putaran/{round_.pk}/",
        round=round_.title,
    )

    append(actor, "round.reopened", round_, until=reopening.until.isoformat())
    return round_


@transaction.atomic
def remind_agency(actor: Actor, round_id: int, agency_ids: frozenset[int]) -> int:
    """Tell operators and heads of these agencies that answers are due; returns how many people."""
    round_ = queries.locked(actor, round_id)
    require(actor, Action.REMIND_AGENCY, round_.place)

    if not round_.is_open:
        raise Refused(Reason.ROUND_NOT_OPEN, state=round_.state)
    _agencies_are_here(actor, round_, agency_ids)

    told = tell(
        people.officers(round_.region_id, agencies=set(agency_ids)),
        NoticeKind.AGENCY_REMINDED,
        "/tugas/",
        round=round_.title,
        until=round_.agency_deadline.isoformat() if round_.agency_deadline else "",
        zone=round_.zone,
    )

    append(actor, "agency.reminded", round_, agencies=sorted(agency_ids), people=len(told))
    return len(told)
