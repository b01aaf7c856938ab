"""The `bukti` command: Django's management commands by noun, with a help worth reading."""

import os
import sys

from bukti.site import secret

NOUNS = {
    "setup": "menyiapkan data, kunci, basis data, instrumen dan aset",
    "serve": "menjalankan web dan pekerja bersama",
    "demo": "mengisi daerah contoh",
    "doctor": "memeriksa kesehatan pemasangan",
    "backup": "mencadangkan basis data, bukti dan kunci",
    "restore": "memulihkan cadangan ke folder kosong",
    "pack": "memeriksa, memuat dan mendaftar paket instrumen",
    "score": "menghitung indeks dari berkas CSV",
    "ledger": "memeriksa catatan bukti, menandatangani titik periksa, tanda terima",
    "dossier": "menyusun berkas evaluasi dari baris perintah",
    "evidence": "memeriksa penyimpanan bukti",
    "work": "menjalankan pekerja saja, untuk pemasangan di beberapa mesin",
    "docs": "menulis ulang dokumen rujukan",
    "messages": "mengumpulkan kalimat layar untuk diterjemahkan",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one noun; without any, say what there is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bukti.site.settings")
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(overview())
        return 0
    if words[0] == "setup":
        secret.make()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["bukti", *words])
    return 0


def overview() -> str:
    """What `bukti` alone prints."""
    lines = [f"  bukti {noun:<10} {meaning}" for noun, meaning in NOUNS.items()]
    return (
        "bukti: evaluasi Smart City, setiap pernyataan bersandar pada dokumen\n\n"
        + "\n".join(lines)
        + "\n\nRincian: bukti NOUN --help\n"
        "Kode keluar: 0 berhasil, 1 ditolak atau ada yang merah, 2 tidak berwenang.\n"
    )
