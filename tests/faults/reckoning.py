"""What people were told, compared with what is there: rows, ledger entries, files.

Reads the database with plain SQL and the vault with plain hashing, none of it through the product's
own queries, so that a fault in those cannot hide what it should show.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite

from bukti.areas.answers.commands import content_text
from bukti.rules.claims import Claim
from tests.faults.installation import Installation
from tests.faults.load import Deed, History

SAVED, RESTORED = "answer.saved", "answer.restored"


@dataclass
class Reckoning:
    """The result; everything but the counts is empty when all is well."""

    acknowledged: int = 0
    unacknowledged_but_done: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    half_done: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Nothing lost, doubled or half-done."""
        return not (self.lost or self.doubled or self.half_done)

    def __str__(self) -> str:
        faults = [*self.lost[:5], *self.doubled[:5], *self.half_done[:5]]
        counts = {
            "acknowledged": self.acknowledged,
            "lost": len(self.lost),
            "doubled": len(self.doubled),
            "half-done": len(self.half_done),
            "done without a word": self.unacknowledged_but_done,
        }
        said = ", ".join(f"{count} {name}" for name, count in counts.items())
        return f"{said} {faults or ''}".strip()


class Book:
    """One reading of the database, consistent in itself."""

    def __init__(self, database: Path) -> None:
        self.line = sqlite.connect(f"file:{database}?mode=ro", uri=True)
        self.line.execute("BEGIN")
        self.ids = dict(self.rows("SELECT code, assignment_id FROM answers_answer"))
        self.entries = [json.loads(body) for (body,) in self.rows("SELECT body FROM ledger_entry")]
        self.salts = {
            (tree, index, name): salt
            for tree, index, name, salt in self.rows(
                'SELECT e.tree_id, e."index", o.name, o.salt '
                "FROM ledger_opening o JOIN ledger_entry e ON e.id = o.entry_id"
            )
        }

    def rows(self, question: str, *values: object) -> list[Any]:
        """Rows of a question in SQL."""
        return list(self.line.execute(question, values))

    def about(self, *events: str) -> list[dict[str, Any]]:
        """Entries of these events."""
        return [entry for entry in self.entries if entry["event"] in events]

    def close(self) -> None:
        """End the reading."""
        self.line.close()


def reckon(installation: Installation, history: list[History]) -> Reckoning:
    """Compare all that people did with what the installation holds now."""
    book = Book(installation.database)
    found = Reckoning()
    deeds = [deed for one in history for deed in one.deeds]
    _saves(book, [deed for deed in deeds if deed.kind == "save"], found)
    _uploads(book, [deed for deed in deeds if deed.kind == "upload"], found)
    _hand_ins(book, [deed for deed in deeds if deed.kind == "hand_in"], found)
    _versions_and_entries(book, found)
    _documents_and_entries(book, found)
    _marks(book, found)
    _files(book, installation.vault, found)
    _database(book, found)
    book.close()
    return found


def _tally(deed: Deed, times: int, found: Reckoning) -> None:
    name = f"{deed.kind} {deed.code} {deed.mark[:24]}"
    found.acknowledged += deed.is_acknowledged
    found.unacknowledged_but_done += times > 0 and not deed.is_acknowledged
    if deed.is_acknowledged and times == 0:
        found.lost.append(name)
    if times > 1:
        found.doubled.append(name)


def _saves(book: Book, deeds: list[Deed], found: Reckoning) -> None:
    versions = defaultdict(list)
    for row in book.rows("SELECT answer_id, number, level, explanation, key FROM answers_version"):
        versions[row[0], row[3]].append(row)
    for deed in deeds:
        made = versions[book.ids[deed.code], deed.mark]
        _tally(deed, len(made), found)
        for _, number, level, _, key in made:
            is_as_told = deed.version in (None, number)
            if (level, key) != (deed.level, deed.key) or not is_as_told:
                found.half_done.append(f"save {deed.code} {deed.mark}: not as it was sent")


def _uploads(book: Book, deeds: list[Deed], found: Reckoning) -> None:
    cited = Counter(
        book.rows(
            "SELECT c.subject_id, b.sha256 FROM evidence_citation c "
            "JOIN evidence_revision r ON r.id = c.revision_id "
            "JOIN evidence_blob b ON b.id = r.blob_id WHERE c.subject_kind = 'answer'"
        )
    )
    for deed in deeds:
        _tally(deed, cited[book.ids[deed.code], deed.mark], found)


def _hand_ins(book: Book, deeds: list[Deed], found: Reckoning) -> None:
    known = {str(pk) for (pk,) in book.rows("SELECT id FROM answers_handin")}
    for deed in deeds:
        if deed.is_acknowledged:
            _tally(deed, int(deed.mark in known), found)


def _bijection(name: str, rows: Counter[Any], told: Counter[Any], found: Reckoning) -> None:
    """I-04: no row without its entry, no entry without its row, neither twice."""
    for thing in rows.keys() - told.keys():
        found.half_done.append(f"{name} {thing}: there, and the ledger does not tell of it")
    for thing in told.keys() - rows.keys():
        found.half_done.append(f"{name} {thing}: the ledger tells of it, and it is not there")
    for thing in rows.keys() & told.keys():
        if rows[thing] != 1 or told[thing] != 1:
            found.doubled.append(f"{name} {thing}: {rows[thing]} rows, {told[thing]} entries")


