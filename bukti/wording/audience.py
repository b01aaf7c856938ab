"""Who may read a document, in sentences."""

from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from bukti.wording import formats


class Reached(Protocol):
    """Agencies that share work with the owner, and since when assessors may read."""

    @property
    def agencies(self) -> tuple[str, ...]: ...

    @property
    def assessors_since(self) -> datetime | None: ...


def audience_sentences(
    *, agency: str, region: str, zone: str, access: str, reached: Reached
) -> list[str]:
    """One sentence for each circle of readers, from the innermost outwards."""
    said = [
        _("Operator dan kepala %(agency)s.") % {"agency": agency},
        _("Koordinator, pimpinan, dan Inspektorat %(region)s.") % {"region": region},
    ]
    if reached.agencies:
        said.append(
            _("Lewat pertanyaan yang dikerjakan bersama: %(agencies)s.")
            % {"agencies": ", ".join(reached.agencies)}
        )
    if reached.assessors_since:
        said.append(
            _("Asesor putaran yang mengutipnya, sejak %(at)s.")
            % {"at": formats.date_time(reached.assessors_since, zone)}
        )
    else:
        said.append(_("Asesor belum: baru sesudah putaran yang mengutipnya diserahkan."))
    said.append(_public_sentence(access))
    return said


def _public_sentence(access: str) -> str:
    if access == "public":
        return _("Warga, bila daerah menerbitkannya: dokumen ini boleh umum.")
    if access == "exempt":
        return _("Warga tidak: dokumen ini dikecualikan (UU 14/2008) dan tidak diterbitkan.")
    return _("Warga tidak: dokumen ini untuk dinas sampai PPID menyatakannya boleh umum.")
