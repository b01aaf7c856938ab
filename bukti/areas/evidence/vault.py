"""The bytes: received while they stream, kept under their SHA-256, acknowledged only when durable.

Order of durability: temporary file → fsync → rename → fsync of the folder → the caller's commit.
A kill at any point leaves either nothing or a complete file under its right name.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from bukti.rules.errors import Reason, Refused

INCOMING = ".incoming"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that have arrived whole: in a temporary file of the vault, flushed to disk."""

    path: Path
    sha256: str
    size: int
    filename: str


def incoming() -> Path:
    """The folder for files on their way in; on the vault's own disk, so that a rename is enough."""
    folder = settings.VAULT / INCOMING
    folder.mkdir(parents=True, exist_ok=True)
    return Path(folder)


def place_of(region: str, digest: str) -> Path:
    """Where a region's blob lies: two characters of the hash as folder, the hash as name."""
    return Path(settings.VAULT) / region / digest[:2] / digest


def has_room(size: int) -> bool:
    """Whether a file of this size leaves the reserved space free, so that saves go on."""
    Path(settings.VAULT).mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(settings.VAULT).free - size > settings.RESERVED_SPACE


class Writer:
    """A temporary file that hashes as it grows."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.path = incoming() / token_hex(16)
        self.digest = sha256()
        self.size = 0
        self.file: BinaryIO = self.path.open("xb")

    def write(self, chunk: bytes) -> None:
        """Add bytes. Refused: FILE_TOO_LARGE, DISK_FULL; the temporary file is gone then."""
        if self.size + len(chunk) > settings.UPLOAD_LIMIT:
            self.discard()
            raise Refused(Reason.FILE_TOO_LARGE, limit=settings.UPLOAD_LIMIT)
        try:
            self.file.write(chunk)
        except OSError:
            self.discard()
            raise Refused(Reason.DISK_FULL) from None
        self.digest.update(chunk)
        self.size += len(chunk)

    def finish(self) -> Received:
        """Flush to the disk itself and say what came. Refused: FILE_EMPTY, DISK_FULL."""
        if self.size == 0:
            self.discard()
            raise Refused(Reason.FILE_EMPTY)
        try:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
        except OSError:
            self.discard()
            raise Refused(Reason.DISK_FULL) from None
        return Received(self.path, self.digest.hexdigest(), self.size, self.filename)

    def discard(self) -> None:
        """Close and remove the temporary file."""
        with suppress(OSError):
            self.file.close()
        self.path.unlink(missing_ok=True)


def receive(stream: IO[bytes], filename: str) -> Received:
    """Take a whole stream in, e.g. from the command line or the API."""
    writer = Writer(filename)
    while chunk := stream.read(CHUNK):
        writer.write(chunk)
    return writer.finish()


def keep(received: Received, region: str) -> None:
    """Put received bytes under their hash; the same bytes of the same region are kept once."""
    target = place_of(region, received.sha256)
    if target.exists():
        received.path.unlink(missing_ok=True)
        return
    _durable_folder(target.parent)
    received.path.rename(target)
    fsync_folder(target.parent)


def _durable_folder(folder: Path) -> None:
    """Create a folder so that its name survives a power cut, parents first."""
    if folder.exists():
        return
    _durable_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    fsync_folder(folder.parent)


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
    root = Path(settings.VAULT)
    for path in sorted(root.glob("*/??/*")):
        if path.is_file() and path.parent.parent.name != INCOMING:
            yield path.parent.parent.name, path.name, path


class ReceivedFile(UploadedFile):
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

    writer: Writer | None = None

    def handle_raw_input(self, *args: Any, **_: Any) -> None:
        """Refuse early what is too large, has no room, or comes from nobody."""
        request, content_length = self.request, args[2]
        assert request is not None
        if not _is_known(request):
            raise StopUpload(connection_reset=True)
        request.upload_problem = None  # type: ignore[attr-defined]
        if content_length > settings.UPLOAD_LIMIT * 2:
            request.upload_problem = Refused(Reason.FILE_TOO_LARGE, limit=settings.UPLOAD_LIMIT)  # type: ignore[attr-defined]
        elif not has_room(content_length):
            request.upload_problem = Refused(Reason.DISK_FULL)  # type: ignore[attr-defined]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open a temporary file, unless something is wrong already."""
        super().new_file(*args, **kwargs)
        self.writer = None
        if self._problem() is None:
            self.writer = Writer(self.file_name or "")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write and hash; past a problem the bytes are read and dropped."""
        if self.writer is None:
            return
        try:
            self.writer.write(raw_data)
        except Refused as problem:
            self._remember(problem)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Flush, and hand the form what came."""
        if self.writer is None:
            return None
        try:
            received = self.writer.finish()
        except Refused as problem:
            self._remember(problem)
            return None
        return ReceivedFile(received, self.content_type)

    def upload_interrupted(self) -> None:
        """The line broke: nothing is kept."""
        if self.writer is not None:
            self.writer.discard()

    def _problem(self) -> Refused | None:
        return getattr(self.request, "upload_problem", None)

    def _remember(self, problem: Refused) -> None:
        self.request.upload_problem = problem  # type: ignore[union-attr]
        self.writer = None


def _is_known(request: Any) -> bool:
    return bool(getattr(request, "user", None) and request.user.is_authenticated)

