"""The bytes: taken in whole or not at all, kept once, refused for what they are."""

import errno
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bukti.areas.evidence import types, vault
from bukti.rules.errors import Reason, Refused
from tests.areas import files

PASER, ELSEWHERE = "64.01", "64.02"


def incoming():
    return sorted(vault.incoming().iterdir())


def test_bytes_come_to_rest_under_their_hash():
    received = files.received(b"isi surat", "surat.txt")

    vault.keep(received, PASER)

    kept = vault.place_of(PASER, received.sha256)
    assert kept.read_bytes() == b"isi surat"
    assert incoming() == []


def test_the_same_bytes_are_kept_once_in_a_region_and_again_in_another():
    for region in (PASER, PASER, ELSEWHERE):
        vault.keep(files.received(), region)

    assert [region for region, _, _ in vault.blobs()] == [PASER, ELSEWHERE]
    assert incoming() == []


def test_good_bytes_replace_a_file_that_was_cut_short():
    vault.keep(files.received(), PASER)
    [(_, _, path)] = vault.blobs()
    path.write_bytes(b"%PDF")

    vault.keep(files.received(), PASER)

    assert path.read_bytes() == files.PDF


def test_a_file_over_the_limit_leaves_nothing(settings):
    settings.UPLOAD_LIMIT = 1000

    with pytest.raises(Refused) as refusal:
        files.received(b"x" * 1001)

    assert refusal.value.reason is Reason.FILE_TOO_LARGE
    assert incoming() == []


def test_an_empty_file_leaves_nothing():
    with pytest.raises(Refused) as refusal:
        files.received(b"")

    assert refusal.value.reason is Reason.FILE_EMPTY
    assert incoming() == []


def test_a_line_that_breaks_leaves_nothing():
    class Broken(io.BytesIO):
        def read(self, size=-1):
            chunk = super().read(10)
            if not chunk:
                raise ConnectionResetError
            return chunk

    with pytest.raises(ConnectionResetError):
        vault.receive(Broken(b"x" * 100), "surat.pdf")

    assert incoming() == []


@pytest.mark.parametrize("call", ["write", "fsync", "mkdir", "rename"])
def test_a_full_disk_refuses_and_leaves_nothing(call, monkeypatch, settings):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    target = {"write": vault, "fsync": os, "mkdir": Path, "rename": Path}[call]
    monkeypatch.setattr(vault, "_durable", set())
    ready = None if call in ("write", "fsync") else files.received()
    vault.incoming()

    monkeypatch.setattr(target, {"write": "_write_all"}.get(call, call), full)
    if ready is not None:
        monkeypatch.setattr(vault, "incoming", lambda: Path(settings.VAULT))
    with pytest.raises(Refused) as refusal:
        vault.keep(ready or files.received(), PASER)
    monkeypatch.undo()

    assert refusal.value.reason is Reason.DISK_FULL
    assert list(vault.blobs()) == []


def test_uploads_leave_the_reserved_space_alone(settings):
    settings.RESERVED_SPACE = 1 << 60

    assert not vault.has_room(1)


def test_a_growing_file_stops_when_others_have_taken_the_room(settings):
    writer = vault.Writer("besar.pdf")
    writer.write(b"x" * 1000)
    settings.RESERVED_SPACE = 1 << 60

    with pytest.raises(Refused) as refusal:
        writer.write(b"x" * vault.ROOM_EVERY)

    assert refusal.value.reason is Reason.DISK_FULL
    assert incoming() == []


def test_only_what_lay_for_a_day_is_swept():
    old, new = vault.incoming() / "lama", vault.incoming() / "baru"
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (0, time.time() - vault.ABANDONED - 1))

    removed = vault.sweep()

    assert removed == 1
    assert incoming() == [new]


def test_a_lost_file_is_named():
    with pytest.raises(Refused) as refusal:
        vault.read(PASER, "0" * 64)

    assert refusal.value.reason is Reason.FILE_MISSING


# ---------- what a file is ----------

