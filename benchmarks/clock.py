"""How long the server itself worked on a request, told in a header: clock, processor, commits."""

import os
import time
from collections.abc import Callable
from threading import local
from typing import Any

from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse

TIME, PROCESSOR, COMMITS = "X-Server-Time", "X-Server-Processor", "X-Server-Commits"
_counted = local()


class ServerTime:
    """The outermost middleware: microseconds from the first to the last line of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Measure, and say so."""
        _counted.commits = 0
        began, worked = time.perf_counter_ns(), time.thread_time_ns()
        response = self.get_response(request)
        response[PROCESSOR] = str((time.thread_time_ns() - worked) // 1000)
        response[TIME] = str((time.perf_counter_ns() - began) // 1000)
        response[COMMITS] = str(_counted.commits)
        return response


def _statement(sql: str) -> None:
    if sql.upper().startswith("COMMIT"):
        _counted.commits = getattr(_counted, "commits", 0) + 1


def _watch(connection: Any, **_: Any) -> None:
    connection.connection.set_trace_callback(_statement)


if os.environ.get("BENCHMARK_COUNTS_COMMITS") == "yes":
    # Asked of SQLite itself, so nothing can commit unseen. Costs time: never while measuring that.
    connection_created.connect(_watch)
