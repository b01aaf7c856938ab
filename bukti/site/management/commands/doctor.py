"""`bukti doctor`: is the installation well?"""

import json
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bukti.site.operations import doctor

TITLES = {
    "database": "Basis data",
    "durability": "Ketahanan tulis",
    "migrations": "Migrasi",
    "triggers": "Pelindung catatan",
    "ledger": "Catatan bukti",
    "keys": "Kunci",
    "secret": "Kunci rahasia",
    "disk": "Ruang",
    "vault": "Penyimpanan bukti",
    "backup": "Cadangan",
    "mail": "Surel",
    "worker": "Pekerja",
    "jobs": "Pekerjaan",
}


class Command(BaseCommand):
    """Looks at everything that must be well."""

    help = "Memeriksa kesehatan pemasangan: daftar hijau dan merah. Keluar 1 bila ada yang merah."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """JSON for machines."""
        parser.add_argument("--json", action="store_true", help=_("cetak JSON"))

    def handle(self, *args: object, **options: object) -> None:
        """Print the list; exit 1 when something is red."""
        findings = doctor.examine()
        if options["json"]:
            found = [asdict(finding) for finding in findings]
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            for finding in findings:
                self.stdout.write(self._line(finding))
        red = sum(not finding.is_well for finding in findings)
        if red:
            raise CommandError(_("%(count)s hal merah.") % {"count": red}, returncode=1)

    def _line(self, finding: doctor.Finding) -> str:
        word = _("hijau") if finding.is_well else _("MERAH")
        style = self.style.SUCCESS if finding.is_well else self.style.ERROR
        return f"{style(f'{word:<6}')} {TITLES[finding.name]:<18} {finding.found}"
