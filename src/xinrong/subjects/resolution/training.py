"""Learning the weights again, by counting labelled pairs.

A pair is the levels of two names that share a key, and whether both mean one enterprise. m is the
share of true pairs at a level, u the share of the others; half a pair is added to every level, so
that none that was never met weighs infinitely. Pairs that a guard forbids in any case (other
branches, other regions) teach only the weights of those very levels: they are the great mass, and
would drown what tells the rest apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from xinrong.subjects.resolution.levels import COMPARISONS, Guard, Levels, guard_of

ADDED = 0.5
#: Learned from these many pairs or none: fewer say nothing.
LEAST = 20


def learn(
    pairs: Iterable[tuple[Levels, bool]],
    *,
    link: float,
    review: float,
    version: str,
    provenance: str,
) -> dict[str, Any]:
    """The content of `weights.json`. Raises ValueError when there are too few pairs."""
    met: Counter[tuple[Levels, bool]] = Counter(pairs)
    open_to = Counter(
        {pair: many for pair, many in met.items() if guard_of(pair[0]) is not Guard.NEVER}
    )
    of = {same: _many(open_to, same=same) for same in (True, False)}
    if min(of.values()) < LEAST:
        raise ValueError(f"{of[True]} true and {of[False]} other pairs: both must be {LEAST}")
    table = {
        one.key: {
            level.key: {
                side: _share(
                    met if level.guard is Guard.NEVER else open_to, number, place, same=side == "m"
                )
                for side in ("m", "u")
            }
            for place, level in enumerate(one.levels)
        }
        for number, one in enumerate(COMPARISONS)
    }
    return {
        "version": version,
        "provenance": provenance,
        "pairs": {"same": of[True], "other": of[False]},
        "prior": round(of[True] / (of[True] + of[False]), 6),
        "link": link,
        "review": review,
        "levels": table,
    }


def _many(met: Counter[tuple[Levels, bool]], *, same: bool) -> int:
    return sum(many for (_, said), many in met.items() if said is same)


def _share(met: Counter[tuple[Levels, bool]], number: int, place: int, *, same: bool) -> float:
    """How often a level of a comparison holds among pairs that are the same, or are not."""
    here = sum(
        many for (levels, said), many in met.items() if said is same and levels[number] == place
    )
    every = _many(met, same=same)
    return round((here + ADDED) / (every + ADDED * len(COMPARISONS[number].levels)), 6)
