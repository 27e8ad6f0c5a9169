"""A need that nobody can mean is refused in words, in both languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from xinrong.domain.financing import Need, NeedPurpose, NeedRefused, Security

GOOD: dict[str, Any] = {
    "amount": Decimal(500_000), "months": 12, "purpose": NeedPurpose.STOCK,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount": Decimal(0)}, "need_amount"),
        ({"amount": Decimal(-1)}, "need_amount"),
        ({"amount": Decimal(10) ** 12}, "need_amount"),
        ({"amount": Decimal("999.99")}, "need_amount"),
        ({"amount": Decimal("NaN")}, "need_amount"),
        ({"amount": Decimal("Infinity")}, "need_amount"),
        ({"amount": Decimal("1000.001")}, "need_fen"),
        ({"months": 0}, "need_months"),
        ({"months": 361}, "need_months"),
        ({"max_rate": Decimal(0)}, "need_rate"),
        ({"max_rate": Decimal(37)}, "need_rate"),
        ({"max_rate": Decimal("NaN")}, "need_rate"),
        ({"area": "椒江"}, "need_area"),
        ({"area": "33100"}, "need_area"),
        ({"area": "３３１００２"}, "need_area"),
    ],
)
def test_what_cannot_be_needed_is_refused_with_what_to_do(
    changed: dict[str, Any], code: str
) -> None:
    with pytest.raises(NeedRefused) as refused:
        Need(**GOOD | changed)
    error = refused.value
    assert error.code == code
    assert error.wrong
    assert error.remedy
    assert error.words.zh.endswith("。")
    assert error.words.en.endswith(".")


@pytest.mark.parametrize("amount", ["1000", "1000000000", "1234.56"])
def test_the_ends_of_what_can_be_needed_are_needs(amount: str) -> None:
    assert Need(**GOOD | {"amount": Decimal(amount)}).amount == Decimal(amount)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"offers": frozenset({Security.PROPERTY, Security.FUND}), "first_time": True},
        {"first_time": False, "registered": False, "area": "331002"},
        {"max_rate": Decimal("4.50"), "amount": Decimal("123456.70")},
    ],
)
def test_what_is_written_down_of_a_need_is_the_need_again(more: dict[str, Any]) -> None:
    need = Need(**GOOD | more)
    assert Need.read(need.told()) == need


def test_the_district_is_the_registers_where_the_need_names_none() -> None:
    assert Need(**GOOD).row("331081")["need.area"] == "331081"
    assert Need(**GOOD | {"area": "331002"}).row("331081")["need.area"] == "331002"
    assert Need(**GOOD).row()["need.area"] is None


def test_only_what_is_offered_is_offered() -> None:
    row = Need(**GOOD | {"offers": frozenset({Security.PROPERTY})}).row()
    assert row["need.offers_property"] is True
    assert row["need.offers_fund"] is False
