"""Opening an archive to check it: its files, and nothing outside the folder given."""

import shutil
import stat
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo


class BadArchive(Exception):
    """The file is no dossier archive, or wants to write where it must not."""


def unpacked(archive: Path, target: Path) -> Path:
    """The one folder in the archive, unpacked under `target`. Raises BadArchive, OSError."""
    try:
        with ZipFile(archive) as opened:
            members = [_checked(member) for member in opened.infolist()]
            _no_doubles(members)
            for member, path in members:
                if member.is_dir():
                    continue
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                with opened.open(member) as source, (target / path).open("xb") as written:
                    shutil.copyfileobj(source, written, 1 << 20)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError) as trouble:
        raise BadArchive(str(trouble)) from trouble
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as trouble:
        raise BadArchive(str(trouble)) from trouble
    roots = sorted(target.iterdir())
    if len(roots) != 1 or not roots[0].is_dir():
        raise BadArchive("not one folder")
    return roots[0]


def _checked(member: ZipInfo) -> tuple[ZipInfo, PurePosixPath]:
    """A plain file or folder with a relative path that stays inside."""
    path = PurePosixPath(member.filename)
    kind = stat.S_IFMT(member.external_attr >> 16)
    is_plain = kind in (0, stat.S_IFREG, stat.S_IFDIR)
    is_inside = not path.is_absolute() and ".." not in path.parts
    if not is_plain or not is_inside or any(mark in member.filename for mark in "\\:\0"):
        raise BadArchive(member.filename)
    return member, path


def _no_doubles(members: list[tuple[ZipInfo, PurePosixPath]]) -> None:
    seen = set()
    for _, path in members:
        folded = str(path).casefold()
        if folded in seen:
            raise BadArchive(str(path))
        seen.add(folded)
