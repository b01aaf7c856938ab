"""An upload killed at each of its steps in turn: `python -m tests.faults.stops [FLAW]`.

A fork for every stop point: the n-th write, fsync, rename, new folder, statement or commit, once
before and once after it. Prints one JSON line a point: where it died, and what was there then,
before and after the same upload was tried again. A flaw of `tests.faults.broken` is a control; it
ends with the first file that is not what its name says.
"""

import io
import json
import os
import signal
import sys
from collections.abc import Callable
from hashlib import sha256
from secrets import token_hex
from typing import Any

import django

django.setup()

from django.db import connection, connections  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.utils import timezone  # noqa: E402

from bukti.areas.answers import commands  # noqa: E402
from bukti.areas.answers.models import Answer  # noqa: E402
from bukti.areas.evidence import check, vault  # noqa: E402
from bukti.areas.evidence.commands import Facts  # noqa: E402
from bukti.areas.evidence.models import Blob, Citation, Document, Revision  # noqa: E402
from bukti.areas.ledger import audit  # noqa: E402
from bukti.areas.ledger.models import Entry  # noqa: E402
from bukti.areas.people.models import User  # noqa: E402
from bukti.areas.people.queries import actor_of  # noqa: E402
from tests.faults.broken import FLAWS  # noqa: E402
from tests.faults.papers import pdf  # noqa: E402

#: Bytes of the file, and of the pieces in which it is written.
SIZE, PIECE = 3_000, 1_024


class Stops:
    """Counts the steps, and ends the process without a word at the n-th."""

    def __init__(self, last: int) -> None:
        self.last, self.passed = last, 0

    def at(self, point: str) -> None:
        """A stop point."""
        self.passed += 1
        if self.passed == self.last:
            os.write(1, f"{point}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        """The step with a stop point on either side."""

        def stopping(*words: Any, **more: Any) -> Any:
            self.at(f"before {name}")
            done = step(*words, **more)
            self.at(f"after {name}")
            return done

        return stopping

    def put_in_place(self) -> None:
        """Around everything that an upload does to the disk."""
        for name in ("fsync", "rename", "mkdir", "unlink"):
            setattr(os, name, self.around(name, getattr(os, name)))
        vault._write_all = self.around("write", vault._write_all)
        commit = vars(BaseDatabaseWrapper)["_commit"]
        setattr(BaseDatabaseWrapper, "_commit", self.around("commit", commit))  # noqa: B010
        connection.execute_wrappers.append(self._before_statement)

    def _before_statement(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        self.at(f"before statement {sql.split()[0]}")
        return execute(sql, *more)


def paper(number: int) -> bytes:
    """A file whose hash begins with this number, so that its folder is always a new one.

    Else one upload would take a step more than another, and a stop point could be missed.
    """
    while True:
        content = pdf(token_hex(16), SIZE)
        if sha256(content).digest()[0] == number:
            return content


def upload(content: bytes) -> None:
    """What the request does with a file."""
    answer = Answer.objects.order_by("pk").first()
    assert answer is not None
    operator = User.objects.get(grants__agency=answer.assignment.agency, grants__role="operator")
    actor = actor_of(operator, timezone.now())
    received = vault.receive(io.BytesIO(content), "surat.pdf")
    commands.attach_file(actor, answer.pk, received, Facts(title="Surat"))


def in_a_child(work: Callable[[], None]) -> tuple[int, str]:
    """Do it in a process of its own; its end, and what it said last."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1)
        try:
            work()
            os._exit(0)
        except BaseException as trouble:
            os.write(2, repr(trouble).encode())
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as said:
        point = said.read().strip()
    return os.waitpid(child, 0)[1], point


def standing(digest: str) -> dict[str, Any]:
    """What there is of an upload."""
    blob = Blob.objects.filter(sha256=digest).first()
    revisions = Revision.objects.filter(blob=blob) if blob else Revision.objects.none()
    paths = [path for _, name, path in vault.blobs() if name == digest]
    report = check.Report()
    list(check.found(report))
    return {
        "file": [sha256(path.read_bytes()).hexdigest() == digest for path in paths],
        "rows": [
            int(blob is not None),
            revisions.count(),
            Document.objects.filter(revisions__in=revisions).count(),
            Citation.objects.filter(revision__in=revisions).count(),
        ],
        "told": Entry.objects.filter(event="document.added", body__contains=digest).count(),
        "damaged": report.damaged,
        "ledger": audit.verify("64.01").is_whole,
    }


def stop_at(number: int) -> dict[str, Any]:
    """One upload that dies at that point, and the same again."""
    content = paper(number)
    digest = sha256(content).hexdigest()

    def dying() -> None:
        Stops(number).put_in_place()
        upload(content)

    end, point = in_a_child(dying)
    died = standing(digest)
    again, _ = in_a_child(lambda: upload(content))
    return {"point": point, "end": end, "died": died, "again": again, "then": standing(digest)}


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    if sys.argv[1:]:
        FLAWS[sys.argv[1]]()
    vault.CHUNK = PIECE
    in_a_child(lambda: upload(paper(0)))
    number, is_whole = 0, False
    while not is_whole:
        number += 1
        result = stop_at(number)
        is_whole = not result["point"] or False in result["died"]["file"]
        sys.stdout.write(json.dumps(result) + "\n")
