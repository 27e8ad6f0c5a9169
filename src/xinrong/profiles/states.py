"""What the sources of each category have sent by a snapshot: whether nothing means none.

A category is *fresh* when every feed that the catalogue names for it has come, and none is later
than it may be. The day is the one asked for: a feed that has come since then is fresh.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xinrong.catalogue.law_terms import record_law
from xinrong.catalogue.region import Region
from xinrong.domain.clock import day_in_china
from xinrong.domain.law import Topic
from xinrong.profiles.definitions import histories
from xinrong.profiles.windows import start_of_window
from xinrong.store.services import Snapshot

FRESH, STALE, NO_FEED = "f", "s", "n"
#: Before every record; Spark takes no day of the first centuries as a parameter.
EARLIEST = date(1000, 1, 1)
#: A parameter that says which dates are past their display, of a tier or of none.
_CUT = re.compile(r"^(shown|ended|unended)(?:_([a-z]+))?$")


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
    received = snapshot.received()
    told = histories(region.info.region)
    found = {}
    for category in region.contracts:
        feeds = region.feeds_of[category]
        last = {one.feed: received.last[one.feed] for one in feeds if one.feed in received.last}
        if not last:
            found[category] = SourceState(NO_FEED)
            continue
        fresh = len(last) == len(feeds) and all(
            (as_of - day_in_china(last[one.feed])).days <= one.freshness.stale_after_days
            for one in feeds
        )
        reaches = told.get(category) or day_in_china(max(received.first[feed] for feed in last))
        found[category] = SourceState(FRESH if fresh else STALE, reaches)
    return found


def values_of(
    names: tuple[str, ...],
    as_of: date,
    state: SourceState,
    region: Region,
    category: str,
) -> Mapping[str, Any]:
    """The values of a statement's parameters."""
    found: dict[str, Any] = {}
    for name in names:
        if name == "as_of":
            found[name] = as_of
        elif name == "state":
            found[name] = state.state
        elif cut := _CUT.match(name):
            found[name] = _of_cut(cut[1], region, category, cut[2] or "", as_of)
        elif name.startswith("covered_"):
            found[name] = state.covers(name.removeprefix("covered_"), as_of)
        else:
            found[name] = start_of_window(name, as_of)
    return found


def _of_cut(name: str, region: Region, category: str, tier: str, as_of: date) -> date:
    """The latest date of an event (`shown`), or end, of a record that is no longer used.

    `unended` stands for an end that is not there: a day that is kept, or one that is not. Figures
    are over all enterprises at once: what the law of persons or that of enterprises withholds is
    used of nobody.
    """
    cut = record_law(region).strictest(Topic.DISPLAY, category, tier, as_of)
    if name == "shown":
        return max(cut.event_date, EARLIEST)
    if name == "ended":
        return max(cut.end_date, EARLIEST)
    return EARLIEST if "end_date" in cut.needed else date.max
