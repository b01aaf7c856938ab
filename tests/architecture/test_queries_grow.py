"""How often a page asks the database: pinned, and the same however many rows there are."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bukti.areas.answers import commands as answers
from bukti.areas.dossier.models import Export
from bukti.areas.evidence import commands as evidence
from bukti.areas.instruments import loader
from bukti.areas.notices.models import Notice, NoticeKind
from bukti.areas.people.models import ApiToken, Grant
from bukti.areas.rounds import commands as rounds
from bukti.areas.rounds.models import Extension
from bukti.rules.claims import Claim
from bukti.rules.permissions import Place, Role
from tests import cast as people
from tests.areas.files import pdf, received
from tests.cast import PASER

pytestmark = pytest.mark.django_db
BRACKETS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def asked(client, address, body=None, **headers):
    """The statements of one request, without those that only bracket others; it must succeed."""
    with CaptureQueriesContext(
        connection,
    ) as caught:
        if body is None:
            response = client.get(address, headers=headers)
        else:
            response = client.post(address, body, headers=headers)
        assert response.status_code in (200, 302), (address, response.status_code)
    return [q["sql"] for q in caught if not q["sql"].startswith(BRACKETS)]


@pytest.fixture
def big_round(cast):
    """The 121 questions, running; every agency of the pack's is one of ours or nobody's."""
    pack = loader.load_pack(loader.SHIPPED / "smart-city-121")
    round_ = people.round_in_preparation(cast, year=2027, pack=pack)
    codes = frozenset(question.code for question in pack.questions)
    coordinator = cast.coordinator.actor
    rounds.assign_questions(coordinator, round_.pk, codes, agency_id=cast.health.pk)
    return people.verification.start_round(coordinator, round_.pk)


@pytest.mark.parametrize("person", ["coordinator", "executive", "operator_of_health"])
def test_the_board_asks_at_most_eight_times(cast, big_round, as_, person):
    client, address = as_(getattr(cast, person)), reverse("board", args=[big_round.pk])
    client.get(address)

    assert len(asked(client, address)) <= 8


@pytest.mark.parametrize("person", ["coordinator", "operator_of_health", "head_of_health"])
def test_the_question_asks_at_most_fourteen_times(cast, big_round, as_, person):
    client, address = as_(getattr(cast, person)), reverse("question", args=[big_round.pk, "A1.1.1"])
    client.get(address)

    assert len(asked(client, address)) <= 14


def test_a_save_asks_at_most_twelve_times(cast, running_round, as_):
    client = as_(cast.operator_of_health)
    address = reverse("answer_save", args=[running_round.pk, "C1"])
    asked(client, address, {"version": 0, "level": 1, "explanation": "satu"})

    body = {"version": 1, "level": 2, "explanation": "dua"}
    statements = asked(client, address, body, **{"HX-Request": "true"})

    assert any("UPDATE" in statement for statement in statements)
    assert len(statements) <= 12


class Growth:
    """Makes more of everything that pages list."""

    def __init__(self, cast, round_) -> None:
        self.cast, self.round, self.made = cast, round_, 0

    def grow(self, times: int) -> None:
        """So many more of each."""
        for _ in range(times):
            self.made += 1
            self.people(self.made)
            self.papers(self.made)
            self.rest(self.made)

    def people(self, n: int) -> None:
        """An agency with its operator; a role more for one; tokens and notices."""
        agency = people.agency(f"dinas-{n}", f"Dinas {n}", f"D{n}")
        person = people.person(f"Operator {n}", Role.OPERATOR, agency=agency)
        user = self.cast.operator_of_health.user
        Grant.objects.create(
            user=person.user, role=Role.AUDITOR, region_id=PASER, since=timezone.localdate()
        )
        ApiToken.objects.create(user=user, name=f"k{n}", digest=str(n), expires_at=timezone.now())
        for told in (user, self.cast.coordinator.user):
            Notice.objects.create(
                user=told,
                kind=NoticeKind.ROUND_STARTED,
                facts={"round": "x"},
                path="/",
                at=timezone.now(),
            )

    def papers(self, n: int) -> None:
        """A version, two comments, a cited document, one that is not, an export, more time."""
        operator = self.cast.operator_of_health.actor
        answer = people.answer(self.round, "C1")
        claim = Claim(level=1, explanation=f"versi {n}")
        answers.save_answer(operator, answer.pk, claim, base=answer.version)
        for actor in (operator, self.cast.coordinator.actor):
            answers.comment_answer(actor, answer.pk, f"komentar {n}")
        answers.attach_file(
            operator, answer.pk, received(pdf(str(n)), f"{n}.pdf"), evidence.Facts(f"d{n}")
        )
        place = Place(PASER, self.cast.health.pk)
        kept = evidence.Kept(PASER, f"{n:064x}", 5, "text/plain", f"{n}.txt")
        evidence.add_document(operator, place, kept, evidence.Facts(f"e{n}"))
        now = timezone.now()
        Export.objects.create(round=self.round, format="pdf", asked_at=now, asked_by_id=1)
        Extension.objects.create(
            round=self.round, agency=self.cast.health, until=now, reason="x", at=now, by_id=1
        )

    def rest(self, n: int) -> None:
        """A past round with its result."""
        coordinator = self.cast.coordinator.actor
        past = rounds.record_past_round(
            coordinator,
            PASER,
            instrument_id=self.round.instrument_id,
            scheme="utama",
            year=2020 - n,
            title=f"Lama {n}",
        )
        values = {"baseline": Decimal(2), "outcome": Decimal(2), "impact": Decimal(3)}
        people_results(coordinator, past, values)


def people_results(coordinator, past, values):
    """The official result of a past round."""
    from bukti.areas.assessment.commands import record_result

    record_result(coordinator, past.pk, values, source="surat")


LISTS = {
    "operator_of_health": [
        ("tasks", []),
        ("rounds", []),
        ("notices", []),
        ("profile", []),
        ("documents", []),
        ("board", ["round"]),
        ("question", ["round", "C1"]),
        ("history", ["round", "C1"]),
        ("archive", ["round", "C1"]),
    ],
    "coordinator": [
        ("rounds", []),
        ("round", ["round"]),
        ("notices", []),
        ("documents", []),
        ("agencies", []),
        ("users", []),
        ("ledger", []),
        ("instruments", []),
        ("board", ["round"]),
        ("question", ["round", "C1"]),
        ("history", ["round", "C1"]),
        ("assignments", ["round"]),
        ("verification", ["round"]),
        ("deadline_extend", ["round"]),
        ("agency_remind", ["round"]),
        ("hand_in", ["round"]),
        ("results", ["round"]),
        ("dossiers", ["round"]),
    ],
}


def test_no_list_asks_more_often_for_more_rows(cast, running_round, as_):
    growth = Growth(cast, running_round)
    growth.grow(2)
    pages = [
        (person, name, reverse(name, args=[running_round.pk if a == "round" else a for a in args]))
        for person, lists in LISTS.items()
        for name, args in lists
    ]

    def counts():
        found = {}
        for person, name, address in pages:
            client = as_(getattr(cast, person))
            client.get(address)
            found[person, name] = len(asked(client, address))
        return found

    few = counts()
    growth.grow(18)
    many = counts()

    assert {page: (few[page], many[page]) for page in few if few[page] != many[page]} == {}
    assert max(few.values()) <= 20
