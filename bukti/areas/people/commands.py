"""Changing people: users, their grants and tokens, and the set-up. Agencies: `agencies.py`."""

import secrets
from dataclasses import replace
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from bukti.areas.ledger.commands import append
from bukti.areas.people import jobs, queries
from bukti.areas.people.agencies import add_agency, merge_agency, rename_agency
from bukti.areas.people.models import ApiToken, Grant, Region, SetupToken, User
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
from bukti.rules.permissions import Grant as GrantValue

__all__ = ["add_agency", "merge_agency", "rename_agency"]  # people's commands, kept beside

TOKEN_LIFE = timedelta(days=365)
#: Roles that check the coordinator's work: nobody gives them to themselves.
CHECKING = frozenset({Role.EXECUTIVE, Role.AUDITOR})


@transaction.atomic
def invite_user(
    actor: Actor, region_code: str, *, email: str, name: str, role: Role, agency_id: int | None
) -> User:
    """Create a person with a first grant and mail the link that sets the password.

    Who has an account in another region gets the role there and a mail that says so: the answer
    is the same, so that nobody learns from it who has an account.
    Refused: EMAIL_NOT_UNDERSTOOD, EMAIL_TAKEN, GRANT_OUTSIDE_PLACE.
    """
    region = _locked_region(region_code)
    require(actor, Action.MANAGE_USERS, Place(region.code))

    wanted = GrantValue(role, region.code, agency_id)
    _fits(actor, wanted)
    user = _person(email, name)
    if Grant.objects.filter(user=user, region=region).exists():
        raise Refused(Reason.EMAIL_TAKEN, email=user.email)

    grant = _give(user, wanted, since=region.today(timezone.now()))
    jobs.mail_invitation.enqueue(user.pk)

    append(actor, "user.invited", user, region=region.code, role=role, grant=grant.pk)
    return user


@transaction.atomic
def invite_assessor(actor: Actor, place: Place, *, email: str, name: str) -> User:
    """Let a person, new or known, assess one round, and mail the link that leads in.

    `place` is the round's own, so that a grant never names a round of another region.
    Refused: EMAIL_NOT_UNDERSTOOD, OWN_REGION, GRANT_HELD.
    """
    region = _locked_region(place.region)
    require(actor, Action.MANAGE_USERS, place)

    now = timezone.now()
    user = _person(email, name)
    if belongs_to(queries.actor_of(user, now), region.code):
        raise Refused(Reason.OWN_REGION, user=user.name)
    wanted = GrantValue(Role.ASSESSOR, region.code, round_id=place.round_id)
    _is_not_held(user, wanted)

    grant = _give(user, wanted, since=region.today(now))
    jobs.mail_invitation.enqueue(user.pk)

    append(actor, "user.invited", user, region=region.code, role=Role.ASSESSOR, grant=grant.pk)
    return user


@transaction.atomic
def invite_again(actor: Actor, user_id: int, region_code: str) -> User:
    """Mail the link once more, for whom the first mail did not reach."""
    user = queries.locked_user(actor, user_id)
    require(actor, Action.MANAGE_USERS, Place(region_code))

    jobs.mail_invitation.enqueue(user.pk)

    append(actor, "user.invited", user, region=region_code)
    return user


def _locked_region(code: str) -> Region:
    """The region's row: what must not happen twice at once in a region waits here."""
    return Region.objects.select_for_update(of=("self",)).get(pk=code)


def _person(email: str, name: str) -> User:
    """The person with this address, created without a password if there is none."""
    user, _ = User.objects.get_or_create(
        email__iexact=(address := _address(email)),
        defaults={"email": address, "name": name, "password": make_password(None)},
    )
    return user


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(Reason.EMAIL_NOT_UNDERSTOOD, email=email) from None
    return address


def _fits(actor: Actor, wanted: GrantValue) -> None:
    """A role over the region names no agency; one within an agency, one that stands there."""
    if wanted.role in WITHIN_REGION:
        fits = wanted.agency is None
    else:
        agencies = queries.open_agencies(actor, wanted.region or "")
        fits = wanted.role in WITHIN_AGENCY and agencies.filter(pk=wanted.agency or 0).exists()
    if not fits:
        raise Refused(Reason.GRANT_OUTSIDE_PLACE, role=wanted.role)


