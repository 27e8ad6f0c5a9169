"""The usage accounts hold what a plain count over the rows holds."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from xinrong.domain.clock import FixedClock, day_in_china
from xinrong.trust.models import AuditRow, UsageDay
from xinrong.trust.sealing.sealer import Sealer
from xinrong.trust.trail.usage import count_usage, usage

pytestmark = pytest.mark.django_db
START = datetime(2026, 10, 29, 15, 30, tzinfo=UTC)


def rows(people, dice, count):
    banks = [people.bank.pk, people.outlet_organisation.pk, None]
    persons = [people.lender.person_id, people.outlet.person_id, None]
    for _ in range(count):
        AuditRow.objects.create(
            at=START + timedelta(hours=dice.randrange(200)),
            organisation_id=dice.choice(banks),
            person_id=dice.choice(persons),
            api_key=dice.choice([None, 7]),
            role="loan_officer",
            service="basic",
            purpose=dice.choice(["credit", "public"]),
            stage=dice.choice(["", "approval"]),
            product="record",
            enterprises=dice.sample(range(1, 9), dice.randrange(3)),
            outcome=dice.choice(["released", "denied", "failed"]),
        )


def counted_plainly():
    found = defaultdict(lambda: [0, set(), set(), defaultdict(int)])
    for row in AuditRow.objects.all():
        month = day_in_china(row.at).replace(day=1)
        one = found[month, row.organisation_id or 0, row.purpose, row.stage]
        one[0] += 1
        one[1] |= {("p", row.person_id)} if row.person_id else {("k", row.api_key)}
        one[2] |= set(row.enterprises)
        one[3][row.outcome] += 1
    return {
        key: (n, o["released"], o["denied"], o["failed"], len(who - {("k", None)}), len(firms))
        for key, (n, who, firms, o) in found.items()
    }


def accounts():
    return {
        (one.month, one.organisation, one.purpose, one.stage): (
            one.queries,
            one.released,
            one.denied,
            one.failed,
            one.users,
            one.enterprises,
        )
        for one in usage(date(2026, 10, 1), date(2026, 12, 31))
    }


def test_the_accounts_are_those_of_a_plain_count_however_they_were_added_up(people):
    dice, clock = Random(5), FixedClock(START + timedelta(days=20))
    sealer = Sealer(clock)
    for count in (40, 1, 0, 60):
        rows(people, dice, count)
        sealer.seal()
        assert count_usage() == count
    assert accounts() == counted_plainly()
    assert len({month for month, *_ in accounts()}) == 2


def test_what_is_counted_is_not_counted_again(people):
    rows(people, Random(1), 5)
    Sealer(FixedClock(START)).seal()
    count_usage()
    before = accounts()
    assert count_usage() == 0
    assert accounts() == before


def test_what_is_not_sealed_is_not_counted(people):
    rows(people, Random(1), 5)
    assert count_usage() == 0
    assert not UsageDay.objects.exists()


def test_an_institution_sees_its_own_accounts_only(people):
    rows(people, Random(2), 60)
    Sealer(FixedClock(START)).seal()
    count_usage()
    found = usage(date(2026, 10, 1), date(2026, 12, 31), [people.bank.pk])
    assert {one.organisation for one in found} == {people.bank.pk}
    assert usage(date(2026, 10, 1), date(2026, 12, 31), []) == []
