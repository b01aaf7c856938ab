"""Reading rounds: which ones an actor sees, who answers what, by when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from bukti.areas.instruments import queries as instruments
from bukti.areas.ledger.models import Tree
from bukti.areas.people.models import Agency
from bukti.areas.rounds.models import Assignment, Contribution, Extension, Reopening, Round
from bukti.rules.pack import Component, Question
from bukti.rules.permissions import WITHIN_AGENCY, Action, Actor, belongs_to, require
from bukti.rules.workflow import HANDED_IN_OR_LATER, RoundState

CURRENT = Q(is_recorded=False)


def visible_to(actor: Actor) -> QuerySet[Round]:
    """Rounds of one's region; for an assessor, the rounds granted once they are handed in."""
    home = {
        grant.region
        for grant in actor.grants
        if grant.region and (grant.region in actor.regions or grant.role in WITHIN_AGENCY)
    }
    conditions = Q(region__in=list(actor.regions))
    if agency_only := home - actor.regions:
        conditions |= Q(region__in=list(agency_only)) & ~Q(state=RoundState.PREPARATION)
    if actor.rounds:
        conflicts = [region for region in home if belongs_to(actor, region)]
        granted = Q(pk__in=list(actor.rounds), state__in=HANDED_IN_OR_LATER)
        conditions |= granted & ~Q(region__in=conflicts)
    return Round.objects.filter(conditions)


def round_page(actor: Actor, round_id: int) -> Round:
    """One round with region and instrument, or DoesNotExist."""
    return (
        visible_to(actor)
        .select_related("region", "instrument", "previous")
        .defer("instrument__document", "previous__instrument")
        .get(pk=round_id)
    )


def revised(actor: Actor, round_id: int) -> Round:
    """The round with `revision`: how far its region's ledger reaches.

    Whatever changes in a region leaves an entry, so a page drawn at one revision is as good as a
    new one until the next. DoesNotExist outside.
    """
    size = Tree.objects.filter(pk=OuterRef("region")).values("size")
    return (
        visible_to(actor)
        .select_related("region", "instrument")
        .defer("instrument__document")
        .annotate(revision=Subquery(size))
        .get(pk=round_id)
    )


def managed(actor: Actor, round_id: int, action: Action) -> Round:
    """The round for a page on which the actor does something: DoesNotExist outside, or Denied."""
    round_ = round_page(actor, round_id)
    require(actor, action, round_.place)
    return round_


def round_list(actor: Actor) -> QuerySet[Round]:
    """The rounds an actor sees, newest first."""
    return (
        visible_to(actor)
        .select_related("region", "instrument")
        .defer("instrument__document")
        .order_by("-year", "-pk")
    )


def current_round(actor: Actor) -> Round | None:
    """The newest round that is being worked on, else the newest one, for the home page."""
    rounds = round_list(actor).filter(CURRENT)
    return rounds.exclude(state=RoundState.FINISHED).first() or rounds.first()


def locked(actor: Actor, round_id: int) -> Round:
    """The round, locked for a change."""
    return visible_to(actor).select_for_update(of=("self",)).get(pk=round_id)


def assignment_list(actor: Actor, round_id: int) -> QuerySet[Assignment]:
    """Who answers what in a visible round, in the instrument's order."""
    helpers = Contribution.objects.select_related("agency")
    return (
        Assignment.objects.filter(round__in=visible_to(actor).filter(pk=round_id))
        .select_related("agency")
        .prefetch_related(Prefetch("contributions", queryset=helpers))
    )


def contributors_of(assignment_id: int) -> frozenset[int]:
    """The agencies that help with a question."""
    return frozenset(
        Contribution.objects.filter(assignment=assignment_id).values_list("agency_id", flat=True)
    )


def deadline_of(round_: Round, agency_id: int | None) -> datetime | None:
    """Until when an agency may work: its own extension if later, else the round's date."""
    until = Extension.objects.filter(round=round_, agency=agency_id).aggregate(Max("until"))
    return later_of(round_.agency_deadline, until["until__max"])


