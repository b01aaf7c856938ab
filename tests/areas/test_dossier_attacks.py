"""A thousand random attacks on a finished archive: each is noticed, and what it touched is named.

The attacker can change, add, remove and swap files, and make every hash anew; what they do not
have is the region's key. An attack returns the paths of which the verifier must name one.
"""

import json
import os
import random
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from bukti.areas.ledger.entries import canonical, commitment
from tests import archive
from tests.archive import ATTACKER, REGION, files_of, problems, read_entries

KEY = REGION.key.fingerprint
ENTRIES = "data/ledger/entries.jsonl"
Attack = Callable[[Path, random.Random], set[str]]


def flip_a_bit(folder: Path, chance: random.Random) -> set[str]:
    path = chance.choice([path for path in files_of(folder) if (folder / path).stat().st_size])
    content = bytearray((folder / path).read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    (folder / path).write_bytes(content)
    return {path}


def cut_short(folder: Path, chance: random.Random) -> set[str]:
    path = chance.choice([path for path in files_of(folder) if (folder / path).stat().st_size])
    content = (folder / path).read_bytes()
    (folder / path).write_bytes(content[: chance.randrange(len(content))])
    return {path}


def append_bytes(folder: Path, chance: random.Random) -> set[str]:
    path = chance.choice(files_of(folder))
    with (folder / path).open("ab") as file:
        file.write(chance.choice([b"\n", b" ", b"\0", chance.randbytes(5)]))
    return {path}


def remove_a_file(folder: Path, chance: random.Random) -> set[str]:
    path = chance.choice(files_of(folder))
    (folder / path).unlink()
    return {path}


def add_a_file(folder: Path, chance: random.Random) -> set[str]:
    place = chance.choice(["", "data/", "data/documents/", "data/answers/", "data/ledger/"])
    path = f"{place}{chance.choice(['x', 'A0.json.bak', 'verify2.py', '.hidden'])}"
    (folder / path).write_bytes(chance.randbytes(chance.randrange(9)))
    return {path}


def swap_two_files(folder: Path, chance: random.Random) -> set[str]:
    contents = {path: (folder / path).read_bytes() for path in files_of(folder)}
    one = chance.choice(sorted(contents))
    other = chance.choice([path for path in sorted(contents) if contents[path] != contents[one]])
    (folder / one).write_bytes(contents[other])
    (folder / other).write_bytes(contents[one])
    return {one, other}


def rename_a_file(folder: Path, chance: random.Random) -> set[str]:
    path = chance.choice(files_of(folder))
    (folder / path).rename(folder / f"{path}x")
    return {path, f"{path}x"}


def put_a_link_in_place(folder: Path, chance: random.Random) -> set[str]:
    path = chance.choice(files_of(folder))
    shutil.copy(folder / path, folder.parent / "outside")
    (folder / path).unlink()
    os.symlink(folder.parent / "outside", folder / path)
    return {path}


def change_a_file_and_its_manifests(folder: Path, chance: random.Random) -> set[str]:
    path = chance.choice([path for path in files_of(folder) if "manifest-" not in path])
    content = (folder / path).read_bytes()
    (folder / path).write_bytes(chance.choice([content + b"x", content[:-1] + b"~", b"other"]))
    archive.write_manifests(folder)
    return {path}


def change_a_file_and_every_hash(folder: Path, chance: random.Random) -> set[str]:
    path = chance.choice([path for path in files_of(folder) if path.startswith("data/")])
    with (folder / path).open("ab") as file:
        file.write(b"x")
    archive.reseal_without_key(folder)
    return {path, "seal.txt"}


def rewrite_entries(change: Callable[[list[dict], random.Random], None]) -> Attack:
    """The log changed, and everything that anybody can recompute made to fit."""

    def attack(folder: Path, chance: random.Random) -> set[str]:
        bodies = read_entries(folder)
        change(bodies, chance)
        lines = [canonical(body) for body in bodies]
        checkpoint = (folder / "data/ledger/checkpoint.txt").read_bytes()
        keys = (folder / "data/ledger/keys.txt").read_bytes()
        archive.write_ledger(folder, lines, ATTACKER)
        if chance.random() < 0.5:
            # The old checkpoint kept, as its signature is still true.
            (folder / "data/ledger/checkpoint.txt").write_bytes(checkpoint)
            (folder / "data/ledger/keys.txt").write_bytes(keys)
        chance.choice([archive.reseal_without_key, lambda where: archive.seal(where, ATTACKER)])(
            folder
        )
        return {ENTRIES, "data/ledger/checkpoint.txt", "seal.txt"}

    return attack


def raise_a_score(bodies: list[dict], chance: random.Random) -> None:
    chance.choice([body for body in bodies if "verified" in body["facts"]])["facts"]["verified"] = (
        "4"
    )


def redate(bodies: list[dict], chance: random.Random) -> None:
    chance.choice(bodies)["at"] = "2026-11-01T00:00:00.000000Z"


def blame_another(bodies: list[dict], chance: random.Random) -> None:
    chance.choice(bodies)["actor"] = "user:18"


def drop_an_entry(bodies: list[dict], chance: random.Random) -> None:
    bodies.pop(chance.randrange(len(bodies)))
    if chance.random() < 0.5:
        renumber(bodies)


def insert_an_entry(bodies: list[dict], chance: random.Random) -> None:
    bodies.insert(chance.randrange(len(bodies) + 1), dict(chance.choice(bodies)))
    if chance.random() < 0.5:
        renumber(bodies)


def swap_entries(bodies: list[dict], chance: random.Random) -> None:
    one, other = chance.sample(range(len(bodies)), 2)
    bodies[one], bodies[other] = bodies[other], bodies[one]
    if chance.random() < 0.5:
        renumber(bodies)


def drop_the_end(bodies: list[dict], chance: random.Random) -> None:
    del bodies[-chance.randrange(1, 4) :]


def renumber(bodies: list[dict]) -> None:
    for index, body in enumerate(bodies):
        body["index"] = index


def forge_an_answer_with_its_entry(folder: Path, chance: random.Random) -> set[str]:
    """File, link, commitment, log, checkpoint, manifests and seal agree; only the key is false."""
    name = f"data/answers/A{chance.randrange(4)}.json"
    (folder / name).write_text('{"level":4}')
    files = folder / "data/ledger/files.jsonl"
    links = [json.loads(line) for line in files.read_text().splitlines()]
    bodies = read_entries(folder)
    for link in links:
        if link["path"] == name:
            digest = commitment(link["salt"], '{"level":4}')
            bodies[link["index"]]["commitments"]["content"] = digest
    archive.write_ledger(folder, [canonical(body) for body in bodies], ATTACKER)
    archive.seal(folder, ATTACKER)
    return {"seal.txt"}


def forge_a_document_with_its_link(folder: Path, chance: random.Random) -> set[str]:
    """A document swapped for another, and the link turned to an entry that fits it."""
    name = f"data/documents/surat {chance.randrange(3)}.pdf"
    (folder / name).write_bytes(b"another")
    digest = sha256(b"another").hexdigest()
    files = folder / "data/ledger/files.jsonl"
    links = [json.loads(line) for line in files.read_text().splitlines()]
    link = next(link for link in links if link["path"] == name)
    link["name"] = chance.choice(["sha256", digest])
    files.write_text("".join(canonical(line) + "\n" for line in links))
    archive.reseal_without_key(folder)
    return {name}


ATTACKS: list[Attack] = [
    flip_a_bit,
    flip_a_bit,
    flip_a_bit,
    cut_short,
    append_bytes,
    remove_a_file,
    add_a_file,
    swap_two_files,
    rename_a_file,
    put_a_link_in_place,
    change_a_file_and_its_manifests,
    change_a_file_and_every_hash,
    rewrite_entries(raise_a_score),
    rewrite_entries(redate),
    rewrite_entries(blame_another),
    rewrite_entries(drop_an_entry),
    rewrite_entries(insert_an_entry),
    rewrite_entries(swap_entries),
    rewrite_entries(drop_the_end),
    forge_an_answer_with_its_entry,
    forge_a_document_with_its_link,
]
TRIES = 1000


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original") / "dossier"
    return archive.build(folder, random.Random(20261124))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_each_of_a_thousand_attacks_is_noticed_and_named(original, tmp_path, part):
    unnoticed, unnamed = [], []
    for seed in range(part, TRIES, 4):
        chance = random.Random(seed)
        attack = chance.choice(ATTACKS)
        folder = archive.copy(original, tmp_path / "dossier")

        touched = attack(folder, chance)

        found = problems(folder, KEY)
        if not found:
            unnoticed.append((seed, attack))
        elif not touched & found.keys():
            unnamed.append((seed, attack, touched, found))

    assert unnoticed == []
    assert unnamed == []


def test_every_single_bit_of_the_signed_texts_counts(original, tmp_path):
    for path in ("seal.txt", "data/ledger/checkpoint.txt", "data/ledger/keys.txt", "bagit.txt"):
        whole = (original / path).read_bytes()
        folder = archive.copy(original, tmp_path / "dossier")
        for at in range(max(0, len(whole) - 120), len(whole)):
            spoiled = bytearray(whole)
            spoiled[at] ^= 1 << at % 8
            (folder / path).write_bytes(spoiled)

            assert path in problems(folder, KEY), (path, at)


def test_the_original_is_still_intact_after_all_that(original):
    assert problems(original, KEY) == {}
