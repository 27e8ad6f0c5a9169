"""Whether what others committed meanwhile touches what a batch would change.

Comparing a large batch takes seconds, and small ones of the same category are committed beside it
all the time. Rather than comparing anew until nobody came first, the commit looks at what came:
where it is small batches and none of their keys is in the batch, the comparison still holds.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.store.models import Commit, CommitKind, HotKey, HotRow, Part

#: Of more rows than these a new comparison is the quicker way.
MOST = 500_000
#: Commits that change nothing of what a comparison found.
HARMLESS = (CommitKind.BATCH, CommitKind.IDENTITY)


def untouched(keys: Iterable[pa.ChunkedArray], categories: Iterable[str], since: int) -> bool:
    """Does a comparison made at seq `since` still hold for these keys?

    Asked inside the commit's transaction, after its seq was taken: nobody else commits meanwhile.
    """
    later = Commit.objects.filter(seq__gt=since)
    if later.exclude(kind__in=HARMLESS).exists():
        return False
    if Part.objects.filter(folded_seq__gt=since).exists():
        return False  # a large batch: its keys are not in the database
    wanted = list(categories)
    touched: set[int] = set()
    for rows in (HotRow.objects.all(), HotKey.objects.all()):
        found = rows.filter(seq__gt=since, category__in=wanted).values_list("key", flat=True)
        touched.update(found[: MOST + 1])
    if len(touched) > MOST:
        return False
    some = pa.array(touched, pa.int64())
    return not any(pc.any(pc.is_in(held, some)).as_py() for held in keys)
