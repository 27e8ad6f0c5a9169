"""Who manages an organisation: what that allows, at once, and what nobody can do to himself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.accounts.cast import NOW, join
from xinrong.accounts.models import AccountEvent, Membership
from xinrong.accounts.services import (
    PeopleRefused,
    change_role,
    create_key,
    end_role,
    events_of,
    managed,
    managing,
    member_of,
    people_of,
    still_acts,
    suspend_roles,
    viewer_from,
)
from xinrong.store.backups.journal import position
from xinrong.store.backups.replaying import replay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("journal")]


def code(call, *arguments, **more):
    with pytest.raises(PeopleRefused) as refusal:
        call(*arguments, **more)
    assert refusal.value.words.zh
    return refusal.value.code


def emails(viewer, text=""):
    return [row.person.email for row in people_of(managing(viewer), text)]


# --- who manages what ------------------------------------------------------------------------


def test_a_banks_manager_manages_its_outlets_and_an_outlets_manager_that_outlet(cast):
    assert managed(managing(cast.manager)) == [cast.bank, cast.outlet]
    assert managed(managing(cast.outlet_manager)) == [cast.outlet]
    assert emails(cast.manager) == ["clerk@bank.cn", "manager@bank.cn", "outlet@bank.cn"]
    assert emails(cast.outlet_manager) == ["outlet@bank.cn"]


def test_people_are_found_by_name_address_and_outlet(cast):
    cast.people["clerk"].name = "吴会计"
    cast.people["clerk"].save()
    assert emails(cast.manager, "会计") == emails(cast.manager, "CLERK@") == ["clerk@bank.cn"]
    assert emails(cast.manager, "支行") == ["outlet@bank.cn"]
    assert emails(cast.manager, "rival") == []


def test_without_the_right_nobody_manages(cast):
    assert code(managing, cast.clerk) == "denied"


def test_the_right_is_asked_of_the_database_not_of_the_viewer(cast):
    viewer = cast.manager
    Membership.objects.filter(person=cast.people["manager"]).update(manages=False)
    assert code(end_role, viewer, cast.role("clerk", cast.bank).pk, now=NOW) == "denied"
    assert code(managing, replace(cast.clerk, manages=True)) == "denied"


def test_a_resting_manager_manages_nothing(cast):
    viewer = cast.manager
    suspend_roles(cast.bank, "rivals", NOW)
    assert code(managing, viewer) == "denied"


def test_neither_a_key_nor_a_support_session_manages(cast):
    key, _ = create_key(cast.bank, "k", ["files"], valid_for=timedelta(days=9), now=NOW)
    assert code(managing, viewer_from(key)) == "denied"
    assert code(managing, replace(cast.manager, support_id=1)) == "denied"


def test_absent_and_foreign_people_are_refused_in_the_same_words(cast):
    foreign = cast.role("rival_manager", cast.rival).pk
    for number in (foreign, 10**9):
        with pytest.raises(PeopleRefused) as refusal:
            member_of(managing(cast.manager), number)
        assert refusal.value.code == "unknown_member"
    for verb in (end_role, lambda *a, **k: change_role(*a, "loan_officer", manages=True, **k)):
        told = []
        for number in (foreign, 10**9):
            with pytest.raises(PeopleRefused) as refusal:
                verb(cast.manager, number, now=NOW)
            told.append((refusal.value.code, refusal.value.words))
        assert told[0] == told[1]
    assert Membership.objects.filter(pk=foreign).exists()


# --- changing and ending ---------------------------------------------------------------------


def test_a_role_that_ends_acts_no_more(cast):
    viewer = cast.clerk
    end_role(cast.manager, cast.role("clerk", cast.bank).pk, now=NOW)
    assert not still_acts(viewer, now=NOW)


def test_a_changed_role_acts_as_the_new_one_only(cast):
    before = cast.clerk
    number = cast.role("clerk", cast.bank).pk
    change_role(cast.manager, number, "compliance_officer", manages=False, now=NOW)
    assert not still_acts(before, now=NOW)
    assert cast.clerk.role == "compliance_officer"


def test_a_role_of_another_kind_of_organisation_is_refused(cast):
    number = cast.role("clerk", cast.bank).pk
    for role in ("operator", "representative", "root", ""):
        refusal = code(change_role, cast.manager, number, role, manages=False, now=NOW)
        assert refusal == "role_not_of_kind"


def test_the_last_manager_cannot_remove_himself(cast):
    number = cast.role("manager", cast.bank).pk
    assert code(end_role, cast.manager, number, now=NOW) == "last_manager"
    demote = {"manages": False, "now": NOW}
    assert code(change_role, cast.manager, number, "loan_officer", **demote) == "last_manager"
    change_role(cast.manager, cast.role("clerk", cast.bank).pk, "loan_officer",
                manages=True, now=NOW)  # fmt: skip
    end_role(cast.manager, number, now=NOW)
    assert not Membership.objects.filter(pk=number).exists()


def test_a_resting_or_closed_manager_does_not_count_as_another(cast):
    join("ill@bank.cn", cast.bank, "loan_officer", manages=True)
    number = cast.role("manager", cast.bank).pk
    Membership.objects.filter(person__email="ill@bank.cn").update(suspended_at=NOW)
    assert code(end_role, cast.manager, number, now=NOW) == "last_manager"


def test_the_bank_ends_its_outlets_last_manager(cast):
    end_role(cast.manager, cast.role("outlet_manager", cast.outlet).pk, now=NOW)
    assert emails(cast.manager) == ["clerk@bank.cn", "manager@bank.cn"]


def test_what_was_done_is_in_the_log_of_that_organisation_only(cast):
    number = cast.role("clerk", cast.bank).pk
    change_role(cast.manager, number, "loan_officer", manages=True, now=NOW)
    end_role(cast.manager, number, now=NOW)
    rows = [(row.what, row.about, row.actor.email) for row in events_of(managing(cast.manager))]
    assert rows == [
        ("role_ended", "clerk@bank.cn", "manager@bank.cn"),
        ("role_changed", "clerk@bank.cn", "manager@bank.cn"),
    ]
    assert not events_of(managing(cast.rival_manager)).exists()


# --- after a restore -------------------------------------------------------------------------


def test_a_restore_does_not_bring_back_an_ended_role(cast, journal):
    member = cast.role("clerk", cast.bank)
    before = position(journal)
    end_role(cast.manager, member.pk, now=NOW)
    member.save(force_insert=True)  # as in the older backup
    replay(journal, before, NOW)
    assert not Membership.objects.filter(pk=member.pk).exists()


def test_a_restore_takes_the_old_role_and_gives_no_new_one(cast, journal):
    number = cast.role("clerk", cast.bank).pk
    before = position(journal)
    change_role(cast.manager, number, "compliance_officer", manages=True, now=NOW)
    Membership.objects.filter(pk=number).update(role="loan_officer", manages=False)
    replay(journal, before, NOW)
    assert not Membership.objects.filter(pk=number).exists()


def test_a_restore_takes_the_right_to_manage_alone_where_only_that_ended(cast, journal):
    change_role(cast.manager, cast.role("clerk", cast.bank).pk, "loan_officer",
                manages=True, now=NOW)  # fmt: skip
    before = position(journal)
    number = cast.role("clerk", cast.bank).pk
    change_role(cast.manager, number, "loan_officer", manages=False, now=NOW)
    Membership.objects.filter(pk=number).update(manages=True)
    replay(journal, before, NOW)
    assert not Membership.objects.get(pk=number).manages


def test_a_grant_leaves_nothing_in_the_journal(cast, journal):
    number = cast.role("clerk", cast.bank).pk
    change_role(cast.manager, number, "loan_officer", manages=True, now=NOW)
    assert AccountEvent.objects.count() == 1
    assert position(journal).sequence == 0
