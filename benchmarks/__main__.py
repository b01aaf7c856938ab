"""`make bench`: measures an installation of its own, prints a table, writes `benchmarks/results/`.

Never a test: what it finds depends on the machine. What is compared is compared within one run. On
this machine only, with a bounded load, and it ends by itself.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.update(BUKTI_DATA=tempfile.mkdtemp(prefix="bukti-bench-"), BUKTI_DEVELOPMENT="yes")
os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"

import django

django.setup()

import pysqlite3  # noqa: E402

from benchmarks import size, speed  # noqa: E402
from benchmarks.figure import Figure, row, surroundings, write  # noqa: E402
from benchmarks.place import grown, prepare  # noqa: E402

HERE = Path(__file__).parent


def main() -> int:
    """Everything, one after the other."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=500, help="rounds in the large database")
    asked.add_argument("--results", type=Path, default=HERE / "results")
    words = asked.parse_args()
    folder = Path(os.environ["BUKTI_DATA"])
    try:
        environment = surroundings(
            database=f"SQLite {pysqlite3.sqlite_version}, WAL, synchronous=FULL",
            served="granian, 2 web processes and a worker, as `bukti serve` does",
        )
        figures = measure(folder, words.rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\nwritten: {write(words.results, figures, environment)}")
    return 0


def measure(folder: Path, rounds: int) -> list[Figure]:
    """All figures, each printed as it comes."""
    figures: list[Figure] = []

    def told(more: list[Figure]) -> None:
        for figure in more:
            print(row(figure), flush=True)
        figures.extend(more)

    print("preparing the demonstration region …", flush=True)
    told(size.fsync(folder))
    told(size.migrations(folder / "empty"))
    one = prepare(folder / "one")
    many = grown(one, folder / "many", rounds)
    told(speed.plans(one, many, rounds))
    told(size.start(one))
    with speed.visiting(one) as visit:
        told(speed.server_times(visit))
        told(speed.throughput(visit))
        told(speed.many_savers(visit))
        told(speed.weights(visit))
        told(size.phones(visit))
    with speed.visiting(one) as visit:
        told(size.memory(visit))
        told(size.large_upload(visit, folder))
    told(speed.commits(one))
    told(speed.growth(one, many, rounds))
    told(size.dossier(one, folder))
    return figures


if __name__ == "__main__":
    sys.exit(main())
