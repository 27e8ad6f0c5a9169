"""As of which day a file of a register was."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import batched

from xinrong.catalogue.region import Region
from xinrong.collect.models.register import RegisterFile
from xinrong.store import services as store

CHUNK = 500


def register_days(region: Region, batches: Collection[store.BatchInfo]) -> dict[int, date]:
    """Batch → the last day that its file names; without those that name no day."""
    dated = {one.batch for one in batches if _by_day(region, one.feed)}
    found: dict[int, date] = {}
    for some in batched(sorted(dated), CHUNK):
        rows = RegisterFile.objects.filter(batch__in=some).values_list("batch", "last")
        found |= {batch: date.fromordinal(last) for batch, last in rows}
    return found


def _by_day(region: Region, name: str) -> bool:
    feed = region.feeds.get(name)
    order = feed.register_file.order if feed and feed.register_file else None
    return order is not None and order.kind == "day"
