"""Figures of the fault runs, printed below the tests' own summary; also what could not be run.

`tests/conftest.py` takes the hook from here, so that they are printed wherever the tests ran.
"""

from typing import Any

FIGURE = "figure"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line a figure. Nothing is skipped in silence."""
    lines = []
    for outcome in ("passed", "failed", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            said = [text for name, text in report.user_properties if name == FIGURE]
            if outcome == "skipped" and "faults" in report.nodeid:
                said.append(f"NOT RUN: {report.longrepr[2]}")
            lines += [f"{report.nodeid.rpartition('::')[2]}: {text}" for text in said]
    if lines:
        terminalreporter.section("fault runs")
        for line in lines:
            terminalreporter.write_line(line)
