"""The bytes: received while they stream, kept under their SHA-256, acknowledged only when durable.

Order of durability: temporary file → fsync → rename → fsync of the folder → the caller's commit.
A kill at any point leaves either nothing or a complete file under its right name.
"""

import logging
import os
import shutil
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from bukti.rules.errors import Reason, Refused

log = logging.getLogger("bukti.vault")

INCOMING = ".incoming"
CHUNK = 1 << 20
#: How often, in bytes, a growing file asks whether there is still room.
ROOM_EVERY = 8 << 20
#: Seconds after which a file that nobody kept is taken for abandoned.
ABANDONED = 24 * 3600
#: A body this many times the limit is read to its end, so that the sender hears the reason.
PATIENCE = 4

#: Folders whose names this process has itself made durable.
_durable: set[Path] = set()


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that have arrived whole: in a temporary file of the vault, flushed to disk."""

    path: Path
    sha256: str
    size: int
    filename: str


def incoming() -> Path:
    """The folder for files on their way in; on the vault's own disk, so that a rename is enough."""
    folder = Path(settings.VAULT) / INCOMING
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def place_of(region: str, digest: str) -> Path:
    """Where a region's blob lies: two characters of the hash as folder, the hash as name."""
    return Path(settings.VAULT) / region / digest[:2] / digest


def has_room(size: int) -> bool:
    """Whether a file of this size leaves the reserved space free, so that saves go on."""
    return shutil.disk_usage(incoming()).free - size > settings.RESERVED_SPACE


class Writer:
    """A temporary file that hashes as it grows. Unfinished, it disappears with its writer."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.path = incoming() / token_hex(16)
        self.digest = sha256()
        self.size = 0
        self.file = cast("BinaryIO", self.path.open("xb", buffering=0))
        self._abandon = weakref.finalize(self, _abandoned, self.file, self.path)

    def write(self, chunk: bytes) -> None:
        """Add bytes. Refused: FILE_TOO_LARGE, DISK_FULL; the temporary file is gone then."""
        if self.size + len(chunk) > settings.UPLOAD_LIMIT:
            self.discard()
            raise Refused(Reason.FILE_TOO_LARGE, limit=settings.UPLOAD_LIMIT)
        crossed = (self.size + len(chunk)) // ROOM_EVERY > self.size // ROOM_EVERY
        if crossed and not has_room(len(chunk)):
            self.discard()
            raise Refused(Reason.DISK_FULL)
        try:
            _write_all(self.file, chunk)
        except OSError as trouble:
            raise self._disk_refused(trouble) from None
        self.digest.update(chunk)
        self.size += len(chunk)

    def finish(self) -> Received:
        """Flush to the disk itself and say what came. Refused: FILE_EMPTY, DISK_FULL."""
        if self.size == 0:
            self.discard()
            raise Refused(Reason.FILE_EMPTY)
        try:
            # After a failed fsync the pages may be lost, so it is never tried again.
            os.fsync(self.file.fileno())
            self.file.close()
        except OSError as trouble:
            raise self._disk_refused(trouble) from None
        self._abandon.detach()
        return Received(self.path, self.digest.hexdigest(), self.size, self.filename)

    def discard(self) -> None:
        """Close and remove the temporary file."""
        self._abandon()

    def _disk_refused(self, trouble: OSError) -> Refused:
        log.error("An upload could not be written: %s", trouble)
        self.discard()
        return Refused(Reason.DISK_FULL)


def _write_all(file: BinaryIO, chunk: bytes) -> None:
    """An unbuffered file may take less than it is given."""
    rest = memoryview(chunk)
    while rest:
        rest = rest[file.write(rest) :]


def _abandoned(file: BinaryIO, path: Path) -> None:
    with suppress(OSError):
        file.close()
    path.unlink(missing_ok=True)


def receive(stream: IO[bytes], filename: str) -> Received:
    """Take a whole stream in, e.g. from the command line or the API."""
    writer = Writer(filename)
    while chunk := stream.read(CHUNK):
        writer.write(chunk)
    return writer.finish()


def keep(received: Received, region: str) -> None:
    """Put received bytes under their hash; the same bytes of the same region are kept once.

    On return they survive a power cut. Refused: DISK_FULL.
    """
    target = place_of(region, received.sha256)
    try:
        _make_durable(target.parent)
        if not _is_kept(target, received.size):
            received.path.rename(target)
        # Also when another request has just put it there: its fsync may not be through yet.
        fsync_folder(target.parent)
    except FileNotFoundError:
        raise Refused(Reason.FILE_INCOMPLETE) from None
    except OSError as trouble:
        log.error("A file could not be kept: %s", trouble)
        raise Refused(Reason.DISK_FULL) from None
    finally:
        received.path.unlink(missing_ok=True)


def _is_kept(target: Path, size: int) -> bool:
    """A file of another size under this hash is rotten: the good bytes replace it."""
    try:
        return target.stat().st_size == size
    except FileNotFoundError:
        return False


def _make_durable(folder: Path) -> None:
    """Create a folder so that its name survives a power cut, parents first."""
    if folder in _durable and folder.exists():
        return
    if folder.parent != folder and folder != Path(settings.VAULT):
        _make_durable(folder.parent)
    folder.mkdir(parents=True, exist_ok=True)
    fsync_folder(folder.parent)
    _durable.add(folder)


def fsync_folder(folder: Path) -> None:
    """Make renames and new names in the folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(region: str, digest: str) -> BinaryIO:
    """The blob's bytes, open for reading. Refused: FILE_MISSING when the vault lost them."""
    try:
        return place_of(region, digest).open("rb")
    except FileNotFoundError:
        raise Refused(Reason.FILE_MISSING, sha256=digest) from None


