"""The words for every state, reason, role and notice: one voice for page, mail, API and PDF."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import Capability, Role
from bukti.rules.workflow import AnswerState, RoundState, Step
from bukti.wording import formats

Words = Mapping[str, str | Promise]

ROLES: Words = {
    Role.OPERATOR: lazy("Operator OPD"),
    Role.AGENCY_HEAD: lazy("Kepala OPD"),
    Role.COORDINATOR: lazy("Koordinator"),
    Role.EXECUTIVE: lazy("Pimpinan"),
    Role.ASSESSOR: lazy("Asesor"),
    Role.PROGRAMME_ADMIN: lazy("Pengelola program"),
    Role.AUDITOR: lazy("Inspektorat"),
}
CAPABILITIES: Words = {
    Capability.PANEL_LEAD: lazy("ketua panel"),
    Capability.MEETING_SECRETARY: lazy("sekretaris rapat"),
    Capability.EDITOR: lazy("penyunting"),
    Capability.PUBLISHER: lazy("penerbit"),
    Capability.PPID: lazy("PPID"),
}
ANSWER_STATES: Words = {
    AnswerState.EMPTY: lazy("Belum"),
    AnswerState.DRAFT: lazy("Draf"),
    AnswerState.SUBMITTED: lazy("Diajukan"),
    AnswerState.RETURNED: lazy("Revisi"),
    AnswerState.ACCEPTED: lazy("Diterima"),
    AnswerState.NOT_APPLICABLE: lazy("Tidak berlaku"),
}
#: The fill of a state in tile, chip and bar (CSS `bk-fill--…`).
FILLS: dict[str, str] = {
    AnswerState.EMPTY: "belum",
    AnswerState.DRAFT: "draf",
    AnswerState.SUBMITTED: "diajukan",
    AnswerState.RETURNED: "revisi",
    AnswerState.ACCEPTED: "diterima",
    AnswerState.NOT_APPLICABLE: "lepas",
}
ROUND_STATES: Words = {
    RoundState.PREPARATION: lazy("Persiapan"),
    RoundState.RUNNING: lazy("Berjalan"),
    RoundState.HANDED_IN: lazy("Diserahkan"),
    RoundState.STAGE_ONE: lazy("Tahap I"),
    RoundState.MENDING: lazy("Perbaikan"),
    RoundState.STAGE_TWO: lazy("Tahap II"),
    RoundState.FINISHED: lazy("Selesai"),
}
STEPS: Words = {
    Step.SAVE: lazy("menyimpan"),
    Step.SUBMIT: lazy("mengajukan"),
    Step.ACCEPT: lazy("menerima"),
    Step.RETURN: lazy("mengembalikan"),
    Step.SKIP: lazy("menyatakan tidak berlaku"),
    Step.UNSKIP: lazy("menyatakan berlaku lagi"),
    Step.START: lazy("memulai putaran"),
    Step.SIGN: lazy("menyerahkan"),
    Step.REOPEN: lazy("membuka kembali"),
    Step.OPEN_STAGE_ONE: lazy("membuka Tahap I"),
    Step.ASK_MENDING: lazy("meminta perbaikan"),
    Step.OPEN_STAGE_TWO: lazy("membuka Tahap II"),
    Step.FINISH: lazy("menutup penilaian"),
}
LAYERS: Words = {
    "self": lazy("Mandiri"),
    "verified": lazy("Terverifikasi"),
    "stage_one": lazy("Asesor, Tahap I"),
    "stage_two": lazy("Asesor, Tahap II"),
    "official": lazy("Hasil resmi"),
}
DOCUMENT_KINDS: Words = {
    "decree": lazy("Keputusan"),
    "regulation": lazy("Peraturan"),
    "plan": lazy("Rencana"),
    "budget": lazy("Anggaran"),
    "invitation": lazy("Undangan"),
    "attendance": lazy("Daftar hadir"),
    "minutes": lazy("Notulen"),
    "photo": lazy("Foto"),
    "agreement": lazy("Perjanjian"),
    "screenshot": lazy("Tangkapan layar"),
    "report": lazy("Laporan"),
    "data": lazy("Data"),
    "other": lazy("Lainnya"),
}
ACCESS_CLASSES: Words = {
    "public": lazy("Boleh umum"),
    "limited": lazy("Untuk dinas"),
    "exempt": lazy("Dikecualikan"),
}
MARKS: Words = {
    "handed_in": lazy("mengajukan jawaban"),
    "accepted": lazy("menerima jawaban"),
    "returned": lazy("mengembalikan jawaban"),
    "skipped": lazy("menyatakan tidak berlaku"),
    "unskipped": lazy("menyatakan berlaku lagi"),
}
PACK_STATUSES: Words = {
    "resmi": lazy("resmi"),
    "dilaporkan": lazy("dilaporkan"),
    "rekonstruksi": lazy("rekonstruksi"),
}
LANGUAGE_NAMES: Words = {"id": "Bahasa Indonesia", "en": "English"}

#: What happened, what was kept, what to do. Facts fill the names in %(…)s.
REASONS: Words = {
    Reason.ROUND_NOT_OPEN: lazy(
        "Putaran ini sedang %(state)s, jadi isiannya tidak dapat diubah. Tidak ada yang hilang; "
        "hubungi koordinator bila masih ada yang perlu diperbaiki."
    ),
    Reason.DEADLINE_PASSED: lazy(
        "Tenggat sudah lewat pada %(deadline)s. Isian terakhir yang tersimpan tetap ada; "
        "minta koordinator memperpanjang tenggat."
    ),
    Reason.ANSWER_LOCKED: lazy(
        "Jawaban ini sedang %(state)s, jadi tidak dapat diubah. Koordinator dapat "
        "mengembalikannya untuk revisi."
    ),
    Reason.ANSWER_CHANGED: lazy(
        "Orang lain lebih dulu menyimpan jawaban ini. Isian Anda belum tersimpan tetapi masih ada "
        "di bawah; bandingkan keduanya, lalu pilih."
    ),
    Reason.ANSWER_EMPTY: lazy("Belum diisi."),
    Reason.LEVEL_MISSING: lazy("Tingkat belum dipilih. Pilih tingkat yang dinyatakan."),
    Reason.VALUE_MISSING: lazy("Nilai belum diisi. Isi angkanya sesuai sumber resmi."),
    Reason.VALUE_OUT_OF_SCALE: lazy(
        "Nilainya di luar batas: isi antara %(lowest)s dan %(highest)s. Isian sebelumnya tetap ada."
    ),
    Reason.RESPONDENTS_MISSING: lazy("Jumlah responden belum diisi."),
    Reason.EVIDENCE_MISSING: lazy(
        "Belum ada bukti. Lampirkan sedikitnya satu dokumen; hanya tingkat 0 yang tidak "
        "perlu bukti."
    ),
    Reason.NOTHING_TO_HAND_IN: lazy(
        "Belum ada jawaban yang siap diajukan. Lengkapi dulu tingkat, nilai, dan buktinya."
    ),
    Reason.UNANSWERED_NOT_CONFIRMED: lazy(
        "Masih ada pertanyaan yang belum selesai: %(codes)s. Tidak ada yang dikirim; lengkapi, "
        "atau nyatakan bahwa Anda menyerahkan tanpa jawaban itu."
    ),
    Reason.VERSION_UNKNOWN: lazy("Versi %(number)s tidak ada. Pilih versi dari daftar riwayat."),
    Reason.NOTE_MISSING: lazy("Tulis dulu catatan atau alasannya."),
    Reason.STEP_NOT_POSSIBLE: lazy(
        "Langkah %(step)s tidak dapat dilakukan selagi keadaannya %(state)s. Muat ulang halaman "
        "untuk melihat keadaan terbaru."
    ),
    Reason.OWN_ANSWER: lazy(
        "Jawaban ini terakhir diubah oleh Anda sendiri. Minta koordinator lain memeriksanya."
    ),
    Reason.TEXT_TOO_LONG: lazy(
        "Teksnya terlalu panjang: paling banyak %(longest)s huruf. Isian Anda masih ada; "
        "ringkaskan."
    ),
    Reason.KEY_REUSED: lazy(
        "Pengiriman ini memakai nomor yang sudah dipakai untuk isian lain. Muat ulang halaman, "
        "lalu simpan lagi."
    ),
    Reason.ROUND_EXISTS: lazy("Putaran %(year)s dengan instrumen ini sudah ada. Buka yang itu."),
    Reason.ROUND_NOT_PREPARED: lazy(
        "Penyerahan belum disiapkan koordinator. Minta koordinator menyiapkannya dulu."
    ),
    Reason.ROUND_CHANGED_SINCE: lazy(
        "Ada jawaban yang berubah sesudah penyerahan disiapkan. Minta koordinator menyiapkannya "
        "sekali lagi, supaya yang diserahkan sama dengan yang Anda baca."
    ),
    Reason.DEADLINES_OUT_OF_ORDER: lazy(
        "Tenggat OPD harus sebelum tenggat penyerahan. Perbaiki salah satu tanggalnya."
    ),
    Reason.DEADLINE_NOT_LATER: lazy(
        "Tanggalnya harus sesudah tenggat yang berlaku sekarang dan tidak lewat tenggat penyerahan."
    ),
    Reason.QUESTIONS_UNASSIGNED: lazy(
        "Masih ada pertanyaan tanpa penjawab: %(codes)s. Bagikan dulu, lalu mulai putaran."
    ),
    Reason.QUESTION_UNKNOWN: lazy("Pertanyaan %(codes)s tidak ada dalam instrumen ini."),
    Reason.SCHEME_UNKNOWN: lazy("Skema %(scheme)s tidak ada dalam instrumen ini."),
    Reason.AGENCY_NOT_HERE: lazy(
        "Perangkat daerah itu tidak ada di daerah ini. Pilih dari daftar."
    ),
    Reason.AGENCY_CLOSED: lazy("%(agency)s sudah tidak ada sebagai perangkat daerah sendiri."),
    Reason.SECOND_PERSON_NEEDED: lazy(
        "Langkah ini perlu orang kedua: yang meminta tidak boleh menyetujui sendiri."
    ),
    Reason.FILE_TOO_LARGE: lazy(
        "Berkasnya terlalu besar: paling besar %(limit)s. Berkas ini tidak disimpan; isian lain "
        "tetap ada. Perkecil atau bagi berkasnya, lalu unggah lagi."
    ),
    Reason.FILE_EMPTY: lazy("Berkasnya kosong (0 bita). Periksa berkasnya, lalu unggah lagi."),
    Reason.FILE_TYPE_NOT_ACCEPTED: lazy(
        "Jenis berkas %(filename)s tidak diterima. Unggah PDF, gambar (JPG, PNG), "
        "dokumen, atau tabel."
    ),
    Reason.FILE_TYPE_MISMATCH: lazy(
        "Isi %(filename)s tidak sesuai dengan nama berakhirannya. Simpan ulang dari "
        "aplikasi asalnya, "
        "lalu unggah lagi."
    ),
    Reason.FILE_MISSING: lazy(
        "Berkas ini tidak ditemukan di penyimpanan. Beri tahu pengelola sistem; "
        "catatannya tetap ada."
    ),
    Reason.FILE_INCOMPLETE: lazy(
        "Berkasnya belum sampai seluruhnya. Tidak ada yang disimpan; unggah lagi."
    ),
    Reason.DISK_FULL: lazy(
        "Ruang penyimpanan hampir penuh, jadi berkas ini tidak disimpan. Jawaban Anda tetap "
        "tersimpan dan masih dapat diubah. Beri tahu koordinator."
    ),
    Reason.NO_ROOM: lazy(
        "Ruang simpan server habis, jadi ini belum tersimpan; yang sudah tersimpan tetap ada. Beri "
        "tahu pengelola sistem, lalu coba lagi."
    ),
    Reason.ALREADY_CITED: lazy("Dokumen ini sudah dikutip di jawaban ini."),
    Reason.PAGES_NOT_UNDERSTOOD: lazy(
        "Halaman “%(text)s” tidak dimengerti. Tulis seperti 4, 12–15."
    ),
    Reason.EMAIL_TAKEN: lazy(
        "Alamat %(email)s sudah dipakai. Buka orangnya, lalu beri peran baru."
    ),
    Reason.EMAIL_NOT_UNDERSTOOD: lazy("%(email)s bukan alamat surel. Periksa penulisannya."),
    Reason.LAST_COORDINATOR: lazy(
        "Ini koordinator terakhir. Beri peran koordinator kepada orang lain dulu."
    ),
    Reason.GRANT_OUTSIDE_PLACE: lazy("Pilih perangkat daerah yang masih ada untuk peran ini."),
    Reason.OWN_REGION: lazy(
        "%(user)s memegang jabatan di daerah ini, jadi tidak boleh menjadi asesornya."
    ),
    Reason.TOKEN_NOT_VALID: lazy("Kode itu tidak berlaku. Salin kode terbaru dari layar server."),
    Reason.AGENCY_NAME_TAKEN: lazy("Perangkat daerah %(name)s sudah ada."),
    Reason.SETUP_DONE: lazy("Pemasangan ini sudah disiapkan. Silakan masuk."),
    Reason.GRANT_HELD: lazy("%(user)s sudah memegang peran itu. Tidak ada yang berubah."),
    Reason.GRANT_ENDED: lazy("Peran itu sudah berakhir. Beri peran baru bila diperlukan."),
    Reason.DATES_NOT_POSSIBLE: lazy(
        "Peran mulai paling cepat hari ini dan berakhir pada hari mulainya atau sesudahnya. "
        "Perbaiki tanggalnya."
    ),
    Reason.DAY_NOT_YET: lazy(
        "Tanggal itu belum tiba. Catat perubahannya pada hari berlakunya, atau sesudahnya."
    ),
    Reason.WORKS_ELSEWHERE: lazy(
        "%(user)s juga bekerja untuk daerah lain, jadi akunnya tidak dapat ditutup atau "
        "dibuka dari "
        "sini. Akhiri perannya di daerah ini."
    ),
    Reason.INSTRUMENT_CHANGED: lazy(
        "Instrumen ini sudah dibekukan dengan isi lain. Naikkan nomor versinya."
    ),
    Reason.INSTRUMENT_UNKNOWN: lazy("Instrumen itu tidak ada."),
    Reason.SCORE_OUT_OF_SCALE: lazy(
        "Nilainya di luar skala: isi antara %(lowest)s dan %(highest)s."
    ),
    Reason.ROUND_NOT_IN_STAGE: lazy(
        "Putaran ini sedang %(state)s, jadi belum atau tidak lagi dinilai."
    ),
    Reason.SCORES_INCOMPLETE: lazy("Masih ada pertanyaan tanpa nilai asesor: %(codes)s."),
    Reason.COMPONENT_UNKNOWN: lazy("Komponen %(components)s tidak ada dalam instrumen ini."),
    Reason.LEDGER_BROKEN: lazy(
        "Catatan bukti tidak utuh. Hentikan pekerjaan dan beri tahu pengelola sistem."
    ),
    Reason.DOSSIER_NOT_READY: lazy(
        "Berkas evaluasi belum dapat diselesaikan karena jawaban terus berubah. "
        "Tunggu sebentar, lalu buat lagi."
    ),
    Reason.DOSSIER_EMPTY: lazy(
        "Putaran ini belum berisi jawaban, jadi belum ada yang dapat disusun. Mulai "
        "putarannya dulu."
    ),
    Reason.DOSSIER_FAILED: lazy(
        "Berkas evaluasi gagal disusun. Jawaban dan bukti tidak berubah; buat lagi, dan bila "
        "terulang beri tahu pengelola sistem."
    ),
    Reason.DOSSIER_STOPPED: lazy(
        "Penyusunan terhenti sebelum selesai, misalnya karena server dimulai ulang. Jawaban dan "
        "bukti tidak berubah; buat lagi."
    ),
}

NOTICES: Words = {
    "answer_returned": lazy("Jawaban %(code)s dikembalikan untuk revisi, tenggat %(until)s"),
    "agency_reminded": lazy("%(round)s: masih ada jawaban yang ditunggu, tenggat %(until)s"),
    "deadline_extended": lazy("Tenggat Anda diperpanjang sampai %(until)s"),
    "agency_handed_in": lazy("%(agency)s mengajukan %(answers)s jawaban"),
    "round_started": lazy("%(round)s dimulai"),
    "round_prepared": lazy("%(round)s siap Anda serahkan"),
    "round_signed": lazy("%(round)s sudah diserahkan"),
    "reopening_requested": lazy("%(round)s: diminta dibuka kembali, menunggu persetujuan Anda"),
    "round_reopened": lazy("%(round)s dibuka kembali"),
    "dossier_ready": lazy("Berkas evaluasi %(round)s selesai disusun"),
}

NO_INDEX: Words = {
    "empty_component": pgettext_lazy("index", "belum ada nilai pada komponen yang diberi bobot"),
}


def answer_steps(state: AnswerState) -> list[tuple[str, str]]:
    """The way of an answer as (word, "done" | "now" | ""): the last one done is where it stands."""
    middle = _("Revisi") if state is AnswerState.RETURNED else _("Diperiksa")
    words = [_("Diisi"), _("Diajukan"), middle, _("Diterima")]
    if state is AnswerState.NOT_APPLICABLE:
        return [(str(ANSWER_STATES[state]), "now")]
    here = {
        AnswerState.EMPTY: -1,
        AnswerState.DRAFT: 0,
        AnswerState.SUBMITTED: 1,
        AnswerState.RETURNED: 2,
        AnswerState.ACCEPTED: 4,
    }[state]
    return [(word, _stage(place, here)) for place, word in enumerate(words)]


def _stage(place: int, here: int) -> str:
    if place == here:
        return "now"
    return "done" if place < here else ""


def refusal_sentence(refused: Refused) -> str:
    """What happened, what was kept and what to do, in the language of the page."""
    return str(REASONS[refused.reason]) % _worded(refused.facts)


def notice_sentence(kind: str, facts: Mapping[str, object]) -> str:
    """A notice in one sentence, in the language that is active."""
    return str(NOTICES[kind]) % _worded(facts)


def _worded(facts: Mapping[str, object]) -> dict[str, str]:
    zone = str(facts.get("zone") or "Asia/Jakarta")
    return {name: _fact(name, value, zone) for name, value in facts.items()}


def _fact(name: str, value: object, zone: str) -> str:
    """A fact as its sentence needs it: by its name where that says more, else by its type."""
    if value in (None, ""):
        return _("yang ditetapkan")
    if name in BY_NAME:
        return BY_NAME[name](value, zone)
    worded = (say(value, zone) for kind, say in BY_TYPE if isinstance(value, kind))
    return next(worded, str(value))


def _state(value: object) -> str:
    known = {**ANSWER_STATES, **ROUND_STATES}
    return str(known.get(str(value), value)).lower()


def _moment(value: object, zone: str) -> str:
    """A moment; notices keep it as ISO text."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return formats.date_time(moment, zone)


Say = Callable[[Any, str], str]
BY_NAME: dict[str, Say] = {
    "state": lambda value, zone: _state(value),
    "until": _moment,
    "limit": lambda value, zone: formats.size(value),
}
BY_TYPE: tuple[tuple[Any, Say], ...] = (
    (AnswerState | RoundState, lambda value, zone: _state(value)),
    (Step, lambda value, zone: str(STEPS[value])),
    (datetime, _moment),
    (Decimal | int, lambda value, zone: formats.plain(value)),
    (list | tuple | set | frozenset, lambda value, zone: _listed([str(part) for part in value])),
)


def _listed(parts: list[str], most: int = 12) -> str:
    shown = ", ".join(parts[:most])
    more = len(parts) - most
    return (
        _("%(shown)s, dan %(more)s lainnya") % {"shown": shown, "more": more} if more > 0 else shown
    )
