"""Answers: an agency's claim about a question, every version of it, and what was handed in."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from bukti.rules.claims import Claim
from bukti.rules.permissions import Place
from bukti.rules.workflow import WRITABLE, AnswerState


class Content(models.Model):
    """The claim's columns, the same in an answer and in each of its versions."""

    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    text = models.CharField(max_length=500, blank=True)
    level = models.SmallIntegerField(null=True, blank=True)
    respondents = models.PositiveIntegerField(null=True, blank=True)
    explanation = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def claim(self) -> Claim:
        """The content as the rules know it."""
        value = self.value
        return Claim(
            value=value.normalize() + Decimal(0) if value is not None else None,
            text=self.text,
            level=self.level,
            respondents=self.respondents,
            explanation=self.explanation,
        )

    @claim.setter
    def claim(self, claim: Claim) -> None:
        self.value, self.text, self.level = claim.value, claim.text, claim.level
        self.respondents, self.explanation = claim.respondents, claim.explanation


CONTENT = ["value", "text", "level", "respondents", "explanation"]


class Answer(Content):
    """One question of a round, answered. Shares its id with the assignment it belongs to.

    `verified` is the coordinator's level, or for a survey mean the verified value.
    """

    assignment = models.OneToOneField(
        "rounds.Assignment", primary_key=True, on_delete=models.PROTECT, related_name="answer"
    )
    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="answers")
    code = models.CharField(max_length=32)
    state = models.CharField(
        max_length=16,
        choices=[(s.value, s.value) for s in AnswerState],
        default=AnswerState.EMPTY,
    )
    version = models.PositiveIntegerField(default=0)
    verified = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.TextField(blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    noted_by_id = models.BigIntegerField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    evidence_count = models.PositiveSmallIntegerField(default=0)
    evidence_open = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField()
    updated_by_id = models.BigIntegerField(null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["assignment__position"]
        indexes = [models.Index(fields=["round", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["round", "code"], name="answer_once_a_question"),
            models.CheckConstraint(
                name="answer_accepted_is_verified",
                condition=~Q(state="accepted") | Q(verified__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_handed_in_has_time",
                condition=~Q(state__in=["submitted", "accepted"]) | Q(handed_in_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def place(self) -> Place:
        """Where the answer is; `helpers` is set by the queries that lock or show one answer."""
        return Place(
            self.round.region_id,
            self.assignment.agency_id,
            self.round_id,
            getattr(self, "helpers", frozenset()),
        )

    @property
    def region_id(self) -> str:
        """The region whose ledger tells of it."""
        return self.round.region_id

    @property
    def is_writable(self) -> bool:
        """Whether its state lets an agency write."""
        return AnswerState(self.state) in WRITABLE


class Version(Content):
    """One acknowledged save. `key` is the sender's own, so that a retry never acts twice."""

    answer = models.ForeignKey("answers.Answer", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    key = models.CharField(max_length=40, null=True, blank=True)
    restored_from = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["answer", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["answer", "key"], name="version_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.number}"


class Comment(models.Model):
    """A word between agency and coordinator beside an answer."""

    answer = models.ForeignKey("answers.Answer", on_delete=models.PROTECT, related_name="comments")
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    text = models.CharField(max_length=1000)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class MarkKind(models.TextChoices):
    """What happened to an answer beside its versions and comments."""

    HANDED_IN = "handed_in"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    SKIPPED = "skipped"
    UNSKIPPED = "unskipped"


class Mark(models.Model):
    """A step in an answer's life, with the note or reason that came with it."""

    answer = models.ForeignKey("answers.Answer", on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=10, choices=MarkKind.choices)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    verified = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["answer", "at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.answer_id}"


class HandIn(models.Model):
    """What one agency, or the whole region, handed in at once; the receipt points to its entry."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="hand_ins")
    agency = models.ForeignKey(
        "people.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    answered = models.JSONField()
    unanswered = models.JSONField()
    digest = models.CharField(max_length=64)
    entry_index = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["round", "agency", "-at"])]

    def __str__(self) -> str:
        return f"{self.round_id} {self.agency_id or 'all'} {self.at:%Y-%m-%d}"

    @property
    def place(self) -> Place:
        """Where it was handed in."""
        return Place(self.round.region_id, self.agency_id, self.round_id)

    @property
    def region_id(self) -> str:
        """The region whose ledger tells of it."""
        return self.round.region_id
