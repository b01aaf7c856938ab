"""The `bukti` command: Django's management commands by noun, with a help worth reading."""

import os
import sys

NOUNS = {
    "setup": "menyiapkan data, kunci, basis data dan aset",
    "serve": "menjalankan web dan pekerja bersama",
    "demo": "mengisi daerah contoh",
    "doctor": "memeriksa kesehatan pemasangan",
    "pack": "memeriksa, memuat dan mendaftar paket instrumen",
    "score": "menghitung indeks dari berkas CSV",
    "ledger": "memeriksa catatan bukti, menandatangani titik periksa, tanda terima",
    "dossier": "menyusun berkas evaluasi dari baris perintah",
    "evidence": "memeriksa penyimpanan bukti",
    "backup": "mencadangkan basis data, bukti dan kunci",
    "restore": "memulihkan cadangan ke folder kosong",
    "docs": "menulis ulang dokumen rujukan",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one noun; without any, say what there is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bukti.site.settings")
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] in ("-h", "--help", "help"):
        _overview()
        return 0
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["bukti", *words])
    return 0


def _overview() -> None:
    lines = [f"  bukti {noun:<10} {meaning}" for noun, meaning in NOUNS.items()]
    sys.stdout.write(
        "bukti: evaluasi Smart City, setiap pernyataan bersandar pada dokumen\n\n"
        + "\n".join(lines)
        + "\n\nRincian: bukti NOUN --help\n"
    )
