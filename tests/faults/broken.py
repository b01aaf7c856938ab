"""Bukti with one guarantee taken out: `python -m tests.faults.broken FLAW --port N`.

The controls of the kill rounds: each flaw must be found. Nothing of this is reachable in the
product; it is put in its place before the processes are forked. The pauses make the window of each
flaw wide enough to be met in a few rounds; the flaw itself is there without them.
"""

import sys
import time
from collections.abc import Callable
from copy import copy
from pathlib import Path
from threading import Thread
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from bukti.areas.answers import commands as answers  # noqa: E402
from bukti.areas.answers.models import Answer  # noqa: E402
from bukti.areas.evidence import vault  # noqa: E402
from bukti.areas.ledger.commands import append  # noqa: E402
from bukti.rules.claims import Claim  # noqa: E402
from bukti.rules.permissions import Actor  # noqa: E402
from bukti.site.operations import serving  # noqa: E402

WINDOW = 0.08


def answer_before_commit() -> None:
    """A save is acknowledged at once and kept a moment later."""
    keep = answers.save_answer

    def save_answer(
        actor: Actor, answer_id: int, claim: Claim, *, base: int, key: str | None = None
    ) -> Answer:
        def later() -> None:
            time.sleep(WINDOW)
            keep(actor, answer_id, claim, base=base, key=key)
            connection.close()

        promised = copy(Answer.objects.select_related("round").get(pk=answer_id))
        promised.version = base + 1
        Thread(target=later, daemon=True).start()
        return promised

    answers.save_answer = save_answer


def entry_in_another_transaction() -> None:
    """The change is committed first, and told to the ledger in a transaction of its own."""

    def told_afterwards(actor: Actor, event: str, subject: Any, **facts: Any) -> Any:
        def tell() -> None:
            time.sleep(WINDOW)
            with transaction.atomic():
                append(actor, event, subject, **facts)

        if event != "answer.saved":
            return append(actor, event, subject, **facts)
        return transaction.on_commit(tell)

    vars(answers)["append"] = told_afterwards


def straight_to_the_final_name() -> None:
    """The bytes are written where they shall lie, and what lies there is taken for whole."""

    def keep(received: vault.Received, region: str) -> None:
        target = vault.place_of(region, received.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            _write_slowly(received.path, target)
        received.path.unlink(missing_ok=True)

    vault.keep = keep


def _write_slowly(source: Path, target: Path) -> None:
    content = source.read_bytes()
    with target.open("wb", buffering=0) as file:
        for start in range(0, len(content), len(content) // 4 + 1):
            vault._write_all(file, content[start : start + len(content) // 4 + 1])
            time.sleep(WINDOW)


FLAWS: dict[str, Callable[[], None]] = {
    "early": answer_before_commit,
    "apart": entry_in_another_transaction,
    "straight": straight_to_the_final_name,
}

if __name__ == "__main__":
    FLAWS[sys.argv[1]]()
    serving.serve(int(sys.argv[sys.argv.index("--port") + 1]), 2, lambda: None)
