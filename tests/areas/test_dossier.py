"""A round as one file: complete, repeatable, bound to the ledger, checked by an outsider."""

import csv
import errno
import io
import json
import random
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import bagit
import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from bukti.areas.answers import commands as answers
from bukti.areas.answers import verification
from bukti.areas.answers.models import Answer
from bukti.areas.assessment import commands as assessment
from bukti.areas.dossier import commands, jobs, proof, queries, reading, render, verify
from bukti.areas.dossier.models import Export, ExportState, Format
from bukti.areas.evidence import vault
from bukti.areas.evidence.commands import Facts
from bukti.areas.evidence.models import Blob
from bukti.areas.ledger import commands as ledger
from bukti.areas.ledger.models import Entry
from bukti.areas.rounds import commands as rounds
from bukti.rules.claims import Claim
from bukti.rules.errors import Denied, Reason, Refused
from bukti.rules.permissions import SYSTEM, Role
from bukti.rules.workflow import Step
from bukti.wording.papers import PaperFailed
from tests import cast as people
from tests.areas import files

pytestmark = pytest.mark.django_db

HOSTILE = '=HYPERLINK("http://x","y") <script>alert(1)</script> %0A ../../x'
NAMES = ["laporan.pdf", "../../etc/passwd.pdf", "CON.pdf", "=1+1\u202efdp.pdf", "a%0Ab: c.pdf"]


def save(person, round_, code, **claim):
    answer = people.answer(round_, code)
    return answers.save_answer(person.actor, answer.pk, Claim(**claim), base=answer.version)


def attach(person, round_, code, content, name, title="Surat", pages="1"):
    answer = people.answer(round_, code)
    received = vault.receive(io.BytesIO(content), name)
    return answers.attach_file(person.actor, answer.pk, received, Facts(title), pages=pages)


def fill(cast, round_):
    """Health answers C1 with five hostile files and a shared one, C2 and D1; C1 is accepted."""
    health = cast.operator_of_health
    save(health, round_, "C1", level=3, explanation=HOSTILE)
    save(health, round_, "C1", level=2, explanation=f"Mulai dari {HOSTILE}")
    save(health, round_, "C2", level=2, value=Decimal("87.5"))
    save(health, round_, "D1", value=Decimal("3.1234567"), respondents=60)
    for number, name in enumerate(NAMES):
        attach(health, round_, "C1", files.pdf(str(number)), name, title=HOSTILE)
    attach(health, round_, "C2", files.pdf("0"), "salinan.pdf")
    attach(health, round_, "D1", files.picture("PNG"), "rekap.png", pages="")
    answers.hand_in_agency(
        cast.head_of_health.actor, round_.pk, cast.health.pk, confirmed=frozenset()
    )
    verification.accept_answer(
        cast.coordinator.actor,
        people.answer(round_, "C1").pk,
        verified=Decimal(2),
        note="Sesuai laporan.",
    )


def freeze(cast, round_):
    open_codes = frozenset(Answer.objects.values_list("code", flat=True))
    verification.prepare_round(cast.coordinator.actor, round_.pk, confirmed=open_codes)
    verification.sign_round(cast.executive.actor, round_.pk)


@pytest.fixture
def filled_round(cast, running_round):
    fill(cast, running_round)
    return running_round


def told(*_):
    pass


def made(round_, form, path):
    return render.write(SYSTEM, round_.pk, form, path, told)


@pytest.fixture
def archive(filled_round, tmp_path):
    path = tmp_path / "berkas.zip"
    made(filled_round, Format.ZIP, path)
    return path


@pytest.fixture
def bag(archive, tmp_path):
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "terbuka")
    [folder] = (tmp_path / "terbuka").iterdir()
    return folder


# ---------- the archive ----------


