"""What a check of the ledger can find wrong. The words are in `wording.findings`."""

from dataclasses import dataclass
from enum import StrEnum


class Wrong(StrEnum):
    """Ways in which a ledger is not what it was."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_MISSING = "entry_missing"
    ENTRY_UNREADABLE = "entry_unreadable"
    ENTRY_BEYOND_END = "entry_beyond_end"
    COLUMN_CHANGED = "column_changed"
    TREE_CHANGED = "tree_changed"
    CHECKPOINT_CONTRADICTS = "checkpoint_contradicts"
    CHECKPOINT_NOT_SIGNED = "checkpoint_not_signed"
    CHECKPOINT_MISSING = "checkpoint_missing"
    KEY_MISSING = "key_missing"
    KEY_CHANGED = "key_changed"
    KEY_READABLE = "key_readable"
    TRIGGER_MISSING = "trigger_missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where.

    `first` and `last` are entry indexes: of one entry, or of the stretch in which it lies.
    `detail` is a column, a trigger, or the size of a checkpoint.
    """

    wrong: Wrong
    first: int | None = None
    last: int | None = None
    detail: str = ""


class Mismatch(StrEnum):
    """Ways in which the tables and the ledger tell different stories."""

    ROW_WITHOUT_ENTRY = "row_without_entry"
    ENTRY_WITHOUT_ROW = "entry_without_row"
    CONTENT_CHANGED = "content_changed"
    STATE_CHANGED = "state_changed"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing about which table and ledger disagree: its kind, its id, what of it."""

    mismatch: Mismatch
    kind: str
    identity: str
    detail: str = ""
