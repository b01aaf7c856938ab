"""Memory, large files, slow phones, start, set-up, the dossier's PDF, and the disk's own fsync."""

import os
import socket
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from statistics import median
from threading import Event, Thread

from benchmarks.figure import Figure
from benchmarks.place import Place
from benchmarks.speed import Visit
from bukti.faces.cli.demo.people import COORDINATOR
from tests.faults.installation import ROOT, Installation, Service, children_of
from tests.faults.papers import pdf

LARGE = 200_000_000
PIECE = 1 << 18
PHONES, BYTES_A_SECOND = 16, 8_000


def fsync(folder: Path) -> list[Figure]:
    """What the disk takes to keep 200 KB, and a folder entry."""
    taken = []
    path = folder / "fsync"
    for _ in range(60):
        with path.open("wb", buffering=0) as file:
            file.write(bytes(200_000))
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    path.unlink()
    return [Figure("The disk", "fsync of 200 KB", median(taken) * 1000, "ms")]


def pss(pid: int) -> float:
    """Proportional memory of a process, in MB."""
    for row in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if row.startswith("Pss:"):
            return int(row.split()[1]) / 1024
    return 0.0


def anonymous(pid: int) -> float:
    """Memory of a process that is its own, in MB: files that the system caches are not."""
    for row in Path(f"/proc/{pid}/status").read_text().splitlines():
        if row.startswith("RssAnon:"):
            return int(row.split()[1]) / 1024
    return 0.0


def memory(visit: Visit) -> list[Figure]:
    """Everything that runs, after a thousand requests."""
    asks = list(visit.asks().values())
    for number in range(1000):
        asks[number % len(asks)]()
    assert visit.service.process is not None
    first = visit.service.process.pid
    parts = {pid: pss(pid) for pid in (first, *children_of(first))}
    worker = visit.service.worker()
    note = ", ".join(
        f"{'first' if pid == first else 'worker' if pid == worker else 'web'} {size:.0f}"
        for pid, size in sorted(parts.items())
    )
    return [
        Figure(
            "Memory",
            "web (2), worker and their first process, PSS after 1,000 requests",
            sum(parts.values()),
            "MB",
            "<=",
            300,
            note,
        )
    ]


def large_upload(visit: Visit, folder: Path) -> list[Figure]:
    """200 MB through a form and, by turns, hashed and written by plain Python."""
    path = folder / "large.pdf"
    peak = _Peak(visit.service)
    ours, plain = [], []
    for _ in range(3):
        _make_large(path)
        plain.append(_plainly(path, folder / "plain"))
        ours.append(_through_a_form(visit, path))
    grown = peak.end()
    path.unlink()
    part = "Upload of 200 MB"
    return [
        Figure(
            part,
            "time against hashing + writing by plain Python",
            median(ours) / median(plain),
            "×",
            "<=",
            2,
            f"{median(ours):.2f} s to {median(plain):.2f} s, medians of three",
        ),
        Figure(part, "extra memory of the web processes", grown, "MB", "<=", 64),
    ]


def _through_a_form(visit: Visit, path: Path) -> float:
    code, operator = visit.place.supported
    line, where = visit.line(operator), visit.place.question(code, "bukti/")
    head, tail = line.envelope(where, path.stat().st_size, "besar.pdf")
    began = time.perf_counter()
    with path.open("rb") as file:
        line.socket.sendall(head)
        while piece := file.read(PIECE):
            line.socket.sendall(piece)
        line.socket.sendall(tail)
    answer = line.read(began)
    if answer.status != 200:
        raise SystemExit(f"the large upload answered {answer.status}: {answer.body[:200]!r}")
    return answer.seconds


def _make_large(path: Path) -> None:
    page = pdf("Berkas besar")
    with path.open("wb") as file:
        file.write(page)
        ballast = os.urandom(PIECE)
        while file.tell() < LARGE - PIECE:
            file.write(ballast)


def _plainly(source: Path, target: Path) -> float:
    digest = sha256()
    began = time.perf_counter()
    with source.open("rb") as read, target.open("wb", buffering=0) as write:
        while piece := read.read(PIECE):
            digest.update(piece)
            write.write(piece)
        os.fsync(write.fileno())
    taken = time.perf_counter() - began
    target.unlink()
    return taken


