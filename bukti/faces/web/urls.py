"""All staff addresses in one table: Indonesian paths, English names. Who may: `access.py`."""

from allauth.account import views as account
from django.urls import path
from django.views.i18n import set_language

from bukti.faces.web import (
    answers,
    assessment,
    board,
    dossier,
    evidence,
    handin,
    home,
    instruments,
    ledger,
    people,
    profile,
    results,
    rounds,
    verification,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("masuk/", account.login, name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("akun/nonaktif/", account.account_inactive, name="account_inactive"),
    path("akun/konfirmasi/", account.reauthenticate, name="account_reauthenticate"),
    path("sandi/ganti/", account.password_change, name="account_change_password"),
    path("sandi/lupa/", account.password_reset, name="account_reset_password"),
    path("sandi/lupa/terkirim/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "sandi/atur/<uidb36>-<key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "sandi/atur/selesai/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("bahasa/", set_language, name="set_language"),
    path("siapkan/", profile.set_up, name="set_up"),
    path("komponen/", home.components, name="components"),
    # one's own
    path("tugas/", home.tasks, name="tasks"),
    path("pemberitahuan/", profile.notices, name="notices"),
    path("akun/", profile.profile, name="profile"),
    path("akun/kunci/", profile.issue_token, name="token_issue"),
    path("akun/kunci/<int:token_id>/cabut/", profile.revoke_token, name="token_revoke"),
    # rounds
    path("putaran/", rounds.round_list, name="rounds"),
    path("putaran/baru/", rounds.open_round, name="round_open"),
    path("putaran/lama/", rounds.record_past, name="round_record"),
    path("putaran/<int:round_id>/", rounds.round_page, name="round"),
    path("putaran/<int:round_id>/ubah/", rounds.change, name="round_change"),
    path("putaran/<int:round_id>/mulai/", rounds.start, name="round_start"),
    path("putaran/<int:round_id>/tahap/", rounds.move, name="round_move"),
    path("putaran/<int:round_id>/pembagian/", rounds.assignments, name="assignments"),
    path("putaran/<int:round_id>/perpanjangan/", rounds.extend, name="deadline_extend"),
    path("putaran/<int:round_id>/pengingat/", rounds.remind, name="agency_remind"),
    path("putaran/<int:round_id>/papan/", board.board, name="board"),
    # answers
    path("putaran/<int:round_id>/pertanyaan/<str:code>/", answers.question, name="question"),
    path("putaran/<int:round_id>/pertanyaan/<str:code>/simpan/", answers.save, name="answer_save"),
    path("putaran/<int:round_id>/pertanyaan/<str:code>/riwayat/", answers.history, name="history"),
    path(
        "putaran/<int:round_id>/pertanyaan/<str:code>/riwayat/<int:number>/",
        answers.compare,
        name="version",
    ),
    path(
        "putaran/<int:round_id>/pertanyaan/<str:code>/riwayat/<int:number>/pulihkan/",
        answers.restore,
        name="version_restore",
    ),
    path(
        "putaran/<int:round_id>/pertanyaan/<str:code>/komentar/", answers.comment, name="comment"
    ),
    path("putaran/<int:round_id>/pertanyaan/<str:code>/bukti/", answers.attach, name="attach"),
    path(
        "putaran/<int:round_id>/pertanyaan/<str:code>/bukti/arsip/",
        answers.archive,
        name="archive",
    ),
    path("putaran/<int:round_id>/pertanyaan/<str:code>/bukti/kutip/", answers.cite, name="cite"),
    path(
        "putaran/<int:round_id>/pertanyaan/<str:code>/bukti/<int:citation_id>/lepas/",
        answers.uncite,
        name="uncite",
    ),
    path("putaran/<int:round_id>/pertanyaan/<str:code>/lewati/", answers.skip, name="skip"),
    path("putaran/<int:round_id>/pertanyaan/<str:code>/berlaku/", answers.unskip, name="unskip"),
    # hand-in and verification
    path("putaran/<int:round_id>/pengajuan/<int:agency_id>/", handin.agency, name="agency_hand_in"),
    path("putaran/<int:round_id>/penyerahan/", handin.whole, name="hand_in"),
    path("putaran/<int:round_id>/penyerahan/siapkan/", handin.prepare, name="round_prepare"),
    path("putaran/<int:round_id>/penyerahan/serahkan/", handin.sign, name="round_sign"),
    path(
        "putaran/<int:round_id>/buka-kembali/", handin.request_reopening, name="reopening_request"
    ),
    path(
        "putaran/<int:round_id>/buka-kembali/<int:reopening_id>/setujui/",
        handin.confirm_reopening,
        name="reopening_confirm",
    ),
    path("tanda-terima/<int:hand_in_id>/", handin.receipt, name="receipt"),
    path("tanda-terima/<int:hand_in_id>/pdf/", handin.receipt_pdf, name="receipt_pdf"),
    path("tanda-terima/<int:hand_in_id>/bukti/", handin.receipt_proof, name="receipt_proof"),
    path("putaran/<int:round_id>/verifikasi/", verification.queue, name="verification"),
    path(
        "putaran/<int:round_id>/verifikasi/<str:code>/", verification.verify, name="verify_answer"
    ),
    path(
        "putaran/<int:round_id>/verifikasi/<str:code>/terima/",
        verification.accept,
        name="answer_accept",
    ),
    path(
        "putaran/<int:round_id>/verifikasi/<str:code>/kembalikan/",
        verification.give_back,
        name="answer_return",
    ),
    # assessment, results, dossier
    path("putaran/<int:round_id>/penilaian/", assessment.score_list, name="assessment"),
    path("putaran/<int:round_id>/penilaian/<str:code>/", assessment.score, name="score"),
    path("putaran/<int:round_id>/penilaian-selesai/", assessment.finish, name="round_finish"),
    path("putaran/<int:round_id>/hasil/", results.results, name="results"),
    path("putaran/<int:round_id>/berkas/", dossier.dossiers, name="dossiers"),
    path("berkas/<int:export_id>/", dossier.state, name="dossier"),
    path("berkas/<int:export_id>/unduh/", dossier.download, name="dossier_download"),
    # the vault
    path("bukti/", evidence.documents, name="documents"),
    path("bukti/<int:revision_id>/", evidence.document, name="document"),
    path("bukti/<int:revision_id>/unduh/", evidence.download, name="document_download"),
    path("bukti/<int:revision_id>/halaman/<int:page>/", evidence.page, name="document_page"),
    path("bukti/<int:revision_id>/keterangan/", evidence.describe, name="document_describe"),
    path("bukti/<int:revision_id>/kelas/", evidence.classify, name="document_classify"),
    path("bukti/<int:revision_id>/versi/", evidence.revise, name="document_revise"),
    # the region
    path("instrumen/", instruments.instrument_list, name="instruments"),
    path("instrumen/<int:instrument_id>/", instruments.instrument, name="instrument"),
    path("perangkat-daerah/", people.agencies, name="agencies"),
    path("perangkat-daerah/<int:agency_id>/", people.agency, name="agency"),
    path("perangkat-daerah/<int:agency_id>/nama/", people.rename_agency, name="agency_rename"),
    path("perangkat-daerah/<int:agency_id>/gabung/", people.merge_agency, name="agency_merge"),
    path("pengguna/", people.users, name="users"),
    path("pengguna/undang/", people.invite, name="user_invite"),
    path("pengguna/asesor/", people.invite_assessor, name="assessor_invite"),
    path("pengguna/<int:user_id>/", people.user, name="user"),
    path("pengguna/<int:user_id>/peran/", people.give_grant, name="grant_give"),
    path("pengguna/<int:user_id>/tutup/", people.disable, name="user_disable"),
    path("pengguna/<int:user_id>/buka/", people.enable, name="user_enable"),
    path("peran/<int:grant_id>/akhiri/", people.end_grant, name="grant_end"),
    path("peran/<int:grant_id>/pindah/", people.move, name="grant_move"),
    path("catatan/", ledger.entries, name="ledger"),
    path("catatan/periksa/", ledger.verify, name="ledger_verify"),
    path("catatan/titik-periksa/<int:checkpoint_id>/", ledger.checkpoint, name="checkpoint"),
]
