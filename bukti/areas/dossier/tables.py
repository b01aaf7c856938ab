"""A dossier's rows as tables: the same columns in XLSX and in the archive's CSV."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bukti.areas.dossier.contents import Dossier, Entry
from bukti.wording.tables import Cell, Page
from bukti.wording.words import ACCESS_CLASSES, ANSWER_STATES, DOCUMENT_KINDS, LAYERS


def answer_columns() -> list[str]:
    """The heading of the answers' table."""
    return [
        _("Kode"),
        _("Komponen"),
        _("Dimensi"),
        _("Judul"),
        _("Pertanyaan"),
        _("Perangkat daerah"),
        _("Keadaan"),
        _("Tingkat dinyatakan"),
        _("Nilai"),
        _("Satuan"),
        _("Responden"),
        _("Teks"),
        _("Penjelasan"),
        _("Terverifikasi"),
        str(LAYERS["stage_one"]),
        str(LAYERS["stage_two"]),
        _("Jumlah bukti"),
        _("Versi"),
        _("Diajukan"),
        _("Diterima"),
    ]


def answer_rows(dossier: Dossier) -> Iterator[list[Cell]]:
    """A row a question, in the instrument's order."""
    for entry in dossier.entries:
        yield [*_asked(dossier, entry), *_said(dossier, entry)]


def _asked(dossier: Dossier, entry: Entry) -> list[Cell]:
    question = entry.question
    dimension = dossier.pack.dimension(question.dimension).title.id if question.dimension else ""
    return [
        question.code,
        dossier.pack.component(question.component).title.id,
        dimension,
        question.title.id,
        question.text,
        entry.agency,
        str(ANSWER_STATES[entry.state]),
    ]


def _said(dossier: Dossier, entry: Entry) -> list[Cell]:
    claim = entry.claim
    return [
        claim.level,
        claim.value,
        entry.question.unit or "",
        claim.respondents,
        claim.text,
        claim.explanation,
        entry.verified,
        entry.stage_one,
        entry.stage_two,
        len(entry.evidence),
        entry.version,
        local(dossier, entry.handed_in_at),
        local(dossier, entry.accepted_at),
    ]


def local(dossier: Dossier, moment: datetime | None) -> datetime | None:
    """A moment as the region's clock showed it, without its zone: a spreadsheet knows none."""
    if moment is None:
        return None
    return moment.astimezone(ZoneInfo(dossier.round.zone)).replace(microsecond=0, tzinfo=None)


def evidence_page(dossier: Dossier) -> Page:
    """A row a citation."""
    columns = [
        _("Kode"),
        _("Judul dokumen"),
        _("Nomor"),
        _("Tanggal"),
        _("Jenis"),
        _("Kelas"),
        _("Perangkat daerah"),
        _("Halaman"),
        _("Keterangan"),
        _("Nama berkas"),
        _("Ukuran (bita)"),
        "SHA-256",
        _("Letak dalam arsip"),
    ]
    rows = [
        [
            entry.question.code,
            cited.title,
            cited.number,
            cited.date,
            str(DOCUMENT_KINDS[cited.kind]),
            str(ACCESS_CLASSES[cited.access]),
            cited.agency,
            cited.pages,
            cited.note,
            cited.filename,
            cited.size,
            cited.sha256,
            cited.path,
        ]
        for entry in dossier.entries
        for cited in entry.evidence
    ]
    return Page(_("Bukti"), columns, rows)


def note_page(dossier: Dossier) -> Page:
    """A row a decision."""
    columns = [_("Kode"), _("Waktu"), _("Oleh"), _("Keputusan"), _("Catatan")]
    rows = [
        [entry.question.code, local(dossier, remark.at), remark.by, remark.kind, remark.note]
        for entry in dossier.entries
        for remark in entry.remarks
    ]
    return Page(_("Catatan"), columns, rows)


def component_page(dossier: Dossier) -> Page:
    """A row a component, a column a layer, the index last."""
    columns = [_("Komponen"), _("Bobot (%)"), *(str(LAYERS[one.layer]) for one in dossier.layers)]
    by_layer = [{part.key: part for part in one.scored.components} for one in dossier.layers]
    rows: list[list[Cell]] = []
    for part in dossier.main.scored.components:
        shown: list[Cell] = [known[part.key].so_far for known in by_layer]
        rows.append([dossier.pack.component(part.key).title.id, part.weight, *shown])
    rows.append([_("Indeks"), None, *(one.scored.index for one in dossier.layers)])
    rows.append([_("Indeks sejauh ini"), None, *(one.scored.so_far for one in dossier.layers)])
    return Page(_("Komponen"), columns, rows)


def hand_in_page(dossier: Dossier) -> Page:
    """A row a hand-in."""
    columns = [
        _("Waktu"),
        _("Perangkat daerah"),
        _("Oleh"),
        _("Diajukan"),
        _("Tanpa jawaban"),
        _("Sidik isi"),
        _("Nomor catatan"),
    ]
    rows = [
        [
            local(dossier, one.at),
            one.agency,
            one.by,
            len(one.answered),
            " ".join(one.unanswered),
            one.digest,
            one.entry,
        ]
        for one in dossier.hand_ins
    ]
    return Page(_("Penyerahan"), columns, rows)
