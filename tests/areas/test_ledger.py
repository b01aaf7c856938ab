"""Adding to the log: what an entry says, where it goes, what it costs, what it never holds."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from bukti.areas.ledger import entries, queries
from bukti.areas.ledger.commands import Change, append, open_tree
from bukti.areas.ledger.models import Entry, Opening, Tree
from bukti.areas.people.models import Region, User
from bukti.rules.events import Event
from bukti.rules.merkle import EMPTY_ROOT, leaf_hash, tree_root
from bukti.rules.permissions import NOBODY, SYSTEM, Actor, Grant, Place, Role
from bukti.rules.workflow import AnswerState

PASER, BERAU = "64.01", "64.03"
OFFICER = Actor("user:17", 17)
AUDITOR = Actor("user:9", 9, frozenset({Grant(Role.AUDITOR, region=PASER)}))
OPERATOR = Actor("user:8", 8, frozenset({Grant(Role.OPERATOR, region=PASER, agency=3)}))


def body_of(entry: Entry) -> dict:
    body: dict = json.loads(entry.body)
    return body


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_which_thing_and_when():
    entry = append(OFFICER, "answer.saved", Place(PASER, 3), version=4, state=AnswerState.DRAFT)

    assert body_of(entry) == {
        "tree": PASER,
        "index": 0,
        "at": entries.timestamp(entry.at),
        "actor": "user:17",
        "event": "answer.saved",
        "kind": "place",
        "object": "64.01:3",
        "facts": {"version": 4, "state": "draft"},
        "commitments": {},
    }
    assert entry.leaf_hash == leaf_hash(entry.body.encode()).hex()
    assert Entry.objects.get() == entry


@pytest.mark.django_db
def test_the_tree_grows_as_rfc_6962_says():
    written = [append(OFFICER, "answer.saved", Place(PASER), version=n) for n in range(13)]

    tree = Tree.objects.get(pk=PASER)
    leaves = [leaf_hash(entry.body.encode()) for entry in written]
    assert [entry.index for entry in written] == list(range(13))
    assert tree.size == 13
    assert tree.root == tree_root(leaves).hex()
    assert queries.range_of(tree).root == tree_root(leaves)


@pytest.mark.django_db
def test_an_entry_goes_to_the_tree_of_its_subject_or_of_the_region_named():
    region = Region.objects.get(pk=BERAU)
    user = User(pk=5, email="kantor@contoh.example", name="Kantor")

    of_place = append(OFFICER, "round.opened", Place(PASER))
    of_region = append(OFFICER, "agency.added", region)
    of_user = append(OFFICER, "user.joined", user)
    named = append(OFFICER, "user.invited", user, region=PASER)

    assert of_place.tree_id == PASER
    assert (of_region.tree_id, of_region.object_kind, of_region.object_id) == (
        BERAU,
        "people.region",
        BERAU,
    )
    assert of_user.tree_id == "ID"
    assert (named.tree_id, named.index) == (PASER, 1)


@pytest.mark.django_db
def test_many_changes_are_one_call_with_an_entry_each_in_their_order():
    changes = [
        Change(Place(BERAU), {"code": "A1"}),
        Change(Place(PASER), {"code": "A2"}, {"reason": "sebab"}),
        Change(Place(BERAU), {"code": "A3"}),
    ]

    written = append(OFFICER, "question.assigned", changes, agency=3)

    assert [(entry.tree_id, entry.index) for entry in written] == [
        (BERAU, 0),
        (PASER, 0),
        (BERAU, 1),
    ]
    assert [body_of(entry)["facts"] for entry in written] == [
        {"agency": 3, "code": code} for code in ("A1", "A2", "A3")
    ]
    assert Tree.objects.get(pk=BERAU).size == 2
    assert Opening.objects.get().entry == written[1]


@pytest.mark.django_db
def test_many_changes_cost_as_few_queries_as_one(django_assert_num_queries):
    open_tree(PASER)

    with django_assert_num_queries(4):
        append(OFFICER, "question.assigned", [Change(Place(PASER), {}, {"a": "b"})] * 50)


@pytest.mark.django_db
def test_no_changes_are_no_entry(django_assert_num_queries):
    open_tree(PASER)

    with django_assert_num_queries(0):
        assert append(OFFICER, "question.assigned", []) == []


@pytest.mark.django_db
def test_an_append_is_a_lock_an_entry_and_a_tree_and_openings_only_with_secrets():
    open_tree(PASER)

    with CaptureQueriesContext(connection) as plain:
        append(OFFICER, "answer.saved", Place(PASER), version=1)
    with CaptureQueriesContext(connection) as with_secret:
        append(OFFICER, "answer.saved", Place(PASER), secrets={"content": "isi"})

    assert verbs(plain) == ["SELECT", "INSERT", "UPDATE"]
    assert verbs(with_secret) == ["SELECT", "INSERT", "UPDATE", "INSERT"]


def verbs(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"].split()[0] for query in queries.captured_queries]


@pytest.mark.django_db
def test_a_secret_is_only_committed_to_and_its_salt_kept_apart():
    entry = append(OFFICER, "answer.returned", Place(PASER), secrets={"note": "Nama Orang"})

    opening = Opening.objects.get()
    digest = sha256(b"Nama Orang").hexdigest()
    expected = sha256(bytes.fromhex(opening.salt) + digest.encode()).hexdigest()
    assert body_of(entry)["commitments"] == {"note": expected}
    assert "Nama" not in entry.body
    assert len(bytes.fromhex(opening.salt)) == 32
    assert queries.salts_of(PASER, {0, 7}) == {(0, "note"): opening.salt}


@pytest.mark.django_db
def test_the_same_secret_twice_looks_different():
    first = append(OFFICER, "answer.returned", Place(PASER), secrets={"note": "sama"})
    second = append(OFFICER, "answer.returned", Place(PASER), secrets={"note": "sama"})

    assert body_of(first)["commitments"] != body_of(second)["commitments"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    ["orang@contoh.example", "x" * 161, "dua\nbaris", ["baik", "orang@contoh.example"]],
)
def test_a_fact_that_reads_like_text_about_people_is_refused(value):
    with pytest.raises(ValueError, match="belongs in secrets"):
        append(OFFICER, "answer.saved", Place(PASER), note=value)


@pytest.mark.django_db
@pytest.mark.parametrize("value", [1.5, object(), b"bytes", 2**60])
def test_a_fact_that_has_no_one_json_text_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        append(OFFICER, "answer.saved", Place(PASER), level=value)


@pytest.mark.django_db
def test_an_event_that_nobody_named_is_refused():
    with pytest.raises(ValueError, match=r"answer\.eaten"):
        append(OFFICER, "answer.eaten", Place(PASER))


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_leaves_no_entry():
    append(OFFICER, "answer.saved", Place(PASER))

    with transaction.atomic():
        append(OFFICER, "answer.saved", Place(PASER))
        transaction.set_rollback(True)

    tree = Tree.objects.get(pk=PASER)
    assert (tree.size, Entry.objects.count()) == (1, 1)


def test_an_append_outside_any_transaction_is_refused():
    with pytest.raises(TransactionManagementError):
        append(OFFICER, "answer.saved", Place(PASER))


@pytest.mark.django_db
def test_a_new_tree_is_empty_and_keeps_the_origin_it_was_given(settings):
    settings.PUBLIC_ADDRESS = "https://bukti.example:8443"
    tree = open_tree(PASER)

    settings.PUBLIC_ADDRESS = "https://other.example"

    assert (tree.size, tree.root, tree.origin) == (
        0,
        EMPTY_ROOT.hex(),
        "bukti.example:8443/64.01",
    )
    assert open_tree(PASER).origin == tree.origin
    assert str(tree) == "64.01 (0)"


def test_equal_values_have_one_canonical_text():
    value = {
        "b": Decimal("12.50"),
        "a": [None, True, -3],
        "d": date(2026, 11, 24),
        "t": datetime(2026, 11, 24, 3, tzinfo=UTC),
        "s": {"z", "y"},
        "e": Event.ANSWER_SAVED,
        "n": Decimal("-0.0"),
        "big": Decimal("1200"),
        "text": 'é"\n',
    }

    assert entries.canonical(value) == (
        '{"a":[null,true,-3],"b":"12.5","big":"1200","d":"2026-11-24","e":"answer.saved",'
        '"n":"0","s":["y","z"],"t":"2026-11-24T03:00:00.000000Z","text":"é\\"\\n"}'
    )


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**50), 2**50)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
        ),
    )
)
def test_canonical_text_is_json_of_the_same_value(value):
    assert json.loads(entries.canonical(value)) == value
    assert "\n" not in entries.canonical(value)


# Reading --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_who_may_read_a_regions_log_sees_its_entries():
    append(OFFICER, "answer.saved", Place(PASER), version=1)
    append(OFFICER, "answer.saved", Place(BERAU), version=1)

    seen = {
        actor.name: [len(queries.entries(actor, code).lines) for code in (PASER, BERAU)]
        for actor in (AUDITOR, OPERATOR, NOBODY, SYSTEM)
    }

    assert seen == {
        "user:9": [1, 0],
        "user:8": [0, 0],
        "nobody": [0, 0],
        "system:worker": [1, 1],
    }
    assert queries.tree_codes(AUDITOR) == [PASER]
    assert queries.tree_codes(SYSTEM) == [PASER, BERAU]
    assert queries.state_of(OPERATOR, PASER) is None
    assert queries.state_of(AUDITOR, "64.99") is None


@pytest.mark.django_db
def test_entries_come_newest_first_a_page_at_a_time():
    append(OFFICER, "question.assigned", [Change(Place(PASER))] * (queries.PAGE * 2 + 1))

    first = queries.entries(AUDITOR, PASER)
    second = queries.entries(AUDITOR, PASER, before=first.older)
    third = queries.entries(AUDITOR, PASER, before=second.older)

    pages = [[line.index for line in page.lines] for page in (first, second, third)]
    assert pages[0][0] == queries.PAGE * 2
    assert [index for page in pages for index in page] == list(range(queries.PAGE * 2, -1, -1))
    assert third.older is None


@pytest.mark.django_db
def test_entries_are_found_by_who_what_when_and_which_thing():
    append(OFFICER, "answer.saved", Place(PASER, 3), version=1)
    append(AUDITOR, "answer.commented", Place(PASER, 4), comment=2)
    moment = Entry.objects.get(index=1).at
    wanted = {
        "all": queries.EntryFilter(),
        "event": queries.EntryFilter(event="answer.saved"),
        "actor": queries.EntryFilter(actor="user:9"),
        "object": queries.EntryFilter(object_kind="place", object_id="64.01:3"),
        "since": queries.EntryFilter(since=moment),
        "until": queries.EntryFilter(until=moment),
    }

    found = {
        name: [line.index for line in queries.entries(AUDITOR, PASER, choice).lines]
        for name, choice in wanted.items()
    }

    assert found == {
        "all": [1, 0],
        "event": [0],
        "actor": [1],
        "object": [0],
        "since": [1],
        "until": [0],
    }
    (line,) = queries.lines_about(AUDITOR, PASER, "place", "64.01:3")
    assert (line.event, line.facts, line.actor) == ("answer.saved", {"version": 1}, "user:17")


@pytest.mark.django_db
def test_the_reconciler_gets_entries_with_the_salts_still_kept():
    entry = append(OFFICER, "answer.saved", Place(PASER), secrets={"content": "isi"})
    append(OFFICER, "answer.saved", Place(PASER), secrets={"content": "lain"})
    Opening.objects.exclude(entry=entry).delete()

    (first, salts), (second, erased) = queries.committed(PASER, "place")

    assert first.commitments["content"] == entries.commitment(salts["content"], "isi")
    assert second.commitments["content"]
    assert erased == {}


@pytest.mark.django_db
def test_rows_name_themselves():
    entry = append(OFFICER, "answer.saved", Place(PASER), secrets={"content": "isi"})

    assert str(entry) == "64.01/0 answer.saved"
    assert str(entry.openings.get()) == f"{entry.pk} content"
