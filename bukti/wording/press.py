"""The child process that prints one document and ends, so that its memory comes back.

Reads a job as JSON from standard input, writes the PDF to standard output. Imports nothing of
Bukti: whatever a document's text could do to the typesetter, it does to a process that holds no
secret, reads no file outside the templates, and is stopped by its limits.
"""

import json
import resource
import sys
from pathlib import Path

import typst

TEMPLATES = Path(__file__).parent / "typst"
#: Private memory and processor seconds: several times what a dossier of 121 answers takes.
MEMORY = 500_000_000
SECONDS = 50


def bound() -> None:
    """Sets the limits on this process for good."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def printed(template: str, paper: str, timestamp: int) -> bytes:
    """A tagged PDF (PDF/UA-1). The content goes in as data and is never pasted into source."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(TEMPLATES / "fonts")],
    )
    compiler = typst.Compiler(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=fonts,
        sys_inputs={"paper": paper},
    )
    pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=timestamp)
    if not isinstance(pdf, bytes):
        raise TypeError("Typst returned pages instead of one document")
    return pdf


def main() -> int:
    bound()
    job = json.loads(sys.stdin.buffer.read())
    try:
        pdf = printed(job["template"], json.dumps(job["paper"]), job["timestamp"])
    except typst.TypstError as trouble:
        sys.stderr.write(f"{trouble.message}\n{trouble.diagnostic}\n")
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
