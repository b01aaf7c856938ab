"""From rows to one frozen `Dossier`, in a fixed number of queries, as of one moment."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from bukti.areas.answers.commands import content_text
from bukti.areas.answers.models import Answer, HandIn, MarkKind
from bukti.areas.answers.models import Mark as AnswerMark
from bukti.areas.assessment.models import Layer, Result, Score, Stage
from bukti.areas.assessment.queries import mean_scores
from bukti.areas.dossier import proof
from bukti.areas.dossier.contents import (
    Before,
    Dossier,
    Entry,
    Evidence,
    HandedIn,
    LayerScore,
    Mark,
    Remark,
    RoundFacts,
    version,
)
from bukti.areas.evidence.models import Citation
from bukti.areas.evidence.queries import citations_of_round
from bukti.areas.instruments import queries as instruments
from bukti.areas.ledger import commands as ledger
from bukti.areas.ledger import queries as ledger_queries
from bukti.areas.ledger.export import Link, Opened
from bukti.areas.ledger.models import Checkpoint
from bukti.areas.people.models import Grant
from bukti.areas.rounds.models import Round
from bukti.rules.claims import scored
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import SYSTEM, Action, Actor, require
from bukti.rules.scoring import score
from bukti.rules.workflow import AnswerState
from bukti.wording.formats import safe_filename
from bukti.wording.words import ROLES

#: How often to look again when somebody works on the round while it is read.
TRIES = 12
DECISIONS = (MarkKind.ACCEPTED, MarkKind.RETURNED, MarkKind.SKIPPED, MarkKind.UNSKIPPED)
#: The event and the name under which the ledger commits to a decision's note.
NOTED = {
    MarkKind.ACCEPTED: ("answer.accepted", "note"),
    MarkKind.RETURNED: ("answer.returned", "note"),
    MarkKind.SKIPPED: ("question.not_applicable", "reason"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A dossier with what proves it."""

    dossier: Dossier
    checkpoint: Checkpoint
    links: tuple[Link, ...]
    openings: tuple[Opened, ...]


@dataclass(frozen=True, slots=True)
class _Rows:
    """All rows of a round, as of one moment."""

    round: Round
    answers: list[Answer]
    citations: list[Citation]
    marks: Mapping[int, list[AnswerMark]]
    hand_ins: list[HandIn]
    stages: Mapping[Stage, Mapping[str, Decimal | None]]
    before: Before | None
    offices: Mapping[int, str]
    paths: Mapping[str, str]
    ledger: proof.Ledger


def read(actor: Actor, round_id: int) -> Reading:
    """Everything about a round, bound to the first checkpoint that covers it.

    Refused: DOSSIER_EMPTY without answers; LEDGER_BROKEN when the tables hold what the ledger
    does not vouch for; DOSSIER_NOT_READY when the round does not hold still.
    """
    region = Round.objects.values_list("region_id", flat=True).get(pk=round_id)
    for _ in range(TRIES):
        with _one_moment():
            rows = _rows(actor, round_id)
        if not rows.answers:
            raise Refused(Reason.DOSSIER_EMPTY)
        checkpoint = proof.checkpoint_for(rows.ledger)
        if checkpoint is not None:
            return _reading(rows, checkpoint)
        ledger.sign_checkpoint(SYSTEM, region, "dossier")
    raise Refused(Reason.DOSSIER_NOT_READY)


