"""Scores from outside, and results as they were published or computed."""

from django.db import models

from bukti.rules.permissions import Place


class Stage(models.TextChoices):
    """The assessors' two stages."""

    ONE = "one"
    TWO = "two"


class Layer(models.TextChoices):
    """Whose view of the round; layers never overwrite each other."""

    SELF = "self"
    VERIFIED = "verified"
    STAGE_ONE = "stage_one"
    STAGE_TWO = "stage_two"
    OFFICIAL = "official"


class Score(models.Model):
    """One assessor's value for one question in one stage."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="scores")
    code = models.CharField(max_length=32)
    stage = models.CharField(max_length=3, choices=Stage.choices)
    assessor = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=4, decimal_places=2)
    remark = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["code", "assessor"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "stage", "code", "assessor"], name="score_once_an_assessor"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.value}"

    @property
    def place(self) -> Place:
        """Where the score holds."""
        return Place(self.round.region_id, None, self.round_id)

    @property
    def region_id(self) -> str:
        """The region whose ledger tells of it."""
        return self.round.region_id


class Result(models.Model):
    """A round's result in one layer, frozen with the pack and scheme that it was computed by.

    `components` maps component keys to published values as text; `index` is as published,
    `index_exact` before the last rounding.
    """

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="results")
    layer = models.CharField(max_length=10, choices=Layer.choices)
    scheme = models.CharField(max_length=40)
    pack_sha256 = models.CharField(max_length=64)
    components = models.JSONField()
    index = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    index_exact = models.DecimalField(max_digits=12, decimal_places=8, null=True)
    source = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()

    class Meta:
        ordering = ["round", "layer"]
        constraints = [
            models.UniqueConstraint(fields=["round", "layer"], name="result_once_a_layer")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.layer} {self.index}"

    @property
    def region_id(self) -> str:
        """The region whose ledger tells of it."""
        return self.round.region_id
