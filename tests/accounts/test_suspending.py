"""All roles of an organisation rest at once, wake by their reason, and rest after a restore."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from xinrong.accounts.models import AccountEvent, ApiKey, Membership
from xinrong.accounts.services import (
    KeyRefused,
    create_key,
    create_organisation,
    create_person,
    key_of,
    resume_roles,
    revoke_key,
    still_acts,
    suspend_roles,
    viewer_of,
)
from xinrong.store import services as store
from xinrong.store.backups.journal import position, read
from xinrong.store.backups.replaying import replay

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PASSWORD = "a long enough passphrase 7"


@pytest.fixture(autouse=True)
def journal(settings, tmp_path):
    settings.JOURNAL = tmp_path / "journal"
    return settings.JOURNAL


@pytest.fixture
def bank():
    return create_organisation("海丰银行", "bank")


@pytest.fixture
def person(bank):
    return create_person("li@bank.cn", PASSWORD, name="李", organisation=bank, role="loan_officer")


def test_a_resting_role_acts_for_nobody_at_once(bank, person):
    viewer = viewer_of(person)
    assert suspend_roles(bank.pk, "rivals", NOW) == 1
    assert not still_acts(viewer, now=NOW)
    assert viewer_of(person).role == "public"
    assert viewer_of(person, bank.pk).role == "public"


def test_a_resting_organisations_keys_open_nothing(bank):
    _, token = create_key(bank, "接口", ["files"], valid_for=timedelta(days=9), now=NOW)
    suspend_roles(bank, "rivals", NOW)
    with pytest.raises(KeyRefused) as refusal:
        key_of(token, now=NOW)
    assert refusal.value.code == "key_suspended"


def test_roles_wake_for_the_reason_that_they_rest_for_only(bank, person):
    suspend_roles(bank, "rivals", NOW)
    assert suspend_roles(bank, "changed", NOW) == 0
    assert resume_roles(bank, "changed", NOW) == 0
    assert viewer_of(person).role == "public"
    assert resume_roles(bank, "rivals", NOW) == 1
    assert viewer_of(person).role == "loan_officer"


def test_other_organisations_go_on(bank, person):
    other = create_organisation("别家", "bank")
    create_person("li@bank.cn", "", name="", organisation=other, role="loan_officer")
    suspend_roles(bank, "rivals", NOW)
    assert viewer_of(person).organisation_id == other.pk


def test_both_are_written_to_the_log(bank, person):
    suspend_roles(bank, "rivals", NOW)
    resume_roles(bank, "rivals", NOW)
    whats = list(AccountEvent.objects.order_by("pk").values_list("what", flat=True))
    assert whats == ["roles_suspended", "roles_resumed"]


def test_a_restore_does_not_wake_what_rests(bank, person, journal):
    before = position(journal)
    suspend_roles(bank, "rivals", NOW)
    Membership.objects.update(suspended_at=None, suspended_why="")  # as in the older backup
    done = replay(journal, before, NOW)
    assert done.counts["roles_suspended"] == {store.Outcome.APPLIED: 1}
    assert Membership.objects.get().suspended_at == NOW
    again = replay(journal, before, NOW)
    assert again.counts["roles_suspended"] == {store.Outcome.PRESENT: 1}


def test_a_restore_does_not_bring_back_a_revoked_key(bank, journal):
    key, _ = create_key(bank, "接口", ["files"], valid_for=timedelta(days=9), now=NOW)
    before = position(journal)
    revoke_key(key, now=NOW)
    revoke_key(key, now=NOW + timedelta(hours=1))
    assert len(list(read(journal))) == 1
    ApiKey.objects.update(revoked_at=None)
    replay(journal, before, NOW)
    assert ApiKey.objects.get().revoked_at == NOW
