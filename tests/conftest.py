"""Fixtures that hand out the cast. No logic of the domain."""

import pytest
from django.core.cache import caches
from django.core.management import call_command

from tests import cast as people
from tests.faults.figures import pytest_terminal_summary as pytest_terminal_summary


@pytest.fixture(scope="session", autouse=True)
def _static_files():
    """Pages name static files by their hash, as in production."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _own_vault(settings, tmp_path):
    """Each test has its own vault, exports and keys."""
    settings.VAULT = tmp_path / "vault"
    settings.EXPORTS = tmp_path / "exports"
    settings.BUKTI_KEYS = tmp_path / "keys"
    settings.BACKUPS = tmp_path / "backups"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """A database that was rolled back uses its ids and revisions again."""
    caches["process"].clear()


@pytest.fixture
def cast(db):
    """Everybody, in two regions."""
    return people.everybody()


@pytest.fixture
def running_round(cast):
    """A round in which agencies work."""
    return people.running_round(cast)


@pytest.fixture
def round_in_preparation(cast):
    """A round before its start."""
    return people.round_in_preparation(cast)


@pytest.fixture
def as_(client):
    """`as_(person)`: the test client, signed in as that person."""

    def sign_in(person):
        client.force_login(person.user)
        return client

    return sign_in
