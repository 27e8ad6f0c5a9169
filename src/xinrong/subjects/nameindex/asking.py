"""What one segment answers: names that hold a fragment, names that share rare pairs of signs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xinrong.subjects.nameindex.making import rarity
from xinrong.subjects.nameindex.segment import WIDE, Floats, Ints, Segment, signs_of

#: Places that are looked at for the rare pairs of a name; the common ones are then compared
#: name by name.
READ = 12_000
#: The most places of a single pair that are looked at when even the rarest is very common.
MOST = 60_000
#: Names of which all pairs are compared, for each one that is asked for.
KEPT_EACH, KEPT_LEAST = 4, 100
#: Signs of a name that are compared then.
COMPARED = 96


@dataclass(frozen=True, slots=True)
class Near:
    """A name of a segment and what share of its pairs of signs, weighed by rarity, it shares."""

    number: int
    shared: float


def near(segment: Segment, folded: str, limit: int, rare: Segment | None = None) -> list[Near]:
    """The names that share most with a folded name, best first.

    `rare`: the segment whose counts say what is rare, when it is not this one.
    """
    signs = signs_of(folded)
    if len(signs) < 2 or not len(segment) or limit < 1:
        return []
    pairs = np.unique(signs[:-1].astype(np.uint32) << np.uint32(16) | signs[1:])
    first, last = _stretches(segment, pairs)
    weights = _weights(rare or segment, pairs)
    numbers = _candidates(segment, first, last, weights, max(KEPT_LEAST, limit * KEPT_EACH))
    if not len(numbers):
        return []
    held = _pairs_of(segment, numbers)
    met = np.zeros(len(numbers), np.float32)
    for pair, weight in zip(pairs, weights, strict=True):
        met += np.where((held == pair).any(axis=1), weight, np.float32(0))
    share = 2 * met / (float(weights.sum()) + segment.weights[numbers])
    order = np.lexsort((numbers, -share))[:limit]
    return [Near(int(numbers[place]), float(share[place])) for place in order]


def containing(segment: Segment, folded: str, limit: int) -> Ints:
    """The names that contain a folded fragment: first those that begin with it, the short first."""
    numbers, offsets = places(segment, folded)
    if not len(numbers):
        return numbers
    lengths = segment.lengths(numbers)
    rank = lengths + np.where(offsets == 0, 0, 1_000)
    if len(rank) > limit:
        worst = np.partition(rank, limit - 1)[limit - 1]
        keep = rank <= worst
        numbers, rank = numbers[keep], rank[keep]
    order = np.lexsort((numbers, rank))
    return _first_of_each(numbers[order])[:limit]


def places(segment: Segment, folded: str) -> tuple[Ints, Ints]:
    """Every place at which a folded fragment stands: (names, signs before it there)."""
    signs = signs_of(folded)
    nothing = np.zeros(0, np.int64)
    if not len(signs) or not len(segment):
        return nothing, nothing
    last_piece = max(len(signs) - WIDE, 0)
    first, last = segment.ranges([signs[at : at + WIDE] for at in range(last_piece + 1)])
    rarest = int(np.argmin(last - first))
    stretch = slice(int(first[rarest]), int(last[rarest]))
    numbers = segment.holders[stretch].astype(np.int64)
    offsets = segment.offsets[stretch].astype(np.int64) - rarest
    if len(signs) > WIDE:
        keep = offsets >= 0
        numbers, offsets = numbers[keep], offsets[keep]
        at = segment.starts[numbers].astype(np.int64) + offsets
        keep = np.ones(len(at), np.bool_)
        for step, sign in enumerate(signs):  # one that is too near the end meets its zeros
            here = np.minimum(at + step, len(segment.text) - 1)
            keep &= segment.text[here] == sign
        numbers, offsets = numbers[keep], offsets[keep]
    return numbers, offsets


def _first_of_each(numbers: Ints) -> Ints:
    """Each number once, in the order of its first place."""
    _, first = np.unique(numbers, return_index=True)
    return numbers[np.sort(first)]


def _stretches(segment: Segment, pairs: npt.NDArray[np.uint32]) -> tuple[Ints, Ints]:
    low = pairs.astype(np.uint64) << np.uint64(32)
    first = np.searchsorted(segment.keys, low, "left")
    last = np.searchsorted(segment.keys, low | np.uint64(0xFFFFFFFF), "right")
    return first.astype(np.int64), last.astype(np.int64)


def _weights(rare: Segment, pairs: npt.NDArray[np.uint32]) -> Floats:
    low, high = _stretches(rare, pairs)
    return rarity(high - low, max(len(rare), 1))


def _candidates(segment: Segment, first: Ints, last: Ints, weights: Floats, keep: int) -> Ints:
    """Names that hold the rare pairs, best first by those alone."""
    score = segment.scratch
    read = 0
    met: list[npt.NDArray[np.uint32]] = []
    counts = last - first
    for place in np.argsort(counts, kind="stable"):
        if not counts[place]:
            continue
        if met and read + counts[place] > READ:
            break
        end = min(int(last[place]), int(first[place]) + MOST)
        holders = segment.holders[int(first[place]) : end]
        score[holders] += weights[place]
        met.append(holders)
        read += len(holders)
    if not met:
        return np.zeros(0, np.int64)
    holders = np.concatenate(met)
    reached = score[holders]
    if len(reached) > keep * 2:
        worst = np.partition(reached, len(reached) - keep * 2)[len(reached) - keep * 2]
        some = holders[reached >= worst]
    else:
        some = holders
    some = np.unique(some)
    found = some[np.lexsort((some, -score[some]))][:keep].astype(np.int64)
    score[holders] = 0
    return found


def _pairs_of(segment: Segment, numbers: Ints) -> npt.NDArray[np.uint32]:
    """The pairs of signs of each name as a row; zero where a row has no more."""
    lengths = segment.lengths(numbers)
    wide = min(int(lengths.max()), COMPARED)
    steps = np.arange(wide)
    at = segment.starts[numbers].astype(np.int64)[:, None] + np.minimum(steps, lengths[:, None])
    signs = segment.text[at].astype(np.uint32)
    return np.where(signs[:, 1:] != 0, signs[:, :-1] << np.uint32(16) | signs[:, 1:], np.uint32(0))
