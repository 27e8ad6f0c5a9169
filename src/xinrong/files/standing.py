"""What holds for every file alike until something is received: kept from one query to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from xinrong.catalogue.law_terms import tier_slot
from xinrong.catalogue.region import Region
from xinrong.domain.clock import day_in_china

#: Category -> (fresh, stale or no_feed, the day on which its newest batch came).
Freshness = Mapping[str, tuple[str, date | None]]


#: The last answer with what it was made of, whose identity tells whether it still holds.
_last: list[tuple[Region, Mapping[str, datetime], date, Freshness]] = []
#: (region, name) -> what was made of it, and the region, so that no other comes to stand at its
#: address.
_kept: dict[tuple[int, str], tuple[Region, Any]] = {}
#: Past so many the catalogue was loaded anew.
_MOST = 200


def of_region[T](region: Region, name: str, make: Callable[[], T]) -> T:
    """What is made of a region under a name: once, for as long as it is served."""
    known = _kept.get((id(region), name))
    if known is None:
        if len(_kept) >= _MOST:
            _kept.clear()
        known = _kept[id(region), name] = region, make()
    made: T = known[1]
    return made


def freshness_of(region: Region, received: Mapping[str, datetime], today: date) -> Freshness:
    """How fresh each category is, when each feed's newest batch came as `received` says."""
    for known, then, day, freshness in _last:
        if known is region and then is received and day == today:
            return freshness
    made = {name: _freshness(region, name, received, today) for name in region.contracts}
    _last[:] = [(region, received, today, made)]
    return made


def _freshness(
    region: Region, category: str, received: Mapping[str, datetime], today: date
) -> tuple[str, date | None]:
    feeds = [feed for feed in region.feeds_of[category] if feed.feed in received]
    if not feeds:
        return "no_feed", None
    dates = {feed.feed: day_in_china(received[feed.feed]) for feed in feeds}
    fresh = any(
        (today - dates[feed.feed]).days <= feed.freshness.stale_after_days for feed in feeds
    )
    return "fresh" if fresh else "stale", max(dates.values())


def levels_in(region: Region, slot: str) -> Mapping[str, int]:
    """Category -> the level of its field in a slot, of those that have one."""

    def levels() -> Mapping[str, int]:
        return {
            name: field.level
            for name, contract in region.contracts.items()
            for field in contract.fields
            if field.slot == slot
        }

    return of_region(region, f"levels in {slot}", levels)


def registers_of(region: Region) -> list[str]:
    """The categories that register feeds fill."""
    feeds = region.feeds.values()
    return of_region(
        region,
        "registers",
        lambda: sorted({feed.category for feed in feeds if feed.register_feed}),
    )


def signed_in(region: Region) -> list[str]:
    """The categories whose records may speak for or against an enterprise."""
    contracts = region.contracts.values()
    return of_region(
        region,
        "signed",
        lambda: sorted(
            contract.category
            for contract in contracts
            if contract.polarity.by or contract.polarity.sign != "neutral"
        ),
    )


def tier_slots_of(region: Region) -> tuple[str, ...]:
    """The columns that say how grave a negative record is, where its display goes by that."""
    contracts = region.contracts.values()
    return of_region(
        region,
        "tier slots",
        lambda: tuple(sorted({tier_slot(contract) for contract in contracts} - {""})),
    )


def columns_for(region: Region, categories: Sequence[str]) -> tuple[str, ...]:
    """The columns in which the fields of some categories lie, beside those read for every file."""

    def columns() -> tuple[str, ...]:
        contracts = [region.contracts[name] for name in categories]
        slots = {field.slot for contract in contracts for field in contract.fields}
        bare = any(not field.slot for contract in contracts for field in contract.fields)
        shown = {"amount", "counterparty", *(["display"] if bare else [])}
        return tuple(sorted((slots | shown) - {""}))

    return of_region(region, f"columns for {','.join(categories)}", columns)
