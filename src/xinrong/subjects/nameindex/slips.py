"""Names that hold a fragment with one slip: a sign wrong, one too many, or two swapped.

One sign too few is a matter of `gaps`. A fragment with one wrong sign still has one of its two
parts whole, wherever it is cut: it is cut where the fewest places must be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xinrong.subjects.nameindex.asking import places
from xinrong.subjects.nameindex.segment import WIDE, Ints, Segment, signs_of

#: Shorter fragments would meet half the register.
SHORTEST = 3
#: Places that are looked at for each part.
MOST = 60_000


@dataclass(frozen=True, slots=True)
class Slip:
    """A place where a name holds the fragment but for one slip, and over how many of its signs."""

    number: int
    offset: int
    wide: int
    kind: str  # wrong, extra, swapped


def slipped(segment: Segment, folded: str, limit: int) -> list[Slip]:
    """Names that hold a folded fragment but for one slip; those that begin with it first."""
    signs = signs_of(folded)
    if len(signs) < SHORTEST or len(signs) != len(folded) or not len(segment):
        return []
    found = _swapped(segment, folded, limit) + _extra(segment, folded, limit)
    for part, at in _parts(segment, signs):
        found += _around(segment, signs, part, at, limit)
    first: dict[int, Slip] = {}
    for slip in sorted(found, key=_rank):
        first.setdefault(slip.number, slip)
    return list(first.values())[:limit]


def _rank(slip: Slip) -> tuple[bool, int, int, str]:
    return slip.offset != 0, slip.number, slip.offset, slip.kind


def _swapped(segment: Segment, folded: str, limit: int) -> list[Slip]:
    tried = {
        folded[:at] + folded[at + 1] + folded[at] + folded[at + 2 :]
        for at in range(len(folded) - 1)
        if folded[at] != folded[at + 1]
    }
    return _exactly(segment, tried, "swapped", limit)


def _extra(segment: Segment, folded: str, limit: int) -> list[Slip]:
    """One sign too many, not at an end: without that it would be a shorter fragment."""
    if len(folded) == SHORTEST:
        return []
    tried = {folded[:at] + folded[at + 1 :] for at in range(1, len(folded) - 1)}
    return _exactly(segment, tried - {folded[1:], folded[:-1]}, "extra", limit)


def _exactly(segment: Segment, tried: set[str], kind: str, limit: int) -> list[Slip]:
    found = []
    for text in sorted(tried):
        numbers, offsets = places(segment, text)
        found += [
            Slip(int(number), int(offset), len(text), kind)
            for number, offset in zip(numbers[:limit], offsets[:limit], strict=True)
        ]
    return found


def _parts(segment: Segment, signs: np.typing.NDArray[np.uint16]) -> list[tuple[slice, int]]:
    """The two stretches of the order (with their place in the fragment) that are looked at."""
    pieces = [
        (start, signs[start : start + wide])
        for start in range(len(signs))
        for wide in range(1, WIDE + 1)
        if start + wide <= len(signs)
    ]
    low, high = segment.ranges([piece for _, piece in pieces])
    counts = dict[tuple[int, int], int]()
    there = dict[tuple[int, int], slice]()
    for (start, piece), first, last in zip(pieces, low.tolist(), high.tolist(), strict=True):
        counts[start, start + len(piece)] = last - first
        there[start, start + len(piece)] = slice(first, last)

    def rarest(start: int, end: int) -> tuple[int, int]:
        wide = min(WIDE, end - start)
        windows = [(at, at + wide) for at in range(start, end - wide + 1)]
        return min(windows, key=lambda window: counts[window])

    cuts = [(rarest(0, cut), rarest(cut, len(signs))) for cut in range(1, len(signs))]
    left, right = min(cuts, key=lambda cut: counts[cut[0]] + counts[cut[1]])
    return [(there[one], one[0]) for one in (left, right) if 0 < counts[one] <= MOST]


def _around(
    segment: Segment, signs: np.typing.NDArray[np.uint16], part: slice, at: int, limit: int
) -> list[Slip]:
    """Where the fragment stands around one whole part of it, one sign of it wrong."""
    numbers = segment.holders[part].astype(np.int64)
    offsets = segment.offsets[part].astype(np.int64) - at
    wide = len(signs)
    agree = _agreeing(segment, signs, numbers, offsets, 0)
    wrong = agree.sum(axis=1) == wide - 1
    if wide == SHORTEST:  # two signs in a row are a fragment that many names hold
        wrong &= agree[:, 0] & agree[:, -1]
    keep = np.flatnonzero(wrong)
    keep = keep[np.lexsort((numbers[keep], offsets[keep] != 0))][:limit]
    return [Slip(int(numbers[one]), int(offsets[one]), wide, "wrong") for one in keep]


def _agreeing(
    segment: Segment,
    signs: np.typing.NDArray[np.uint16],
    numbers: Ints,
    begin: Ints,
    shift: int,
) -> np.typing.NDArray[np.bool_]:
    """Which signs of the fragment stand at their place in each name, moved on by `shift`."""
    lengths = segment.lengths(numbers)
    agree = np.zeros((len(numbers), len(signs)), np.bool_)
    starts = segment.starts[numbers].astype(np.int64)
    for step, sign in enumerate(signs):
        place = begin + step + shift
        inside = (place >= 0) & (place < lengths)
        agree[:, step] = inside & (segment.text[starts + np.where(inside, place, 0)] == sign)
    return agree
