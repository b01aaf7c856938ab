"""Builds small dossier archives as an exporter would, and takes them apart as an attacker would."""

import json
import random
import shutil
from dataclasses import dataclass
from hashlib import sha256, sha512
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bukti.areas.dossier import verify
from bukti.areas.ledger.entries import canonical, commitment
from bukti.areas.ledger.export import Link, Opened, files_jsonl, listing, openings_jsonl
from bukti.rules.merkle import leaf_hash, tree_root
from bukti.rules.notes import Checkpoint, VerifierKey, checkpoint_text, sign_note

ORIGIN = "bukti.example/64.01"
VERIFIER = Path(verify.__file__)


@dataclass(frozen=True)
class Signer:
    """A key and its public half under the region's name."""

    private: Ed25519PrivateKey

    @property
    def key(self) -> VerifierKey:
        """What a verifier knows of it."""
        return VerifierKey(ORIGIN, self.private.public_key().public_bytes_raw())


REGION = Signer(Ed25519PrivateKey.from_private_bytes(sha256(b"region").digest()))
ATTACKER = Signer(Ed25519PrivateKey.from_private_bytes(sha256(b"attacker").digest()))


def build(folder: Path, chance: random.Random, answers: int = 4, documents: int = 3) -> Path:
    """A sealed archive: each answer saved twice, each document cited once, some notes opened."""
    entries = [entry("key.made", "ledger.tree", "64.01", {"key": REGION.key.fingerprint})]
    links: list[Link] = []
    openings: list[Opened] = []
    texts: dict[str, bytes] = {}
    for number in range(answers):
        for version in (1, 2):
            text = canonical({"code": f"A{number}", "level": version, "text": noise(chance)})
            salt = chance.randbytes(32).hex()
            links = [link for link in links if link.path != f"data/answers/A{number}.json"]
            links.append(Link(f"data/answers/A{number}.json", len(entries), "content", salt))
            texts[f"data/answers/A{number}.json"] = text.encode()
            entries.append(
                entry(
                    "answer.saved",
                    "answers.answer",
                    str(number),
                    {"version": version},
                    {"content": commitment(salt, text)},
                )
            )
        salt, note = chance.randbytes(32).hex(), noise(chance)
        openings.append(Opened(len(entries), "note", salt, note))
        entries.append(
            entry(
                "answer.accepted",
                "answers.answer",
                str(number),
                {"verified": "3"},
                {"note": commitment(salt, note)},
            )
        )
    for number in range(documents):
        path = f"data/documents/surat {number}.pdf"
        texts[path] = chance.randbytes(chance.randrange(400))
        links.append(Link(path, len(entries), "sha256"))
        digest = sha256(texts[path]).hexdigest()
        entries.append(
            entry("citation.added", "evidence.citation", str(number), {"sha256": digest})
        )
    texts["data/ringkasan.pdf"] = chance.randbytes(300)
    lines = [canonical({**body, "index": index}) for index, body in enumerate(entries)]
    write_all(folder, texts)
    write_ledger(folder, lines, REGION)
    write_all(
        folder,
        {
            "data/ledger/openings.jsonl": b"".join(openings_jsonl(openings)),
            "data/ledger/files.jsonl": b"".join(files_jsonl(links)),
            "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": b"Source-Organization: Kabupaten Paser\n",
            "verify.py": VERIFIER.read_bytes(),
        },
    )
    seal(folder, REGION)
    return folder


def entry(event, kind, identity, facts, commitments=None):
    """An entry's body but for its index."""
    return {
        "tree": "64.01",
        "at": "2026-11-24T03:12:45.120394Z",
        "actor": "user:17",
        "event": event,
        "kind": kind,
        "object": identity,
        "facts": facts,
        "commitments": commitments or {},
    }


def noise(chance: random.Random) -> str:
    """Some text, not always plain."""
    return "".join(chance.choice('abc é漢字"\\\n%') for _ in range(chance.randrange(60)))


def write_all(folder: Path, files: dict[str, bytes]) -> None:
    """Write files, with their folders."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def write_ledger(folder: Path, lines: list[str], signer: Signer) -> None:
    """Entries, their checkpoint and its key."""
    root = tree_root([leaf_hash(line.encode()) for line in lines])
    text = checkpoint_text(Checkpoint(ORIGIN, len(lines), root))
    write_all(
        folder,
        {
            "data/ledger/entries.jsonl": "".join(f"{line}\n" for line in lines).encode(),
            "data/ledger/checkpoint.txt": sign_note(text, signer.key, signer.private.sign).encode(),
            "data/ledger/keys.txt": f"{signer.key}\n".encode(),
        },
    )


def files_of(folder: Path) -> list[str]:
    """Every file's path, sorted."""
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def write_manifests(folder: Path) -> None:
    """The four manifests over what is there now: anybody can do that."""
    payload = [path for path in files_of(folder) if path.startswith("data/")]
    _write_manifests(folder, "manifest", payload)
    apart = ("data/", "tagmanifest-", "seal.txt")
    tags = [path for path in files_of(folder) if not path.startswith(apart)]
    _write_manifests(folder, "tagmanifest", tags)


def _write_manifests(folder: Path, prefix: str, paths: list[str]) -> None:
    contents = {path: (folder / path).read_bytes() for path in paths}
    for name, algorithm in (("sha256", sha256), ("sha512", sha512)):
        hashes = {path: algorithm(content).hexdigest() for path, content in contents.items()}
        (folder / f"{prefix}-{name}.txt").write_text(listing(hashes))


def seal(folder: Path, signer: Signer) -> None:
    """Manifests and the signed list of all files: only who holds the key can do that."""
    write_manifests(folder)
    (folder / "seal.txt").write_text(
        sign_note(f"bukti-seal/v1 {ORIGIN}\n{list_all(folder)}", signer.key, signer.private.sign)
    )


def list_all(folder: Path) -> str:
    """What a seal lists."""
    return listing(
        {
            path: sha256((folder / path).read_bytes()).hexdigest()
            for path in files_of(folder)
            if path != "seal.txt"
        }
    )


def reseal_without_key(folder: Path) -> None:
    """Everything made to fit again but for the signature, which stays the old one."""
    write_manifests(folder)
    _, _, signature = (folder / "seal.txt").read_text().rpartition("\n\n")
    (folder / "seal.txt").write_text(f"bukti-seal/v1 {ORIGIN}\n{list_all(folder)}\n{signature}")


def read_entries(folder: Path) -> list[dict]:
    """The entries as objects."""
    text = (folder / "data/ledger/entries.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def copy(original: Path, target: Path) -> Path:
    """A fresh copy to work on."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(original, target, symlinks=True)
    return target


def problems(folder: Path, *keys: str) -> dict[str, set[str]]:
    """What the verifier finds: codes by path."""
    dossier = verify.Dossier(str(folder))
    dossier.check(list(keys))
    found: dict[str, set[str]] = {}
    for path, code, _ in dossier.problems:
        found.setdefault(path, set()).add(code)
    return found
