"""Real small files of each accepted kind, and hostile ones, made on the spot."""

import io
import zipfile

from PIL import Image

from bukti.areas.evidence import vault

#: One empty page, written by hand.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    b"0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n161\n%%EOF\n"
)


def pdf(words: str = "") -> bytes:
    """A PDF that differs with its words: a comment before the end."""
    return PDF.replace(b"%%EOF", b"%" + words.encode() + b"\n%%EOF")


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", size, (10, 90, 86)).save(stream, kind)
    return stream.getvalue()


def package(*parts: str, **contents: str) -> bytes:
    """A ZIP with empty parts, and parts with contents."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
        for name in parts:
            archive.writestr(name, "")
    return stream.getvalue()


def docx(*more: str) -> bytes:
    """What makes a package a Word document, and what else one puts in."""
    return package("[Content_Types].xml", "word/document.xml", *more)


def received(content: bytes = PDF, filename: str = "surat.pdf") -> vault.Received:
    """The content as if somebody had just uploaded it."""
    return vault.receive(io.BytesIO(content), filename)
