"""Dossiers in the browser and on the command line."""

import json
import zipfile
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bukti.areas.dossier import jobs
from bukti.areas.dossier.models import Export, ExportState, Format
from bukti.areas.evidence import vault
from bukti.areas.evidence.models import Blob
from bukti.areas.ledger import commands as ledger
from bukti.areas.notices.models import Notice
from bukti.rules.permissions import SYSTEM
from tests import cast as people
from tests.areas.test_dossier import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled_round(cast, running_round):
    fill(cast, running_round)
    return running_round


def asked(client, round_, form="zip"):
    response = client.post(f"/putaran/{round_.pk}/berkas/", {"format": form})
    assert response.status_code == 302
    return Export.objects.get()


def test_a_coordinator_asks_waits_and_saves(cast, filled_round, as_):
    client = as_(cast.coordinator)
    export = asked(client, filled_round)

    waiting = client.get(f"/berkas/{export.pk}/").content.decode()
    jobs.render_dossier.call(export.pk)
    ready = client.get(f"/berkas/{export.pk}/", headers={"HX-Request": "true"}).content.decode()
    saved = client.get(f"/berkas/{export.pk}/unduh/")

    export.refresh_from_db()
    assert "Menunggu giliran" in waiting
    assert "hx-get" in waiting
    assert "hx-get" not in ready
    assert "<html" not in ready
    assert export.sha256 in ready
    assert len(b"".join(saved.streaming_content)) == export.size
    name = f"berkas-evaluasi-64.01-2026-{filled_round.pk}.zip"
    assert saved["Content-Disposition"] == f'attachment; filename="{name}"'
    assert Notice.objects.filter(user=cast.coordinator.user, kind="dossier_ready").count() == 1


def test_progress_is_shown_while_it_runs(cast, filled_round, as_):
    client = as_(cast.coordinator)
    export = asked(client, filled_round)
    Export.objects.update(state=ExportState.RUNNING, done=4, total=10)

    html = client.get(f"/berkas/{export.pk}/").content.decode()

    assert '<progress class="bk-progress" value="4" max="10"' in html
    assert "4 dari 10 bagian" in html


def test_a_failure_is_told_in_words(cast, filled_round, as_):
    for blob in Blob.objects.all():
        vault.place_of(blob.region_id, blob.sha256).unlink()
    client = as_(cast.coordinator)
    export = asked(client, filled_round)
    jobs.render_dossier.call(export.pk)

    html = client.get(f"/berkas/{export.pk}/").content.decode()

    assert "tidak ditemukan di penyimpanan" in html
    assert client.get(f"/berkas/{export.pk}/unduh/").status_code == 409


def test_an_auditor_reads_but_does_not_make(cast, filled_round, as_):
    client = as_(cast.auditor)

    page = client.get(f"/putaran/{filled_round.pk}/berkas/")
    response = client.post(f"/putaran/{filled_round.pk}/berkas/", {"format": "zip"})

    assert "Buat ZIP" not in page.content.decode()
    assert response.status_code == 403
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("operator_of_health", 403), ("head_of_health", 403), ("coordinator_elsewhere", 404)],
)
def test_others_see_no_dossiers(who, status, cast, filled_round, as_):
    export = asked(as_(cast.coordinator), filled_round)
    client = as_(getattr(cast, who))

    assert client.get(f"/putaran/{filled_round.pk}/berkas/").status_code == status
    assert client.get(f"/berkas/{export.pk}/").status_code == 404
    assert client.get(f"/berkas/{export.pk}/unduh/").status_code == 404


def test_an_unknown_format_asks_for_nothing(cast, filled_round, as_):
    client = as_(cast.coordinator)

    assert client.post(f"/putaran/{filled_round.pk}/berkas/", {"format": "exe"}).status_code == 200
    assert not Export.objects.exists()


def test_the_pages_take_few_queries(cast, filled_round, as_, django_assert_max_num_queries):
    client = as_(cast.coordinator)
    export = asked(client, filled_round)

    with django_assert_max_num_queries(9):
        client.get(f"/putaran/{filled_round.pk}/berkas/")
    with django_assert_max_num_queries(8):
        client.get(f"/berkas/{export.pk}/")


# ---------- the command line ----------


def bukti(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_it_is_made_and_verified_on_the_command_line(cast, filled_round, tmp_path, capsys):
    path = tmp_path / "berkas.zip"
    key = ledger.make_key(SYSTEM, people.PASER).fingerprint

    said = bukti("dossier", "make", str(filled_round.pk), "--out", str(path))
    call_command("dossier", "verify", str(path), f"--key={key}")

    assert "SHA-256" in said
    assert "UTUH, kunci cocok" in capsys.readouterr().out


@pytest.mark.parametrize("form", Format.values)
def test_each_format_is_made(form, filled_round, tmp_path):
    path = tmp_path / f"berkas.{form}"

    said = bukti(
        "dossier", "make", str(filled_round.pk), "--format", form, "--out", str(path), "--json"
    )

    assert json.loads(said)["size"] == path.stat().st_size


def test_a_round_that_does_not_exist_makes_nothing(db, tmp_path):
    with pytest.raises(CommandError) as error:
        bukti("dossier", "make", "4711", "--out", str(tmp_path / "x.zip"))

    assert error.value.returncode == 1
    assert list(tmp_path.glob("*x.zip*")) == []


def test_a_changed_archive_is_found_out(filled_round, tmp_path, capsys):
    path, changed = tmp_path / "berkas.zip", tmp_path / "lain.zip"
    bukti("dossier", "make", str(filled_round.pk), "--out", str(path))
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("C2.json"):
                content = content.replace(b"87.5", b"97.5")
            target.writestr(name, content)

    with pytest.raises(SystemExit) as ended:
        call_command("dossier", "verify", str(changed))

    assert ended.value.code == 1
    assert "data/answers/C2.json" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["../luar.txt", "/luar.txt", "a/../../luar.txt", "C:\\luar.txt", "map/A.txt"]
)
def test_an_archive_that_reaches_outside_or_holds_doubles_is_refused(name, tmp_path):
    path = tmp_path / "jahat.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("map/a.txt", "a")
        target.writestr(name, "x")

    with pytest.raises(CommandError) as error:
        bukti("dossier", "verify", str(path))

    assert error.value.returncode == 1
    assert not (tmp_path / "luar.txt").exists()


def test_what_is_no_archive_is_told(tmp_path):
    path = tmp_path / "surat.zip"
    path.write_bytes(b"bukan arsip")

    with pytest.raises(CommandError) as error:
        bukti("dossier", "verify", str(path))

    assert error.value.returncode == 1


def test_the_vault_is_checked_on_the_command_line(filled_round):
    whole = bukti("evidence", "check")
    blob = Blob.objects.earliest("pk")
    vault.place_of(blob.region_id, blob.sha256).unlink()

    with pytest.raises(CommandError) as error:
        bukti("evidence", "check", "--json")

    assert "6 berkas diperiksa" in whole
    assert error.value.returncode == 1
