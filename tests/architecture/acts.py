"""Every command with a plausible call in the home region, the action it needs, and where."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from bukti.areas.answers import commands as answers
from bukti.areas.answers import verification
from bukti.areas.assessment import commands as assessment
from bukti.areas.dossier import commands as dossier
from bukti.areas.dossier.models import Format
from bukti.areas.evidence import commands as evidence
from bukti.areas.evidence.models import AccessClass
from bukti.areas.instruments import commands as instruments
from bukti.areas.ledger import commands as ledger
from bukti.areas.people import commands as people
from bukti.areas.people.models import ApiToken, Grant
from bukti.areas.rounds import commands as rounds
from bukti.rules.claims import Claim
from bukti.rules.permissions import Action, Actor, Place, Role
from bukti.rules.permissions import Grant as GrantValue
from bukti.rules.workflow import Step
from tests import cast
from tests.architecture.scene import CODES, World
from tests.areas.files import pdf, received
from tests.cast import PASER

Where = Callable[[World], Place]
Call = Callable[[World, Actor], Any]


@dataclass(frozen=True)
class Act:
    """Who may, where, and the call itself."""

    action: Action
    where: Where
    call: Call


def region(world: World) -> Place:
    """The home region."""
    return Place(PASER)


def nation(world: World) -> Place:
    """What belongs to no region."""
    return Place("ID")


def in_round(state: str) -> Where:
    """A round of the home region."""
    return lambda world: world.home.rounds[state].place


def health(world: World) -> Place:
    """The health agency's own."""
    return Place(PASER, world.cast.health.pk)


def shared(world: World) -> Place:
    """The question that the health agency leads and the hospital helps with."""
    round_ = world.home.rounds["running"]
    helping = frozenset({world.cast.hospital.pk})
    return Place(PASER, world.cast.health.pk, round_.pk, helping)


def on_round(state: str, act: Callable[..., Any], *args: Any, **named: Any) -> Call:
    """A command on a round of the home region."""
    return lambda world, actor: act(actor, world.home.rounds[state].pk, *args, **named)


def on_answer(code: str, act: Callable[..., Any], *args: Any, **named: Any) -> Call:
    """A command on an answer of the running round."""
    return lambda world, actor: act(actor, world.home.answer("running", code).pk, *args, **named)


def _operator(world: World) -> int:
    return world.cast.operator_of_health.user.pk


def _grant(world: World) -> int:
    return Grant.objects.get(user=world.cast.operator_of_health.user).pk


def _subject(world: World) -> evidence.Subject:
    return evidence.Subject("answer", world.home.answer("running", "C1").pk, shared(world))


def _plan(world: World) -> rounds.Plan:
    instrument = world.home.rounds["running"].instrument_id
    return rounds.Plan(instrument, "utama", 2041, "Baru", cast.in_days(5), cast.in_days(9))


def _kept() -> evidence.Kept:
    return evidence.Kept(PASER, "ab" * 32, 5, "text/plain", "catatan.txt")


def _whole(world: World) -> Place:
    return world.home.rounds["prepared"].place


def _own_token(world: World, actor: Actor) -> Any:
    token = ApiToken.objects.get(user=world.cast.operator_of_health.user)
    return people.revoke_token(actor, token.pk, PASER)


def _checked(world: World, actor: Actor) -> Any:
    return evidence.keep_file(actor, shared(world), received(pdf("act"), "surat.pdf"))


def _attached(world: World, actor: Actor) -> Any:
    answer = world.home.answer("running", "C1")
    return answers.attach_file(actor, answer.pk, received(pdf("act"), "a.pdf"), _facts)


_facts = evidence.Facts("judul")
_soon = cast.in_days(6)
_dates = {"agency_deadline": cast.in_days(5), "deadline": cast.in_days(8)}
_claim = Claim(level=1, explanation="uji")

