"""R-06: the disk fills up. Files are refused in words, answers still kept, nothing needs repair."""

import json
import os
from contextlib import ExitStack, suppress
from secrets import token_hex

import pytest

from bukti.rules.errors import Reason, Refused
from bukti.wording.words import refusal_sentence
from tests.cast import PASSWORD
from tests.faults.browser import Browser
from tests.faults.installation import Service
from tests.faults.mounts import NotAllowed, small_disk
from tests.faults.papers import pdf

pytestmark = pytest.mark.fault

DISK, RESERVED = 64, 16
NO_ROOM_FOR_FILES = refusal_sentence(Refused(Reason.DISK_FULL))


class Officer:
    """An operator before one question, who saves and uploads."""

    def __init__(self, port: int, plot, code_number: int = 0) -> None:
        office = plot.offices[0]
        self.browser = Browser(port)
        self.browser.sign_in(office.operator, PASSWORD)
        self.place = f"/putaran/{plot.round}/pertanyaan/{office.codes[code_number]}/"
        self.version = 0

    def saves(self) -> int:
        """The status of a save; the version moves on when it was kept."""
        typed = {"version": str(self.version), "level": "0", "explanation": token_hex(20)}
        reply = self.browser.post(
            self.place + "simpan/", typed, HX_Request="true", Idempotency_Key=token_hex(8)
        )
        if reply.status == 200:
            self.version = json.loads(reply.body)["version"]
        return reply.status

    def uploads(self, size: int = 200_000):
        """The answer to a file, in the background."""
        paper = pdf(token_hex(16), size)
        return self.browser.upload(self.place + "bukti/", "surat.pdf", paper, HX_Request="true")

    def reads(self) -> int:
        """The status of the question's page."""
        return self.browser.get(self.place).status


@pytest.fixture
def narrow(copied, tmp_path, figure):
    """An installation on a small disk of its own; how it came about is told."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(small_disk(tmp_path / "small", DISK))
        except NotAllowed as reason:
            pytest.skip(f"no small disk ({reason}); the reserved space is still tested")
        figure(f"on a tmpfs of {DISK} MB")
        yield copied(folder / "installation", BUKTI_RESERVED_SPACE_MB=str(RESERVED))


def fill(folder, leave: int) -> None:
    """Write until so many bytes are left."""
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    # The product writes meanwhile, so the last bytes may be gone already.
    with suppress(OSError), (folder / "ballast").open("ab", buffering=0) as file:
        file.write(bytes(max(0, free - leave)))


def sound(installation) -> bool:
    """Neither ledger nor vault has anything to repair."""
    checks = [installation.bukti("ledger", "verify"), installation.bukti("evidence", "check")]
    return all(check.returncode == 0 for check in checks)


def test_a_disk_that_fills_up_refuses_files_and_keeps_answers(narrow):
    installation, plot = narrow
    with Service(installation) as service:
        officer = Officer(service.port, plot)
        answers = []
        assert officer.uploads().status == 200

        for left in (15, 8, 2):
            fill(installation.folder, left * 1_000_000)
            answers.append((officer.uploads(), officer.saves(), officer.reads()))
        (installation.folder / "ballast").unlink()

        for refused, saved, read in answers:
            assert (refused.status, refused.text) == (507, NO_ROOM_FOR_FILES)
            assert (saved, read) == (200, 200)
        assert officer.uploads().status == 200
    assert sound(installation)


def test_a_disk_without_a_byte_left_acknowledges_nothing_and_needs_no_repair(narrow):
    installation, plot = narrow
    with Service(installation) as service:
        officer = Officer(service.port, plot)
        assert officer.saves() == 200
        fill(installation.folder, 0)
        fill(installation.folder, 0)

        attempts = [officer.saves() for _ in range(60)]
        kept = attempts.count(200)
        read, upload = officer.reads(), officer.uploads()
        (installation.folder / "ballast").unlink()
        saved, uploaded = officer.saves(), officer.uploads()

        assert set(attempts) <= {200, 507}
        assert 507 in attempts, "the disk was not full"
        assert upload.status == 507
        assert read == 200
        assert (saved, uploaded.status) == (200, 200)
        assert officer.version == 1 + kept + 1
    assert sound(installation)


def test_reserved_space_refuses_files_before_the_disk_is_full(copied, figure):
    more_than_there_is = str(10**9)
    installation, plot = copied(BUKTI_RESERVED_SPACE_MB=more_than_there_is)
    figure("by the setting alone, on any machine")
    with Service(installation) as service:
        officer = Officer(service.port, plot)

        refused, saved = officer.uploads(), officer.saves()

        assert refused.status == 507
        assert refused.text == NO_ROOM_FOR_FILES
        assert saved == 200
