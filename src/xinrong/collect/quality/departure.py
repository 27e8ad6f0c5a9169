"""Does a field of a batch depart from the feed's history?

The share of each code is compared with its median share in the history, by the signed root of the
binomial deviance: so many standard deviations, and right for rare codes too. What the history
scatters beyond chance, by its median deviation on the arcsine scale, takes from that distance. A
share departs when it lies far from the median, and also beyond everything that the history
holds: what comes back every spring is usual. Where codes change from batch to batch as a matter
of course, much more is asked.
How often clean batches are called suspicious, and how much damage is found, is measured
(docs/reference/quality.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xinrong.collect.quality.profile import Shape

#: Fewer batches than this say nothing about what is usual.
LEAST_HISTORY = 6
#: Standard deviations from the centre that are suspicious.
FAR = 6.0
#: What lies outside the range of the history counts so much for each standard deviation.
OUTSIDE = 2.0
#: With a short history the spread is uncertain: FAR grows by this over the number of batches.
SHORT = 9.0
#: A score must exceed, so many times, what the batches of the history have against each other.
UNRULY = 1.4
#: A change of fewer rows or of a smaller share than this is never suspicious.
LEAST_ROWS, LEAST_SHARE = 5, 0.001
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Departure:
    """The share of one code that departs most: found and usual shares are between 0 and 1."""

    shape: str
    code: int
    found: float
    usual: float
    score: float  # times the least that is suspicious


def departure(now: Mapping[str, Shape], history: Sequence[Mapping[str, Shape]]) -> Departure | None:
    """The strongest departure of a field, or None where all is as usual or history is short."""
    found = [
        one
        for name, shape in now.items()
        if (one := _of_shape(name, shape, [past[name] for past in history if name in past]))
    ]
    return max(found, key=lambda one: one.score, default=None)


def _of_shape(name: str, now: Shape, past: Sequence[Shape]) -> Departure | None:
    past = [shape for shape in past if shape.rows]
    if len(past) < LEAST_HISTORY or not now.rows:
        return None
    codes = sorted({*now.counts, *(code for shape in past for code in shape.counts)})
    here = np.array([_count(now, code) for code in codes], np.float64)
    before = np.array([[_count(shape, code) for code in codes] for shape in past], np.float64)
    rows = np.array([shape.rows for shape in past], np.float64)
    scores = _scores(here, before, now.rows, rows)
    usual = np.median(before / rows[:, None], axis=0)
    shares = np.array([now.counts.get(code, 0) / now.rows for code in codes])
    moved = np.abs(shares - usual)
    scores[(moved * now.rows < LEAST_ROWS) | (moved < LEAST_SHARE)] = 0
    best = int(np.argmax(scores))
    least = max(FAR + SHORT / len(past), UNRULY * _own_score(before, rows))
    if scores[best] < least:
        return None
    score = float(scores[best] / least)
    return Departure(name, codes[best], float(shares[best]), float(usual[best]), score)


def _count(shape: Shape, code: int) -> int:
    """How often a code occurs; one that is not named may have occurred `cut` times."""
    return shape.counts.get(code, shape.cut)


def _scores(here: Floats, before: Floats, now_rows: int, rows: Floats) -> Floats:
    """How far each share lies from the centre, in standard deviations; little when in range."""
    shares = (before + 0.5) / (rows[:, None] + 1)
    columns = np.arange(before.shape[1])
    high = shares[np.argmax(shares, axis=0), columns]
    low = shares[np.argmin(shares, axis=0), columns]
    share = here / now_rows
    outside = np.where(share > high, _deviance(here, now_rows, high), 0)
    outside = np.where(share < low, _deviance(here, now_rows, low), outside)
    return np.minimum(_far(here, before, now_rows, rows), outside * OUTSIDE)


def _far(here: Floats, before: Floats, now_rows: int, rows: Floats) -> Floats:
    """Distance from the centre of the history, in standard deviations."""
    angles = np.arcsin(np.sqrt((before + 0.375) / (rows[:, None] + 0.75)))
    noise = float(np.mean(1 / (4 * rows)))
    centre = np.median(angles, axis=0)
    spread = 1.4826 * np.median(np.abs(angles - centre), axis=0)
    wide = np.maximum(spread**2 - noise, 0)
    wide += (wide + noise) * 1.57 / len(before)
    pooled = (before.sum(axis=0) + 0.5) / (rows.sum() + 1)
    middle = np.where(np.median(before, axis=0) > 0, np.sin(centre) ** 2, pooled)
    chance = 1 / (4 * now_rows)
    return np.asarray(_deviance(here, now_rows, middle) * np.sqrt(chance / (chance + wide)))


def _deviance(count: Floats, rows: int, share: Floats) -> Floats:
    """The root of the binomial deviance of `count` among `rows` when `share` is expected."""
    expected = np.clip(share, 1e-12, 1 - 1e-12) * rows
    rest = rows - count
    twice = count * np.log(np.maximum(count, 1e-300) / expected)
    twice += rest * np.log(np.maximum(rest, 1e-300) / (rows - expected))
    return np.asarray(np.sqrt(np.maximum(2 * twice, 0)))


def _own_score(before: Floats, rows: Floats) -> float:
    """The highest score that a batch of the history had when it came, against those before it.

    It is high where the codes change from batch to batch as a matter of course: a tax period, the
    day of a monthly run.
    """
    return max(
        float(_scores(before[one], before[:one], int(rows[one]), rows[:one]).max())
        for one in range(2, len(before))
    )
