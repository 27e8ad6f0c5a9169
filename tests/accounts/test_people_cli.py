"""The command line says and does what the pages do, and proves nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from tests.accounts.cast import PASSWORD, make_cast
from xinrong.accounts.models import ApiKey, Invitation, Membership
from xinrong.accounts.services import (
    AccountError,
    PeopleRefused,
    accept_as_new,
    ask_for_support,
    create_key,
    suspend_roles,
    viewer_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def journal(settings, tmp_path):
    settings.JOURNAL = tmp_path / "journal"


@pytest.fixture
def cast(db):
    return make_cast()


def run(*arguments):
    from xinrong.cli.accounts import command

    return CliRunner().invoke(command, arguments)


def test_the_first_manager_is_invited(cast):
    made = run("invite", "wu@bank.cn", "--organisation", "别家银行")
    assert made.exit_code == 0, made.output
    token = made.stdout.strip().splitlines()[-1].removeprefix("/invitations/")
    assert "wu@bank.cn  loan_officer" in run("invitations", "--organisation", "别家银行").output
    viewer = viewer_of(accept_as_new(token, "吴", PASSWORD, now=timezone.now()))
    assert (viewer.organisation, viewer.manages) == ("别家银行", True)
    assert run("invitations", "--organisation", "别家银行").output == "none\n"


def test_an_enterprise_is_not_given_to_anybody(cast):
    for refused in (
        run("invite", "wu@bank.cn", "--organisation", "恒远（虚构）"),
        run("add-person", "wu@bank.cn", "--organisation", "恒远（虚构）"),
    ):
        assert isinstance(refused.exception, AccountError)
        assert refused.exception.code == "proof_needed"


def test_an_invitation_is_withdrawn(cast):
    run("invite", "wu@bank.cn", "--organisation", "别家银行")
    key = Invitation.objects.get().key
    assert isinstance(
        run("withdraw-invitation", key, "--organisation", "海丰银行").exception, PeopleRefused
    )
    assert run("withdraw-invitation", key, "--organisation", "别家银行").exit_code == 0
    assert Invitation.objects.get().withdrawn_at is not None


def test_roles_are_set_and_ended_and_it_is_in_the_log(cast):
    bank = ("--organisation", "海丰银行")
    assert run("set-role", "Clerk@bank.cn", *bank, "--role", "compliance_officer").exit_code == 0
    assert cast.clerk.role == "compliance_officer"
    assert run("end-role", "clerk@bank.cn", *bank).exit_code == 0
    assert not Membership.objects.filter(person=cast.people["clerk"]).exists()
    refused = run("end-role", "clerk@bank.cn", *bank).exception
    assert isinstance(refused, PeopleRefused)
    log = run("log", *bank).output
    assert "role_ended  clerk@bank.cn (compliance_officer)  by the platform" in log
    assert "loan_officer → compliance_officer" in log


def test_a_role_of_another_kind_is_refused(cast):
    refused = run("set-role", "clerk@bank.cn", "--organisation", "海丰银行", "--role", "operator")
    assert refused.exception.code == "role_not_of_kind"


def test_the_list_tells_what_keeps_a_role_or_a_key_from_acting(cast):
    now = timezone.now()
    create_key(cast.bank, "接口", ["files"], valid_for=timedelta(days=10), now=now)
    listed = run("list").output
    assert "manager@bank.cn  loan_officer, manages" in listed
    assert "never used, ends soon: rotate it" in listed
    suspend_roles(cast.bank, "rivals", now)
    listed = run("list").output
    assert "clerk@bank.cn  loan_officer, rests (rivals)" in listed
    assert "ends soon: rotate it, rests" in listed


def test_a_key_is_rotated(cast):
    key, _ = create_key(
        cast.bank, "接口", ["files"], valid_for=timedelta(days=90), now=timezone.now()
    )
    made = run("rotate-key", key.prefix, "--overlap-days", "3")
    assert made.exit_code == 0, made.output
    assert ApiKey.objects.get(replaces=key).scopes == ["files"]
    refused = run("rotate-key", key.prefix, "--overlap-days", "8").exception
    assert refused.code == "key_overlap"


def test_support_sessions_are_shown(cast):
    assert run("support", "--organisation", "海丰银行").output == "none\n"
    ask_for_support(cast.operator, cast.bank.pk, "电话求助：查询", minutes=5, now=timezone.now())
    shown = run("support", "--organisation", "海丰银行").output
    assert "running  op1@platform.cn: 电话求助：查询" in shown
