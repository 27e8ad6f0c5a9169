"""Every shipped file is taken in, and what is quarantined is a mistake of the data."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.samples.sheets import PROJECT
from xinrong.catalogue.region import load_region
from xinrong.collect.services import collect_file, quarantine_of
from xinrong.domain.clock import FixedClock

CLOCK = FixedClock(datetime(2026, 11, 21, tzinfo=UTC))
#: What is wrong in the published data itself, by rule.
MISTAKES = {
    "code_length",
    "code_check_digit",
    "code_mangled",
    "code_placeholder",
    "code_alphabet",
    "date_unreadable",  # a word in a column of dates
    "conflict_in_batch",  # one number with two contents
}


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_collecting_the_sample_quarantines_real_mistakes_only(store_root: Path) -> None:
    assert store_root.is_dir()
    region = load_region("beijing")
    rows = quarantined = 0
    for feed in sorted(region.feeds.values(), key=lambda one: (not one.register_feed, one.feed)):
        if not feed.sample:
            continue
        receipt = collect_file(PROJECT / feed.sample, feed.feed, clock=CLOCK, region=region)
        rules = {problem["rule"] for row in quarantine_of(receipt) for problem in row.problems}
        assert rules <= MISTAKES, feed.feed
        assert receipt.accepted > 0, feed.feed
        assert receipt.corrected == 0, feed.feed
        rows += receipt.rows_in
        quarantined += receipt.quarantined
    assert 0 < quarantined < rows * 0.02
