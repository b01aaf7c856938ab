"""What every journey shares: a browser, a mail server, and people who leave no trouble behind."""

import os
import shutil
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.person import PATIENCE, Person
from tests.journeys.site import Site
from tests.journeys.town import Town

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


#: Which step of a module has failed, for those that build upon it.
BROKEN = pytest.StashKey[str]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed journey says what everybody had before them, and that its story stops here."""
    report = yield
    if report.when == "call" and report.failed:
        item.parent.stash[BROKEN] = item.name
        for person in Person.everybody:
            report.sections.append((f"before {person.email or 'somebody'}", person.before_them()))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    chosen = os.environ.get("BUKTI_CHROMIUM", "")
    program = chosen or shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "the journeys need Chromium: apt-get install chromium"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Iterator[Site]:
    """Paser as `bukti demo` loads it, served; the last journey of its module changes it."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    with Site(folder).prepare("demo") as site:
        yield site


@pytest.fixture(scope="session")
def town(tmp_path_factory, browser) -> Iterator[Town]:
    """A region whose offices wait to be worked in; each test takes one of its own."""
    folder = tmp_path_factory.mktemp("town") / "data"
    with Site(folder, BUKTI_UPLOAD_LIMIT_MB="1").prepare() as site:
        yield Town.founded(site, browser)
