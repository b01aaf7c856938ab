"""Setting a machine up. Every step may be repeated: what is there stays."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from bukti.areas.instruments import commands as instruments
from bukti.areas.instruments import loader
from bukti.areas.ledger import commands as ledger
from bukti.rules.permissions import Actor

NATION = "ID"


def prepare(actor: Actor, say: Callable[[str], None]) -> None:
    """Folders, database, instruments, the nation's signing key, static files."""
    _make_folders()
    migrate()
    for key in loader.shipped():
        frozen = instruments.freeze_pack(actor, loader.load_pack(loader.folder_of(key)))
        say(f"{frozen.key} {frozen.version}")
    ledger.open_tree(NATION)
    ledger.make_key(actor, NATION)
    collect_static()


def _make_folders() -> None:
    for folder in (settings.DATA, settings.VAULT, settings.EXPORTS, settings.BACKUPS):
        Path(folder).mkdir(parents=True, exist_ok=True)
    Path(settings.BUKTI_KEYS).mkdir(mode=0o700, parents=True, exist_ok=True)


def migrate() -> None:
    """Bring the database to the program's own state, the cache table included."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def collect_static() -> None:
    """Put the built assets, hashed and compressed, where they are served from."""
    call_command("collectstatic", interactive=False, verbosity=0)
