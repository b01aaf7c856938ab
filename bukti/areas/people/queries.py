"""Reading people: who acts, which agencies and users an actor sees."""

from datetime import date, datetime
from hashlib import sha256

from django.db.models import Prefetch, Q, QuerySet

from bukti.areas.people.models import Agency, ApiToken, Grant, Region, SetupToken, User
from bukti.rules.permissions import (
    WITHIN_REGION,
    Action,
    Actor,
    Place,
    in_force,
    may,
    require,
)


def actor_of(user: User, today: date) -> Actor:
    """The user as the rules know them, with the grants in force today (one query)."""
    if not user.is_active:
        return Actor(name=f"user:{user.pk}", user_id=user.pk)
    grants = Grant.objects.filter(user=user, ended_at__isnull=True, since__lte=today)
    return Actor(
        name=f"user:{user.pk}",
        user_id=user.pk,
        grants=in_force((grant.value for grant in grants), today),
    )


def actor_of_token(token: str, now: datetime) -> tuple[User, Actor] | None:
    """The person behind a bearer token, or None when it is unknown, revoked or over."""
    found = (
        ApiToken.objects.select_related("user")
        .filter(
            digest=sha256(token.encode()).hexdigest(),
            revoked_at__isnull=True,
            expires_at__gt=now,
            user__is_active=True,
        )
        .first()
    )
    return (found.user, actor_of(found.user, now.date())) if found else None


def home_region(actor: Actor) -> str | None:
    """The region a person works for, if any: of an office first, else none."""
    return next((grant.region for grant in sorted_grants(actor) if grant.region), None)


def sorted_grants(actor: Actor) -> list:  # type: ignore[type-arg]
    """Grants over regions first, then agencies, in a stable order."""
    return sorted(
        actor.grants,
        key=lambda grant: (grant.role not in WITHIN_REGION, grant.region or "", grant.agency or 0),
    )


def region(code: str) -> Region:
    """The region with this code; regions are public knowledge."""
    return Region.objects.get(pk=code)


def region_list() -> QuerySet[Region]:
    """All regions, by code."""
    return Region.objects.all()


def agencies_visible_to(actor: Actor) -> QuerySet[Agency]:
    """The agencies of the regions an actor belongs to."""
    regions = {grant.region for grant in actor.grants if grant.region}
    return Agency.objects.filter(region__in=regions)


def agency_list(actor: Actor, region_code: str) -> QuerySet[Agency]:
    """Agencies of a region that the actor may see, open ones first, by name."""
    return agencies_visible_to(actor).filter(region=region_code).order_by("until", "name")


def open_agencies(actor: Actor, region_code: str) -> QuerySet[Agency]:
    """The agencies of a region that exist today."""
    return agency_list(actor, region_code).filter(until__isnull=True).order_by("name")


def locked_agency(actor: Actor, agency_id: int) -> Agency:
    """The agency, locked for a change; outside what the actor sees it does not exist."""
    return agencies_visible_to(actor).select_for_update(of=("self",)).get(pk=agency_id)


def users_visible_to(actor: Actor) -> QuerySet[User]:
    """People with a grant, past or present, in a region whose people the actor may read."""
    regions = [code for code in actor.regions if may(actor, Action.READ_PEOPLE, Place(code))]
    return User.objects.filter(
        Q(grants__region__in=regions) | Q(grants__agency__region__in=regions) | Q(pk=actor.user_id)
    ).distinct()


def user_list(actor: Actor, region_code: str) -> QuerySet[User]:
    """The people of a region with their grants there, for coordinator and auditor."""
    require(actor, Action.READ_PEOPLE, Place(region_code))
    grants = Grant.objects.select_related("agency").filter(region=region_code)
    return (
        users_visible_to(actor)
        .filter(grants__region=region_code)
        .prefetch_related(Prefetch("grants", queryset=grants, to_attr="grants_here"))
    )


def user_page(actor: Actor, user_id: int, region_code: str) -> User:
    """One person of the region with grants, or DoesNotExist."""
    return user_list(actor, region_code).get(pk=user_id)


def locked_user(actor: Actor, user_id: int) -> User:
    """The user, locked for a change."""
    visible = users_visible_to(actor).filter(pk=user_id).values("pk")
    return User.objects.select_for_update(of=("self",)).get(pk__in=visible)


def locked_grant(actor: Actor, grant_id: int) -> Grant:
    """The grant, locked for a change, if its holder is visible."""
    return (
        Grant.objects.select_for_update(of=("self",))
        .filter(user__in=users_visible_to(actor).values("pk"))
        .get(pk=grant_id)
    )


def tokens_of(actor: Actor) -> QuerySet[ApiToken]:
    """The actor's own tokens."""
    return ApiToken.objects.filter(user_id=actor.user_id)


def officers(region_code: str, *, agencies: set[int]) -> QuerySet[User]:
    """Active operators and heads of these agencies, to be told something."""
    return User.objects.filter(
        is_active=True,
        grants__region=region_code,
        grants__agency__in=agencies,
        grants__ended_at__isnull=True,
    ).distinct()


def holders(region_code: str, role: str) -> QuerySet[User]:
    """Active holders of a role over a whole region."""
    return User.objects.filter(
        is_active=True,
        grants__region=region_code,
        grants__role=role,
        grants__ended_at__isnull=True,
    ).distinct()


def is_set_up() -> bool:
    """Whether anybody can sign in yet."""
    return User.objects.exists()


def setup_token_is_valid(token: str) -> bool:
    """Whether the token is the unused one that the console showed."""
    digest = sha256(token.encode()).hexdigest()
    return not is_set_up() and SetupToken.objects.filter(
        digest=digest, used_at__isnull=True
    ).exists()


def names(user_ids: set[int]) -> dict[int, str]:
    """Names by user id, for pages that show who did what."""
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "name"))
