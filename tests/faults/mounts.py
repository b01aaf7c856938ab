"""Small disks to fill and to cut the power of, where this machine lets one mount them."""

import fcntl
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXT4_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2
MEGABYTE = 1_000_000


class NotAllowed(Exception):
    """This machine does not let us mount."""


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotAllowed(f"{' '.join(words[:3])}: {done.stderr.strip()}")


def _need(*programs: str) -> None:
    if os.geteuid() != 0:
        raise NotAllowed("mounting needs root")
    for program in programs:
        if not shutil.which(program):
            raise NotAllowed(f"there is no {program}")


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system in memory with so much room. Raises NotAllowed."""
    _need("mount", "umount")
    folder.mkdir(parents=True, exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "bukti-test", str(folder))
    try:
        yield folder
    finally:
        _run("umount", "-l", str(folder))


class Disk:
    """An ext4 image, mounted through a loop device, whose power can be cut."""

    def __init__(self, folder: Path, megabytes: int = 96) -> None:
        _need("mount", "umount", "mkfs.ext4")
        self.image, self.folder = folder / "disk.img", folder / "disk"
        self.folder.mkdir(parents=True)
        with self.image.open("wb") as file:
            file.truncate(megabytes * MEGABYTE)
        self.format()

    def format(self) -> None:
        """An empty disk."""
        _run("mkfs.ext4", "-q", "-F", str(self.image))

    def mount(self) -> None:
        """Plug it in. Raises NotAllowed."""
        _run("mount", "-o", "loop", str(self.image), str(self.folder))

    def cut(self) -> None:
        """What has not reached the disk by now is gone."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(handle)

    def unmount(self) -> None:
        """Unplug it."""
        _run("umount", str(self.folder))


def why_no_power_cuts() -> str:
    """Why the power of a disk cannot be cut here; empty when it can."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            disk = Disk(Path(folder), 16)
            disk.mount()
            try:
                disk.cut()
            finally:
                disk.unmount()
        except (NotAllowed, OSError) as trouble:
            return str(trouble)
    return ""
