"""A forgotten password: a manager's link chooses a new one, and opens nothing by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.signing import give_app
from xinrong.accounts.errors import AccountError
from xinrong.accounts.mfa import renewing
from xinrong.accounts.mfa.errors import FactorRefused
from xinrong.accounts.mfa.models import FactorEvent, PasswordLink, SignedIn
from xinrong.accounts.models import Membership
from xinrong.accounts.services import create_organisation, create_person, viewer_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, 10, tzinfo=UTC)
PASSWORD, NEW = "a long enough passphrase 7", "an altogether different phrase 9"


@pytest.fixture
def people():
    made = {}
    for name, organisation, kind, role in (
        ("li", "海丰银行（虚构）", "bank", "loan_officer"),
        ("boss", "海丰银行（虚构）", "bank", "loan_officer"),
        ("other", "海潮银行（虚构）", "bank", "loan_officer"),
        ("operator", "平台（虚构）", "operator", "operator"),
    ):
        from xinrong.accounts.models import Organisation

        where = Organisation.objects.filter(name=organisation).first()
        made[name] = create_person(
            f"{name}@example.cn", PASSWORD, name=name, role=role,
            organisation=where or create_organisation(organisation, kind),
        )  # fmt: skip
        give_app(made[name])
    Membership.objects.filter(person__in=[made["boss"], made["other"]]).update(manages=True)
    return made


def link(people, by="boss", whom="li"):
    return renewing.make_link(viewer_of(people[by]), f"{whom}@example.cn", now=NOW)


def refusal(call, *args, **kwargs):
    try:
        return call(*args, **kwargs)
    except (FactorRefused, AccountError) as error:
        return error.code


def test_a_new_password_is_chosen_once_and_every_session_ends(people):
    token = link(people)
    person = people["li"]
    SignedIn.objects.create(person=person, session_key="k", began_at=NOW, seen_at=NOW)
    renewing.choose_password(token, NEW, now=NOW)
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert not SignedIn.objects.exists()
    assert refusal(renewing.choose_password, token, PASSWORD, now=NOW) == "link_closed"
    said = FactorEvent.objects.order_by("pk")
    assert [(row.what, row.by) for row in said] == [
        ("password_link", people["boss"]), ("password_changed", None),
    ]  # fmt: skip


def test_a_weak_password_does_not_use_the_link_up(people):
    token = link(people)
    assert refusal(renewing.choose_password, token, "password", now=NOW) == "unfit_credentials"
    assert renewing.choose_password(token, NEW, now=NOW) == people["li"]


def test_a_link_ends_after_a_day_and_when_a_newer_one_is_made(people):
    token = link(people)
    late = NOW + renewing.VALID
    assert refusal(renewing.choose_password, token, NEW, now=late) == "link_closed"
    assert renewing.person_of_link(token, now=late - timedelta(seconds=1)) == people["li"]
    link(people)
    assert refusal(renewing.choose_password, token, NEW, now=NOW) == "link_closed"


def test_the_token_is_kept_nowhere(people):
    token = link(people)
    assert token not in str(PasswordLink.objects.values().get())


@pytest.mark.parametrize(
    ("by", "whom"),
    [("li", "boss"), ("other", "li"), ("boss", "boss"), ("boss", "other"), ("boss", "nobody")],
)
def test_only_ones_own_manager_makes_a_link(people, by, whom):
    assert refusal(link, people, by, whom) == "renewal_refused"


def test_an_operator_makes_one_only_where_a_second_factor_protects_the_account(people):
    assert link(people, "operator", "boss")
    people["boss"].factors.all().delete()
    assert refusal(link, people, "operator", "boss") == "renewal_refused"


def test_without_a_second_factor_a_manager_does_not_reach_roles_elsewhere(people):
    person = people["li"]
    person.factors.all().delete()
    assert link(people)
    elsewhere = people["other"].memberships.get().organisation
    create_person("li@example.cn", "", name="", organisation=elsewhere, role="loan_officer")
    assert refusal(link, people) == "renewal_refused"
    give_app(person)
    assert link(people)
