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
