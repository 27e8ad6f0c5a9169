"""Conditions as people write them: one meaning, one spelling; and which columns are offered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.catalogue.contract import ShareClass
from xinrong.catalogue.region import load_region
from xinrong.trust.counting.drafts import AGGREGATE, Condition, Draft, check_learnable
from xinrong.trust.counting.offering import offered
from xinrong.trust.counting.reading import NAMING, draft_of, operators_of, read, text_of, typed
from xinrong.trust.errors import CountRefused
from xinrong.trust.types import Purpose

CONTRACTS = load_region("taizhou").contracts
MONEY = CONTRACTS["tax_payment"].field("amount")


@pytest.mark.parametrize(
    "written",
    ["1000", "1,000", "1000.00", "1e3", " 1000 ", "+1000", "01000", "1，000", "1000.0000"],
)
def test_one_meaning_has_one_spelling(written: str) -> None:
    found = read(f"tax_payment.amount >= {written}", CONTRACTS)
    assert found.spelled() == ["tax_payment", "amount", ">=", "1000"]


def test_the_words_of_a_coded_value_name_it_too() -> None:
    spelled = [
        read(f"registration.kind = {one}", CONTRACTS).spelled()
        for one in ("sole_trader", "个体工商户", "Sole trader")
    ]
    assert spelled == [["registration", "kind", "=", "sole_trader"]] * 3


def test_a_condition_twice_is_one_condition() -> None:
    made = draft_of(
        ["honour", " honour ", "tax_payment.amount>=1", "tax_payment.amount >= 1.0"], CONTRACTS
    )
    assert len(made.conditions) == 2


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "count_text"),
        ("tax payment", "count_text"),
        ("tax_payment.amount", "count_text"),
        ("tax_payment.amount >=", "count_value"),
        ("nowhere.amount >= 1", "count_category"),
        ("tax_payment.nothing = 1", "count_field"),
        ("registration_change.successor = x", "count_field"),
        ("tax_payment.amount != 1", "count_operator"),
        ("registration.kind > company", "count_operator"),
        ("registration.kind = bakery", "count_value"),
        ("tax_payment.amount = -Infinity", "count_value"),
        ("tax_payment.amount = NaN", "count_value"),
        ("tax_payment.amount = 1e400", "count_value"),
        ("tax_payment.amount = 0.00001", "count_value"),
        ("annual_report.staff = 1.5", "count_value"),
        ("tax_payment.paid_on = 2026-02-30", "count_value"),
        ("registration.address = a\x07b", "count_value"),
    ],
)
def test_what_is_no_condition_is_refused_with_what_is_wrong(written: str, code: str) -> None:
    with pytest.raises(CountRefused) as caught:
        read(written, CONTRACTS)
    assert caught.value.code == code
    assert caught.value.remedy


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    for written in (text, f"honour.title = {text}", f"tax_payment.amount >= {text}"):
        try:
            found = read(written, CONTRACTS)
        except CountRefused:
            continue
        assert read(text_of(found.spelled()), CONTRACTS) == found


@given(st.decimals(allow_nan=False, places=2, min_value=-(10**12), max_value=10**12))
def test_numbers_are_read_exactly(number: Decimal) -> None:
    assert typed(MONEY, f"{number:f}") == number


def test_days_and_yes_or_no_are_typed() -> None:
    assert read("tax_payment.paid_on < 2026-03-01", CONTRACTS).value == date(2026, 3, 1)


# --- what is offered --------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", list(Purpose))
def test_what_is_offered_is_exactly_what_the_gate_lets_be_counted(purpose: Purpose) -> None:
    found = offered(purpose, CONTRACTS)
    for name, contract in CONTRACTS.items():
        assert (name in found) == counted(purpose, Condition(name))
        for field in contract.fields:
            if field.type in NAMING:
                continue
            value = {"boolean": "true", "date": "2026-01-01"}.get(field.type, "1")
            one = Condition(name, field.name, operators_of(field)[0], value)
            is_offered = name in found and field in found[name].fields
            assert is_offered == counted(purpose, one), (purpose, name, field.name)


def counted(purpose: Purpose, condition: Condition) -> bool:
    try:
        check_learnable(Draft(frozenset({condition})), purpose, CONTRACTS)
    except CountRefused:
        return False
    return True


def test_nothing_that_is_never_shared_is_offered_to_anybody() -> None:
    never = {name for name, one in CONTRACTS.items() if one.share == ShareClass.NEVER}
    assert never
    for purpose in AGGREGATE:
        assert not never & offered(purpose, CONTRACTS).keys()
