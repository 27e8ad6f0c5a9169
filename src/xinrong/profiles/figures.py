"""What a profile of all says of each indicator: coverage, quantiles, distribution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.profiles.columns import Column, columns
from xinrong.profiles.compiling import Compiled

QUANTILES = (5, 25, 50, 75, 95)
BINS = 12
MOST_CODES = 30


@dataclass(frozen=True)
class Figures:
    """Of one indicator over all enterprises. `bins` are exact counts: for the count rules only."""

    indicator: str
    known: int
    reasons: dict[str, int]
    quantiles: list[float | str]
    bins: list[list[Any]]


def figures_of(table: pa.Table, made: Compiled) -> Iterator[Figures]:
    """The figures of every indicator of a profile of all enterprises."""
    letters = table["reasons"].combine_chunks()
    per_category = {
        category: pc.utf8_slice_codeunits(letters, place, place + 1)
        for place, category in enumerate(made.categories)
    }
    for name, one in columns().items():
        values = table[name].combine_chunks()
        missing = pc.is_null(values)
        why = Counter(per_category[one.category].filter(missing).to_pylist())
        known = values.drop_null()
        spread, quantiles = _spread(one, known)
        yield Figures(name, len(known), dict(why), quantiles, spread)


def _spread(one: Column, known: pa.Array) -> tuple[list[list[Any]], list[float | str]]:
    spread: list[list[Any]] = []
    if not len(known):
        return spread, []
    if one.sql_type in ("VARCHAR", "BOOLEAN"):
        counted = Counter(str(value) for value in known.to_pylist()).most_common()
        spread = [[value, count] for value, count in counted[:MOST_CODES]]
        if rest := sum(count for _value, count in counted[MOST_CODES:]):
            spread.append(["…", rest])
        return spread, []
    if one.sql_type == "DATE":
        days = known.cast(pa.int32()).to_numpy()
        quantiles = np.percentile(days, QUANTILES)
        epoch = date(1970, 1, 1).toordinal()
        words: list[float | str] = [
            date.fromordinal(epoch + int(day)).isoformat() for day in quantiles
        ]
        years = Counter(days.astype("datetime64[D]").astype("datetime64[Y]").astype(str).tolist())
        return [[year, count] for year, count in sorted(years.items())], words
    numbers = known.cast(pa.float64()).to_numpy()
    low, high = np.percentile(numbers, [1, 99])
    if low == high:
        low, high = float(numbers.min()), float(numbers.max())
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    counts, _ = np.histogram(np.clip(numbers, edges[0], edges[-1]), edges)
    spread = [
        [float(edges[place]), float(edges[place + 1]), int(count)]
        for place, count in enumerate(counts)
    ]
    return spread, [float(value) for value in np.percentile(numbers, QUANTILES)]