@contextmanager
def _one_moment() -> Iterator[None]:
    """All queries inside see the database as of the same moment."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _rows(actor: Actor, round_id: int) -> _Rows:
    round_ = (
        Round.objects.select_related("region", "instrument", "previous")
        .defer("instrument__document")
        .get(pk=round_id)
    )
    require(actor, Action.RENDER_DOSSIER, round_.place)
    found = list(
        Answer.objects.filter(round=round_id)
        .select_related("assignment__agency")
        .order_by("assignment__position")
    )
    citations = list(citations_of_round(round_id).filter(subject_kind="answer"))
    hand_ins = list(HandIn.objects.filter(round=round_id).select_related("agency").order_by("pk"))
    marks: dict[int, list[AnswerMark]] = defaultdict(list)
    for mark in AnswerMark.objects.filter(answer__round=round_id, kind__in=DECISIONS):
        marks[mark.answer_id].append(mark)
    people = {mark.by_id for every in marks.values() for mark in every}
    people |= {hand_in.by_id for hand_in in hand_ins} | {round_.signed_by_id or 0}
    return _Rows(
        round=round_,
        answers=found,
        citations=citations,
        marks=marks,
        hand_ins=hand_ins,
        stages={stage: mean_scores(round_id, stage) for stage in Stage},
        before=_before(round_.previous),
        offices=_offices(people),
        paths=_paths(citations),
        ledger=_ledger(round_, found, citations, hand_ins),
    )


def _ledger(
    round_: Round, found: list[Answer], citations: list[Citation], hand_ins: list[HandIn]
) -> proof.Ledger:
    told = proof.read(
        round_.region_id,
        {
            proof.ANSWER: {answer.pk for answer in found},
            proof.CITATION: {citation.pk for citation in citations},
            proof.DOCUMENT: {citation.revision.document_id for citation in citations},
        },
    )
    scores = set(Score.objects.filter(round=round_.pk).values_list("pk", flat=True))
    told.last = max(
        told.last,
        proof.newest_about(
            round_.region_id,
            {
                "rounds.round": {round_.pk},
                "answers.handin": {hand_in.pk for hand_in in hand_ins},
                "people.agency": {answer.assignment.agency_id or 0 for answer in found},
                "assessment.score": scores,
            },
        ),
    )
    return told


def _before(previous: Round | None) -> Before | None:
    if previous is None:
        return None
    results = {result.layer: result for result in Result.objects.filter(round=previous)}
    result = results.get(Layer.OFFICIAL) or results.get(Layer.STAGE_TWO)
    if result is None:
        return None
    values = {key: Decimal(value) for key, value in result.components.items()}
    return Before(previous.year, values, result.index)


def _offices(people: set[int]) -> dict[int, str]:
    """The office in which each person acted: the role, and where it is an agency's, its name."""
    found: dict[int, str] = {}
    for grant in Grant.objects.filter(user__in=people).select_related("agency").order_by("pk"):
        role = str(ROLES[grant.role])
        found.setdefault(
            grant.user_id, f"{role}, {grant.agency.short_name}" if grant.agency else role
        )
    return found


# ---------- rows → values ----------


def _reading(rows: _Rows, checkpoint: Checkpoint) -> Reading:
    cited: dict[int, list[Citation]] = defaultdict(list)
    for citation in rows.citations:
        cited[citation.subject_id].append(citation)
    pack = instruments.pack_frozen_as(rows.round.instrument.sha256)
    entries = tuple(_entry(rows, answer, cited[answer.pk]) for answer in rows.answers)
    dossier = Dossier(
        round=_round_facts(rows),
        pack=pack,
        scheme=pack.scheme(rows.round.scheme),
        entries=entries,
        hand_ins=tuple(_handed_in(rows, hand_in) for hand_in in rows.hand_ins),
        layers=tuple(_layers(rows)),
        before=rows.before,
        checkpoint=_mark(checkpoint),
        version=version(),
    )
    return Reading(dossier, checkpoint, tuple(_links(rows, entries)), tuple(_openings(rows)))


def _entry(rows: _Rows, answer: Answer, cited: list[Citation]) -> Entry:
    agency = answer.assignment.agency
    pack = instruments.pack_frozen_as(rows.round.instrument.sha256)
    return Entry(
        question=pack.question(answer.code),
        agency=agency.name if agency else "",
        state=answer.state,
        version=answer.version,
        claim=answer.claim,
        content=content_text(answer.claim) if answer.version else "",
        verified=answer.verified,
        stage_one=rows.stages[Stage.ONE].get(answer.code),
        stage_two=rows.stages[Stage.TWO].get(answer.code),
        handed_in_at=answer.handed_in_at,
        accepted_at=answer.accepted_at,
        remarks=tuple(
            Remark(mark.kind, mark.at, rows.offices.get(mark.by_id, ""), mark.note)
            for mark in rows.marks.get(answer.pk, [])
        ),
        evidence=tuple(_evidence(rows, citation) for citation in cited),
    )


def _evidence(rows: _Rows, citation: Citation) -> Evidence:
    revision = citation.revision
    document, blob = revision.document, revision.blob
    return Evidence(
        title=document.title,
        number=document.number,
        date=document.date,
        kind=document.kind,
        access=document.access,
        agency=document.agency.name,
        filename=revision.filename,
        media_type=blob.media_type,
        size=blob.size,
        sha256=blob.sha256,
        pages=citation.pages,
        note=citation.note,
        path=rows.paths[blob.sha256],
    )


