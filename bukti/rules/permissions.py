"""The whole policy on one page: who may do what, where.

Every object belongs to one region and, in it, to one agency or none. So the whole question is
`may(actor, action, place)`, and the whole answer is the tables below. They are rendered into
`docs/reference/permissions.md`, which auditors and the council read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bukti.rules.errors import Denied


class Role(StrEnum):
    """The hats people wear; their names on screen are in `wording.words`."""

    OPERATOR = "operator"
    AGENCY_HEAD = "agency_head"
    COORDINATOR = "coordinator"
    EXECUTIVE = "executive"
    ASSESSOR = "assessor"
    PROGRAMME_ADMIN = "programme_admin"
    AUDITOR = "auditor"


class Capability(StrEnum):
    """What only some of a role may do; held on the grant beside the role."""

    PANEL_LEAD = "panel_lead"
    MEETING_SECRETARY = "meeting_secretary"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    PPID = "ppid"


class Action(StrEnum):
    """Everything a person or a machine job can do or read, as noun:verb."""

    READ_ROUND = "round:read"
    OPEN_ROUND = "round:open"
    CHANGE_ROUND = "round:change"
    ASSIGN_QUESTION = "question:assign"
    SKIP_QUESTION = "question:skip"
    EXTEND_DEADLINE = "deadline:extend"
    REMIND_AGENCY = "agency:remind"
    READ_ANSWER = "answer:read"
    READ_HISTORY = "answer:read_history"
    WRITE_ANSWER = "answer:write"
    COMMENT_ANSWER = "answer:comment"
    HAND_IN_AGENCY = "agency:hand_in"
    VERIFY_ANSWER = "answer:verify"
    PREPARE_HAND_IN = "round:prepare"
    SIGN_HAND_IN = "round:sign"
    REQUEST_REOPENING = "round:request_reopening"
    CONFIRM_REOPENING = "round:confirm_reopening"
    READ_EVIDENCE = "evidence:read"
    UPLOAD_EVIDENCE = "evidence:upload"
    CLASSIFY_EVIDENCE = "evidence:classify"
    READ_RESULT = "result:read"
    READ_PAST_RESULT = "result:read_past"
    RECORD_RESULT = "result:record"
    SCORE_QUESTION = "question:score"
    MAKE_DOSSIER = "dossier:make"
    READ_DOSSIER = "dossier:read"
    READ_LEDGER = "ledger:read"
    VERIFY_LEDGER = "ledger:verify"
    READ_PEOPLE = "people:read"
    MANAGE_USERS = "users:manage"
    MANAGE_AGENCIES = "agencies:manage"
    HOLD_TOKEN = "token:hold"  # noqa: S105  an action, not a secret
    FREEZE_INSTRUMENT = "instrument:freeze"
    SIGN_CHECKPOINT = "checkpoint:sign"
    PREPARE_PREVIEW = "preview:prepare"
    SEND_NOTICE = "notice:send"
    RENDER_DOSSIER = "dossier:render"
    SET_UP = "installation:set_up"


_AGENCY_READS = frozenset(
    {
        Action.READ_ROUND,
        Action.READ_ANSWER,
        Action.READ_HISTORY,
        Action.READ_EVIDENCE,
        Action.READ_PAST_RESULT,
    }
)
_AGENCY_WRITES = frozenset(
    {Action.WRITE_ANSWER, Action.COMMENT_ANSWER, Action.UPLOAD_EVIDENCE, Action.HOLD_TOKEN}
)
_REGION_READS = _AGENCY_READS | {
    Action.READ_RESULT,
    Action.READ_DOSSIER,
    Action.READ_LEDGER,
    Action.READ_PEOPLE,
}

#: Within one agency, for what that agency leads (and, see CONTRIBUTORS_MAY, helps with).
WITHIN_AGENCY: dict[Role, frozenset[Action]] = {
    Role.OPERATOR: _AGENCY_READS | _AGENCY_WRITES,
    Role.AGENCY_HEAD: _AGENCY_READS | _AGENCY_WRITES | {Action.HAND_IN_AGENCY},
}
#: Within one region, for all of its agencies.
WITHIN_REGION: dict[Role, frozenset[Action]] = {
    Role.COORDINATOR: _REGION_READS
    | {
        Action.OPEN_ROUND,
        Action.CHANGE_ROUND,
        Action.ASSIGN_QUESTION,
        Action.SKIP_QUESTION,
        Action.EXTEND_DEADLINE,
        Action.REMIND_AGENCY,
        Action.COMMENT_ANSWER,
        Action.VERIFY_ANSWER,
        Action.PREPARE_HAND_IN,
        Action.REQUEST_REOPENING,
        Action.CLASSIFY_EVIDENCE,
        Action.RECORD_RESULT,
        Action.MAKE_DOSSIER,
        Action.MANAGE_USERS,
        Action.MANAGE_AGENCIES,
        Action.HOLD_TOKEN,
    },
    Role.EXECUTIVE: _REGION_READS
    | {Action.SIGN_HAND_IN, Action.CONFIRM_REOPENING, Action.MAKE_DOSSIER},
    Role.AUDITOR: _REGION_READS | {Action.VERIFY_LEDGER},
}
#: Within one round named by the grant, once it has been handed in.
IN_ROUND: dict[Role, frozenset[Action]] = {
    Role.ASSESSOR: frozenset(
        {Action.READ_ROUND, Action.READ_ANSWER, Action.READ_EVIDENCE, Action.SCORE_QUESTION}
    ),
}
#: Across the regions of a programme (nation or province).
IN_PROGRAMME: dict[Role, frozenset[Action]] = {
    Role.PROGRAMME_ADMIN: frozenset({Action.READ_ROUND, Action.FREEZE_INSTRUMENT}),
}
#: What an agency that only contributes to a question may do with it.
CONTRIBUTORS_MAY = frozenset(
    {
        Action.READ_ROUND,
        Action.READ_ANSWER,
        Action.READ_HISTORY,
        Action.READ_EVIDENCE,
        Action.WRITE_ANSWER,
        Action.COMMENT_ANSWER,
        Action.UPLOAD_EVIDENCE,
    }
)
#: The worker and the command line. Never score, verify, publish or sign a hand-in.
SYSTEM_MAY = frozenset(
    {
        Action.FREEZE_INSTRUMENT,
        Action.SIGN_CHECKPOINT,
        Action.PREPARE_PREVIEW,
        Action.SEND_NOTICE,
        Action.RENDER_DOSSIER,
        Action.VERIFY_LEDGER,
        Action.READ_LEDGER,
        Action.SET_UP,
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is: its region, in it the agency that leads, the round, and who helps."""

    region: str
    agency: int | None = None
    round_id: int | None = None
    contributors: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a place, until a date. `round_id` binds an assessor to one round."""

    role: Role
    region: str | None = None
    agency: int | None = None
    round_id: int | None = None
    capabilities: frozenset[Capability] = frozenset()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person with roles (`user:17`), or a named machine (`system:worker`)."""

    name: str
    user_id: int | None = None
    grants: frozenset[Grant] = frozenset()

    @property
    def is_system(self) -> bool:
        """True for the worker and the command line, which hold no grants."""
        return self.name.startswith("system:")

    @property
    def regions(self) -> frozenset[str]:
        """Regions where the actor holds a role over the whole region."""
        return frozenset(
            grant.region for grant in self.grants if grant.role in WITHIN_REGION and grant.region
        )

    @property
    def agencies(self) -> frozenset[int]:
        """Agencies whose operator or head the actor is."""
        return frozenset(
            grant.agency for grant in self.grants if grant.role in WITHIN_AGENCY and grant.agency
        )

    @property
    def rounds(self) -> frozenset[int]:
        """Rounds the actor assesses."""
        return frozenset(
            grant.round_id for grant in self.grants if grant.role in IN_ROUND and grant.round_id
        )

    def has(self, role: Role) -> bool:
        """Whether any grant carries the role, wherever it holds."""
        return any(grant.role is role for grant in self.grants)


