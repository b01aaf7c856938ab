"""R-03: an upload that dies at any of its steps is absent or complete, and works when repeated."""

import json
import signal

import pytest

pytestmark = pytest.mark.fault

NOTHING, EVERYTHING = [0, 0, 0, 0], [1, 1, 1, 1]
STEPS = {f"{when} {step}" for step in ("fsync", "rename", "commit") for when in ("before", "after")}


def test_an_upload_killed_at_any_step_is_absent_or_complete(copied, figure):
    installation, _ = copied()

    swept = installation.run("-m", "tests.faults.stops")

    assert swept.returncode == 0, swept.stderr
    *stops, whole = [json.loads(line) for line in swept.stdout.splitlines()]
    assert {stop["point"] for stop in stops} >= STEPS
    assert (whole["point"], whole["end"]) == ("", 0)
    for stop in stops:
        point, died, then = stop["point"], stop["died"], stop["then"]
        assert stop["end"] == signal.SIGKILL, stop
        assert died["rows"] in (NOTHING, EVERYTHING), stop
        assert died["told"] == died["rows"][0], stop
        assert died["file"] in ([[True]] if died["rows"] == EVERYTHING else [[True], []]), stop
        assert stop["again"] == 0, f"{point}: the same upload is refused afterwards"
        assert (then["file"], then["rows"], then["told"]) == ([True], EVERYTHING, 1), stop
        assert died["damaged"] == then["damaged"] == 0, stop
        assert (died["ledger"], then["ledger"]) == (True, True), stop
    complete = sum(stop["died"]["rows"] == EVERYTHING for stop in stops)
    figure(
        f"{len(stops)} stop points: {len(stops) - complete} absent, {complete} complete, 0 between"
    )


def test_an_upload_that_writes_straight_to_its_final_name_is_found_out(copied):
    installation, _ = copied()

    swept = installation.run("-m", "tests.faults.stops", "straight")

    assert swept.returncode == 0, swept.stderr
    last = json.loads(swept.stdout.splitlines()[-1])
    assert last["end"] == signal.SIGKILL
    assert last["died"]["file"] == [False]
