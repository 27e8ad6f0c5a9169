"""Rates of return: always found where there is one, refused where there is none or several."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.domain.loans import NoRate, RateOutOfRange, SeveralRates, rate_of_return


@given(
    st.floats(-0.999, 1e6),
    st.lists(st.tuples(st.floats(0.01, 1.0), st.floats(0.01, 1e9)), min_size=1, max_size=60),
)
def test_a_rate_that_made_the_sums_is_found_again(
    rate: float, payments: list[tuple[float, float]]
) -> None:
    times, sums = [0.0], [0.0]
    for gap, paid in payments:
        times.append(times[-1] + gap)
        sums.append(-paid)
        sums[0] += paid / (1 + rate) ** times[-1]
    found = rate_of_return(times, sums)
    assert isclose(1 + found, 1 + rate, rel_tol=1e-6)


@given(st.floats(0.001, 2.0), st.integers(1, 600))
def test_the_one_who_lends_sees_the_rate_of_the_one_who_borrows(rate: float, count: int) -> None:
    times = [float(one) for one in range(count + 1)]
    sums = [100.0, *([-100 * rate] * (count - 1)), -100 * (1 + rate)]
    assert isclose(rate_of_return(times, sums), rate, rel_tol=1e-9)
    assert isclose(rate_of_return(times, [-one for one in sums]), rate, rel_tol=1e-9)


def test_sums_that_cancel_out_cost_nothing() -> None:
    assert rate_of_return([0, 1, 2], [100, -50, -50]) == 0


def test_a_loan_that_is_not_wholly_paid_back_has_a_rate_below_zero() -> None:
    assert isclose(rate_of_return([0, 2], [100, -81]), -0.1)


@pytest.mark.parametrize("sums", [[100, 100], [-100, -1], [0, 0], [5, 0]])
def test_sums_of_one_sign_have_no_rate(sums: list[float]) -> None:
    with pytest.raises(NoRate):
        rate_of_return([0, 1], sums)


def test_sums_that_fit_two_rates_fit_none() -> None:
    # 10 % and 20 % a year both make these worth nothing.
    with pytest.raises(SeveralRates) as caught:
        rate_of_return([0, 1, 2], [100, -230, 132])
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("times", "sums"),
    [
        ([0, 1 / 365], [100.0, -150.0]),
        ([0, 1], [1.0, -1e12]),
        ([0, 1], [1e12, -1.0]),
        ([0, 200], [100.0, -1e-200]),
    ],
)
def test_a_rate_beyond_sense_is_refused(times: list[float], sums: list[float]) -> None:
    with pytest.raises(RateOutOfRange) as caught:
        rate_of_return(times, sums)
    assert caught.value.remedy
