"""A dossier as a workbook: answers, evidence, notes, scores, hand-ins. Texts never run."""

from collections.abc import Callable
from typing import IO

from django.utils import translation
from django.utils.translation import gettext as _

from bukti.areas.dossier import tables
from bukti.areas.dossier.pdf import LANGUAGE
from bukti.areas.dossier.reading import Reading
from bukti.wording.tables import Page, write_xlsx


def render(reading: Reading, stream: IO[bytes], tell: Callable[[int, int], None]) -> None:
    """Write the workbook; the same dossier gives the same bytes."""
    tell(0, 1)
    dossier = reading.dossier
    with translation.override(LANGUAGE):
        pages = [
            Page(_("Jawaban"), tables.answer_columns(), tables.answer_rows(dossier)),
            tables.evidence_page(dossier),
            tables.note_page(dossier),
            tables.component_page(dossier),
            tables.hand_in_page(dossier),
        ]
        write_xlsx(stream, pages, dossier.checkpoint.at)
    tell(1, 1)
