"""Web processes and worker as one set: they start and stop together.

One process forks them, so that they share what is loaded. A web process that dies is replaced; one
that dies again within seconds ends the set with exit code 1, for the init system to see. A worker
that dies is replaced for as long as the set lives, slower each time: without it mails and previews
wait, but answers are still kept. Should the first process be
killed itself, the system ends the others.
"""

import ctypes
import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from multiprocessing.process import BaseProcess
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.db import connections
from django.template import engines
from django.urls import get_resolver
from django.utils.translation import trans_real
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from bukti.site.operations import jobs, ticks

HOST = "127.0.0.1"
#: Requests that wait for a slow phone's bytes hold a thread each, and no place at work (slots.py).
THREADS = 48
SLOWEST_RESTART = 30.0
STOP_SECONDS = 10
PR_SET_PDEATHSIG = 1
LOG = logging.getLogger("bukti.serve")

#: The process that forks the others.
_first: set[int] = set()


def is_free(port: int) -> bool:
    """Whether nobody listens there. The web server itself would share a port without a word."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that nobody uses now."""
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def serve(port: int, workers: int, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, then end every child."""
    _first.add(os.getpid())
    load()
    crew = Supervisor()
    server = Granian(
        "bukti.site.wsgi:application",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=THREADS * 4,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
    )
    server.on_startup(crew.start)
    server.on_startup(ready)
    server.on_shutdown(crew.stop)
    server.serve(target_loader=load_application, wrap_loader=False)


def load() -> None:
    """Load once, before the fork, what every process needs."""
    for engine in engines.all():
        engine.get_template("base.html")
    for language, _ in settings.LANGUAGES:
        trans_real.translation(language)
    get_resolver()._populate()
    _let_go_of_the_database()
    gc.collect()
    gc.freeze()


def _let_go_of_the_database() -> None:
    """A connection, or a pool with its threads, does not survive a fork."""
    connections.close_all()
    for connection in connections.all():
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]


def load_application() -> Any:
    """What a web process answers with."""
    end_with_parent()
    from bukti.site.wsgi import application

    return application


def end_with_parent() -> None:
    """Ask the system (Linux) to end this process when the one that made it is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() not in _first:
        # It went before we could ask: nobody would ever end us, and the port would be shared.
        os._exit(1)


class Supervisor:
    """Keeps one job worker running."""

    def __init__(self) -> None:
        self.stopping = Event()
        self.process: BaseProcess | None = None
        self.thread = Thread(target=self._keep, name="worker keeper", daemon=True)

    def start(self) -> None:
        """Start the worker and whoever watches it."""
        self.thread.start()

    def stop(self) -> None:
        """End the worker: a job it is in the middle of is taken up again by the next one."""
        self.stopping.set()
        if self.process is not None and self.process.is_alive():
            self.process.terminate()
            self.process.join(STOP_SECONDS)
            if self.process.is_alive():
                self.process.kill()
        self.thread.join(STOP_SECONDS)

    def _keep(self) -> None:
        pause = 1.0
        while not self.stopping.is_set():
            self.process = multiprocessing.get_context("fork").Process(target=work, name="worker")
            self.process.start()
            self.process.join()
            if not self.stopping.is_set():
                LOG.error("the worker ended (%s); a new one starts", self.process.exitcode)
                self.stopping.wait(pause)
                pause = min(pause * 2, SLOWEST_RESTART)


def work() -> None:
    """The worker process, in a group of its own: Ctrl-C reaches its parent, which ends it."""
    end_with_parent()
    os.setpgid(0, 0)
    jobs.work(ticks.begin)
