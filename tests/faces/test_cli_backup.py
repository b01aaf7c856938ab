"""`bukti setup`, `doctor`, `backup` and `restore` on installations of their own."""

import http.client
import json
import shutil
import subprocess
import urllib.request
from threading import Event, Thread

import pytest

from tests.installation import SEED, Installation, eventually

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An installation at work; whoever changes it takes a copy."""
    made = Installation(tmp_path_factory.mktemp("home") / "data")
    assert made.run("setup").returncode == 0
    seeded = made.python(SEED)
    assert seeded.returncode == 0, seeded.stderr
    made.token = seeded.stdout.strip()
    return made


def looked_at(home):
    """What the doctor says of each thing; something is always red in these tests."""
    done = home.run("doctor", "--json")
    assert done.returncode == 1
    return {one["name"]: one["is_well"] for one in json.loads(done.stdout)}


@pytest.fixture
def saved(home, tmp_path):
    """A backup of it."""
    folder = tmp_path / "cadangan"
    done = home.run("backup", "--out", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def test_setting_up_again_changes_nothing_and_the_secret_is_private(home):
    secret = home.data / "keys" / "secret"
    before = secret.read_text()

    again = home.run("setup")

    assert again.returncode == 0
    assert secret.read_text() == before
    assert secret.stat().st_mode & 0o777 == 0o600


def test_a_restored_region_serves_the_same_round(home, saved, tmp_path):
    other = Installation(tmp_path / "baru" / "data")
    other.data.parent.mkdir()

    done = other.run("restore", str(saved))
    with home.served() as old, other.served() as new:
        pages = [
            urllib.request.urlopen(
                urllib.request.Request(
                    f"http://127.0.0.1:{server.port}/api/v1{path}",
                    headers={"Authorization": f"Bearer {home.token}"},
                )
            ).read()
            for path in ("/rounds", "/rounds/1/answers", "/rounds/1/answers/C1/evidence")
            for server in (old, new)
        ]
        revision = json.loads(pages[-1])[0]["revision"]
        file = new.get(f"/api/v1/evidence/{revision}/file")

    assert done.returncode == 0, done.stderr
    assert "catatan bukti utuh" in done.stdout
    assert pages[0::2] == pages[1::2]
    assert b"Sudah berlaku." in pages[2]
    assert file == 401
    assert other.run("ledger", "verify").returncode == 0


def test_a_backup_can_be_checked_without_bukti_and_is_readable_by_nobody_else(saved):
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=saved, check=False
    )

    assert checked.returncode == 0
    assert saved.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("what", ["flip", "remove", "add"])
def test_a_damaged_backup_is_named_and_nothing_is_restored(saved, tmp_path, what):
    victim = next(path for path in (saved / "vault").rglob("*") if path.is_file())
    # The copy may share its bytes with the vault: damage a file of our own.
    content = victim.read_bytes()
    victim.unlink()
    if what == "flip":
        victim.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    if what == "add":
        victim.write_bytes(content)
        (saved / "vault" / "lain").write_text("x")
    other = Installation(tmp_path / "baru" / "data")
    other.data.parent.mkdir()

    done = other.run("restore", str(saved))

    assert done.returncode == 1
    assert "Cadangan rusak" in done.stderr
    assert ("lain" if what == "add" else victim.name) in done.stderr
    assert not (other.data / "bukti.sqlite3").exists()
    assert not (other.data / "keys").exists()
    assert not (other.data / ".restoring").exists()


def test_nothing_is_restored_over_what_is_there(home, saved):
    done = home.run("restore", str(saved))

    assert done.returncode == 1
    assert "tidak kosong" in done.stderr


def test_a_backup_never_overwrites_another(home, saved):
    done = home.run("backup", "--out", str(saved))

    assert (done.returncode, "sudah ada" in done.stderr) == (1, True)


def test_a_backup_that_lacks_evidence_says_so(home, tmp_path):
    file = next(path for path in (home.data / "vault").glob("*/??/*") if path.is_file())
    aside = tmp_path / "aside"
    shutil.move(file, aside)

    done = home.run("backup", "--out", str(tmp_path / "c"))
    shutil.move(aside, file)

    assert done.returncode == 1
    assert file.name in done.stderr


def test_the_doctor_is_green_only_when_all_is_well(home):
    before = looked_at(home)
    home.run("backup")
    with home.served():
        serving = home.run("doctor")

    assert before["backup"] is False
    assert before["worker"] is False
    assert before["triggers"] is True
    assert serving.returncode == 0, serving.stdout
    assert "MERAH" not in serving.stdout


def test_the_doctor_finds_a_missing_key_and_an_open_secret(home):
    key, secret = home.data / "keys" / "ledger-ID.pem", home.data / "keys" / "secret"
    key.rename(key.with_suffix(".away"))
    secret.chmod(0o644)

    found = looked_at(home)
    key.with_suffix(".away").rename(key)
    secret.chmod(0o600)

    assert (found["keys"], found["secret"]) == (False, False)


def test_a_backup_taken_while_people_save_is_whole(home, tmp_path):
    other = Installation(tmp_path / "baru" / "data")
    other.data.parent.mkdir()
    with home.served() as server:
        writer = Writer(server.port, home.token)
        writer.start()
        eventually(lambda: writer.acknowledged > 5, "the first saves")

        before = writer.acknowledged
        saved = home.run("backup", "--out", str(tmp_path / "c"))
        after = writer.acknowledged
        writer.ended.set()
        writer.join()
    done = other.run("restore", str(tmp_path / "c"))
    kept = int(other.python(NEWEST).stdout)

    assert (saved.returncode, done.returncode) == (0, 0), done.stderr
    assert before <= kept <= after + 1
    assert after > before
    assert "catatan bukti utuh" in done.stdout


class Writer(Thread):
    """Saves one answer again and again; `acknowledged` is the newest version it was told of."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(daemon=True)
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.ended = Event()
        self.acknowledged = 0

    def run(self) -> None:
        """Save until told to end."""
        while not self.ended.is_set():
            body = {"version": self.acknowledged, "text": f"versi {self.acknowledged}"}
            path = "/api/v1/rounds/1/answers/C2"
            self.line.request("PUT", path, json.dumps(body), self.headers)
            answer = self.line.getresponse()
            told = json.loads(answer.read())
            assert answer.status == 200, told
            self.acknowledged = told["version"]


#: The newest version of that answer in the restored region.
NEWEST = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "bukti.site.settings"
import django
django.setup()
from bukti.areas.answers.models import Answer
print(Answer.objects.get(round=1, code="C2").version)
"""
