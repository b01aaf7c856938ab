"""Whether the tables still say what the ledger says: every write has its entry, and the reverse.

The ledger proves itself (`ledger.audit`); this compares it with what it tells of, so that a change
made behind the application's back (a raw SQL update, a deleted row) is found and named. It stands
in the highest area, since it reads those beneath.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

from bukti.areas.answers.commands import content_text
from bukti.areas.answers.models import Answer, Comment, HandIn, Version
from bukti.areas.assessment.commands import score_text
from bukti.areas.assessment.models import Score
from bukti.areas.evidence.models import Revision
from bukti.areas.ledger import queries as ledger
from bukti.areas.ledger.entries import commitment
from bukti.rules.findings import Discrepancy, Mismatch
from bukti.rules.workflow import NEXT_ANSWER, AnswerState, Step

STEPS = {
    "answer.saved": Step.SAVE,
    "answer.restored": Step.SAVE,
    "answer.supported": Step.SAVE,
    "answer.accepted": Step.ACCEPT,
    "answer.returned": Step.RETURN,
    "question.not_applicable": Step.SKIP,
    "question.applicable": Step.UNSKIP,
}


@dataclass(slots=True)
class Story:
    """What the ledger tells of one answer: its versions' commitments, its comments, its state."""

    versions: dict[int, tuple[str, str]] = field(default_factory=dict)
    comments: dict[int, tuple[str, str]] = field(default_factory=dict)
    state: AnswerState = AnswerState.EMPTY
    verified: str | None = None


def reconcile(region: str) -> list[Discrepancy]:
    """All disagreements between the tables of a region and its ledger, at one moment."""
    with _one_reading():
        stories = _stories(region)
        return [
            *_answers(region, stories),
            *_versions(region, stories),
            *_comments(region, stories),
            *_scores(region),
            *_revisions(region),
            *_hand_ins(region),
        ]


@contextmanager
def _one_reading() -> Iterator[None]:
    """Every question sees the same moment, and nobody who writes has to wait.

    Else a save between two questions looks like a change behind the application's back. Django's
    own `atomic` would take SQLite's write lock.
    """
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN"
    if connection.vendor == "postgresql":
        begin += " ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _stories(region: str) -> dict[int, Story]:
    """Answers' entries and agencies' hand-ins, replayed in the order in which they happened."""
    ids = dict(_answer_ids(region))
    told: dict[int, Story] = {}
    lines = [
        *ledger.committed(region, "answers.answer"),
        *ledger.committed(region, "answers.handin"),
    ]
    for line, salts in sorted(lines, key=lambda pair: pair[0].index):
        if line.event == "agency.handed_in":
            for answer_id in ids.get(int(line.object_id), []):
                _advance(told.setdefault(answer_id, Story()), Step.SUBMIT)
        elif line.object_kind == "answers.answer":
            _replay(told.setdefault(int(line.object_id), Story()), line, salts)
    return told


def _answer_ids(region: str) -> Iterator[tuple[int, list[int]]]:
    """For each hand-in, the answers in it."""
    for hand_in in HandIn.objects.filter(round__region=region, agency__isnull=False):
        answers = Answer.objects.filter(round=hand_in.round_id, code__in=hand_in.answered)
        yield hand_in.pk, list(answers.values_list("pk", flat=True))


def _replay(story: Story, line: ledger.Line, salts: dict[str, str]) -> None:
    if line.event in ("answer.saved", "answer.restored"):
        story.versions[line.facts["version"]] = (
            salts.get("content", ""),
            line.commitments.get("content", ""),
        )
    if line.event == "answer.commented":
        story.comments[line.facts["comment"]] = (
            salts.get("text", ""),
            line.commitments.get("text", ""),
        )
    step = STEPS.get(line.event)
    if step is not None:
        _advance(story, step)
    if step is Step.ACCEPT:
        story.verified = line.facts["verified"]
    elif step in (Step.RETURN, Step.SKIP):
        story.verified = None


def _advance(story: Story, step: Step) -> None:
    story.state = NEXT_ANSWER.get((story.state, step), story.state)


