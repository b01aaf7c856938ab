"""Changing people: agencies, users, grants, tokens."""

import secrets
from datetime import date, timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from bukti.areas.ledger.commands import append
from bukti.areas.people import jobs, queries
from bukti.areas.people.models import (
    Agency,
    ApiToken,
    FormerName,
    Grant,
    Region,
    SetupToken,
    User,
)
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import (
    WITHIN_AGENCY,
    WITHIN_REGION,
    Action,
    Actor,
    Place,
    Role,
    belongs_to,
    require,
)

TOKEN_LIFE = timedelta(days=365)


@transaction.atomic
def add_agency(actor: Actor, region_code: str, *, code: str, name: str, short_name: str) -> Agency:
    """Open an agency in the region. Refused: AGENCY_NAME_TAKEN."""
    region = Region.objects.select_for_update(of=("self",)).get(pk=region_code)
    require(actor, Action.MANAGE_AGENCIES, Place(region.code))

    _name_is_free(region.code, code, name)

    agency = Agency.objects.create(
        region=region, code=code, name=name, short_name=short_name, since=timezone.localdate()
    )

    append(actor, "agency.added", agency)
    return agency


def _name_is_free(region_code: str, code: str, name: str) -> None:
    taken = Agency.objects.filter(region=region_code, until__isnull=True)
    if taken.filter(name=name).exists() or taken.filter(code=code).exists():
        raise Refused(Reason.AGENCY_NAME_TAKEN, name=name)


@transaction.atomic
def rename_agency(
    actor: Actor, agency_id: int, *, name: str, short_name: str, since: date
) -> Agency:
    """Give an agency a new name from a date; the old one stays findable."""
    agency = queries.locked_agency(actor, agency_id)
    require(actor, Action.MANAGE_AGENCIES, agency.place)

    if not agency.is_open:
        raise Refused(Reason.AGENCY_CLOSED, agency=agency.name)
    clash = Agency.objects.filter(region=agency.region_id, until__isnull=True, name=name)
    if clash.exclude(pk=agency.pk).exists():
        raise Refused(Reason.AGENCY_NAME_TAKEN, name=name)

    FormerName.objects.create(
        agency=agency, name=agency.name, short_name=agency.short_name, until=since
    )
    agency.name, agency.short_name = name, short_name
    agency.save(update_fields=["name", "short_name"])

    append(actor, "agency.renamed", agency, since=since.isoformat())
    return agency


@transaction.atomic
def merge_agency(actor: Actor, agency_id: int, *, successor_id: int, until: date) -> Agency:
    """Close an agency into its successor; its history stays under its old name."""
    agency = queries.locked_agency(actor, agency_id)
    require(actor, Action.MANAGE_AGENCIES, agency.place)

    successor = queries.locked_agency(actor, successor_id)
    if successor.region_id != agency.region_id or successor.pk == agency.pk:
        raise Refused(Reason.AGENCY_NOT_HERE, agency=successor.name)
    if not (successor.is_open and agency.is_open):
        raise Refused(Reason.AGENCY_CLOSED, agency=agency.name)

    agency.until, agency.successor = until, successor
    agency.save(update_fields=["until", "successor"])

    append(actor, "agency.merged", agency, successor=successor.pk, until=until.isoformat())
    return agency


@transaction.atomic
def invite_user(
    actor: Actor, region_code: str, *, email: str, name: str, role: Role, agency_id: int | None
) -> User:
    """Create a person with a first grant and mail the link that sets the password.

    Refused: EMAIL_NOT_UNDERSTOOD, EMAIL_TAKEN, GRANT_OUTSIDE_PLACE.
    """
    region = Region.objects.select_for_update(of=("self",)).get(pk=region_code)
    require(actor, Action.MANAGE_USERS, Place(region.code))

    address = _free_address(email)
    agency = _agency_for(actor, region.code, role, agency_id)

    user = User(email=address, name=name)
    user.set_unusable_password()
    user.save()
    grant = Grant.objects.create(
        user=user, role=role, region=region, agency=agency, since=timezone.localdate()
    )
    jobs.mail_invitation.enqueue(user.pk)

    append(actor, "user.invited", user, region=region.code, role=role, grant=grant.pk)
    return user