def blobs() -> Iterator[tuple[str, str, Path]]:
    """Every kept file: region, name (its hash), path."""
    for path in sorted(Path(settings.VAULT).glob("*/??/*")):
        if path.is_file() and path.parent.parent.name != INCOMING:
            yield path.parent.parent.name, path.name, path


def sweep(now: float | None = None) -> int:
    """Remove incoming files that were begun a day ago or more; returns how many."""
    before = (time.time() if now is None else now) - ABANDONED
    removed = 0
    for path in incoming().iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()
                removed += 1
    return removed


class ReceivedFile(UploadedFile):  # type: ignore[type-arg]
    """What a form sees of an upload: its facts; the bytes are already in the vault's incoming."""

    def __init__(self, received: Received, content_type: str | None) -> None:
        super().__init__(None, received.filename, content_type, received.size)
        self.received = received

    def close(self) -> None:
        """Called when the request ends: whatever no command kept is removed."""
        self.received.path.unlink(missing_ok=True)


class VaultUploadHandler(FileUploadHandler):
    """Streams every uploaded file into the vault's incoming folder, hashing on the way.

    Nobody who is not signed in can make the server write a file. What went wrong is remembered
    on the request (`upload_problem`) and told by the view, so that the rest of the form survives.
    """

    chunk_size = 1 << 18
    writer: Writer | None = None

    def handle_raw_input(self, *args: Any, **_: Any) -> None:
        """Look ahead: what is too large or has no room is not written at all."""
        self.announced = int(args[2])
        self._remember(None)
        if self.announced > settings.UPLOAD_LIMIT + CHUNK:
            self._remember(Refused(Reason.FILE_TOO_LARGE, limit=settings.UPLOAD_LIMIT))
        elif not has_room(self.announced):
            self._remember(Refused(Reason.DISK_FULL))

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open a temporary file, unless something is wrong already."""
        super().new_file(*args, **kwargs)
        self.writer = None
        if not _is_known(self.request) or self.announced > settings.UPLOAD_LIMIT * PATIENCE:
            raise StopUpload(connection_reset=True)
        if self._problem() is not None:
            return
        try:
            self.writer = Writer(self.file_name or "")
        except OSError as trouble:
            log.error("No upload can begin: %s", trouble)
            self._remember(Refused(Reason.DISK_FULL))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write and hash; past a problem the bytes are read and dropped."""
        if self.writer is None:
            return
        try:
            self.writer.write(raw_data)
        except Refused as problem:
            self._remember(problem)

    def file_complete(self, file_size: int) -> ReceivedFile | None:
        """Flush, and hand the form what came."""
        if self.writer is None:
            return None
        writer, self.writer = self.writer, None
        try:
            received = writer.finish()
        except Refused as problem:
            self._remember(problem)
            return None
        return ReceivedFile(received, self.content_type)

    def upload_interrupted(self) -> None:
        """The body ended before the file did: nothing is kept."""
        self._remember(Refused(Reason.FILE_INCOMPLETE))

    def _problem(self) -> Refused | None:
        return getattr(self.request, "upload_problem", None)

    def _remember(self, problem: Refused | None) -> None:
        """The first problem counts; a file under way goes with it."""
        if self.writer is not None:
            self.writer.discard()
            self.writer = None
        if problem is None or self._problem() is None:
            self.request.upload_problem = problem  # type: ignore[union-attr]


def _is_known(request: HttpRequest | None) -> bool:
    """Signed in, or (for the API) an actor that the face has put on the request beforehand."""
    user, actor = getattr(request, "user", None), getattr(request, "actor", None)
    return bool(user and user.is_authenticated) or bool(actor and actor.user_id)


def received_in(request: HttpRequest, field: str = "file") -> list[Received]:
    """What a form brought, in order. Refused: what went wrong on the way, or FILE_EMPTY."""
    files = [cast("ReceivedFile", file) for file in request.FILES.getlist(field)]
    problem: Refused | None = getattr(request, "upload_problem", None)
    if problem is not None:
        raise problem
    if not files:
        raise Refused(Reason.FILE_EMPTY)
    return [file.received for file in files]
