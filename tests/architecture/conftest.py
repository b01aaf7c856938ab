"""The world of the permission tests, built once for all of them and taken away at the end."""

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.base import Template

from bukti.faces.web import errors
from tests.architecture import world as worlds


def _keep_undo_in_memory():
    """Thousands of savepoints are undone here: SQLite need not write each to a file."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA temp_store=MEMORY")


@pytest.fixture(scope="module")
def furnished(django_db_setup, django_db_blocker, tmp_path_factory):
    """Both regions in one transaction that is never committed, with a vault of their own."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("world")
    kept = {name: getattr(settings, name) for name in ("VAULT", "EXPORTS", "BUKTI_KEYS")}
    folders = {name: folder / name.lower() for name in kept}
    with django_db_blocker.unblock():
        _keep_undo_in_memory()
        block = transaction.atomic()
        block._from_testcase = True
        block.__enter__()
        try:
            for name, value in folders.items():
                setattr(settings, name, value)
            made = worlds.Builder().build()
            yield made, folders
        finally:
            for name, value in kept.items():
                setattr(settings, name, value)
            transaction.set_rollback(True)
            block.__exit__(None, None, None)


@pytest.fixture(scope="module")
def _plain_templates():
    """Django's test runner keeps a copy of the context of every included template; not here."""
    kept = Template._render
    Template._render = lambda template, context: template.nodelist.render(context)
    yield
    Template._render = kept


@pytest.fixture
def _bare_errors(monkeypatch):
    """A refusal without its page: most cells are refused, and the page is tried in test_headers."""

    def page(request, status, sentence=""):
        return HttpResponse(f"{status} {sentence}", status=status)

    monkeypatch.setattr(errors, "_page", page)


@pytest.fixture
def world(_plain_templates, furnished, _own_vault, settings):
    """The world, for one test."""
    made, folders = furnished
    for name, value in folders.items():
        setattr(settings, name, value)
    return made