def _is_not_held(user: User, wanted: GrantValue) -> None:
    if queries.holds(user, wanted):
        raise Refused(Reason.GRANT_HELD, user=user.name)


def _give(user: User, value: GrantValue, *, since: date) -> Grant:
    return Grant.objects.create(
        user=user,
        role=value.role,
        region_id=value.region,
        agency_id=value.agency,
        round_id=value.round_id,
        capabilities=sorted(value.capabilities),
        is_acting=value.role is Role.AGENCY_HEAD and value.until is not None,
        since=since,
        until=value.until,
    )


@transaction.atomic
def give_grant(
    actor: Actor, user_id: int, wanted: GrantValue, *, since: date | None = None
) -> Grant:
    """Give a person a role, from today or a later day, for good or until a date.

    An agency head until a date is an acting one. Refused: GRANT_OUTSIDE_PLACE, GRANT_HELD,
    DATES_NOT_POSSIBLE, SECOND_PERSON_NEEDED.
    """
    user = queries.locked_user(actor, user_id)
    region = _locked_region(wanted.region or "")
    require(actor, Action.MANAGE_USERS, Place(region.code))

    if user.pk == actor.user_id and wanted.role in CHECKING:
        raise Refused(Reason.SECOND_PERSON_NEEDED)
    _fits(actor, wanted)
    _is_not_held(user, wanted)
    today = region.today(timezone.now())
    first = since or today
    if first < today or (wanted.until and wanted.until < first):
        raise Refused(Reason.DATES_NOT_POSSIBLE)

    grant = _give(user, wanted, since=first)

    append(actor, "grant.given", grant, region=region.code, role=wanted.role, user=user.pk)
    return grant


@transaction.atomic
def end_grant(actor: Actor, grant_id: int) -> Grant:
    """End a role now; the next request is refused. Once ended it stays as it was.

    Refused: LAST_COORDINATOR, GRANT_ENDED.
    """
    grant = queries.locked_grant(actor, grant_id)
    require(actor, Action.MANAGE_USERS, Place(grant.region_id or ""))

    _has_not_ended(grant)
    _another_coordinator_stays(grant.user, grant.region_id or "", ending=grant)

    grant.ended_at = timezone.now()
    grant.save(update_fields=["ended_at"])

    append(actor, "grant.ended", grant, region=grant.region_id, user=grant.user_id)
    return grant


def _has_not_ended(grant: Grant) -> None:
    if grant.ended_at is not None:
        raise Refused(Reason.GRANT_ENDED)


def _another_coordinator_stays(
    user: User, region_code: str, *, ending: Grant | None = None
) -> None:
    """Refuse what would leave the region without a coordinator; two at once wait for each other."""
    _locked_region(region_code)
    if ending is not None and ending.role != Role.COORDINATOR:
        return
    coordinators = queries.holders(region_code, Role.COORDINATOR)
    if coordinators.filter(pk=user.pk).exists() and not coordinators.exclude(pk=user.pk).exists():
        raise Refused(Reason.LAST_COORDINATOR)


@transaction.atomic
def move_user(actor: Actor, grant_id: int, *, agency_id: int) -> Grant:
    """Move an operator or head to another agency: the old role ends, the same begins there.

    Refused: GRANT_ENDED, GRANT_OUTSIDE_PLACE, GRANT_HELD.
    """
    old = queries.locked_grant(actor, grant_id)
    require(actor, Action.MANAGE_USERS, Place(old.region_id or ""))

    _has_not_ended(old)
    wanted = replace(old.value, agency=agency_id)
    _fits(actor, wanted)
    _is_not_held(old.user, wanted)

    now = timezone.now()
    old.ended_at = now
    old.save(update_fields=["ended_at"])
    today = _locked_region(old.region_id or "").today(now)
    new = _give(old.user, wanted, since=max(today, old.since))

    append(actor, "grant.moved", new, region=old.region_id, user=old.user_id, ended=old.pk)
    return new


