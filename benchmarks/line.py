"""A client that costs little: one kept line, requests made once, answers hardly read."""

import socket
import time
from dataclasses import dataclass
from secrets import token_hex
from urllib.parse import quote_plus, urlencode

from benchmarks.clock import COMMITS, PROCESSOR, TIME
from tests.faults.browser import Browser


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how long it took for the client; its headers tell of the server."""

    status: int
    head: bytes
    body: bytes
    seconds: float

    def number(self, name: str) -> float:
        """A header's number, 0 without it."""
        for line in self.head.split(b"\r\n"):
            key, _, value = line.partition(b":")
            if key.lower() == name.lower().encode():
                return float(value)
        return 0.0

    @property
    def server(self) -> float:
        """Milliseconds that the server worked."""
        return self.number(TIME) / 1000

    @property
    def processor(self) -> float:
        """Milliseconds of processor that the server used."""
        return self.number(PROCESSOR) / 1000

    @property
    def commits(self) -> int:
        """Commits that SQLite saw."""
        return int(self.number(COMMITS))


class Line:
    """A connection that is kept, for one person."""

    def __init__(self, port: int, browser: Browser | None = None) -> None:
        self.port = port
        known = browser.cookies if browser else {}
        cookie = "; ".join(f"{name}={value}" for name, value in known.items())
        self.common = (
            f"Host: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nAccept-Encoding: gzip, br\r\n"
            f"X-CSRFToken: {known.get('csrftoken', '')}\r\n"
        )
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    def get(self, path: str) -> Answer:
        """A page."""
        return self.ask(f"GET {path} HTTP/1.1\r\n{self.common}\r\n".encode())

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """A form, sent in the background with a key of its own."""
        return self.ask(self.form(path, fields))

    def form(self, path: str, fields: dict[str, str]) -> bytes:
        """The bytes of a form."""
        body = urlencode(fields).encode()
        return (
            f"POST {path} HTTP/1.1\r\n{self.common}HX-Request: true\r\n"
            f"Idempotency-Key: {token_hex(8)}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        ).encode() + body

    def upload(self, path: str, content: bytes) -> Answer:
        """A form with one file, sent in the background."""
        head, tail = self.envelope(path, len(content))
        return self.ask(head + content + tail)

    def envelope(self, path: str, size: int, filename: str = "surat.pdf") -> tuple[bytes, bytes]:
        """What stands before and after a file of so many bytes."""
        border = token_hex(12)
        before = (
            f'--{border}\r\nContent-Disposition: form-data; name="file"; '
            f'filename="{quote_plus(filename)}"\r\nContent-Type: application/pdf\r\n\r\n'
        ).encode()
        after = f"\r\n--{border}--\r\n".encode()
        head = (
            f"POST {path} HTTP/1.1\r\n{self.common}HX-Request: true\r\n"
            f"Content-Type: multipart/form-data; boundary={border}\r\n"
            f"Content-Length: {len(before) + size + len(after)}\r\n\r\n"
        ).encode()
        return head + before, after

    def ask(self, request: bytes) -> Answer:
        """Send, and read one answer."""
        began = time.perf_counter()
        self.socket.sendall(request)
        return self.read(began)

    def read(self, began: float) -> Answer:
        """One answer, by its length."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._some()
        head, _, body = received.partition(b"\r\n\r\n")
        missing = int(Answer(0, head, b"", 0).number("content-length")) - len(body)
        pieces = [body]
        while missing > 0:
            piece = self._some()
            pieces.append(piece)
            missing -= len(piece)
        return Answer(int(head[9:12]), head, b"".join(pieces), time.perf_counter() - began)

    def _some(self) -> bytes:
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionError("the line was cut")
        return piece
