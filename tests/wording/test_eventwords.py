"""The log in words."""

import pytest

from bukti.rules.events import Event
from bukti.wording.eventwords import EVENTS, actor_word, fact_sentence, fact_word, kind_word

ZONE = "Asia/Makassar"


def test_each_event_has_words():
    assert set(EVENTS) == set(Event)
    assert all(str(words).strip() for words in EVENTS.values())


@pytest.mark.parametrize(
    ("actor", "word"),
    [
        ("user:7", "Koordinator DKISP"),
        ("user:8", "Pengguna 8"),
        ("user:x", "user:x"),
        ("system:worker", "Bukti sendiri"),
        ("system:cli:root", "Baris perintah (cli:root)"),
        ("nobody", "nobody"),
    ],
)
def test_an_actor_has_a_name_for_those_who_may_know_it(actor, word):
    assert actor_word(actor, {7: "Koordinator DKISP"}) == word


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("version", 3, "versi 3"),
        ("codes", ["C1", "C2"], "kode C1, C2"),
        ("codes", [], "kode –"),
        ("level", None, "tingkat –"),
        ("state", "running", "keadaan Berjalan"),
        ("role", "operator", "peran Operator OPD"),
        ("sha256", "a" * 64, "SHA-256 aaaaaaaaaaaa…"),
        ("since", "2026-11-27", "mulai 27\u00a0November 2026"),
        (
            "until",
            "2026-11-27T08:00:00+00:00",
            "sampai 27\u00a0November 2026 pukul 16.00\u00a0WITA",
        ),
        ("until", "2026-11-27T08:00:00", "sampai 2026-11-27T08:00:00"),
        ("code", "bukan-hari", "kode bukan-hari"),
        ("code", "Tbc", "kode Tbc"),
        ("cited_by", "answer:117", "pada jawaban 117"),
        ("place", {"level": 2, "lain": 1}, "place tingkat 2, lain 1"),
    ],
)
def test_a_fact_reads_as_words(name, value, sentence):
    assert fact_sentence(name, value, ZONE) == sentence


def test_what_has_no_word_shows_its_name():
    assert kind_word("survey.form") == "survey.form"
    assert fact_word("lain") == "lain"
    assert kind_word("rounds.round") == "putaran"
