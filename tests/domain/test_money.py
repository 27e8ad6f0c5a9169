"""Money: exact, in fen, or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.reading import labelled
from xinrong.domain.money import MAX_FEN, UNITS, fen, read_money, words, yuan

AMOUNTS = st.integers(-MAX_FEN, MAX_FEN)


@pytest.mark.parametrize(
    ("text", "unit", "amount", "problem"), labelled("money", "text", "unit", "fen", "problem")
)
def test_a_labelled_amount_reads_as_its_label(
    text: str, unit: str, amount: str, problem: str
) -> None:
    reading = read_money(text, unit)
    found = "" if reading.fen is None else str(reading.fen)
    assert (found, reading.problem) == (amount, problem)


@given(AMOUNTS)
def test_fen_and_yuan_are_the_same_amount(amount: int) -> None:
    assert fen(yuan(amount)) == amount
    assert yuan(amount) * 100 == amount or abs(amount) > 10**17
    assert str(yuan(amount)).replace(".", "").lstrip("-0") == str(amount).lstrip("-0")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_a_part_of_a_fen_is_refused(amount: Decimal) -> None:
    if amount.as_tuple().digits[-1] == 0:
        assert yuan(fen(amount)) == amount
    else:
        with pytest.raises(ValueError, match="whole number of fen"):
            fen(amount)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="whole number of fen"):
        fen(Decimal(text))


@given(AMOUNTS)
def test_an_amount_as_written_is_read_to_the_fen(amount: int) -> None:
    assert read_money(f"{yuan(amount)}").fen == amount
    assert read_money(f"{yuan(amount):,}").fen == amount
    assert read_money(f"¥{yuan(abs(amount)):,}元").fen == abs(amount)


@given(st.integers(0, 10**8), st.sampled_from(sorted(UNITS)))
def test_a_unit_in_the_cell_means_the_same_as_one_in_the_column(count: int, unit: str) -> None:
    expected = count * int(UNITS[unit]) * 100
    for other in UNITS:
        assert read_money(f"{count}{unit}", other).fen == expected
    assert read_money(str(count), unit).fen == expected


@given(st.floats(0.01, 10**9).map(lambda value: round(value, 2)))
def test_a_programs_way_of_writing_a_number_is_exact(value: float) -> None:
    assert read_money(repr(value)).fen == fen(Decimal(repr(value)))


@given(st.text(alphabet="0123456789.,-()E+万亿元¥ 千百", max_size=24) | st.text(max_size=80))
def test_any_text_is_read_without_an_error_and_within_bounds(text: str) -> None:
    reading = read_money(text)
    if reading.problem:
        assert reading.fen is None
        assert words(reading.problem).zh
    elif reading.fen is not None:
        assert abs(reading.fen) <= MAX_FEN


def test_an_unknown_unit_of_a_feed_is_an_error() -> None:
    with pytest.raises(KeyError):
        read_money("1", "两")
