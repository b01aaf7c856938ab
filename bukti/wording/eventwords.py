"""The words of the log: for every event, kind of thing, fact and actor."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bukti.rules.events import Event
from bukti.wording import formats
from bukti.wording.words import ANSWER_STATES, LAYERS, ROLES, ROUND_STATES

Words = Mapping[str, str | Promise]

#: What the actor did, as it reads after the actor's name.
EVENTS: Words = {
    Event.AGENCY_ADDED: lazy("mencatat perangkat daerah baru"),
    Event.AGENCY_RENAMED: lazy("mengganti nama perangkat daerah"),
    Event.AGENCY_MERGED: lazy("menggabungkan perangkat daerah"),
    Event.AGENCY_CLOSED: lazy("menutup perangkat daerah"),
    Event.USER_INVITED: lazy("mengundang pengguna"),
    Event.USER_JOINED: lazy("menyiapkan pemasangan dan menjadi koordinator pertama"),
    Event.USER_DISABLED: lazy("menutup akun pengguna"),
    Event.USER_ENABLED: lazy("membuka kembali akun pengguna"),
    Event.GRANT_GIVEN: lazy("memberi peran"),
    Event.GRANT_ENDED: lazy("mengakhiri peran"),
    Event.GRANT_MOVED: lazy("memindahkan peran ke perangkat daerah lain"),
    Event.TOKEN_ISSUED: lazy("membuat kunci API"),
    Event.TOKEN_REVOKED: lazy("mencabut kunci API"),
    Event.INSTRUMENT_FROZEN: lazy("membekukan instrumen"),
    Event.ROUND_OPENED: lazy("membuka putaran"),
    Event.ROUND_RECORDED: lazy("mencatat putaran lama"),
    Event.ROUND_STARTED: lazy("memulai putaran"),
    Event.ROUND_CHANGED: lazy("mengubah putaran"),
    Event.ROUND_DEADLINE_EXTENDED: lazy("memperpanjang tenggat sebuah perangkat daerah"),
    Event.ROUND_PREPARED: lazy("menyiapkan penyerahan"),
    Event.ROUND_SIGNED: lazy("menyerahkan putaran"),
    Event.ROUND_REOPEN_REQUESTED: lazy("meminta putaran dibuka kembali"),
    Event.ROUND_REOPENED: lazy("menyetujui putaran dibuka kembali"),
    Event.ROUND_ADVANCED: lazy("memindahkan putaran ke tahap berikutnya"),
    Event.ROUND_FINISHED: lazy("menutup penilaian"),
    Event.AGENCY_REMINDED: lazy("mengingatkan perangkat daerah"),
    Event.QUESTION_ASSIGNED: lazy("membagi pertanyaan"),
    Event.QUESTION_NOT_APPLICABLE: lazy("menyatakan pertanyaan tidak berlaku"),
    Event.QUESTION_APPLICABLE: lazy("menyatakan pertanyaan berlaku lagi"),
    Event.ANSWER_SAVED: lazy("menyimpan jawaban"),
    Event.ANSWER_RESTORED: lazy("memulihkan versi lama sebuah jawaban"),
    Event.ANSWER_COMMENTED: lazy("mengomentari jawaban"),
    Event.ANSWER_SUPPORTED: lazy("melampirkan bukti pada jawaban"),
    Event.ANSWER_UNSUPPORTED: lazy("melepas bukti dari jawaban"),
    Event.ANSWER_HANDED_IN: lazy("mengajukan jawaban"),
    Event.ANSWER_ACCEPTED: lazy("menerima jawaban"),
    Event.ANSWER_RETURNED: lazy("mengembalikan jawaban untuk revisi"),
    Event.AGENCY_HANDED_IN: lazy("mengajukan jawaban perangkat daerah"),
    Event.DOCUMENT_ADDED: lazy("menyimpan dokumen"),
    Event.DOCUMENT_REVISED: lazy("menyimpan versi baru dokumen"),
    Event.DOCUMENT_DESCRIBED: lazy("mengubah keterangan dokumen"),
    Event.DOCUMENT_CLASSED: lazy("menetapkan kelas dokumen"),
    Event.CITATION_ADDED: lazy("mengutip dokumen"),
    Event.CITATION_CHANGED: lazy("mengubah kutipan"),
    Event.CITATION_REMOVED: lazy("mencabut kutipan"),
    Event.CITATION_SHARED: lazy("membuka dokumen yang dikutip bagi perangkat daerah lain"),
    Event.RELEASE_GIVEN: lazy("membuka bukti bagi asesor"),
    Event.SCORE_GIVEN: lazy("memberi nilai"),
    Event.RESULT_RECORDED: lazy("mencatat hasil"),
    Event.DOSSIER_ASKED: lazy("meminta berkas evaluasi"),
    Event.DOSSIER_MADE: lazy("menyusun berkas evaluasi"),
    Event.CHECKPOINT_SIGNED: lazy("menandatangani titik periksa"),
    Event.KEY_MADE: lazy("membuat kunci penanda tangan"),
    Event.LEDGER_VERIFIED: lazy("memeriksa catatan"),
    Event.NOTICE_SENT: lazy("mengirim pemberitahuan"),
    Event.BACKUP_MADE: lazy("membuat cadangan"),
}

#: What it happened to. A kind without a word of its own shows its name.
KINDS: Words = {
    "people.agency": lazy("perangkat daerah"),
    "people.user": lazy("pengguna"),
    "people.grant": lazy("peran"),
    "people.apitoken": lazy("kunci API"),
    "instruments.instrument": lazy("instrumen"),
    "rounds.round": lazy("putaran"),
    "answers.answer": lazy("jawaban"),
    "answers.handin": lazy("pengajuan"),
    "evidence.document": lazy("dokumen"),
    "evidence.citation": lazy("kutipan"),
    "assessment.score": lazy("nilai"),
    "assessment.result": lazy("hasil"),
    "dossier.export": lazy("berkas evaluasi"),
    "ledger.tree": lazy("catatan"),
    "place": lazy("daerah"),
}

#: The facts of entries, and what entries only commit to.
FACTS: Words = {
    "access": lazy("kelas"),
    "agencies": lazy("perangkat daerah"),
    "agency": lazy("perangkat daerah"),
    "agency_deadline": lazy("tenggat OPD"),
    "answered": lazy("terjawab"),
    "answers": lazy("jawaban"),
    "citation": lazy("kutipan"),
    "citations": lazy("kutipan"),
    "cited_by": lazy("pada"),
    "code": lazy("kode"),
    "codes": lazy("kode"),
    "comment": lazy("komentar"),
    "content": lazy("isi"),
    "deadline": lazy("tenggat penyerahan"),
    "digest": lazy("sidik isi"),
    "ended": lazy("peran lama"),
    "findings": lazy("temuan"),
    "grant": lazy("peran"),
    "index": lazy("indeks"),
    "instrument": lazy("instrumen"),
    "key": lazy("kunci"),
    "layer": lazy("lapis"),
    "level": lazy("tingkat"),
    "note": lazy("catatan koordinator"),
    "pages": lazy("halaman"),
    "people": lazy("orang"),
    "questions": lazy("pertanyaan"),
    "readers": lazy("pembaca"),
    "reason": lazy("alasan"),
    "restored": lazy("versi yang dipulihkan"),
    "revision": lazy("revisi"),
    "revisions": lazy("revisi"),
    "role": lazy("peran"),
    "root": lazy("akar"),
    "round": lazy("putaran"),
    "scheme": lazy("skema"),
    "sha256": lazy("SHA-256"),
    "since": lazy("mulai"),
    "size": lazy("ukuran"),
    "stage": lazy("tahap"),
    "state": lazy("keadaan"),
    "successor": lazy("penerus"),
    "text": lazy("teks"),
    "title": lazy("judul"),
    "until": lazy("sampai"),
    "user": lazy("pengguna"),
    "value": lazy("nilai"),
    "verified": lazy("tingkat terverifikasi"),
    "verifier": lazy("kunci pemeriksa"),
    "version": lazy("versi"),
    "year": lazy("tahun"),
}
#: Why a checkpoint was signed.
CHECKPOINT_REASONS: Words = {
    "minute": lazy("berkala"),
    "cli": lazy("diminta lewat baris perintah"),
    "hand_in": lazy("penyerahan"),
    "result": lazy("hasil"),
    "dossier": lazy("berkas evaluasi"),
    "demo": lazy("contoh"),
}
_VALUES: Words = {**ROLES, **ANSWER_STATES, **ROUND_STATES, **LAYERS}
HASH_LENGTH, HASH_SHOWN = 64, 12
ANSWER = "answer:"


def kind_word(kind: str) -> str:
    """The word for a kind of thing."""
    return str(KINDS.get(kind, kind))


def fact_word(name: str) -> str:
    """The word for a fact."""
    return str(FACTS.get(name, name))


def fact_sentence(name: str, value: object, zone: str) -> str:
    """«versi 3», «tenggat 27 November 2026 pukul 16.00 WITA»: a fact with its value."""
    return f"{fact_word(name)} {_said(value, zone)}"


def actor_word(actor: str, names: Mapping[int, str]) -> str:
    """The person's office, for who may know it; the machine's name; else the pseudonym."""
    kind, _colon, who = actor.partition(":")
    if kind == "user" and who.isdecimal():
        return names.get(int(who)) or _("Pengguna %(number)s") % {"number": who}
    if actor == "system:worker":
        return _("Bukti sendiri")
    if kind == "system":
        return _("Baris perintah (%(who)s)") % {"who": who}
    return actor


def _said(value: object, zone: str) -> str:
    match value:
        case None | []:
            return formats.NOTHING
        case list():
            return ", ".join(_said(part, zone) for part in value)
        case dict():
            return ", ".join(fact_sentence(name, part, zone) for name, part in value.items())
        case str() if value.startswith(ANSWER):
            return f"{kind_word('answers.answer')} {value.removeprefix(ANSWER)}"
        case _:
            return _said_plainly(str(value), zone)


def _said_plainly(text: str, zone: str) -> str:
    if text in _VALUES:
        return str(_VALUES[text])
    if len(text) == HASH_LENGTH and text.isalnum():
        return f"{text[:HASH_SHOWN]}…"
    return _said_as_time(text, zone) or text


def _said_as_time(text: str, zone: str) -> str:
    """A day or a moment in words; nothing for what is neither."""
    try:
        if len(text) == len("2026-11-27"):
            return formats.date_long(date.fromisoformat(text))
        moment = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return ""
    return formats.date_time(moment, zone) if moment and moment.tzinfo else ""
