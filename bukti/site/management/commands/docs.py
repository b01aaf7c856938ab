"""`bukti docs`: the reference documents, from the code."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bukti.site.operations import references


class Command(BaseCommand):
    """Writes or compares docs/reference/."""

    help = "Menulis ulang docs/reference/ dari kode: pengaturan, wewenang, baris perintah, API."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only compare."""
        said = _("hanya bandingkan; keluar 1 bila ada yang berbeda")
        parser.add_argument("--check", action="store_true", help=said)

    def handle(self, *args: object, **options: object) -> None:
        """Write, or compare."""
        if options["check"]:
            differing = references.differing()
            if differing:
                said = _("Berbeda dari kode: %(names)s. Jalankan make docs.")
                raise CommandError(said % {"names": ", ".join(differing)})
            return
        changed = references.write()
        self.stdout.write(", ".join(changed) or _("Sudah sesuai."))
