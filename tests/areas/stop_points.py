"""R-03: one upload with its citation, killed before and after each step that touches the disk.

Run by `test_vault.py` in a process of its own: `stop_points.py FOLDER [straight]`. Each round
forks, attaches a new file, and ends itself at the n-th step without any goodbye; then the parent
looks at what is left. Prints a line a round; exit code 1 when something is neither absent nor
complete. With `straight`, the control, bytes are written straight to their final name.
"""

import os
import sys
import tempfile
from pathlib import Path

KILLED, DONE = 9, 0


def main(scratch: str, mode: str = "") -> int:
    os.environ.update(BUKTI_DATA=scratch, BUKTI_DEVELOPMENT="yes", BUKTI_RESERVED_SPACE_MB="1")
    os.environ["DJANGO_SETTINGS_MODULE"] = "bukti.site.settings"
    os.environ["BUKTI_DATABASE"] = "sqlite"
    sys.path.insert(0, str(Path(__file__).parent.parent.parent))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    prepared = prepare()
    if mode == "straight":
        write_straight()
    number = 1
    while True:
        step, code = one_round(prepared, number)
        state = what_is_left(number)
        sys.stdout.write(f"{number} {step} {code} {state}\n")
        if state not in ("absent", "complete") or (code == DONE and state != "complete"):
            return 1
        if code == DONE:
            return 0
        number += 1


def prepare():
    """A running round; who answers in it."""
    from tests import cast as people

    cast = people.everybody()
    round_ = people.running_round(cast)
    return cast.operator_of_health, people.answer(round_, "C1").pk


def write_straight() -> None:
    """The broken build: no temporary file, no rename."""
    from bukti.areas.evidence import vault

    def keep(received, region):
        target = vault.place_of(region, received.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        content = received.path.read_bytes()
        with target.open("wb", buffering=0) as file:
            file.write(content[:100])
            os.fsync(file.fileno())
            file.write(content[100:])
            os.fsync(file.fileno())

    vault.keep = keep


def one_round(prepared, number: int) -> tuple[str, int]:
    """Fork, attach, end at the n-th step; which step it was and how the child ended."""
    from django.db import connections

    connections.close_all()
    note = Path(tempfile.gettempdir()) / f"step-{os.getpid()}"
    child = os.fork()
    if child == 0:
        code = DONE
        try:
            arm(number, note)
            attach(prepared, number)
        except BaseException as trouble:
            sys.stderr.write(f"{trouble!r}\n")
            code = 1
        os._exit(code)
    _, status = os.waitpid(child, 0)
    step = note.read_text() if note.exists() else "end"
    note.unlink(missing_ok=True)
    return step, os.waitstatus_to_exitcode(status)


def attach(prepared, number: int) -> None:
    import io

    from bukti.areas.answers import commands
    from bukti.areas.evidence import commands as evidence
    from bukti.areas.evidence import vault

    person, answer_id = prepared
    received = vault.receive(io.BytesIO(content(number)), "surat.pdf")
    commands.attach_file(person.actor, answer_id, received, evidence.Facts("Surat"))


def content(number: int) -> bytes:
    from tests.areas import files

    return files.pdf(f"putaran {number}")


def arm(number: int, note: Path) -> None:
    """Count every call that changes the disk; end before the odd steps, after the even ones."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    count = 0

    def counted(name, real):
        def call(*args, **kwargs):
            nonlocal count
            count += 1
            if count == number:
                end(note, name)
            result = real(*args, **kwargs)
            count += 1
            if count == number:
                end(note, name)
            return result

        return call

    os.fsync = counted("fsync", os.fsync)
    Path.rename = counted("rename", Path.rename)
    Path.mkdir = counted("mkdir", Path.mkdir)
    Path.unlink = counted("unlink", Path.unlink)
    BaseDatabaseWrapper.commit = counted("commit", BaseDatabaseWrapper.commit)


def end(note: Path, name: str) -> None:
    with note.open("w") as file:
        file.write(name)
    os.kill(os.getpid(), KILLED)


def what_is_left(number: int) -> str:
    """absent, complete, or what is wrong."""
    from hashlib import sha256

    from bukti.areas.answers.models import Answer
    from bukti.areas.evidence import check, vault
    from bukti.areas.evidence.models import Blob, Citation, Document, Revision
    from bukti.areas.ledger.models import Entry

    report = check.Report()
    flaws = [found for found in check.found(report) if found.flaw is not check.Flaw.ORPHAN]
    torn = [path.name for _, name, path in vault.blobs() if hash_of(path) != name]
    if flaws or torn:
        return f"damaged:{flaws}{torn}"
    counts = {
        Document.objects.count(),
        Revision.objects.count(),
        Blob.objects.count(),
        Citation.objects.count(),
        Answer.objects.get(code="C1").evidence_count,
        Entry.objects.filter(event="document.added").count(),
        Entry.objects.filter(event="citation.added").count(),
        Entry.objects.filter(event="answer.supported").count(),
    }
    if len(counts) != 1:
        return f"half:{sorted(counts)}"
    wanted = sha256(content(number)).hexdigest()
    return "complete" if Blob.objects.filter(sha256=wanted).exists() else "absent"


def hash_of(path: Path) -> str:
    from hashlib import sha256

    return sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
