"""What agencies do with their answers: save, restore, comment, cite, hand in."""

from dataclasses import asdict, replace

from django.db import transaction
from django.utils import timezone

from bukti.areas.answers import queries
from bukti.areas.answers.models import CONTENT, Answer, Comment, HandIn, Mark, MarkKind, Version
from bukti.areas.evidence import commands as evidence
from bukti.areas.evidence.models import Citation
from bukti.areas.evidence.queries import citation_with_bytes, support_of
from bukti.areas.evidence.vault import Received
from bukti.areas.instruments import queries as instruments
from bukti.areas.ledger.commands import append, sign_checkpoint
from bukti.areas.ledger.entries import canonical
from bukti.areas.notices.commands import tell
from bukti.areas.notices.models import NoticeKind
from bukti.areas.people import queries as people
from bukti.areas.rounds import queries as rounds
from bukti.areas.rounds.models import Round
from bukti.rules import claims
from bukti.rules.claims import Claim
from bukti.rules.errors import Conflict, Reason, Refused
from bukti.rules.permissions import SYSTEM, Action, Actor, Place, Role, require
from bukti.rules.workflow import AnswerState, Step, advance, is_past

LONGEST_COMMENT = 1000


@transaction.atomic
def save_answer(
    actor: Actor, answer_id: int, claim: Claim, *, base: int, key: str | None = None
) -> Answer:
    """Keep what was typed as a new version on top of version `base`.

    A repeated `key` with the same content returns what it made before. Refused: ROUND_NOT_OPEN,
    ANSWER_LOCKED, DEADLINE_PASSED, VALUE_OUT_OF_SCALE, TEXT_TOO_LONG, KEY_REUSED; Conflict
    ANSWER_CHANGED with the version that was faster.
    """
    answer = queries.locked(actor, answer_id)
    require(actor, Action.WRITE_ANSWER, answer.place)

    if base != answer.version:
        return _repeated(answer, claim, key)
    _is_writable(answer)
    claims.check(
        instruments.pack_frozen_as(answer.round.instrument.sha256),
        queries.question_of(answer),
        claim,
    )
    if claim == answer.claim:
        return answer

    _write(answer, claim, actor, key=key)

    append(
        actor,
        "answer.saved",
        answer,
        version=answer.version,
        secrets={"content": content_text(claim)},
    )
    return answer


def _repeated(answer: Answer, claim: Claim, key: str | None) -> Answer:
    """A retry of an acknowledged save is answered again; anything else is a conflict."""
    earlier = queries.version_with_key(answer, key)
    if earlier is None:
        raise Conflict(Reason.ANSWER_CHANGED, answer=answer, claim=claim)
    if earlier.claim != claim:
        raise Refused(Reason.KEY_REUSED)
    return answer


def _is_writable(answer: Answer) -> None:
    if not answer.round.is_open:
        raise Refused(Reason.ROUND_NOT_OPEN, state=answer.round.state)
    if not answer.is_writable:
        raise Refused(Reason.ANSWER_LOCKED, state=answer.state)
    deadline = queries.deadline_of(answer)
    if deadline and is_past(deadline, timezone.now()):
        raise Refused(Reason.DEADLINE_PASSED, deadline=deadline, zone=answer.round.zone)


def _write(
    answer: Answer,
    claim: Claim,
    actor: Actor,
    *,
    key: str | None = None,
    restored_from: int | None = None,
) -> None:
    answer.claim = claim
    answer.state = advance(AnswerState(answer.state), Step.SAVE)
    answer.version += 1
    answer.updated_at, answer.updated_by_id = timezone.now(), actor.user_id
    answer.save(update_fields=[*CONTENT, "state", "version", "updated_at", "updated_by_id"])
    version = Version(
        answer=answer,
        number=answer.version,
        at=answer.updated_at,
        by_id=actor.user_id or 0,
        key=key,
        restored_from=restored_from,
    )
    version.claim = claim
    version.save(force_insert=True)


def content_text(claim: Claim) -> str:
    """A claim as one JSON text: what the ledger commits to, and what a dossier shows.

    Numbers are as the database keeps them, however they came: `Decimal(3)` for a level is 3.
    """
    kept = replace(
        claim,
        value=None if claim.value is None else round(claim.value, 4),
        level=None if claim.level is None else int(claim.level),
        respondents=None if claim.respondents is None else int(claim.respondents),
    )
    return canonical(asdict(kept))