def later_of(first: datetime | None, second: datetime | None) -> datetime | None:
    """The later of two moments; either may be missing."""
    return max((moment for moment in (first, second) if moment), default=None)


def extensions_of(round_: Round) -> dict[int, datetime]:
    """The latest extension by agency."""
    found: dict[int, datetime] = {}
    for agency, until in Extension.objects.filter(round=round_).values_list("agency_id", "until"):
        found[agency] = max(until, found.get(agency, until))
    return found


def extension_list(actor: Actor, round_id: int) -> QuerySet[Extension]:
    """Extensions of a visible round with their reasons: of the region, or of one's own agency."""
    return Extension.objects.filter(
        Q(round__region__in=list(actor.regions)) | Q(agency__in=list(actor.agencies)),
        round__in=visible_to(actor).filter(pk=round_id),
    ).select_related("agency")


def open_reopening(actor: Actor, round_id: int) -> Reopening | None:
    """The request to reopen that waits for a second person, for those of the region."""
    waiting = Reopening.objects.filter(round=round_id, confirmed_at__isnull=True)
    return waiting.filter(round__region__in=list(actor.regions)).first()


def locked_reopening(actor: Actor, reopening_id: int) -> Reopening:
    """The request, locked."""
    return (
        Reopening.objects.select_for_update(of=("self",))
        .select_related("round")
        .get(pk=reopening_id, round__in=visible_to(actor))
    )


def past_rounds(round_: Round) -> QuerySet[Round]:
    """Finished rounds of the same region before this one, newest first."""
    return (
        Round.objects.filter(region=round_.region_id, year__lt=round_.year)
        .filter(state=RoundState.FINISHED)
        .select_related("instrument")
        .order_by("-year", "-pk")
    )


def proposal(
    codes: dict[str, tuple[str, ...]], region: str
) -> dict[str, tuple[int | None, list[int]]]:
    """For each question, the agency of the region that usually leads it, and those that help."""
    agencies = {
        agency.code: agency.pk
        for agency in Agency.objects.filter(region=region, until__isnull=True)
    }
    proposed: dict[str, tuple[int | None, list[int]]] = defaultdict(lambda: (None, []))
    for code, usual in codes.items():
        known = [agencies[name] for name in usual if name in agencies]
        proposed[code] = (known[0] if known else None, known[1:])
    return proposed


#: In an address: questions without a lead, or without a dimension.
NOBODYS = "-"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which questions of the assignment table to show; what is empty does not narrow."""

    code: str = ""
    component: str = ""
    dimension: str = ""
    agency: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.code or self.component or self.dimension or self.agency)

    def takes(self, assignment: Assignment, question: Question) -> bool:
        """Whether the question is shown; a helping agency finds its questions too."""
        helpers = {str(helper.agency_id) for helper in assignment.contributions.all()}
        return (
            self.code in ("", question.code)
            and self.component in ("", question.component)
            and self.dimension in ("", question.dimension or NOBODYS)
            and self.agency in {"", str(assignment.agency_id or NOBODYS), *helpers}
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with who answers it."""

    question: Question
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class AskedPart:
    """The questions of one component that are shown."""

    component: Component
    rows: tuple[Asked, ...]


def assignment_table(actor: Actor, round_: Round, wanted: Narrowing) -> tuple[AskedPart, ...]:
    """Who answers what, by component, narrowed (two queries)."""
    pack = instruments.pack_frozen_as(round_.instrument.sha256)
    found = {assignment.code: assignment for assignment in assignment_list(actor, round_.pk)}
    parts = []
    for component in pack.components:
        rows = tuple(
            Asked(question, found[question.code])
            for question in pack.questions_of(component.key)
            if question.code in found and wanted.takes(found[question.code], question)
        )
        if rows:
            parts.append(AskedPart(component, rows))
    return tuple(parts)


def unassigned(actor: Actor, round_id: int) -> int:
    """How many questions of a visible round nobody leads yet."""
    return assignment_list(actor, round_id).filter(agency__isnull=True).count()
