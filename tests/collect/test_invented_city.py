"""The invented city keeps the truth beside its faults: the intake finds exactly these."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.collect.city import CLOCK
from xinrong.catalogue.region import load_region
from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.collect.services import collect_file
from xinrong.domain.clock import FixedClock
from xinrong.store.services import check
from xinrong.synth import write_city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]

#: Received after the last day of the city's history.
LATER = FixedClock(CLOCK.moment.replace(month=12))


def test_every_fault_of_the_city_becomes_what_it_should_and_no_other_row_does(
    tmp_path: Path,
) -> None:
    city = tmp_path / "city"
    write_city(city, 7, 1_000, rows_per_enterprise=20)
    region = load_region("taizhou")
    receipts: list[Receipt] = [
        collect_file(path, feed.feed, clock=LATER, region=region)
        for feed in sorted(region.feeds.values(), key=lambda one: not one.register_feed)
        for path in sorted((city / feed.feed).glob("*"))
    ]
    faults = pq.read_table(city / "truth" / "faults.parquet").to_pylist()
    expected = Counter(fault["outcome"] for fault in faults)
    assert expected["quarantined"] > 20  # the city is faulty enough to say something
    found = {
        "repaired": sum(made.repaired for made in receipts),
        "unlinked": sum(made.unlinked for made in receipts),
        "duplicate": sum(made.duplicates for made in receipts),
        "quarantined": sum(made.quarantined for made in receipts),
    }
    assert found == {outcome: expected[outcome] for outcome in found}
    quarantined = QuarantinedRow.objects.values_list("receipt__feed", "row_no")
    truth = {(one["feed"], one["row_no"]) for one in faults if one["outcome"] == "quarantined"}
    assert set(quarantined) == truth
    assert sum(made.corrected for made in receipts) == 0
    assert check().faults == []
