"""Other regions with a round each: copies of the measured one, made by SQLite itself."""

from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite

#: In order, so that what is referred to comes first; and which rows are copied.
OF_THE_ROUND = "round_id = (SELECT max(id) FROM rounds_round)"
OF_AN_ASSIGNMENT = f"assignment_id IN (SELECT id FROM rounds_assignment WHERE {OF_THE_ROUND})"
OF_AN_ANSWER = f"answer_id IN (SELECT id FROM rounds_assignment WHERE {OF_THE_ROUND})"
TABLES = {
    "people_agency": "1",
    "people_user": "1",
    "people_grant": "agency_id IS NOT NULL",
    "rounds_round": "id = (SELECT max(id) FROM rounds_round)",
    "rounds_assignment": OF_THE_ROUND,
    "rounds_contribution": OF_AN_ASSIGNMENT,
    "rounds_extension": OF_THE_ROUND,
    "answers_answer": OF_THE_ROUND,
    "answers_version": OF_AN_ANSWER,
    "answers_comment": OF_AN_ANSWER,
    "answers_mark": OF_AN_ANSWER,
    "answers_handin": OF_THE_ROUND,
    "evidence_blob": "1",
    "evidence_document": "1",
    "evidence_revision": "1",
    "evidence_citation": "1",
    "evidence_citation_readers": "1",
    "notices_notice": "1",
    "ledger_tree": "code <> 'ID'",
    "ledger_entry": "tree_id <> 'ID'",
    "ledger_opening": "1",
}
#: Ids that are plain numbers on purpose, with no foreign key to tell.
PLAIN_IDS = {
    "subject_id",
    "by_id",
    "created_by_id",
    "updated_by_id",
    "uploaded_by_id",
    "noted_by_id",
}
STEP = 1_000_000


def add(database: Path, rounds: int) -> None:
    """So many more rounds, each in a region of its own, with people, evidence and ledger."""
    line = sqlite.connect(database, isolation_level=None)
    line.execute("PRAGMA foreign_keys = OFF")
    line.execute("PRAGMA synchronous = OFF")
    own = line.execute("SELECT region_id FROM rounds_round ORDER BY id DESC").fetchone()[0]
    free = [
        code
        for (code,) in line.execute("SELECT code FROM people_region ORDER BY code")
        if code != own
    ]
    # From the original rows only: the copies have ids from a million on.
    line.execute("BEGIN")
    copies = [_statement(line, table, which) for table, which in TABLES.items()]
    for number, code in enumerate(free[:rounds], 1):
        for copy in copies:
            line.execute(copy, {"code": code, "shift": number * STEP, "number": number})
    line.execute("COMMIT")
    line.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    line.close()


def _statement(line: Any, table: str, which: str) -> str:
    refers = {row[3]: row[2] for row in line.execute(f"PRAGMA foreign_key_list({table})")}
    columns = [row[1] for row in line.execute(f"PRAGMA table_info({table})")]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(_value(table, name, refers.get(name, "")) for name in columns)
    original = which.replace(
        "max(id) FROM rounds_round", f"max(id) FROM rounds_round WHERE id < {STEP}"
    )
    own = f"id < {STEP}" if "id" in columns else "1"
    if table == "answers_answer":
        own = f"assignment_id < {STEP}"
    if table == "ledger_tree":
        own = "code = (SELECT region_id FROM rounds_round WHERE id = 1)"
    return (
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {own} AND ({original})"
    )


def _value(table: str, name: str, refers: str) -> str:
    if refers in ("people_region", "ledger_tree") or (table, name) == ("ledger_tree", "code"):
        return ":code"
    if (table, name) == ("people_user", "email"):
        return "'r' || :number || '.' || email"
    if name == "previous_id":
        return "NULL"
    moves = name == "id" or refers in TABLES or name in PLAIN_IDS
    moves = moves or (table, name) == ("evidence_citation", "round_id")
    return f'"{name}" + :shift' if moves else f'"{name}"'