def _free_address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(Reason.EMAIL_NOT_UNDERSTOOD, email=email) from None
    if User.objects.filter(email__iexact=address).exists():
        raise Refused(Reason.EMAIL_TAKEN, email=address)
    return address


def _agency_for(actor: Actor, region: str, role: Role, agency_id: int | None) -> Agency | None:
    """The agency a role needs, or None for a role over the region."""
    if role in WITHIN_REGION and agency_id is None:
        return None
    if role in WITHIN_AGENCY and agency_id is not None:
        agency = queries.open_agencies(actor, region).filter(pk=agency_id).first()
        if agency:
            return agency
    raise Refused(Reason.GRANT_OUTSIDE_PLACE, role=role)


@transaction.atomic
def give_grant(
    actor: Actor,
    user_id: int,
    region_code: str,
    *,
    role: Role,
    agency_id: int | None,
    until: date | None = None,
) -> Grant:
    """Give a person another role in the region, until a date or for good (an acting head: a date)."""
    user = queries.locked_user(actor, user_id)
    require(actor, Action.MANAGE_USERS, Place(region_code))

    agency = _agency_for(actor, region_code, role, agency_id)

    grant = Grant.objects.create(
        user=user,
        role=role,
        region_id=region_code,
        agency=agency,
        since=timezone.localdate(),
        until=until,
        is_acting=role is Role.AGENCY_HEAD and until is not None,
    )

    append(actor, "grant.given", grant, region=region_code, role=role, user=user.pk)
    return grant


@transaction.atomic
def give_assessor_grant(
    actor: Actor, user_id: int, region_code: str, *, round_id: int, until: date | None
) -> Grant:
    """Let a person assess one round. Refused for people who hold an office of the region."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id, is_active=True)
    require(actor, Action.MANAGE_USERS, Place(region_code))

    if belongs_to(queries.actor_of(user, timezone.localdate()), region_code):
        raise Refused(Reason.OWN_REGION, user=user.name)

    grant = Grant.objects.create(
        user=user,
        role=Role.ASSESSOR,
        region_id=region_code,
        round_id=round_id,
        since=timezone.localdate(),
        until=until,
    )

    append(actor, "grant.given", grant, region=region_code, role=grant.role, user=user.pk)
    return grant


@transaction.atomic
def invite_assessor(
    actor: Actor, region_code: str, *, email: str, name: str, round_id: int
) -> User:
    """Create an assessor for one round of the region and mail the link that sets the password."""
    region = Region.objects.select_for_update(of=("self",)).get(pk=region_code)
    require(actor, Action.MANAGE_USERS, Place(region.code))

    address = _free_address(email)

    user = User(email=address, name=name)
    user.set_unusable_password()
    user.save()
    grant = Grant.objects.create(
        user=user,
        role=Role.ASSESSOR,
        region=region,
        round_id=round_id,
        since=timezone.localdate(),
    )
    jobs.mail_invitation.enqueue(user.pk)

    append(actor, "user.invited", user, region=region.code, role=grant.role, grant=grant.pk)
    return user


@transaction.atomic
def end_grant(actor: Actor, grant_id: int) -> Grant:
    """End a role now; the next request is refused. Refused: LAST_COORDINATOR."""
    grant = queries.locked_grant(actor, grant_id)
    require(actor, Action.MANAGE_USERS, Place(grant.region_id or "ID"))

    if grant.role == Role.COORDINATOR and _is_last_coordinator(grant):
        raise Refused(Reason.LAST_COORDINATOR)

    grant.ended_at = timezone.now()
    grant.save(update_fields=["ended_at"])

    append(actor, "grant.ended", grant, region=grant.region_id, user=grant.user_id)
    return grant


def _is_last_coordinator(grant: Grant) -> bool:
    others = queries.holders(grant.region_id or "", Role.COORDINATOR).exclude(pk=grant.user_id)
    return not others.exists()


@transaction.atomic
def disable_user(actor: Actor, user_id: int, region_code: str) -> User:
    """Close an account: its sessions and tokens end with the next request."""
    user = queries.locked_user(actor, user_id)
    require(actor, Action.MANAGE_USERS, Place(region_code))

    coordinators = queries.holders(region_code, Role.COORDINATOR)
    if coordinators.filter(pk=user.pk).exists() and coordinators.count() == 1:
        raise Refused(Reason.LAST_COORDINATOR)

    user.is_active = False
    user.save(update_fields=["is_active"])

    append(actor, "user.disabled", user, region=region_code)
    return user


@transaction.atomic
def enable_user(actor: Actor, user_id: int, region_code: str) -> User:
    """Open a closed account again."""
    user = queries.locked_user(actor, user_id)
    require(actor, Action.MANAGE_USERS, Place(region_code))

    user.is_active = True
    user.save(update_fields=["is_active"])

    append(actor, "user.enabled", user, region=region_code)
    return user


@transaction.atomic
def move_user(actor: Actor, grant_id: int, *, agency_id: int) -> Grant:
    """Move an operator or head to another agency: the old role ends, the new one begins."""
    old = queries.locked_grant(actor, grant_id)
    require(actor, Action.MANAGE_USERS, Place(old.region_id or "ID"))

    agency = _agency_for(actor, old.region_id or "", Role(old.role), agency_id)

    now = timezone.now()
    old.ended_at = now
    old.save(update_fields=["ended_at"])
    new = Grant.objects.create(
        user_id=old.user_id, role=old.role, region_id=old.region_id, agency=agency, since=now.date()
    )

    append(actor, "grant.moved", new, region=old.region_id, user=old.user_id, ended=old.pk)
    return new


@transaction.atomic
def issue_token(actor: Actor, region_code: str, *, name: str) -> tuple[ApiToken, str]:
    """A new API token; its text is returned once and kept only as a hash."""
    user = User.objects.select_for_update(of=("self",)).get(pk=actor.user_id)
    agency = min(actor.agencies, default=None)
    require(actor, Action.HOLD_TOKEN, Place(region_code, agency))

    text = f"bukti_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=sha256(text.encode()).hexdigest(),
        expires_at=timezone.now() + TOKEN_LIFE,
    )

    append(actor, "token.issued", token, region=region_code)
    return token, text


@transaction.atomic
def revoke_token(actor: Actor, token_id: int, region_code: str) -> ApiToken:
    """End a token of one's own."""
    token = queries.tokens_of(actor).select_for_update(of=("self",)).get(pk=token_id)
    require(actor, Action.HOLD_TOKEN, Place(region_code, min(actor.agencies, default=None)))

    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])

    append(actor, "token.revoked", token, region=region_code)
    return token


