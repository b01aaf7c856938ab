"""A measured figure beside its goal, and the report of all of them."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

#: How a figure stands to its goal.
SIGNS = {
    "<=": lambda value, goal: value <= goal,
    ">=": lambda value, goal: value >= goal,
    "=": lambda value, goal: value == goal,
}
WORDS = {True: "yes", False: "**no**", None: ""}


@dataclass(frozen=True)
class Figure:
    """What was measured; without a goal it is told for its own sake."""

    part: str
    name: str
    value: float
    unit: str = ""
    sign: str = ""
    goal: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        return None if self.goal is None else bool(SIGNS[self.sign](self.value, self.goal))

    @property
    def aim(self) -> str:
        """The goal in words."""
        sign = {"<=": "≤", ">=": "≥"}.get(self.sign, self.sign)
        return "" if self.goal is None else f"{sign} {self.goal:g} {self.unit}".strip()


def row(figure: Figure) -> str:
    """One line of the table."""
    value = f"{figure.value:.2f}".rstrip("0").rstrip(".")
    cells = (figure.name, f"{value} {figure.unit}", figure.aim, WORDS[figure.is_met], figure.note)
    return "| " + " | ".join(cell.strip() for cell in cells) + " |"


def markdown(figures: Sequence[Figure], environment: dict[str, str]) -> str:
    """The result file."""
    lines = [f"# Bukti: `make bench`, {environment['day']}", ""]
    lines += [f"- {name}: {said}" for name, said in environment.items() if name != "day"]
    for part in dict.fromkeys(figure.part for figure in figures):
        lines += ["", f"## {part}", "", "| | measured | goal | met | |", "|---|---|---|---|---|"]
        lines += [row(figure) for figure in figures if figure.part == part]
    missed = [figure.name for figure in figures if figure.is_met is False]
    lines += ["", f"Goals missed: {', '.join(missed)}." if missed else "Every goal is met.", ""]
    return "\n".join(lines)


def surroundings(**more: str) -> dict[str, str]:
    """The machine, as far as the figures depend on it."""
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024
    cores = Path("/proc/cpuinfo").read_text()
    model = next((ln.split(":")[1].strip() for ln in cores.splitlines() if "model name" in ln), "")
    return {
        "day": datetime.now(UTC).strftime("%Y-%m-%d"),  # noqa: TID251  a benchmark reads the clock
        "machine": f"{cores.count('processor')} × {model}, {memory} MB, {platform.platform()}",
        "python": platform.python_version(),
        "load when it began": Path("/proc/loadavg").read_text().rsplit(" ", 2)[0],
        **more,
    }


def write(folder: Path, figures: Sequence[Figure], environment: dict[str, str]) -> Path:
    """Both result files; the later run of a day replaces the earlier."""
    folder.mkdir(exist_ok=True)
    told = {
        "environment": environment,
        "figures": [asdict(figure) | {"met": figure.is_met} for figure in figures],
    }
    (folder / f"{environment['day']}.json").write_text(
        json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    )
    path = folder / f"{environment['day']}.md"
    path.write_text(markdown(figures, environment))
    return path
