"""Reading people: who acts, which agencies and users an actor sees."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ExpressionWrapper, F, Prefetch, Q, QuerySet
from django.utils import timezone

from bukti.areas.people.models import Agency, ApiToken, Grant, Region, SetupToken, User
from bukti.rules.permissions import (
    WITHIN_REGION,
    Action,
    Actor,
    Place,
    Role,
    may,
    require,
)
from bukti.rules.permissions import Grant as GrantValue


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which people to show; what is empty does not narrow."""

    text: str = ""
    role: str = ""
    agency: int | None = None
    state: str = ""


def actor_of(user: User, now: datetime) -> Actor:
    """The user as the rules know them, with the grants in force at this moment (one query)."""
    name = f"user:{user.pk}"
    if not user.is_active:
        return Actor(name=name, user_id=user.pk)
    grants = Grant.objects.select_related("region").filter(user=user, ended_at__isnull=True)
    return Actor(
        name=name,
        user_id=user.pk,
        grants=frozenset(grant.value for grant in grants if grant.holds_on(_day_of(grant, now))),
    )


def _day_of(grant: Grant, now: datetime) -> date:
    return grant.region.today(now) if grant.region else timezone.localdate(now)


def actor_of_token(token: str, now: datetime) -> tuple[User, Actor] | None:
    """The person behind a bearer token, or None when it is unknown, revoked or over."""
    found = (
        ApiToken.objects.select_related("user")
        .filter(
            digest=digest_of(token),
            revoked_at__isnull=True,
            expires_at__gt=now,
            user__is_active=True,
        )
        .first()
    )
    return (found.user, actor_of(found.user, now)) if found else None


def digest_of(token: str) -> str:
    """What is kept of a token. It is long and random, so a plain hash is enough."""
    return sha256(token.encode()).hexdigest()


def home_region(actor: Actor) -> str | None:
    """The region a person works for, if any: of an office first, else none."""
    return next((grant.region for grant in sorted_grants(actor) if grant.region), None)


def sorted_grants(actor: Actor) -> list[GrantValue]:
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


def managed_region(actor: Actor, code: str, action: Action) -> Region:
    """The region, for a page on which the actor changes something there; or Denied."""
    require(actor, action, Place(code))
    return region(code)


def agencies_visible_to(actor: Actor) -> QuerySet[Agency]:
    """The agencies of the regions an actor belongs to."""
    regions = {grant.region for grant in actor.grants if grant.region}
    return Agency.objects.filter(region__in=regions)


def agency_list(actor: Actor, region_code: str) -> QuerySet[Agency]:
    """Agencies of a region that the actor may see, open ones first, by name."""
    return (
        agencies_visible_to(actor)
        .filter(region=region_code)
        .order_by(F("until").asc(nulls_first=True), "name")
    )


def open_agencies(actor: Actor, region_code: str) -> QuerySet[Agency]:
    """The agencies of a region that exist today."""
    return agency_list(actor, region_code).filter(until__isnull=True).order_by("name")


def agency_register(actor: Actor, region_code: str) -> QuerySet[Agency]:
    """Agencies with names and successor; today's people: `grants_now`, `heads_now`."""
    require(actor, Action.READ_PEOPLE, Place(region_code))
    people = _grants_now(region_code).filter(user__is_active=True).order_by("role", "pk")
    return (
        agency_list(actor, region_code)
        .select_related("successor")
        .prefetch_related(
            "former_names",
            "predecessors",
            Prefetch("grant_set", queryset=people, to_attr="grants_now"),
            Prefetch("grant_set", people.filter(role=Role.AGENCY_HEAD), to_attr="heads_now"),
        )
    )


def agency_page(actor: Actor, agency_id: int, region_code: str) -> Agency:
    """One agency of the region with its names and people, or DoesNotExist."""
    return agency_register(actor, region_code).get(pk=agency_id)


def locked_agency(actor: Actor, agency_id: int) -> Agency:
    """The agency, locked for a change; outside what the actor sees it does not exist."""
    return (
        agencies_visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("region")
        .get(pk=agency_id)
    )


def _readable(actor: Actor) -> list[str]:
    return [code for code in actor.regions if may(actor, Action.READ_PEOPLE, Place(code))]


def users_visible_to(actor: Actor) -> QuerySet[User]:
    """Oneself, and who ever held a role in a region whose people the actor may read."""
    here = Grant.objects.filter(region__in=_readable(actor)).values("user")
    return User.objects.filter(Q(pk__in=here) | Q(pk=actor.user_id))


def _is_now(region_code: str) -> Q:
    today = region(region_code).today(timezone.now())
    return (
        Q(ended_at__isnull=True)
        & Q(since__lte=today)
        & (Q(until__isnull=True) | Q(until__gte=today))
    )


def _grants_now(region_code: str) -> QuerySet[Grant]:
    """The grants in force today in a region."""
    return Grant.objects.select_related("user").filter(_is_now(region_code), region=region_code)


def user_list(actor: Actor, region_code: str, wanted: UserFilter | None = None) -> QuerySet[User]:
    """The people of a region with their grants there (`grants_here`), for those who may read them.

    Each grant knows whether it `is_current`.
    """
    require(actor, Action.READ_PEOPLE, Place(region_code))
    current = ExpressionWrapper(_is_now(region_code), output_field=BooleanField())
    here = Grant.objects.select_related("agency").filter(region=region_code)
    return (
        User.objects.filter(_matching(wanted or UserFilter(), region_code))
        .order_by("-is_active", "name", "pk")
        .prefetch_related(
            Prefetch("grants", here.annotate(is_current=current), to_attr="grants_here")
        )
    )


