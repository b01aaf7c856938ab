"""Server times, throughput as a ratio, many savers at once, and one round against five hundred."""

import gzip
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from secrets import token_hex
from statistics import median, quantiles
from threading import Barrier, Thread
from typing import Any

from benchmarks.figure import Figure
from benchmarks.line import Answer, Line
from benchmarks.place import Place, run_json
from benchmarks.urls import EMPTY
from tests.faults.browser import Browser, version_on
from tests.faults.installation import Installation, Service
from tests.faults.papers import pdf

GOALS = {"board": 5.0, "question": 5.0}
QUERIES = {"board": 8, "question": 14, "save": 12}
ROUNDS = 200
SAVERS = 16
SECONDS = 2.0


class Visit:
    """A service with everybody signed in that the measures need."""

    def __init__(self, place: Place, service: Service) -> None:
        self.place, self.port = place, service.port
        self.service = service
        self.browsers: dict[str, Browser] = {}

    def browser(self, email: str) -> Browser:
        """A session, signed in once."""
        if email not in self.browsers:
            self.browsers[email] = self.place.sign_in(self.port, email)
        return self.browsers[email]

    def line(self, email: str) -> Line:
        """A line for this person."""
        return Line(self.port, self.browser(email))

    def asks(self) -> dict[str, Callable[[], Answer]]:
        """A call for each page, the empty one first."""
        pages = {"empty": (self.place.operator, EMPTY)} | self.place.pages()
        return {name: self._ask(who, where) for name, (who, where) in pages.items()}

    def _ask(self, who: str, where: str) -> Callable[[], Answer]:
        line = self.line(who)
        return lambda: line.get(where)

    def saver(self, code: str, email: str) -> "Saver":
        """Somebody at one question."""
        return Saver(self, code, email)


class Saver:
    """Saves one answer again and again, always something new."""

    def __init__(self, visit: Visit, code: str, email: str) -> None:
        self.where = visit.place.question(code, "simpan/")
        self.line = visit.line(email)
        page = _plain(self.line.get(visit.place.question(code)))
        self.version = version_on(page) or 0

    def save(self) -> Answer:
        """One save on top of the last."""
        text = f"Uraian {token_hex(300)}"
        answer = self.line.post(self.where, {"version": str(self.version), "explanation": text})
        if answer.status == 200:
            self.version += 1
        return answer


@contextmanager
def visiting(place: Place, **settings: str) -> Iterator[Visit]:
    """The place, served as `bukti serve` does."""
    installation = Installation(place.installation.folder, place.installation.settings | settings)
    with Service(installation) as service:
        yield Visit(place, service)


def server_times(visit: Visit) -> list[Figure]:
    """Medians of what the server needed, one client, pages by turns."""
    asks = visit.asks()
    asks["save"] = visit.saver(*visit.place.saved).save
    code, operator = visit.place.supported
    uploader, where = visit.line(operator), visit.place.question(code, "bukti/")
    asks["upload of 200 KB with its citation"] = lambda: uploader.upload(
        where, pdf(token_hex(8), 200_000)
    )
    taken: dict[str, list[Answer]] = {name: [] for name in asks}
    for number in range(ROUNDS + 10):
        for name, ask in asks.items():
            if name.startswith("upload") and number % 4:
                continue
            answer = ask()
            if answer.status != 200:
                raise SystemExit(f"{name} answered {answer.status}: {answer.body[:300]!r}")
            if number >= 10:
                taken[name].append(answer)
    goals = GOALS | {"save": 4.0, "upload of 200 KB with its citation": 8.0}
    part = "Server time at the median, one client"
    return [
        Figure(
            part,
            name,
            median(answer.server for answer in answers),
            "ms",
            "<=" if name in goals else "",
            goals.get(name),
            f"processor {median(answer.processor for answer in answers):.2f} ms; "
            f"95 % within {quantiles([a.server for a in answers], n=20)[-1]:.2f} ms",
        )
        for name, answers in taken.items()
    ]


