"""Which files are accepted, told by their content and not only by their name.

Looks at heads, tails and directories only: nothing is unpacked, whatever its size.
"""

import codecs
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

from bukti.rules.errors import Reason, Refused

OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "odt": f"{OPEN_DOCUMENT}.text",
    "ods": f"{OPEN_DOCUMENT}.spreadsheet",
    "csv": "text/csv",
    "txt": "text/plain",
}
#: How the content begins, at its very first byte.
SIGNATURES = {
    "pdf": (b"%PDF-",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "webp": (b"RIFF",),
}
#: The part that an Office package of each kind must contain.
OFFICE_PART = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}
OPEN_DOCUMENTS = frozenset({"odt", "ods"})
PREVIEWED = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
ACCEPT = ",".join(f".{extension}" for extension in MEDIA_TYPES)

HEAD = 64 * 1024
#: What a text must not begin with: other formats, and what a browser would run.
NOT_TEXT = (b"%PDF", b"PK\x03\x04", b"MZ", b"\x7fELF", b"{\\rtf")
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body", b"<iframe")
#: Where a ZIP says how large its directory is; it may be followed by a comment.
END_OF_ZIP = struct.Struct("<4s4H2LH")
LONGEST_COMMENT = 65_535
MOST_ENTRIES = 10_000
LARGEST_DIRECTORY = 4_000_000


def extension_of(filename: str) -> str:
    """The ending, in small letters and without its dot."""
    return Path(filename).suffix.lower().lstrip(".")


def media_type_of(path: Path, filename: str) -> str:
    """The media type that name and content agree on.

    Refused: FILE_TYPE_NOT_ACCEPTED for an ending we do not take, FILE_TYPE_MISMATCH when the
    content is something else than the ending says, or two things at once.
    """
    extension = extension_of(filename)
    if extension not in MEDIA_TYPES:
        raise Refused(Reason.FILE_TYPE_NOT_ACCEPTED, filename=filename)
    if not _content_agrees(path, extension):
        raise Refused(Reason.FILE_TYPE_MISMATCH, filename=filename)
    return MEDIA_TYPES[extension]


def _content_agrees(path: Path, extension: str) -> bool:
    with path.open("rb") as file:
        head = file.read(HEAD)
    if extension in OFFICE_PART or extension in OPEN_DOCUMENTS:
        return head.startswith(b"PK\x03\x04") and _is_package(path, extension)
    if end_of_zip(path) is not None:
        return False
    if extension in SIGNATURES:
        is_webp = extension != "webp" or head[8:12] == b"WEBP"
        return is_webp and head.startswith(SIGNATURES[extension])
    return _is_text(head)


def _is_text(head: bytes) -> bool:
    """Bytes that a person can read: no NUL unless UTF-16 says so, no markup, no other format."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "replace").encode()
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    return b"\x00" not in head and not head.startswith(NOT_TEXT) and not start.startswith(MARKUP)


@dataclass(frozen=True, slots=True)
class ZipEnd:
    """What the last record of a ZIP says of its directory."""

    entries: int
    directory: int


def end_of_zip(path: Path) -> ZipEnd | None:
    """The end record when the file, read from its end, is a ZIP; a polyglot is one too."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - END_OF_ZIP.size - LONGEST_COMMENT))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if len(tail) - at >= END_OF_ZIP.size:
            _, _, _, _, entries, directory, _, comment = END_OF_ZIP.unpack_from(tail, at)
            if at + END_OF_ZIP.size + comment == len(tail):
                return ZipEnd(entries, directory)
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return None


def _is_package(path: Path, extension: str) -> bool:
    """An Office or OpenDocument package of the right kind, without macros."""
    end = end_of_zip(path)
    if end is None or end.entries > MOST_ENTRIES or end.directory > LARGEST_DIRECTORY:
        return False
    try:
        with zipfile.ZipFile(path) as package:
            names = [name.casefold() for name in package.namelist()]
            if any(name.endswith("vbaproject.bin") for name in names):
                return False
            if extension in OFFICE_PART:
                return {"[content_types].xml", OFFICE_PART[extension]} <= set(names)
            with package.open("mimetype") as kind:
                return kind.read(100).strip() == MEDIA_TYPES[extension].encode()
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError, ValueError):
        return False