SYSTEM = Actor(name="system:worker")
NOBODY = Actor(name="nobody")


def may(actor: Actor, action: Action, place: Place) -> bool:
    """Whether the actor may do this there. An assessor never acts for a region they belong to."""
    if actor.is_system:
        return action in SYSTEM_MAY
    return any(_allows(grant, action, place, actor) for grant in actor.grants)


def _allows(grant: Grant, action: Action, place: Place, actor: Actor) -> bool:
    if grant.role in WITHIN_AGENCY:
        return action in WITHIN_AGENCY[grant.role] and _in_agency(grant, action, place)
    if grant.role in WITHIN_REGION:
        return action in WITHIN_REGION[grant.role] and grant.region == place.region
    if grant.role in IN_ROUND:
        return (
            action in IN_ROUND[grant.role]
            and grant.round_id is not None
            and grant.round_id == place.round_id
            and grant.region == place.region
            and not belongs_to(actor, place.region)
        )
    return action in IN_PROGRAMME[grant.role] and _in_programme(grant, place)


def _in_agency(grant: Grant, action: Action, place: Place) -> bool:
    if grant.region != place.region or grant.agency is None:
        return False
    if place.agency is None:
        return action in (Action.READ_ROUND, Action.READ_PAST_RESULT, Action.HOLD_TOKEN)
    return grant.agency == place.agency or (
        action in CONTRIBUTORS_MAY and grant.agency in place.contributors
    )


def _in_programme(grant: Grant, place: Place) -> bool:
    """A programme's region is `None` (the nation) or a province, which contains its regions."""
    return grant.region is None or place.region.split(".")[0] == grant.region


def belongs_to(actor: Actor, region: str) -> bool:
    """Whether the actor holds an office of the region: a conflict of interest for an assessor."""
    return any(
        grant.region == region
        for grant in actor.grants
        if grant.role in WITHIN_AGENCY or grant.role in WITHIN_REGION
    )


def require(actor: Actor, action: Action, place: Place) -> None:
    """Let pass, or raise `Denied`."""
    if not may(actor, action, place):
        raise Denied(f"{actor.name} may not {action} in {place}")


def in_force(grants: Iterable[Grant], today: date) -> frozenset[Grant]:
    """The grants whose last day has not passed."""
    return frozenset(grant for grant in grants if grant.until is None or grant.until >= today)
