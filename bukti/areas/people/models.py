"""Regions, their agencies, the people in them and what each may do where."""

from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from bukti.rules.permissions import Capability, Place, Role, in_force
from bukti.rules.permissions import Grant as GrantValue

ZONES = [(zone, zone) for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]


class Region(models.Model):
    """A province, regency or city, by its official code (Kepmendagri), e.g. `64.01`."""

    code = models.CharField(primary_key=True, max_length=8)
    name = models.CharField(max_length=120)
    kind = models.CharField(
        max_length=10, choices=[(k, k) for k in ("province", "regency", "city")]
    )
    province_code = models.CharField(max_length=2)
    zone = models.CharField(max_length=20, choices=ZONES, default="Asia/Jakarta")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def today(self, now: datetime) -> date:
        """The date there at that moment: a role ends at the region's own midnight."""
        return now.astimezone(ZoneInfo(self.zone)).date()


class Agency(models.Model):
    """A regional office (OPD, district or hospital) that answers; its short name is its handle."""

    region = models.ForeignKey("people.Region", on_delete=models.PROTECT, related_name="agencies")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, default="agency")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="agency_code_once_a_region"),
            models.UniqueConstraint(
                fields=["region", "name"],
                condition=Q(until__isnull=True),
                name="agency_name_once_a_region",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        """Where the agency is."""
        return Place(self.region_id, self.pk)

    @property
    def is_open(self) -> bool:
        """Whether the agency still exists."""
        return self.until is None


class FormerName(models.Model):
    """A name an agency bore until a date, so that old documents still find their office."""

    agency = models.ForeignKey(
        "people.Agency", on_delete=models.CASCADE, related_name="former_names"
    )
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40)
    until = models.DateField()

    class Meta:
        ordering = ["-until"]

    def __str__(self) -> str:
        return f"{self.name} (–{self.until})"


class UserManager(BaseUserManager["User"]):
    """Finds a user by mail address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this mail address."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in, shown by office. The mail address is the sign-in name."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="id", choices=[("id", "id"), ("en", "en")])
    has_letter_keys = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A role at a place. Ended, never deleted: the auditor sees who could do what when."""

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    region = models.ForeignKey("people.Region", null=True, on_delete=models.PROTECT)
    agency = models.ForeignKey("people.Agency", null=True, blank=True, on_delete=models.PROTECT)
    # Plain id: rounds stand above people.
    round_id = models.BigIntegerField(null=True, blank=True)
    capabilities = models.JSONField(default=list)
    is_acting = models.BooleanField(_("pelaksana tugas"), default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        indexes = [models.Index(fields=["region", "role"]), models.Index(fields=["agency"])]
        constraints = [
            models.CheckConstraint(
                name="grant_within_its_kind_of_place",
                condition=(
                    Q(role__in=["operator", "agency_head"], agency__isnull=False)
                    | Q(
                        role__in=["coordinator", "executive", "auditor"],
                        region__isnull=False,
                        agency__isnull=True,
                    )
                    | Q(role="assessor", round_id__isnull=False)
                    | Q(role="programme_admin", agency__isnull=True)
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} @ {self.agency or self.region or self.round_id}"

    @property
    def place(self) -> Place:
        """Where the grant holds."""
        return Place(self.region_id or "ID", self.agency_id, self.round_id)

    def holds_on(self, day: date) -> bool:
        """Whether the role is in force on a day (of its region)."""
        return self.ended_at is None and self.since <= day and bool(in_force([self.value], day))

    @property
    def value(self) -> GrantValue:
        """The grant as the rules know it."""
        return GrantValue(
            role=Role(self.role),
            region=self.region_id,
            agency=self.agency_id,
            round_id=self.round_id,
            capabilities=frozenset(Capability(name) for name in self.capabilities),
            until=self.until,
        )


class ApiToken(models.Model):
    """A bearer token of a person, kept as a hash; carries the person's grants."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class SetupToken(models.Model):
    """The one-time token with which the first coordinator is created; the console shows it."""

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"setup {self.created_at:%Y-%m-%d}"
