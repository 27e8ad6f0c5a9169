"""Names that hold signs in a given order with others between them: short names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xinrong.subjects.nameindex.segment import Ints, Segment, signs_of

#: Names whose order of signs is looked at. Signs that more names hold tell nothing apart.
MOST = 80_000
#: Signs of a name that are looked at.
LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class InOrder:
    """A name that holds the signs in order: where the first and the last of them stand."""

    number: int
    first: int
    last: int


def in_order(segment: Segment, folded: str, limit: int) -> list[InOrder]:
    """Names that hold the signs of a text in its order: tight ones at the beginning first."""
    signs = signs_of(folded)
    if len(signs) < 2 or not len(segment):
        return []
    numbers = _holding_all(segment, np.unique(signs))
    if not len(numbers):
        return []
    lengths = segment.lengths(numbers)
    wide = min(int(lengths.max()), LOOKED_AT)
    at = segment.starts[numbers].astype(np.int64)
    wanted = np.append(signs, 0)
    met = np.zeros(len(numbers), np.int64)
    first = np.full(len(numbers), -1, np.int64)
    last = np.zeros(len(numbers), np.int64)
    for step in range(wide):
        here = segment.text[np.minimum(at + step, at + lengths)]
        hit = (here == wanted[met]) & (here != 0)
        first[hit & (met == 0)] = step
        last[hit] = step
        met += hit
    found = np.flatnonzero(met == len(signs))
    rank = (first[found] != 0) * 1_000 + (last[found] - first[found]) * 4 + lengths[found]
    best = found[np.lexsort((numbers[found], rank))][:limit]
    return [InOrder(int(numbers[one]), int(first[one]), int(last[one])) for one in best]


def _holding_all(segment: Segment, signs: np.typing.NDArray[np.uint16]) -> Ints:
    """The names that hold each of these signs somewhere, in order of number."""
    low, high = segment.ranges([signs[place : place + 1] for place in range(len(signs))])
    score = segment.scratch
    left = np.zeros(0, np.int64)
    for step, place in enumerate(np.argsort(high - low, kind="stable")):
        holders = segment.holders[int(low[place]) : int(high[place])]
        if not step:
            if len(holders) > MOST:
                break
            left = np.unique(holders).astype(np.int64)
        elif len(left) * 2 < len(holders) and len(left) < 2_000:
            break  # few are left: it is quicker to look at them
        else:
            score[holders] = 1
            left = left[score[left] > 0]
            score[holders] = 0
        if not len(left):
            break
    return left