def throughput(visit: Visit) -> list[Figure]:
    """Requests a second of each page as a ratio to the empty view, slices by turns."""
    pages = {"empty": (visit.place.operator, EMPTY)} | visit.place.pages()
    rates: dict[str, list[float]] = {name: [] for name in pages}
    lines = {name: [visit.line(who) for _ in range(8)] for name, (who, _) in pages.items()}
    for _ in range(5):
        for name, (_, where) in pages.items():
            rates[name].append(_rate(lines[name], where))
    empty = median(rates["empty"])
    part = "Throughput, 8 clients, as a ratio to an empty signed-in view in the same run"
    return [Figure(part, "empty signed-in view", empty, "requests/s")] + [
        Figure(
            part,
            name,
            median(rates[name]) / empty,
            "×",
            ">=",
            0.33,
            f"{median(rates[name]):.0f} requests/s",
        )
        for name in pages
        if name != "empty"
    ]


def _rate(lines: list[Line], where: str) -> float:
    done = [0] * len(lines)
    until = time.monotonic() + SECONDS / 2

    def ask(number: int) -> None:
        while time.monotonic() < until:
            lines[number].get(where)
            done[number] += 1

    began = time.monotonic()
    together(ask, len(lines))
    return sum(done) / (time.monotonic() - began)


def together(work: Callable[[int], None], count: int) -> None:
    """So many threads at once, to their end."""
    start = Barrier(count)

    def run(number: int) -> None:
        start.wait()
        work(number)

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _saving(savers: list[Saver], seconds: float) -> tuple[float, list[Answer]]:
    """Saves a second, and every answer."""
    answers: list[list[Answer]] = [[] for _ in savers]
    until = time.monotonic() + seconds

    def save(number: int) -> None:
        while time.monotonic() < until:
            answers[number].append(savers[number].save())

    began = time.monotonic()
    together(save, len(savers))
    taken = time.monotonic() - began
    flat = [answer for some in answers for answer in some]
    return len(flat) / taken, flat


def able(visit: Visit) -> list[Saver]:
    """Sixteen who can save: in the story, some agencies' time is over."""
    everybody = (visit.saver(code, who) for code, who in visit.place.open)
    return list(islice((saver for saver in everybody if saver.save().status == 200), SAVERS))


def many_savers(visit: Visit) -> list[Figure]:
    """Sixteen at once against one, slices by turns."""
    savers = able(visit)
    alone, all_of_them = [], []
    one: list[Answer] = []
    many: list[Answer] = []
    for _ in range(5):
        rate, answers = _saving(savers[:1], SECONDS)
        alone.append(rate)
        one += answers
        rate, answers = _saving(savers, SECONDS)
        all_of_them.append(rate)
        many += answers
    failed = [answer for answer in one + many if answer.status != 200]
    told = Counter(answer.status for answer in failed)
    single = median(answer.seconds for answer in one)
    late = quantiles([answer.seconds for answer in many], n=20)[-1]
    part = f"{SAVERS} clients saving at once"
    return [
        Figure(
            part,
            f"saves a second, {SAVERS} clients to one",
            median(all_of_them) / median(alone),
            "×",
            ">=",
            0.8,
            f"{median(all_of_them):.0f}/s to {median(alone):.0f}/s",
        ),
        Figure(
            part,
            "95 % of them within, in medians of one client",
            late / single,
            "×",
            "<=",
            20,
            f"{late * 1000:.1f} ms to {single * 1000:.1f} ms",
        ),
        Figure(
            part,
            "refused or failed, lock errors among them",
            len(failed),
            "",
            "=",
            0,
            f"of {len(one) + len(many)} {dict(told) or ''}",
        ),
    ]


def commits(place: Place) -> list[Figure]:
    """Commits that SQLite itself counts for each save, while many save."""
    with visiting(place, BENCHMARK_COUNTS_COMMITS="yes") as visit:
        savers = able(visit)
        _, answers = _saving(savers, SECONDS)
    kept = [answer for answer in answers if answer.status == 200]
    counted = {answer.commits for answer in kept}
    return [
        Figure(
            f"{SAVERS} clients saving at once",
            "commits a save",
            sum(answer.commits for answer in kept) / len(kept),
            "",
            "=",
            1,
            f"of {len(kept)} saves, each {sorted(counted)}",
        )
    ]


