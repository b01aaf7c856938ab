"""Each page's statements with SQLite's plans: `python -m benchmarks.queries` in an installation."""

import json
import re
from secrets import token_hex
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.place import look  # noqa: E402
from benchmarks.urls import EMPTY  # noqa: E402
from bukti.areas.people.models import User  # noqa: E402
from tests.faults.installation import Installation  # noqa: E402
from tests.faults.papers import pdf  # noqa: E402

#: Tables that do not grow with rounds.
FIXED = {"people_region", "instruments_instrument", "django_content_type", "auth_permission"}
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "EXPLAIN")


class Watch:
    """Collects the statements of a request."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if not sql.startswith(CONTROL):
            self.seen.append((sql, params[0] if many and params else params))
        return execute(sql, params, many, context)


def plan_of(sql: str, params: Any) -> list[str]:
    """SQLite's plan, a line a step."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [row[3] for row in cursor.fetchall()]


def scans(sql: str, plan: list[str]) -> list[str]:
    """Steps that read a whole table which grows."""
    names = dict(re.findall(r'"(\w+)" (U\d+|T\d+|V\d+|W\d+)\b', sql))
    aliases = {alias: table for table, alias in names.items()}
    found = []
    for step in plan:
        match = re.match(r"SCAN (\w+)", step)
        table = aliases.get(match.group(1), match.group(1)) if match else ""
        if table and "_" in table and table not in FIXED:
            found.append(f"{step} ({table})")
    return found


def shape(sql: str) -> str:
    """The statement without the number of its values."""
    return re.sub(r"\((%s, )*%s\)", "(…)", sql)


def ask(client: Client, name: str, where: str, fields: dict[str, Any] | None) -> dict[str, Any]:
    """One request: its statements, their plans, and what they scan."""
    watch = Watch()
    with connection.execute_wrapper(watch):
        reply = client.post(where, fields, headers=HEADERS) if fields else client.get(where)
    if reply.status_code != 200:
        raise SystemExit(f"{name}: {where} answered {reply.status_code}")
    plans = [plan_of(sql, params) for sql, params in watch.seen]
    found = [scans(sql, plan) for (sql, _), plan in zip(watch.seen, plans, strict=True)]
    return {
        "count": len(watch.seen),
        "statements": [shape(sql) for sql, _ in watch.seen],
        "plans": plans,
        "scans": [
            f"{step}: {sql[:400]}"
            for (sql, _), steps in zip(watch.seen, found, strict=True)
            for step in steps
        ],
    }


HEADERS = {"HX-Request": "true", "Idempotency-Key": token_hex(8)}


def main() -> dict[str, Any]:
    """Every page and act of the benchmark, warm."""
    place = look(Installation(settings.DATA))
    clients = {}
    for email in {who for who, _ in place.pages().values()} | {place.operator}:
        clients[email] = Client(headers={"host": "127.0.0.1"})
        clients[email].force_login(User.objects.get(email=email))
    told = {}
    asked = {"empty": (place.operator, EMPTY)} | place.pages()
    for name, (who, where) in asked.items():
        clients[who].get(where)
        told[name] = ask(clients[who], name, where, None)
    saved, operator = place.saved[0], Client(headers={"host": "127.0.0.1"})
    operator.force_login(User.objects.get(email=place.saved[1]))
    page = operator.get(place.question(saved)).content.decode()
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    typed = {"version": version.group(1) if version else "0", "explanation": token_hex(8)}
    told["save"] = ask(operator, "save", place.question(saved, "simpan/"), typed)
    paper = SimpleUploadedFile("surat.pdf", pdf(token_hex(8), 200_000))
    told["upload"] = ask(operator, "upload", place.question(saved, "bukti/"), {"file": paper})
    return told


if __name__ == "__main__":
    print(json.dumps(main()))
