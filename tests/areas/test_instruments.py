"""Frozen instruments: once, unchanged, with one ledger entry."""

from dataclasses import replace

import pytest

from bukti.areas.instruments import loader, queries
from bukti.areas.instruments.commands import freeze_pack
from bukti.areas.instruments.models import Instrument
from bukti.areas.ledger.models import Entry
from bukti.rules.errors import Denied, Reason, Refused
from bukti.rules.permissions import NOBODY, SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack():
    return loader.load_shipped("pemdi-2026")


def test_a_frozen_pack_keeps_its_document_and_digest(pack):
    frozen = freeze_pack(SYSTEM, pack)

    row = Instrument.objects.get(pk=frozen.pk)
    assert loader.digest(row.document) == row.sha256
    assert queries.pack_of(row.pk) == pack
    assert str(row) == "Indeks Pemerintah Digital (Pemdi), 20 indikator (pemdi-2026 1)"


def test_freezing_again_changes_nothing_and_logs_once(pack):
    first, second = freeze_pack(SYSTEM, pack), freeze_pack(SYSTEM, pack)

    assert first == second
    assert Entry.objects.count() == 1


def test_other_content_needs_another_version(pack):
    freeze_pack(SYSTEM, pack)
    corrected = replace(pack, source="diperbaiki")

    with pytest.raises(Refused) as refused:
        freeze_pack(SYSTEM, corrected)
    newer = freeze_pack(SYSTEM, replace(corrected, version="2"))

    assert refused.value.reason is Reason.INSTRUMENT_CHANGED
    assert queries.pack_of(newer.pk).source == "diperbaiki"
    assert [row.version for row in queries.instruments()] == ["1", "2"]


def test_who_may_not_freeze_is_denied_and_nothing_is_written(pack):
    with pytest.raises(Denied):
        freeze_pack(NOBODY, pack)

    assert not Instrument.objects.exists()
    assert not Entry.objects.exists()


def test_a_pack_is_parsed_once_per_process(pack, django_assert_num_queries):
    frozen = freeze_pack(SYSTEM, pack)
    first = queries.pack_of(frozen.pk)

    with django_assert_num_queries(1):
        again = queries.pack_of(frozen.pk)
    with django_assert_num_queries(0):
        by_digest = queries.pack_frozen_as(frozen.sha256)

    assert first is again is by_digest


def test_an_instrument_is_read_without_its_document(pack):
    frozen = freeze_pack(SYSTEM, pack)

    assert "document" in queries.instrument(frozen.pk).get_deferred_fields()
    with pytest.raises(Instrument.DoesNotExist):
        queries.instrument(frozen.pk + 1)
    with pytest.raises(Instrument.DoesNotExist):
        queries.pack_of(frozen.pk + 1)