def growth(one: Place, many: Place, rounds: int) -> list[Figure]:
    """The same requests upon both, by turns; the same statements, the same plans."""
    part = growth_part(rounds)
    figures = []
    with visiting(one) as first, visiting(many) as second:
        asked = (first.asks(), second.asks())
        asked[0]["save"] = first.saver(*one.saved).save
        asked[1]["save"] = second.saver(*many.saved).save
        taken: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in asked[0]}
        for number in range(ROUNDS + 10):
            for name in asked[0]:
                for side in (0, 1):
                    answer = asked[side][name]()
                    if number >= 10:
                        taken[name][side].append(answer.server)
    for name, (small, large) in taken.items():
        figures.append(
            Figure(
                part,
                name,
                median(large) / median(small),
                "×",
                "<=",
                1.2,
                f"{median(small):.2f} → {median(large):.2f} ms",
            )
        )
    told = run_json(many.installation, "benchmarks.queries")
    return [*figures, _whole_tables(part, "the same, once statistics were gathered", told)]


def _whole_tables(part: str, name: str, told: dict[str, Any]) -> Figure:
    steps = [f"{page}: {step}" for page in told for step in told[page]["scans"]]
    for step in steps:
        print(f"  {step}")
    return Figure(part, name, len(steps), "", "=", 0, "; ".join(steps)[:300])


def plans(one: Place, many: Place, rounds: int) -> list[Figure]:
    """Counts of statements, and whether any plan changed or reads a whole table that grows.

    Compared before anything is served: later the worker gathers statistics, and with those SQLite
    rightly reads a table of one round from end to end, and one of five hundred by its index.
    """
    part = growth_part(rounds)
    small = run_json(one.installation, "benchmarks.queries")
    large = run_json(many.installation, "benchmarks.queries")
    other = [n for n in small if small[n]["statements"] != large[n]["statements"]]
    changed = [n for n in small if small[n]["plans"] != large[n]["plans"]]
    counts = [
        Figure(
            "Statements a request, without BEGIN and COMMIT",
            name,
            large[name]["count"],
            "",
            "<=" if name in QUERIES else "",
            QUERIES.get(name),
        )
        for name in large
    ]
    return [
        Figure(part, "pages with other statements", len(other), "", "=", 0, ", ".join(other)),
        Figure(part, "pages with other plans", len(changed), "", "=", 0, ", ".join(changed)),
        _whole_tables(part, "steps that read a whole growing table", large),
        *counts,
    ]


def growth_part(rounds: int) -> str:
    """The heading of what is compared between a small and a large database."""
    return f"One round in the database against {rounds}"


def weights(visit: Visit) -> list[Figure]:
    """Bytes on the line: a first visit with all that the page asks for, and a later page."""
    part = "Weight, compressed"
    pages = {"sign-in": (None, "/masuk/")} | dict(visit.place.pages())
    figures = []
    for name, (who, where) in pages.items():
        line = visit.line(who) if who else Line(visit.port)
        page = line.get(where)
        assets = {url: len(line.get(url).body) for url in assets_of(_plain(page), visit.port)}
        first = len(page.body) + sum(assets.values())
        figures.append(
            Figure(
                part, f"{name}, first visit", first / 1000, "kB", "<=", 100, f"{len(assets)} files"
            )
        )
        figures.append(Figure(part, f"{name}, later", len(page.body) / 1000, "kB", "<=", 15))
        fonts = [size for url, size in assets.items() if url.endswith(".woff2")]
        if name == "board":
            figures.append(Figure(part, "font subset", sum(fonts) / 1000, "kB", "<=", 30))
    return figures


def _plain(answer: Answer) -> str:
    is_gzip = b"content-encoding: gzip" in answer.head.lower()
    return (gzip.decompress(answer.body) if is_gzip else answer.body).decode()


def assets_of(page: str, port: int) -> set[str]:
    """Addresses of style, script, images and fonts that a browser would fetch."""
    found = set(re.findall(r'(?:src|href)="(/static/[^"#?]+)', page))
    for style in [url for url in found if url.endswith(".css")]:
        text = Browser(port).get(style).text
        folder = style.rpartition("/")[0]
        for name in re.findall(r"url\(\"?'?([^)\"'#?]+)", text):
            if not name.startswith("data:"):
                found.add(name if name.startswith("/") else f"{folder}/{name}")
    return found
