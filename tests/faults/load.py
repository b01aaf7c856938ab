"""People at work: saving, uploading, handing in; and what the product told each of them."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_hex
from threading import Event, Thread

from tests.cast import PASSWORD
from tests.faults.browser import Browser, Cut, Reply, form_on, version_on
from tests.faults.installation import Office, Plot
from tests.faults.papers import pdf

Attempt = Callable[[], Reply]

#: How often an attempt that was cut is repeated, as the page does, instead of being given up.
REPEATED = 0.6


@dataclass
class Deed:
    """One thing that a person did, and whether the product said that it was done."""

    kind: str  # save | upload | hand_in | return
    code: str
    #: What makes it unlike any other: the text saved, the file's SHA-256, the receipt's number.
    mark: str
    key: str = ""
    level: int | None = None
    version: int | None = None
    is_acknowledged: bool = False
    attempts: int = 0


@dataclass
class History:
    """Every deed of everybody, in each person's order."""

    deeds: list[Deed] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)

    def acknowledged(self, kind: str) -> list[Deed]:
        """What the product said was done."""
        return [deed for deed in self.deeds if deed.kind == kind and deed.is_acknowledged]

    def of(self, kind: str) -> list[Deed]:
        """What was tried."""
        return [deed for deed in self.deeds if deed.kind == kind]


class OfficeAtWork(Thread):
    """An agency's operator and head, and the coordinator who sends their answers back."""

    def __init__(self, port: int, plot: Plot, office: Office, seed: int) -> None:
        super().__init__(daemon=True, name=f"office {office.agency}")
        self.plot, self.office = plot, office
        self.chance = random.Random(seed)
        self.history = History()
        self.operator, self.head, self.coordinator = (Browser(port) for _ in range(3))
        self.versions: dict[str, int | None] = dict.fromkeys(office.codes)
        self.handed_in: set[str] = set()
        self.go, self.rest, self.end = Event(), Event(), Event()

    def sign_in(self) -> None:
        """Everybody signs in, with their passwords."""
        self.operator.sign_in(self.office.operator, PASSWORD)
        self.head.sign_in(self.office.head, PASSWORD)
        self.coordinator.sign_in(self.plot.coordinator, PASSWORD)

    def run(self) -> None:
        """Work while `go` is set; say `rest` when standing still."""
        while not self.end.is_set():
            if not self.go.is_set():
                self.rest.set()
                self.go.wait(0.01)
                continue
            self.rest.clear()
            try:
                self._do_something()
            except Cut:
                time.sleep(0.02)
            except AssertionError as trouble:
                self.history.oddities.append(str(trouble))

    def _do_something(self) -> None:
        dice = self.chance.random()
        if dice < 0.72:
            self.save()
        elif dice < 0.95:
            self.upload()
        else:
            self.hand_in()

    def address(self, code: str, rest: str = "") -> str:
        """A question's page, or something below it."""
        return f"/putaran/{self.plot.round}/pertanyaan/{code}/{rest}"

    def _writable(self) -> str:
        return self.chance.choice([c for c in self.office.codes if c not in self.handed_in])

    def _base(self, code: str) -> int:
        """The version to write upon: what was last heard, else what the page says."""
        known = self.versions[code]
        if known is None:
            reply = self.operator.get(self.address(code))
            assert reply.status == 200, f"the page of {code} answered {reply.status}"
            known = self.versions[code] = version_on(reply.text)
            if known is None:
                self.give_back(code)
                raise Cut(f"{code} was handed in and is being sent back")
        return known

    def save(self) -> None:
        """Type something new into an answer."""
        code = self._writable()
        base = self._base(code)
        deed = Deed(
            "save", code, f"Uraian {token_hex(8)}", token_hex(8), self.chance.choice([0, 0, 2])
        )
        self.history.deeds.append(deed)
        fields = {"version": str(base), "level": str(deed.level), "explanation": deed.mark}
        self.versions[code] = None
        reply = self._insist(
            deed,
            lambda: self.operator.post(
                self.address(code, "simpan/"), fields, HX_Request="true", Idempotency_Key=deed.key
            ),
        )
        if reply is None:
            return
        if reply.status == 200:
            deed.version = self.versions[code] = json_version(reply)
            deed.is_acknowledged = True
        else:
            self._not_now(code, reply)

    def upload(self) -> None:
        """Add a document to an answer."""
        code = self._writable()
        content = pdf(token_hex(16), self.chance.choice([2_000, 60_000, 400_000]))
        deed = Deed("upload", code, sha256(content).hexdigest())
        self.history.deeds.append(deed)
        reply = self._insist(
            deed,
            lambda: self.operator.upload(
                self.address(code, "bukti/"), "surat.pdf", content, HX_Request="true"
            ),
        )
        if reply is None:
            return
        deed.is_acknowledged = reply.status == 200
        if reply.status != 200:
            self._not_now(code, reply)

    def _not_now(self, code: str, reply: Reply) -> None:
        """Handed in and not sent back yet, as a cut left it: send it back. All else is odd."""
        assert reply.status in (409, 412), f"{code} answered {reply.status}"
        if reply.status == 409:
            self.give_back(code)

    def hand_in(self) -> None:
        """The head hands in what is complete; the coordinator sends everything back."""
        where = f"/putaran/{self.plot.round}/pengajuan/{self.office.agency}/"
        page = self.head.get(where)
        assert page.status == 200, f"the hand-in page answered {page.status}"
        deed = Deed("hand_in", "", "")
        self.history.deeds.append(deed)
        # Whatever comes of it, what is handed in now cannot be written: find out afterwards.
        reply = self._insist(deed, lambda: self.head.post(where, form_on(page.text, where)))
        if reply is not None and "/tanda-terima/" in reply.location:
            deed.mark = reply.location.split("/tanda-terima/")[1].split("/")[0]
            deed.is_acknowledged = True
        self.handed_in = set(self.office.codes)
        for code in self.office.codes:
            self.give_back(code)
        self.handed_in = set()

    def give_back(self, code: str) -> None:
        """The coordinator returns an answer; one that was not handed in stays as it is."""
        where = f"/putaran/{self.plot.round}/verifikasi/{code}/"
        deed = Deed("return", code, f"Catatan {token_hex(8)}")
        self.history.deeds.append(deed)
        try:
            deed.attempts += 1
            reply = self.coordinator.post(f"{where}kembalikan/", {"note": deed.mark})
        except Cut:
            return
        deed.is_acknowledged = reply.status in (200, 302)

    def _insist(self, deed: Deed, attempt: Attempt) -> Reply | None:
        """Send; when the line is cut, send the very same again, or give up and never know."""
        while not self.end.is_set():
            deed.attempts += 1
            try:
                return attempt()
            except Cut:
                if self.chance.random() > REPEATED:
                    return None
                time.sleep(0.05)
        return None


def json_version(reply: Reply) -> int:
    """The version that a save made."""
    return int(json.loads(reply.body)["version"])
