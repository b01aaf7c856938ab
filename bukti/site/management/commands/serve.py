"""`bukti serve`: web and worker as one set, on this machine only."""

import os
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from bukti.areas.people import commands as people
from bukti.areas.people.queries import is_set_up
from bukti.site.operations import serving
from bukti.site.operations.console import unix_actor


class Command(BaseCommand):
    """Serves Bukti on the loopback address; a proxy with TLS stands before it for others."""

    help = (
        "Menjalankan dua proses web dan satu pekerja bersama-sama di 127.0.0.1; semuanya berhenti "
        "bersama (SIGTERM, SIGINT). Bila belum ada pengguna, mencetak kode sekali pakai."
    )
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Port and number of web processes."""
        parser.add_argument("--port", type=int, default=8000, help=_("porta; bawaan 8000"))
        parser.add_argument("--workers", type=int, default=2, help=_("proses web; bawaan 2"))

    def handle(self, *args: object, **options: object) -> None:
        """Check, say where, serve."""
        port, workers = int(str(options["port"])), int(str(options["workers"]))
        if not serving.is_free(port):
            said = _("Porta %(port)s sudah dipakai. Pilih yang lain: bukti serve --port 8080")
            raise CommandError(said % {"port": port})
        if pending():
            raise CommandError(_("Basis data belum mutakhir. Jalankan bukti setup dulu."))
        if "BUKTI_ADDRESS" not in os.environ:
            # The processes are forked from this one: links in their mails lead to this port.
            settings.PUBLIC_ADDRESS = f"http://{serving.HOST}:{port}"
        self._say_how_to_begin(settings.PUBLIC_ADDRESS)
        serving.serve(port, workers, lambda: None)

    def _say_how_to_begin(self, address: str) -> None:
        self.stdout.write(_("Bukti melayani di %(address)s") % {"address": address})
        if not is_set_up():
            token = people.make_setup_token(unix_actor())
            self.stdout.write(
                _(
                    "Belum ada pengguna. Buka %(address)s/siapkan/ dan masukkan kode sekali pakai "
                    "ini untuk membuat koordinator pertama:\n\n    %(token)s\n"
                )
                % {"address": address, "token": token}
            )
        self.stdout.flush()


def pending() -> list[str]:
    """Migrations that the database still lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]