@transaction.atomic
def change_preferences(actor: Actor, *, language: str, letter_keys: str) -> User:
    """A person's own language and letter keys; nobody else's business, so not in the ledger."""
    user = User.objects.select_for_update(of=("self",)).get(pk=actor.user_id)
    user.language = language
    user.has_letter_keys = letter_keys == "on"
    user.save(update_fields=["language", "has_letter_keys"])
    return user


@transaction.atomic
def make_setup_token(actor: Actor) -> str:
    """A fresh one-time token for the first coordinator; older ones lapse. Refused: SETUP_DONE."""
    require(actor, Action.SET_UP, Place("ID"))

    if queries.is_set_up():
        raise Refused(Reason.SETUP_DONE)

    text = secrets.token_urlsafe(12)
    SetupToken.objects.filter(used_at__isnull=True).delete()
    SetupToken.objects.create(digest=sha256(text.encode()).hexdigest())
    return text


@transaction.atomic
def set_up(token: str, region_code: str, *, email: str, name: str, password: str) -> User:
    """The first visit: create the first coordinator. Refused: TOKEN_NOT_VALID, SETUP_DONE."""
    found = (
        SetupToken.objects.select_for_update(of=("self",))
        .filter(digest=sha256(token.encode()).hexdigest(), used_at__isnull=True)
        .first()
    )
    if found is None:
        raise Refused(Reason.TOKEN_NOT_VALID)
    if queries.is_set_up():
        raise Refused(Reason.SETUP_DONE)

    user = User(email=_free_address(email), name=name)
    user.set_password(password)
    user.save()
    region = Region.objects.get(pk=region_code)
    Grant.objects.create(
        user=user, role=Role.COORDINATOR, region=region, since=timezone.localdate()
    )
    found.used_at = timezone.now()
    found.save(update_fields=["used_at"])

    append(Actor(name=f"user:{user.pk}", user_id=user.pk), "user.joined", user, region=region_code)
    return user
