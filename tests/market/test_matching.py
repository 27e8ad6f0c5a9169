"""What products say of a need: terms and criterion alike, with reasons, order and near misses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.market.support import Folder, need, product
from xinrong.domain.criteria import MissingReason, Outcome
from xinrong.domain.financing import NeedPurpose, Security
from xinrong.domain.loans import Fee, FeeTime, LoanTerms, Repayment, all_in_annual_cost
from xinrong.market.matching.matching import Matched, match, match_unregistered

TAXES = {"tax_paid_12m": Decimal(50_000)}


def matched(folder: Folder, *products: dict[str, Any], **changes: Any) -> Matched:
    values = changes.pop("values", TAXES)
    reasons = dict.fromkeys({"tax_paid_12m"} - set(values), MissingReason.STALE)
    return match(folder.shelf(*products), need(**changes), values, reasons)


def outcome(folder: Folder, made: dict[str, Any], **changes: Any) -> Outcome:
    found = matched(folder, made, **changes)
    [fit] = (*found.admitted, *found.open, *found.refused)
    return fit.outcome


@pytest.mark.parametrize(
    ("terms", "changes", "expected"),
    [
        ({}, {}, Outcome.YES),
        ({}, {"amount": Decimal(1_000_000)}, Outcome.YES),
        ({}, {"amount": Decimal("1000000.01")}, Outcome.NO),
        ({}, {"amount": Decimal("9999.99")}, Outcome.NO),
        ({}, {"months": 24}, Outcome.YES),
        ({}, {"months": 25}, Outcome.NO),
        ({"months_per_period": 3}, {"months": 12}, Outcome.YES),
        ({"months_per_period": 3}, {"months": 13}, Outcome.NO),
        ({}, {"max_rate": Decimal("3.50")}, Outcome.YES),
        ({}, {"max_rate": Decimal("3.49")}, Outcome.NO),
        ({"purposes": ["equipment"]}, {}, Outcome.NO),
        ({"purposes": ["equipment"]}, {"purpose": NeedPurpose.EQUIPMENT}, Outcome.YES),
        ({"areas": ["331081"]}, {}, Outcome.NO),
        ({"areas": ["331081"]}, {"area": ""}, Outcome.UNKNOWN),
        (
            {"areas": ["331081"]},
            {"area": "", "values": TAXES | {"reg_district": "温岭市"}},
            Outcome.YES,
        ),
        (
            {"areas": ["331081"]},
            {"area": "", "values": TAXES | {"reg_district": "椒江区"}},
            Outcome.NO,
        ),
        ({"areas": ["331081", "331002"]}, {}, Outcome.YES),
        ({"security": ["property"]}, {}, Outcome.NO),
        ({"security": ["property", "fund"]}, {"offers": frozenset({Security.FUND})}, Outcome.YES),
        ({}, {"values": {"tax_paid_12m": Decimal(9_999)}}, Outcome.NO),
        ({}, {"values": {}}, Outcome.UNKNOWN),
        ({}, {"values": {}, "months": 25}, Outcome.NO),
    ],
)
def test_terms_and_criterion_decide_together(
    folder: Folder, terms: dict[str, Any], changes: dict[str, Any], expected: Outcome
) -> None:
    assert outcome(folder, product(**terms), **changes) is expected


def test_a_no_says_why_and_a_cannot_tell_what_is_missing(folder: Folder) -> None:
    [no] = matched(folder, product(), amount=Decimal(2_000_000)).refused
    [said] = no.explanation.sentences("en")
    assert "2,000,000" in said
    assert "1,000,000" in said
    [unknown] = matched(folder, product(), values={}).open
    [missing] = unknown.explanation.missing
    assert (missing.column.name, missing.reason) == ("tax_paid_12m", MissingReason.STALE)


def test_the_cheapest_in_all_comes_first_not_the_lowest_rate(folder: Folder) -> None:
    fees = [{"title": {"zh": "费", "en": "Fee"}, "when": "at_disbursement", "percent": 2}]
    teaser = product("teaser", rate={"base": "lpr", "low": 0.1, "high": 6.0})
    charged = product("charged", rate={"base": "lpr", "low": 0.2, "high": 0.4}, fees=fees)
    plain = product("plain", rate={"base": "lpr", "low": 1.0, "high": 1.5})
    found = matched(folder, teaser, charged, plain)
    assert [one.name for one in found.admitted] == ["plain", "charged", "teaser"]
    by_hand = LoanTerms(
        Decimal(500_000), Decimal("0.034"), Repayment.INTEREST_FIRST, months=12,
        fees=(Fee("费", FeeTime.AT_DISBURSEMENT, share=Decimal("0.02")),),
    )  # fmt: skip
    cost = found.admitted[1].cost
    assert cost is not None
    assert abs(cost - all_in_annual_cost(by_hand) * 100) < Decimal("0.001")


def test_at_the_same_cost_the_sooner_comes_first_and_then_nobody_always(folder: Folder) -> None:
    slow = product("slow", money_days=9)
    found = matched(folder, slow, product("a"), product("b"))
    assert found.admitted[-1].name == "slow"
    firsts = {
        matched(folder, product("a"), product("b"), amount=Decimal(100_000 + n)).admitted[0].name
        for n in range(20)
    }
    assert firsts == {"a", "b"}


def test_fees_that_leave_nothing_have_no_cost_and_come_last(folder: Folder) -> None:
    fees = [{"title": {"zh": "费", "en": "Fee"}, "when": "at_disbursement", "yuan": 600_000}]
    found = matched(folder, product("all", fees=fees), product("fair"))
    assert [(one.name, one.cost is None) for one in found.admitted] == [
        ("fair", False), ("all", True),
    ]  # fmt: skip


def test_a_fee_in_yuan_counts_for_the_sum_that_is_needed(folder: Folder) -> None:
    fees = [{"title": {"zh": "费", "en": "Fee"}, "when": "at_disbursement", "yuan": 800}]
    small, large = (
        matched(folder, product(fees=fees), amount=Decimal(sum_)).admitted[0].cost
        for sum_ in (20_000, 1_000_000)
    )
    assert small is not None
    assert large is not None
    assert small > large + 3


def test_near_misses_are_those_that_one_change_opens_the_smallest_first(folder: Folder) -> None:
    far = product("far", amount={"least": 10_000, "most": 100_000})
    near = product("near", amount={"least": 10_000, "most": 480_000})
    both = product("both", amount={"least": 10_000, "most": 480_000}, areas=["331081"])
    found = matched(folder, far, near, both)
    assert [fit.name for fit, _ in found.near] == ["near", "far"]
    assert "20,000" in found.near[0][1].sentence.en


def test_a_change_of_the_need_comes_before_one_of_the_firm(folder: Folder) -> None:
    richer = product("richer", for_whom={
        "text": "tax_paid_12m >= 50001", "source": {"document": "说明书"},
    })  # fmt: skip
    less = product("less", amount={"least": 10_000, "most": 100_000})
    found = matched(folder, richer, less)
    assert [fit.name for fit, _ in found.near] == ["less", "richer"]


def test_a_firm_that_is_not_registered_has_what_is_open_to_it(folder: Folder) -> None:
    start = product("start", for_whom={
        "text": "NOT need.registered OR reg_age_days <= 1095", "source": {"document": "说明书"},
    })  # fmt: skip
    found = match_unregistered(folder.shelf(start, product("tax")), need(registered=False))
    assert [one.name for one in found.admitted] == ["start"]
    [unknown] = found.open
    assert unknown.explanation.missing[0].reason is MissingReason.OUTSIDE_POPULATION
