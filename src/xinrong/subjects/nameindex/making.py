"""Making the arrays of an index out of names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched
from typing import Any

import numpy as np
import numpy.typing as npt

from xinrong.domain.names import fold
from xinrong.subjects.nameindex.segment import (
    BEHIND,
    LONGEST,
    SOUND_WIDE,
    WIDE,
    Segment,
    signs_of,
)
from xinrong.subjects.nameindex.sounds import letters_of

#: Names that are Python objects at once while the arrays are made.
AT_ONCE = 20_000

#: (enterprise number, name as written, folded name)
type Row = tuple[int, str, str]


def segment_of(rows: Iterable[Row], like: Segment | None = None) -> Segment:
    """The arrays of these names; names of which folding leaves nothing are passed over.

    `like`: an index whose count of pairs says what is rare, where these are few names.
    """
    texts, lengths, enterprises, written, written_lengths = [], [], [], [], []
    for some in batched((row for row in rows if row[2]), AT_ONCE):
        signs = [signs_of(row[2]) for row in some]
        lengths.append(np.array([len(one) for one in signs], np.int64))
        texts.append(_joined(signs))
        enterprises.append(np.array([row[0] for row in some], np.int64))
        names = [row[1].encode() for row in some]
        written_lengths.append(np.array([len(one) for one in names], np.int64))
        written.append(np.frombuffer(b"".join(names), np.uint8))
    text = _glued(texts, np.uint16)
    size = _glued(lengths, np.int64)
    places = _places(text, size)
    keys, holders, offsets = _ordered(text, places, WIDE, 16)
    sounds = _ordered(letters_of(text), places, SOUND_WIDE, 8)
    weights = np.zeros(len(size), np.float32)
    made = Segment(
        text=text,
        starts=_starts(size + BEHIND),
        enterprises=_glued(enterprises, np.int64),
        written=_glued(written, np.uint8),
        written_starts=_starts(_glued(written_lengths, np.int64)),
        keys=keys,
        holders=holders,
        offsets=offsets,
        sound_keys=sounds[0],
        sound_holders=sounds[1],
        sound_offsets=sounds[2],
        weights=weights,
    )
    weights[:] = _weights(made, like)
    return made


def rows_of(names: Iterable[tuple[int, str]]) -> Iterable[Row]:
    """(enterprise number, name) with the folded name added."""
    return ((enterprise, name, fold(name)) for enterprise, name in names)


def rarity(counts: npt.NDArray[np.int64], names: int) -> npt.NDArray[np.float32]:
    """What a pair of signs weighs that so many of all names hold: the rarer, the more."""
    return np.log1p(names / np.maximum(counts, 1)).astype(np.float32)


def _joined(signs: list[npt.NDArray[np.uint16]]) -> npt.NDArray[np.uint16]:
    behind = np.zeros(BEHIND, np.uint16)
    return np.concatenate([part for one in signs for part in (one, behind)])


def _glued[T: np.generic](parts: list[npt.NDArray[T]], kind: type[T]) -> npt.NDArray[T]:
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def _starts(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32)


@dataclass(frozen=True)
class _Places:
    """Every place of every name, as the names come."""

    here: npt.NDArray[np.int64]  # in the text
    holders: npt.NDArray[np.uint32]
    offsets: npt.NDArray[np.uint8]


def _places(text: npt.NDArray[np.uint16], lengths: npt.NDArray[np.int64]) -> _Places:
    here = np.flatnonzero(text)
    holders = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
    starts = _starts(lengths + BEHIND)[:-1]
    offsets = (here - np.repeat(starts, lengths)).astype(np.uint8)
    assert len(holders) == len(here), "a folded name holds no zero"
    assert not len(lengths) or lengths.max() <= LONGEST
    return _Places(here, holders, offsets)


def _ordered(
    units: npt.NDArray[Any], places: _Places, wide: int, bits: int
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    """The places sorted by the units that begin there, then by name."""
    keys = np.zeros(len(places.here), np.uint64)
    for step in range(wide):
        keys <<= np.uint64(bits)
        keys |= units[places.here + step]
    order = np.argsort(keys, kind="stable")
    return keys[order], places.holders[order], places.offsets[order]


def _weights(made: Segment, like: Segment | None) -> npt.NDArray[np.float64]:
    pairs = made.keys >> np.uint64(32)
    whole = (pairs & np.uint64(0xFFFF)) != 0  # the last sign of a name begins no pair
    edges = np.flatnonzero(np.diff(pairs, prepend=np.uint64(0), append=np.uint64(0)) != 0)
    if not len(pairs):
        return np.zeros(0)
    first = np.unique(np.concatenate([[0], edges[edges < len(pairs)]]))
    counts = np.diff(np.append(first, len(pairs)))
    weigh = rarity(counts, len(made))
    if like is not None:
        low = pairs[first] << np.uint64(32)
        high = low | np.uint64(0xFFFFFFFF)
        there = np.searchsorted(like.keys, high, "right") - np.searchsorted(like.keys, low, "left")
        weigh = rarity(there, len(like))
    each = np.where(whole, np.repeat(weigh, counts), np.float32(0))
    return np.bincount(made.holders, weights=each, minlength=len(made))
