"""The secret of sessions and links, made once, before any setting is read."""

import os
import secrets

from bukti.site import environment


def make() -> None:
    """Put a new secret, for the owner only, into the keys folder; keep one that is there."""
    folder = environment.keys()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    final, partial = folder / "secret", folder / f"secret.{os.getpid()}.part"
    if final.exists():
        return
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, never replaces what another set-up has just put there.
        if not final.exists():
            os.link(partial, final)
    finally:
        partial.unlink()
