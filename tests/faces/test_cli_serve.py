"""`bukti serve`: one set of processes that starts and stops together."""

import http.client
import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from tests.installation import SEED, Installation, eventually, free_port, is_running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """An installation where nobody has signed in yet."""
    made = Installation(tmp_path_factory.mktemp("empty") / "data")
    assert made.run("setup").returncode == 0
    return made


def test_it_serves_and_says_how_to_begin(empty):
    with empty.served() as server:
        page = server.get("/masuk/")
        children = sorted(server.children().values())
        said = server.log.read_text()

    assert page == 200
    assert children == ["web", "web", "worker"]
    assert f"http://127.0.0.1:{server.port}/siapkan/" in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_every_process(empty, number):
    with empty.served() as server:
        pids = list(server.children())

        server.process.send_signal(number)
        code = server.process.wait(30)

    assert code == 0
    assert not [pid for pid in pids if is_running(pid)]


def test_when_the_first_process_is_killed_the_others_end(empty):
    with empty.served() as server:
        pids = list(server.children())

        server.process.kill()
        server.process.wait(30)

        eventually(lambda: not [pid for pid in pids if is_running(pid)], "all processes are gone")


def test_a_killed_web_process_is_replaced_while_the_other_answers(empty):
    with empty.served() as server:
        victim = server.of_kind("web")[0]

        os.kill(victim, signal.SIGKILL)

        eventually(
            lambda: len(server.of_kind("web")) == 2 and victim not in server.children(),
            "a new web process",
        )
        assert server.get() == 200


def test_a_killed_worker_is_replaced_and_its_job_is_done(empty):
    with empty.served() as server:
        (victim,) = server.of_kind("worker")
        empty.python(LOST_JOB.format(pid=victim))

        os.kill(victim, signal.SIGKILL)

        eventually(lambda: server.of_kind("worker") not in ([], [victim]), "a new worker")
        eventually(lambda: "done" in empty.python(JOB_STATE).stdout, "the job is done", 60)


#: A job as it lies in the table when the worker that took it has been killed.
LOST_JOB = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "bukti.site.settings"
import django
django.setup()
from pathlib import Path
from django.conf import settings
from django_tasks_db.models import DBTaskResult
from bukti.areas.people.jobs import mail_invitation
from tests.cast import Role, person
somebody = person("Operator yang diundang", Role.COORDINATOR)
name = next(p.name for p in Path(settings.DATA, "run").iterdir() if ",{pid}," in p.name)
job = mail_invitation.enqueue(somebody.user.pk)
DBTaskResult.objects.filter(pk=job.id).update(status="RUNNING", worker_ids=[name])
"""
JOB_STATE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "bukti.site.settings"
import django
django.setup()
from django_tasks_db.models import DBTaskResult
print("done" if DBTaskResult.objects.filter(status="SUCCESSFUL").exists() else "not yet")
"""


def test_a_port_in_use_is_named(empty):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port()))
        taken.listen()
        port = taken.getsockname()[1]

        done = empty.run("serve", "--port", str(port))

    assert done.returncode == 1
    assert str(port) in done.stderr


def test_it_listens_on_this_machine_only(empty):
    with empty.served() as server:
        own = {row.split()[1] for row in Path("/proc/net/tcp").read_text().splitlines()[1:]}

    assert f"0100007F:{server.port:04X}" in own
    assert f"00000000:{server.port:04X}" not in own


def test_without_a_secret_nothing_is_served(empty):
    moved = empty.data / "keys" / "secret"
    moved.rename(moved.with_suffix(".away"))

    done = empty.run("serve", "--port", str(free_port()), BUKTI_DEVELOPMENT="no")
    moved.with_suffix(".away").rename(moved)

    assert done.returncode == 1
    assert "bukti.E002" in done.stderr


def test_what_needs_no_secret_works_without_setting_up(tmp_path):
    fresh = Installation(tmp_path / "data")

    done = fresh.run("pack", "check", "spbe-2020", BUKTI_DEVELOPMENT="no")

    assert done.returncode == 0, done.stderr
    assert not fresh.data.exists()


def test_a_sqlite_that_can_corrupt_the_file_is_refused(empty):
    if "BUKTI_DATABASE" in empty.env:
        pytest.skip("about SQLite only")
    import _sqlite3  # the system's own, not the one that Bukti brings

    if tuple(int(part) for part in _sqlite3.sqlite_version.split(".")) >= (3, 51, 3):
        pytest.skip("this Python's own SQLite is not affected")

    done = empty.python(
        "import sys, types; sys.modules['bukti.site.sqlite'] = types.ModuleType('none');"
        f"from bukti.site.main import main; main(['serve', '--port', '{free_port()}'])"
    )

    assert done.returncode == 1
    assert "bukti.E001" in done.stderr


def test_django_finds_nothing_to_say_about_a_deployment(empty):
    done = empty.run(
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        BUKTI_DEVELOPMENT="no",
        BUKTI_TLS="yes",
        BUKTI_HOSTS="bukti.example.go.id",
        BUKTI_ADDRESS="https://bukti.example.go.id",
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_two_web_processes_and_the_worker_fit_in_300_mb(empty):
    with empty.served() as server:
        for _ in range(200):
            server.get()
        pids = [server.process.pid, *server.children()]
        memory = sum(proportional(pid) for pid in pids)

    assert memory < 300


def proportional(pid: int) -> float:
    """Megabytes of a process, what it shares divided among those who share it."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        lines = [line.split() for line in file]
    return sum(int(line[1]) for line in lines if line[0] == "Pss:") / 1000


def test_sixteen_uploads_over_a_bad_line_keep_nobody_waiting(tmp_path):
    home = Installation(tmp_path / "data")
    home.run("setup")
    token = home.python(SEED).stdout.strip()
    with home.served() as server:
        phones = [Phone(server.port, token, number) for number in range(16)]

        begun = time.monotonic()
        pages = [server.get() for _ in range(10)]
        waited = time.monotonic() - begun

        statuses = [phone.finish() for phone in phones]

    assert pages == [200] * 10
    assert waited < 10
    assert statuses == [201] * 16


class Phone:
    """Sends half a file, and the rest when it is told to."""

    def __init__(self, port: int, token: str, number: int) -> None:
        pdf = b"%PDF-1.4\n%" + str(number).encode() + b"\n" + b"x" * 4000 + b"\n%%EOF\n"
        field = b'Content-Disposition: form-data; name="file"; filename="a.pdf"'
        body = b"--x\r\n" + field + b"\r\n\r\n" + pdf + b"\r\n--x--\r\n"
        self.rest = body[2000:]
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.line.putrequest("POST", "/api/v1/rounds/1/answers/C1/evidence")
        self.line.putheader("Authorization", f"Bearer {token}")
        self.line.putheader("Content-Type", "multipart/form-data; boundary=x")
        self.line.putheader("Content-Length", str(len(body)))
        self.line.endheaders(body[:2000])

    def finish(self) -> int:
        """Send the rest; the status."""
        self.line.send(self.rest)
        return self.line.getresponse().status
