"""What a person should know."""

from django.db import models


class NoticeKind(models.TextChoices):
    """Why somebody is told; worded in `wording.words`."""

    ANSWER_RETURNED = "answer_returned"
    AGENCY_REMINDED = "agency_reminded"
    DEADLINE_EXTENDED = "deadline_extended"
    AGENCY_HANDED_IN = "agency_handed_in"
    ROUND_STARTED = "round_started"
    ROUND_PREPARED = "round_prepared"
    ROUND_SIGNED = "round_signed"
    REOPENING_REQUESTED = "reopening_requested"
    ROUND_REOPENED = "round_reopened"
    DOSSIER_READY = "dossier_ready"


class Notice(models.Model):
    """One thing for one person; `facts` fill the sentence, `path` leads to the page."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=24, choices=NoticeKind.choices)
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "read_at"])]

    def __str__(self) -> str:
        return f"{self.kind} → {self.user_id}"
