"""I-04: comparing tables with the ledger raises no alarm because people go on working meanwhile."""

import pytest

from tests.faults.installation import Service
from tests.faults.load import OfficeAtWork

pytestmark = pytest.mark.fault

COMPARE = """
import sys, time, django
django.setup()
from bukti.areas.dossier.reconcile import reconcile
until, times = time.monotonic() + float(sys.argv[1]), 0
while time.monotonic() < until:
    found = reconcile("64.01")
    assert not found, found
    times += 1
print(times)
"""


def test_no_false_alarm_while_people_save(copied, figure):
    installation, plot = copied()
    with Service(installation) as service:
        offices = [
            OfficeAtWork(service.port, plot, office, seed)
            for seed, office in enumerate(plot.offices[:3])
        ]
        for office in offices:
            office.sign_in()
            office.go.set()
            office.start()

        compared = installation.run("-c", COMPARE, "4")
        for office in offices:
            office.end.set()
        for office in offices:
            office.join(60)

    saved = sum(len(office.history.acknowledged("save")) for office in offices)
    assert compared.returncode == 0, compared.stderr[-2000:]
    assert saved > 10
    figure(f"{int(compared.stdout)} comparisons beside {saved} saves, 0 alarms")
