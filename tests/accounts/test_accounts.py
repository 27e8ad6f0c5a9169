"""Organisations, people, keys and who acts, as rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.contrib.auth.models import AnonymousUser

from xinrong.accounts.enums import ROLES_OF, OrganisationKind, Role
from xinrong.accounts.models import ApiKey, Membership, Person
from xinrong.accounts.services import (
    PUBLIC,
    AccountError,
    KeyRefused,
    create_key,
    create_organisation,
    create_person,
    make_demo_accounts,
    organisation_named,
    proof,
    revoke_key,
    sign_in,
    still_acts,
    viewer_of,
    viewer_of_key,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PASSWORD = "a long enough passphrase 7"


@pytest.fixture
def bank():
    return create_organisation("海丰银行", "bank")


def officer(bank, email="li@bank.cn"):
    return create_person(email, PASSWORD, name="李", organisation=bank, role="loan_officer")


# --- organisations and people ----------------------------------------------------------------


def test_every_kind_of_organisation_has_a_role_and_every_role_a_kind():
    assert set(ROLES_OF) == set(OrganisationKind)
    assert {role for roles in ROLES_OF.values() for role in roles} == set(Role)


@pytest.mark.parametrize("kind", ["department", "enterprise"])
def test_a_department_and_an_enterprise_name_who_they_are(kind):
    with pytest.raises(AccountError):
        create_organisation("某", kind)


def test_a_name_and_a_reference_belong_to_one_organisation(bank):
    create_organisation("税务局", "department", reference="tax")
    for name, reference in (("税务局", "other"), ("另一", "tax")):
        with pytest.raises(AccountError) as error:
            create_organisation(name, "department", reference=reference)
        assert error.value.code == "organisation_exists"


def test_only_a_bank_has_outlets_and_outlets_have_none(bank):
    outlet = create_organisation("支行", "bank", parent=bank)
    with pytest.raises(AccountError):
        create_organisation("支行的支行", "bank", parent=outlet)
    with pytest.raises(AccountError):
        create_organisation("平台", "operator", parent=bank)


def test_a_role_belongs_to_its_kind_of_organisation(bank):
    for role in ("operator", "data_officer", "representative", "root"):
        with pytest.raises(AccountError):
            create_person("a@b.cn", PASSWORD, name="", organisation=bank, role=role)
    assert not Person.objects.exists()


@pytest.mark.parametrize("password", ["short", "password1234", ""])
def test_a_weak_password_is_refused(bank, password):
    with pytest.raises(AccountError):
        create_person("a@b.cn", password, name="", organisation=bank, role="loan_officer")


def test_a_second_organisation_does_not_change_the_password(bank):
    officer(bank)
    other = create_organisation("别家", "bank")
    create_person("LI@bank.cn", "", name="", organisation=other, role="loan_officer")
    assert Person.objects.get().check_password(PASSWORD)
    with pytest.raises(AccountError):
        create_person("li@bank.cn", "", name="", organisation=other, role="loan_officer")


# --- who acts --------------------------------------------------------------------------------


def test_nobody_is_the_public(bank):
    person = officer(bank)
    assert viewer_of(None) == viewer_of(AnonymousUser()) == PUBLIC
    person.is_active = False
    assert viewer_of(person) == PUBLIC


def test_a_person_without_a_role_sees_as_the_public(bank):
    person = officer(bank)
    Membership.objects.all().delete()
    assert viewer_of(person).role == "public"


def test_a_person_acts_for_the_chosen_organisation_or_the_first(bank):
    person = officer(bank)
    other = create_organisation("别家", "bank")
    create_person("li@bank.cn", "", name="", organisation=other, role="loan_officer")
    stranger = create_organisation("第三家", "bank")
    assert viewer_of(person).organisation_id == bank.pk
    assert viewer_of(person, other.pk).organisation_id == other.pk
    assert viewer_of(person, stranger.pk).role == "public"


def test_an_outlets_people_may_use_the_consents_of_their_bank(bank):
    outlet = create_organisation("支行", "bank", parent=bank)
    assert viewer_of(officer(outlet)).grantees == (outlet.pk, bank.pk)
    assert viewer_of(officer(bank, "w@bank.cn")).grantees == (bank.pk,)


def test_a_role_holds_until_the_membership_or_the_person_ends(bank):
    person = officer(bank)
    viewer = viewer_of(person)
    assert still_acts(viewer, now=NOW)
    Person.objects.update(is_active=False)
    assert not still_acts(viewer, now=NOW)
    Person.objects.update(is_active=True)
    Membership.objects.all().delete()
    assert not still_acts(viewer, now=NOW)


# --- API keys --------------------------------------------------------------------------------


def key(bank, **changes):
    values = {"valid_for": timedelta(days=30), "now": NOW, **changes}
    return create_key(bank, "测试", ["files"], **values)


def test_a_token_is_kept_as_a_digest_only(bank):
    made, token = key(bank)
    stored = ApiKey.objects.values().get()
    assert token not in str(stored)
    assert token.startswith(made.prefix)
    assert len(token) - len(made.prefix) > 40


def test_a_key_acts_for_its_organisation_in_its_role(bank):
    made, token = key(bank)
    viewer = viewer_of_key(token, now=NOW)
    assert (viewer.organisation_id, viewer.role) == (bank.pk, "loan_officer")
    assert (viewer.person_id, viewer.key_id) == (None, made.pk)
    assert still_acts(viewer, now=NOW)


def refusal(token, now=NOW):
    with pytest.raises(KeyRefused) as caught:
        viewer_of_key(token, now=now)
    return caught.value.code


def test_an_unknown_expired_or_revoked_key_opens_nothing(bank):
    made, token = key(bank)
    viewer = viewer_of_key(token, now=NOW)
    assert refusal("") == refusal(token[:-1]) == refusal(token + "x") == "key_unknown"
    assert refusal(token, NOW + timedelta(days=30)) == "key_expired"
    assert not still_acts(viewer, now=NOW + timedelta(days=30))
    revoke_key(made, now=NOW)
    assert refusal(token) == "key_revoked"
    assert not still_acts(viewer, now=NOW)


def test_a_key_has_an_end_and_lawful_scopes(bank):
    for changes in ({"valid_for": timedelta(0)}, {"valid_for": timedelta(days=400)}):
        with pytest.raises(AccountError):
            key(bank, **changes)
    for scopes in ([], ["everything"]):
        with pytest.raises(AccountError):
            create_key(bank, "x", scopes, valid_for=timedelta(days=1), now=NOW)
    assert not ApiKey.objects.exists()


# --- demo and command line -------------------------------------------------------------------


def test_demo_passwords_are_new_on_each_run_and_open_the_door(region):
    firm = proof.RegisterFacts(
        "91110108MA01ABCD1X", "虚构企业", True, False, legal_representative=None, invented=True
    )
    first = make_demo_accounts(region, firm)
    second = make_demo_accounts(region, firm)
    assert [one.email for one in first] == [one.email for one in second]
    assert not {one.password for one in first} & {one.password for one in second}
    roles = []
    for one in second:
        person = sign_in(one.email, one.password, address="127.0.0.1", now=NOW)
        roles.append(viewer_of(person).role)
    assert sorted(roles) == ["data_officer", "loan_officer", "operator", "representative"]


def run(*arguments, **more):
    from xinrong.cli.accounts import command

    return CliRunner().invoke(command, arguments, **more)


def test_the_command_line_adds_and_lists(tmp_path):
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n")
    assert run("add-organisation", "海丰银行", "--kind", "bank").exit_code == 0
    added = run(
        "add-person", "li@bank.cn", "--organisation", "海丰银行", "--password-file", str(secret)
    )
    assert added.exit_code == 0, added.output
    asked = run("add-person", "wu@bank.cn", "--organisation", "海丰银行", input=f"{PASSWORD}\n" * 2)
    assert asked.exit_code == 0
    assert PASSWORD not in asked.output
    made = run("add-key", "接口", "--organisation", "海丰银行", "--scope", "files")
    token = made.stdout.strip().splitlines()[-1]
    assert viewer_of_key(token, now=datetime.now(UTC)).organisation == "海丰银行"
    listed = run("list").output
    assert "li@bank.cn" in listed
    assert token not in listed
    assert Person.objects.get(email="li@bank.cn").check_password(PASSWORD)
    revoked = run("revoke-key", ApiKey.objects.get().prefix)
    assert revoked.exit_code == 0
    assert refusal(token, datetime.now(UTC)) == "key_revoked"


def test_an_unknown_organisation_is_named_in_the_error():
    with pytest.raises(AccountError, match="没有"):
        organisation_named("没有")
