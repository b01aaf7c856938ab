"""Whatever people type comes back as they typed it, wherever it is shown, and as text only."""

import csv
import io
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from bukti.areas.answers import commands as answers
from bukti.areas.answers import verification
from bukti.areas.answers.models import Comment
from bukti.areas.dossier import render
from bukti.areas.dossier.models import Format
from bukti.areas.evidence import commands as evidence
from bukti.areas.ledger.commands import sign_checkpoint
from bukti.areas.people import commands as people_commands
from bukti.areas.people.models import Agency, ApiToken, User
from bukti.areas.rounds import commands as rounds
from bukti.areas.rounds.models import Extension
from bukti.rules.errors import Refused
from bukti.rules.permissions import SYSTEM, Place
from bukti.wording.formats import safe_filename
from tests import cast as people
from tests.areas.files import pdf, received
from tests.cast import PASER
from tests.faces.hostile import PAYLOADS, WITH_NUL

pytestmark = pytest.mark.django_db
PLAIN = [f"kalimat biasa nomor {n}" for n in range(12)]
HARMLESS_ADDRESS = ("/", "#", "?", "mailto:")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Sieve(HTMLParser):
    """A page as a browser reads it: its elements with the names of their attributes, its texts."""

    elements: set = field(default_factory=set)
    addresses: set = field(default_factory=set)
    texts: list = field(default_factory=lambda: [""])

    def __post_init__(self):
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag, attrs):
        """Remember it; each value is a text too."""
        self.elements.add((tag, frozenset(name for name, _ in attrs)))
        for name, value in attrs:
            self.texts.append(value or "")
            if name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
                self.addresses.add(value or "")
        self.texts.append("")

    def handle_endtag(self, tag):
        """A text ends here."""
        self.texts.append("")

    def handle_comment(self, data):
        """Our pages have none."""
        self.elements.add(("comment", data))

    def handle_decl(self, decl):
        """One doctype."""
        self.elements.add(("declaration", decl))

    def handle_data(self, data):
        """Goes on."""
        self.texts[-1] += data

    @property
    def text(self):
        """All texts, one a line that no text holds."""
        return "\x00".join(self.texts)


