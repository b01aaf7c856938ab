"""`bukti setup`: everything that must exist before Bukti serves; harmless when repeated."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from bukti.site.operations import installation
from bukti.site.operations.console import refusals_as_exit_codes, unix_actor


class Command(BaseCommand):
    """Sets a machine up."""

    help = (
        "Menyiapkan folder data, kunci rahasia (0600), basis data, tabel cache, kelima instrumen, "
        "kunci catatan bukti, dan aset. Boleh diulang: yang sudah ada tetap."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Nothing but what Django gives."""

    def handle(self, *args: object, **options: object) -> None:
        """Do every step and say where things are."""
        frozen: list[str] = []
        with refusals_as_exit_codes():
            installation.prepare(unix_actor(), frozen.append)
        self.stdout.write(
            _("Bukti siap. Data di %(folder)s; instrumen: %(packs)s.")
            % {"folder": settings.DATA, "packs": ", ".join(frozen)}
        )
