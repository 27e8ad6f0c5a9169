"""The intake makes of every row what the truth says it must."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from xinrong.catalogue.region import load_region
from xinrong.collect.services import collect_file, quarantine_of
from xinrong.domain.clock import FixedClock
from xinrong.synth import Summary

CLOCK = FixedClock(datetime(2026, 11, 21, tzinfo=UTC))


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_receipts_agree_with_the_truth_in_every_feed(
    store_root: Path, written: tuple[Path, Summary]
) -> None:
    assert store_root.is_dir()
    out, summary = written
    region = load_region("taizhou")
    truth = pq.read_table(out / "truth" / "faults.parquet").to_pylist()
    feeds = sorted(region.sent_feeds.values(), key=lambda one: (not one.register_feed, one.feed))
    taken = 0
    for feed in feeds:
        path = out / feed.feed / f"{feed.feed}.{feed.layout.format}"
        receipt = collect_file(path, feed.feed, clock=CLOCK, region=region)
        mine = [one for one in truth if one["feed"] == feed.feed]
        expected = Counter(one["outcome"] for one in mine)
        assert receipt.rows_in == summary.rows_per_feed[feed.feed], feed.feed
        assert receipt.corrected == 0, feed.feed
        assert {row.row_no for row in quarantine_of(receipt)} == {
            one["row_no"] for one in mine if one["outcome"] == "quarantined"
        }, feed.feed
        assert (receipt.duplicates, receipt.repaired, receipt.unlinked) == (
            expected["duplicate"],
            expected["repaired"],
            expected["unlinked"],
        ), feed.feed
        taken += receipt.rows_in
    assert taken == summary.rows
