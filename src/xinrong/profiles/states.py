"""What the sources of each category have sent by a snapshot: whether nothing means none.

A category is *fresh* when every feed that the catalogue names for it has come, and none is later
than it may be. The day is the one asked for: a feed that has come since then is fresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xinrong.catalogue.region import Region
from xinrong.domain.clock import day_in_china
from xinrong.profiles.definitions import histories
from xinrong.profiles.windows import last_expired, start_of_window
from xinrong.store.services import Snapshot

FRESH, STALE, NO_FEED = "f", "s", "n"


@dataclass(frozen=True)
class SourceState:
    """Of one category: FRESH, STALE or NO_FEED; and how far back its sources reach."""

    state: str
    reaches: date | None = None

    def covers(self, window: str, as_of: date) -> bool:
        """Whether nothing in a window means that there was nothing.

        `all` asks for what stands now, so that a list which is fresh covers it.
        """
        if self.state != FRESH:
            return False
        if window == "all":
            return True
        first = start_of_window(window, as_of) + timedelta(days=1)
        return self.reaches is not None and self.reaches <= first


def source_states(snapshot: Snapshot, region: Region, as_of: date) -> dict[str, SourceState]:
    """Category → its state as of a snapshot, on a day."""
    received = snapshot.last_received()
    began = first_received(snapshot)
    told = histories(region.info.region)
    found = {}
    for category in region.contracts:
        feeds = region.feeds_of[category]
        last = {one.feed: received[one.feed] for one in feeds if one.feed in received}
        if not last:
            found[category] = SourceState(NO_FEED)
            continue
        fresh = len(last) == len(feeds) and all(
            (as_of - day_in_china(last[one.feed])).days <= one.freshness.stale_after_days
            for one in feeds
        )
        reaches = told.get(category) or max(began[one.feed] for one in feeds if one.feed in began)
        found[category] = SourceState(FRESH if fresh else STALE, reaches)
    return found


def first_received(snapshot: Snapshot) -> dict[str, date]:
    """Feed → the day on which its first batch arrived, of those that count."""
    table = snapshot.batches.select(["feed", "received_at"])
    first: dict[str, date] = {}
    for feed, at in zip(*(column.to_pylist() for column in table.columns), strict=True):
        day = day_in_china(at)
        if feed not in first or day < first[feed]:
            first[feed] = day
    return first


def values_of(
    names: tuple[str, ...],
    as_of: date,
    state: SourceState,
    region: Region,
    category: str,
) -> Mapping[str, Any]:
    """The values of a statement's parameters."""
    period = region.contracts[category].display
    found: dict[str, Any] = {}
    for name in names:
        if name == "as_of":
            found[name] = as_of
        elif name == "state":
            found[name] = state.state
        elif name == "shown":
            assert period is not None
            found[name] = last_expired(period, as_of)
        elif name.startswith("covered_"):
            found[name] = state.covers(name.removeprefix("covered_"), as_of)
        else:
            found[name] = start_of_window(name, as_of)
    return found