def test_an_outsider_finds_it_intact(bag, capsys):
    done = subprocess.run(
        [sys.executable, "-I", str(bag / "verify.py")], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
    assert "UTUH, kunci belum dicocokkan" in done.stdout


def test_with_the_regions_fingerprint_the_key_matches(bag, capsys):
    key = ledger.make_key(SYSTEM, people.PASER).fingerprint

    code = verify.main([str(bag), "--key", key])

    assert code == 0
    assert "UTUH, kunci cocok" in capsys.readouterr().out
    assert verify.main([str(bag), "--key", "0" * 64]) == 1


def test_it_is_a_valid_bag(bag):
    opened = bagit.Bag(str(bag))

    opened.validate()

    assert set(opened.algorithms) == {"sha256", "sha512"}
    assert opened.info["Source-Organization"] == "Kabupaten Paser"


def test_it_holds_answers_as_committed_and_documents_as_uploaded(bag):
    answer = json.loads((bag / "data/answers/C1.json").read_text())
    documents = {path.read_bytes() for path in (bag / "data/documents").iterdir()}
    whole = json.loads((bag / "data/answers.json").read_text())

    assert answer["explanation"] == f"Mulai dari {HOSTILE}"
    assert documents == {files.pdf(str(n)) for n in range(5)} | {files.picture("PNG")}
    assert len(list((bag / "data/documents").iterdir())) == 6
    assert [a["code"] for a in whole["answers"]][:1] == ["A1"]
    assert whole["checkpoint"]["root"] in (bag / "bag-info.txt").read_text()


def test_one_flipped_bit_in_any_file_is_named(bag, capsys):
    chance = random.Random(7)
    paths = sorted(path for path in bag.rglob("*") if path.is_file())

    for path in paths:
        content = bytearray(path.read_bytes())
        at = chance.randrange(len(content))
        content[at] ^= 1 << chance.randrange(8)
        whole = path.read_bytes()
        path.write_bytes(content)

        code = verify.main([str(bag)])

        said = capsys.readouterr().out
        assert code == 1, path
        assert path.relative_to(bag).as_posix() in said, said
        path.write_bytes(whole)

    assert verify.main([str(bag)]) == 0


def test_an_archive_made_again_has_the_same_bytes(cast, filled_round, tmp_path):
    freeze(cast, filled_round)
    first = made(filled_round, Format.ZIP, tmp_path / "satu.zip")
    Entry.objects.count()
    commands.make_dossier(cast.coordinator.actor, filled_round.pk, Format.PDF)
    ledger.sign_checkpoint(SYSTEM, people.PASER, "later")

    second = made(filled_round, Format.ZIP, tmp_path / "dua.zip")

    assert second == first
    assert (tmp_path / "satu.zip").read_bytes() == (tmp_path / "dua.zip").read_bytes()


def test_another_change_is_bound_to_another_checkpoint(cast, filled_round, tmp_path):
    first = made(filled_round, Format.ZIP, tmp_path / "satu.zip")
    save(cast.operator_of_education, filled_round, "C3", level=1)

    second = made(filled_round, Format.ZIP, tmp_path / "dua.zip")

    assert second.tree_size > first.tree_size
    assert second.sha256 != first.sha256


def test_a_restored_answer_is_vouched_for_too(cast, running_round, tmp_path):
    health = cast.operator_of_health
    save(health, running_round, "C1", level=3)
    save(health, running_round, "C1", level=1)
    answer = people.answer(running_round, "C1")
    answers.restore_version(health.actor, answer.pk, 1, base=2)
    path = tmp_path / "berkas.zip"

    made(running_round, Format.ZIP, path)

    with zipfile.ZipFile(path) as opened:
        opened.extractall(tmp_path / "terbuka")
    assert verify.main([str(next((tmp_path / "terbuka").iterdir()))]) == 0


def test_an_answer_changed_behind_the_ledger_makes_no_dossier(filled_round, tmp_path):
    Answer.objects.filter(code="C1").update(level=4)

    with pytest.raises(Refused) as refusal:
        made(filled_round, Format.ZIP, tmp_path / "berkas.zip")

    assert refusal.value.reason is Reason.LEDGER_BROKEN
    assert refusal.value.facts["file"] == "data/answers/C1.json"
    assert list(tmp_path.glob("*.zip")) == []


def test_a_rotten_document_makes_no_dossier(filled_round, tmp_path):
    blob = Blob.objects.earliest("pk")
    path = vault.place_of(blob.region_id, blob.sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(Refused) as refusal:
        made(filled_round, Format.ZIP, tmp_path / "berkas.zip")

    assert refusal.value.reason is Reason.FILE_MISSING
    assert list(tmp_path.glob("*berkas*")) == []


# ---------- tables ----------


def test_no_cell_of_the_workbook_is_a_formula(filled_round, tmp_path):
    path = tmp_path / "berkas.xlsx"

    made(filled_round, Format.XLSX, path)

    with zipfile.ZipFile(path) as package:
        sheets = [package.read(name) for name in package.namelist() if "worksheets/" in name]
    book = CalamineWorkbook.from_path(str(path))
    rows = book.get_sheet_by_name("Jawaban").to_python()
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    assert len(rows) == 1 + Answer.objects.count()
    assert any(f"Mulai dari {HOSTILE}" in row for row in rows)
    assert len(book.get_sheet_by_name("Bukti").to_python()) == 1 + 7


def test_the_workbook_made_again_has_the_same_bytes(filled_round, tmp_path):
    first = made(filled_round, Format.XLSX, tmp_path / "satu.xlsx")

    assert made(filled_round, Format.XLSX, tmp_path / "dua.xlsx") == first


def test_no_cell_of_the_csv_runs(cast, running_round, tmp_path):
    save(cast.operator_of_health, running_round, "C1", level=1, explanation=HOSTILE)
    path = tmp_path / "berkas.zip"

    made(running_round, Format.ZIP, path)

    with zipfile.ZipFile(path) as opened:
        name = next(name for name in opened.namelist() if name.endswith("answers.csv"))
        rows = list(csv.reader(io.StringIO(opened.read(name).decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert f"'{HOSTILE}" in cells
    assert not any(cell[:1] in ("=", "+", "@", "\t") for cell in cells)


# ---------- the PDF ----------


def test_the_pdf_says_what_was_said(cast, filled_round, tmp_path):
    path = tmp_path / "berkas.pdf"
    freeze(cast, filled_round)

    made(filled_round, Format.PDF, path)

    with pypdfium2.PdfDocument(path) as document:
        words = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    for told_ in ("KabupatenPaser", "Sesuailaporan.", "87,5", "60responden", "Koordinator"):
        assert told_ in words
    assert "Diserahkan" in words


# ---------- asking, making, having ----------


def test_a_coordinator_asks_and_the_worker_makes(cast, filled_round, settings):
    export = commands.make_dossier(cast.coordinator.actor, filled_round.pk, Format.ZIP)

    jobs.render_dossier.call(export.pk)

    export.refresh_from_db()
    assert export.state == ExportState.READY
    assert export.done == export.total == 6 + 3
    _, stream = queries.opened(cast.auditor.actor, export.pk)
    with stream:
        assert len(stream.read()) == export.size
    entry = Entry.objects.filter(event="dossier.made").get()
    assert json.loads(entry.body)["facts"]["sha256"] == export.sha256


def test_a_double_click_asks_once(cast, filled_round):
    first = commands.make_dossier(cast.coordinator.actor, filled_round.pk, Format.PDF)
    entries = Entry.objects.count()

    second = commands.make_dossier(cast.coordinator.actor, filled_round.pk, Format.PDF)

    assert second == first
    assert Entry.objects.count() == entries


def test_a_second_run_of_the_job_changes_nothing(cast, filled_round):
    export = commands.make_dossier(cast.coordinator.actor, filled_round.pk, Format.XLSX)
    jobs.render_dossier.call(export.pk)
    before = Entry.objects.count()

    jobs.render_dossier.call(export.pk)

    assert Entry.objects.count() == before


def test_a_round_without_answers_has_no_dossier(cast, round_in_preparation):
    with pytest.raises(Refused) as refusal:
        commands.make_dossier(cast.coordinator.actor, round_in_preparation.pk, Format.PDF)

    assert refusal.value.reason is Reason.DOSSIER_EMPTY


@pytest.mark.parametrize("who", ["auditor", "operator_of_health"])
def test_whoever_only_reads_does_not_make(who, cast, running_round):
    with pytest.raises(Denied):
        commands.make_dossier(getattr(cast, who).actor, running_round.pk, Format.PDF)


def test_another_region_does_not_find_it(cast, filled_round):
    export = commands.make_dossier(cast.coordinator.actor, filled_round.pk, Format.PDF)

    for person in (cast.coordinator_elsewhere, cast.operator_of_health, cast.programme_admin):
        with pytest.raises(Export.DoesNotExist):
            queries.export_page(person.actor, export.pk)


def test_what_failed_says_why_and_leaves_no_file(cast, filled_round, settings):
    for blob in Blob.objects.all():
        vault.place_of(blob.region_id, blob.sha256).unlink()
    export = commands.make_dossier(cast.coordinator.actor, filled_round.pk, Format.ZIP)

    jobs.render_dossier.call(export.pk)

    export.refresh_from_db()
    assert (export.state, export.problem) == (ExportState.FAILED, Reason.FILE_MISSING)
    assert list(Path(settings.EXPORTS).iterdir()) == []


def test_a_job_that_fell_silent_is_told_to_have_stopped(cast, filled_round):
    export = commands.make_dossier(cast.coordinator.actor, filled_round.pk, Format.ZIP)
    long_ago = export.asked_at - 2 * jobs.SILENCE
    Export.objects.update(state=ExportState.RUNNING, alive_at=long_ago)

    stopped = jobs.tidy_exports.call()

    export.refresh_from_db()
    assert stopped == 1
    assert (export.state, export.problem) == (ExportState.FAILED, Reason.DOSSIER_STOPPED)


def test_reading_takes_as_many_queries_whatever_the_answers(cast, running_round):
    ledger.sign_checkpoint(SYSTEM, people.PASER, "before")
    with CaptureQueriesContext(
        connection,
    ) as few:
        reading.read(SYSTEM, running_round.pk)
    fill(cast, running_round)
    ledger.sign_checkpoint(SYSTEM, people.PASER, "after")

    with CaptureQueriesContext(connection) as many:
        reading.read(SYSTEM, running_round.pk)

    assert len(many) - len(few) <= 5  # citations, documents, salts, offices: once each
    assert len(many) <= 30


# ---------- what may go wrong on the way ----------


def asked_and_made(cast, round_, form=Format.XLSX):
    export = commands.make_dossier(cast.coordinator.actor, round_.pk, form)
    jobs.render_dossier.call(export.pk)
    export.refresh_from_db()
    return export


@pytest.mark.parametrize(
    ("trouble", "problem"),
    [
        (OSError(errno.ENOSPC, "full"), Reason.DISK_FULL),
        (OSError(errno.EIO, "broken"), Reason.DOSSIER_FAILED),
        (PaperFailed("typst"), Reason.DOSSIER_FAILED),
    ],
)
def test_each_trouble_ends_as_a_failure_with_its_reason(
    trouble, problem, cast, filled_round, monkeypatch
):
    def render_badly(*_):
        raise trouble

    monkeypatch.setitem(render.RENDERERS, Format.XLSX, render_badly)

    export = asked_and_made(cast, filled_round)

    assert (export.state, export.problem) == (ExportState.FAILED, problem)


def test_a_fault_of_ours_is_told_to_the_person_and_to_the_worker(cast, filled_round, monkeypatch):
    monkeypatch.setitem(render.RENDERERS, Format.XLSX, None)
    export = commands.make_dossier(cast.coordinator.actor, filled_round.pk, Format.XLSX)

    with pytest.raises(TypeError):
        jobs.render_dossier.call(export.pk)

    export.refresh_from_db()
    assert (export.state, export.problem) == (ExportState.FAILED, Reason.DOSSIER_FAILED)


def test_a_dead_workers_export_is_begun_again(cast, filled_round):
    export = commands.make_dossier(cast.coordinator.actor, filled_round.pk, Format.XLSX)
    Export.objects.update(state=ExportState.RUNNING, alive_at=export.asked_at)

    jobs.render_dossier.call(export.pk)

    export.refresh_from_db()
    assert export.state == ExportState.READY


def test_a_finished_file_that_is_gone_is_told(cast, filled_round, settings):
    export = asked_and_made(cast, filled_round)
    render.path_of(export, Path(settings.EXPORTS)).unlink()

    with pytest.raises(Refused) as refusal:
        queries.opened(cast.coordinator.actor, export.pk)

    assert refusal.value.reason is Reason.FILE_MISSING


def test_a_round_that_does_not_hold_still_is_given_up(cast, filled_round, monkeypatch):
    tries = []

    def restless(*_):
        tries.append(1)

    monkeypatch.setattr(proof, "checkpoint_for", restless)

    with pytest.raises(Refused) as refusal:
        reading.read(SYSTEM, filled_round.pk)

    assert refusal.value.reason is Reason.DOSSIER_NOT_READY
    assert len(tries) == reading.TRIES


def test_only_the_machine_reads_a_whole_round(cast, filled_round):
    with pytest.raises(Denied):
        reading.read(cast.coordinator.actor, filled_round.pk)


def test_a_save_between_reading_and_signing_is_read_too(cast, filled_round, monkeypatch):
    real = ledger.sign_checkpoint

    def sign_late(*arguments):
        monkeypatch.setattr(ledger, "sign_checkpoint", real)
        save(cast.operator_of_education, filled_round, "C3", level=4)
        return real(*arguments)

    monkeypatch.setattr(ledger, "sign_checkpoint", sign_late)

    found = reading.read(SYSTEM, filled_round.pk)

    [entry] = [e for e in found.dossier.entries if e.question.code == "C3"]
    assert entry.claim.level == 4
    assert found.checkpoint.size > max(link.index for link in found.links)


def test_layers_of_assessors_and_the_year_before_stand_beside_the_claim(
    cast, filled_round, tmp_path
):
    before = rounds.record_past_round(
        cast.coordinator.actor,
        people.PASER,
        instrument_id=filled_round.instrument_id,
        scheme="utama",
        year=2025,
        title="Evaluasi Smart City 2025",
    )
    assessment.record_result(
        cast.coordinator.actor,
        before.pk,
        {"baseline": Decimal(2), "outcome": Decimal(3), "impact": Decimal("2.5")},
        source="Berita acara 2025",
    )
    filled_round.previous = before
    filled_round.save()
    freeze(cast, filled_round)
    rounds.move_round(cast.coordinator.actor, filled_round.pk, Step.OPEN_STAGE_ONE)
    assessor = people.person("Asesor", Role.ASSESSOR, round_id=filled_round.pk)
    assessment.score_question(
        assessor.actor, filled_round.pk, "C1", value=Decimal("1.5"), remark="Sebagian."
    )

    found = reading.read(SYSTEM, filled_round.pk).dossier
    made(filled_round, Format.PDF, tmp_path / "berkas.pdf")

    [entry] = [e for e in found.entries if e.question.code == "C1"]
    assert [layer.layer for layer in found.layers] == ["self", "verified", "stage_one"]
    assert (entry.verified, entry.stage_one) == (Decimal(2), Decimal("1.5"))
    assert found.before is not None
    assert found.before.components["outcome"] == Decimal(3)
    assert found.main.layer == "stage_one"
