"""One field damaged in 1 % of a batch is found; clean batches are left in peace. Both measured."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.collect.quality_city import Months, city, months_of, suspicious, trials

#: Feeds of the invented city with about 2,000 rows a month at this size.
FEEDS = ("power_bills", "tax_payments")
#: For batches of this size; docs/reference/quality.md states what larger ones give.
FALSE_ALARMS, RECALL = 0.01, 0.8


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> list[Months]:
    folder = city(tmp_path_factory.mktemp("city"), 5, 2_000, 2)
    return [months_of(folder, name) for name in FEEDS]


def test_clean_batches_seldom_look_suspicious(months: list[Months]) -> None:
    judged, false = 0, []
    for feed in months:
        past = []
        for number in range(len(feed.batches)):
            now = feed.clean(number)
            if len(past) >= 6:
                judged += len(now)
                found = suspicious(now, past)
                false += [(feed.feed.feed, number, name, one) for name, one in found.items()]
            past.append(now)
    assert judged > 150
    assert len(false) <= max(3, FALSE_ALARMS * judged), false


def test_one_field_damaged_in_one_row_of_a_hundred_is_found(months: list[Months]) -> None:
    draws = np.random.default_rng(1)
    tried: Counter[str] = Counter()
    missed: Counter[tuple[str, str, str]] = Counter()
    for feed in months:
        last = len(feed.batches) - 2
        past = [feed.clean(number) for number in range(last)]
        for trial in trials(feed, last, draws, 0.01):
            found = suspicious(feed.shapes(last, trial.cells), past)
            tried[trial.kind] += 1
            if not {trial.field, trial.other} & set(found):
                missed[feed.feed.feed, trial.field, trial.kind] += 1
    recall = 1 - missed.total() / tried.total()
    assert set(tried) == {"point_shifted", "digits_rotated", "text_truncated", "wrong_unit",
                          "encoding", "constant", "columns_swapped"}  # fmt: skip
    assert recall >= RECALL, (recall, tried, missed)


def test_the_field_that_is_named_is_the_one_that_was_damaged(months: list[Months]) -> None:
    feed = months[0]
    last = len(feed.batches) - 2
    past = [feed.clean(number) for number in range(last)]
    clean = set(suspicious(feed.clean(last), past))
    for trial in trials(feed, last, np.random.default_rng(3), 0.01):
        if trial.kind == "encoding":
            found = set(suspicious(feed.shapes(last, trial.cells), past))
            assert found - clean <= {trial.field}
            assert trial.field in found


def test_a_short_history_says_nothing(months: list[Months]) -> None:
    feed = months[0]
    past = [feed.clean(number) for number in range(5)]
    for trial in trials(feed, 6, np.random.default_rng(4), 0.2):
        assert suspicious(feed.shapes(6, trial.cells), past) == {}
