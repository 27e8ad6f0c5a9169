"""Which categories enterprises have: counted over the whole store, kept as one row a count."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from xinrong.collect.models.quality import Coverage
from xinrong.domain.clock import Clock
from xinrong.store import services as store
from xinrong.subjects.services import count_enterprises, enterprise_numbers

#: No number of enterprises below this is kept, and others are rounded to it.
STEP = 10
#: A count younger than this is not made again by `watch`.
FRESH = timedelta(hours=20)
_PAIRS = "SELECT DISTINCT subject, category FROM record ORDER BY subject, category"


def rounded(number: int) -> int | None:
    """A number of enterprises as it may be shown: none below 10, else rounded to 10."""
    return None if number < STEP else (number + STEP // 2) // STEP * STEP


def count_coverage(*, clock: Clock) -> Coverage:
    """Count how many enterprises have each category, and how many have how many of them.

    Records of subjects that are linked to no enterprise count for nobody.
    """
    with store.snapshot() as snap:
        pairs = snap.query(_PAIRS)
        seq = snap.seq
    subjects = pairs["subject"].to_numpy()
    encoded = pairs["category"].combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    enterprises = enterprise_numbers(subjects)
    linked = enterprises > 0
    kinds = max(len(names), 1)
    both = np.unique(enterprises[linked] * kinds + encoded.indices.to_numpy()[linked])
    per_category = np.bincount(both % kinds, minlength=len(names))
    _, per_enterprise = np.unique(both // kinds, return_counts=True)
    known = count_enterprises()["enterprises"]
    spread = np.bincount(per_enterprise, minlength=1)
    spread[0] = max(0, known - len(per_enterprise))
    return Coverage.objects.create(
        counted_at=clock.now(),
        seq=seq,
        enterprises=rounded(known),
        by_category={name: rounded(int(n)) for name, n in zip(names, per_category, strict=True)},
        spread={str(number): rounded(int(n)) for number, n in enumerate(spread) if n},
    )


def latest_coverage() -> Coverage | None:
    """The latest count, if there is one."""
    return Coverage.objects.order_by("-counted_at").first()


def refresh_coverage(*, clock: Clock) -> Coverage:
    """The latest count, made anew when it is older than 20 hours."""
    latest = latest_coverage()
    if latest is not None and clock.now() - latest.counted_at < FRESH:
        return latest
    return count_coverage(clock=clock)
