"""Counting what lenders decided: each enterprise once, as it stood when the day began."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.market.applying.cast import Cast
from xinrong.domain.clock import CHINA, day_in_china
from xinrong.market.errors import MarketRefused
from xinrong.market.league.approving import count_approvals, decided_before
from xinrong.market.matching import kept
from xinrong.market.matching.chances import LOOKED_BACK, Chances, Decided
from xinrong.market.models import ApprovalDay
from xinrong.market.services import applying
from xinrong.trust.services import Stage
from xinrong.work import services as work

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refuse(cast: Cast, one: Any) -> None:
    cast.to_diligence(one)
    cast.look(one, Stage.APPROVAL)
    applying.refuse(cast.officer(one), one.number, ["sum"], "金额过大", now=cast.now)


@pytest.fixture
def decided(cast: Cast) -> tuple[Cast, Any, Any]:
    """One firm: an offer of one lender, a refusal of another."""
    refused, offered = cast.apply(1), cast.apply(0)
    refuse(cast, refused)
    cast.to_offer(offered)
    return cast, offered, refused


def test_what_was_decided_counts_from_the_next_day_on(decided: tuple[Cast, Any, Any]) -> None:
    cast, offered, refused = decided
    today = day_in_china(cast.now)
    assert decided_before(today) == ({}, {}, Decided(0, 0))
    products, lenders, every = decided_before(today + DAY)
    assert products == {offered.product: Decided(1, 1), refused.product: Decided(1, 0)}
    assert lenders == {offered.lender: Decided(1, 1), refused.lender: Decided(1, 0)}
    assert every == Decided(1, 1), "one enterprise, which got an offer"
    assert decided_before(today + LOOKED_BACK + 2 * DAY)[2] == Decided(0, 0), "too long ago"


def test_a_refusal_that_was_overturned_is_none_from_then_on(cast: Cast) -> None:
    one = cast.apply(0)
    refuse(cast, one)
    refused_on = day_in_china(cast.now)
    cast.now += DAY
    applying.appeal(cast.firm, one.number, "请复核", now=cast.tick())
    applying.overturn(cast.chief(one), one.number, "改判", now=cast.tick())
    assert decided_before(refused_on + DAY)[2] == Decided(1, 0), "as it stood that day"
    assert decided_before(refused_on + 2 * DAY)[2] == Decided(0, 0)


def test_a_lender_that_never_answers_has_not_approved(cast: Cast) -> None:
    one = cast.apply(0)
    while cast.wait(one) != "unanswered":
        pass
    work.deliver(cast.now)
    _, lenders, _ = decided_before(day_in_china(cast.now) + DAY)
    assert lenders == {one.lender: Decided(1, 0)}


def test_what_the_enterprise_takes_back_says_nothing_of_the_lender(cast: Cast) -> None:
    one = cast.apply(0)
    applying.withdraw(cast.firm, one.number, now=cast.now)
    assert decided_before(day_in_china(cast.now) + DAY)[2] == Decided(0, 0)


def test_figures_of_fewer_than_ten_are_not_kept(decided: tuple[Cast, Any, Any]) -> None:
    cast, _, _ = decided
    row = count_approvals(cast.now + DAY)
    assert row is not None
    assert (row.products, row.lenders, row.every) == ({}, {}, [1, 1])


def test_a_day_is_counted_once_and_kept_only_where_it_differs(
    decided: tuple[Cast, Any, Any],
) -> None:
    cast, _, _ = decided
    assert count_approvals(cast.now + DAY) is not None
    assert count_approvals(cast.now + DAY) is None
    assert count_approvals(cast.now) is None, "never for a day before one that is there"
    assert count_approvals(cast.now + 2 * DAY) is None, "the same figures"
    assert ApprovalDay.objects.count() == 1


def test_a_day_without_figures_of_its_own_has_those_before_it(cast: Cast) -> None:
    first, later = datetime(2026, 5, 1, tzinfo=CHINA), datetime(2026, 6, 1, tzinfo=CHINA)
    for at, offered in ((first, 10), (later, 20)):
        ApprovalDay.objects.create(
            day=at.date(), products={"p": [20, offered]}, lenders={}, every=[40, 20], made_at=at
        )
    may = kept.chances_on(later.date() - DAY)
    assert may == Chances(first.date(), {"p": Decided(20, 10)}, {}, Decided(40, 20))
    assert kept.chances_on(later.date()).products == {"p": Decided(20, 20)}
    assert kept.chances_on(first.date() - DAY) == Chances()


def test_a_match_ranked_by_figures_that_are_gone_says_so() -> None:
    with pytest.raises(MarketRefused) as refused:
        kept.chances_of_day(datetime(2026, 5, 1, tzinfo=CHINA).date())
    assert refused.value.code == "match_chances_unknown"
