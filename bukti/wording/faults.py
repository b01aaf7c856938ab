"""The words for what is wrong with a pack, a table or a score sheet, and why there is no index."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bukti.rules.scores import NoIndex, Scored
from bukti.rules.scoresheet import BadSheet, SheetFault
from bukti.rules.shape import Fault, Problem
from bukti.wording.tables import BadTable, TableFault

KINDS: Mapping[str, str | Promise] = {
    "text": _("teks (beri tanda kutip bila berupa angka)"),
    "whole": _("bilangan bulat"),
    "truth": _("true atau false"),
    "number": _("bilangan"),
    "list": _("daftar"),
    "mapping": _("pasangan kunci dan nilai"),
}

PACK: Mapping[Fault, str | Promise] = {
    Fault.MISSING: _("“%(key)s” belum ada."),
    Fault.UNKNOWN_KEY: _("“%(key)s” tidak dikenal; yang ada: %(choices)s."),
    Fault.WRONG_TYPE: _("Harus %(wanted)s, bukan “%(found)s”."),
    Fault.EMPTY: _("Tidak boleh kosong."),
    Fault.CHOICE: _("“%(found)s” bukan pilihan; pilih: %(choices)s."),
    Fault.PATTERN: _("“%(found)s” tidak sesuai bentuk %(pattern)s."),
    Fault.SYNTAX: _("YAML tidak terbaca: %(said)s."),
    Fault.ENCODING: _("Berkas bukan teks UTF-8."),
    Fault.DOUBLE_KEY: _("Kunci “%(key)s” tertulis dua kali."),
    Fault.STRANGE_TAG: _("Tag YAML %(tag)s tidak diterima."),
    Fault.LOOP: _("Jangkar YAML menunjuk dirinya sendiri."),
    Fault.NO_FILE: _("Berkas %(file)s tidak ada atau tidak dapat dibaca."),
    Fault.OUTSIDE: _("Berkas %(file)s berada di luar folder paket."),
    Fault.TOO_BIG: _("Terlalu besar (%(size)s)."),
    Fault.NO_PACK: _("Paket “%(key)s” tidak ditemukan; yang ada: %(choices)s."),
    Fault.PARTS_OR_TAKES: _("Isi salah satu saja: “parts” atau “takes”."),
    Fault.CODES_OR_WITHOUT: _("Isi salah satu saja: “codes” atau “without”."),
    Fault.DOUBLE: _("“%(key)s” sudah dipakai di %(first)s."),
    Fault.UNKNOWN: _("“%(key)s” tidak dikenal; yang ada: %(choices)s."),
    Fault.SCALE: _("Skala harus dua bilangan bulat, min di bawah maks, bukan %(min)s dan %(max)s."),
    Fault.OFF_SCALE: _("%(value)s di luar skala %(choices)s."),
    Fault.LEVELS: _("Tingkat harus %(wanted)s berurutan, bukan %(found)s."),
    Fault.ANSWERS_MISSING: _(
        "Pernyataan survei perlu %(wanted)s kata skala jawaban, sekarang %(found)s."
    ),
    Fault.ANSWERS_UNWANTED: _("Jenis %(kind)s tidak memakai skala jawaban survei."),
    Fault.WEIGHTS_OR_QUESTION_WEIGHTS: _("Isi salah satu saja: “weights” atau “question_weights”."),
    Fault.WEIGHT_NOT_POSITIVE: _("Bobot “%(key)s” harus di atas 0, bukan %(found)s."),
    Fault.WEIGHT_SUM: _("Jumlah bobot harus 100, sekarang %(found)s."),
    Fault.UNWEIGHED: _("Belum berbobot: %(codes)s."),
    Fault.NO_QUESTIONS: _("Tidak ada pertanyaan di sini."),
    Fault.BANDS_ORDER: _("Predikat harus naik dan mulai dari nilai terendah, bukan %(found)s."),
    Fault.DECIMALS: _("Jumlah desimal harus 0 sampai 6, bukan %(found)s."),
}

TABLE: Mapping[TableFault, str | Promise] = {
    TableFault.EMPTY: _("Berkas kosong: tidak ada baris judul."),
    TableFault.TOO_BIG: _("Berkas terlalu besar; batasnya %(limit)s."),
    TableFault.NOT_A_TABLE: _("Berkas bukan tabel CSV, XLSX, atau ODS yang dapat dibaca."),
    TableFault.OLD_EXCEL: _("Berkas Excel lama (.xls): simpan ulang sebagai .xlsx atau .csv."),
    TableFault.BROKEN: _("Baris %(row)s: tanda kutip atau pemisah rusak (%(said)s)."),
    TableFault.LONG_ROW: _("Baris %(row)s: lebih panjang daripada judulnya (%(columns)s kolom)."),
}

SHEET: Mapping[SheetFault, str | Promise] = {
    SheetFault.NO_VALUES: _(
        "Tidak ada kolom nilai. Namai kolom dengan salah satu: %(choices)s; "
        "atau pakai dua kolom “code,value” atau “no,level”."
    ),
    SheetFault.NO_ROWS: _("Tabel tidak berisi baris nilai."),
    SheetFault.MIXED: _(
        "“%(first)s” dan “%(second)s” berbeda rincian. Pakai satu saja: pertanyaan, komponen, "
        "atau domain."
    ),
    SheetFault.DOUBLE_COLUMN: _("Kolom “%(column)s” ada dua."),
    SheetFault.DOUBLE_CODE: _("Baris %(row)s: kode “%(code)s” sudah ada pada baris %(first)s."),
    SheetFault.UNKNOWN_CODE: _(
        "Baris %(row)s: kode “%(code)s” tidak dikenal; yang ada: %(choices)s."
    ),
    SheetFault.NO_CODE: _("Baris %(row)s: kolom “%(column)s” kosong."),
    SheetFault.NOT_A_NUMBER: _(
        "Baris %(row)s, kolom “%(column)s”: “%(value)s” bukan bilangan; isi %(choices)s."
    ),
    SheetFault.OFF_SCALE: _(
        "Baris %(row)s, kolom “%(column)s”: %(value)s di luar skala; pilih %(choices)s."
    ),
    SheetFault.OFF_STEP: _(
        "Baris %(row)s, kolom “%(column)s”: %(value)s bukan kelipatan %(step)s; pilih %(choices)s."
    ),
    SheetFault.UNKNOWN_SCHEME: _("Skema “%(scheme)s” tidak dikenal; pilih: %(choices)s."),
    SheetFault.SCHEME_NEEDED: _(
        "Baris %(row)s: skema belum jelas. Beri --scheme dengan salah satu: %(choices)s."
    ),
    SheetFault.UNKNOWN_GROUP: _(
        "Baris %(row)s: kelompok “%(group)s” tidak dikenal; pilih: %(choices)s."
    ),
    SheetFault.GROUPS_DIFFER: _(
        "Baris %(row)s: kelompok berbeda dari baris pertama. Beri --scheme dengan salah satu: "
        "%(choices)s."
    ),
}

REASONS: Mapping[NoIndex, str | Promise] = {
    NoIndex.UNANSWERED: _("Belum lengkap: %(missing)s"),
    NoIndex.EMPTY_COMPONENT: _("Kosong padahal berbobot: %(missing)s"),
}


def say_problem(problem: Problem) -> str:
    """What is wrong at one place of a pack, as a sentence."""
    facts = dict(problem.facts)
    if "wanted" in facts:
        facts["wanted"] = str(KINDS.get(facts["wanted"], facts["wanted"]))
    return str(PACK[problem.fault]) % facts


def say_bad_table(error: BadTable) -> str:
    """Why a file is no table, as a sentence."""
    return str(TABLE[error.fault]) % error.facts


def say_bad_sheet(error: BadSheet) -> str:
    """Why a table cannot be scored, as a sentence that names row and choices."""
    return str(SHEET[error.fault]) % error.facts


def say_why_no_index(scored: Scored) -> str:
    """Why there is no index, or an empty text when there is one."""
    if scored.reason is None:
        return ""
    return str(REASONS[scored.reason]) % {"missing": ", ".join(scored.missing)}
