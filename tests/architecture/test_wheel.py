"""What is installed from the wheel is all that a server needs."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """The names in a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    subprocess.run(["cp", "-r", "--parents", *SOURCES, str(_made(source))], cwd=ROOT, check=True)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps"),
            *("--no-build-isolation", "--wheel-dir", str(folder), str(source)),
        ],
        check=True,
    )
    (wheel,) = folder.glob("bukti-*.whl")
    return set(ZipFile(wheel).namelist())


SOURCES = ["bukti", "pyproject.toml", "README.md", "LICENSE"]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def kept(pattern: str) -> set[str]:
    """Files of the checkout that the wheel must carry."""
    return {str(path.relative_to(ROOT)) for path in ROOT.glob(pattern) if path.is_file()}


@pytest.mark.parametrize(
    "pattern",
    [
        "bukti/packs/**/*.yaml",
        "bukti/packs/**/README.md",
        "bukti/locale/**/*.mo",
        "bukti/faces/web/static/**/*",
        "bukti/faces/web/templates/**/*",
        "bukti/wording/typst/**/*",
        "bukti/areas/people/regions.csv",
        "bukti/**/*.py",
    ],
)
def test_the_wheel_carries_what_is_read_at_run_time(names, pattern):
    wanted = {name for name in kept(pattern) if "__pycache__" not in name}

    assert wanted
    assert not wanted - names


def test_the_wheel_carries_no_sources_of_assets_and_no_tests(names):
    assert not [name for name in names if "/assets/ts/" in name or name.startswith("tests/")]


def test_every_file_beside_the_modules_is_carried_or_named_here(names):
    """A new kind of data file shows up here before it is missed on a server."""
    known = ("__pycache__", "/assets/", ".pyc")
    left = {
        name
        for name in kept("bukti/**/*")
        if name not in names and not any(part in name for part in known)
    }

    assert {Path(name).name for name in left} <= {"README.md", "django.po"}
