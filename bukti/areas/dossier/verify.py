#!/usr/bin/env python3
"""Memeriksa apakah berkas evaluasi ini utuh / Checks whether this dossier is intact.

    python3 verify.py [--key SIDIK_JARI] [MAP]

Tanpa jaringan. Mintalah sidik jari kunci kepada daerah: tanpanya terbukti utuh, belum milik siapa.
No network; Python 3.8 or later. Ask the region for its key's fingerprint: without it this shows
that the dossier is whole, not whose it is. Exit code: 0 intact, 1 damaged, 2 not checked.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import json
import os
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any, Iterator  # noqa: UP035  Python 3.8 runs this file too

CODES = {
    "missing": ("hilang", "missing"),
    "extra": ("tidak terdaftar", "not listed"),
    "changed": ("isinya berubah", "its content changed"),
    "unsafe": ("nama, jalur, atau jenisnya tidak aman", "unsafe name, path or kind of file"),
    "collision": ("namanya ada dua", "its name is there twice"),
    "malformed": ("bentuknya salah atau tidak terbaca", "malformed or unreadable"),
    "signature": ("tanda tangannya tidak sah", "its signature is not valid"),
    "order": ("urutan catatannya terputus", "its entries are not in order"),
    "root": ("isinya tidak cocok dengan titik periksa", "it does not fit the checkpoint"),
    "stranger": ("ditandatangani kunci lain daripada --key", "signed by another key than --key"),
    "unlogged": ("tidak punya catatan", "has no ledger entry"),
    "entry": ("tidak cocok dengan catatannya", "does not fit its ledger entry"),
    "stale": ("bukan versi terakhir dalam catatan", "not the last version in the ledger"),
}
SEAL, CHECKPOINT, KEYS = "seal.txt", "data/ledger/checkpoint.txt", "data/ledger/keys.txt"
ENTRIES, OPENINGS = "data/ledger/entries.jsonl", "data/ledger/openings.jsonl"
LINKS, ANSWERS, DOCUMENTS = "data/ledger/files.jsonl", "data/answers/", "data/documents/"
MANIFESTS = ("manifest-sha256.txt", "manifest-sha512.txt")
BAGIT = re.compile(rb"BagIt-Version: 1\.0\r?\nTag-File-Character-Encoding: UTF-8(\r?\n)?")
UNSAFE = re.compile(
    r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\\:]|^~|(^|/)\.{0,2}(/|$)|[. ](/|$)"
    r"|(?i:(^|/)(con|prn|aux|nul|com\d|lpt\d)(\.[^/]*)?(/|$))|^fetch\.txt$"
)
LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}  # what a file browser leaves behind by itself
NOTHING: Any = {"facts": {}, "commitments": {}}
TROUBLE = (ValueError, KeyError, TypeError, OSError, RecursionError, AttributeError)


class Dossier:
    """The folder being checked: its files' hashes, its keys, and what is wrong with it."""

    def __init__(self, root: str) -> None:
        self.root = Path(root)
        self.sums: dict[str, tuple[str, str]] = {}
        self.keys: dict[tuple[str, bytes], bytes] = {}
        self.signers: dict[str, str] = {}
        self.problems: dict[tuple[str, str, str], None] = {}

    def add(self, path: str, code: str, detail: object = "") -> None:
        self.problems[path, code, str(detail)] = None

    @contextlib.contextmanager
    def naming(self, path: str) -> Iterator[None]:
        """Names the file that could not be read or understood, and lets the check go on."""
        try:
            yield
        except TROUBLE:
            self.add(path, "malformed" if path in self.sums else "missing")

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def lines(self, path: str) -> Iterator[tuple[bytes, Any]]:
        with self.naming(path), (self.root / path).open("rb") as file:
            for line in file:
                yield line.rstrip(b"\n"), json.loads(line.decode())

    def check(self, fingerprints: list[str]) -> None:
        self.find_files()
        self.check_bag()
        with self.naming(KEYS):
            self.read_keys()
        with self.naming(SEAL):
            self.compare("\n".join(self.open_note(SEAL)[1:]), 0, self.sums.keys() - {SEAL})
        with self.naming(ENTRIES):
            self.check_ledger()
        for path, signer in self.signers.items():
            if fingerprints and signer not in fingerprints:
                self.add(path, "stranger", signer)

    def find_files(self) -> None:
        folded: set[str] = set()
        for folder, folders, names in os.walk(self.root):
            for name in sorted(folders + names):
                whole = os.path.join(folder, name)
                path = os.path.relpath(whole, self.root).replace(os.sep, "/")
                path, is_link = unicodedata.normalize("NFC", path), os.path.islink(whole)
                if name in LITTER or (os.path.isdir(whole) and not is_link):
                    continue
                if is_link or not os.path.isfile(whole) or UNSAFE.search(path):
                    self.add(path, "unsafe")
                    continue
                if path.casefold() in folded:
                    self.add(path, "collision")
                folded.add(path.casefold())
                with self.naming(path):
                    self.sums[path] = file_sums(whole)

    def check_bag(self) -> None:
        """A valid bag (RFC 8493), and stricter: no file may be left out of the manifests."""
        payload = {path for path in self.sums if path.startswith("data/")}
        tags = self.sums.keys() - payload - {SEAL} - {f"tag{name}" for name in MANIFESTS}
        for position, name in enumerate(MANIFESTS):
            for manifest, expected in ((name, payload), (f"tag{name}", tags)):
                with self.naming(manifest):
                    self.compare(self.read(manifest).decode(), position, expected)
        with self.naming("bagit.txt"):
            if not BAGIT.fullmatch(self.read("bagit.txt")):
                raise ValueError("not a bag of version 1.0")

    def compare(self, text: str, position: int, expected: set[str]) -> None:
        """Compares a list of hashes and paths with the files; it must name all `expected`."""
        listed: set[str] = set()
        for line in filter(None, re.split("\r\n|\r|\n", text)):
            found = re.fullmatch(r"([0-9A-Fa-f]+)[ \t]+(.+)", line)
            if not found or len(found[1]) != (64, 128)[position]:
                raise ValueError(line)
            # Only CR, LF and % are written percent-encoded (RFC 8493, section 2.1.3).
            path = re.sub("%(0[AaDd]|25)", lambda code: chr(int(code[1], 16)), found[2])
            path = unicodedata.normalize("NFC", path)
            if path.casefold() in listed:
                self.add(path, "collision")
            listed.add(path.casefold())
            if UNSAFE.search(path) or (path in self.sums and path not in expected):
                self.add(path, "unsafe")
            elif path not in self.sums:
                self.add(path, "missing")
            elif self.sums[path][position] != found[1].lower():
                self.add(path, "changed")
        for path in sorted(path for path in expected if path.casefold() not in listed):
            self.add(path, "extra")

    def read_keys(self) -> None:
        for line in self.read(KEYS).decode().splitlines():
            name, key_id, encoded = line.split("+", 2)
            raw = decode(encoded)
            expected = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
            if raw[:1] != b"\x01" or key_id != expected:
                raise ValueError("not an Ed25519 key")
            self.keys[name, bytes.fromhex(key_id)] = raw[1:]

    def open_note(self, path: str) -> list[str]:
        """The lines of a note that one known key, and nobody else, has signed."""
        text, _, line = self.read(path).decode().rpartition("\n\n")
        [(name, encoded)] = re.findall("\\A— (\\S+) (\\S+)\n\\Z", line)
        public, signature = self.keys.get((name, decode(encoded)[:4])), decode(encoded)[4:]
        if public is None or not signature_holds(public, f"{text}\n".encode(), signature):
            self.add(path, "signature")
        else:
            self.signers[path] = hashlib.sha256(public).hexdigest()
        return text.split("\n")

    def check_ledger(self) -> None:
        entries: dict[int, Any] = {}
        leaves: list[bytes] = []
        for raw, entry in self.lines(ENTRIES):
            if entry["index"] != len(leaves):
                self.add(ENTRIES, "order", len(leaves))
            entries[len(leaves)] = entry
            leaves.append(hashlib.sha256(b"\x00" + raw).digest())
        with self.naming(CHECKPOINT):
            size, root = self.open_note(CHECKPOINT)[1:]
            if (size, root) != (str(len(leaves)), base64.b64encode(tree_root(leaves)).decode()):
                self.add(ENTRIES, "root")
        for _, line in self.lines(OPENINGS):
            value = hashlib.sha256(line["value"].encode()).hexdigest()
            if not states(entries.get(line["index"], NOTHING), line, value):
                self.add(OPENINGS, "entry", f"{line['index']} {line['name']}")
        self.check_links(entries)

    def check_links(self, entries: dict[int, Any]) -> None:
        last, unlogged = {}, {path for path in self.sums if path.startswith((ANSWERS, DOCUMENTS))}
        for entry in (entry for entry in entries.values() if entry["kind"] == "answers.answer"):
            for name in [*entry["facts"], *entry["commitments"]]:
                last[entry["object"], name] = entry["index"]
        for _, line in self.lines(LINKS):
            path, entry = line["path"], entries.get(line["index"], NOTHING)
            unlogged.discard(path)
            if path not in self.sums:
                self.add(path, "missing")
            elif not states(entry, line, self.sums[path][0]):
                self.add(path, "entry", line["index"])
            elif path.startswith(ANSWERS) and last[entry["object"], line["name"]] != line["index"]:
                self.add(path, "stale", line["index"])
        for path in sorted(unlogged):
            self.add(path, "unlogged")


