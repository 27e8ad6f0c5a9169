"""From the application to the last repayment, and what may not happen on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.market.applying.cast import Cast
from xinrong.domain.clock import day_in_china
from xinrong.domain.loans import BadTerms, LoanTerms, Repayment
from xinrong.domain.process import MoveRefused
from xinrong.market.errors import MarketRefused
from xinrong.market.services import applying, needs
from xinrong.notices.services import Notice
from xinrong.trust.services import Stage, consenting

pytestmark = pytest.mark.django_db


def refused(code: str, act: Callable[..., Any], *given: Any, **more: Any) -> str:
    with pytest.raises((MarketRefused, MoveRefused)) as wrong:
        act(*given, **more)
    assert wrong.value.code == code
    return str(wrong.value)


def test_a_need_becomes_a_loan_that_is_repaid_and_closed(cast: Cast) -> None:
    one = cast.apply()
    assert cast.state(one) == "submitted"
    cast.to_contract(one)
    paid = cast.pay_out(one)
    assert paid.differences == []
    assert needs.need_by_number(cast.need).state == "answered"
    asked = consenting.ConsentRequest.objects.get(loan_reference="合同-1")
    assert (asked.stages, asked.state) == (["post_loan"], "asked")
    cast.pay_back(one, 500_000, interest=Decimal("17250.00"))
    assert cast.state(one) == "repaying"
    assert applying.sums_of([one.number])[one.number].owed == 0
    applying.close(cast.officer(one), one.number, day_in_china(cast.now), now=cast.tick())
    assert cast.state(one) == "closed"
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_nothing_moves_without_a_logged_query_at_that_stage(cast: Cast) -> None:
    one = cast.apply()
    who, number = cast.officer(one), one.number
    applying.accept(who, number, now=cast.now)
    said = refused("move_guard", applying.investigate, who, number, now=cast.now)
    assert "at the stage pre_loan" in said
    cast.look(one, Stage.PRE_LOAN)
    applying.investigate(who, number, now=cast.now)
    offering = cast.offering(one)
    said = refused("move_guard", applying.make_offer, who, number, offering, now=cast.now)
    assert "at the stage approval" in said
    assert applying.offer_of(number) is None
    cast.look(one, Stage.APPROVAL)
    applying.make_offer(who, number, offering, now=cast.now)
    applying.choose(cast.firm, number, now=cast.now)
    cast.sign(one)
    cast.pay_out(one)
    said = refused(
        "move_guard", applying.review_loan, who, number, "sound", now=cast.tick()
    )  # fmt: skip
    assert "at the stage post_loan" in said


def test_a_disbursement_above_the_contract_or_without_one_is_refused(cast: Cast) -> None:
    one = cast.apply()
    refused("contract_none", cast.pay_out, one)
    cast.to_contract(one)
    said = refused("payment_over", cast.pay_out, one, principal=Decimal("500000.01"))
    assert "500,000.01" in said
    cast.pay_out(one, principal=Decimal(300_000), last=False)
    refused("payment_over", cast.pay_out, one, reference="放款-2", principal=Decimal(200_001))
    for principal in ("0", "-1", "1.234", "1e12"):
        refused("payment_amount", cast.pay_out, one, reference="3", principal=Decimal(principal))
    later = day_in_china(cast.now) + timedelta(days=1)
    refused("payment_day", cast.pay_out, one, reference="3", paid_on=later)
    assert cast.state(one) == "disbursed"


def test_what_is_not_disbursed_as_promised_is_flagged_to_all_three(cast: Cast) -> None:
    one = cast.apply()
    cast.to_contract(one)
    dearer = LoanTerms(
        Decimal(500_000), Decimal("0.0365"), Repayment.INTEREST_FIRST, months=12,
        since=day_in_china(cast.now),
    )  # fmt: skip
    paid = cast.pay_out(one, made=dearer, received=Decimal(495_000))
    names = {line["name"]["zh"] for line in paid.differences}
    assert {"合同年利率", "利息合计", "综合年化成本", "实际到账"} <= names
    told = Notice.objects.filter(kind="disbursement_differs")
    assert {one.role for one in told} == {"representative", "loan_officer"}  # no operator here


def test_a_payment_told_twice_is_one_and_with_other_figures_refused(cast: Cast) -> None:
    one = cast.apply()
    cast.to_contract(one)
    first = cast.pay_out(one)
    assert cast.pay_out(one).pk == first.pk
    refused("payment_differs", cast.pay_out, one, principal=Decimal(400_000))
    who, number = cast.officer(one), one.number
    right = applying.Paid("放款-1", day_in_china(cast.now), Decimal(400_000), last=False)
    refused("payment_why", applying.correct, who, number, right, " ", now=cast.tick())
    applying.correct(who, number, right, "录入错误", now=cast.tick())
    assert applying.sums_of([number])[number].disbursed == 400_000
    refused("payment_over", cast.pay_back, one, 400_001)
    cast.pay_back(one, 300_000)
    lower = applying.Paid("放款-1", day_in_china(cast.now), Decimal(200_000), last=False)
    refused("payment_over", applying.correct, who, number, lower, "误", now=cast.tick())
    refused("move_guard", applying.close, who, number, day_in_china(cast.now), now=cast.tick())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": Decimal(500_001)}, "offer_above_need"),
        ({"rate": Decimal("0.24")}, "offer_above_range"),
    ],
)
def test_an_offer_stays_within_the_need_and_what_was_published(
    cast: Cast, changes: dict[str, Any], code: str
) -> None:
    one = cast.apply()
    cast.to_diligence(one)
    cast.look(one, Stage.APPROVAL)
    offering = cast.offering(one, **changes)
    refused(code, applying.make_offer, cast.officer(one), one.number, offering, now=cast.now)


@pytest.mark.parametrize("rate", ["0", "-0.01"])
def test_a_rate_of_nothing_or_less_is_no_offer(cast: Cast, rate: str) -> None:
    one = cast.apply()
    with pytest.raises(BadTerms):
        cast.offering(one, rate=Decimal(rate))
    free = cast.offering(one, rate=Decimal(0), interest_free=True)
    assert applying.check_offer(one, free, cast.now) == 0
