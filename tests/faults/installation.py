"""An installation of Bukti in a folder of its own, served as `bukti serve` does, and killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
MOST_RESTARTS = 5


@dataclass(frozen=True)
class Office:
    """An agency of the round that is worked on: who signs in for it, what it answers."""

    agency: int
    operator: str
    head: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Plot:
    """What `tests.faults.prepare` made: a running round, its offices, its coordinator."""

    round: int
    coordinator: str
    offices: tuple[Office, ...]


@dataclass(frozen=True)
class Installation:
    """A data folder, and how programs are run upon it."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "bukti.sqlite3"

    @property
    def vault(self) -> Path:
        """Where the evidence lies."""
        return self.folder / "vault"

    @property
    def environment(self) -> dict[str, str]:
        """The surroundings of its programs: nothing of the tests' own database."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("BUKTI_")}
        own |= {
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "bukti.site.settings",
            "BUKTI_DATA": str(self.folder),
            "BUKTI_DEVELOPMENT": "yes",
            "BUKTI_RESERVED_SPACE_MB": "1",
        }
        return own | self.settings

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A program of Python upon this installation, to its end."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def bukti(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """`bukti …` upon this installation."""
        return self.run("manage.py", *words)

    def prepare(self, offices: int = 6) -> Plot:
        """Set up, and begin a round of so many offices."""
        made = self.run("-m", "tests.faults.prepare", str(offices))
        assert made.returncode == 0, made.stderr
        return read_plot(json.loads(made.stdout.splitlines()[-1]))


def read_plot(said: dict[str, Any]) -> Plot:
    """The plot as `tests.faults.prepare` prints it."""
    offices = tuple(
        Office(one["agency"], one["operator"], one["head"], tuple(one["codes"]))
        for one in said["offices"]
    )
    return Plot(said["round"], said["coordinator"], offices)


class Service:
    """Web processes and worker of an installation, which a test kills and starts again."""

    def __init__(self, installation: Installation, program: tuple[str, ...] = ()) -> None:
        self.installation = installation
        self.program = program or ("manage.py", "serve")
        self.port = free_port()
        # Beside the folder's own disk, which a test may fill or unplug.
        handle, name = tempfile.mkstemp(prefix="bukti-serve-", suffix=".log")
        self.log = os.fdopen(handle, "ab")
        self.log_path = Path(name)
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def __enter__(self) -> "Service":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.log.close()
        self.log_path.unlink()

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._launch()
        self.wait()

    def _launch(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *self.program, "--port", str(self.port)],
            cwd=ROOT,
            env=self.installation.environment,
            stdout=self.log,
            stderr=self.log,
        )
        self.starts += 1

    def keep(self) -> None:
        """Start a set again that gave up after two deaths within seconds, as an init would."""
        if self.process is None or self.process.poll() is not None:
            self.start()

    def wait(self) -> None:
        """Wait until it answers. A set that gave up is started again."""
        until = time.monotonic() + PATIENCE
        given_up = 0
        while time.monotonic() < until and given_up < MOST_RESTARTS:
            if self.process is None or self.process.poll() is not None:
                given_up += 1
                self._launch()
            elif self.answers():
                return
            time.sleep(0.03)
        said = self.log_path.read_text()[-2000:]
        raise RuntimeError(f"nothing answers on port {self.port}:\n{said}")

    def answers(self) -> bool:
        """Whether the sign-in page comes."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/masuk/")
            return line.getresponse().status == 200
        except OSError:
            return False
        finally:
            line.close()

    def worker(self) -> int | None:
        """The job worker's process, by the badge it wears."""
        children = self.children()
        for badge in (self.installation.folder / "run").glob("*,*,*"):
            pid = int(badge.name.split(",")[1])
            if pid in children:
                return pid
        return None

    def web(self) -> list[int]:
        """The web processes."""
        return sorted(self.children() - {self.worker()})

    def children(self) -> set[int]:
        """What the first process has forked and is alive."""
        assert self.process is not None
        return children_of(self.process.pid)

    def kill(self, pid: int | None) -> None:
        """End one process as a crash would."""
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_all(self) -> None:
        """End every process at once, the first one first, and wait until each is gone."""
        assert self.process is not None
        doomed = [self.process.pid, *self.children()]
        for pid in doomed:
            self.kill(pid)
        self.process.wait()
        while any(is_running(pid) for pid in doomed):
            time.sleep(0.005)

    def stop(self) -> None:
        """End it as an operator would."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill_all()


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> set[int]:
    """The living children of a process (Linux)."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found |= {int(word) for word in task.read_text().split()}
    return {child for child in found if is_running(child)}


def is_running(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be buried."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")