def _matching(wanted: UserFilter, region_code: str) -> Q:
    """Who holds the wanted role or office today; without such a wish, who ever held one there."""
    if wanted.role or wanted.agency:
        grants = _grants_now(region_code)
        if wanted.role:
            grants = grants.filter(role=wanted.role)
        if wanted.agency:
            grants = grants.filter(agency=wanted.agency)
    else:
        grants = Grant.objects.filter(region=region_code)
    condition = Q(pk__in=grants.values("user"))
    if wanted.state:
        condition &= Q(is_active=wanted.state == "active")
    if wanted.text:
        condition &= Q(name__icontains=wanted.text) | Q(email__icontains=wanted.text)
    return condition


def user_page(actor: Actor, user_id: int, region_code: str) -> User:
    """One person of the region with grants, or DoesNotExist."""
    return user_list(actor, region_code).get(pk=user_id)


def user_names(actor: Actor, region_code: str) -> dict[int, str]:
    """Everybody who ever held a role in a region, by id, for those who may read its people."""
    require(actor, Action.READ_PEOPLE, Place(region_code))
    here = Grant.objects.filter(region=region_code).values("user")
    return dict(User.objects.filter(pk__in=here).values_list("pk", "name"))


def managed_user(actor: Actor, user_id: int, region_code: str) -> User:
    """One person of the region, for a page on which the actor changes something about them."""
    require(actor, Action.MANAGE_USERS, Place(region_code))
    return user_page(actor, user_id, region_code)


def managed_agency(actor: Actor, agency_id: int, region_code: str) -> Agency:
    """One agency of the region, for a page on which the actor changes it."""
    require(actor, Action.MANAGE_AGENCIES, Place(region_code))
    return agency_page(actor, agency_id, region_code)


def managed_grant(actor: Actor, grant_id: int, region_code: str) -> Grant:
    """One role held in the region, for a page on which the actor changes it."""
    require(actor, Action.MANAGE_USERS, Place(region_code))
    grants = Grant.objects.select_related("user", "agency")
    return grants.get(pk=grant_id, region=region_code)


def locked_user(actor: Actor, user_id: int) -> User:
    """The user, locked for a change."""
    return users_visible_to(actor).select_for_update(of=("self",)).get(pk=user_id)


def locked_grant(actor: Actor, grant_id: int) -> Grant:
    """The grant, locked for a change, if it holds in a region whose people the actor may read."""
    return (
        Grant.objects.select_for_update(of=("self",))
        .select_related("region", "user")
        .get(pk=grant_id, region__in=_readable(actor))
    )


def locked_self(actor: Actor) -> User:
    """The actor's own row, locked for a change."""
    return User.objects.select_for_update(of=("self",)).get(pk=actor.user_id or 0)


def own_grants(actor: Actor) -> QuerySet[Grant]:
    """The actor's own roles, past ones too, newest first."""
    return (
        Grant.objects.filter(user=actor.user_id)
        .select_related("region", "agency")
        .order_by("-since", "-pk")
    )


def tokens_of(actor: Actor) -> QuerySet[ApiToken]:
    """The actor's own tokens."""
    return ApiToken.objects.filter(user_id=actor.user_id or 0)


def officers(region_code: str, *, agencies: set[int]) -> QuerySet[User]:
    """Active operators and heads of these agencies today, to be told something."""
    return _active(_grants_now(region_code).filter(agency__in=agencies))


def holders(region_code: str, role: str) -> QuerySet[User]:
    """Active holders of a role over a whole region today."""
    return _active(_grants_now(region_code).filter(role=role))


def _active(grants: QuerySet[Grant]) -> QuerySet[User]:
    return User.objects.filter(is_active=True, pk__in=grants.values("user"))


def holds(user: User, grant: GrantValue) -> bool:
    """Whether the user has a grant of this role at this place that has not ended."""
    return (
        Grant.objects.filter(user=user, role=grant.role, region=grant.region)
        .filter(agency=grant.agency, round_id=grant.round_id, ended_at__isnull=True)
        .filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))
        .exists()
    )


def works_beyond(user: User, region_code: str) -> bool:
    """Whether the user holds a role in another region, or over a programme."""
    open_grants = Grant.objects.filter(user=user, ended_at__isnull=True)
    return (
        open_grants.filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))
        .exclude(region=region_code)
        .exists()
    )


def is_set_up() -> bool:
    """Whether anybody can sign in yet."""
    return User.objects.exists()


def setup_token_is_valid(token: str) -> bool:
    """Whether the token is the unused one that the console showed."""
    kept = SetupToken.objects.filter(digest=digest_of(token), used_at__isnull=True)
    return not is_set_up() and kept.exists()


def password_problems(password: str, *, email: str, name: str) -> list[str]:
    """What is wrong with a password for this person, in the language of the page."""
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as problems:
        return list(problems.messages)
    return []


def names(user_ids: set[int]) -> dict[int, str]:
    """Names by user id, for pages that show who did what."""
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "name"))
