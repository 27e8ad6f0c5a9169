"""Numbers, counts, yes and no."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.domain.numbers import read_boolean, read_integer, read_number, words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", "1.5"),
        ("1,234.5", "1234.5"),
        ("１２", "12"),
        ("-3", "-3"),
        ("12.5%", "0.125"),
        ("1.2万", "12000"),
        ("1E-3", "0.001"),
        (".5", "0.5"),
        ("120 平方米", "120"),
    ],
)
def test_a_number_is_read_as_it_is_meant(text: str, value: str) -> None:
    assert read_number(text, "平方米").value == Decimal(value)


def test_a_percent_sign_repeats_a_unit_that_is_percent() -> None:
    assert read_number("12.5%", "%").value == Decimal("12.5")


@given(st.decimals(-(10**13), 10**13, places=4))
def test_four_places_are_kept_exactly(value: Decimal) -> None:
    reading = read_number(str(value))
    assert (reading.value, reading.notes) == (value, ())


def test_a_fifth_place_is_rounded_and_said() -> None:
    reading = read_number("1.23456")
    assert (reading.value, reading.notes) == (Decimal("1.2346"), ("rounded",))


@pytest.mark.parametrize("text", ["1.2.3", "1,23", "十二", "12 13", "1e", "--1"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert read_number(text).problem == "unreadable"


def test_a_number_beyond_the_column_is_refused() -> None:
    assert read_number("99999999999999.9999").value == Decimal("99999999999999.9999")
    assert read_number("99999999999999.99999").problem == "out_of_range"
    assert read_number("100000000000000").problem == "out_of_range"
    assert read_integer(str(2**63)).problem == "out_of_range"


@pytest.mark.parametrize(
    ("text", "value"), [("12", 12), ("12.0", 12), ("1,200 人", 1200), ("-1", -1)]
)
def test_a_count_is_whole(text: str, value: int) -> None:
    assert read_integer(text, "人").value == value


def test_a_fraction_is_no_count() -> None:
    assert read_integer("1.5").problem == "not_whole"


@pytest.mark.parametrize("text", ["是", "Y", "true", "1", "有", "√", "ＹＥＳ"])
def test_yes(text: str) -> None:
    assert read_boolean(text).value is True


@pytest.mark.parametrize("text", ["否", "N", "False", "0", "没有", "×"])
def test_no(text: str) -> None:
    assert read_boolean(text).value is False


@pytest.mark.parametrize("text", ["", None, "-", "NULL"])
def test_nothing_is_neither(text: str | None) -> None:
    assert read_boolean(text).value is None
    assert read_boolean(text).problem == ""
    assert read_number(text).value is None
    assert read_number(text).problem == ""


@given(st.text(max_size=40) | st.text(alphabet="0123456789.,-%E+万亿", max_size=20))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for reading in (read_number(text), read_integer(text), read_boolean(text)):
        if reading.problem:
            assert reading.value is None
            assert words(reading.problem).en
