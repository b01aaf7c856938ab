"""Database triggers that refuse to change the past, on SQLite and on PostgreSQL.

Django rewrites a SQLite table when a column changes, and that drops its triggers without a word.
So each migration of this area ends with `RunPython(triggers.install, triggers.remove)`, and a
start-up check (`bukti.areas.ledger.checks`) refuses to run without them.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

#: What no row of a table may suffer.
REFUSED = {
    "ledger_entry": ("UPDATE", "DELETE"),
    "ledger_checkpoint": ("UPDATE", "DELETE"),
    "ledger_opening": ("UPDATE",),
    "ledger_tree": ("DELETE",),
}
#: On SQLite, INSERT OR REPLACE deletes rows without asking a DELETE trigger: refuse it as well.
UNIQUE = {
    "ledger_entry": ("tree_id", "index"),
    "ledger_checkpoint": ("tree_id", "size"),
}
FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% keeps the past: % refused', TG_TABLE_NAME, TG_OP; END $$
"""
SHRINKING = "NEW.size < OLD.size OR NEW.code <> OLD.code OR NEW.origin <> OLD.origin"


def statements(vendor: str) -> dict[str, tuple[str, str]]:
    """For each trigger its table and the statement that makes it."""
    return _on_sqlite() if vendor == "sqlite" else _on_postgresql()


def _on_sqlite() -> dict[str, tuple[str, str]]:
    made = {}
    for table, verbs in REFUSED.items():
        for verb in verbs:
            made[f"{table}_no_{verb.lower()}"] = (table, f"BEFORE {verb} ON {table}")
    for table, (first, second) in UNIQUE.items():
        made[f"{table}_no_replace"] = (
            table,
            f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id"  # noqa: S608
            f' OR ("{first}" = NEW."{first}" AND "{second}" = NEW."{second}"))',
        )
    made["ledger_tree_no_shrink"] = (
        "ledger_tree",
        f"BEFORE UPDATE ON ledger_tree WHEN {SHRINKING}",
    )
    return {
        name: (
            table,
            f"CREATE TRIGGER {name} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{table} keeps the past: refused'); END",
        )
        for name, (table, when) in made.items()
    }


def _on_postgresql() -> dict[str, tuple[str, str]]:
    made = {}
    for table, verbs in REFUSED.items():
        for verb in verbs:
            made[f"{table}_no_{verb.lower()}"] = (table, f"BEFORE {verb} ON {table} FOR EACH ROW")
        made[f"{table}_no_truncate"] = (table, f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT")
    made["ledger_tree_no_shrink"] = (
        "ledger_tree",
        f"BEFORE UPDATE ON ledger_tree FOR EACH ROW WHEN ({SHRINKING})",
    )
    return {
        name: (table, f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION ledger_refuse()")
        for name, (table, when) in made.items()
    }


def install(apps: Any, schema_editor: Any) -> None:
    """Make every trigger whose table exists anew. The last operation of each ledger migration."""
    put_in_place(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers, so that a migration can be taken back."""
    take_away(schema_editor.connection)


def put_in_place(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger anew, in the caller's transaction."""
    tables = _tables(connection)
    take_away(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION.replace("%", "%%"), [])
        for table, statement in statements(connection.vendor).values():
            if table in tables:
                cursor.execute(statement)


def take_away(connection: BaseDatabaseWrapper) -> None:
    """Drop every trigger, as a migration that is taken back must."""
    tables = _tables(connection)
    with connection.cursor() as cursor:
        for name, (table, _) in statements(connection.vendor).items():
            if table in tables:
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of triggers that should be there and are not, or do something else than they should.

    Tables that no migration has made yet need none.
    """
    tables, found = _tables(connection), _found(connection)
    return [
        name
        for name, (table, statement) in statements(connection.vendor).items()
        if table in tables and not _is_in_place(connection, found.get(name), statement)
    ]


def _is_in_place(connection: BaseDatabaseWrapper, found: str | None, statement: str) -> bool:
    # SQLite keeps the text; PostgreSQL rewrites it, so there only an enabled trigger is asked for.
    if connection.vendor == "sqlite":
        return found == statement
    return found in ("O", "A")


def _found(connection: BaseDatabaseWrapper) -> dict[str, str]:
    question = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT t.tgname, t.tgenabled::text "
        "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        return {name: str(state) for name, state in cursor.fetchall()}


def _tables(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor)) & REFUSED.keys()
