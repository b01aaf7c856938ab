"""The worker: takes jobs from the database, one at a time, and forgives each a failure or two.

The job row is written with the change that wants it, so nothing is lost between them. What a dead
worker left undone is taken up again; what fails three times stays failed and is told by `doctor`.
"""

import logging
import signal
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from types import FrameType
from typing import Any

from django.db import OperationalError, close_old_connections, connections, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as Runner
from django_tasks_db.models import DBTaskResult

from bukti.rules.errors import Denied, Refused
from bukti.site.operations import crew

QUEUES = ["default", "documents"]
#: How long to wait before the second and the third try.
WAITS = (timedelta(seconds=10), timedelta(minutes=1))
TRIES = len(WAITS) + 1
#: Rules that say no say it again; trying is no use.
FINAL = {f"{kind.__module__}.{kind.__qualname__}" for kind in (Denied, Refused)}
POLL_SECONDS = 0.5
#: A worker on another machine that took a job this long ago is taken for dead.
LOST = timedelta(hours=6)
LOG = logging.getLogger("bukti.jobs")
Job = DBTaskResult[Any, Any]


class Worker:
    """One process's worth of work, until `stop` is set."""

    def __init__(self, stop: Event) -> None:
        self.stop = stop
        self.badge = crew.sign_on()
        self.is_busy = False
        self.runner = Runner(
            queue_names=QUEUES,
            interval=POLL_SECONDS,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self.badge.name,
            excluded_queue_names=[],
        )

    def run(self) -> None:
        """Work until told to stop; a database that is away for a moment is waited for."""
        while not self.stop.is_set():
            close_old_connections()
            try:
                job = self.take()
            except OperationalError:
                LOG.exception("the job table cannot be read; trying again")
                connections.close_all()
                job = None
            if job is None:
                self.stop.wait(POLL_SECONDS)
            else:
                self.do(job)
        crew.sign_off(self.badge)

    def take(self) -> Job | None:
        """The next job that is due, marked as this worker's. Looking takes no lock."""
        due = DBTaskResult.objects.ready().filter(queue_name__in=QUEUES)
        if not due.exists():
            return None
        with transaction.atomic():
            job = due.get_locked()
            if job is not None:
                job.claim(self.badge.name)
            return job

    def do(self, job: Job) -> None:
        """Run a job to its end; a failure that may pass is tried again later."""
        self.is_busy = True
        try:
            self.runner.run_task(job)
        finally:
            self.is_busy = False
        job.refresh_from_db()
        if job.status == TaskResultStatus.FAILED and job.exception_class_path not in FINAL:
            _try_again(job)


def _try_again(job: Job) -> None:
    tried = len(job.worker_ids)
    LOG.warning("%s failed (%s of %s): %s", job.task_path, tried, TRIES, job.exception_class_path)
    if tried < TRIES:
        _put_back(job, WAITS[tried - 1])


def _put_back(job: Job, wait: timedelta) -> None:
    DBTaskResult.objects.filter(pk=job.pk, status=job.status).update(
        status=TaskResultStatus.READY, run_after=timezone.now() + wait, finished_at=None
    )


def take_back_lost() -> int:
    """Put back what dead workers had taken; what killed three of them stays failed."""
    lost = [
        job
        for job in DBTaskResult.objects.running()
        if job.worker_ids and _is_lost(job, job.worker_ids[-1])
    ]
    for job in lost:
        if len(job.worker_ids) < TRIES:
            _put_back(job, timedelta())
        else:
            job.set_failed(RuntimeError("the worker died each time it did this job"))
    return len(lost)


def _is_lost(job: Job, worker: str) -> bool:
    is_alive = crew.is_alive(worker)
    if is_alive is None:
        return job.started_at is not None and timezone.now() - job.started_at > LOST
    return not is_alive


def work(tick: Callable[[Event], None]) -> None:
    """Be the worker of this process: jobs here, `tick` beside them, until SIGTERM or SIGINT."""
    stop = Event()
    worker = Worker(stop)

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    tick(stop)
    worker.run()
