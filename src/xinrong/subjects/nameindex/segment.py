"""Names in flat arrays: which names hold which signs, and where.

A name is looked at as UTF-16 units of its folded form ("signs"). Every place in a name is known by
the four signs that begin there; the places are sorted by them. All names that contain one, two,
three or four signs in a row are then one stretch of that order, found by two binary searches.
A second such order is that of how the signs sound, by the first letters of their readings.
The arrays are plain and are read where they lie on disk, so opening costs nothing and several
processes share one copy in memory.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

#: Signs in one key of the order, letters in one key of the order of sounds.
WIDE, SOUND_WIDE = 4, 8
#: Zeros that stand behind every name: no key reaches into the next one.
BEHIND = 8
#: Signs of a folded name that are looked at; a place in a name fits in one byte.
LONGEST = 255

type Ints = npt.NDArray[np.int64]
type Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Segment:
    """The names of one index, or of those that came since. Numbers of names count from 0."""

    text: npt.NDArray[np.uint16]  # the folded names, each with BEHIND zeros behind it
    starts: npt.NDArray[np.uint32]  # where each begins in `text`; one more at the end
    enterprises: npt.NDArray[np.int64]  # whose name it is
    written: npt.NDArray[np.uint8]  # the names as written, UTF-8
    written_starts: npt.NDArray[np.uint32]
    keys: npt.NDArray[np.uint64]  # four signs at each place of each name, sorted
    holders: npt.NDArray[np.uint32]  # the name in which that place is
    offsets: npt.NDArray[np.uint8]  # and how many signs stand before it there
    sound_keys: npt.NDArray[np.uint64]  # eight first letters of readings at each place, sorted
    sound_holders: npt.NDArray[np.uint32]
    sound_offsets: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.float32]  # rarity of all pairs of signs of each name, summed

    def __post_init__(self) -> None:
        object.__setattr__(self, "_own", threading.local())
        object.__setattr__(self, "_folder", None)

    @property
    def folder(self) -> Path | None:
        """Where the arrays lie on disk; what else is derived of these names may lie beside them."""
        folder: Path | None = self.__dict__["_folder"]
        return folder

    def __len__(self) -> int:
        return len(self.enterprises)

    @property
    def scratch(self) -> Floats:
        """One zero for each name, for this thread; whoever writes there sets it back to zero."""
        own: Any = self.__dict__["_own"]
        if not hasattr(own, "zeros"):
            own.zeros = np.zeros(len(self), np.float32)
        zeros: Floats = own.zeros
        return zeros

    def lengths(self, numbers: Ints) -> Ints:
        """How many signs these names have."""
        ends: Ints = self.starts[numbers + 1].astype(np.int64)
        return ends - self.starts[numbers] - BEHIND

    def folded(self, number: int) -> str:
        """The folded name with that number."""
        start, end = int(self.starts[number]), int(self.starts[number + 1]) - BEHIND
        return self.text[start:end].tobytes().decode("utf-16-le", "replace")

    def name(self, number: int) -> str:
        """The name with that number, as written."""
        start, end = int(self.written_starts[number]), int(self.written_starts[number + 1])
        return self.written[start:end].tobytes().decode()

    def save(self, folder: Path) -> None:
        """Write the arrays into a folder, one file each."""
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The arrays of a folder, read where they lie."""
        arrays = {}
        for field in fields(cls):
            mapped = np.load(folder / f"{field.name}.npy", mmap_mode="r")
            arrays[field.name] = mapped.view(np.ndarray)
        found = cls(**arrays)
        object.__setattr__(found, "_folder", folder)
        return found

    def ranges(self, pieces: Sequence[npt.NDArray[np.uint16]]) -> tuple[Ints, Ints]:
        """From where to where in the order the places lie that begin with each piece.

        A piece has one to four signs. The second of the two ends is not included.
        """
        return _ranges(self.keys, pieces, 16)

    def sound_ranges(self, pieces: Sequence[npt.NDArray[np.uint8]]) -> tuple[Ints, Ints]:
        """The same in the order of sounds: pieces of one to eight letters."""
        return _ranges(self.sound_keys, pieces, 8)


def _ranges(
    keys: npt.NDArray[np.uint64], pieces: Sequence[npt.NDArray[Any]], bits: int
) -> tuple[Ints, Ints]:
    low = np.zeros(len(pieces), np.uint64)
    high = np.zeros(len(pieces), np.uint64)
    for place, piece in enumerate(pieces):
        key = 0
        for sign in piece:
            key = key << bits | int(sign)
        free = 64 - bits * len(piece)
        low[place] = key << free
        high[place] = (key + 1 << free) - 1
    first = np.searchsorted(keys, low, "left")
    last = np.searchsorted(keys, high, "right")
    return first.astype(np.int64), last.astype(np.int64)


def signs_of(folded: str) -> npt.NDArray[np.uint16]:
    """The signs of a folded text, as the index sees them."""
    units = folded.encode("utf-16-le", "replace")
    return np.frombuffer(units, np.uint16)[:LONGEST]
