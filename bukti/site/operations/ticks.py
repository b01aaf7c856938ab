"""What happens by itself: checkpoints each minute with changes, sweeping, pruning."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connection, connections

from bukti.areas.dossier.jobs import tidy_exports
from bukti.areas.dossier.reconcile import reconcile
from bukti.areas.evidence import vault
from bukti.areas.evidence.jobs import tidy_vault
from bukti.areas.ledger import commands as ledger
from bukti.areas.ledger.queries import tree_codes as trees_of
from bukti.rules.permissions import SYSTEM
from bukti.site.operations import jobs
from bukti.wording.findings import say_discrepancy

LOG = logging.getLogger("bukti.ticks")
STALE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tick:
    """Something that happens every so often; harmless when it happens twice."""

    name: str
    every: timedelta
    act: Callable[[], object]


def sign_checkpoints() -> list[str]:
    """Sign every log that grew; one that cannot be signed is named, and the others are."""
    signed = ledger.sign_due_checkpoints(SYSTEM, "minute")
    broken = [code for code, checkpoint in signed.items() if checkpoint is None]
    if broken:
        LOG.error("the ledger of %s is broken: run `bukti ledger verify`", ", ".join(broken))
    return broken


def sweep_unfinished_files() -> int:
    """Remove uploads and exports that nobody finished within a day."""
    return sum(
        _sweep(path)
        for path in [*vault.incoming().iterdir(), *Path(settings.EXPORTS).glob("**/*.part")]
    )


def _sweep(path: Path) -> bool:
    try:
        is_stale = time.time() - path.stat().st_mtime > STALE.total_seconds()
        if is_stale and path.is_file():
            path.unlink()
    except FileNotFoundError:
        return False
    return is_stale


def compare_tables_with_ledger() -> int:
    """Find what was changed behind the application's back; each is named in the log."""
    found = [(code, discrepancy) for code in trees_of(SYSTEM) for discrepancy in reconcile(code)]
    for code, discrepancy in found:
        LOG.error("%s: %s", code, say_discrepancy(discrepancy))
    return len(found)


def prune_jobs() -> None:
    """Forget what the worker did more than two weeks ago."""
    call_command("prune_db_task_results", queue_name="*", min_age_days=14, verbosity=0)


def prune_sessions() -> None:
    """Forget sessions that are over."""
    call_command("clearsessions")


def optimise() -> None:
    """Let SQLite look at its statistics, so that plans stay good as tables grow."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")


TICKS = (
    Tick("lost jobs", timedelta(seconds=20), jobs.take_back_lost),
    Tick("checkpoints", timedelta(minutes=1), sign_checkpoints),
    Tick("unfinished files", timedelta(hours=1), sweep_unfinished_files),
    Tick("vault", timedelta(hours=1), tidy_vault.call),
    Tick("silent exports", timedelta(minutes=1), tidy_exports.call),
    Tick("tables and ledger", timedelta(hours=24), compare_tables_with_ledger),
    Tick("old jobs", timedelta(hours=24), prune_jobs),
    Tick("old sessions", timedelta(hours=24), prune_sessions),
    Tick("statistics", timedelta(hours=24), optimise),
)


def begin(stop: Event) -> None:
    """Tick in a thread beside the worker, until told to stop."""
    Thread(target=_loop, args=(stop,), name="ticks", daemon=True).start()


def _loop(stop: Event) -> None:
    due = {tick.name: time.monotonic() for tick in TICKS}
    while not stop.wait(1):
        for tick in TICKS:
            if time.monotonic() >= due[tick.name] and not stop.is_set():
                due[tick.name] = time.monotonic() + tick.every.total_seconds()
                close_old_connections()
                if not act(tick):
                    connections.close_all()


def act(tick: Tick) -> bool:
    """One tick. Whatever goes wrong is logged, and the next one comes all the same."""
    try:
        tick.act()
    except Exception:
        LOG.exception("%s went wrong; trying again in %s", tick.name, tick.every)
        return False
    return True
