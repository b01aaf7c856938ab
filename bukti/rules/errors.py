"""How a command says no. The words for each reason live in `wording.words`."""

from enum import StrEnum


class Reason(StrEnum):
    """Why something was refused. A reason is never a sentence: pages, mails and the API word it."""

    # answers
    ROUND_NOT_OPEN = "round_not_open"
    DEADLINE_PASSED = "deadline_passed"
    ANSWER_LOCKED = "answer_locked"
    ANSWER_CHANGED = "answer_changed"
    ANSWER_EMPTY = "answer_empty"
    LEVEL_MISSING = "level_missing"
    VALUE_MISSING = "value_missing"
    VALUE_OUT_OF_SCALE = "value_out_of_scale"
    RESPONDENTS_MISSING = "respondents_missing"
    EVIDENCE_MISSING = "evidence_missing"
    NOTHING_TO_HAND_IN = "nothing_to_hand_in"
    UNANSWERED_NOT_CONFIRMED = "unanswered_not_confirmed"
    VERSION_UNKNOWN = "version_unknown"
    NOTE_MISSING = "note_missing"
    STEP_NOT_POSSIBLE = "step_not_possible"
    OWN_ANSWER = "own_answer"
    TEXT_TOO_LONG = "text_too_long"
    KEY_REUSED = "key_reused"
    # rounds
    ROUND_EXISTS = "round_exists"
    ROUND_NOT_PREPARED = "round_not_prepared"
    ROUND_CHANGED_SINCE = "round_changed_since"
    DEADLINES_OUT_OF_ORDER = "deadlines_out_of_order"
    DEADLINE_NOT_LATER = "deadline_not_later"
    QUESTIONS_UNASSIGNED = "questions_unassigned"
    QUESTION_UNKNOWN = "question_unknown"
    SCHEME_UNKNOWN = "scheme_unknown"
    AGENCY_NOT_HERE = "agency_not_here"
    AGENCY_CLOSED = "agency_closed"
    SECOND_PERSON_NEEDED = "second_person_needed"
    # evidence
    FILE_TOO_LARGE = "file_too_large"
    FILE_EMPTY = "file_empty"
    FILE_TYPE_NOT_ACCEPTED = "file_type_not_accepted"
    FILE_TYPE_MISMATCH = "file_type_mismatch"
    FILE_MISSING = "file_missing"
    FILE_INCOMPLETE = "file_incomplete"
    DISK_FULL = "disk_full"
    NO_ROOM = "no_room"
    ALREADY_CITED = "already_cited"
    PAGES_NOT_UNDERSTOOD = "pages_not_understood"
    # people
    EMAIL_TAKEN = "email_taken"
    EMAIL_NOT_UNDERSTOOD = "email_not_understood"
    LAST_COORDINATOR = "last_coordinator"
    GRANT_OUTSIDE_PLACE = "grant_outside_place"
    OWN_REGION = "own_region"
    TOKEN_NOT_VALID = "token_not_valid"  # noqa: S105  a reason, not a secret
    AGENCY_NAME_TAKEN = "agency_name_taken"
    SETUP_DONE = "setup_done"
    GRANT_HELD = "grant_held"
    GRANT_ENDED = "grant_ended"
    DATES_NOT_POSSIBLE = "dates_not_possible"
    DAY_NOT_YET = "day_not_yet"
    WORKS_ELSEWHERE = "works_elsewhere"
    # instruments
    INSTRUMENT_CHANGED = "instrument_changed"
    INSTRUMENT_UNKNOWN = "instrument_unknown"
    # assessment
    SCORE_OUT_OF_SCALE = "score_out_of_scale"
    ROUND_NOT_IN_STAGE = "round_not_in_stage"
    SCORES_INCOMPLETE = "scores_incomplete"
    COMPONENT_UNKNOWN = "component_unknown"
    # ledger and dossier
    LEDGER_BROKEN = "ledger_broken"
    DOSSIER_NOT_READY = "dossier_not_ready"
    DOSSIER_EMPTY = "dossier_empty"
    DOSSIER_FAILED = "dossier_failed"
    DOSSIER_STOPPED = "dossier_stopped"


class Denied(Exception):
    """The actor may see the thing, but not do this to it (HTTP 403)."""


class Refused(Exception):
    """The act is not possible now, for a reason the person can be told (HTTP 409)."""

    def __init__(self, reason: Reason, **facts: object) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.facts = facts


class Conflict(Refused):
    """Somebody else was faster: both versions are in `facts` (HTTP 412)."""


def is_disk_full(trouble: str) -> bool:
    """Whether a database's complaint means that its disk is full (SQLite and PostgreSQL)."""
    return any(sign in trouble for sign in ("disk is full", "No space left"))
