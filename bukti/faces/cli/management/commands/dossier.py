"""`bukti dossier make|verify`: a round as one file, and whether such a file is intact."""

import getpass
import json
import tempfile
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bukti.areas.dossier import render, verify
from bukti.areas.dossier.unpack import BadArchive, unpacked
from bukti.rules.errors import Denied, Refused
from bukti.rules.permissions import Actor
from bukti.wording import formats
from bukti.wording.papers import PaperFailed
from bukti.wording.words import refusal_sentence

REFUSED, DENIED, NOT_CHECKED = 1, 2, 2


class Command(BaseCommand):
    """Makes and verifies dossiers."""

    help = "Menyusun berkas evaluasi sebuah putaran, dan memeriksa keutuhannya."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What each verb takes."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        make = verbs.add_parser("make", help=_("susun berkas evaluasi sebuah putaran"))
        make.add_argument(
            "round", type=int, help=_("nomor putaran, seperti pada alamat halamannya")
        )
        make.add_argument(
            "--format", choices=sorted(render.RENDERERS), default="zip", help=_("bawaan: zip")
        )
        make.add_argument("--out", type=Path, required=True, help=_("berkas yang ditulis"))
        make.add_argument("--json", action="store_true", help=_("cetak JSON"))
        check = verbs.add_parser("verify", help=_("periksa arsip ZIP atau map hasil bukanya"))
        check.add_argument("dossier", type=Path, help=_("arsip ZIP atau map"))
        check.add_argument(
            "--key", action="append", default=[], help=_("sidik jari kunci, diminta kepada daerah")
        )

    def handle(self, *args: object, **options: object) -> None:
        """Do the verb."""
        if options["verb"] == "make":
            self._make(options)
        else:
            self._verify(Path(str(options["dossier"])), options["key"])

    def _make(self, options: Mapping[str, object]) -> None:
        actor = Actor(f"system:cli:{_unix_user()}")
        path = Path(str(options["out"]))
        try:
            made = render.write(
                actor, int(str(options["round"])), str(options["format"]), path, self._tell
            )
        except Refused as refused:
            raise CommandError(refusal_sentence(refused), returncode=REFUSED) from refused
        except Denied as denied:
            raise CommandError(str(denied), returncode=DENIED) from denied
        except ObjectDoesNotExist as unknown:
            said = _("Putaran %(id)s tidak ada.") % {"id": options["round"]}
            raise CommandError(said, returncode=REFUSED) from unknown
        except (OSError, PaperFailed) as trouble:
            said = _("Tidak dapat ditulis: %(said)s") % {"said": trouble}
            raise CommandError(said, returncode=REFUSED) from trouble
        facts = {"file": str(path), "size": made.size, "sha256": made.sha256}
        if options["json"]:
            self.stdout.write(json.dumps({**facts, "tree_size": made.tree_size}, indent=2))
            return
        said = _("%(file)s: %(words)s, titik periksa %(tree)s catatan\nSHA-256 %(sha256)s")
        words = {"words": formats.size(made.size), "tree": formats.integer(made.tree_size)}
        self.stdout.write(said % {**facts, **words})

    def _tell(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} / {total}", ending="\n" if done == total else "")

    def _verify(self, path: Path, keys: object) -> None:
        """As the `verify.py` in the archive does, with the copy that came with Bukti."""
        if not path.exists():
            said = _("%(path)s tidak ada.") % {"path": path}
            raise CommandError(said, returncode=NOT_CHECKED)
        arguments = [f"--key={key}" for key in keys] if isinstance(keys, list) else []
        with tempfile.TemporaryDirectory(prefix="bukti-") as scratch:
            try:
                folder = path if path.is_dir() else unpacked(path, Path(scratch))
            except BadArchive as bad:
                said = _("RUSAK: bukan arsip berkas evaluasi yang dapat dibuka (%(said)s).")
                raise CommandError(said % {"said": bad}, returncode=REFUSED) from bad
            code = verify.main([str(folder), *arguments])
        if code:
            raise SystemExit(code)


def _unix_user() -> str:
    """Who runs this; an account without a name gives its number's stand-in."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
