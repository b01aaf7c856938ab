"""Frozen instruments: one row per version of a pack, never changed."""

from django.db import models


class Instrument(models.Model):
    """One frozen version of a pack: its canonical JSON (RFC 8785) and the SHA-256 of that."""

    key = models.SlugField(max_length=60)
    version = models.CharField(max_length=32)
    title_id = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    document = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["key", "version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="instrument_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title_id} ({self.key} {self.version})"
