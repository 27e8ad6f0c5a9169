"""Figures under which no single enterprise can be made out."""

from __future__ import annotations

import random
from itertools import pairwise
from math import exp
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinrong.trust.counting.budget import NEAR_A_DAY
from xinrong.trust.counting.figures import FLOOR, SPREAD, STEP, WIDEST, amount_of, figure_of

DRAFTS = st.binary(min_size=1, max_size=20)
SECRETS = st.binary(min_size=32, max_size=32)


@given(st.integers(0, 5000), DRAFTS, SECRETS)
def test_a_figure_is_a_multiple_of_ten_and_near_and_none_is_under_ten(
    count: int, draft: bytes, secret: bytes
) -> None:
    figure = figure_of(count, draft, secret)
    if count < FLOOR:
        assert figure is None
    elif figure is None:
        assert count < FLOOR + WIDEST
    else:
        assert figure >= FLOOR
        assert figure % STEP == 0
        assert abs(figure - count) <= WIDEST + STEP / 2


@given(st.integers(0, 500), DRAFTS, SECRETS)
def test_asking_again_tells_nothing_new(count: int, draft: bytes, secret: bytes) -> None:
    assert figure_of(count, draft, secret) == figure_of(count, draft, secret)


def test_figures_are_right_in_the_mean() -> None:
    draws = [amount_of(number.to_bytes(4), b"s" * 32) for number in range(20_000)]
    assert abs(mean(draws)) < 0.15
    assert mean(abs(one) <= STEP / 2 for one in draws) > 0.7


def test_one_firm_changes_the_odds_of_every_amount_little() -> None:
    draws = [amount_of(number.to_bytes(4), b"s" * 32) for number in range(200_000)]
    counts = [draws.count(one) for one in range(-8, 9)]
    for one, other in pairwise(counts):
        assert max(one, other) / min(one, other) < exp(1 / SPREAD) * 1.12


def test_a_count_below_zero_is_no_count() -> None:
    with pytest.raises(ValueError, match="below zero"):
        figure_of(-1, b"x", b"y")


# --- the attack: take one firm out and look at the difference --------------------------------


def guessed(is_in: bool, others: int, pairs: int, dice: random.Random) -> bool:
    """What an attacker concludes who knows all others, from a day's worth of differences.

    Each pair of drafts has the same `others` (padded as the attacker likes), once with the firm's
    own condition and once without; the mean of the differences is compared with one half.
    """
    secret = dice.randbytes(32)
    differences = []
    for number in range(pairs):
        padded = others + number  # around every border between two tens
        with_it = figure_of(padded + is_in, b"with %d" % number, secret) or 0
        without = figure_of(padded, b"without %d" % number, secret) or 0
        differences.append(with_it - without)
    return mean(differences) > 0.5


@given(st.integers(20, 400), st.integers(0, 2**32))
@settings(max_examples=12)
def test_differencing_one_firm_out_is_hardly_better_than_a_coin(others: int, seed: int) -> None:
    dice = random.Random(seed)
    trials = 400
    right = sum(
        guessed(is_in, others, NEAR_A_DAY // 2, dice) == is_in
        for is_in in (True, False)
        for _ in range(trials // 2)
    )
    assert right / trials < 0.66


@given(st.integers(30, 400), SECRETS)
def test_no_figure_is_impossible_without_the_firm(others: int, secret: bytes) -> None:
    """Whatever is seen with the firm can be seen without it: no answer convicts."""
    drafts = [b"%d" % number for number in range(600)]
    with_it = {figure_of(others + 1, draft, secret) for draft in drafts}
    without = {figure_of(others, draft, secret + b"x") for draft in drafts}
    common = [one for one in with_it if one is not None and abs(one - others) <= STEP]
    assert set(common) <= without


def test_plain_rounding_would_have_given_the_firm_away() -> None:
    """Why an amount is added: at a border the difference of plain figures is the firm."""

    def plain(count: int) -> int:
        return STEP * round(count / STEP + 1e-9)

    assert [plain(64 + is_in) - plain(64) for is_in in (0, 1)] == [0, 10]
