"""Agencies, users, grants and tokens: what a coordinator may do to them, and what stays."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from bukti.areas.ledger.models import Entry
from bukti.areas.people import commands, jobs, programme, queries
from bukti.areas.people.models import Agency, ApiToken, Grant, SetupToken, User
from bukti.areas.people.signin import Adapter
from bukti.rules.errors import Denied, Reason, Refused
from bukti.rules.permissions import NOBODY, SYSTEM, Action, Capability, Place, Role, may
from bukti.rules.permissions import Grant as GrantValue
from tests.cast import ELSEWHERE, PASER, PASSWORD

pytestmark = pytest.mark.django_db

MAKASSAR = ZoneInfo("Asia/Makassar")


def today():
    return timezone.now().astimezone(MAKASSAR).date()


def in_(days):
    return today() + timedelta(days=days)


def refused(act, *args, **options):
    with pytest.raises(Refused) as refusal:
        act(*args, **options)
    return refusal.value.reason


def invited(cast, email="baru@contoh.example", name="Operator baru", **options):
    wanted = {"role": Role.OPERATOR, "agency_id": cast.health.pk, **options}
    return commands.invite_user(cast.coordinator.actor, PASER, email=email, name=name, **wanted)


def grant_of(person):
    return Grant.objects.get(user=person.user, ended_at__isnull=True)


def last_facts():
    return json.loads(Entry.objects.latest("pk").body)["facts"]


# ---------- agencies ----------


def test_a_new_agency_stands_from_today_and_is_in_the_log(cast):
    added = commands.add_agency(
        cast.coordinator.actor, PASER, code="dishub", name="Dinas Perhubungan", short_name="Dishub"
    )

    assert added.is_open
    assert added.since == today()
    assert Entry.objects.get().event == "agency.added"


@pytest.mark.parametrize(
    ("code", "name"),
    [("dinkes", "Dinas lain"), ("lain", "Dinas Kesehatan"), ("lain", "DINAS KESEHATAN")],
)
def test_an_agency_is_not_added_twice(cast, code, name):
    act = commands.add_agency

    reason = refused(act, cast.coordinator.actor, PASER, code=code, name=name, short_name="Dinkes")

    assert reason is Reason.AGENCY_NAME_TAKEN


def test_the_code_of_a_closed_agency_is_not_given_again(cast):
    commands.merge_agency(
        cast.coordinator.actor, cast.hospital.pk, successor_id=cast.health.pk, until=today()
    )

    reason = refused(
        commands.add_agency,
        cast.coordinator.actor,
        PASER,
        code="rsud",
        name="RSUD Panglima Sebaya",
        short_name="RSUD",
    )

    assert reason is Reason.AGENCY_NAME_TAKEN


def test_the_name_of_a_closed_agency_may_be_borne_again(cast):
    commands.merge_agency(
        cast.coordinator.actor, cast.hospital.pk, successor_id=cast.health.pk, until=today()
    )

    again = commands.add_agency(
        cast.coordinator.actor,
        PASER,
        code="rsud-2",
        name="RSUD Panglima Sebaya",
        short_name="RSUD",
    )

    assert again.pk != cast.hospital.pk


def test_an_old_name_stays_findable(cast):
    renamed = commands.rename_agency(
        cast.coordinator.actor,
        cast.health.pk,
        name="Dinas Kesehatan dan KB",
        short_name="Dinkes KB",
        since=today(),
    )

    assert renamed.short_name == "Dinkes KB"
    assert [old.name for old in renamed.former_names.all()] == ["Dinas Kesehatan"]
    assert str(renamed.former_names.get()) == f"Dinas Kesehatan (–{today()})"
    assert last_facts() == {"since": today().isoformat()}


def test_only_the_short_name_may_change(cast):
    renamed = commands.rename_agency(
        cast.coordinator.actor,
        cast.health.pk,
        name="Dinas Kesehatan",
        short_name="Dinkes Paser",
        since=today(),
    )

    assert renamed.name == "Dinas Kesehatan"


@pytest.mark.parametrize(
    ("name", "short_name", "days", "reason"),
    [
        ("Dinas Kesehatan", "Dinkes", 0, Reason.AGENCY_NAME_TAKEN),
        ("RSUD Panglima Sebaya", "Dinkes", 0, Reason.AGENCY_NAME_TAKEN),
        ("Dinas Sehat", "Dinsehat", 1, Reason.DAY_NOT_YET),
    ],
)
def test_a_name_is_not_given_when_taken_or_before_its_day(cast, name, short_name, days, reason):
    found = refused(
        commands.rename_agency,
        cast.coordinator.actor,
        cast.health.pk,
        name=name,
        short_name=short_name,
        since=in_(days),
    )

    assert found is reason


def test_a_merged_agency_points_to_its_successor_and_changes_no_more(cast):
    merged = commands.merge_agency(
        cast.coordinator.actor, cast.hospital.pk, successor_id=cast.health.pk, until=today()
    )

    again = refused(
        commands.rename_agency,
        cast.coordinator.actor,
        cast.hospital.pk,
        name="Lain",
        short_name="Lain",
        since=today(),
    )
    assert merged.successor == cast.health
    assert not merged.is_open
    assert again is Reason.AGENCY_CLOSED


def test_nothing_merges_into_itself_or_into_what_is_closed_or_before_its_day(cast):
    actor, hospital, health = cast.coordinator.actor, cast.hospital.pk, cast.health.pk
    merge = commands.merge_agency

    itself = refused(merge, actor, health, successor_id=health, until=today())
    too_soon = refused(merge, actor, health, successor_id=hospital, until=in_(1))
    merge(actor, hospital, successor_id=health, until=today())
    closed = refused(merge, actor, health, successor_id=hospital, until=today())

    assert itself is Reason.AGENCY_NOT_HERE
    assert too_soon is Reason.DAY_NOT_YET
    assert closed is Reason.AGENCY_CLOSED


def test_nothing_merges_into_another_region(cast):
    both = Grant.objects.create(
        user=cast.coordinator.user, role=Role.COORDINATOR, region_id=ELSEWHERE, since=today()
    )

    reason = refused(
        commands.merge_agency,
        cast.coordinator.actor,
        cast.health.pk,
        successor_id=cast.health_elsewhere.pk,
        until=today(),
    )

    assert both.region_id == ELSEWHERE
    assert reason is Reason.AGENCY_NOT_HERE


def test_an_agency_of_another_region_does_not_exist(cast):
    with pytest.raises(Agency.DoesNotExist):
        commands.rename_agency(
            cast.coordinator.actor,
            cast.health_elsewhere.pk,
            name="X",
            short_name="X",
            since=today(),
        )


def test_agencies_are_listed_open_ones_first(cast):
    commands.merge_agency(
        cast.coordinator.actor, cast.health.pk, successor_id=cast.hospital.pk, until=today()
    )

    found = queries.agency_list(cast.coordinator.actor, PASER)

    assert [agency.is_open for agency in found] == [True, True, True, False]
    assert cast.health not in queries.open_agencies(cast.coordinator.actor, PASER)


def test_the_register_names_heads_and_people_of_today(cast):
    commands.end_grant(cast.coordinator.actor, grant_of(cast.head_of_health).pk)

    page = queries.agency_page(cast.auditor.actor, cast.health.pk, PASER)

    assert [grant.user.name for grant in vars(page)["grants_now"]] == ["Operator Dinas Kesehatan"]
    assert vars(page)["heads_now"] == []


# ---------- users ----------


def test_an_invited_person_has_no_password_and_a_mail_on_its_way(cast):
    user = invited(cast, email=" Baru@Contoh.Example ")

    assert user.email == "baru@contoh.example"
    assert not user.has_usable_password()
    assert DBTaskResult.objects.get().args_kwargs["args"] == [user.pk]
    assert may(queries.actor_of(user, timezone.now()), Action.WRITE_ANSWER, cast.health.place)


def test_an_invitation_is_one_entry_that_names_nobody(cast):
    user = invited(cast)

    entry = Entry.objects.get()
    assert (entry.event, entry.object_id) == ("user.invited", str(user.pk))
    assert "baru" not in entry.body
    assert "Operator baru" not in entry.body


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("operator-dinas-kesehatan@contoh.example", Reason.EMAIL_TAKEN),
        ("OPERATOR-dinas-kesehatan@contoh.example", Reason.EMAIL_TAKEN),
        ("bukan alamat", Reason.EMAIL_NOT_UNDERSTOOD),
    ],
)
def test_an_address_is_invited_once(cast, email, reason):
    assert refused(invited, cast, email=email) is reason
    assert not Entry.objects.exists()


def test_a_person_of_another_region_gets_a_role_here_and_keeps_name_and_password(cast):
    known = cast.operator_elsewhere.user

    user = invited(cast, email=known.email, name="Nama lain")

    user.refresh_from_db()
    assert (user.pk, user.name) == (known.pk, known.name)
    assert user.check_password(PASSWORD)
    assert {grant.region_id for grant in user.grants.all()} == {PASER, ELSEWHERE}


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.OPERATOR, None),
        (Role.OPERATOR, "health_elsewhere"),
        (Role.COORDINATOR, "health"),
        (Role.PROGRAMME_ADMIN, None),
        (Role.ASSESSOR, "health"),
    ],
)
def test_a_role_is_given_only_where_it_belongs(cast, role, place):
    agency_id = getattr(cast, place).pk if place else None

    reason = refused(invited, cast, role=role, agency_id=agency_id)

    assert reason is Reason.GRANT_OUTSIDE_PLACE


def test_an_auditor_reads_the_people_and_changes_none(cast):
    assert queries.user_list(cast.auditor.actor, PASER).count() == 11

    with pytest.raises(Denied):
        commands.disable_user(cast.auditor.actor, cast.operator_of_health.user.pk, PASER)


def test_people_of_another_region_are_not_there(cast):
    stranger = cast.operator_elsewhere.user.pk

    with pytest.raises(User.DoesNotExist):
        commands.disable_user(cast.coordinator.actor, stranger, PASER)
    with pytest.raises(Denied):
        queries.user_list(cast.coordinator.actor, ELSEWHERE)
    with pytest.raises(Denied):
        queries.user_list(cast.operator_of_health.actor, PASER)


def test_a_closed_account_holds_nothing_until_it_is_opened_again(cast):
    user = cast.operator_of_health.user

    commands.disable_user(cast.coordinator.actor, user.pk, PASER)
    closed = cast.operator_of_health.actor
    commands.enable_user(cast.coordinator.actor, user.pk, PASER)

    assert closed.grants == frozenset()
    assert cast.operator_of_health.actor.agencies == {cast.health.pk}
    assert [entry.event for entry in Entry.objects.all()] == ["user.disabled", "user.enabled"]


def test_an_account_in_use_elsewhere_is_not_closed_or_opened_from_here(cast):
    user = invited(cast, email=cast.operator_elsewhere.user.email)

    closing = refused(commands.disable_user, cast.coordinator.actor, user.pk, PASER)
    opening = refused(commands.enable_user, cast.coordinator.actor, user.pk, PASER)

    assert closing is opening is Reason.WORKS_ELSEWHERE


def test_the_last_coordinator_stays(cast):
    actor = cast.coordinator.actor
    commands.disable_user(actor, cast.second_coordinator.user.pk, PASER)

    ending = refused(commands.end_grant, actor, grant_of(cast.coordinator).pk)
    closing = refused(commands.disable_user, actor, cast.coordinator.user.pk, PASER)

    assert ending is closing is Reason.LAST_COORDINATOR


def test_a_coordinator_whose_time_is_over_is_none_that_stays(cast):
    Grant.objects.filter(user=cast.second_coordinator.user).update(until=in_(-1))

    reason = refused(commands.end_grant, cast.coordinator.actor, grant_of(cast.coordinator).pk)

    assert reason is Reason.LAST_COORDINATOR


def test_one_of_two_coordinators_may_go(cast):
    commands.end_grant(cast.coordinator.actor, grant_of(cast.second_coordinator).pk)

    assert cast.second_coordinator.actor.regions == frozenset()


def test_who_was_not_reached_is_invited_again(cast):
    user = invited(cast)

    commands.invite_again(cast.coordinator.actor, user.pk, PASER)

    assert DBTaskResult.objects.count() == 2
    assert [entry.event for entry in Entry.objects.all()] == ["user.invited"] * 2


def test_people_are_found_by_words_role_agency_and_account(cast):
    commands.disable_user(cast.coordinator.actor, cast.operator_of_hospital.user.pk, PASER)

    def found(**wanted):
        people = queries.user_list(cast.auditor.actor, PASER, queries.UserFilter(**wanted))
        return [person.name for person in people]

    assert found(text="dinas kes") == ["Kepala Dinas Kesehatan", "Operator Dinas Kesehatan"]
    assert found(text="sekretaris-daerah@") == ["Sekretaris Daerah"]
    assert found(role=Role.EXECUTIVE) == ["Sekretaris Daerah"]
    assert found(agency=cast.education.pk) == ["Kepala Disdikbud", "Operator Disdikbud"]
    assert found(state="closed") == ["Operator RSUD"]
    assert len(found(state="active")) == 10


def test_a_person_page_tells_which_roles_hold_today(cast):
    user = cast.operator_of_health.user
    commands.move_user(
        cast.coordinator.actor,
        grant_of(cast.operator_of_health).pk,
        agency_id=cast.hospital.pk,
    )

    page = queries.user_page(cast.auditor.actor, user.pk, PASER)

    assert [grant.is_current for grant in vars(page)["grants_here"]] == [False, True]
    assert queries.user_names(cast.auditor.actor, PASER)[user.pk] == user.name
    assert queries.names({user.pk}) == {user.pk: user.name}


# ---------- grants ----------


def test_an_acting_head_has_a_last_day(cast):
    user = cast.operator_of_health.user
    wanted = GrantValue(Role.AGENCY_HEAD, PASER, cast.health.pk, until=in_(30))

    grant = commands.give_grant(cast.coordinator.actor, user.pk, wanted)

    assert grant.is_acting
    assert grant.since == today()
    assert may(cast.operator_of_health.actor, Action.HAND_IN_AGENCY, cast.health.place)


def test_a_head_for_good_is_not_acting(cast):
    wanted = GrantValue(Role.AGENCY_HEAD, PASER, cast.health.pk)

    grant = commands.give_grant(cast.coordinator.actor, cast.operator_of_health.user.pk, wanted)

    assert not grant.is_acting


def test_a_role_begins_and_ends_at_the_regions_own_midnight(cast):
    Grant.objects.filter(user=cast.operator_of_health.user).update(
        since=date(2026, 11, 10), until=date(2026, 11, 30)
    )

    def holds(moment):
        at = datetime.fromisoformat(moment).replace(tzinfo=MAKASSAR)
        return bool(queries.actor_of(cast.operator_of_health.user, at).grants)

    assert not holds("2026-11-09T23:59")
    assert holds("2026-11-10T00:00")
    assert holds("2026-11-30T23:59")
    assert not holds("2026-12-01T00:00")


def test_a_role_over_the_nation_needs_no_region(cast):
    assert cast.programme_admin.actor.has(Role.PROGRAMME_ADMIN)


@pytest.mark.parametrize(("since", "until"), [(-1, None), (0, -1), (5, 4)])
def test_dates_of_a_role_run_forward_from_today(cast, since, until):
    wanted = GrantValue(
        Role.AGENCY_HEAD, PASER, cast.health.pk, until=in_(until) if until is not None else None
    )

    reason = refused(
        commands.give_grant,
        cast.coordinator.actor,
        cast.operator_of_health.user.pk,
        wanted,
        since=in_(since),
    )

    assert reason is Reason.DATES_NOT_POSSIBLE


def test_a_role_that_begins_later_does_not_hold_yet(cast):
    wanted = GrantValue(Role.AGENCY_HEAD, PASER, cast.health.pk)

    commands.give_grant(
        cast.coordinator.actor, cast.operator_of_health.user.pk, wanted, since=in_(3)
    )

    assert not cast.operator_of_health.actor.has(Role.AGENCY_HEAD)


def test_the_same_role_is_not_given_twice(cast):
    wanted = GrantValue(Role.OPERATOR, PASER, cast.health.pk)

    reason = refused(
        commands.give_grant, cast.coordinator.actor, cast.operator_of_health.user.pk, wanted
    )

    assert reason is Reason.GRANT_HELD


def test_nobody_becomes_the_one_who_checks_them(cast):
    actor, user = cast.coordinator.actor, cast.coordinator.user.pk

    signing = refused(commands.give_grant, actor, user, GrantValue(Role.EXECUTIVE, PASER))
    own = commands.give_grant(actor, user, GrantValue(Role.OPERATOR, PASER, cast.dkisp.pk))

    assert signing is Reason.SECOND_PERSON_NEEDED
    assert own.agency == cast.dkisp


def test_capabilities_stand_on_the_grant(cast):
    wanted = GrantValue(
        Role.COORDINATOR, PASER, capabilities=frozenset({Capability.PPID, Capability.EDITOR})
    )

    grant = commands.give_grant(cast.coordinator.actor, cast.operator_of_dkisp.user.pk, wanted)

    assert grant.capabilities == ["editor", "ppid"]
    assert grant.value.capabilities == {Capability.PPID, Capability.EDITOR}


def test_a_role_is_given_in_ones_own_region_only(cast):
    wanted = GrantValue(Role.COORDINATOR, ELSEWHERE)

    with pytest.raises(Denied):
        commands.give_grant(cast.coordinator.actor, cast.operator_of_health.user.pk, wanted)


def test_an_ended_role_is_over_at_once_and_for_good(cast):
    grant = grant_of(cast.operator_of_health)

    ended = commands.end_grant(cast.coordinator.actor, grant.pk)
    again = refused(commands.end_grant, cast.coordinator.actor, grant.pk)
    moved = refused(
        commands.move_user, cast.coordinator.actor, grant.pk, agency_id=cast.hospital.pk
    )

    grant.refresh_from_db()
    assert grant.ended_at == ended.ended_at
    assert again is moved is Reason.GRANT_ENDED
    assert cast.operator_of_health.actor.grants == frozenset()


def test_a_role_of_another_region_is_not_there(cast):
    with pytest.raises(Grant.DoesNotExist):
        commands.end_grant(cast.coordinator.actor, grant_of(cast.operator_elsewhere).pk)


def test_a_moved_person_works_there_and_no_longer_here(cast):
    old = grant_of(cast.operator_of_health)

    new = commands.move_user(cast.coordinator.actor, old.pk, agency_id=cast.hospital.pk)

    old.refresh_from_db()
    assert old.ended_at is not None
    assert cast.operator_of_health.actor.agencies == {cast.hospital.pk}
    assert last_facts() == {"user": new.user_id, "ended": old.pk}


def test_a_move_to_where_one_is_already_is_refused(cast):
    grant = grant_of(cast.operator_of_health)

    reason = refused(commands.move_user, cast.coordinator.actor, grant.pk, agency_id=cast.health.pk)

    assert reason is Reason.GRANT_HELD


def test_notices_go_to_the_officers_of_today(cast):
    commands.disable_user(cast.coordinator.actor, cast.head_of_health.user.pk, PASER)
    Grant.objects.filter(user=cast.operator_of_hospital.user).update(until=in_(-1))

    found = queries.officers(PASER, agencies={cast.health.pk, cast.hospital.pk})

    assert list(found) == [cast.operator_of_health.user]
    assert list(queries.holders(PASER, Role.EXECUTIVE)) == [cast.executive.user]


# ---------- assessors ----------


def assessor(cast, round_, email="asesor@contoh.example"):
    return commands.invite_assessor(
        cast.coordinator.actor, round_.place, email=email, name="Asesor"
    )


def test_an_assessor_is_invited_for_one_round(cast, running_round):
    user = assessor(cast, running_round)

    actor = queries.actor_of(user, timezone.now())
    elsewhere = Place(ELSEWHERE, None, running_round.pk)
    assert may(actor, Action.SCORE_QUESTION, running_round.place)
    assert not may(actor, Action.SCORE_QUESTION, elsewhere)
    assert queries.home_region(actor) == PASER
    assert actor.regions == frozenset()


def test_an_assessor_of_another_region_may_come_but_nobody_of_this_one(cast, running_round):
    from_away = assessor(cast, running_round, cast.operator_elsewhere.user.email)

    own = refused(assessor, cast, running_round, cast.operator_of_health.user.email)
    twice = refused(assessor, cast, running_round, cast.operator_elsewhere.user.email)

    assert from_away == cast.operator_elsewhere.user
    assert own is Reason.OWN_REGION
    assert twice is Reason.GRANT_HELD


def test_an_assessor_is_invited_to_ones_own_region_only(cast, running_round):
    with pytest.raises(Denied):
        commands.invite_assessor(
            cast.coordinator_elsewhere.actor,
            running_round.place,
            email="asesor@contoh.example",
            name="Asesor",
        )


# ---------- tokens, preferences ----------


def test_a_token_is_shown_once_and_kept_as_a_hash(cast):
    token, text = commands.issue_token(cast.operator_of_health.actor, PASER, name="Aplikasi")

    found = queries.actor_of_token(text, timezone.now())
    assert text not in Entry.objects.get().body
    assert ApiToken.objects.get().digest != text
    assert found == (cast.operator_of_health.user, cast.operator_of_health.actor)
    assert token.name == str(token) == "Aplikasi"


def test_a_token_ends_when_revoked_when_over_and_when_the_account_closes(cast):
    actor, now = cast.operator_of_health.actor, timezone.now()
    revoked, first = commands.issue_token(actor, PASER, name="Satu")
    _, second = commands.issue_token(actor, PASER, name="Dua")

    commands.revoke_token(actor, revoked.pk, PASER)
    commands.revoke_token(actor, revoked.pk, PASER)
    over = queries.actor_of_token(second, now + commands.TOKEN_LIFE + timedelta(days=1))
    commands.disable_user(cast.coordinator.actor, cast.operator_of_health.user.pk, PASER)

    assert queries.actor_of_token(first, now) is None
    assert over is None
    assert queries.actor_of_token(second, now) is None
    assert queries.actor_of_token("salah", now) is None
    assert Entry.objects.filter(event="token.revoked").count() == 1


def test_a_token_is_ones_own(cast):
    token, _ = commands.issue_token(cast.operator_of_health.actor, PASER, name="Aplikasi")

    with pytest.raises(ApiToken.DoesNotExist):
        commands.revoke_token(cast.head_of_health.actor, token.pk, PASER)
    with pytest.raises(Denied):
        commands.issue_token(cast.auditor.actor, PASER, name="Aplikasi")
    with pytest.raises(User.DoesNotExist):
        commands.issue_token(NOBODY, PASER, name="Aplikasi")


def test_preferences_are_ones_own_business(cast):
    user = commands.change_preferences(
        cast.operator_of_health.actor, language="en", letter_keys="off"
    )

    assert (user.language, user.has_letter_keys) == ("en", False)
    assert not Entry.objects.exists()


def test_ones_roles_are_listed_newest_first(cast):
    commands.move_user(
        cast.coordinator.actor,
        grant_of(cast.operator_of_health).pk,
        agency_id=cast.hospital.pk,
    )

    found = queries.own_grants(cast.operator_of_health.actor)

    assert [grant.agency for grant in found] == [cast.hospital, cast.health]


# ---------- set-up ----------


def set_up(token, **options):
    wanted = {
        "email": "koordinator@contoh.example",
        "name": "Koordinator",
        "password": PASSWORD,
        **options,
    }
    return commands.set_up(token, PASER, **wanted)


def test_the_first_visit_creates_the_first_coordinator(db):
    token = commands.make_setup_token(SYSTEM)

    user = set_up(token)

    assert queries.actor_of(user, timezone.now()).regions == {PASER}
    assert user.check_password(PASSWORD)
    assert Entry.objects.get().event == "user.joined"
    assert str(SetupToken.objects.get()).startswith("setup 2")


def test_only_the_newest_token_works_and_only_once(db):
    old = commands.make_setup_token(SYSTEM)
    token = commands.make_setup_token(SYSTEM)

    assert refused(set_up, old) is Reason.TOKEN_NOT_VALID
    assert queries.setup_token_is_valid(token)
    set_up(token)

    assert not queries.setup_token_is_valid(token)
    assert refused(set_up, token) is Reason.SETUP_DONE
    assert refused(commands.make_setup_token, SYSTEM) is Reason.SETUP_DONE
    assert User.objects.count() == 1


def test_nobody_but_the_console_makes_a_token(cast):
    with pytest.raises(Denied):
        commands.make_setup_token(cast.coordinator.actor)


def test_a_bad_address_leaves_the_token_unused(db):
    token = commands.make_setup_token(SYSTEM)

    assert refused(set_up, token, email="bukan") is Reason.EMAIL_NOT_UNDERSTOOD
    assert queries.setup_token_is_valid(token)


def test_the_national_programme_is_appointed_by_the_console(cast):
    user = programme.appoint_programme_admin(
        SYSTEM, email="Program@nasional.example", name="Pengelola program"
    )

    actor = queries.actor_of(user, timezone.now())
    assert actor.has(Role.PROGRAMME_ADMIN)
    assert queries.home_region(actor) is None
    assert (Entry.objects.get().tree_id, user.email) == ("ID", "program@nasional.example")


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("bukan", Reason.EMAIL_NOT_UNDERSTOOD),
        ("KOORDINATOR-dkisp@contoh.example", Reason.EMAIL_TAKEN),
    ],
)
def test_a_programme_admin_needs_an_address_of_their_own(cast, email, reason):
    act = programme.appoint_programme_admin

    assert refused(act, SYSTEM, email=email, name="Pengelola") is reason


def test_no_region_appoints_the_programme(cast):
    with pytest.raises(Denied):
        programme.appoint_programme_admin(
            cast.coordinator.actor, email="a@contoh.example", name="A"
        )


def test_rows_name_themselves_by_office(cast):
    grant = grant_of(cast.operator_of_health)

    assert str(cast.region) == "Kabupaten Paser"
    assert str(grant) == "operator @ Dinas Kesehatan"
    assert grant.place == cast.health.place
    assert str(cast.health) == "Dinas Kesehatan"
    assert str(cast.operator_of_health.user) == "Operator Dinas Kesehatan"
    assert User.objects.get_by_natural_key("OPERATOR-DKISP@contoh.example").name == "Operator DKISP"


def test_nobody_signs_up_by_themselves(rf):
    assert not Adapter().is_open_for_signup(rf.get("/"))


def test_a_password_like_the_address_is_named_as_such(db):
    problems = queries.password_problems(
        "koordinator-dkisp", email="koordinator-dkisp@contoh.example", name="Koordinator"
    )

    assert len(problems) == 1
    assert not queries.password_problems(PASSWORD, email="a@contoh.example", name="A")


# ---------- mails ----------


def run_jobs():
    """Run what waits, as the worker does; what a job queues anew waits on."""
    for row in DBTaskResult.objects.filter(status="READY"):
        row.task.call(*row.args_kwargs["args"])
        row.delete()


def test_an_invitation_carries_the_link_and_the_name(cast):
    user = invited(cast)

    run_jobs()

    assert mail.outbox[0].to == [user.email]
    assert mail.outbox[0].subject == "Undangan ke Bukti"
    assert "/sandi/atur/" in mail.outbox[0].body


def test_who_has_a_password_is_told_of_the_role_without_a_link_to_a_new_one(cast):
    invited(cast, email=cast.operator_elsewhere.user.email)

    run_jobs()

    assert mail.outbox[0].subject == "Peran baru di Bukti"
    assert "/sandi/atur/" not in mail.outbox[0].body


def test_a_closed_account_gets_no_mail(cast):
    user = invited(cast)
    commands.disable_user(cast.coordinator.actor, user.pk, PASER)
    commands.ask_password_reset(user.email)

    run_jobs()

    assert mail.outbox == []


def test_a_forgotten_password_is_mailed_to_whom_it_belongs_and_to_nobody_else(cast):
    commands.ask_password_reset(" Operator-Dinas-Kesehatan@contoh.example ")
    commands.ask_password_reset("tidak-ada@contoh.example")

    run_jobs()

    assert [message.to for message in mail.outbox] == [[cast.operator_of_health.user.email]]


def test_a_mail_that_does_not_go_out_is_tried_again_later_and_fails_at_last(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    user = cast.operator_of_health.user

    jobs.mail_invitation.call(user.pk)

    later = DBTaskResult.objects.get()
    assert later.args_kwargs["args"] == [user.pk, 1]
    assert later.run_after > timezone.now()
    with pytest.raises(OSError, match="refused"):
        jobs.mail_invitation.call(user.pk, len(jobs.AGAIN_AFTER))