def _answers(region: str, stories: dict[int, Story]) -> Iterator[Discrepancy]:
    latest = {
        version.answer_id: version
        for version in Version.objects.filter(answer__round__region=region).order_by("number")
    }
    for answer in Answer.objects.filter(round__region=region):
        story = stories.get(answer.pk, Story())
        version = latest.get(answer.pk)
        if version is not None and version.claim != answer.claim:
            yield _found(Mismatch.CONTENT_CHANGED, "answer", answer.code, f"v{answer.version}")
        if answer.version != len(story.versions):
            yield _found(Mismatch.CONTENT_CHANGED, "answer", answer.code, f"v{answer.version}")
        if answer.state != story.state:
            yield _found(Mismatch.STATE_CHANGED, "answer", answer.code, answer.state)
        verified = None if answer.verified is None else f"{answer.verified.normalize() + 0:f}"
        if answer.state == AnswerState.ACCEPTED and verified != story.verified:
            yield _found(Mismatch.CONTENT_CHANGED, "answer", answer.code, f"verified {verified}")


def _versions(region: str, stories: dict[int, Story]) -> Iterator[Discrepancy]:
    told = {
        (answer, number): opening
        for answer, story in stories.items()
        for number, opening in story.versions.items()
    }
    rows = Version.objects.filter(answer__round__region=region)
    texts = {(v.answer_id, v.number): content_text(v.claim) for v in rows}
    yield from _compared("version", told, texts)


def _comments(region: str, stories: dict[int, Story]) -> Iterator[Discrepancy]:
    told = {
        (answer, number): opening
        for answer, story in stories.items()
        for number, opening in story.comments.items()
    }
    rows = Comment.objects.filter(answer__round__region=region)
    yield from _compared("comment", told, {(c.answer_id, c.pk): c.text for c in rows})


def _scores(region: str) -> Iterator[Discrepancy]:
    told = {
        (int(line.object_id), 0): (salts.get("value", ""), line.commitments.get("value", ""))
        for line, salts in ledger.committed(region, "assessment.score")
    }
    rows = Score.objects.filter(round__region=region)
    texts = {(score.pk, 0): score_text(score.value, score.remark) for score in rows}
    yield from _compared("score", told, texts)


def _compared(
    kind: str, told: dict[tuple[int, int], tuple[str, str]], texts: dict[tuple[int, int], str]
) -> Iterator[Discrepancy]:
    """Rows without entry, entries without row, and rows whose text is not what was committed to.

    A salt that was destroyed (erasure) leaves nothing to compare, which is its purpose.
    """
    for key in sorted(told.keys() | texts.keys()):
        identity = "/".join(str(part) for part in key if part)
        if key not in told:
            yield _found(Mismatch.ROW_WITHOUT_ENTRY, kind, identity)
        elif key not in texts:
            yield _found(Mismatch.ENTRY_WITHOUT_ROW, kind, identity)
        else:
            salt, promised = told[key]
            if salt and commitment(salt, texts[key]) != promised:
                yield _found(Mismatch.CONTENT_CHANGED, kind, identity)


def _revisions(region: str) -> Iterator[Discrepancy]:
    told = {
        line.facts["revision"]: line.facts.get("sha256")
        for line, _salts in ledger.committed(region, "evidence.document")
        if "revision" in line.facts
    }
    rows = Revision.objects.filter(document__region=region)
    held = dict(rows.values_list("pk", "blob__sha256"))
    yield from _sets("revision", set(told), set(held))
    for pk in sorted(told.keys() & held.keys()):
        if told[pk] is not None and told[pk] != held[pk]:
            yield _found(Mismatch.CONTENT_CHANGED, "revision", str(pk), "sha256")


def _hand_ins(region: str) -> Iterator[Discrepancy]:
    told = {
        int(line.object_id): line.facts["digest"]
        for line, _salts in ledger.committed(region, "answers.handin")
    }
    held = dict(HandIn.objects.filter(round__region=region).values_list("pk", "digest"))
    yield from _sets("hand-in", set(told), set(held))
    for pk in sorted(told.keys() & held.keys()):
        if told[pk] != held[pk]:
            yield _found(Mismatch.CONTENT_CHANGED, "hand-in", str(pk), "digest")


def _sets(kind: str, told: set[int], held: set[int]) -> Iterable[Discrepancy]:
    yield from (_found(Mismatch.ROW_WITHOUT_ENTRY, kind, str(pk)) for pk in sorted(held - told))
    yield from (_found(Mismatch.ENTRY_WITHOUT_ROW, kind, str(pk)) for pk in sorted(told - held))


def _found(mismatch: Mismatch, kind: str, identity: str, detail: str = "") -> Discrepancy:
    return Discrepancy(mismatch, kind, identity, detail)