class _Peak:
    """The most that the web processes hold above what they held before."""

    def __init__(self, service: Service) -> None:
        self.pids = service.web()
        self.before = self._now()
        self.most = 0.0
        self.over = Event()
        self.thread = Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _now(self) -> float:
        return sum(anonymous(pid) for pid in self.pids)

    def _watch(self) -> None:
        while not self.over.wait(0.01):
            self.most = max(self.most, self._now())

    def end(self) -> float:
        """Stop watching; MB above the beginning."""
        self.over.set()
        self.thread.join()
        return max(0.0, self.most - self.before)


def phones(visit: Visit) -> list[Figure]:
    """Pages of others while sixteen phones read and upload at 64 kbit/s, by turns with quiet."""
    line = visit.line(COORDINATOR)
    board = visit.place.pages()["board"][1]
    question = visit.line(visit.place.operator)

    def others(seconds: float) -> list[float]:
        taken = []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            taken.append(line.get(board).seconds)
            taken.append(question.get(visit.place.question()).seconds)
        return taken

    quiet, crowded = others(2.0), []
    over = Event()
    crowd = [
        Thread(target=_phone, args=(visit, over, number), daemon=True) for number in range(PHONES)
    ]
    for phone in crowd:
        phone.start()
    time.sleep(1.0)
    crowded = others(4.0)
    over.set()
    for phone in crowd:
        phone.join()
    quiet += others(2.0)
    return [
        Figure(
            "Slow lines",
            f"others' pages beside {PHONES} phones at 64 kbit/s",
            median(crowded) / median(quiet),
            "×",
            "<=",
            2,
            f"{median(quiet) * 1000:.1f} → {median(crowded) * 1000:.1f} ms at the median",
        )
    ]


def _phone(visit: Visit, over: Event, number: int) -> None:
    """Reads pages, every other one sends a photo, a thousand bytes at a time."""
    uploads = number % 2 == 0
    code, operator = visit.place.supported
    line, where = visit.line(operator), visit.place.question(code)
    # Small buffers, so that the server feels how slowly the phone takes what it is sent.
    line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.socket.settimeout(0.5)
    step = 1000
    while not over.is_set():
        if uploads:
            photo = pdf("Foto", 200_000)
            head, tail = line.envelope(f"{where}bukti/", len(photo))
            whole = head + photo + tail
        else:
            whole = f"GET {where} HTTP/1.1\r\n{line.common}\r\n".encode()
        for start in range(0, len(whole), step):
            if over.wait(step / BYTES_A_SECOND):
                break
            line.socket.sendall(whole[start : start + step])
        while not uploads and not over.wait(step / BYTES_A_SECOND):
            try:
                if len(line.socket.recv(step)) < step:
                    break
            except TimeoutError:
                break
    line.close()


def start(place: Place) -> list[Figure]:
    """From the command to the first page, five times."""
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        with Service(place.installation):
            taken.append(time.perf_counter() - began)
    return [Figure("Start", "from `bukti serve` to the first page", median(taken), "s", "<=", 2)]


MIGRATE = """
import time, django
django.setup()
from django.core.management import call_command
began = time.perf_counter()
call_command("migrate", interactive=False, verbosity=0)
print(time.perf_counter() - began)
"""


def migrations(folder: Path) -> list[Figure]:
    """Every migration on an empty database."""
    folder.mkdir()
    done = Installation(folder).run("-c", MIGRATE)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    taken = float(done.stdout.splitlines()[-1])
    return [Figure("Start", "migrations of an empty database", taken, "s", "<=", 5)]


def dossier(place: Place, folder: Path) -> list[Figure]:
    """The PDF of all 121 answers, in a process of its own as the worker makes it."""
    path = folder / "dossier.pdf"
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", DOSSIER, str(place.round), str(path)],
        cwd=ROOT,
        env=place.installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    whole = time.perf_counter() - began
    if done.returncode != 0:
        print(f"  the dossier could not be made: {done.stderr[-400:]}")
        return []
    taken = float(done.stdout.splitlines()[-1])
    return [
        Figure(
            "Dossier",
            "PDF of 121 answers",
            taken,
            "s",
            "<=",
            3,
            f"{path.stat().st_size / 1000:.0f} kB; {whole:.1f} s with the start of Python",
        ),
    ]


DOSSIER = """
import sys, time, django
django.setup()
from django.core.management import call_command
began = time.perf_counter()
call_command("dossier", "make", sys.argv[1], "--format", "pdf", "--out", sys.argv[2])
print(time.perf_counter() - began)
"""
