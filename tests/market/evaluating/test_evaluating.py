"""An enterprise says how it went once it is over, and nobody else does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.market.applying.cast import Cast
from xinrong.market.errors import MarketRefused
from xinrong.market.services import applying, evaluating, needs
from xinrong.work.services import CaseRefused

pytestmark = pytest.mark.django_db
GOOD = evaluating.Given(5, 4, 5, "  很快，\n 态度好 ")


def refused(code: str, *given: Any, **more: Any) -> None:
    with pytest.raises((MarketRefused, CaseRefused)) as wrong:
        evaluating.evaluate(*given, **more)
    assert wrong.value.code == code


def test_an_enterprise_says_how_it_went_once_and_after_the_end(cast: Cast) -> None:
    one = cast.apply()
    refused("evaluation_early", cast.firm, one.number, GOOD, now=cast.now)
    applying.refuse(cast.officer(one), one.number, ["quota"], "额度已用完。", now=cast.now)
    for marks in ((0, 3, 3), (3, 6, 3)):
        refused("evaluation_marks", cast.firm, one.number, evaluating.Given(*marks), now=cast.now)
    long = evaluating.Given(3, 3, 3, "长" * 501)
    refused("evaluation_words", cast.firm, one.number, long, now=cast.now)
    refused("application_role", cast.officer(one), one.number, GOOD, now=cast.now)
    refused("case_unknown", cast.officers[cast.lender_of(cast.products[1])], one.number, GOOD,
            now=cast.now)  # fmt: skip
    made = evaluating.evaluate(cast.firm, one.number, GOOD, now=cast.now)
    assert made.words == "很快， 态度好"
    assert evaluating.evaluate(cast.firm, one.number, GOOD, now=cast.now).pk == made.pk
    refused("evaluation_done", cast.firm, one.number, evaluating.Given(1, 1, 1), now=cast.now)


def test_averages_of_a_few_are_shown_to_nobody_and_outcomes_are_counted(cast: Cast) -> None:
    one = cast.apply()
    cast.to_contract(one)
    cast.pay_out(one)
    evaluating.evaluate(cast.firm, one.number, GOOD, now=cast.now)
    assert evaluating.judged(one.lender) is None
    found = evaluating.outcomes_of(one.lender)
    assert (found.states["disbursed"], found.lent, found.first_loans) == (1, 1, 0)
    assert found.answer_days == 0
    assert Decimal(evaluating.FLOOR) > 1


def test_a_need_that_is_withdrawn_takes_its_applications_back(cast: Cast) -> None:
    one, two = cast.apply(0), cast.apply(1)
    cast.to_diligence(two)
    needs.withdraw(cast.firm, cast.need, now=cast.tick())
    assert (cast.state(one), cast.state(two)) == ("withdrawn", "withdrawn")
