"""`bukti backup`: a copy of everything, taken while people work."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bukti.site.operations import backup
from bukti.wording import formats


class Command(BaseCommand):
    """Copies database, evidence, dossiers and keys."""

    help = (
        "Mencadangkan basis data, bukti, berkas evaluasi dan kunci ke sebuah folder, sementara "
        "orang tetap bekerja. Periksa kapan saja dengan sha256sum -c SHA256SUMS. Cadangan berisi "
        "kunci: simpan seperti kunci."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        said = _("folder yang belum ada; bawaan: data/backups/bukti-WAKTU")
        parser.add_argument("--out", type=Path, help=said)

    def handle(self, *args: object, **options: object) -> None:
        """Take it and say what is in it."""
        out = options["out"]
        target = Path(str(out)).resolve() if out else backup.default_folder()
        try:
            made = backup.make(target)
        except backup.TargetExists as error:
            said = _("%(folder)s sudah ada; cadangan memerlukan folder baru.")
            raise CommandError(said % {"folder": error}) from error
        self.stdout.write(
            _("Cadangan lengkap: %(folder)s, %(files)s berkas, %(size)s.")
            % {"folder": made.folder, "files": made.files, "size": formats.size(made.size)}
        )
        if made.missing:
            said = _("Penyimpanan kehilangan %(count)s berkas bukti: %(names)s.")
            shown = ", ".join(made.missing[:5])
            raise CommandError(said % {"count": len(made.missing), "names": shown}, returncode=1)