def read(client, address):
    """The page, which must come."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    sieve = Sieve()
    sieve.feed(response.content.decode())
    sieve.close()
    return sieve


def problems(page, plain):
    """What is on the page that is not on the plain one, and addresses that lead elsewhere."""
    return [
        *sorted(map(str, page.elements - plain.elements)),
        *(a for a in page.addresses if a and not a.startswith(HARMLESS_ADDRESS)),
    ]


def kept(text):
    """As a form keeps it: without white space at the ends, lines ended as the web does not."""
    return text.replace("\r\n", "\n").strip()


def shown(texts, page):
    """Which of the texts are not on the page, word for word."""
    return [t for t in texts if kept(t) not in page.text and t.strip() not in page.text]


# ---------- what is typed into an answer ----------


def test_an_explanation_and_a_comment_come_back_as_they_were(cast, running_round, as_):
    client = as_(cast.operator_of_health)
    question = reverse("question", args=[running_round.pk, "C1"])
    save = reverse("answer_save", args=[running_round.pk, "C1"])
    comment = reverse("comment", args=[running_round.pk, "C1"])
    numbers, wrong, plain = count(), [], None

    for text in [*PLAIN, *PAYLOADS]:
        sent = {"version": next(numbers), "level": 1, "explanation": text}
        assert client.post(save, sent).status_code == 302, text
        client.post(comment, {"text": text})
        answer = people.answer(running_round, "C1")
        if answer.explanation != text.replace("\r\n", "\n").rstrip():
            wrong.append(("kept", text, answer.explanation))
        if answer.version != sent["version"] + 1:
            next_number = answer.version
            numbers = count(next_number)
        page = read(client, question)
        if text in PLAIN:
            plain = page
            continue
        wrong += [(text, problem) for problem in problems(page, plain)]
        wrong += [("not shown", missing) for missing in shown([text], page)]

    assert wrong == []
    said = set(Comment.objects.values_list("text", flat=True))
    assert {text.strip() for text in PAYLOADS} - said == set()


def test_the_whole_history_shows_every_text(cast, running_round, as_):
    operator, coordinator = cast.operator_of_health.actor, cast.coordinator.actor
    answer = people.answer(running_round, "C1").pk
    plain_answer = people.answer(running_round, "C2").pk
    for text in PLAIN:
        answers.comment_answer(operator, plain_answer, text)
    for text in filter(str.strip, PAYLOADS):
        answers.comment_answer(operator, answer, text)
    client = as_(cast.coordinator)

    plain = read(client, reverse("history", args=[running_round.pk, "C2"]))
    page = read(client, reverse("history", args=[running_round.pk, "C1"]))

    assert problems(page, plain) == []
    assert shown(PAYLOADS, page) == []
    assert coordinator


# ---------- names, titles, reasons ----------


@pytest.fixture
def furnished(cast, running_round):
    """Fills everything that has a name, title, note or reason with the texts given."""

    def fill(texts):
        operator = cast.operator_of_health.actor
        place, now = Place(PASER, cast.health.pk), timezone.now()
        answer = people.answer(running_round, "C1").pk
        for number, text in enumerate(filter(str.strip, texts)):
            kept_file = evidence.Kept(PASER, f"{hash(text) % 16**64:064x}", 5, "text/csv", text)
            said = evidence.Facts(text, text)
            revision = evidence.add_document(operator, place, kept_file, said)
            if number % 20 == 0:
                answers.cite_revision(operator, answer, revision.pk, note=text)
            Agency.objects.create(
                region_id=PASER, code=f"a{revision.pk}", name=text, short_name=text[:40]
            )
            user = User.objects.create(email=f"u{revision.pk}@contoh.example", name=text)
            user.grants.create(role="auditor", region_id=PASER, since=timezone.localdate())
            for holder in (cast.operator_of_health.user, cast.coordinator.user):
                ApiToken.objects.create(
                    user=holder, name=text[:80], digest=f"{holder.pk}{revision.pk}", expires_at=now
                )
            Extension.objects.create(
                round=running_round, agency=cast.health, until=now, reason=text, at=now, by_id=1
            )

    return fill


PAGES = [
    ("operator_of_health", "documents", [], True),
    ("operator_of_health", "archive", ["round", "C1"], False),
    ("operator_of_health", "question", ["round", "C1"], False),
    ("operator_of_health", "profile", [], False),
    ("operator_of_health", "tasks", [], False),
    ("coordinator", "documents", [], True),
    ("coordinator", "agencies", [], False),
    ("coordinator", "users", [], True),
    ("coordinator", "user_invite", [], False),
    ("coordinator", "round", ["round"], False),
    ("coordinator", "assignments", ["round"], False),
    ("coordinator", "deadline_extend", ["round"], False),
    ("coordinator", "ledger", [], False),
    ("coordinator", "board", ["round"], False),
    ("coordinator", "hand_in", ["round"], False),
    ("coordinator", "results", ["round"], False),
    ("coordinator", "verification", ["round"], False),
]
#: On these, every text stands somewhere.
COMPLETE = {"documents", "agencies", "users", "deadline_extend"}


def pages(client, name, args, is_paged):
    """The page, or all its pages read as one."""
    address = reverse(name, args=args)
    whole = read(client, address)
    number, more = 1, whole
    while is_paged and any(f"halaman={number + 1}" in link for link in more.addresses):
        number += 1
        more = read(client, f"{address}?halaman={number}")
        whole.texts += more.texts
        whole.elements |= more.elements
        whole.addresses |= more.addresses
    return whole


def test_every_page_shows_hostile_names_as_text_only(cast, running_round, furnished, as_):
    def visit():
        found = {}
        for who, name, args, is_paged in PAGES:
            client = as_(getattr(cast, who))
            filled = [running_round.pk if arg == "round" else arg for arg in args]
            found[who, name] = pages(client, name, filled, is_paged)
        return found

    furnished([f"{text} {n}" for n in range(8) for text in PLAIN])
    plain = visit()
    furnished(PAYLOADS)
    hostile = visit()

    wrong = {key: problems(page, plain[key]) for key, page in hostile.items()}
    assert {key: found for key, found in wrong.items() if found} == {}
    missing = {key: shown(PAYLOADS, page) for key, page in hostile.items() if key[1] in COMPLETE}
    assert {key: found for key, found in missing.items() if found} == {}


SAMPLE = PAYLOADS[::9]


def test_forms_keep_what_was_typed_and_their_pages_show_it(cast, running_round, as_):
    client, wrong = as_(cast.coordinator), []
    address = reverse("agency_add")
    plain = None

    for number, text in enumerate([PLAIN[0], *SAMPLE]):
        # The short name makes the code; without a letter or digit it is asked for again.
        sent = {"name": text, "short_name": f"D{number} {text}"[:40]}
        response = client.post(address, sent)
        if not text.strip():
            continue
        assert response.status_code == 302, text
        made = Agency.objects.get(code=Agency.objects.latest("pk").code)
        page = read(client, response.headers["Location"])
        plain = plain or page
        if made.name != kept(text):
            wrong.append(("kept", text, made.name))
        wrong += [(text, problem) for problem in problems(page, plain)]
        wrong += [("not shown", missing) for missing in shown([text], page)]

    assert wrong == []


def test_a_form_that_comes_back_with_mistakes_shows_what_was_typed(cast, as_):
    client, wrong = as_(cast.coordinator), []
    address = reverse("user_invite")

    def sent(text):
        response = client.post(address, {"email": text, "name": text, "role": text})
        assert response.status_code == 422, text
        sieve = Sieve()
        sieve.feed(response.content.decode())
        return sieve

    plain = sent(PLAIN[0])
    for text in SAMPLE:
        page = sent(text)
        wrong += [(text, problem) for problem in problems(page, plain)]
        wrong += [("not shown", missing) for missing in shown([text], page)]

    assert wrong == []


def test_notes_and_reasons_of_a_decision_are_text_only(cast, running_round, as_):
    operator, coordinator = cast.operator_of_health.actor, cast.coordinator.actor
    wrong, plain, client = [], None, as_(cast.operator_of_health)

    for text in [*PLAIN[:9], *filter(str.strip, SAMPLE)]:
        answer = people.answer(running_round, "C2")
        verification.skip_question(coordinator, answer.pk, reason=text)
        page = read(client, reverse("question", args=[running_round.pk, "C2"]))
        verification.unskip_question(coordinator, answer.pk)
        if text in PLAIN:
            plain = page
            continue
        wrong += [(text, problem) for problem in problems(page, plain)]
        wrong += [("not shown", missing) for missing in shown([text], page)]

    assert wrong == []
    assert operator


def test_a_search_for_anything_finds_nothing_and_shows_what_was_searched(cast, running_round, as_):
    client, wrong = as_(cast.coordinator), []
    places = [
        ("documents", [], "cari"),
        ("users", [], "cari"),
        ("ledger", [], "kejadian"),
        ("ledger", [], "nomor"),
        ("board", [running_round.pk], "susun"),
        ("assignments", [running_round.pk], "komponen"),
        ("verification", [running_round.pk], "opd"),
        ("users", [], "halaman"),
    ]

    for name, args, asked in places:
        plain = read(client, reverse(name, args=args))
        plain.elements |= read(client, f"{reverse(name, args=args)}?{asked}=polos").elements
        for text in [*SAMPLE, *WITH_NUL]:
            response = client.get(reverse(name, args=args), {asked: text})
            if response.status_code not in (200, 400):
                wrong.append((name, text, response.status_code))
            sieve = Sieve()
            sieve.feed(response.content.decode())
            if response.status_code == 200:
                wrong += [(name, text, problem) for problem in problems(sieve, plain)]

    assert wrong == []


# ---------- NUL ----------


@pytest.mark.parametrize("text", WITH_NUL)
def test_a_text_with_nul_is_refused_with_words_and_nothing_is_kept(cast, running_round, as_, text):
    client = as_(cast.operator_of_health)
    args = [running_round.pk, "C1"]
    token = people_commands.issue_token(cast.operator_of_health.actor, PASER, name="uji")[1]
    api = Client(headers={"authorization": f"Bearer {token}"})
    body = json.dumps({"version": 0, "level": 1, "explanation": text})

    got = [
        client.post(
            reverse("answer_save", args=args), {"version": 0, "level": 1, "explanation": text}
        ),
        client.post(reverse("comment", args=args), {"text": f"halo {text}"}),
        client.get(reverse("archive", args=args), {"cari": text}),
        client.get(f"/putaran/{running_round.pk}/pertanyaan/C%001/"),
        api.put(
            f"/api/v1/rounds/{running_round.pk}/answers/C1", body, content_type="application/json"
        ),
        api.get(f"/api/v1/rounds/{running_round.pk}/answers/C%001"),
    ]

    assert {response.status_code for response in got} <= {400, 404, 422}
    assert people.answer(running_round, "C1").version == 0
    assert not Comment.objects.exists()


# ---------- in files ----------


def test_exports_hold_the_texts_unchanged_and_no_formula(cast, running_round, tmp_path):
    operator, coordinator = cast.operator_of_health.actor, cast.coordinator.actor
    texts = [text for text in PAYLOADS if text.strip()]
    answer = people.answer(running_round, "C1")
    for text in texts[::3]:
        answers.comment_answer(operator, answer.pk, text)
    claim = "\n".join(texts[::5])[:3900]
    answers.save_answer(operator, answer.pk, answers.Claim(level=1, explanation=claim), base=0)
    for text in texts[::25]:
        facts = evidence.Facts(text, text[:100])
        answers.attach_file(operator, answer.pk, received(pdf(text), f"{text}.pdf"), facts)
    rounds.change_round(
        coordinator,
        running_round.pk,
        title=texts[0][:120],
        agency_deadline=running_round.agency_deadline,
        deadline=running_round.deadline,
        target=None,
    )
    sign_checkpoint(SYSTEM, PASER, "tick")

    for form in (Format.XLSX, Format.PDF):
        render.write(SYSTEM, running_round.pk, form, tmp_path / f"b.{form}", lambda *_: None)

    book = CalamineWorkbook.from_path(tmp_path / "b.xlsx")
    cells = {
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    }
    document = pypdfium2.PdfDocument(tmp_path / "b.pdf")
    assert any(texts[0][:40] in cell for cell in cells)
    assert len(document) > 1
    with (tmp_path / "b.xlsx").open("rb") as raw:
        assert not _formulas(raw.read())


def _formulas(book):
    """Cells that a spreadsheet would compute."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(book)) as package:
        sheets = [name for name in package.namelist() if "worksheets/sheet" in name]
        return [name for name in sheets if b"<f>" in package.read(name)]


def test_a_hostile_filename_stays_a_label(cast, running_round, as_):
    client, wrong, refusals = as_(cast.operator_of_health), [], []

    for text in SAMPLE:
        name = safe_filename(f"{text}.pdf")
        answer = people.answer(running_round, "C1")
        file = received(pdf(text), f"{text}.pdf")
        try:
            cited = answers.attach_file(
                cast.operator_of_health.actor, answer.pk, file, evidence.Facts("")
            )
        except Refused as refused:  # a name whose ending is no longer one
            refusals.append((text, refused.reason))
            continue
        got = client.get(reverse("document_download", args=[cited.revision_id]))
        header = got.headers["Content-Disposition"]
        if got.status_code != 200 or not header.startswith("attachment"):
            wrong.append((text, got.status_code, header))
        if any(c in header for c in "\r\n\x00\u202e") or "/" in name or "\u202e" in name:
            wrong.append((text, header, name))

    assert wrong == []
    assert len(refusals) <= len(SAMPLE) // 10


__all__ = ["FORMULA", "csv"]
