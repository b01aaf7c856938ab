"""Signed notes, checkpoints and proof files, as text that other people's programs read too.

Formats: C2SP signed-note v1.0.0, C2SP tlog-checkpoint v1.0.0 and C2SP tlog-proof, whose first line
is `c2sp.org/tlog-proof@v1` (texts of the C2SP repository as of 2026). Only Ed25519 signatures
(type 0x01) are made and checked; lines of unknown keys are carried along, so that witnesses and a
second key can be added. Base64 is read strictly: one text for each value, never two.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
#: Verifiers must accept 16 signatures; more than this is refused unread.
SIGNATURES_MAX = 64

_KEY_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class Malformed(ValueError):
    """The text is not of the form it should have."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name it signs under; written as `name+id+base64`."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not _KEY_NAME.fullmatch(self.name):
            raise Malformed(f"{self.name!r} is no key name")
        if len(self.public) != 32:
            raise Malformed("an Ed25519 public key has 32 bytes")

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell this key from others of the name."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key, hexadecimal: what people compare on paper."""
        return sha256(self.public).hexdigest()

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_encode(ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who, and the bytes after the key id."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's tree at one size. Extension lines are kept as they came, and never written by us."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """That one entry is in a log: its index, the path to the root, the signed checkpoint."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None


Verify = Callable[[bytes, bytes, bytes], bool]


def verify_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is the key's, over exactly this message (RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_verifier_key(text: str) -> VerifierKey:
    """The key that `str(key)` wrote; refuses one whose id does not fit."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise Malformed("a verifier key reads name+id+base64")
    key_bytes = _decode(parts[2])
    if key_bytes[:1] != ED25519:
        raise Malformed("only Ed25519 keys are read")
    key = VerifierKey(parts[0], key_bytes[1:])
    if parts[1] != key.key_id.hex():
        raise Malformed("the key id does not fit the key")
    return key


def sign_note(text: str, key: VerifierKey, sign: Callable[[bytes], bytes]) -> str:
    """The note with one signature line; `sign` returns the key's signature over given bytes."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise Malformed("a note's text ends in a newline and has no other control character")
    line = _encode(key.key_id + sign(text.encode()))
    return f"{text}\n— {key.name} {line}\n"


def parse_note(note: str) -> Note:
    """Text and signature lines, unverified: trust nothing of it before `verified_by`."""
    text, blank, lines = note.rpartition("\n\n")
    if not blank or _CONTROL.search(note) or not lines.endswith("\n"):
        raise Malformed("a note is a text, an empty line and signature lines")
    signatures = tuple(_parse_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > SIGNATURES_MAX:
        raise Malformed(f"more than {SIGNATURES_MAX} signatures")
    return Note(text + "\n", signatures)


def verified_by(
    note: Note, keys: Iterable[VerifierKey], verify: Verify = verify_ed25519
) -> tuple[VerifierKey, ...]:
    """The known keys that signed. Empty if none did, or if any line of a known key is false."""
    known = {(key.name, key.key_id): key for key in keys}
    signers = []
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        if not verify(key.public, line.signature, note.text.encode()):
            return ()
        signers.append(key)
    return tuple(signers)


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """The three lines that are signed: origin, size, root."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{_encode(checkpoint.root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in a note's text."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):
        raise Malformed("a checkpoint has three non-empty lines or more")
    root = _decode(lines[2])
    if len(root) != 32:
        raise Malformed("a root hash has 32 bytes")
    return Checkpoint(lines[0], _parse_number(lines[1]), root, tuple(lines[3:]))


def proof_text(proof: Proof) -> str:
    """The content of a `.tlog-proof` file."""
    lines = [PROOF_HEADER]
    if proof.extra is not None:
        lines.append(f"extra {_encode(proof.extra)}")
    lines.append(f"index {proof.index}")
    lines += [_encode(sibling) for sibling in proof.path]
    return "\n".join([*lines, "", proof.checkpoint])


def parse_proof(text: str) -> Proof:
    """What a `.tlog-proof` file says, unverified. `extra` is not authenticated by itself."""
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines.pop(0) != PROOF_HEADER:
        raise Malformed(f"a proof starts with {PROOF_HEADER}")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = _decode(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise Malformed("a proof names the index of its entry")
    index = _parse_number(lines.pop(0).removeprefix("index "))
    path = tuple(_decode(line) for line in lines)
    if any(len(sibling) != 32 for sibling in path):
        raise Malformed("a proof's hashes have 32 bytes")
    return Proof(index, path, checkpoint, extra)


def _parse_signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    signed = _decode(encoded)
    if dash != "—" or not _KEY_NAME.fullmatch(name) or len(signed) < 5:
        raise Malformed("a signature line reads — name base64")
    return Signature(name, signed[:4], signed[4:])


def _parse_number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Malformed(f"{text[:40]!r} is no number without leading zeros")
    return int(text)


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _decode(text: str) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise Malformed("not base64") from problem
    # Unused bits may differ without changing the value: such a text is refused.
    if _encode(value) != text:
        raise Malformed("not the one base64 text of its value")
    return value
