"""The signing key of each tree: one file, readable by its owner alone, never overwritten."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings


def path_of(code: str) -> Path:
    """Where the key of this tree is, or would be."""
    folder: Path = settings.BUKTI_KEYS
    return folder / f"ledger-{code}.pem"


def load(code: str) -> Ed25519PrivateKey | None:
    """The key of the tree, or None if there is no file."""
    try:
        content = path_of(code).read_bytes()
    except FileNotFoundError:
        return None
    key = load_pem_private_key(content, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path_of(code).name} holds no Ed25519 key")
    return key


def create(code: str) -> Ed25519PrivateKey:
    """A new key, on disk before it is used. Raises FileExistsError rather than overwrite one."""
    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    final = path_of(code)
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = final.with_suffix(f".{os.getpid()}.part")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, refuses to replace what is there.
        os.link(partial, final)
    finally:
        partial.unlink()
    folder = os.open(final.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return key


def is_private(code: str) -> bool:
    """Whether only the owner may read the key file."""
    return not path_of(code).stat().st_mode & 0o077