@transaction.atomic
def restore_version(actor: Actor, answer_id: int, number: int, *, base: int) -> Answer:
    """Make an old version the newest. Refused: VERSION_UNKNOWN and as for saving."""
    answer = queries.locked(actor, answer_id)
    require(actor, Action.WRITE_ANSWER, answer.place)

    if base != answer.version:
        raise Conflict(Reason.ANSWER_CHANGED, answer=answer, claim=answer.claim)
    _is_writable(answer)
    old = queries.versions_of(answer).filter(number=number).first()
    if old is None:
        raise Refused(Reason.VERSION_UNKNOWN, number=number)

    _write(answer, old.claim, actor, restored_from=number)

    append(
        actor,
        "answer.restored",
        answer,
        version=answer.version,
        restored=number,
        secrets={"content": content_text(old.claim)},
    )
    return answer


@transaction.atomic
def comment_answer(actor: Actor, answer_id: int, text: str) -> Comment:
    """Say something beside an answer. Refused: NOTE_MISSING, TEXT_TOO_LONG."""
    answer = queries.locked(actor, answer_id)
    require(actor, Action.COMMENT_ANSWER, answer.place)

    if not text.strip():
        raise Refused(Reason.NOTE_MISSING)
    if len(text) > LONGEST_COMMENT:
        raise Refused(Reason.TEXT_TOO_LONG, longest=LONGEST_COMMENT)

    comment = Comment.objects.create(
        answer=answer, at=timezone.now(), by_id=actor.user_id or 0, text=text.strip()
    )

    append(actor, "answer.commented", answer, comment=comment.pk, secrets={"text": comment.text})
    return comment


def attach_file(
    actor: Actor, answer_id: int, received: Received, facts: evidence.Facts, *, pages: str = ""
) -> Citation:
    """Keep a file for the answer's agency and cite it: bytes durable first, rows after.

    The same file again (a retry, a double click) is the citation that it made before.
    Refused: as for saving an answer, keeping a file and adding a document.
    """
    answer = queries.one(actor, answer_id)
    require(actor, Action.UPLOAD_EVIDENCE, answer.place)

    _is_writable(answer)
    claims.pages_cited(pages)
    kept = evidence.keep_file(actor, answer.place, received)
    with transaction.atomic():
        answer = queries.locked(actor, answer_id)
        known = citation_with_bytes("answer", answer_id, kept.sha256)
        if known:
            return known
        _is_writable(answer)
        subject = subject_of(answer)
        revision = evidence.add_document(actor, subject.place, kept, facts)
        citation = evidence.cite_new(actor, subject, revision, pages=pages)
        _count_support(answer)

        append(
            actor,
            "answer.supported",
            answer,
            citation=citation.pk,
            citations=answer.evidence_count,
        )
    return citation


@transaction.atomic
def cite_revision(
    actor: Actor, answer_id: int, revision_id: int, *, pages: str = "", note: str = ""
) -> Citation:
    """Cite a document that is already in the vault, or change pages and note of its citation."""
    answer = queries.locked(actor, answer_id)
    require(actor, Action.UPLOAD_EVIDENCE, answer.place)

    _is_writable(answer)

    citation = evidence.cite(actor, subject_of(answer), revision_id, pages=pages, note=note)
    _count_support(answer)

    append(actor, "answer.supported", answer, citation=citation.pk, citations=answer.evidence_count)
    return citation


def subject_of(answer: Answer) -> evidence.Subject:
    """The answer as the vault knows it: an id, a place and all who work on it."""
    place = answer.place
    helpers = rounds.contributors_of(answer.pk)
    everyone = Place(place.region, place.agency, place.round_id, helpers)
    return evidence.Subject("answer", answer.pk, everyone)


def _count_support(answer: Answer) -> None:
    support = support_of("answer", answer.pk)
    answer.evidence_count, answer.evidence_open = support.citations, support.open
    answer.updated_at = timezone.now()
    if answer.state == AnswerState.EMPTY:
        answer.state = advance(AnswerState.EMPTY, Step.SAVE)
    answer.save(update_fields=["evidence_count", "evidence_open", "updated_at", "state"])


