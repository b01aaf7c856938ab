"""The database refuses to change the past, and Bukti refuses to run where it does not."""

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler

from bukti.areas.ledger import triggers
from bukti.areas.ledger.commands import append, sign_checkpoint
from bukti.areas.ledger.models import Checkpoint, Entry, Opening, Tree
from bukti.rules.permissions import SYSTEM, Place

pytestmark = pytest.mark.django_db

PASER = "64.01"


@pytest.fixture
def _log():
    append(SYSTEM, "answer.saved", Place(PASER), secrets={"content": "isi"})
    sign_checkpoint(SYSTEM, PASER, "test")


@pytest.mark.usefixtures("_log")
@pytest.mark.parametrize(
    "attempt",
    [
        lambda: Entry.objects.update(actor="user:1"),
        lambda: Entry.objects.filter(index=0).update(body="{}"),
        lambda: Opening.objects.update(salt="00"),
        lambda: Checkpoint.objects.update(reason="other"),
        lambda: Checkpoint.objects.all()._raw_delete("default"),
        lambda: Entry.objects.filter(index=1)._raw_delete("default"),
        lambda: Tree.objects.all()._raw_delete("default"),
        lambda: Tree.objects.update(size=0),
        lambda: Tree.objects.update(origin="other.example/64.01"),
    ],
)
def test_the_past_cannot_be_changed_or_removed(attempt):
    before = state()

    with pytest.raises(DatabaseError, match=r"keeps the past"), transaction.atomic():
        attempt()

    assert state() == before


def state() -> list[object]:
    return [list(model.objects.values()) for model in (Tree, Entry, Opening, Checkpoint)]


@pytest.mark.usefixtures("_log")
def test_a_salt_can_be_destroyed_since_that_is_erasure():
    Opening.objects.all().delete()

    assert not Opening.objects.exists()


@pytest.mark.usefixtures("_log")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite replaces rows")
@pytest.mark.parametrize("table", sorted(triggers.UNIQUE))
def test_an_insert_that_would_replace_a_row_is_refused(table):
    before = state()

    with pytest.raises(DatabaseError, match=r"keeps the past"), transaction.atomic():
        connection.cursor().execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")

    assert state() == before


@pytest.mark.usefixtures("_log")
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL truncates")
@pytest.mark.parametrize("table", sorted(triggers.REFUSED))
def test_a_table_cannot_be_emptied_at_once(table):
    connection.check_constraints()  # deferred foreign keys would be in the way first

    with pytest.raises(DatabaseError, match=r"keeps the past"), transaction.atomic():
        connection.cursor().execute(f"TRUNCATE {table} CASCADE")


def test_the_start_up_check_is_content_with_a_migrated_database():
    assert triggers.missing(connection) == []
    assert run_checks(databases=["default"], tags=["database"]) == []


@pytest.mark.parametrize("name", sorted(triggers.statements(connection.vendor)))
def test_the_start_up_check_names_each_trigger_that_is_gone(name):
    table, _ = triggers.statements(connection.vendor)[name]
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")

    (error,) = run_checks(databases=["default"], tags=["database"])

    assert error.id == "ledger.E001"
    assert name in error.msg


def test_a_trigger_that_was_made_toothless_counts_as_gone():
    name = "ledger_entry_no_update"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON ledger_entry BEGIN SELECT 1; END"
            )
        else:
            cursor.execute(f"ALTER TABLE ledger_entry DISABLE TRIGGER {name}")

    assert triggers.missing(connection) == [name]


def test_triggers_can_be_put_back():
    triggers.take_away(connection)
    gone = triggers.missing(connection)

    triggers.put_in_place(connection)

    assert set(gone) == set(triggers.statements(connection.vendor))
    assert triggers.missing(connection) == []


@pytest.fixture
def sqlite_of_its_own(tmp_path):
    """A SQLite database outside any transaction, with the ledger's tables alone."""
    options = {
        **settings.DATABASES["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": tmp_path / "own.sqlite3",
        "OPTIONS": {},
    }
    own = ConnectionHandler({"default": options})["default"]
    MigrationExecutor(own).migrate([("ledger", "0001_ledger")])
    yield own
    own.close()


def test_a_rewritten_sqlite_table_loses_its_triggers_and_the_check_notices(sqlite_of_its_own):
    own = sqlite_of_its_own
    longer = models.CharField(max_length=81)
    longer.set_attributes_from_name("actor")
    longer.model = Entry
    assert triggers.missing(own) == []

    with own.schema_editor() as editor:
        editor.alter_field(Entry, Entry._meta.get_field("actor"), longer)
        editor._remake_table(Entry)
    lost = triggers.missing(own)
    with own.schema_editor() as editor:
        triggers.install(None, editor)

    assert "ledger_entry_no_update" in lost
    assert triggers.missing(own) == []


def test_an_empty_database_needs_no_triggers_yet(tmp_path):
    options = {**settings.DATABASES["default"], "ENGINE": "django.db.backends.sqlite3"}
    own = ConnectionHandler({"default": {**options, "NAME": ":memory:", "OPTIONS": {}}})["default"]

    assert triggers.missing(own) == []
    own.close()


def test_the_migration_can_be_taken_back(sqlite_of_its_own):
    MigrationExecutor(sqlite_of_its_own).migrate([("ledger", None)])

    assert sqlite_of_its_own.introspection.table_names() == ["django_migrations"]