def _versions_and_entries(book: Book, found: Reckoning) -> None:
    columns = "answer_id, number, level, value, respondents, text, explanation"
    rows = book.rows(f"SELECT {columns} FROM answers_version ORDER BY answer_id, number")
    told = {
        (int(entry["object"]), entry["facts"]["version"]): entry
        for entry in book.about(SAVED, RESTORED)
    }
    _bijection(
        "version",
        Counter((row[0], row[1]) for row in rows),
        Counter(
            (int(entry["object"]), entry["facts"]["version"])
            for entry in book.about(SAVED, RESTORED)
        ),
        found,
    )
    for row in rows:
        entry = told.get((row[0], row[1]))
        if entry and not _is_committed(book, entry, _content(row)):
            found.half_done.append(f"version {row[:2]}: not what the ledger committed to")
    _newest(book, rows, found)


def _content(row: Any) -> str:
    """The text that the product commits to; how it is written is the product's to say."""
    _, _, level, value, respondents, text, explanation = row
    number = None if value is None else Decimal(str(value))
    return content_text(Claim(number, text, level, respondents, explanation))


def _is_committed(book: Book, entry: dict[str, Any], content: str) -> bool:
    salt = book.salts.get((entry["tree"], entry["index"], "content"))
    if salt is None:
        return False
    digest = sha256(content.encode()).hexdigest()
    return bool(
        sha256(bytes.fromhex(salt) + digest.encode()).hexdigest() == entry["commitments"]["content"]
    )


def _newest(book: Book, rows: list[Any], found: Reckoning) -> None:
    """An answer says what its newest version says, and its versions are numbered without a gap."""
    numbers = defaultdict(list)
    for row in rows:
        numbers[row[0]].append(row)
    answers = book.rows(
        "SELECT assignment_id, version, level, value, respondents, text, explanation "
        "FROM answers_answer WHERE version > 0"
    )
    for answer in answers:
        versions = numbers.pop(answer[0], [])
        if [row[1] for row in versions] != list(range(1, answer[1] + 1)):
            found.half_done.append(f"answer {answer[0]}: versions with a gap")
        elif _content(versions[-1]) != _content(answer):
            found.half_done.append(f"answer {answer[0]}: says something else than its last version")
    found.half_done += [f"answer {pk}: versions that it does not count" for pk in numbers]


def _documents_and_entries(book: Book, found: Reckoning) -> None:
    documents = book.rows(
        "SELECT d.id, r.id, b.sha256 FROM evidence_document d "
        "LEFT JOIN evidence_revision r ON r.document_id = d.id "
        "LEFT JOIN evidence_blob b ON b.id = r.blob_id"
    )
    _bijection(
        "document",
        Counter(documents),
        Counter(
            (int(entry["object"]), entry["facts"]["revision"], entry["facts"]["sha256"])
            for entry in book.about("document.added")
        ),
        found,
    )
    _bijection(
        "citation",
        Counter(pk for (pk,) in book.rows("SELECT id FROM evidence_citation")),
        Counter(int(entry["object"]) for entry in book.about("citation.added")),
        found,
    )
    counted = Counter(pk for (pk,) in book.rows("SELECT subject_id FROM evidence_citation"))
    for pk, said in book.rows("SELECT assignment_id, evidence_count FROM answers_answer"):
        if counted[pk] != said:
            found.half_done.append(f"answer {pk}: {said} documents said, {counted[pk]} there")
    for (pk,) in book.rows(
        "SELECT id FROM evidence_document WHERE id NOT IN "
        "(SELECT r.document_id FROM evidence_citation c "
        "JOIN evidence_revision r ON r.id = c.revision_id)"
    ):
        found.half_done.append(f"document {pk}: uploaded for an answer that does not cite it")


def _marks(book: Book, found: Reckoning) -> None:
    """Hand-ins and returns have their entries, and nothing is handed in twice over."""
    _bijection(
        "hand-in",
        Counter(book.rows("SELECT id, entry_index FROM answers_handin")),
        Counter((int(entry["object"]), entry["index"]) for entry in book.about("agency.handed_in")),
        found,
    )
    returns = Counter(
        pk for (pk,) in book.rows("SELECT answer_id FROM answers_mark WHERE kind = 'returned'")
    )
    told = Counter(int(entry["object"]) for entry in book.about("answer.returned"))
    if returns != told:
        found.half_done.append(f"returns: {sum(returns.values())} marks, {sum(told.values())} told")
    before: dict[int, str] = {}
    for pk, kind in book.rows("SELECT answer_id, kind FROM answers_mark ORDER BY id"):
        if before.get(pk) == kind:
            found.doubled.append(f"answer {pk}: {kind} twice over")
        before[pk] = kind
    for pk, state in book.rows("SELECT assignment_id, state FROM answers_answer"):
        if (state == "submitted") != (before.get(pk) == "handed_in"):
            found.half_done.append(f"answer {pk}: {state}, but last {before.get(pk)}")


def _files(book: Book, vault: Path, found: Reckoning) -> None:
    """Every file is what its name says, every blob has its file. Uncited files may be there."""
    kept = {}
    for path in vault.glob("*/??/*"):
        content = path.read_bytes()
        kept[path.parent.parent.name, path.name] = len(content)
        if sha256(content).hexdigest() != path.name:
            found.half_done.append(f"file {path.name[:12]}: not the bytes of its name")
    for region, digest, size in book.rows("SELECT region_id, sha256, size FROM evidence_blob"):
        if kept.get((region, digest)) != size:
            found.lost.append(f"file {digest[:12]}: its row says {size} bytes")


def _database(book: Book, found: Reckoning) -> None:
    found.half_done += [f"foreign key {row}" for row in book.rows("PRAGMA foreign_key_check")]
    said = book.rows("PRAGMA integrity_check")
    found.half_done += [f"integrity: {row[0]}" for row in said if row[0] != "ok"]
