"""Every event name the ledger may hold: noun.past. Their words are in `wording.eventwords`."""

from enum import StrEnum


class Event(StrEnum):
    """What happened. A name is never changed or reused: old entries carry it for ever."""

    # people
    AGENCY_ADDED = "agency.added"
    AGENCY_RENAMED = "agency.renamed"
    AGENCY_MERGED = "agency.merged"
    AGENCY_CLOSED = "agency.closed"
    USER_INVITED = "user.invited"
    USER_JOINED = "user.joined"
    USER_DISABLED = "user.disabled"
    USER_ENABLED = "user.enabled"
    GRANT_GIVEN = "grant.given"
    GRANT_ENDED = "grant.ended"
    GRANT_MOVED = "grant.moved"
    TOKEN_ISSUED = "token.issued"  # noqa: S105  an event, not a secret
    TOKEN_REVOKED = "token.revoked"  # noqa: S105  an event, not a secret
    # instruments and rounds
    INSTRUMENT_FROZEN = "instrument.frozen"
    ROUND_OPENED = "round.opened"
    ROUND_RECORDED = "round.recorded"
    ROUND_STARTED = "round.started"
    ROUND_CHANGED = "round.changed"
    ROUND_DEADLINE_EXTENDED = "round.deadline_extended"
    ROUND_PREPARED = "round.prepared"
    ROUND_SIGNED = "round.signed"
    ROUND_REOPEN_REQUESTED = "round.reopen_requested"
    ROUND_REOPENED = "round.reopened"
    ROUND_ADVANCED = "round.advanced"
    ROUND_FINISHED = "round.finished"
    AGENCY_REMINDED = "agency.reminded"
    QUESTION_ASSIGNED = "question.assigned"
    QUESTION_NOT_APPLICABLE = "question.not_applicable"
    QUESTION_APPLICABLE = "question.applicable"
    # answers
    ANSWER_SAVED = "answer.saved"
    ANSWER_RESTORED = "answer.restored"
    ANSWER_COMMENTED = "answer.commented"
    ANSWER_SUPPORTED = "answer.supported"
    ANSWER_UNSUPPORTED = "answer.unsupported"
    ANSWER_HANDED_IN = "answer.handed_in"
    ANSWER_ACCEPTED = "answer.accepted"
    ANSWER_RETURNED = "answer.returned"
    AGENCY_HANDED_IN = "agency.handed_in"
    # evidence
    DOCUMENT_ADDED = "document.added"
    DOCUMENT_REVISED = "document.revised"
    DOCUMENT_DESCRIBED = "document.described"
    DOCUMENT_CLASSED = "document.classed"
    CITATION_ADDED = "citation.added"
    CITATION_CHANGED = "citation.changed"
    CITATION_REMOVED = "citation.removed"
    CITATION_SHARED = "citation.shared"
    RELEASE_GIVEN = "release.given"
    # assessment and dossier
    SCORE_GIVEN = "score.given"
    RESULT_RECORDED = "result.recorded"
    DOSSIER_ASKED = "dossier.asked"
    DOSSIER_MADE = "dossier.made"
    # the ledger itself, and the installation
    CHECKPOINT_SIGNED = "checkpoint.signed"
    KEY_MADE = "key.made"
    LEDGER_VERIFIED = "ledger.verified"
    NOTICE_SENT = "notice.sent"
    BACKUP_MADE = "backup.made"
