"""Operators take institutions in, rename and close them; what is closed stays closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.accounts.cast import NOW, join
from xinrong.accounts.models import AccountEvent, ApiKey, Invitation, Membership, Organisation
from xinrong.accounts.services import (
    AccountError,
    KeyRefused,
    PeopleRefused,
    accept_as_new,
    close_organisation,
    create_key,
    create_person,
    invitation_of,
    invite,
    invite_to,
    key_of,
    managed,
    managing,
    organisation_numbered,
    organisations_listed,
    rename_organisation,
    reopen_organisation,
    still_acts,
    take_in,
    viewer_of,
    withdraw_from,
)
from xinrong.store.backups.journal import Position, position, read
from xinrong.store.backups.replaying import replay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("journal")]
WHY = "与平台的合作已终止"


def code(call, *arguments, **more):
    with pytest.raises(PeopleRefused) as refusal:
        call(*arguments, **more)
    assert refusal.value.words.zh
    assert refusal.value.words.en
    return refusal.value.code


def names(viewer, *arguments, **more):
    return [one.name for one in organisations_listed(viewer, *arguments, **more)]


def key_for(organisation):
    valid = timedelta(days=9)
    return create_key(organisation, "核心系统", ["files"], valid_for=valid, now=NOW)


# --- the list --------------------------------------------------------------------------------


def test_outlets_follow_their_bank_and_enterprises_are_not_in_the_list(cast):
    take_in(cast.operator, "安信银行", "bank", now=NOW)
    assert names(cast.operator) == ["别家银行", "安信银行", "海丰银行", "海丰银行中心支行"]
    assert [one.people for one in organisations_listed(cast.operator, "海丰")] == [2, 1]
    assert names(cast.operator, kind="department") == []


def test_only_operators_who_are_operators_still_see_and_do_anything(cast):
    operator = cast.operator
    Membership.objects.filter(person_id=operator.person_id).delete()
    for viewer in (cast.manager, cast.representative, operator):
        for call in (
            organisations_listed,
            lambda who: organisation_numbered(who, cast.bank.pk),
            lambda who: take_in(who, "某银行", "bank", now=NOW),
            lambda who: rename_organisation(who, cast.bank.pk, "改名银行", now=NOW),
            lambda who: close_organisation(who, cast.bank.pk, WHY, now=NOW),
            lambda who: reopen_organisation(who, cast.bank.pk, now=NOW),
            lambda who: withdraw_from(who, cast.bank.pk, "x", now=NOW),
        ):
            assert code(call, viewer) == "denied"
    assert Organisation.objects.get(pk=cast.bank.pk).name == "海丰银行"


# --- taking in and renaming ------------------------------------------------------------------


def test_every_kind_of_institution_is_taken_in_and_its_first_manager_invited(cast):
    bank = take_in(cast.operator, " 安信  银行 ", "bank", now=NOW)
    assert bank.name == "安信 银行"
    for name, kind, more in (
        ("安信银行城东支行", "bank", {"parent": bank.pk}),
        ("恒保担保", "guarantor", {}),
        ("税务局", "department", {"reference": "tax_bureau"}),
        ("顾问所", "adviser", {}),
        ("金融监管局", "regulator", {}),
    ):
        made = take_in(cast.operator, name, kind, now=NOW, **more)
        assert made.kind == kind
    _, token = invite_to(cast.operator, made.pk, "li@jg.cn", "auditor", manages=True, now=NOW)
    person = accept_as_new(token, "李", "a long enough passphrase 7", now=NOW)
    assert (viewer_of(person).role, viewer_of(person).manages) == ("auditor", True)
    event = AccountEvent.objects.filter(organisation=made, what="invited").get()
    assert event.actor_id == cast.operator.person_id


@pytest.mark.parametrize(
    ("name", "kind", "more", "refused"),
    [
        ("海丰银行", "bank", {}, "organisation_exists"),
        ("行", "bank", {}, "name_unfit"),
        ("——", "bank", {}, "name_unfit"),
        ("长" * 201, "bank", {}, "name_unfit"),
        ("某企业", "enterprise", {"reference": "x"}, "unknown_kind"),
        ("某平台", "operator", {}, "unknown_kind"),
        ("某局", "department", {}, "reference_missing"),
        ("某担保网点", "guarantor", {"parent": 1}, "wrong_parent"),
        ("某网点", "bank", {"parent": 999_999}, "unknown_organisation"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_in_words(cast, name, kind, more, refused):
    if more.get("parent") == 1:
        more = {"parent": cast.bank.pk}
    before = Organisation.objects.count()
    assert code(take_in, cast.operator, name, kind, now=NOW, **more) == refused
    assert Organisation.objects.count() == before


def test_an_outlet_has_no_outlets_and_a_department_is_there_once(cast):
    again = {"parent": cast.outlet.pk}
    assert code(take_in, cast.operator, "某", "bank", now=NOW, **again) == "name_unfit"
    assert code(take_in, cast.operator, "某所", "bank", now=NOW, **again) == "wrong_parent"
    take_in(cast.operator, "税务局", "department", reference="tax", now=NOW)
    twice = {"reference": "tax", "now": NOW}
    assert code(take_in, cast.operator, "税局", "department", **twice) == "organisation_exists"


def test_a_new_name_shows_and_the_log_keeps_the_earlier_one(cast):
    rename_organisation(cast.operator, cast.bank.pk, "海丰城商行", now=NOW)
    assert viewer_of(cast.people["clerk"]).organisation == "海丰城商行"
    event = AccountEvent.objects.filter(organisation=cast.bank, what="renamed").get()
    assert event.detail == "海丰银行 → 海丰城商行"
    rename = rename_organisation
    assert code(rename, cast.operator, cast.bank.pk, "别家银行", now=NOW) == "organisation_exists"
    assert code(rename, cast.operator, cast.firm.pk, "别名", now=NOW) == "unknown_organisation"


# --- closing ---------------------------------------------------------------------------------


def test_closing_a_bank_ends_roles_keys_and_invitations_of_it_and_its_outlets(cast):
    _, token = key_for(cast.outlet)
    _, link = invite(
        cast.manager, cast.bank.pk, "wu@bank.cn", "loan_officer", manages=False, now=NOW
    )
    clerk = cast.clerk
    done = close_organisation(cast.operator, cast.bank.pk, WHY, now=NOW)
    assert (done.organisations, done.roles, done.keys) == (2, 3, 1)
    assert not still_acts(clerk, now=NOW)
    assert viewer_of(cast.people["outlet_manager"]).role == "public"
    with pytest.raises(KeyRefused):
        key_of(token, now=NOW)
    with pytest.raises(PeopleRefused):
        invitation_of(link, address="::1", now=NOW)
    assert names(cast.operator) == ["别家银行"]
    assert names(cast.operator, closed=True) == ["海丰银行", "海丰银行中心支行"]
    assert still_acts(cast.rival_manager, now=NOW)
    ended = AccountEvent.objects.filter(organisation=cast.bank, what="role_ended")
    assert set(ended.values_list("actor", flat=True)) == {cast.operator.person_id}


def test_a_closed_outlet_leaves_its_bank_and_its_managers_list(cast):
    close_organisation(cast.operator, cast.outlet.pk, WHY, now=NOW)
    assert managed(managing(cast.manager)) == [cast.bank]
    assert still_acts(cast.clerk, now=NOW)


def test_nobody_joins_what_is_closed(cast):
    close_organisation(cast.operator, cast.rival.pk, WHY, now=NOW)
    cast.rival.refresh_from_db()
    asked = ("x@other.cn", "loan_officer")
    invited = code(invite_to, cast.operator, cast.rival.pk, *asked, manages=True, now=NOW)
    assert invited == "organisation_closed"
    with pytest.raises(AccountError):
        key_for(cast.rival)
    with pytest.raises(AccountError):
        create_person(
            "y@other.cn", "a long enough passphrase 7", name="", organisation=cast.rival,
            role="loan_officer",
        )  # fmt: skip
    assert not Invitation.objects.filter(organisation=cast.rival).exists()


def test_what_cannot_be_closed_stays_open(cast):
    close = close_organisation
    assert code(close, cast.operator, cast.bank.pk, "  ab ", now=NOW) == "reason_missing"
    for number in (cast.firm.pk, cast.platform.pk):
        assert code(close, cast.operator, number, WHY, now=NOW) == "organisation_not_closable"
    assert code(close, cast.operator, 999_999, WHY, now=NOW) == "unknown_organisation"
    close(cast.operator, cast.bank.pk, WHY, now=NOW)
    assert code(close, cast.operator, cast.bank.pk, WHY, now=NOW) == "organisation_closed"


def test_opening_again_brings_nobody_back(cast):
    close_organisation(cast.operator, cast.bank.pk, WHY, now=NOW)
    reopen = reopen_organisation
    assert code(reopen, cast.operator, cast.outlet.pk, now=NOW) == "organisation_open"
    reopen(cast.operator, cast.bank.pk, now=NOW)
    assert code(reopen, cast.operator, cast.bank.pk, now=NOW) == "organisation_open"
    assert not Membership.objects.filter(organisation=cast.bank).exists()
    assert "海丰银行中心支行" in names(cast.operator, closed=True)
    invite_to(cast.operator, cast.bank.pk, "a@bank.cn", "loan_officer", manages=True, now=NOW)


# --- after a restore -------------------------------------------------------------------------


def test_a_restore_closes_again_what_was_closed_since(cast, journal):
    key, _ = key_for(cast.bank)
    close_organisation(cast.operator, cast.bank.pk, WHY, now=NOW)
    assert [one.kind for one in read(journal)] == ["organisation_closed"] * 2
    text = "".join(str(one.payload) for one in read(journal))
    assert "海丰" not in text
    Organisation.objects.update(closed_at=None)  # as the backup has it
    ApiKey.objects.update(revoked_at=None)
    join("late@bank.cn", Organisation.objects.get(pk=cast.bank.pk), "loan_officer")
    done = replay(journal, Position(), NOW)
    assert done.counts == {"organisation_closed": {"applied": 2}}
    assert not Membership.objects.filter(organisation=cast.bank).exists()
    key.refresh_from_db()
    assert key.revoked_at == NOW
    assert replay(journal, Position(), NOW).counts == {"organisation_closed": {"present": 2}}
    Organisation.objects.filter(pk=cast.bank.pk).update(created_at=NOW)  # another one's number
    again = replay(journal, Position(), NOW).counts
    assert again == {"organisation_closed": {"absent": 1, "present": 1}}
    assert position(journal).sequence == 2
