"""R-02 in small: the disk's power is cut while people work (loop-mounted ext4, shutdown ioctl)."""

import json
import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest

from tests.faults.conftest import IS_LONG
from tests.faults.installation import ROOT, Installation, Plot
from tests.faults.load import Deed, History
from tests.faults.mounts import Disk, NotAllowed, why_no_power_cuts
from tests.faults.reckoning import Reckoning, reckon

pytestmark = pytest.mark.fault

#: A database lives through so many rounds, so that its age varies.
LIFE = 4
CUTS, CONTROL_CUTS = (100, 10) if IS_LONG else (4, 1)
PATIENCE = 60.0

reason = cache(why_no_power_cuts)


@pytest.fixture
def disk(tmp_path):
    """A disk to cut the power of."""
    if reason():
        pytest.skip(f"no power cuts on this machine: {reason()}")
    made = Disk(tmp_path / "power")
    yield made
    with suppress(NotAllowed):
        made.unmount()


def begin(disk: Disk, prepared: tuple[Installation, Plot]) -> Installation:
    """A fresh installation on a fresh disk, all of it durable before the work begins."""
    original, _ = prepared
    disk.format()
    disk.mount()
    shutil.copytree(original.folder, disk.folder / "bukti", ignore=shutil.ignore_patterns("static"))
    subprocess.run(["sync", "-f", str(disk.folder)], check=True)
    return Installation(disk.folder / "bukti")


def work_until_cut(
    disk: Disk, installation: Installation, plot: Plot, flaw: str, seconds: float
) -> History:
    """Somebody works for so long after the first word of the product; then the power goes."""
    office = plot.offices[0]
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.power", flaw, office.operator, ",".join(office.codes)],
        cwd=ROOT,
        env=installation.environment,
        stdin=subprocess.PIPE,
        stdout=(disk.folder.parent / "told").open("wb"),
        stderr=(disk.folder.parent / "trouble").open("wb"),
    )
    told = disk.folder.parent / "told"
    until = time.monotonic() + PATIENCE
    while len([deed for deed in history_of(told.read_bytes()).deeds if deed.is_acknowledged]) < 6:
        assert time.monotonic() < until, (disk.folder.parent / "trouble").read_text()
        time.sleep(0.005)
    time.sleep(seconds)
    # What was told by the cut is promised; what is told while the disk is dying is not heard.
    heard = cut_after_reading(disk, told)
    writer.kill()
    writer.wait()
    disk.unmount()
    return history_of(heard)


def cut_after_reading(disk: Disk, told: Path) -> bytes:
    """All that was told before the power went."""
    heard = told.read_bytes()
    disk.cut()
    return heard


def history_of(heard: bytes) -> History:
    """The lines as deeds; the last one may be cut in the middle."""
    deeds: dict[str, Deed] = {}
    for line in heard.splitlines():
        with suppress(ValueError):
            said = json.loads(line)
            done = said.pop("done")
            deeds[said["mark"]] = Deed(**said, is_acknowledged=done)
    return History(list(deeds.values()))


def recover(installation: Installation) -> None:
    """Open the database for writing, as the product's next start does."""
    line = sqlite.connect(installation.database)
    line.execute("SELECT count(*) FROM sqlite_master").fetchall()
    line.close()


def rounds_of_power(disk: Disk, prepared, flaw: str, cuts: int, seed: int) -> list[Reckoning]:
    """So many power cuts; what was told before one must be there after it and all later ones."""
    chance = random.Random(seed)
    found: list[Reckoning] = []
    histories: list[History] = []
    installation = begin(disk, prepared)
    for number in range(cuts):
        if number and number % LIFE == 0:
            disk.unmount()
            installation, histories = begin(disk, prepared), []
        histories.append(
            work_until_cut(disk, installation, prepared[1], flaw, chance.uniform(0.05, 0.6))
        )
        disk.mount()
        recover(installation)
        found.append(reckon(installation, histories))
        if flaw == "none" and not found[-1].is_clean:
            break
    return found


def test_a_power_cut_takes_nothing_that_was_acknowledged(disk, prepared, figure):
    seed = random.SystemRandom().randrange(1 << 30)

    found = rounds_of_power(disk, prepared, "none", CUTS, seed)

    acknowledged = sum(one.acknowledged for one in found)
    figure(f"{len(found)} power cuts, {acknowledged} acknowledged, 0 lost; seed {seed}")
    assert all(one.is_clean for one in found), f"seed {seed}: {found[-1]}"
    assert acknowledged > len(found)
    verified = Installation(disk.folder / "bukti").bukti("ledger", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.parametrize(
    "flaw",
    [
        pytest.param("normal", id="synchronous NORMAL on a fresh database"),
        pytest.param("no-fsync", id="no fsync of files"),
    ],
)
def test_a_power_cut_finds_a_product_with_this_flaw_out(disk, prepared, figure, flaw):
    lost = []
    for seed in range(CONTROL_CUTS):
        lost += rounds_of_power(disk, prepared, flaw, 1, seed)
        disk.unmount()

    acknowledged = sum(one.acknowledged for one in lost)
    gone = sum(len(one.lost) for one in lost)
    figure(f"{len(lost)} cuts, {acknowledged} acknowledged, {gone} lost")
    assert all(one.lost for one in lost), "a control that loses nothing"
