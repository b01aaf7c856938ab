"""R-01: web processes and worker are killed while people work; nothing they were told is untrue."""

import os
import secrets

import pytest

from tests.faults.conftest import ROUNDS
from tests.faults.rounds import killing_rounds

pytestmark = pytest.mark.fault

#: Rounds within which a control must have failed; the first finding ends it.
CONTROL_ROUNDS = 30


def test_nothing_acknowledged_is_lost_doubled_or_half_done(copied, figure):
    installation, plot = copied()
    seed = int(os.environ.get("BUKTI_FAULT_SEED", secrets.randbelow(1 << 30)))

    outcome = killing_rounds(installation, plot, ROUNDS, seed=seed)

    figure(f"{outcome}; seed {seed}")
    assert outcome.last.is_clean, f"seed {seed}: {outcome.last}"
    assert outcome.oddities == []
    assert outcome.rounds == ROUNDS
    assert min(outcome.acknowledged(kind) for kind in ("save", "upload", "hand_in")) > 0
    verified = installation.bukti("ledger", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    checked = installation.bukti("evidence", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("flaw", "found"),
    [
        pytest.param("early", "lost", id="answering before the commit"),
        pytest.param("apart", "half_done", id="entry and change in two transactions"),
        pytest.param("straight", "half_done", id="bytes written straight to the final name"),
    ],
)
def test_a_product_with_this_flaw_is_found_out(copied, figure, flaw, found):
    installation, plot = copied()

    outcome = killing_rounds(
        installation,
        plot,
        CONTROL_ROUNDS,
        seed=1,
        targets=("all", "web"),
        program=("-m", "tests.faults.broken", flaw),
    )

    figure(outcome)
    assert getattr(outcome.last, found), f"{flaw} was not found in {outcome.rounds} rounds"
