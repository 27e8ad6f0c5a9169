"""The rate of return that belongs to dated payments: found by brackets, never by luck.

With g = ln(1 + rate) and times t in years, the worth of the payments is f(g) = sum c * exp(-g t).
A loan, where what is received comes before what is paid, has exactly one root. Newton's steps are
kept inside a bracket that halves when they do not help, so that the search always ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import exp, expm1, log, sumprod

from xinrong.domain.loans.errors import NoRate, RateOutOfRange, SeveralRates

#: Where the search begins and where it ends: e^0.25 - 1 is 28 %.
_FIRST = 0.25
_HIGHEST = log(1e9)
_LOWEST = log(1e-6)
#: A step after which nothing moves the tenth digit: Newton's squares the error, a half halves it.
_NEWTON_ENOUGH, _ENOUGH = 1e-8, 1e-13
_STEPS = 200


def rate_of_return(times: Sequence[float], sums: Sequence[float]) -> float:
    """The rate for one unit of time at which all sums are worth nothing together.

    `times` rise from 0; `sums` are positive for who receives and negative for who pays. The
    answer is a fraction (0.05 for 5 %), right to 1e-10 or better. Raises NoRate when all
    have one sign, SeveralRates when more than one rate may fit, RateOutOfRange.
    """
    changes = _changes(sums)
    if not changes:
        raise NoRate(
            "all payments go one way",
            remedy="Give what the borrower receives and what it pays, with opposite signs.",
        )
    if changes > 1 and _changes(list(accumulate(sums))) != 1:
        # Norstrom: one change of sign of the running sum leaves one rate above 0 (or 0 itself,
        # where the sums cancel out).
        raise SeveralRates(
            "the payments change direction several times, so that several rates may fit",
            remedy="Look at the order and the signs of the payments.",
        )
    if sum(sums) == 0:
        return 0.0
    side = 1.0 if next(one for one in sums if one) > 0 else -1.0
    try:
        return expm1(_root(times, [side * one for one in sums]))
    except OverflowError as error:
        raise RateOutOfRange("the times are too far apart", remedy="Look at the dates.") from error


def _root(times: Sequence[float], sums: Sequence[float]) -> float:
    """The root of f, which is below 0 on its left and above 0 on its right."""
    low, high = _bracket(times, sums)
    at = low  # a loan's f is concave: from its left Newton never steps beyond the root
    for _ in range(_STEPS):
        worth, slope = _worth(times, sums, at)
        if worth == 0.0:
            return at
        if worth < 0:
            low = at
        else:
            high = at
        after = at - worth / slope if slope > 0 else low
        if low < after < high:
            if abs(after - at) <= _NEWTON_ENOUGH:
                return after
        else:
            after = (low + high) / 2
            if abs(after - at) <= _ENOUGH:
                return after
        at = after
    return at


def _bracket(times: Sequence[float], sums: Sequence[float]) -> tuple[float, float]:
    if sum(sums) > 0:  # more is received than paid: the rate is negative
        low, high = -_FIRST, 0.0
        while _worth(times, sums, low)[0] > 0:
            if low <= _LOWEST:
                raise RateOutOfRange(
                    "less than a millionth comes back",
                    remedy="Look at the sums: what is received is hardly paid back at all.",
                )
            low, high = max(low * 2, _LOWEST), low
        return low, high
    low, high = 0.0, _FIRST
    while _worth(times, sums, high)[0] < 0:
        if high >= _HIGHEST:
            raise RateOutOfRange(
                "the rate for a year is above 100,000,000,000 %",
                remedy="Look at the fees and the term: so much is taken for so short a time.",
            )
        low, high = high, min(high * 2, _HIGHEST)
    return low, high


def _worth(times: Sequence[float], sums: Sequence[float], at: float) -> tuple[float, float]:
    """The worth f of all sums at a force of interest, and its slope."""
    now = [one * exp(-at * time) for time, one in zip(times, sums, strict=True)]
    return sum(now), -sumprod(times, now)


def _changes(sums: Sequence[float]) -> int:
    """How often the sign changes, zeros left out."""
    signs = [one > 0 for one in sums if one]
    return sum(one != other for one, other in pairwise(signs))
