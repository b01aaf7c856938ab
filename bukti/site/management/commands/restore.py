"""`bukti restore`: a backup put back into an empty data folder."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bukti.site.operations import restore, sums


class Command(BaseCommand):
    """Puts a backup back, checked."""

    help = (
        "Memulihkan cadangan ke folder data yang kosong (BUKTI_DATA). Setiap berkas dicocokkan "
        "dengan SHA-256-nya dan catatan bukti diperiksa sebelum dinyatakan selesai."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where."""
        parser.add_argument("folder", type=Path, help=_("folder hasil bukti backup"))

    def handle(self, *args: object, **options: object) -> None:
        """Restore, and say what was checked."""
        try:
            done = restore.restore(Path(str(options["folder"])).resolve())
        except restore.NotEmpty as error:
            said = _("Folder data tidak kosong: %(what)s. Tidak ada yang diubah.")
            raise CommandError(said % {"what": error}) from error
        except restore.NotOurs as error:
            said = _("Cadangan ini untuk pemasangan lain (%(what)s). Tidak ada yang diubah.")
            raise CommandError(said % {"what": error}) from error
        except sums.Damaged as error:
            said = _("Cadangan rusak: %(names)s. Tidak ada yang diubah.")
            raise CommandError(said % {"names": ", ".join(error.names[:10])}) from error
        if done.broken:
            said = _("Dipulihkan, tetapi catatan bukti tidak utuh: %(codes)s.")
            raise CommandError(said % {"codes": ", ".join(done.broken)})
        trees = ", ".join(f"{code} ({size})" for code, size in done.trees.items())
        self.stdout.write(
            _("Pulih: %(files)s berkas cocok, catatan bukti utuh: %(trees)s.")
            % {"files": done.files, "trees": trees}
        )
