"""The page that explains an archive to whoever opens it: in Indonesian, then in English."""

from bukti.areas.dossier.contents import Dossier
from bukti.wording import formats

TEXT = """\
{title}
{region}

BERKAS EVALUASI
Arsip ini memuat seluruh jawaban, bukti, nilai, dan catatan bukti putaran di atas, sampai titik
periksa {at_id}. Isinya dapat memuat dokumen yang terbatas atau dikecualikan
menurut UU 14/2008: simpan dan bagikan seperti dokumen aslinya.

  data/dossier.pdf       seluruh isi untuk dibaca
  data/answers.csv       jawaban sebagai tabel; data/answers.json untuk mesin
  data/answers/          jawaban satu per satu, persis seperti yang tercatat
  data/documents/        dokumen bukti, persis seperti yang diunggah
  data/ledger/           catatan bukti, titik periksa, dan kunci umum daerah

Memeriksa keutuhannya, tanpa jaringan, dengan Python 3.8 atau lebih baru:

  python3 verify.py --key SIDIK_JARI

Mintalah sidik jari kunci langsung kepada daerah, jangan dari arsip ini. Tanpa --key terbukti
bahwa berkas ini utuh, belum terbukti milik siapa.


EVALUATION DOSSIER
This archive holds all answers, evidence, scores and the ledger of the round above, up to the
checkpoint of {at_en}. It may hold documents that are limited or exempt under
Indonesian law (UU 14/2008): keep and share it as you would the documents themselves.

  data/dossier.pdf       everything, for reading
  data/answers.csv       the answers as a table; data/answers.json for machines
  data/answers/          each answer, exactly as the ledger commits to it
  data/documents/        the documents, byte for byte
  data/ledger/           the ledger, its checkpoint, and the region's public keys

To check it, without a network, with Python 3.8 or later:

  python3 verify.py --key FINGERPRINT

Ask the region itself for its key's fingerprint, never take it from the archive. Without --key
the check shows that the dossier is whole, not whose it is.
"""


def text(dossier: Dossier) -> str:
    """The page for this dossier."""
    at, zone = dossier.checkpoint.at, dossier.round.zone
    return TEXT.format(
        title=dossier.round.title,
        region=dossier.round.region_name,
        at_id=formats.date_time(at, zone, "id").replace(formats.TIE, " "),
        at_en=formats.date_time(at, zone, "en").replace(formats.TIE, " "),
    )
