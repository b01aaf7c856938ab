"""R-16: a SQLite that can corrupt a database with several writers is refused, and ours does not."""

import os
import subprocess
import sys
import time
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
import pytest
from django.conf import settings

from tests.faults.conftest import IS_LONG
from tests.faults.installation import ROOT

pytestmark = pytest.mark.fault

MINUTES = float(os.environ.get("BUKTI_FAULT_MINUTES", "30" if IS_LONG else "0.05"))
#: Runs the product on another SQLite: the module that it takes for its own says this version.
ON_VERSION = """
import sys, pysqlite3, pysqlite3.dbapi2 as found
found.sqlite_version_info = pysqlite3.sqlite_version_info = tuple(map(int, sys.argv[1].split(".")))
from bukti.site.main import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2"])
@pytest.mark.parametrize("words", [("serve", "--port", "1"), ("work",)], ids=["serve", "work"])
def test_an_affected_version_is_refused_at_the_start(copied, version, words):
    installation, _ = copied()

    started = subprocess.run(
        [sys.executable, "-c", ON_VERSION, version, *words],
        cwd=ROOT,
        env=installation.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert started.returncode == 1
    assert "bukti.E001" in started.stderr
    assert version in started.stderr


def write(database: Path, writer: int, stop: Event, done: "Path") -> None:
    """Count up in transactions as the product's are, until told to stop; say how far it came."""
    line = connect(database)
    count = 0
    while not stop.is_set():
        line.execute("BEGIN IMMEDIATE")
        line.execute("UPDATE counter SET value = value + 1 WHERE id = ?", (writer,))
        line.execute("INSERT INTO note (writer, text) VALUES (?, ?)", (writer, "x" * (count % 900)))
        line.execute("COMMIT")
        count += 1
    line.close()
    done.write_text(str(count))


def checkpoint(database: Path, stop: Event) -> None:
    """Checkpoint as hard as one can, passively and truncating."""
    line = connect(database)
    while not stop.is_set():
        for mode in ("PASSIVE", "TRUNCATE"):
            line.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
        time.sleep(0.001)
    line.close()


def connect(database: Path):
    """A connection set up as the product's."""
    line = sqlite.connect(database, timeout=60, isolation_level=None)
    options: Any = settings.DATABASES["default"]["OPTIONS"]
    line.executescript(options["init_command"])
    return line


@pytest.mark.skipif(
    "sqlite" not in str(settings.DATABASES["default"]["ENGINE"]), reason="asks about SQLite"
)
def test_two_writers_and_a_checkpointer_leave_a_sound_database(tmp_path, figure):
    database = tmp_path / "stress.sqlite3"
    line = connect(database)
    line.executescript(
        "CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL);"
        "CREATE TABLE note (id INTEGER PRIMARY KEY, writer INTEGER, text TEXT);"
        "INSERT INTO counter VALUES (1, 0), (2, 0)"
    )
    spawn = get_context("spawn")
    stop = spawn.Event()
    said = {writer: tmp_path / f"{writer}.count" for writer in (1, 2)}
    crew = [
        spawn.Process(target=write, args=(database, writer, stop, said[writer])) for writer in said
    ]
    crew.append(spawn.Process(target=checkpoint, args=(database, stop)))

    for process in crew:
        process.start()
    time.sleep(MINUTES * 60)
    stop.set()
    for process in crew:
        process.join(120)

    counted = {writer: int(path.read_text()) for writer, path in said.items()}
    assert [process.exitcode for process in crew] == [0, 0, 0]
    assert dict(line.execute("SELECT id, value FROM counter")) == counted
    assert dict(line.execute("SELECT writer, count(*) FROM note GROUP BY writer")) == counted
    assert line.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert min(counted.values()) > 0
    figure(f"{sum(counted.values())} commits in {MINUTES:g} min on SQLite {sqlite.sqlite_version}")
