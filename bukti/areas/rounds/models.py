"""One region's run of one instrument in one year: deadlines, who answers what, its state."""

from django.db import models
from django.db.models import F, Q

from bukti.areas.people.models import ZONES
from bukti.rules.permissions import Place
from bukti.rules.workflow import OPEN, RoundState


class Round(models.Model):
    """A round. `instrument` is frozen; `previous` is the round it is compared with."""

    region = models.ForeignKey("people.Region", on_delete=models.PROTECT, related_name="rounds")
    instrument = models.ForeignKey("instruments.Instrument", on_delete=models.PROTECT)
    scheme = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    state = models.CharField(
        max_length=12,
        choices=[(s.value, s.value) for s in RoundState],
        default=RoundState.PREPARATION,
    )
    zone = models.CharField(max_length=20, choices=ZONES)
    opened_at = models.DateTimeField()
    agency_deadline = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(null=True, blank=True)
    target = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    started_at = models.DateTimeField(null=True, blank=True)
    prepared_at = models.DateTimeField(null=True, blank=True)
    prepared_by_id = models.BigIntegerField(null=True, blank=True)
    prepared_digest = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by_id = models.BigIntegerField(null=True, blank=True)
    # Known by its components only: an official result of before Bukti.
    is_recorded = models.BooleanField(default=False)

    class Meta:
        ordering = ["-year", "-pk"]
        indexes = [models.Index(fields=["region", "-year"])]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "instrument", "year"], name="round_once_a_year"
            ),
            models.CheckConstraint(
                name="round_deadlines_in_order",
                condition=Q(agency_deadline__isnull=True)
                | Q(deadline__isnull=True)
                | Q(agency_deadline__lte=F("deadline")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def place(self) -> Place:
        """Where the round is."""
        return Place(self.region_id, None, self.pk)

    @property
    def is_open(self) -> bool:
        """Whether answers may change."""
        return RoundState(self.state) in OPEN


class Assignment(models.Model):
    """Which agency leads a question of a round; no agency until somebody decides."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="assignments")
    code = models.CharField(max_length=32)
    position = models.PositiveSmallIntegerField()
    agency = models.ForeignKey("people.Agency", null=True, blank=True, on_delete=models.PROTECT)
    contributors = models.ManyToManyField(
        "people.Agency", through="rounds.Contribution", related_name="+"
    )

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["agency", "round"])]
        constraints = [
            models.UniqueConstraint(fields=["round", "code"], name="assignment_once_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.code} → {self.agency_id}"


class Contribution(models.Model):
    """An agency that helps with a question another one leads."""

    assignment = models.ForeignKey(
        "rounds.Assignment", on_delete=models.CASCADE, related_name="contributions"
    )
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "agency"], name="contribution_once_an_agency"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} ← {self.agency_id}"


class Extension(models.Model):
    """More time for one agency, with the reason."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="extensions")
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT)
    until = models.DateTimeField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()

    class Meta:
        ordering = ["-until"]
        indexes = [models.Index(fields=["round", "agency"])]

    def __str__(self) -> str:
        return f"{self.agency_id} → {self.until:%Y-%m-%d}"


class Reopening(models.Model):
    """A request to open a signed round again: a reason, and a second person."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="reopenings")
    reason = models.CharField(max_length=500)
    until = models.DateTimeField()
    requested_at = models.DateTimeField()
    requested_by_id = models.BigIntegerField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                name="reopening_by_two_people",
                condition=Q(confirmed_by_id__isnull=True)
                | ~Q(confirmed_by_id=F("requested_by_id")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.reason[:40]}"
