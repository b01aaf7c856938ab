"""The words for every action: what the policy is rendered with, for auditors and the council."""

from django.utils.translation import gettext_lazy as lazy

from bukti.rules.permissions import Action
from bukti.wording.words import Words

ACTIONS: Words = {
    Action.READ_ROUND: lazy("Membaca putaran"),
    Action.OPEN_ROUND: lazy("Membuka putaran"),
    Action.CHANGE_ROUND: lazy("Mengubah putaran dan tahapnya"),
    Action.ASSIGN_QUESTION: lazy("Membagi pertanyaan"),
    Action.SKIP_QUESTION: lazy("Menyatakan pertanyaan tidak berlaku"),
    Action.EXTEND_DEADLINE: lazy("Memperpanjang tenggat OPD"),
    Action.REMIND_AGENCY: lazy("Mengingatkan OPD"),
    Action.READ_ANSWER: lazy("Membaca jawaban"),
    Action.READ_HISTORY: lazy("Membaca versi lama dan percakapan"),
    Action.WRITE_ANSWER: lazy("Mengisi jawaban"),
    Action.COMMENT_ANSWER: lazy("Menulis komentar"),
    Action.HAND_IN_AGENCY: lazy("Mengajukan jawaban OPD"),
    Action.VERIFY_ANSWER: lazy("Memverifikasi jawaban"),
    Action.PREPARE_HAND_IN: lazy("Menyiapkan penyerahan"),
    Action.SIGN_HAND_IN: lazy("Menyerahkan putaran"),
    Action.REQUEST_REOPENING: lazy("Meminta pembukaan kembali"),
    Action.CONFIRM_REOPENING: lazy("Menyetujui pembukaan kembali"),
    Action.READ_EVIDENCE: lazy("Membaca bukti"),
    Action.UPLOAD_EVIDENCE: lazy("Mengunggah dan mengutip bukti"),
    Action.CLASSIFY_EVIDENCE: lazy("Menetapkan kelas bukti"),
    Action.READ_RESULT: lazy("Membaca hasil berjalan"),
    Action.READ_PAST_RESULT: lazy("Membaca hasil yang sudah selesai"),
    Action.RECORD_RESULT: lazy("Mencatat hasil resmi"),
    Action.SCORE_QUESTION: lazy("Memberi nilai"),
    Action.MAKE_DOSSIER: lazy("Membuat berkas evaluasi"),
    Action.READ_DOSSIER: lazy("Mengunduh berkas evaluasi"),
    Action.READ_LEDGER: lazy("Membaca catatan bukti"),
    Action.VERIFY_LEDGER: lazy("Memeriksa catatan bukti"),
    Action.READ_PEOPLE: lazy("Melihat pengguna"),
    Action.MANAGE_USERS: lazy("Mengelola pengguna"),
    Action.MANAGE_AGENCIES: lazy("Mengelola perangkat daerah"),
    Action.HOLD_TOKEN: lazy("Memegang kunci API"),
    Action.FREEZE_INSTRUMENT: lazy("Membekukan instrumen"),
    Action.SIGN_CHECKPOINT: lazy("Menandatangani titik periksa"),
    Action.PREPARE_PREVIEW: lazy("Menyiapkan pratinjau"),
    Action.SEND_NOTICE: lazy("Mengirim pemberitahuan"),
    Action.RENDER_DOSSIER: lazy("Menyusun berkas evaluasi"),
    Action.SET_UP: lazy("Menyiapkan pemasangan"),
}
