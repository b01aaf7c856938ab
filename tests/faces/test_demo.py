"""The demonstration: what it loads is whole, plausible, cited rightly, and names nobody."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pypdfium2  # type: ignore[import-untyped]
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from bukti.areas.answers import progress
from bukti.areas.answers.models import Answer, Comment, HandIn, Mark, Version
from bukti.areas.assessment import queries as results
from bukti.areas.evidence import vault
from bukti.areas.evidence.models import Citation, Document
from bukti.areas.ledger import audit
from bukti.areas.ledger.models import Entry
from bukti.areas.people.models import Agency, User
from bukti.areas.people.queries import actor_of
from bukti.areas.rounds import queries as rounds
from bukti.areas.rounds.models import Extension, Round
from bukti.faces.cli.demo.clock import Days
from bukti.faces.cli.demo.script import offices, read
from bukti.rules.workflow import AnswerState

TOLD = 5


def demo() -> str:
    said = StringIO()
    call_command("demo", stdout=said)
    return said.getvalue()


def coordinator():
    return actor_of(User.objects.get(email="koordinator@paser.example"), timezone.now())


def test_public_passwords_are_refused_on_an_address_that_others_reach(db, settings):
    settings.PUBLIC_ADDRESS = "https://bukti.example.go.id"

    with pytest.raises(CommandError, match=r"example\.go\.id"):
        demo()

    assert not User.objects.exists()


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration, loaded once for the module and taken back after it."""
    folder = tmp_path_factory.mktemp("demo")
    settings = override_settings(VAULT=folder / "vault", BUKTI_KEYS=folder / "keys")
    taken_back = transaction.atomic()
    taken_back._from_testcase = True  # type: ignore[attr-defined]  # what insists on being outermost may run inside
    with django_db_blocker.unblock(), settings, taken_back:
        yield folder, demo()
        transaction.set_rollback(True)


@pytest.fixture
def round_(loaded, settings):
    settings.VAULT, settings.BUKTI_KEYS = loaded[0] / "vault", loaded[0] / "keys"
    return rounds.round_page(coordinator(), Round.objects.get(is_recorded=False).pk)


def test_the_round_stands_about_where_the_board_of_the_mock_stands(round_):
    progress_ = progress.progress_of(coordinator(), round_, timezone.now())

    assert progress_.counts == Counter(
        {
            AnswerState.ACCEPTED: 46,
            AnswerState.SUBMITTED: 27,
            AnswerState.RETURNED: 9,
            AnswerState.DRAFT: 21,
            AnswerState.EMPTY: 17,
            AnswerState.NOT_APPLICABLE: 1,
        }
    )
    assert 10 <= progress_.late <= 16
    assert any(tile.ring == "soon" for tile in progress_.tiles)
    assert len(progress_.needing_help) >= 5


def test_dates_are_relative_to_the_day_of_loading(round_):
    now = timezone.now()

    assert 20 <= (now - round_.started_at).days <= 26
    assert 14 <= (round_.deadline - now).days <= 18
    assert round_.agency_deadline < now
    assert all(extension.until > now for extension in Extension.objects.all())
    assert not Version.objects.filter(at__gt=now).exists()
    assert not Mark.objects.filter(at__gt=now).exists()


def test_the_published_indices_come_out_and_the_running_round_has_two_layers(round_):
    past = {
        found.year: results.result_page(coordinator(), found.pk).main.scored.index
        for found in rounds.past_rounds(round_)
    }
    running = results.result_page(coordinator(), round_.pk)

    assert {year: str(index) for year, index in past.items()} == {2022: "2.88", 2023: "2.84"}
    assert [layer.layer for layer in running.layers] == ["self", "verified"]
    assert all(2 < (layer.scored.so_far or 0) < 4 for layer in running.layers)


def test_every_cited_page_exists_and_every_file_opens(round_):
    for citation in Citation.objects.select_related("revision__blob"):
        blob = citation.revision.blob
        with vault.read(blob.region_id, blob.sha256) as file:
            held = file.read()
        last = max((int(page) for page in re.findall(r"\d+", citation.pages)), default=1)

        assert len(held) == blob.size
        if blob.media_type == "application/pdf":
            assert last <= len(pypdfium2.PdfDocument(held)), citation.revision.filename
        else:
            assert last == 1


def test_answers_waiting_for_the_coordinator_have_several_documents_to_look_at(round_):
    waiting = Answer.objects.filter(round=round_, state=AnswerState.SUBMITTED)

    assert min(waiting.values_list("evidence_count", flat=True)) >= 1
    assert waiting.filter(evidence_count__gte=2).count() >= 20
    assert Answer.objects.get(round=round_, code="A1.2.1").evidence_count == 4


def test_every_explanation_says_that_it_is_an_example(round_):
    answered = Answer.objects.filter(round=round_).exclude(explanation="")

    assert answered.count() >= 100
    assert all(answer.explanation.endswith("(contoh)") for answer in answered)
    assert not any("{" in answer.explanation for answer in answered)


def test_people_are_called_by_office_and_all_forty_one_offices_are_there(round_):
    offices_ = (
        "Operator|Kepala|Koordinator|Camat|Direktur|Inspekt|Sekretaris|Bupati|Asesor|Pengelola"
    )

    assert Agency.objects.filter(region="64.01").count() == len(offices()) == 41
    for user in User.objects.all():
        assert re.match(offices_, user.name), user.name
        assert user.email.endswith(".example")
        assert user.has_usable_password()


def test_every_page_has_something_to_show(round_):
    kinds = set(Document.objects.values_list("kind", flat=True))

    assert {"invitation", "attendance", "minutes", "decree", "report", "photo", "data"} <= kinds
    assert HandIn.objects.filter(round=round_).count() > TOLD
    assert Comment.objects.count() > TOLD
    assert all(extension.reason for extension in Extension.objects.all())
    assert Version.objects.filter(answer__code="C3.11.1").count() > 1
    assert User.objects.filter(notices__read_at__isnull=True).distinct().count() > TOLD


def test_the_ledger_of_the_demonstration_is_whole_and_its_times_never_run_back(round_):
    times = list(Entry.objects.filter(tree="64.01").order_by("index").values_list("at", flat=True))

    assert audit.verify("64.01").is_whole
    assert times == sorted(times)
    assert len(times) > 500


def test_a_second_run_changes_nothing_and_names_the_logins_again(loaded, round_):
    before = Entry.objects.count(), User.objects.count()

    said = demo()

    assert (Entry.objects.count(), User.objects.count()) == before
    assert "tidak ada yang diubah" in said
    assert "koordinator@paser.example" in said
    assert "koordinator@paser.example" in loaded[1]


def test_a_story_reads_the_same_on_any_day_of_the_week():
    for back in range(7):
        now = datetime(2026, 11, 24, 0, 10, tzinfo=UTC) + timedelta(days=back)
        days = Days(now, "Asia/Makassar")

        assert days.worked(1, 16) < now
        assert days.ahead(2) > now
        assert days.worked(16, 9).weekday() < 5
        assert len(read(2026, days).stories) == 121