ACTS: dict[str, Act] = {
    "people.invite_user": Act(
        Action.MANAGE_USERS,
        region,
        lambda w, a: people.invite_user(
            a, PASER, email="b@contoh.example", name="B", role=Role.AUDITOR, agency_id=None
        ),
    ),
    "people.invite_assessor": Act(
        Action.MANAGE_USERS,
        in_round("running"),
        lambda w, a: people.invite_assessor(
            a, w.home.rounds["running"].place, email="b@contoh.example", name="B"
        ),
    ),
    "people.invite_again": Act(
        Action.MANAGE_USERS, region, lambda w, a: people.invite_again(a, _operator(w), PASER)
    ),
    "people.give_grant": Act(
        Action.MANAGE_USERS,
        region,
        lambda w, a: people.give_grant(a, _operator(w), GrantValue(Role.AUDITOR, PASER)),
    ),
    "people.end_grant": Act(
        Action.MANAGE_USERS, region, lambda w, a: people.end_grant(a, _grant(w))
    ),
    "people.move_user": Act(
        Action.MANAGE_USERS,
        region,
        lambda w, a: people.move_user(a, _grant(w), agency_id=w.cast.education.pk),
    ),
    "people.disable_user": Act(
        Action.MANAGE_USERS, region, lambda w, a: people.disable_user(a, _operator(w), PASER)
    ),
    "people.enable_user": Act(
        Action.MANAGE_USERS, region, lambda w, a: people.enable_user(a, _operator(w), PASER)
    ),
    "people.issue_token": Act(
        Action.HOLD_TOKEN, region, lambda w, a: people.issue_token(a, PASER, name="uji")
    ),
    "people.revoke_token": Act(Action.HOLD_TOKEN, region, _own_token),
    "people.make_setup_token": Act(Action.SET_UP, nation, lambda w, a: people.make_setup_token(a)),
    "people.add_agency": Act(
        Action.MANAGE_AGENCIES,
        region,
        lambda w, a: people.add_agency(a, PASER, code="baru", name="Baru", short_name="B"),
    ),
    "people.rename_agency": Act(
        Action.MANAGE_AGENCIES,
        region,
        lambda w, a: people.rename_agency(
            a, w.cast.health.pk, name="Baru", short_name="B", since=timezone.localdate()
        ),
    ),
    "people.merge_agency": Act(
        Action.MANAGE_AGENCIES,
        region,
        lambda w, a: people.merge_agency(
            a, w.cast.health.pk, successor_id=w.cast.dkisp.pk, until=timezone.localdate()
        ),
    ),
    "rounds.open_round": Act(
        Action.OPEN_ROUND, region, lambda w, a: rounds.open_round(a, PASER, _plan(w))
    ),
    "rounds.record_past_round": Act(
        Action.RECORD_RESULT,
        region,
        lambda w, a: rounds.record_past_round(
            a,
            PASER,
            instrument_id=w.home.rounds["running"].instrument_id,
            scheme="utama",
            year=2016,
            title="Lama",
        ),
    ),
    "rounds.assign_questions": Act(
        Action.ASSIGN_QUESTION,
        in_round("running"),
        lambda w, a: rounds.assign_questions(
            a, w.home.rounds["running"].pk, frozenset({"C3"}), agency_id=w.cast.health.pk
        ),
    ),
    "rounds.extend_deadline": Act(
        Action.EXTEND_DEADLINE,
        in_round("running"),
        lambda w, a: rounds.extend_deadline(
            a,
            w.home.rounds["running"].pk,
            agency_id=w.cast.health.pk,
            until=cast.in_days(17),
            reason="alasan",
        ),
    ),
    "rounds.change_round": Act(
        Action.CHANGE_ROUND,
        in_round("running"),
        on_round("running", rounds.change_round, title="Baru", target=None, **_dates),
    ),
    "rounds.move_round": Act(
        Action.CHANGE_ROUND,
        in_round("handed_in"),
        on_round("handed_in", rounds.move_round, Step.OPEN_STAGE_ONE),
    ),
    "rounds.request_reopening": Act(
        Action.REQUEST_REOPENING,
        in_round("handed_in"),
        on_round("handed_in", rounds.request_reopening, reason="x", until=_soon),
    ),
    "rounds.confirm_reopening": Act(
        Action.CONFIRM_REOPENING,
        in_round("handed_in"),
        lambda w, a: rounds.confirm_reopening(a, w.home.reopening.pk),  # type: ignore[union-attr]
    ),
    "rounds.remind_agency": Act(
        Action.REMIND_AGENCY,
        in_round("running"),
        lambda w, a: rounds.remind_agency(
            a, w.home.rounds["running"].pk, frozenset({w.cast.health.pk})
        ),
    ),
    "answers.save_answer": Act(
        Action.WRITE_ANSWER, shared, on_answer("C1", answers.save_answer, _claim, base=2)
    ),
    "answers.restore_version": Act(
        Action.WRITE_ANSWER, shared, on_answer("C1", answers.restore_version, 1, base=2)
    ),
    "answers.comment_answer": Act(
        Action.COMMENT_ANSWER, shared, on_answer("C1", answers.comment_answer, "uji")
    ),
    "answers.attach_file": Act(Action.UPLOAD_EVIDENCE, shared, _attached),
    "answers.cite_revision": Act(
        Action.UPLOAD_EVIDENCE,
        shared,
        lambda w, a: answers.cite_revision(
            a, w.home.answer("running", "C1").pk, w.home.revisions["cited"].pk
        ),
    ),
    "answers.uncite": Act(
        Action.UPLOAD_EVIDENCE,
        shared,
        lambda w, a: answers.uncite(
            a, w.home.answer("running", "C1").pk, w.home.citations["C1"].pk
        ),
    ),
    "answers.hand_in_agency": Act(
        Action.HAND_IN_AGENCY,
        health,
        lambda w, a: answers.hand_in_agency(
            a, w.home.rounds["running"].pk, w.cast.health.pk, confirmed=frozenset(CODES)
        ),
    ),
    "answers.start_round": Act(
        Action.CHANGE_ROUND,
        in_round("preparation"),
        on_round("preparation", verification.start_round),
    ),
    "answers.accept_answer": Act(
        Action.VERIFY_ANSWER,
        shared,
        on_answer("C2", verification.accept_answer, verified=Decimal(1)),
    ),
    "answers.return_answer": Act(
        Action.VERIFY_ANSWER,
        shared,
        on_answer("C2", verification.return_answer, note="x", due_at=None),
    ),
    "answers.skip_question": Act(
        Action.SKIP_QUESTION, shared, on_answer("C1", verification.skip_question, reason="x")
    ),
    "answers.unskip_question": Act(
        Action.SKIP_QUESTION, shared, on_answer("D1", verification.unskip_question)
    ),
    "answers.prepare_round": Act(
        Action.PREPARE_HAND_IN,
        _whole,
        on_round("prepared", verification.prepare_round, confirmed=frozenset()),
    ),
    "answers.sign_round": Act(
        Action.SIGN_HAND_IN, _whole, on_round("prepared", verification.sign_round)
    ),
    "evidence.add_document": Act(
        Action.UPLOAD_EVIDENCE,
        shared,
        lambda w, a: evidence.add_document(a, shared(w), _kept(), _facts),
    ),
    "evidence.revise_document": Act(
        Action.UPLOAD_EVIDENCE,
        health,
        lambda w, a: evidence.revise_document(
            a, w.home.revisions["cited"].document_id, received(pdf("baru"), "b.pdf")
        ),
    ),
    "evidence.describe_document": Act(
        Action.UPLOAD_EVIDENCE,
        health,
        lambda w, a: evidence.describe_document(a, w.home.revisions["cited"].document_id, _facts),
    ),
    "evidence.classify_document": Act(
        Action.CLASSIFY_EVIDENCE,
        health,
        lambda w, a: evidence.classify_document(
            a, w.home.revisions["cited"].document_id, AccessClass.EXEMPT
        ),
    ),
    "evidence.cite": Act(
        Action.UPLOAD_EVIDENCE,
        shared,
        lambda w, a: evidence.cite(a, _subject(w), w.home.revisions["cited"].pk),
    ),
    "evidence.cite_new": Act(
        Action.UPLOAD_EVIDENCE,
        shared,
        lambda w, a: evidence.cite_new(a, _subject(w), w.home.revisions["kept"]),
    ),
    "evidence.uncite": Act(
        Action.UPLOAD_EVIDENCE,
        shared,
        lambda w, a: evidence.uncite(a, _subject(w), w.home.citations["C1"].pk),
    ),
    "evidence.share_with": Act(
        Action.ASSIGN_QUESTION, shared, lambda w, a: evidence.share_with(a, _subject(w))
    ),
    "evidence.release": Act(
        Action.SIGN_HAND_IN,
        _whole,
        lambda w, a: evidence.release(a, _whole(w), w.home.rounds["prepared"].pk),
    ),
    "evidence.keep_file": Act(Action.UPLOAD_EVIDENCE, shared, _checked),
    "instruments.freeze_pack": Act(
        Action.FREEZE_INSTRUMENT,
        nation,
        lambda w, a: instruments.freeze_pack(a, cast.small_pack()),
    ),
    "dossier.make_dossier": Act(
        Action.MAKE_DOSSIER,
        in_round("running"),
        on_round("running", dossier.make_dossier, Format.PDF),
    ),
    "assessment.score_question": Act(
        Action.SCORE_QUESTION,
        in_round("stage_one"),
        on_round("stage_one", assessment.score_question, "C1", value=Decimal(1)),
    ),
    "assessment.record_result": Act(
        Action.RECORD_RESULT,
        in_round("recorded"),
        on_round("recorded", assessment.record_result, {"baseline": Decimal(1)}, source="x"),
    ),
    "assessment.finish_round": Act(
        Action.CHANGE_ROUND,
        in_round("stage_two"),
        on_round("stage_two", assessment.finish_round),
    ),
    "ledger.make_key": Act(Action.SIGN_CHECKPOINT, region, lambda w, a: ledger.make_key(a, PASER)),
    "ledger.sign_checkpoint": Act(
        Action.SIGN_CHECKPOINT, region, lambda w, a: ledger.sign_checkpoint(a, PASER, "tick")
    ),
    "ledger.verify_ledger": Act(
        Action.VERIFY_LEDGER, region, lambda w, a: ledger.verify_ledger(a, PASER)
    ),
    "ledger.seal": Act(
        Action.RENDER_DOSSIER, region, lambda w, a: ledger.seal(a, PASER, "ab  berkas\n")
    ),
}
