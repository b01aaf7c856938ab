"""The log of what happened: one tree per region, its entries, salts and signed checkpoints."""

from django.db import models


class Tree(models.Model):
    """The state of one region's log: how far it reaches, and its RFC 6962 root as of there.

    The row is the lock under which entries are added. `ID` holds what belongs to no region.
    """

    code = models.CharField(primary_key=True, max_length=8)
    origin = models.CharField(max_length=200)
    epoch = models.PositiveIntegerField(default=1)
    size = models.PositiveBigIntegerField(default=0)
    peaks = models.JSONField(default=list)
    root = models.CharField(max_length=64)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} ({self.size})"


class Entry(models.Model):
    """One thing that happened, for ever: `body` is canonical JSON, and what `leaf_hash` covers.

    The other columns repeat the body for searching; `bukti ledger verify` compares them.
    """

    tree = models.ForeignKey("ledger.Tree", on_delete=models.PROTECT, related_name="entries")
    index = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    event = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    body = models.TextField()
    leaf_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["tree", "index"]
        indexes = [
            models.Index(fields=["tree", "object_kind", "object_id"], name="entry_by_object"),
            models.Index(fields=["tree", "actor"], name="entry_by_actor"),
            models.Index(fields=["tree", "event"], name="entry_by_event"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tree", "index"], name="entry_index_once_a_tree"),
        ]

    def __str__(self) -> str:
        return f"{self.tree_id}/{self.index} {self.event}"


class Opening(models.Model):
    """The salt of one commitment. The value stays with its owner; destroying both is erasure."""

    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT, related_name="openings")
    name = models.CharField(max_length=40)
    salt = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "name"], name="opening_once_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.name}"


class Checkpoint(models.Model):
    """A signed statement of a tree's size and root; `peaks` lets the next one build on it."""

    tree = models.ForeignKey("ledger.Tree", on_delete=models.PROTECT, related_name="checkpoints")
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    peaks = models.JSONField()
    note = models.TextField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=40)

    class Meta:
        ordering = ["tree", "size"]
        constraints = [
            models.UniqueConstraint(fields=["tree", "size"], name="checkpoint_size_once_a_tree"),
        ]

    def __str__(self) -> str:
        return f"{self.tree_id} {self.size}"
