"""`bukti evidence check`: the vault against the database, byte for byte."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bukti.areas.evidence import check
from bukti.areas.evidence.check import Flaw, Found
from bukti.wording import formats

DAMAGED = 1


class Command(BaseCommand):
    """Checks the evidence files."""

    help = "Memeriksa penyimpanan bukti."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What each verb takes."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        verb = verbs.add_parser(
            "check", help=_("hitung ulang setiap berkas dan sebut yang hilang atau rusak")
        )
        verb.add_argument("--json", action="store_true", help=_("cetak JSON"))

    def handle(self, *args: object, **options: object) -> None:
        """Go through everything; exit 1 when a file is missing or rotten."""
        report = check.Report()
        flaws = list(check.found(report))
        if options["json"]:
            self.stdout.write(json.dumps(_document(report, flaws), ensure_ascii=False, indent=2))
        else:
            for flaw in flaws:
                self.stdout.write(_line(flaw))
            self.stdout.write(_summary(report))
        if report.damaged:
            said = ngettext("%(count)s berkas rusak.", "%(count)s berkas rusak.", report.damaged)
            raise CommandError(said % {"count": report.damaged}, returncode=DAMAGED)


def _document(report: check.Report, flaws: list[Found]) -> dict[str, object]:
    return {
        "files": report.files,
        "bytes": report.size,
        "damaged": report.damaged,
        "orphans": report.orphans,
        "found": [
            {"flaw": one.flaw.value, "region": one.region, "sha256": one.sha256, "name": one.name}
            for one in flaws
        ],
    }


def _line(found: Found) -> str:
    words = {
        Flaw.MISSING: _("HILANG"),
        Flaw.ROTTEN: _("RUSAK"),
        Flaw.ORPHAN: _("tidak dirujuk"),
    }
    return f"{words[found.flaw]}: {found.region} {found.sha256} {found.name}".rstrip()


def _summary(report: check.Report) -> str:
    said = _("%(files)s berkas diperiksa, %(size)s utuh; %(orphans)s tidak dirujuk.")
    return said % {
        "files": formats.integer(report.files),
        "size": formats.size(report.size),
        "orphans": formats.integer(report.orphans),
    }
