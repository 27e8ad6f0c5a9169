"""Who reads which rows of the trail, and what they see of them."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from tests.trust.support import PASSWORD, ask
from xinrong.accounts.models import Person
from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.domain.clock import day_in_china
from xinrong.trust.services import Denied, Purpose, Stage
from xinrong.trust.trail.reading import (
    Search,
    TrailError,
    answer_doubt,
    doubt,
    doubts_of,
    query_of,
    search,
    shown,
    visible_to,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshots")]


@pytest.fixture
def readers(people: Any) -> Any:
    """A compliance officer of the bank, one of its rival, an auditor."""

    def person(name: str, organisation: Any, role: str) -> Any:
        made = create_person(
            f"{name}@example.cn", PASSWORD, name=name, organisation=organisation, role=role
        )
        return viewer_of(Person.objects.get(pk=made.pk))

    regulator = create_organisation("监管局", "regulator")
    return SimpleNamespace(
        bank=person("bank-compliance", people.bank, "compliance_officer"),
        outlet=person("outlet-compliance", people.outlet_organisation, "compliance_officer"),
        rival=person("rival-compliance", people.rival_bank, "compliance_officer"),
        auditor=person("auditor", regulator, "auditor"),
    )


@pytest.fixture
def asked(firms: Any, people: Any, everything: Any, consent: Any) -> dict[str, int]:
    """Who asked -> the number of the query."""
    credit = (Purpose.CREDIT, Stage.PRE_LOAN)
    return {
        "bank": ask(people.lender, firms[0], everything, *credit).audit_id,
        "outlet": ask(people.outlet, firms[0], everything, *credit).audit_id,
        "rival": ask(people.rival, firms[0], everything, *credit).audit_id,
        "self": ask(people.representative, firms[0], everything, Purpose.SELF).audit_id,
        "public": ask(people.public, firms[0], everything, Purpose.PUBLIC).audit_id,
        "other": ask(people.lender, firms[1], everything, *credit).audit_id,
    }


def seen(viewer: Any, looked_for: Search = Search()) -> set[int]:  # noqa: B008 - frozen
    return set(search(viewer, looked_for).values_list("pk", flat=True))


def test_each_reads_what_concerns_them(people, readers, asked):
    by = dict(asked)
    assert seen(people.representative) == {by["bank"], by["outlet"], by["rival"]}
    assert seen(readers.bank) == {by["bank"], by["outlet"], by["other"]}
    assert seen(readers.outlet) == {by["outlet"]}
    assert seen(readers.rival) == {by["rival"]}
    assert seen(readers.auditor) == set(by.values())


def test_nobody_else_reads_the_trail(people, asked):
    for who in (people.lender, people.operator, people.tax_officer, people.public):
        with pytest.raises(Denied):
            visible_to(who)


def test_an_enterprise_sees_the_institution_and_no_names_of_staff(people, readers, asked):
    [row] = [
        one
        for one in shown(people.representative, search(people.representative, Search()))
        if one.audit_id == asked["outlet"]
    ]
    assert (row.institution, row.organisation) == ("海丰银行", "海丰银行中心支行")
    assert row.person == ""
    assert row.purpose == "credit"
    assert "tax" in row.released
    assert dict(row.withheld) == {"secret": "never_shared"}
    [theirs] = shown(readers.outlet, search(readers.outlet, Search()))
    assert "outlet@example.cn" in theirs.person


def test_the_trail_is_searched_by_day_person_purpose_outlet_and_enterprise(firms, readers, asked):
    today = day_in_china(timezone.now())
    one = timedelta(days=1)
    assert seen(readers.bank, Search(first=today, last=today)) == seen(readers.bank)
    assert seen(readers.bank, Search(first=today + one)) == set()
    assert seen(readers.bank, Search(last=today - one)) == set()
    assert seen(readers.bank, Search(person="outlet@")) == {asked["outlet"]}
    assert seen(readers.bank, Search(organisation="中心支行")) == {asked["outlet"]}
    assert seen(readers.bank, Search(enterprise=firms[1].code)) == {asked["other"]}
    assert seen(readers.auditor, Search(purpose="self")) == {asked["self"]}
    assert seen(readers.bank, Search(outcome="denied")) == set()
    assert seen(readers.bank, Search(enterprise="nonsense")) == set()


def test_an_enterprise_cannot_search_by_names_of_staff(people, asked):
    assert seen(people.representative, Search(person="outlet@")) == seen(people.representative)


def test_a_doubt_goes_to_whoever_asked_and_is_answered_once(people, readers, asked):
    now = timezone.now()
    made = doubt(people.representative, asked["outlet"], " 我们没有  申请贷款 ", now=now)
    assert made.text == "我们没有 申请贷款"
    assert seen(readers.bank, Search(doubted=True)) == {asked["outlet"]}
    assert seen(readers.rival, Search(doubted=True)) == set()
    with pytest.raises(TrailError):
        doubt(people.representative, asked["outlet"], "again", now=now)
    with pytest.raises(TrailError):
        answer_doubt(readers.rival, made.pk, "not ours", now=now)
    with pytest.raises(TrailError):
        answer_doubt(readers.auditor, made.pk, "not mine", now=now)
    answer_doubt(readers.bank, made.pk, "a wrong name was typed", now=now)
    with pytest.raises(TrailError):
        answer_doubt(readers.bank, made.pk, "twice", now=now)
    [told] = doubts_of(query_of(people.representative, asked["outlet"]), people.representative)
    assert told.answer == "a wrong name was typed"


@pytest.mark.parametrize("which", ["other", "self", "public"])
def test_a_query_that_one_may_not_read_is_one_that_is_not_there(people, asked, which):
    with pytest.raises(TrailError) as theirs:
        query_of(people.representative, asked[which])
    with pytest.raises(TrailError) as nobodys:
        query_of(people.representative, 10**9)
    assert theirs.value.code == nobodys.value.code
    with pytest.raises(TrailError):
        doubt(people.representative, asked[which], "?", now=timezone.now())