@transaction.atomic
def disable_user(actor: Actor, user_id: int, region_code: str) -> User:
    """Close an account: its sessions and tokens end with the next request.

    Refused: WORKS_ELSEWHERE, LAST_COORDINATOR.
    """
    user = queries.locked_user(actor, user_id)
    require(actor, Action.MANAGE_USERS, Place(region_code))

    _works_only_here(user, region_code)
    _another_coordinator_stays(user, region_code)

    user.is_active = False
    user.save(update_fields=["is_active"])

    append(actor, "user.disabled", user, region=region_code)
    return user


@transaction.atomic
def enable_user(actor: Actor, user_id: int, region_code: str) -> User:
    """Open a closed account again. Refused: WORKS_ELSEWHERE."""
    user = queries.locked_user(actor, user_id)
    require(actor, Action.MANAGE_USERS, Place(region_code))

    _works_only_here(user, region_code)

    user.is_active = True
    user.save(update_fields=["is_active"])

    append(actor, "user.enabled", user, region=region_code)
    return user


def _works_only_here(user: User, region_code: str) -> None:
    if queries.works_beyond(user, region_code):
        raise Refused(Reason.WORKS_ELSEWHERE, user=user.name)


@transaction.atomic
def issue_token(actor: Actor, region_code: str, *, name: str) -> tuple[ApiToken, str]:
    """A new API token; its text is returned once and kept only as a hash."""
    user = queries.locked_self(actor)
    require(actor, Action.HOLD_TOKEN, Place(region_code))

    text = f"bukti_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=queries.digest_of(text),
        expires_at=timezone.now() + TOKEN_LIFE,
    )

    append(actor, "token.issued", token, region=region_code)
    return token, text


@transaction.atomic
def revoke_token(actor: Actor, token_id: int, region_code: str) -> ApiToken:
    """End a token of one's own; a second time changes nothing."""
    token = queries.tokens_of(actor).select_for_update(of=("self",)).get(pk=token_id)
    require(actor, Action.HOLD_TOKEN, Place(region_code))

    if token.revoked_at is not None:
        return token

    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])

    append(actor, "token.revoked", token, region=region_code)
    return token


@transaction.atomic
def change_preferences(actor: Actor, *, language: str, letter_keys: str) -> User:
    """A person's own language and letter keys; nobody else's business, so not in the ledger."""
    user = queries.locked_self(actor)
    user.language = language
    user.has_letter_keys = letter_keys == "on"
    user.save(update_fields=["language", "has_letter_keys"])
    return user


def ask_password_reset(email: str) -> None:
    """Mail a link if the address has an account; the answer and its time are the same if not."""
    jobs.mail_password_reset.enqueue(email.strip().lower())


@transaction.atomic
def make_setup_token(actor: Actor) -> str:
    """A fresh one-time token for the first coordinator; older ones lapse. Refused: SETUP_DONE."""
    require(actor, Action.SET_UP, Place("ID"))

    if queries.is_set_up():
        raise Refused(Reason.SETUP_DONE)

    text = secrets.token_urlsafe(12)
    SetupToken.objects.filter(used_at__isnull=True).delete()
    SetupToken.objects.create(digest=queries.digest_of(text))
    return text


@transaction.atomic
def set_up(token: str, region_code: str, *, email: str, name: str, password: str) -> User:
    """The first visit: create the first coordinator. Refused: TOKEN_NOT_VALID, SETUP_DONE."""
    tokens = SetupToken.objects.select_for_update(of=("self",))
    found = tokens.filter(digest=queries.digest_of(token), used_at__isnull=True).first()
    if queries.is_set_up():
        raise Refused(Reason.SETUP_DONE)
    if found is None:
        raise Refused(Reason.TOKEN_NOT_VALID)

    user = User(email=_address(email), name=name)
    user.set_password(password)
    user.save()
    now = timezone.now()
    region = _locked_region(region_code)
    _give(user, GrantValue(Role.COORDINATOR, region.code), since=region.today(now))
    found.used_at = now
    found.save(update_fields=["used_at"])

    append(Actor(name=f"user:{user.pk}", user_id=user.pk), "user.joined", user, region=region_code)
    return user
