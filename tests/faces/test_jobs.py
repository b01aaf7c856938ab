"""The worker: failures are tried again, what a dead worker left is taken up, ticks come."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from bukti.areas.evidence import vault
from bukti.areas.ledger import queries as ledger
from bukti.areas.people.jobs import mail_invitation
from bukti.rules.errors import Reason, Refused
from bukti.site.operations import crew, jobs, ticks
from bukti.site.slots import with_slots

NOBODY = 0


@pytest.fixture
def worker(db, settings, tmp_path):
    """A worker that does what it is given."""
    settings.DATA = tmp_path
    made = jobs.Worker(Event())
    yield made
    crew.sign_off(made.badge)


def enqueue(user_id=NOBODY):
    """A job in the table; nobody has the id 0, so that the job fails."""
    return DBTaskResult.objects.get(pk=mail_invitation.enqueue(user_id).id)


def test_a_job_is_done_once(worker, cast, mailoutbox):
    enqueue(cast.coordinator.user.pk)

    worker.do(worker.take())

    assert worker.take() is None
    assert len(mailoutbox) == 1


def test_a_failed_job_waits_and_is_tried_three_times(worker):
    job = enqueue()
    waits = []
    for _ in range(3):
        DBTaskResult.objects.filter(pk=job.pk).update(run_after=timezone.now())
        worker.do(worker.take())
        job.refresh_from_db()
        waits.append((job.status, job.run_after - timezone.now() > timedelta(seconds=5)))

    assert waits[:2] == [(TaskResultStatus.READY, True)] * 2
    assert job.status == TaskResultStatus.FAILED
    assert worker.take() is None


@task
def refuse():
    """A job that a rule says no to."""
    raise Refused(Reason.SETUP_DONE)


def test_what_a_rule_refuses_is_not_tried_again(worker):
    job = DBTaskResult.objects.get(pk=refuse.enqueue().id)

    worker.do(worker.take())

    job.refresh_from_db()
    assert job.status == TaskResultStatus.FAILED


def test_a_job_of_a_dead_worker_is_taken_up_and_of_a_living_one_left(worker):
    job, other = enqueue(), enqueue()
    dead = crew.SEPARATOR.join((crew.HOST, "999999", "00"))
    running = DBTaskResult.objects.filter(pk__in=[job.pk, other.pk])
    running.update(status=TaskResultStatus.RUNNING, started_at=timezone.now())
    DBTaskResult.objects.filter(pk=job.pk).update(worker_ids=[dead])
    DBTaskResult.objects.filter(pk=other.pk).update(worker_ids=["elsewhere,1,00"])

    taken_back = jobs.take_back_lost()

    job.refresh_from_db()
    other.refresh_from_db()
    assert taken_back == 1
    assert (job.status, other.status) == (TaskResultStatus.READY, TaskResultStatus.RUNNING)


def test_a_job_that_killed_three_workers_stays_failed(worker):
    job = enqueue()
    dead = crew.SEPARATOR.join((crew.HOST, "999999", "00"))
    DBTaskResult.objects.filter(pk=job.pk).update(
        status=TaskResultStatus.RUNNING, worker_ids=[dead] * 3
    )

    jobs.take_back_lost()

    job.refresh_from_db()
    assert job.status == TaskResultStatus.FAILED


def test_checkpoints_are_signed_for_what_grew_and_only_then(running_round):
    ticks.sign_checkpoints()
    first = ledger.last_checkpoint("64.01")

    ticks.sign_checkpoints()

    assert first is not None
    assert ledger.last_checkpoint("64.01") == first


def test_unfinished_uploads_are_swept_after_a_day(settings, tmp_path):
    old, new = vault.incoming() / "old", vault.incoming() / "new"
    for path in (old, new):
        path.write_bytes(b"x")
    day_ago = time.time() - 25 * 3600
    os.utime(old, (day_ago, day_ago))

    ticks.sweep_unfinished_files()

    assert (old.exists(), new.exists()) == (False, True)


def test_a_tick_that_goes_wrong_does_not_stop_the_others(caplog):
    def wrong():
        raise ValueError

    ticks.act(ticks.Tick("wrong", timedelta(seconds=1), wrong))

    assert "wrong went wrong" in caplog.text


def test_a_request_gives_its_slot_back_while_it_waits_for_bytes():
    arrived = Event()

    class Slow:
        def read(self, size):
            assert arrived.wait(5), "the other request found no slot"
            return b""

    class Empty:
        def read(self, size):
            return b""

    def application(environ, start_response):
        environ["wsgi.input"].read(1)
        arrived.set()
        return [b""]

    answer = with_slots(application, count=1)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(answer, {"wsgi.input": Slow()}, None)
        time.sleep(0.1)
        quick = pool.submit(answer, {"wsgi.input": Empty()}, None)

        assert quick.result(5) == slow.result(5) == [b""]
