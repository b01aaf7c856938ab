"""Changing agencies: added, renamed, merged. Their past stays findable."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from bukti.areas.ledger.commands import append
from bukti.areas.people import queries
from bukti.areas.people.models import Agency, FormerName, Region
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import Action, Actor, Place, require


@transaction.atomic
def add_agency(actor: Actor, region_code: str, *, code: str, name: str, short_name: str) -> Agency:
    """Open an agency in the region. Refused: AGENCY_NAME_TAKEN."""
    region = Region.objects.select_for_update(of=("self",)).get(pk=region_code)
    require(actor, Action.MANAGE_AGENCIES, Place(region.code))

    # A code is for ever, a name only while the agency stands.
    if Agency.objects.filter(region=region, code=code).exists():
        raise Refused(Reason.AGENCY_NAME_TAKEN, name=short_name)
    _name_is_free(region, name)

    agency = Agency.objects.create(
        region=region,
        code=code,
        name=name,
        short_name=short_name,
        since=region.today(timezone.now()),
    )

    append(actor, "agency.added", agency)
    return agency


def _name_is_free(region: Region, name: str, *, besides: int = 0) -> None:
    taken = Agency.objects.filter(region=region, until__isnull=True, name__iexact=name)
    if taken.exclude(pk=besides).exists():
        raise Refused(Reason.AGENCY_NAME_TAKEN, name=name)


@transaction.atomic
def rename_agency(
    actor: Actor, agency_id: int, *, name: str, short_name: str, since: date
) -> Agency:
    """Give an agency a new name from a date; the old one stays findable.

    Refused: AGENCY_CLOSED, AGENCY_NAME_TAKEN (also by itself), DAY_NOT_YET.
    """
    agency = queries.locked_agency(actor, agency_id)
    require(actor, Action.MANAGE_AGENCIES, agency.place)

    _stands(agency)
    _has_come(agency.region, since)
    is_same = (agency.name, agency.short_name) == (name, short_name)
    _name_is_free(agency.region, name, besides=0 if is_same else agency.pk)

    FormerName.objects.create(
        agency=agency, name=agency.name, short_name=agency.short_name, until=since
    )
    agency.name, agency.short_name = name, short_name
    agency.save(update_fields=["name", "short_name"])

    append(actor, "agency.renamed", agency, since=since.isoformat())
    return agency


@transaction.atomic
def merge_agency(actor: Actor, agency_id: int, *, successor_id: int, until: date) -> Agency:
    """Close an agency into its successor; its history stays under its old name.

    Its people and questions are moved by whoever decides where they go.
    Refused: AGENCY_NOT_HERE, AGENCY_CLOSED, DAY_NOT_YET.
    """
    # In one order, so that two merges the other way round do not wait for each other.
    locked = {pk: queries.locked_agency(actor, pk) for pk in sorted({agency_id, successor_id})}
    agency, successor = locked[agency_id], locked[successor_id]
    require(actor, Action.MANAGE_AGENCIES, agency.place)

    if successor.region_id != agency.region_id or successor.pk == agency.pk:
        raise Refused(Reason.AGENCY_NOT_HERE, agency=successor.name)
    _stands(agency)
    _stands(successor)
    _has_come(agency.region, until)

    agency.until, agency.successor = until, successor
    agency.save(update_fields=["until", "successor"])

    append(actor, "agency.merged", agency, successor=successor.pk, until=until.isoformat())
    return agency


def _stands(agency: Agency) -> None:
    if not agency.is_open:
        raise Refused(Reason.AGENCY_CLOSED, agency=agency.name)


def _has_come(region: Region, day: date) -> None:
    if day > region.today(timezone.now()):
        raise Refused(Reason.DAY_NOT_YET)