def file_sums(whole: str) -> tuple[str, str]:
    short, long = hashlib.sha256(), hashlib.sha512()
    with open(whole, "rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            short.update(chunk)
            long.update(chunk)
    return short.hexdigest(), long.hexdigest()


def decode(text: str) -> bytes:
    value = base64.b64decode(text, validate=True)
    if base64.b64encode(value).decode() != text:
        raise ValueError("not the one base64 text of its value")
    return value


def tree_root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + tree_root(leaves[:half]) + tree_root(leaves[half:])).digest()


def states(entry: Any, line: Any, value: str) -> bool:
    """Whether the entry names this value, or commits to it under the line's salt."""
    if "salt" not in line:
        return bool(entry["facts"].get(line["name"]) == value)
    digest = hashlib.sha256(bytes.fromhex(line["salt"]) + value.encode()).hexdigest()
    return bool(entry["commitments"].get(line["name"]) == digest)


# Ed25519, as in RFC 8032, sections 5.1 and 6
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def point(encoded: bytes) -> tuple[int, ...]:
    sign, y = divmod(int.from_bytes(encoded, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if len(encoded) != 32 or y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("not a point of the curve")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def plus(p: tuple[int, ...], q: tuple[int, ...]) -> tuple[int, ...]:
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, p: tuple[int, ...]) -> tuple[int, ...]:
    if number == 0:
        return 0, 1, 1, 0
    doubled = times(number // 2, plus(p, p))
    return plus(doubled, p) if number & 1 else doubled


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    scalar = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left = times(scalar, point((4 * pow(5, -1, P) % P).to_bytes(32, "little")))
    right = plus(point(signature[:32]), times(int.from_bytes(digest, "little"), point(public)))
    return not any((left[axis] * right[2] - right[axis] * left[2]) % P for axis in (0, 1))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("folder", nargs="?", default=here, help="map berkas / the dossier's folder")
    parser.add_argument("--key", action="append", default=[], help="sidik jari / fingerprint")
    options = parser.parse_args(arguments)
    keys = [re.sub(r"[\s:-]", "", key).lower() for key in options.key]
    if not os.path.isdir(options.folder) or any(len(key) != 64 for key in keys):
        parser.error("perlu map dan 64 angka heksadesimal / needs a folder and 64 hex digits")
    dossier = Dossier(options.folder)
    dossier.check(keys)
    lines = ["UTUH, kunci belum dicocokkan", "INTACT, key not compared yet"]
    if dossier.problems:
        lines = [f"RUSAK: {len(dossier.problems)} masalah", "DAMAGED, as named below"]
    elif keys:
        lines = ["UTUH, kunci cocok", "INTACT, key matches"]
    for path, code, detail in dossier.problems:
        more = f" ({ascii(detail)[1:-1]})" if detail else ""
        lines += [f"  {ascii(path)[1:-1]}: {word}{more}" for word in CODES[code]]
    lines += [f"  kunci / key: {signer}" for signer in sorted(set(dossier.signers.values()))]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if dossier.problems else 0


if __name__ == "__main__":
    sys.exit(main())
