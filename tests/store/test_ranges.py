"""The store read a range of buckets at a time gives the rows that it gives at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.store.rows import NOW, put, row
from xinrong.store.services import bucket_count, compact, range_scan, retract_batch, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
LISTED = "SELECT subject, category, key, batch, amount FROM record ORDER BY ALL"


def test_the_ranges_together_hold_every_row_that_counts_once(settings: Any) -> None:
    settings.STORE_HOT_ROWS = 20
    put(*[row(subject, subject, 3) for subject in range(1, 60)])
    put(*[row(subject, subject, 4, polarity=-1) for subject in range(1, 60, 3)])
    compact(NOW)
    put(*[row(subject, subject, 5) for subject in range(1, 60, 2)])
    retract_batch(put(row(3, 1000, 1), row(1, 1, 9)).batch, "mistake", NOW)
    put(row(7, 2000, 2), row(8, 2001, 2))
    with snapshot() as snap, range_scan(snap) as scan:
        whole = snap.query(LISTED).to_pylist()
        found = []
        for low, high in ((0, 4), (5, 5), (6, bucket_count() - 1)):
            scan.bind(low, high)
            rows = scan.cursor.sql(LISTED).to_arrow_table().to_pylist()
            assert all(low <= one["subject"] % bucket_count() <= high for one in rows)
            found += rows
    assert len(whole) == 61
    assert sorted(map(str, found)) == sorted(map(str, whole))


def test_a_range_of_which_there_is_nothing_is_empty() -> None:
    put(row(1, 1, 1))
    with snapshot() as snap, range_scan(snap) as scan:
        scan.bind(300, 400)
        assert scan.cursor.sql(LISTED).to_arrow_table().num_rows == 0
