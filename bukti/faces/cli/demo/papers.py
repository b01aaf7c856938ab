"""The contents of the demonstration's letters, minutes, decrees and reports."""

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

from bukti.faces.cli.demo.script import Office, Paper
from bukti.faces.cli.demo.sheets import districts
from bukti.wording.formats import date_long, date_weekday, integer

Content = dict[str, Any]
#: What a story's word for a document means: the page layout, and the code before its number.
SHAPES: Mapping[str, tuple[str, str]] = {
    "undangan": ("letter", "005"),
    "daftar hadir": ("attendance", ""),
    "notulen": ("minutes", "000.1.5"),
    "keputusan": ("decree", "100.3.3"),
    "perbup": ("decree", "perbup"),
    "laporan": ("report", "000.8.6"),
    "dpa": ("budget", "900.1.3"),
    "pks": ("agreement", "100.3.7"),
}
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
GUESTS = (
    "Badan Perencanaan Pembangunan Daerah, Penelitian dan Pengembangan",
    "Dinas Komunikasi, Informatika, Statistik dan Persandian",
    "Dinas Kesehatan",
    "Dinas Pendidikan dan Kebudayaan",
    "Dinas Pekerjaan Umum dan Tata Ruang",
    "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
    "Dinas Kependudukan dan Pencatatan Sipil",
    "Dinas Lingkungan Hidup",
    "Dinas Perhubungan",
    "Badan Penanggulangan Bencana Daerah",
    "Badan Keuangan dan Aset Daerah",
    "Inspektorat Daerah",
    "Perguruan tinggi mitra",
    "Forum Smart City Daerah",
    "Perwakilan dunia usaha",
    "Relawan TIK",
)
OUTSIDE_FROM = 12


def head_of(office: Office) -> str:
    """Who signs for an office, by title."""
    titles = {
        "setda": "Sekretaris Daerah",
        "setwan": "Sekretaris DPRD",
        "inspektorat": "Inspektur Daerah",
        "rsud": f"Direktur {office.name}",
        "bpbd": "Kepala Pelaksana BPBD",
    }
    if office.code.startswith("kec-"):
        return office.name.replace("Kecamatan", "Camat")
    return titles.get(
        office.code, f"Kepala {office.name if len(office.name) < 45 else office.short_name}"
    )


def number_of(paper: Paper, office: Office, day: date) -> str:
    """A number as such documents bear it; none for lists, tables, pictures."""
    _shape, code = SHAPES.get(paper.kind, ("", ""))
    if not code or paper.quirk == "tanpa nomor":
        return ""
    running = Random(paper.title).randrange(14, 1890)  # noqa: S311  a made-up number
    if code == "perbup":
        return f"{running % 89 + 2} Tahun {day.year}"
    place = (
        ""
        if paper.title.startswith("Keputusan Bupati")
        else f"/{office.short_name.replace(' ', '-')}"
    )
    return f"{code}/{running}{place}/{ROMAN[day.month - 1]}/{day.year}"


def content(paper: Paper, office: Office, *, day: date, met: date, text: str) -> Content:
    """All that the page layouts may ask for."""
    is_regents = "Bupati" in paper.title.split(" tentang ")[0]
    said = text.removesuffix(" (contoh)")
    subject = paper.title.partition(" tentang ")[2] or paper.title
    return {
        "shape": SHAPES[paper.kind][0],
        "title": paper.title,
        "office": "Bupati Paser" if is_regents else office.name,
        "signer": "Bupati Paser" if is_regents else head_of(office),
        "number": number_of(paper, office, day) or "belum bernomor",
        "date": date_long(day, "id"),
        "act": paper.title.partition(" tentang ")[0],
        "subject": subject,
        "to": "Kepala Perangkat Daerah dan Anggota Dewan Smart City",
        "opening": _opening(paper, said),
        "closing": ["Demikian disampaikan. Atas perhatian Saudara diucapkan terima kasih."],
        "meeting": _meeting(paper, met),
        "guests": list(GUESTS),
        "outside": OUTSIDE_FROM,
        **_body(paper, office, said),
    }


def _opening(paper: Paper, said: str) -> list[str]:
    if paper.kind == "undangan":
        return [
            "Dalam rangka evaluasi Smart City Kabupaten Paser dan tindak lanjut rekomendasi "
            "asesor, kami mengundang Saudara untuk hadir pada:"
        ]
    if paper.title.startswith("Catatan metode"):
        return [
            said,
            "Responden dipilih secara purposif di antara pengguna layanan, sekurang-kurangnya "
            "lima puluh orang tiap dimensi. Identitas tidak dicatat; tiap formulir hanya bernomor.",
            "Tiap pernyataan dijawab dengan angka 0 sampai 4; rerata dihitung dari semua jawaban.",
        ]
    return [said]


def _meeting(paper: Paper, day: date) -> list[list[str]]:
    if paper.kind == "dpa":
        return [["Urusan", "Pemerintahan wajib"], ["Tahun anggaran", str(day.year)]]
    return [
        ["Hari, tanggal", date_weekday(day, "id")],
        ["Waktu", "09.00 WITA sampai selesai"],
        ["Tempat", "Ruang Rapat Sadurengas, Kantor Bupati Paser"],
        ["Acara", paper.title.removeprefix("Undangan ").removeprefix("Notulen ")],
    ]


