"""Installations to break, and how long to go on breaking them."""

import os
import shutil
from pathlib import Path

import pytest

from tests.faults.figures import FIGURE
from tests.faults.installation import Installation, Plot

#: `make test-faults` sets 200; every other length follows from it.
ROUNDS = int(os.environ.get("BUKTI_FAULT_ROUNDS", "20"))
IS_LONG = ROUNDS >= 100


@pytest.fixture(autouse=True)
def _own_vault():
    """Installations have vaults of their own; the settings of the tests stay as they are."""


@pytest.fixture
def figure(record_property):
    """`figure("200 rounds, 0 lost")`: told below the tests' summary."""
    return lambda text: record_property(FIGURE, str(text))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> tuple[Installation, Plot]:
    """An installation with a running round, made once; tests take copies."""
    installation = Installation(tmp_path_factory.mktemp("prepared"))
    return installation, installation.prepare()


@pytest.fixture
def copied(prepared, tmp_path):
    """`copied(folder)`: an installation of one's own, and its plot."""
    original, plot = prepared

    def copy(folder: Path | None = None, **settings: str) -> tuple[Installation, Plot]:
        target = folder or tmp_path / "installation"
        shutil.copytree(original.folder, target, dirs_exist_ok=True)
        return Installation(target, settings), plot

    return copy
