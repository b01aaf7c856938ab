"""Which files are accepted, told by their content and not only by their name."""

import zipfile
from pathlib import Path

import puremagic

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
#: The folder that an Office package of each kind must contain.
OFFICE_FOLDER = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
PREVIEWED = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
ACCEPT = ",".join(f".{extension}" for extension in MEDIA_TYPES)


def media_type_of(path: Path, filename: str) -> str:
    """The media type that name and content agree on.

    Refused: FILE_TYPE_NOT_ACCEPTED for an ending we do not take, FILE_TYPE_MISMATCH when the
    content is something else than the ending says.
    """
    extension = Path(filename).suffix.lower().lstrip(".")
    if extension not in MEDIA_TYPES:
        raise Refused(Reason.FILE_TYPE_NOT_ACCEPTED, filename=filename)
    if not _content_agrees(path, extension):
        raise Refused(Reason.FILE_TYPE_MISMATCH, filename=filename)
    return MEDIA_TYPES[extension]


def _content_agrees(path: Path, extension: str) -> bool:
    if extension in ("csv", "txt"):
        return _is_text(path)
    if extension in OFFICE_FOLDER or extension in ("odt", "ods"):
        return _is_package(path, extension)
    return MEDIA_TYPES[extension] in _magic(path)


def _magic(path: Path) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_file(path)}
    except (puremagic.PureError, ValueError):
        return set()


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(64 * 1024)
    return b"\x00" not in head and not head.startswith((b"%PDF", b"PK\x03\x04", b"MZ"))


def _is_package(path: Path, extension: str) -> bool:
    try:
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            if extension in OFFICE_FOLDER:
                folder = OFFICE_FOLDER[extension]
                return any(name.startswith(folder) for name in names) and not any(
                    name.endswith("vbaProject.bin") for name in names
                )
            mimetype = package.read("mimetype")[:100].decode("ascii", "replace")
            return mimetype.strip() == MEDIA_TYPES[extension]
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError):
        return False
