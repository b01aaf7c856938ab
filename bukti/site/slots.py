"""How many requests work at once. Waiting for a slow phone's bytes is not work.

A process has many threads, so that sixteen uploads over a bad line keep nobody waiting, and few
slots, so that its requests do not trample on each other at the database. A request holds a slot
while it computes and gives it back while it reads what is still on its way.
"""

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

from django.db import close_old_connections

SLOTS = 4
Environment = dict[str, Any]
Application = Callable[[Environment, Any], Iterable[bytes]]


class PatientInput:
    """A request's body, read without holding a slot."""

    def __init__(self, stream: Any, slots: BoundedSemaphore) -> None:
        self.stream = stream
        self.slots = slots

    def read(self, size: int = -1) -> bytes:
        """Bytes of the body, when they come."""
        return self._outside(self.stream.read, size)

    def readline(self, size: int = -1) -> bytes:
        """A line of the body, when it comes."""
        return self._outside(self.stream.readline, size)

    def _outside(self, read: Callable[[int], bytes], size: int) -> bytes:
        # On PostgreSQL the pool is small: a connection goes back to it, too.
        close_old_connections()
        self.slots.release()
        try:
            return read(size)
        finally:
            self.slots.acquire()


def with_slots(application: Application, count: int = SLOTS) -> Application:
    """The application, with so many requests at work at once in this process."""
    slots = BoundedSemaphore(count)

    def answer(environ: Environment, start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"] = PatientInput(environ["wsgi.input"], slots)
        with slots:
            response = application(environ, start_response)
            close_old_connections()
            return response

    return answer
