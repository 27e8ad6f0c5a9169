"""The weights of the levels, as learned and kept in `weights.json`, and the score they give.

Fellegi and Sunter: a level weighs log2(m / u), where m is how often it holds among pairs of names
that mean one enterprise and u how often among the other pairs that are compared at all. Nothing
else is in the file: numbers, and how they came about.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from xinrong.subjects.resolution.levels import COMPARISONS, Levels


@dataclass(frozen=True)
class Weights:
    """`prior` is the share of true pairs among those compared; thresholds are probabilities."""

    prior: float
    link: float
    review: float
    m: tuple[tuple[float, ...], ...]
    u: tuple[tuple[float, ...], ...]
    provenance: str
    version: str

    def bits(self, levels: Levels) -> float:
        """The evidence of these levels together, in bits; 0 speaks neither way."""
        total = math.log2(self.prior / (1 - self.prior))
        for number, level in enumerate(levels):
            total += math.log2(self.m[number][level] / self.u[number][level])
        return total

    def probability(self, levels: Levels) -> float:
        """The probability that both names mean one enterprise."""
        return 1 / (1 + 2 ** -self.bits(levels))


def read(said: dict[str, Any]) -> Weights:
    """Weights from their file's content. Raises KeyError when a level has none."""
    table = said["levels"]
    pairs = [[table[one.key][level.key] for level in one.levels] for one in COMPARISONS]
    return Weights(
        prior=said["prior"],
        link=said["link"],
        review=said["review"],
        m=tuple(tuple(pair["m"] for pair in one) for one in pairs),
        u=tuple(tuple(pair["u"] for pair in one) for one in pairs),
        provenance=said["provenance"],
        version=said["version"],
    )


@cache
def weights() -> Weights:
    """The weights that are shipped."""
    return read(json.loads((files(__package__) / "weights.json").read_text("utf-8")))