@transaction.atomic
def uncite(actor: Actor, answer_id: int, citation_id: int) -> Answer:
    """Take a citation back; the document stays in the vault."""
    answer = queries.locked(actor, answer_id)
    require(actor, Action.UPLOAD_EVIDENCE, answer.place)

    _is_writable(answer)

    evidence.uncite(actor, subject_of(answer), citation_id)
    _count_support(answer)

    append(actor, "answer.unsupported", answer, citations=answer.evidence_count)
    return answer


@transaction.atomic
def hand_in_agency(
    actor: Actor, round_id: int, agency_id: int, *, confirmed: frozenset[str]
) -> HandIn:
    """Hand in every complete answer of an agency at once; the head names what stays behind.

    An answer past its deadline stays behind too, so that a returned one with a later date of its
    own can still go. Refused: NOTHING_TO_HAND_IN, UNANSWERED_NOT_CONFIRMED (with the codes),
    DEADLINE_PASSED (all that is complete is late).
    """
    round_ = rounds.locked(actor, round_id)
    require(actor, Action.HAND_IN_AGENCY, Place(round_.region_id, agency_id, round_.pk))

    if not round_.is_open:
        raise Refused(Reason.ROUND_NOT_OPEN, state=round_.state)
    ready, unready = _sorted_for_hand_in(actor, round_, agency_id)
    if not ready:
        raise Refused(Reason.NOTHING_TO_HAND_IN)
    open_codes = {answer.code for answer in unready}
    if open_codes - confirmed:
        raise Refused(Reason.UNANSWERED_NOT_CONFIRMED, codes=sorted(open_codes - confirmed))

    hand_in = _hand_in(actor, round_, agency_id, ready, sorted(open_codes))
    tell(
        people.holders(round_.region_id, Role.COORDINATOR),
        NoticeKind.AGENCY_HANDED_IN,
        f"/putaran/{round_.pk}/verifikasi/",
        agency=people.agencies_visible_to(actor).get(pk=agency_id).name,
        answers=len(ready),
    )

    entry = append(
        actor, "agency.handed_in", hand_in, answered=hand_in.answered, digest=hand_in.digest
    )
    hand_in.entry_index = entry.index
    hand_in.save(update_fields=["entry_index"])
    seal_after_commit(hand_in)
    return hand_in


def seal_after_commit(hand_in: HandIn) -> None:
    """Sign the ledger as soon as the hand-in is durable; should that fail, the next tick signs."""
    region = hand_in.region_id
    transaction.on_commit(lambda: sign_checkpoint(SYSTEM, region, "hand_in"), robust=True)


def _sorted_for_hand_in(
    actor: Actor, round_: Round, agency_id: int
) -> tuple[list[Answer], list[Answer]]:
    """What can be handed in, and what cannot: unfinished, or past its deadline."""
    pack = instruments.pack_of(round_.instrument_id)
    extended = rounds.extensions_of(round_).get(agency_id)
    now, late = timezone.now(), None
    ready: list[Answer] = []
    unready: list[Answer] = []
    for answer in queries.locked_for_hand_in(actor, round_.pk, agency_id):
        if not answer.is_writable:
            continue
        answer.round, answer.extended_until = round_, extended  # type: ignore[attr-defined]
        obstacle = queries.obstacle(pack.question(answer.code), answer, now)
        (unready if obstacle else ready).append(answer)
        late = answer if obstacle is Reason.DEADLINE_PASSED else late
    if not ready and late:
        _is_writable(late)
    return ready, unready


def _hand_in(
    actor: Actor, round_: Round, agency_id: int, ready: list[Answer], unanswered: list[str]
) -> HandIn:
    now = timezone.now()
    for answer in ready:
        answer.state = advance(AnswerState(answer.state), Step.SUBMIT)
        answer.handed_in_at = now
    Answer.objects.bulk_update(ready, ["state", "handed_in_at"])
    Mark.objects.bulk_create(
        Mark(
            answer=answer,
            kind=MarkKind.HANDED_IN,
            at=now,
            by_id=actor.user_id or 0,
            version=answer.version,
        )
        for answer in ready
    )
    return HandIn.objects.create(
        round=round_,
        agency_id=agency_id,
        at=now,
        by_id=actor.user_id or 0,
        answered=[answer.code for answer in ready],
        unanswered=unanswered,
        digest=queries.digest_of(ready),
    )