def _body(paper: Paper, office: Office, said: str) -> Content:
    luck = Random(f"{office.code} {paper.title}")  # noqa: S311  example figures
    if paper.kind == "dpa":
        return {"rows": [_line(luck, number) for number in range(1, 13)]}
    shown = districts()[: int(paper.quirk)] if paper.quirk.isdigit() else districts()
    return {
        "columns": ["Kecamatan", "Sasaran", "Terlayani", "Persen"],
        "rows": [_district(luck, name) for name in shown],
        "annex": "Susunan dan pembagian tugas",
        "considering": [
            "bahwa pelayanan kepada masyarakat perlu didukung tata kelola yang terpadu;",
            f"bahwa {said.split('. ')[0].rstrip('.')};",
            "bahwa berdasarkan pertimbangan tersebut perlu menetapkan pengaturannya;",
        ],
        "recalling": [
            "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;",
            "Peraturan Presiden Nomor 95 Tahun 2018 tentang "
            "Sistem Pemerintahan Berbasis Elektronik;",
        ],
        "rulings": [
            ["KESATU", f"Menetapkan {paper.title.partition(' tentang ')[2] or paper.title}."],
            ["KEDUA", "Tugas dan penanggung jawab tercantum dalam lampiran."],
            [
                "KETIGA",
                "Pelaksanaan dilaporkan kepada Dewan Smart City sekurang-kurangnya tiap semester.",
            ],
            ["KEEMPAT", "Berlaku sejak tanggal ditetapkan."],
        ],
        "method": [
            "Angka dikumpulkan dari catatan perangkat daerah, dicocokkan dengan sistem yang "
            "dipakai, dan dihitung pada tanggal laporan. Pembagi adalah sasaran tahun berjalan "
            "menurut dokumen perencanaan.",
        ],
        "activities": [_activity(luck, name, office.short_name) for name in ACTIVITIES],
        "points": POINTS,
        "decisions": DECISIONS,
        "articles": ARTICLES,
    }


ACTIVITIES = (
    "Penyiapan data dan berita acara",
    "Pelatihan petugas layanan",
    "Penyambungan layanan ke PSS",
    "Pengukuran kepuasan pengguna",
    "Pendampingan kecamatan hulu",
    "Pemeliharaan perangkat",
    "Pelaporan triwulanan",
)
POINTS = [
    "Sinyal di Muara Samu dan Muara Komam terbatas; pencatatan luring dipakai lalu disinkronkan.",
    "Petugas cadangan belum cukup; pelatihan tambahan diusulkan dalam anggaran perubahan.",
    "Data antarperangkat daerah dicocokkan tiap triwulan lewat Satu Data Paser.",
    "Hasil dilaporkan kepada Tim Pelaksana sebelum rapat berikutnya.",
]
DECISIONS = [
    [
        "1",
        "Matriks program dilengkapi keluaran tiap perangkat daerah",
        "DKISP",
        "dua pekan",
        "selesai",
    ],
    ["2", "Data capaian disajikan menurut kecamatan", "Bappedalitbang", "satu bulan", "selesai"],
    [
        "3",
        "Anggota luar pemerintah diundang pada setiap rapat",
        "Setda",
        "rapat berikutnya",
        "selesai",
    ],
    ["4", "Pedoman pelaksanaan ditetapkan", "Bagian Hukum", "dua bulan", "berjalan"],
    ["5", "Risiko quick win ditinjau bersama Inspektorat", "Inspektorat", "tiga bulan", "berjalan"],
]
ARTICLES = [
    [
        "Maksud dan tujuan",
        "Para pihak sepakat bekerja sama untuk mendukung program Smart City Kabupaten Paser.",
    ],
    [
        "Ruang lingkup",
        "Kerja sama meliputi penyediaan sarana, pertukaran data yang diperlukan, dan pendampingan.",
    ],
    [
        "Hak dan kewajiban",
        "Masing-masing pihak menyediakan sumber daya dan melaporkan pelaksanaannya tiap semester.",
    ],
    [
        "Pembiayaan",
        "Biaya menjadi tanggungan masing-masing pihak sesuai peraturan perundang-undangan.",
    ],
    [
        "Jangka waktu",
        "Perjanjian berlaku satu tahun dan dapat diperpanjang atas kesepakatan para pihak.",
    ],
]


def _district(luck: Random, name: str) -> list[str]:
    target = luck.randrange(180, 2400)
    served = round(target * luck.uniform(0.52, 0.98))
    return [name, integer(target, "id"), integer(served, "id"), f"{100 * served // target}%"]


def _activity(luck: Random, name: str, who: str) -> list[str]:
    target = luck.randrange(4, 40)
    done = min(target, round(target * luck.uniform(0.5, 1.15)))
    return [name, who, str(target), str(done), "selesai" if done == target else "berjalan"]


def _line(luck: Random, number: int) -> list[str]:
    ceiling = luck.randrange(40, 900) * 1_000_000
    spent = int(ceiling * luck.uniform(0.4, 0.95))
    name = ACTIVITIES[number % len(ACTIVITIES)]
    return [f"2.16.{number:02d}", name, integer(ceiling, "id"), integer(spent, "id")]
