"""A worker that lives is never taken for dead, whoever asks: its job would be done twice."""

import subprocess
import sys

import pytest

from bukti.site.operations import crew
from tests.faults.installation import ROOT, Service

pytestmark = pytest.mark.fault

ASK = "import sys, django; django.setup(); from bukti.site.operations import crew; "
ASK += "sys.exit(0 if crew.is_alive(sys.argv[1]) else 1)"


def test_a_worker_that_asks_for_itself_stays_alive_for_others(copied, settings):
    installation, _ = copied()
    settings.DATA = installation.folder
    badge = crew.sign_on()

    own = [crew.is_alive(badge.name), crew.is_alive(badge.name)]
    others = subprocess.run(
        [sys.executable, "-c", ASK, badge.name], cwd=ROOT, env=installation.environment, check=False
    )
    crew.sign_off(badge)

    assert own == [True, True]
    assert others.returncode == 0


def test_a_first_process_that_is_killed_takes_the_others_with_it(copied):
    installation, _ = copied()
    for _ in range(3):
        with Service(installation) as service:
            service.kill(service.web()[0])

            service.kill_all()

            assert not service.answers()
