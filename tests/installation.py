"""An installation of its own, as an operator has it before them: data, database, processes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).parents[1]
PATIENCE = 30.0


@dataclass
class Installation:
    """Runs `bukti` on a data folder that nobody else uses."""

    data: Path
    env: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.env = {
            **kept,
            "BUKTI_DATA": str(self.data),
            "BUKTI_DEVELOPMENT": "yes",
            "BUKTI_RESERVED_SPACE_MB": "1",
            "PYTHONPATH": str(ROOT),
            **self.env,
        }
        if "BUKTI_DATABASE" in os.environ and "BUKTI_DATABASE" not in self.env:
            self.env["BUKTI_DATABASE"] = _new_database(os.environ["BUKTI_DATABASE"])

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """One command to its end, with what it printed."""
        return self._run([str(ROOT / "manage.py"), *words], more)

    def python(self, code: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A few lines of Python in the installation."""
        return self._run(["-c", code], more)

    def _run(self, words: list[str], more: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            env={**self.env, **more},
            cwd=self.data.parent,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    @contextmanager
    def served(self, *words: str) -> Iterator["Served"]:
        """`bukti serve` on a free port, until the block ends."""
        port = free_port()
        log = self.data.parent / f"serve-{port}.log"
        with log.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port), *words],
                env=self.env,
                cwd=self.data.parent,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        served = Served(process, port, log)
        try:
            served.wait()
            yield served
        finally:
            served.end()


@dataclass
class Served:
    """A running set of processes."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str = "/masuk/") -> int:
        """The status that an address answers with."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as found:
                found.read()
                return int(found.status)
        except urllib.error.HTTPError as error:
            return error.code

    def wait(self) -> None:
        """Until it answers."""
        eventually(self._answers, f"the server answers; it said: {self.log.read_text()}")

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        with closing(socket.socket()) as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0 and self.get() > 0

    def children(self) -> dict[int, str]:
        """The processes under the first one, `web` or `worker`: the worker has its own group."""
        found = {}
        for pid in _children_of(self.process.pid):
            is_worker = os.getpgid(pid) == pid
            found[pid] = "worker" if is_worker else "web"
        return found

    def of_kind(self, kind: str) -> list[int]:
        """The processes of a kind."""
        return [pid for pid, name in self.children().items() if name == kind]

    def end(self) -> int:
        """Ask it to stop, and wait until it has."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def _children_of(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def is_running(pid: int) -> bool:
    """Whether the process is there and no mere corpse."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(happens: object, what: str, patience: float = PATIENCE) -> None:
    """Wait until something is so; fail with its name when it never is."""
    until = time.monotonic() + patience
    while not happens():  # type: ignore[operator]
        assert time.monotonic() < until, what
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody uses now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _new_database(address: str) -> str:
    """A fresh database on the tests' PostgreSQL server."""
    import psycopg

    name = f"installation_{token_hex(4)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"/{name}"))


#: A region at work, made as its people would: a round, a saved answer, a document.
SEED = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "bukti.site.settings"
import django
django.setup()
from io import BytesIO
from bukti.areas.answers import commands
from bukti.areas.evidence import vault
from bukti.areas.evidence.commands import Facts
from bukti.rules.claims import Claim
from tests import cast
people = cast.everybody()
round_ = cast.running_round(people)
actor = people.operator_of_health.actor
answer = cast.answer(round_, "C1")
commands.save_answer(actor, answer.pk, Claim(level=2, explanation="Sudah berlaku."), base=0)
pdf = b"%PDF-1.4\\n1 0 obj <</Type /Catalog>> endobj\\ntrailer <</Root 1 0 R>>\\n%%EOF\\n"
received = vault.receive(BytesIO(pdf), "perbup.pdf")
commands.attach_file(actor, answer.pk, received, Facts("Perbup", "1/2026"), pages="1")
from bukti.areas.people.commands import issue_token
print(issue_token(actor, "64.01", name="uji")[1])
"""
