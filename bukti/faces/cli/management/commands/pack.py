"""`bukti pack check|load|list|schema`: instrument packs for their authors and for set-up."""

import getpass
import json
from argparse import ArgumentParser
from collections.abc import Mapping

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bukti.areas.instruments import commands, loader, queries
from bukti.rules.errors import Refused
from bukti.rules.pack import Pack, PackProblems
from bukti.rules.packschema import schema_document
from bukti.rules.permissions import Actor
from bukti.rules.shape import Problem
from bukti.wording import faults
from bukti.wording.words import refusal_sentence

REFUSED = 1


class Command(BaseCommand):
    """Checks, loads and lists instrument packs."""

    help = "Memeriksa, memuat dan mendaftar paket instrumen."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What each verb takes."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        check = verbs.add_parser(
            "check", help=_("sebut semua masalah sebuah paket dengan berkas dan barisnya")
        )
        load = verbs.add_parser("load", help=_("bekukan paket ke basis data"))
        listing = verbs.add_parser("list", help=_("daftar paket bawaan dan yang sudah dibekukan"))
        verbs.add_parser("schema", help=_("cetak JSON Schema untuk penyunting YAML"))
        for verb in (check, load):
            verb.add_argument("pack", help=_("folder paket atau kunci paket bawaan"))
        for verb in (check, load, listing):
            verb.add_argument("--json", action="store_true", help=_("cetak JSON"))

    def handle(self, *args: object, **options: object) -> None:
        """Do the verb and print what it found."""
        verb, name = options["verb"], str(options.get("pack"))
        if verb == "schema":
            self._print_json(schema_document())
        elif verb == "list":
            self._show(_listed(), options)
        elif verb == "load":
            self._show([_loaded(self._read(name, options))], options)
        else:
            self._show([_described(self._read(name, options))], options)

    def _read(self, name: str, options: Mapping[str, object]) -> Pack:
        """The pack, or every problem of it and exit 1."""
        try:
            return loader.load_pack(loader.folder_of(name))
        except PackProblems as error:
            self._show([_problem(problem) for problem in error.problems], options)
            count = len(error.problems)
            said = ngettext("%(count)s masalah.", "%(count)s masalah.", count)
            raise CommandError(said % {"count": count}, returncode=REFUSED) from error

    def _show(self, found: list[dict[str, object]], options: Mapping[str, object]) -> None:
        """As JSON, or a line each: what was found in words comes under `said`."""
        if options["json"]:
            self._print_json([_without_said(item) for item in found])
            return
        for item in found:
            self.stdout.write(str(item["said"]))

    def _print_json(self, document: object) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))


def _without_said(item: dict[str, object]) -> dict[str, object]:
    return {name: fact for name, fact in item.items() if name != "said"}


def _problem(problem: Problem) -> dict[str, object]:
    said = faults.say_problem(problem)
    return {
        "file": problem.file,
        "line": problem.line,
        "path": problem.path,
        "fault": problem.fault.value,
        "message": said,
        "said": f"{problem.file}:{problem.line}: {problem.path or '–'}: {said}",
    }


def _described(pack: Pack) -> dict[str, object]:
    counts = {"questions": len(pack.questions), "schemes": len(pack.schemes)}
    sha256 = loader.digest(loader.canonical(pack))
    said = _("%(key)s versi %(version)s baik: %(questions)s pertanyaan, %(schemes)s skema.")
    facts = {"key": pack.key, "version": pack.version, **counts}
    return {**facts, "sha256": sha256, "said": f"{said % facts} SHA-256 {sha256}"}


def _loaded(pack: Pack) -> dict[str, object]:
    try:
        frozen = commands.freeze_pack(Actor(f"system:cli:{_unix_user()}"), pack)
    except Refused as refused:
        raise CommandError(refusal_sentence(refused), returncode=REFUSED) from refused
    facts = {"key": frozen.key, "version": frozen.version, "sha256": frozen.sha256}
    said = _("%(key)s versi %(version)s dibekukan. SHA-256 %(sha256)s") % facts
    return {**facts, "said": said}


def _listed() -> list[dict[str, object]]:
    frozen: dict[str, list[str]] = {}
    for row in queries.instruments():
        frozen.setdefault(row.key, []).append(row.version)
    found: list[dict[str, object]] = []
    for key in sorted({*loader.shipped(), *frozen}):
        versions = frozen.get(key, [])
        said = _("dibekukan: versi %s") % ", ".join(versions) if versions else _("belum dibekukan")
        is_shipped = key in loader.shipped()
        item = {"key": key, "shipped": is_shipped, "frozen": versions, "said": f"{key:<20} {said}"}
        found.append(item)
    return found


def _unix_user() -> str:
    """Who runs this; an account without a name gives its number's stand-in."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
