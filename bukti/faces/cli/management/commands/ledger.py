"""`bukti ledger verify|checkpoint|receipt|key|guard`: the log, its signatures and receipts."""

import getpass
import json
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bukti.areas.dossier.reconcile import reconcile
from bukti.areas.ledger import audit, commands, queries, triggers
from bukti.rules.errors import Refused
from bukti.rules.findings import Discrepancy
from bukti.rules.permissions import Actor
from bukti.wording.findings import say_discrepancy, say_finding
from bukti.wording.words import refusal_sentence

WRONG = 1


class Command(BaseCommand):
    """Checks the ledger, signs how far it reaches, and gives receipts."""

    help = "Memeriksa catatan bukti, menandatangani titik periksa, memberi tanda terima."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What each verb takes."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        verify = verbs.add_parser(
            "verify", help=_("periksa setiap catatan, tanda tangan dan kunci")
        )
        sign = verbs.add_parser("checkpoint", help=_("tanda tangani catatan sampai saat ini"))
        receipt = verbs.add_parser("receipt", help=_("cetak tanda terima sebuah catatan"))
        key = verbs.add_parser("key", help=_("cetak sidik jari kunci daerah"))
        verbs.add_parser("guard", help=_("pasang lagi pelindung catatan pada basis data"))
        receipt.add_argument("index", type=int, help=_("nomor catatan, mulai dari 0"))
        for verb in (receipt, key):
            verb.add_argument("--region", required=True, help=_("kode daerah, mis. 64.01; atau ID"))
        for verb in (verify, sign):
            verb.add_argument("--region", help=_("hanya daerah ini; tanpa ini semua"))
        for verb in (verify, sign, key):
            verb.add_argument("--json", action="store_true", help=_("cetak JSON"))

    def handle(self, *args: object, **options: object) -> None:
        """Do the verb; exit 1 when something is wrong."""
        try:
            getattr(self, f"_{options['verb']}")(options)
        except Refused as error:
            raise CommandError(refusal_sentence(error), returncode=WRONG) from error

    def _verify(self, options: Mapping[str, object]) -> None:
        reports = [audit.verify(code) for code in self._codes(options)]
        found = {report.code: reconcile(report.code) for report in reports}
        if options["json"]:
            self._print_json([_described(report, found[report.code]) for report in reports])
        else:
            for report in reports:
                self._say(report, found[report.code])
        wrong = sum(len(report.findings) + len(found[report.code]) for report in reports)
        if wrong:
            said = ngettext("%(count)s masalah.", "%(count)s masalah.", wrong)
            raise CommandError(said % {"count": wrong}, returncode=WRONG)

    def _say(self, report: audit.LedgerReport, found: Sequence[Discrepancy]) -> None:
        said = _("utuh") if report.is_whole and not found else _("RUSAK")
        self.stdout.write(
            _("%(code)s: %(said)s; %(size)s catatan, %(signed)s titik periksa")
            % {
                "code": report.code,
                "said": said,
                "size": report.size,
                "signed": report.checkpoints,
            }
        )
        for finding in report.findings:
            self.stdout.write(f"  {say_finding(finding)}")
        for discrepancy in found:
            self.stdout.write(f"  {say_discrepancy(discrepancy)}")

    def _checkpoint(self, options: Mapping[str, object]) -> None:
        signed = self._signed(options)
        if options["json"]:
            self._print_json(signed)
        else:
            for code, size in signed.items():
                said = _("tidak ditandatangani") if size is None else _("ditandatangani sampai")
                self.stdout.write(f"{code}: {said} {size or ''}".rstrip())
        if None in signed.values():
            raise CommandError(_("Ada yang rusak: lihat bukti ledger verify."), returncode=WRONG)

    def _signed(self, options: Mapping[str, object]) -> dict[str, int | None]:
        """For each tree the size that is signed now, or None where that was refused."""
        if options["region"] is None:
            signed = commands.sign_due_checkpoints(_actor(), "cli")
        else:
            (code,) = self._codes(options)
            signed = {code: commands.sign_checkpoint(_actor(), code, "cli")}
        return {code: row.size if row else None for code, row in signed.items()}

    def _receipt(self, options: Mapping[str, object]) -> None:
        proof = queries.proof_of(str(options["region"]), int(str(options["index"])))
        if proof is None:
            raise CommandError(_("Catatan itu belum tercakup titik periksa."), returncode=WRONG)
        self.stdout.write(proof, ending="")

    def _key(self, options: Mapping[str, object]) -> None:
        keys = queries.keys_of(str(options["region"]))
        if not keys:
            raise CommandError(_("Daerah ini belum punya kunci."), returncode=WRONG)
        if options["json"]:
            self._print_json(
                [{"fingerprint": key.fingerprint, "verifier": str(key)} for key in keys]
            )
        else:
            self.stdout.write(f"{keys[-1].fingerprint}\n{keys[-1]}")

    def _guard(self, options: Mapping[str, object]) -> None:
        with transaction.atomic():
            missing = triggers.missing(connection)
            triggers.put_in_place(connection)
        for name in missing:
            self.stdout.write(_("Dipasang lagi: %(name)s") % {"name": name})
        if not missing:
            self.stdout.write(_("Semua pelindung terpasang."))

    def _codes(self, options: Mapping[str, object]) -> list[str]:
        codes = queries.tree_codes(_actor())
        if options["region"] is None:
            return codes
        if options["region"] not in codes:
            raise CommandError(_("Daerah ini belum punya catatan."), returncode=WRONG)
        return [str(options["region"])]

    def _print_json(self, document: object) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))


def _described(report: audit.LedgerReport, found: Sequence[Discrepancy]) -> dict[str, object]:
    return {
        "discrepancies": [
            {
                "mismatch": discrepancy.mismatch.value,
                "kind": discrepancy.kind,
                "id": discrepancy.identity,
                "detail": discrepancy.detail,
                "message": say_discrepancy(discrepancy),
            }
            for discrepancy in found
        ],
        "region": report.code,
        "whole": report.is_whole and not found,
        "size": report.size,
        "root": report.root,
        "checkpoints": report.checkpoints,
        "fingerprint": report.fingerprint,
        "findings": [
            {
                "wrong": finding.wrong.value,
                "first": finding.first,
                "last": finding.last,
                "detail": finding.detail,
                "message": say_finding(finding),
            }
            for finding in report.findings
        ],
    }


def _actor() -> Actor:
    return Actor(name=f"system:cli:{getpass.getuser()}")
