"""The vault's rows: Document → Revision → Blob, who cites them, who may see them."""

from django.db import models

from bukti.rules.permissions import Place

MEDIA_NONE, WAITING, READY, FAILED = "none", "waiting", "ready", "failed"


class AccessClass(models.TextChoices):
    """Who may know: UU 14/2008. The default is limited until the PPID says otherwise."""

    PUBLIC = "public"
    LIMITED = "limited"
    EXEMPT = "exempt"


class DocumentKind(models.TextChoices):
    """Kinds of official document that evaluations ask for."""

    DECREE = "decree"
    REGULATION = "regulation"
    PLAN = "plan"
    BUDGET = "budget"
    INVITATION = "invitation"
    ATTENDANCE = "attendance"
    MINUTES = "minutes"
    PHOTO = "photo"
    AGREEMENT = "agreement"
    SCREENSHOT = "screenshot"
    REPORT = "report"
    DATA = "data"
    OTHER = "other"


class Blob(models.Model):
    """Bytes, once per region, under their SHA-256. Never changed, never served by address."""

    region = models.ForeignKey("people.Region", on_delete=models.PROTECT)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    pages = models.PositiveIntegerField(null=True, blank=True)
    preview = models.CharField(
        max_length=10,
        default=WAITING,
        choices=[(s, s) for s in (MEDIA_NONE, WAITING, READY, FAILED)],
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "sha256"], name="blob_once_a_region")
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Document(models.Model):
    """An official document with its facts; what it says may be revised, its blobs may not."""

    region = models.ForeignKey("people.Region", on_delete=models.PROTECT)
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT)
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=100, blank=True)
    date = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=DocumentKind.choices, default=DocumentKind.OTHER)
    access = models.CharField(
        max_length=8, choices=AccessClass.choices, default=AccessClass.LIMITED
    )
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["region", "-created_at"]),
            models.Index(fields=["agency", "-created_at"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def place(self) -> Place:
        """Whose document it is."""
        return Place(self.region_id, self.agency_id)


class Revision(models.Model):
    """One state of a document: its bytes and the name they came with."""

    document = models.ForeignKey(
        "evidence.Document", on_delete=models.PROTECT, related_name="revisions"
    )
    number = models.PositiveIntegerField(default=1)
    blob = models.ForeignKey("evidence.Blob", on_delete=models.PROTECT, related_name="revisions")
    filename = models.CharField(max_length=160)
    uploaded_at = models.DateTimeField()
    uploaded_by_id = models.BigIntegerField()

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="revision_number_once")
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_picture(self) -> bool:
        """Whether it is a photo or screenshot."""
        return self.blob.media_type.startswith("image/")

    @property
    def has_pages(self) -> bool:
        """Whether a citation of it should name a page."""
        return (self.blob.pages or 0) > 1


class Citation(models.Model):
    """A claim's pointer into a document: which revision, which pages, what they show.

    `subject_kind` and `subject_id` are plain: the vault stands below what cites it.
    `readers` are the agencies that work on the subject and so may read what it cites.
    """

    revision = models.ForeignKey(
        "evidence.Revision", on_delete=models.PROTECT, related_name="citations"
    )
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    round_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    region = models.ForeignKey("people.Region", on_delete=models.PROTECT)
    pages = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)
    needs_look = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField()
    readers = models.ManyToManyField("people.Agency", related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "subject_kind", "subject_id"], name="citation_once_a_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.revision} → {self.subject_kind} {self.subject_id}"


class Release(models.Model):
    """A revision opened to the assessors of a round, when the round was handed in."""

    revision = models.ForeignKey(
        "evidence.Revision", on_delete=models.PROTECT, related_name="releases"
    )
    round_id = models.BigIntegerField(db_index=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "round_id"], name="release_once_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.revision} → {self.round_id}"
