"""Which pieces of a name, as it is written, were met by what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from xinrong.domain.names import fold
from xinrong.subjects.searching.types import Spans

fold_sign = lru_cache(maxsize=20_000)(fold)


def in_written(name: str, places: Iterable[int]) -> Spans:
    """Places of the folded name as stretches of the written one; () where they cannot be told.

    What folding drops between two places (a bracket, a space) belongs to the stretch.
    """
    wanted = set(places)
    at, kept = 0, []
    for place, sign in enumerate(name):
        wide = len(fold_sign(sign))
        if any(step in wanted for step in range(at, at + wide)):
            kept.append(place)
        elif wide:
            kept.append(-1)
        at += wide
    if at != len(fold(name)):
        return ()
    return _stretches(kept)


def _stretches(kept: list[int]) -> Spans:
    """Places one after another as (first, one past the last); -1 ends a stretch."""
    found: list[tuple[int, int]] = []
    open_stretch = False
    for place in kept:
        if place < 0:
            open_stretch = False
        elif open_stretch:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
            open_stretch = True
    return tuple(found)


def places_of_pieces(folded: str, pieces: Iterable[str]) -> set[int]:
    """The places of the first occurrence of each piece."""
    found: set[int] = set()
    for piece in pieces:
        start = folded.find(piece)
        if start >= 0:
            found |= set(range(start, start + len(piece)))
    return found


def places_in_order(folded: str, typed: str) -> list[int]:
    """Where the signs typed stand, each as early as can be; [] when they do not."""
    found, at = [], -1
    for sign in typed:
        at = folded.find(sign, at + 1)
        if at < 0:
            return []
        found.append(at)
    return found


def places_agreeing(folded: str, typed: str) -> set[int]:
    """The places that a longest common subsequence of both holds: of a mistyped name."""
    from rapidfuzz.distance import LCSseq

    found: set[int] = set()
    for block in LCSseq.editops(folded, typed).as_matching_blocks():
        found |= set(range(block.a, block.a + block.size))
    return found
