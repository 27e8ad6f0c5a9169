"""A lender's own borrowers: what each owes, whose loan is looked at next, and whose consent stands."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.market.applying.cast import Cast, officer
from xinrong.domain.clock import day_in_china
from xinrong.domain.loans import LoanTerms, Repayment
from xinrong.market.applying.borrowers import AGAIN, FIRST, SOONER
from xinrong.market.services import applying
from xinrong.trust.services import Stage, consenting

pytestmark = pytest.mark.django_db


@pytest.fixture
def lent(cast: Cast) -> tuple[Cast, Any]:
    one = cast.apply(0)
    cast.to_contract(one)
    cast.pay_out(one)
    return cast, one


def borrowers(cast: Cast, one: Any, days: int = 0) -> list[applying.Borrower]:
    return applying.borrowers_of(cast.officer(one), cast.now + timedelta(days=days))


def consent_after(cast: Cast, one: Any) -> None:
    """The enterprise grants what it was asked for when the contract was signed."""
    loan = applying.loan_of(one.number)
    assert loan is not None
    levels = applying.wanted(cast.now, (Stage.POST_LOAN,)).levels
    answer = consenting.Answer(levels, levels)
    by = consenting.Party("representative", cast.firm.organisation_id, cast.firm.person_id)
    cast.now = timezone.now()  # from then on it is looked at: not before it was granted
    consenting.grant(loan.consent_request, one.enterprise_id, by, answer, now=cast.now)


def reviewed(cast: Cast, one: Any, finding: str) -> None:
    cast.look(one, Stage.POST_LOAN)
    cast.now = timezone.now()
    applying.review_loan(cast.officer(one), one.number, finding, "已走访", now=cast.now)


def test_a_loan_is_looked_at_a_month_after_its_money_came(lent: tuple[Cast, Any]) -> None:
    cast, one = lent
    [found] = borrowers(cast, one)
    assert found.sums.owed == Decimal(500_000)
    assert found.lent_on == day_in_china(cast.now)
    assert found.look_by == found.lent_on + FIRST
    assert not found.late
    assert not borrowers(cast, one, FIRST.days)[0].late, "the day itself is in time"
    assert borrowers(cast, one, FIRST.days + 1)[0].late


def test_a_sound_loan_waits_longer_than_one_to_be_watched(lent: tuple[Cast, Any]) -> None:
    cast, one = lent
    consent_after(cast, one)
    for finding, later in (("sound", AGAIN), ("watch", SOONER), ("arrears", SOONER)):
        reviewed(cast, one, finding)
        [found] = borrowers(cast, one)
        assert found.review is not None
        assert found.review.finding == finding
        assert found.look_by == day_in_china(cast.now) + later


def test_it_says_whether_the_consent_after_the_loan_stands(lent: tuple[Cast, Any]) -> None:
    cast, one = lent
    assert borrowers(cast, one)[0].after == "asked"
    consent_after(cast, one)
    assert borrowers(cast, one)[0].after == "stands"
    loan = applying.loan_of(one.number)
    assert loan is not None
    loan.consent_request = ""
    loan.save()
    consenting.Consent.objects.update(revoked_at=cast.now)
    assert borrowers(cast, one)[0].after == "none"


def test_what_was_not_paid_as_offered_is_marked_and_repayments_lower_the_balance(
    cast: Cast,
) -> None:
    one = cast.apply(0)
    cast.to_contract(one)
    dearer = LoanTerms(Decimal(500_000), Decimal("0.05"), Repayment.INTEREST_FIRST, months=12)
    cast.pay_out(one, made=dearer)
    cast.pay_back(one, 120_000)
    [found] = borrowers(cast, one)
    assert found.differs
    assert found.sums.owed == Decimal(380_000)


def test_a_closed_loan_leaves_and_the_most_overdue_stands_first(lent: tuple[Cast, Any]) -> None:
    cast, one = lent
    cast.pay_back(one, 500_000)
    assert len(borrowers(cast, one)) == 1, "repaid, not closed yet"
    applying.close(cast.officer(one), one.number, day_in_china(cast.now), now=cast.tick())
    assert borrowers(cast, one) == []


def test_nobody_sees_another_lenders_borrowers(lent: tuple[Cast, Any]) -> None:
    cast, one = lent
    other = cast.officers[cast.lender_of(cast.products[1])]
    outlet = officer("outlet", cast.outlets[one.lender])
    for who in (other, outlet, cast.firm):
        assert applying.borrowers_of(who, cast.now) == []


def test_the_list_takes_a_few_statements_however_long_it_is(
    lent: tuple[Cast, Any], django_assert_max_num_queries: Any
) -> None:
    cast, one = lent
    with django_assert_max_num_queries(9):
        borrowers(cast, one)