SHEET = files.package("[Content_Types].xml", "xl/workbook.xml")
SLIDES = files.package("[Content_Types].xml", "ppt/presentation.xml")
ODT = files.package(mimetype=types.MEDIA_TYPES["odt"])
WELL_NAMED = {
    "surat.pdf": files.PDF,
    "SURAT.PDF": files.PDF,
    "foto.jpg": files.picture("JPEG"),
    "foto.jpeg": files.picture("JPEG"),
    "layar.png": files.picture("PNG"),
    "layar.webp": files.picture("WEBP"),
    "notulen.docx": files.docx(),
    "rekap.xlsx": SHEET,
    "paparan.pptx": SLIDES,
    "notulen.odt": ODT,
    "data.csv": b"kode;nilai\r\nA1;3\r\n",
    "excel.csv": "kode\tnilai\r\n".encode("utf-16"),
    "catatan.txt": "Rapat dimulai pukul 09.00".encode("cp1252"),
}


@pytest.mark.parametrize("name", WELL_NAMED)
def test_what_its_name_says_is_accepted(name):
    received = files.received(WELL_NAMED[name], name)

    media_type = types.media_type_of(received.path, name)

    assert media_type == types.MEDIA_TYPES[types.extension_of(name)]


@pytest.mark.parametrize(
    "name",
    [
        "gambar.svg",
        "halaman.html",
        "surat.pdf.exe",
        "surat.docm",
        "arsip.zip",
        ".htaccess",
        "surat",
        "surat.pdf\u202e",
    ],
)
def test_other_endings_are_refused(name):
    received = files.received(files.PDF, name)

    with pytest.raises(Refused) as refusal:
        types.media_type_of(received.path, name)

    assert refusal.value.reason is Reason.FILE_TYPE_NOT_ACCEPTED


IMPOSTORS = {
    "a picture called pdf": ("surat.pdf", files.picture("PNG")),
    "a pdf called picture": ("foto.jpg", files.PDF),
    "a page called text": ("catatan.txt", b"\xef\xbb\xbf \n<!DOCTYPE html><script>"),
    "a page in UTF-16 called table": ("data.csv", "<html><script>".encode("utf-16")),
    "a drawing called text": ("catatan.txt", b"<svg onload=alert(1)>"),
    "a program called table": ("data.csv", b"MZ\x90\x00\x03"),
    "bytes called text": ("catatan.txt", b"\x00\x01\x02"),
    "a pdf that is a ZIP too": ("surat.pdf", files.PDF + files.docx()),
    "a picture that is a ZIP too": ("foto.jpg", files.picture("JPEG") + files.docx()),
    "a ZIP behind something else": ("notulen.docx", b"GIF89a" + files.docx()),
    "a ZIP with a comment behind a pdf": (
        "surat.pdf",
        files.PDF + files.package("a")[:-2] + b"\x05\x00abcde",
    ),
    "a document with macros": ("notulen.docx", files.docx("word/vbaProject.bin")),
    "a table called document": ("notulen.docx", SHEET),
    "a ZIP called document": ("notulen.docx", files.package("a.txt")),
    "half a ZIP called document": ("notulen.docx", files.docx()[:60]),
    "a text called opendocument": ("notulen.ods", ODT),
    "a RIFF that is no picture": ("layar.webp", b"RIFF\x00\x00\x00\x00WAVEfmt "),
}


@pytest.mark.parametrize("case", IMPOSTORS)
def test_what_is_not_what_it_says_is_refused(case):
    name, content = IMPOSTORS[case]
    received = files.received(content, name)

    with pytest.raises(Refused) as refusal:
        types.media_type_of(received.path, name)

    assert refusal.value.reason is Reason.FILE_TYPE_MISMATCH


def test_a_package_of_too_many_parts_is_refused_unread():
    content = bytearray(files.docx())
    content[-14:-10] = (60_000).to_bytes(2, "little") * 2
    received = files.received(bytes(content), "notulen.docx")

    with pytest.raises(Refused):
        types.media_type_of(received.path, "notulen.docx")


# ---------- a kill at each step ----------


def stop_points(*arguments):
    driver = Path(__file__).with_name("stop_points.py")
    return subprocess.run(
        [sys.executable, str(driver), *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=driver.parent.parent.parent,
    )


def test_a_kill_at_any_step_leaves_the_upload_absent_or_complete(tmp_path):
    done = stop_points(str(tmp_path))

    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"rename", "fsync", "commit"} <= {line.split()[1] for line in lines}
    assert {line.split()[-1] for line in lines} == {"absent", "complete"}


def test_the_kill_finds_bytes_that_are_written_straight_to_their_name(tmp_path):
    done = stop_points(str(tmp_path), "straight")

    assert done.returncode == 1
    assert "damaged" in done.stdout
