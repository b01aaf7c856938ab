"""Finished and unfinished exports of a round."""

from django.db import models

from bukti.rules.permissions import Place


class Format(models.TextChoices):
    """What a dossier can be exported as."""

    ZIP = "zip"
    PDF = "pdf"
    XLSX = "xlsx"


class ExportState(models.TextChoices):
    """Where the job is."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


class Export(models.Model):
    """One dossier asked for: of which round, at which checkpoint, how far, where it lies.

    `tree_size` is the checkpoint the bytes are bound to: same frozen round, same checkpoint and
    same version give the same bytes.
    """

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="exports")
    format = models.CharField(max_length=4, choices=Format.choices)
    state = models.CharField(max_length=8, choices=ExportState.choices, default=ExportState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    tree_size = models.PositiveBigIntegerField(null=True, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # A reason's value and, for a file, its name; worded when it is shown.
    problem = models.CharField(max_length=40, blank=True)
    problem_file = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField()
    # When the job last told how far it is: a silent one has lost its worker.
    alive_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["round", "-asked_at"])]

    def __str__(self) -> str:
        return f"{self.round_id} {self.format} {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Whether its job waits or runs."""
        return self.state in (ExportState.WAITING, ExportState.RUNNING)

    @property
    def place(self) -> Place:
        """Where the dossier belongs."""
        return Place(self.round.region_id, None, self.round_id)

    @property
    def region_id(self) -> str:
        """The region whose ledger tells of it."""
        return self.round.region_id