def _paths(citations: list[Citation]) -> dict[str, str]:
    """Where each file lies in the archive: once, under the name with which it was first cited.

    Without `%`, which bag readers disagree about.
    """
    paths: dict[str, str] = {}
    for citation in sorted(citations, key=lambda one: one.pk):
        digest = citation.revision.blob.sha256
        name = safe_filename(citation.revision.filename).replace("%", "_")
        paths.setdefault(digest, f"data/documents/{digest[:12]}-{name}")
    return paths


def _round_facts(rows: _Rows) -> RoundFacts:
    round_ = rows.round
    return RoundFacts(
        id=round_.pk,
        title=round_.title,
        year=round_.year,
        state=round_.state,
        zone=round_.zone,
        region=round_.region_id,
        region_name=round_.region.name,
        instrument=round_.instrument.key,
        instrument_version=round_.instrument.version,
        instrument_sha256=round_.instrument.sha256,
        started_at=round_.started_at,
        agency_deadline=round_.agency_deadline,
        deadline=round_.deadline,
        signed_at=round_.signed_at,
        signed_by=rows.offices.get(round_.signed_by_id or 0, ""),
        target=round_.target,
    )


def _handed_in(rows: _Rows, hand_in: HandIn) -> HandedIn:
    return HandedIn(
        at=hand_in.at,
        by=rows.offices.get(hand_in.by_id, ""),
        agency=hand_in.agency.name if hand_in.agency else "",
        answered=tuple(hand_in.answered),
        unanswered=tuple(hand_in.unanswered),
        digest=hand_in.digest,
        entry=hand_in.entry_index,
    )


def _layers(rows: _Rows) -> Iterator[LayerScore]:
    pack = instruments.pack_frozen_as(rows.round.instrument.sha256)
    applies = [row for row in rows.answers if row.state != AnswerState.NOT_APPLICABLE]
    skipped = frozenset(row.code for row in rows.answers) - {row.code for row in applies}
    claimed = {row.code: scored(pack.question(row.code), row.level, row.value) for row in applies}
    values: dict[str, Mapping[str, Decimal | None]] = {
        Layer.SELF: claimed,
        Layer.VERIFIED: {row.code: row.verified for row in applies if row.verified is not None},
        Layer.STAGE_ONE: rows.stages[Stage.ONE],
        Layer.STAGE_TWO: rows.stages[Stage.TWO],
    }
    scheme = pack.scheme(rows.round.scheme)
    for layer, known in values.items():
        if known or layer in (Layer.SELF, Layer.VERIFIED):
            yield LayerScore(str(layer.value), score(pack, scheme, known, skipped))  # type: ignore[attr-defined]


def _mark(checkpoint: Checkpoint) -> Mark:
    keys = ledger_queries.keys_of(checkpoint.tree_id)
    return Mark(
        size=checkpoint.size,
        root=checkpoint.root,
        at=checkpoint.at,
        origin=keys[-1].name,
        fingerprint=keys[-1].fingerprint,
    )


def _links(rows: _Rows, entries: tuple[Entry, ...]) -> list[Link]:
    said = [
        (f"data/answers/{answer.code}.json", answer.pk, entry.content)
        for answer, entry in zip(rows.answers, entries, strict=True)
        if entry.content
    ]
    shown = [
        (rows.paths[citation.revision.blob.sha256], citation.pk, citation.revision.blob.sha256)
        for citation in rows.citations
    ]
    try:
        return proof.links(rows.ledger, said, shown)
    except proof.Unproven as unproven:
        raise Refused(
            Reason.LEDGER_BROKEN, region=rows.round.region_id, file=unproven.what
        ) from unproven


def _openings(rows: _Rows) -> list[Opened]:
    """The notes of decisions and the titles of documents, each beside the entry it came with."""
    shown: list[tuple[proof.Told, str, str]] = []
    for answer_id, marks in rows.marks.items():
        for kind, (event, name) in NOTED.items():
            told = [one for one in rows.ledger.of(proof.ANSWER, answer_id) if one.event == event]
            noted = [mark for mark in marks if mark.kind == kind]
            shown += [
                (one, name, mark.note)
                for one, mark in zip(told, noted, strict=False)
                if name in one.commitments
            ]
    for document in {citation.revision.document for citation in rows.citations}:
        titled = rows.ledger.newest(proof.DOCUMENT, document.pk, "title")
        if titled:
            shown.append((titled, "title", document.title))
    return proof.openings(rows.ledger, shown)
