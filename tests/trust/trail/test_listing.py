"""A page of the trail that is found by the usage accounts is the page of a plain list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.trust.trail.test_reading import readers
from xinrong.accounts.models import Person
from xinrong.accounts.services import Viewer
from xinrong.domain.clock import FixedClock, day_in_china
from xinrong.trust.models import AuditRow
from xinrong.trust.sealing.sealer import Sealer
from xinrong.trust.trail import listing
from xinrong.trust.trail.listing import closed_before, listed
from xinrong.trust.trail.reading import MOST_PEOPLE, Search, TrailError, search
from xinrong.trust.trail.usage import count_usage

__all__ = ["readers"]
pytestmark = pytest.mark.django_db
START = datetime(2026, 10, 20, 1, tzinfo=UTC)
HOURS = 24 * 12


def write(people: Any, dice: Random, count: int, first: int, last: int) -> None:
    """Rows in the order of time, between two hours after START."""
    banks = [people.bank.pk, people.outlet_organisation.pk, people.rival_bank.pk, None]
    moments = sorted(dice.uniform(first, last) for _ in range(count))
    AuditRow.objects.bulk_create(
        AuditRow(
            at=START + timedelta(hours=moment),
            organisation_id=dice.choice(banks),
            person_id=people.lender.person_id if dice.random() < 0.3 else None,
            role="loan_officer",
            service="basic",
            purpose="advice" if dice.random() < 0.04 else dice.choice(["credit", "public"]),
            product="record",
            outcome=dice.choices(["released", "denied", "failed"], [80, 15, 5])[0],
        )
        for moment in moments
    )


@pytest.fixture
def trail(people: Any) -> None:
    """Three hundred rows of twelve days that are counted, and thirty that are not."""
    dice = Random(11)
    write(people, dice, 300, 0, HOURS - 30)
    Sealer(FixedClock(START + timedelta(hours=HOURS))).seal()
    count_usage()
    write(people, dice, 30, HOURS - 30, HOURS)


SEARCHES = [
    Search(),
    Search(purpose="credit"),
    Search(purpose="advice"),
    Search(outcome="denied"),
    Search(outcome="failed", purpose="public"),
    Search(organisation="海丰"),
    Search(organisation="别家", purpose="advice", outcome="released"),
    Search(organisation="没有这家"),
    Search(person="lender@"),
    Search(first=day_in_china(START + timedelta(days=3))),
    Search(last=day_in_china(START + timedelta(days=3)), outcome="denied"),
    Search(
        first=day_in_china(START + timedelta(days=2)), last=day_in_china(START + timedelta(days=5))
    ),
    Search(first=day_in_china(START + timedelta(days=30))),
]


@pytest.mark.parametrize("few", [0, 1, 20])
@pytest.mark.parametrize("who", ["auditor", "bank", "rival"])
def test_a_page_is_that_of_the_plain_list(
    trail: None, readers: Any, monkeypatch: pytest.MonkeyPatch, who: str, few: int
) -> None:
    monkeypatch.setattr(listing, "FEW", few)
    viewer = getattr(readers, who)
    for looked_for in SEARCHES:
        plain = list(search(viewer, looked_for).values_list("pk", flat=True))
        for offset, size in ((0, 30), (7, 30), (35, 10), (100, 50), (0, 1_000), (5_000, 30)):
            found = listed(viewer, looked_for, offset=offset, size=size)
            start = max(0, min(offset, len(plain) - 1))
            shown = [row.pk for row in found.rows]
            assert shown == plain[start : start + size], (looked_for, offset, size)
            assert (found.total, found.offset) == (len(plain), start)


def test_rows_of_days_that_are_counted_are_neither_counted_nor_read_through_again(
    trail: None, readers: Any
) -> None:
    closed = closed_before()
    assert closed is not None
    with CaptureQueriesContext(connection) as caught:
        found = listed(readers.auditor, Search(purpose="advice"), size=5)
    assert found.total > 5
    about_rows = [one["sql"] for one in caught if 'FROM "trust_auditrow"' in one["sql"]]
    assert len(about_rows) <= 2 + 5
    assert all('"trust_auditrow"."at" >=' in sql for sql in about_rows)


def test_a_trail_that_was_never_counted_is_listed_all_the_same(people: Any, readers: Any) -> None:
    write(people, Random(3), 40, 0, HOURS)
    assert closed_before() is None
    assert listed(readers.auditor, Search(), size=100).total == 40


def test_rows_that_wait_for_their_count_are_listed(people: Any, readers: Any, trail: None) -> None:
    write(people, Random(4), 5, HOURS, HOURS + 200)
    found = listed(readers.auditor, Search(), size=5)
    assert found.total == 335
    assert [row.pk for row in found.rows] == list(
        AuditRow.objects.order_by("-at", "-pk").values_list("pk", flat=True)[:5]
    )


def test_part_of_a_name_that_many_people_have_is_not_looked_for(readers: Any, trail: None) -> None:
    Person.objects.bulk_create(
        Person(email=f"clerk{number}@example.cn", name="柜员") for number in range(MOST_PEOPLE + 1)
    )
    assert listed(readers.auditor, Search(person="clerk7@"), size=5).total == 0
    with pytest.raises(TrailError) as caught:
        listed(readers.auditor, Search(person="柜员"), size=5)
    assert caught.value.code == "too_many_people"


def test_an_enterprise_reads_its_own_by_their_index(trail: None, people: Any, firms: Any) -> None:
    viewer: Viewer = people.representative
    assert listed(viewer, Search()).rows == []
    row = AuditRow.objects.create(
        at=timezone.now(), organisation=people.bank, role="loan_officer", service="basic",
        purpose="credit", product="record", enterprises=[firms[0].pk], outcome="released",
    )  # fmt: skip
    row.subjects.create(enterprise=firms[0])
    assert listed(viewer, Search()).rows == [row]
