"""From the living log to an archive that the standalone verifier calls intact."""

import random
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from bukti.areas.ledger import entries, export, queries
from bukti.areas.ledger.commands import append, seal, sign_checkpoint
from bukti.areas.ledger.models import Checkpoint
from bukti.rules.permissions import SYSTEM, Actor, Place
from tests import archive

pytestmark = pytest.mark.django_db

PASER = "64.01"
OFFICER = Actor("user:17", 17)
#: All that `append` asks of a row.
ANSWER = SimpleNamespace(
    pk=55, region_id=PASER, _meta=SimpleNamespace(label_lower="answers.answer")
)
CONTENT = entries.canonical({"code": "A1.1.1", "level": 3, "text": "Perbup sudah ada"})


def exported(folder: Path, checkpoint: Checkpoint) -> Path:
    """What an exporter does: payload, ledger, tags, manifests, and the seal last of all."""
    salts = queries.salts_of(PASER, {1, 2})
    links = [
        export.Link("data/documents/1.pdf", 0, "sha256"),
        export.Link("data/answers/A1.1.1.json", 1, "content", salts[1, "content"]),
    ]
    openings = [export.Opened(2, "note", salts[2, "note"], "Notulen belum bertanda tangan")]
    archive.write_all(
        folder,
        {
            "data/answers/A1.1.1.json": CONTENT.encode(),
            "data/documents/1.pdf": b"%PDF",
            f"{export.FOLDER}/entries.jsonl": b"".join(export.entries_jsonl(checkpoint)),
            f"{export.FOLDER}/checkpoint.txt": export.checkpoint_txt(checkpoint),
            f"{export.FOLDER}/keys.txt": export.keys_txt(checkpoint),
            f"{export.FOLDER}/openings.jsonl": b"".join(export.openings_jsonl(openings)),
            f"{export.FOLDER}/files.jsonl": b"".join(export.files_jsonl(links)),
            "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "verify.py": archive.VERIFIER.read_bytes(),
        },
    )
    archive.write_manifests(folder)
    (folder / "seal.txt").write_text(seal(SYSTEM, PASER, archive.list_all(folder)))
    return folder


@pytest.fixture
def checkpoint() -> Checkpoint:
    digest = sha256(b"%PDF").hexdigest()
    append(OFFICER, "document.added", Place(PASER, 1), sha256=digest)
    append(OFFICER, "answer.saved", ANSWER, secrets={"content": CONTENT})
    append(
        OFFICER,
        "answer.returned",
        ANSWER,
        secrets={"note": "Notulen belum bertanda tangan"},
    )
    signed = sign_checkpoint(SYSTEM, PASER, "test")
    assert signed is not None
    append(OFFICER, "answer.saved", ANSWER, secrets={"content": "later"})
    return signed


def test_an_archive_of_the_living_log_is_intact_and_the_regions(tmp_path, checkpoint):
    folder = exported(tmp_path, checkpoint)
    fingerprint = queries.keys_of(PASER)[0].fingerprint

    assert archive.problems(folder, fingerprint) == {}
    assert archive.problems(folder, "00" * 32).keys() == {
        "seal.txt",
        "data/ledger/checkpoint.txt",
    }


def test_an_answer_that_was_changed_in_the_archive_is_named(tmp_path, checkpoint):
    folder = exported(tmp_path, checkpoint)
    (folder / "data/answers/A1.1.1.json").write_text(CONTENT.replace("3", "4"))
    archive.reseal_without_key(folder)

    assert archive.problems(folder)["data/answers/A1.1.1.json"] == {"entry"}


def test_the_same_checkpoint_gives_the_same_bytes(tmp_path, checkpoint):
    first = exported(tmp_path / "one", checkpoint)
    append(OFFICER, "answer.saved", ANSWER, secrets={"content": "later still"})
    sign_checkpoint(SYSTEM, PASER, "test")

    second = exported(tmp_path / "two", checkpoint)

    paths = archive.files_of(first)
    assert paths == archive.files_of(second)
    assert [(first / path).read_bytes() for path in paths] == [
        (second / path).read_bytes() for path in paths
    ]


def test_a_listing_escapes_only_what_rfc_8493_says():
    text = export.listing({"b/50%.txt": "22", "a\r\n.txt": "11"})

    assert text == "11  a%0D%0A.txt\n22  b/50%25.txt\n"


def test_lines_come_in_an_order_that_does_not_depend_on_the_exporter():
    links = [export.Link(f"data/{number}", number, "sha256") for number in range(9)]
    openings = [export.Opened(number, "note", "00", "x") for number in range(9)]
    mixed = random.Random(3)
    mixed.shuffle(links)
    mixed.shuffle(openings)

    assert list(export.files_jsonl(links)) == list(export.files_jsonl(reversed(links)))
    assert list(export.openings_jsonl(openings)) == list(
        export.openings_jsonl(sorted(openings, key=str))
    )
