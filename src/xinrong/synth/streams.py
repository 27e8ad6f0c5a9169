"""Random numbers that are the same on every machine and under every version of numpy.

Two sources, both of exact integers: `mix` turns an enterprise's number into a number (so that an
enterprise looks the same whoever asks, in any order), and `Stream` is the Philox generator with a
key made of the seed and labels (one stream per chunk and category). Only raw 64-bit draws are
taken, because numpy keeps the raw streams of a bit generator stable and not what its
distributions make of them; only + − × ÷ follow, because exp and log differ between processors.
"""

from __future__ import annotations

import math
import zlib
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Raw = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_MASK = (1 << 64) - 1
_QUANTILES = 4096


def label(text: str) -> int:
    """A number for a word, the same for ever (CRC-32, never `hash`)."""
    return zlib.crc32(text.encode("utf-8"))


def salt(seed: int, *labels: int) -> int:
    """One 64-bit number for a seed and labels (splitmix64, in Python's integers)."""
    state = seed & _MASK
    for part in labels:
        state = (state * 0x9E3779B97F4A7C15 + part + 0x632BE59BD9B4E019) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        state ^= state >> 31
    return state


def mix(numbers: Ints, key: int) -> Raw:
    """A 64-bit number for each of `numbers` under one key (splitmix64, vectorised)."""
    x = numbers.astype(np.uint64) * _GOLDEN + np.array([key & _MASK], dtype=np.uint64)
    x = (x ^ (x >> np.uint64(30))) * _M1
    x = (x ^ (x >> np.uint64(27))) * _M2
    mixed: Raw = x ^ (x >> np.uint64(31))
    return mixed


def unit(raw: Raw) -> Floats:
    """Numbers in [0, 1) with 53 bits."""
    return (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53


def below(raw: Raw, high: int | Ints) -> Ints:
    """Numbers in [0, high), where `high` is below 2**31."""
    top = (raw >> np.uint64(32)).astype(np.int64)
    scaled: Ints = (top * high) >> 32
    return scaled


@cache
def lognormal_table(sigma: float) -> Floats:
    """Quantiles of a lognormal distribution of median 1, rounded so that no processor differs."""
    normal = NormalDist()
    values = [
        round(math.exp(sigma * normal.inv_cdf((step + 0.5) / _QUANTILES)), 4)
        for step in range(_QUANTILES)
    ]
    return np.array(values, dtype=np.float64)


def lognormal(raw: Raw, sigma: float) -> Floats:
    """Draws from a lognormal distribution of median 1."""
    return lognormal_table(sigma)[below(raw, _QUANTILES)]


def pick(raw: Raw, weights: tuple[int, ...] | Ints) -> Ints:
    """Positions drawn in proportion to whole-number weights."""
    edges = np.cumsum(np.asarray(weights, dtype=np.int64))
    found: Ints = np.searchsorted(edges, below(raw, int(edges[-1])), side="right").astype(np.int64)
    return found


class Stream:
    """One independent stream: Philox keyed by the seed and labels such as chunk and category."""

    def __init__(self, seed: int, *labels: int) -> None:
        key = np.array([salt(seed, *labels), salt(seed ^ _MASK, *labels)], dtype=np.uint64)
        self._bits = np.random.Philox(key=key)

    def raw(self, size: int) -> Raw:
        """`size` numbers of 64 bits."""
        drawn: Raw = self._bits.random_raw(size)
        return drawn

    def unit(self, size: int) -> Floats:
        """Numbers in [0, 1)."""
        return unit(self.raw(size))

    def below(self, size: int, high: int | Ints) -> Ints:
        """Whole numbers in [0, high)."""
        return below(self.raw(size), high)

    def between(self, size: int, low: int, high: int) -> Ints:
        """Whole numbers from `low` to `high`, both included."""
        return low + below(self.raw(size), high - low + 1)

    def chance(self, size: int, probability: float | Floats) -> Bools:
        """True with the given probability."""
        hit: Bools = self.unit(size) < probability
        return hit

    def pick(self, size: int, weights: tuple[int, ...]) -> Ints:
        """Positions drawn in proportion to whole-number weights."""
        return pick(self.raw(size), weights)

    def lognormal(self, size: int, sigma: float) -> Floats:
        """Lognormal draws of median 1."""
        return lognormal(self.raw(size), sigma)
