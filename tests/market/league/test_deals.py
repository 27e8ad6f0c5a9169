"""Figures of deals that went through the real services, against what is counted by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.market.applying.cast import Cast
from xinrong.domain.clock import day_in_china
from xinrong.market.errors import MarketRefused
from xinrong.market.league.deals import Period, deals_of
from xinrong.market.services import applying, league
from xinrong.trust.services import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def deals(cast: Cast) -> tuple[Cast, Any, Any]:
    """One loan that was paid out, and one refusal, of two banks."""
    refused, lent = cast.apply(1), cast.apply(0)
    cast.to_diligence(refused)
    cast.look(refused, Stage.APPROVAL)
    applying.refuse(
        cast.officer(refused), refused.number, ["quota", "sum"], "额度已用完", now=cast.now
    )
    cast.to_contract(lent)
    cast.pay_out(lent)
    return cast, lent, refused


def test_a_row_says_what_became_of_an_application(deals: tuple[Cast, Any, Any]) -> None:
    cast, lent, refused = deals
    found = deals_of(Period.year_to(day_in_china(cast.now)))
    rows = {one["product"]: one for one in found.deals.to_pylist()}
    paid, turned_down = rows[lent.product], rows[refused.product]
    assert paid["lent"]
    assert paid["offered"]
    assert not paid["refused"]
    assert paid["lent_fen"] == 500_000_00
    assert paid["rate"] == pytest.approx(0.0345)
    offer = applying.offer_of(lent.number)
    assert offer is not None
    assert paid["annual"] == pytest.approx(float(offer.annual))
    assert paid["pure_credit"]
    assert paid["area"] == turned_down["area"]
    assert paid["answer_days"] == 0
    assert turned_down["refused"]
    assert not turned_down["lent"]
    assert turned_down["reasons"] == 2
    reasons = {one["reason"] for one in found.refusals.to_pylist()}
    assert reasons == {"quota", "sum"}


def test_a_bank_sees_its_own_figures_exactly_and_nobody_elses(
    deals: tuple[Cast, Any, Any],
) -> None:
    cast, lent, refused = deals
    mine = league.own(cast.officer(lent), league.By.BANK, now=cast.now)
    assert mine.rows == (lent.lender,)
    assert mine.of(lent.lender, "loans") == 1
    assert mine.of(lent.lender, "lent") == 50
    assert mine.of(lent.lender, "lowest_rate") == pytest.approx(3.45)
    assert mine.of(lent.lender, "pure_credit") == 100
    assert mine.of(lent.lender, "approval") == 100
    assert (mine.of(lent.lender, "all_in_cost") or 0) >= 3.4
    other = league.own(cast.officer(refused), league.By.ALL, now=cast.now)
    assert other.of("all", "approval") == 0
    assert other.of("all", "unexplained") == 0
    assert other.reasons["all"] == {"quota": 1, "sum": 1}
    assert other.of("all", "loans") == 0
    assert other.of("all", "all_in_cost") is None, "of no loan"
    by_outlet = league.own(cast.officer(lent), league.By.OUTLET, now=cast.now)
    assert by_outlet.rows == (str(lent.organisation_id),)


def test_two_deals_are_published_to_nobody(deals: tuple[Cast, Any, Any]) -> None:
    cast, _lent, _refused = deals
    for by in league.By:
        found = league.published(by, now=cast.now)
        shown = [value for one in found.figures.values() for value in one.values()]
        assert shown
        assert all(value is None for value in shown), by
        assert all(value is None for one in found.reasons.values() for value in one.values())


def test_only_a_bank_has_a_table_of_its_own(deals: tuple[Cast, Any, Any]) -> None:
    cast, _lent, _refused = deals
    with pytest.raises(MarketRefused):
        league.own(cast.firm, league.By.ALL, now=cast.now)


def test_an_application_that_nobody_answers_counts_as_silent(cast: Cast) -> None:
    one = cast.apply(0)
    cast.wait(one)
    mine = league.own(cast.officer(one), league.By.ALL, now=cast.now)
    assert mine.of("all", "silent") == 100
    assert mine.of("all", "answer_days") is None


def test_a_refusal_that_was_overturned_is_no_refusal_any_more(deals: tuple[Cast, Any, Any]) -> None:
    cast, _lent, refused = deals
    before = league.own(cast.officer(refused), league.By.ALL, now=cast.now)
    assert before.of("all", "overturned") is None, "nobody has appealed"
    applying.appeal(cast.firm, refused.number, "请复核", now=cast.tick())
    cast.look(refused, Stage.APPROVAL, cast.chief(refused))
    applying.overturn(cast.chief(refused), refused.number, "复核同意", now=cast.tick())
    after = league.own(cast.officer(refused), league.By.ALL, now=cast.now)
    assert after.of("all", "overturned") == 100
    assert after.of("all", "approval") is None, "it is decided no more"
    assert after.reasons == {}


def test_a_period_counts_the_day_in_china_on_which_it_was_sent(
    deals: tuple[Cast, Any, Any],
) -> None:
    cast, lent, _refused = deals
    day = day_in_china(cast.now)
    assert deals_of(Period(day, day)).deals.num_rows == 2
    assert deals_of(Period(day - timedelta(days=9), day - timedelta(days=1))).deals.num_rows == 0
    assert deals_of(Period(day, day), institution=lent.institution_id).deals.num_rows == 1


def test_figures_are_computed_once_until_a_deal_changes(cast: Cast) -> None:
    one = cast.apply(0)
    first = league.published(league.By.ALL, now=cast.now)
    assert league.published(league.By.ALL, now=cast.now) is first
    applying.accept(cast.officer(one), one.number, now=cast.now)
    assert league.published(league.By.ALL, now=cast.now) is not first
