"""The words for what a check of the ledger finds."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bukti.rules.findings import Discrepancy, Finding, Mismatch, Wrong

FINDINGS: dict[Wrong, str | Promise] = {
    Wrong.ENTRY_CHANGED: _("Catatan %(first)s: isinya berubah."),
    Wrong.ENTRY_MISSING: _("Catatan %(first)s–%(last)s: hilang."),
    Wrong.ENTRY_UNREADABLE: _("Catatan %(first)s: tidak terbaca."),
    Wrong.ENTRY_BEYOND_END: _("Catatan %(first)s–%(last)s: ada di luar ujung catatan."),
    Wrong.COLUMN_CHANGED: _("Catatan %(first)s: kolom %(detail)s berbeda dari isinya."),
    Wrong.TREE_CHANGED: _(
        "Catatan %(first)s–%(last)s: tidak cocok dengan akar yang tersimpan; "
        "sedikitnya satu di antaranya berubah."
    ),
    Wrong.CHECKPOINT_CONTRADICTS: _(
        "Catatan %(first)s–%(last)s: tidak cocok dengan titik periksa %(detail)s "
        "yang sudah ditandatangani."
    ),
    Wrong.CHECKPOINT_NOT_SIGNED: _("Titik periksa %(detail)s: tanda tangannya tidak sah."),
    Wrong.CHECKPOINT_MISSING: _("Titik periksa %(detail)s: pernah ditandatangani, kini hilang."),
    Wrong.KEY_MISSING: _("Berkas kunci penanda tangan tidak ada."),
    Wrong.KEY_CHANGED: _("Berkas kunci bukan kunci yang diumumkan dalam catatan."),
    Wrong.KEY_READABLE: _("Berkas kunci terbaca oleh pengguna lain pada mesin ini."),
    Wrong.TRIGGER_MISSING: _("Pelindung %(detail)s pada basis data hilang atau berubah."),
}

DISCREPANCIES: dict[Mismatch, str | Promise] = {
    Mismatch.ROW_WITHOUT_ENTRY: _("%(kind)s %(id)s: ada di tabel, tetapi tidak di catatan."),
    Mismatch.ENTRY_WITHOUT_ROW: _("%(kind)s %(id)s: ada di catatan, tetapi tidak di tabel."),
    Mismatch.CONTENT_CHANGED: _(
        "%(kind)s %(id)s: isi tabel (%(detail)s) tidak sama dengan catatan."
    ),
    Mismatch.STATE_CHANGED: _(
        "%(kind)s %(id)s: keadaan di tabel (%(detail)s) tidak mungkin menurut catatan."
    ),
}


def say_discrepancy(found: Discrepancy) -> str:
    """One sentence: about what table and ledger disagree."""
    return str(DISCREPANCIES[found.mismatch]) % {
        "kind": found.kind,
        "id": found.identity,
        "detail": found.detail,
    }


def say_finding(finding: Finding) -> str:
    """One sentence: what is wrong, and where."""
    return str(FINDINGS[finding.wrong]) % {
        "first": finding.first,
        "last": finding.last,
        "detail": finding.detail,
    }
