"""`bukti ledger` as somebody at the machine meets it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bukti.areas.ledger import keys, queries
from bukti.areas.ledger.commands import append, sign_checkpoint
from bukti.areas.ledger.models import Entry
from bukti.rules.notes import parse_proof
from bukti.rules.permissions import SYSTEM, Actor, Place
from tests.tampering import disarm

pytestmark = pytest.mark.django_db

PASER, BERAU = "64.01", "64.03"


@pytest.fixture(autouse=True)
def _log():
    for code in (PASER, BERAU):
        append(Actor("user:17", 17), "answer.saved", Place(code), version=1)


def said(*words: str) -> str:
    out = StringIO()
    call_command("ledger", *words, stdout=out)
    return out.getvalue()


def refused(*words: str) -> tuple[str, int, str]:
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("ledger", *words, stdout=out)
    return str(refusal.value), refusal.value.returncode, out.getvalue()


def test_all_logs_are_checked_and_a_line_said_of_each():
    assert said("verify").splitlines() == [
        "64.01: utuh; 1 catatan, 0 titik periksa",
        "64.03: utuh; 1 catatan, 0 titik periksa",
    ]


def test_one_log_is_checked_for_a_machine():
    (report,) = json.loads(said("verify", "--region", PASER, "--json"))

    assert report["region"] == PASER
    assert report["whole"] is True
    assert report["findings"] == []


def test_a_damaged_log_is_named_and_the_exit_code_says_so():
    disarm()
    Entry.objects.filter(tree=PASER).update(actor="user:1")

    sentence, code, out = refused("verify", "--region", PASER)
    _, json_code, as_json = refused("verify", "--region", PASER, "--json")

    assert code == json_code == 1
    assert "masalah" in sentence
    assert "64.01: RUSAK" in out
    assert "Catatan 0: kolom actor berbeda dari isinya." in out
    assert json.loads(as_json)[0]["findings"][0]["wrong"] == "column_changed"


def test_a_region_without_a_log_is_refused():
    assert refused("verify", "--region", "99.99")[1] == 1


def test_checkpoints_are_signed_for_one_region_or_for_all():
    one = said("checkpoint", "--region", PASER)
    rest = said("checkpoint")
    nothing = json.loads(said("checkpoint", "--json"))

    assert one == "64.01: ditandatangani sampai 2\n"
    assert rest.splitlines() == [
        "64.03: ditandatangani sampai 2",
        "ID: ditandatangani sampai 3",
    ]
    assert nothing == {}


def test_a_broken_log_is_not_signed_and_the_exit_code_says_so():
    disarm()
    Entry.objects.filter(tree=PASER).update(body="{}")

    _, code, out = refused("checkpoint")

    assert code == 1
    assert "64.01: tidak ditandatangani" in out
    assert "64.03: ditandatangani sampai 2" in out
    assert refused("checkpoint", "--region", PASER)[1] == 1


def test_a_receipt_is_printed_as_it_is_kept():
    sign_checkpoint(SYSTEM, PASER, "test")

    text = said("receipt", "0", "--region", PASER)

    assert parse_proof(text).index == 0
    assert text == queries.proof_of(PASER, 0)


def test_a_receipt_needs_a_checkpoint_first():
    assert refused("receipt", "0", "--region", PASER)[1] == 1


def test_the_key_is_known_by_its_fingerprint():
    assert refused("key", "--region", PASER)[1] == 1
    sign_checkpoint(SYSTEM, PASER, "test")
    key = queries.keys_of(PASER)[0]

    assert said("key", "--region", PASER) == f"{key.fingerprint}\n{key}\n"
    assert json.loads(said("key", "--region", PASER, "--json")) == [
        {"fingerprint": key.fingerprint, "verifier": str(key)}
    ]
    assert "PRIVATE" not in said("key", "--region", PASER)
    assert keys.path_of(PASER).exists()


def test_guards_are_put_back_and_named():
    whole = said("guard")
    disarm()

    mended = said("guard")

    assert whole == "Semua pelindung terpasang.\n"
    assert "Dipasang lagi: ledger_entry_no_update" in mended
    assert said("guard") == whole
