"""The keys of all names of an index, sorted: whom a single look-up compares.

They lie beside the index of names, in the folder of its generation, and go with it. Whoever first
needs them makes them (some tens of seconds for 700,000 names); names that came since are few and
have theirs made in memory.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from xinrong.domain.naming import parse
from xinrong.subjects.nameindex import NameIndex
from xinrong.subjects.nameindex.segment import Ints, Segment
from xinrong.subjects.resolution import pieces
from xinrong.subjects.resolution.blocking import MOST, digest, keys_of
from xinrong.subjects.resolution.features import Features, features_of

#: Of the keys and how they are made; those of another number are made anew.
FORMAT = 1
_KEYS, _HOLDERS = f"resolution_keys_{FORMAT}.npy", f"resolution_holders_{FORMAT}.npy"


class Gathered(NamedTuple):
    """A name of the index that shares a key."""

    enterprise: int
    name: str


class Keys(NamedTuple):
    """The keys of a segment in order, and the number of the name that has each."""

    keys: npt.NDArray[np.uint64]
    holders: npt.NDArray[np.uint32]


def gather(index: NameIndex, name: Features) -> list[Gathered]:
    """The names of the index that share a key with a name as sent, but for keys too common.

    Names with an equal folded form are among them, whatever they share besides.
    """
    own = [digest(same_key(name.folded)), *map(digest, keys_of(name, sent=True))]
    wanted = np.array(own, np.uint64)
    stretches = [_stretches(keys_of_segment(segment), wanted) for segment in index.segments]
    held = sum((last - first for first, last in stretches), np.zeros(len(wanted), np.int64))
    chosen = held <= MOST
    chosen[0] = True
    found = []
    for segment, (first, last) in zip(index.segments, stretches, strict=True):
        holders, numbers = keys_of_segment(segment).holders, set[int]()
        for place in np.flatnonzero(chosen & (last > first)).tolist():
            numbers.update(holders[first[place] : last[place]].tolist())
        found += [
            Gathered(int(segment.enterprises[number]), segment.name(number))
            for number in sorted(numbers)
        ]
    return found


def _stretches(keys: Keys, wanted: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
    first, last = (np.searchsorted(keys.keys, wanted, side) for side in ("left", "right"))
    return first.astype(np.int64), last.astype(np.int64)


def same_key(folded: str) -> str:
    """The key that equal names share, however many they are."""
    return f"= {folded}"


_made: WeakKeyDictionary[Segment, Keys] = WeakKeyDictionary()
_lock = threading.Lock()


def keys_of_segment(segment: Segment) -> Keys:
    """The keys of a segment: known already, on disk beside it, or made now."""
    with _lock:
        return _made.get(segment) or _made.setdefault(segment, _read_or_make(segment))


def _read_or_make(segment: Segment) -> Keys:
    folder = segment.folder
    if folder is not None and (folder / _HOLDERS).exists():
        keys, holders = (np.load(folder / file, mmap_mode="r") for file in (_KEYS, _HOLDERS))
        return Keys(keys.view(np.ndarray), holders.view(np.ndarray))
    made = make(segment)
    if folder is not None:
        _keep(made, folder)
    return made


def _keep(made: Keys, folder: Path) -> None:
    """Write them beside the index; without a word where the disk does not let us."""
    try:
        for file, array in ((_KEYS, made.keys), (_HOLDERS, made.holders)):
            part = folder / f"{file}.{secrets.token_hex(4)}.part"
            with part.open("wb") as out:
                np.save(out, array)
                out.flush()
                os.fsync(out.fileno())
            part.replace(folder / file)
    except OSError:
        return  # the folder went, or is not ours: what was made serves this process


def make(segment: Segment, workers: int | None = None) -> Keys:
    """Make the keys of all names of a segment."""
    names = (segment.name(number) for number in range(len(segment)))
    keys, holders = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint32)]
    for some, whose in pieces.over(_of_piece, names, workers):
        keys.append(some)
        holders.append(whose)
    together, owners = np.concatenate(keys), np.concatenate(holders)
    order = np.argsort(together, kind="stable")
    return Keys(together[order], owners[order])


def _of_piece(piece: pieces.Piece[str]) -> Keys:
    start, names = piece
    keys: list[int] = []
    holders: list[int] = []
    for number, name in enumerate(names, start):
        own = [digest(key) for key in _keys_of_name(name)]
        keys += own
        holders += [number] * len(own)
    return Keys(np.array(keys, np.uint64), np.array(holders, np.uint32))


def _keys_of_name(name: str) -> Iterator[str]:
    features = features_of(parse(name))
    yield same_key(features.folded)
    yield from keys_of(features, sent=False)
