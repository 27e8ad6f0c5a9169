"""Rows of one category of one chunk, as typed columns: what is true, before any department writes.

Columns are kept as small as their meaning: dates as days, money as fen, numbers as
ten-thousandths, an enterprise as its number, words as positions in a list. From here rows go to
`departmental` (text as a department sends it) or to `canonical` (the store's schema).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.synth.register import NULL
from xinrong.synth.streams import Bools, Floats, Ints


@dataclass(frozen=True)
class Coded:
    """Text out of a short list; position -1 is nothing."""

    words: tuple[str, ...]
    index: Ints

    def text(self) -> pa.Array:
        """The words, null where there is nothing."""
        index = pa.array(self.index, mask=self.index < 0)
        return pa.array(self.words, type=pa.string()).take(index)

    def take(self, keep: Ints | Bools) -> Coded:
        """The chosen rows."""
        return Coded(self.words, self.index[keep])

    def is_word(self, *words: str) -> Bools:
        """Where it is one of `words`."""
        places = [place for place, word in enumerate(self.words) if word in words]
        return np.isin(self.index, places)


type Column = Ints | Coded | pa.Array


@dataclass(frozen=True)
class Rows:
    """`who`: position in the chunk; `fields`: by the contract's names; `route`: the row's feed."""

    who: Ints
    fields: dict[str, Column]
    route: Coded | None = None

    def __len__(self) -> int:
        return len(self.who)

    def where(self, keep: Bools) -> Rows:
        """The rows where `keep` is true."""
        if keep.all():
            return self
        place = np.nonzero(keep)[0]
        return self.take(place)

    def take(self, place: Ints) -> Rows:
        """The rows at these positions."""
        return Rows(
            self.who[place],
            {name: taken(column, place) for name, column in self.fields.items()},
            self.route.take(place) if self.route else None,
        )

    def of_feed(self, feed: str) -> Rows:
        """The rows that go to one feed."""
        if self.route is None:
            return self
        return replace(self.where(self.route.is_word(feed)), route=None)


def taken(column: Column, place: Ints) -> Column:
    """A column's values at these positions."""
    if isinstance(column, Coded):
        return column.take(place)
    if isinstance(column, np.ndarray):
        return column[place]
    return column.take(pa.array(place))


def coded(words: Sequence[str], index: Ints, where: Bools | None = None) -> Coded:
    """Words by position, nothing where `where` is false."""
    return Coded(tuple(words), index if where is None else np.where(where, index, -1))


def only(values: Ints, where: Bools) -> Ints:
    """Whole numbers, nothing where `where` is false."""
    return np.where(where, values, NULL)


def digits(values: Ints, width: int) -> pa.Array:
    """Whole numbers as text of `width` digits."""
    return pc.utf8_lpad(pc.cast(pa.array(values), pa.string()), width, "0")


def joined(*parts: pa.Array | str) -> pa.Array:
    """Texts put together row by row."""
    return pc.binary_join_element_wise(*parts, "")


def within(starts_new: Ints) -> Ints:
    """0, 1, 2 … within each run of equal values in sorted `starts_new`."""
    if not len(starts_new):
        return starts_new
    edge = np.r_[0, np.nonzero(np.diff(starts_new))[0] + 1]
    length = np.diff(np.r_[edge, len(starts_new)])
    counted: Ints = np.arange(len(starts_new)) - np.repeat(edge, length)
    return counted


def year_of(day: Ints) -> Ints:
    """Calendar year of days since 1970-01-01."""
    years: Ints = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return years


def fen(yuan: Ints | Floats, step: int = 1) -> Ints:
    """Fen from yuan, rounded down to whole `step` yuan."""
    whole = (np.asarray(yuan) / step).astype(np.int64)
    return whole * (step * 100)


def stack(blocks: Sequence[Rows]) -> Rows:
    """Several blocks of rows of one category as one."""
    if len(blocks) == 1:
        return blocks[0]
    routed = [block.route for block in blocks if block.route is not None]
    return Rows(
        np.concatenate([block.who for block in blocks]),
        {
            name: _concatenated([block.fields[name] for block in blocks])
            for name in blocks[0].fields
        },
        Coded(routed[0].words, np.concatenate([one.index for one in routed])) if routed else None,
    )


def _concatenated(parts: Sequence[Column]) -> Column:
    if isinstance(parts[0], np.ndarray):
        return np.concatenate([part for part in parts if isinstance(part, np.ndarray)])
    if isinstance(parts[0], Coded):
        index = np.concatenate([part.index for part in parts if isinstance(part, Coded)])
        return Coded(parts[0].words, index)
    return pa.concat_arrays(parts)
