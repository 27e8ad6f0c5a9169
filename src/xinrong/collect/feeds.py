"""Which feed is meant, and whose it is."""

from __future__ import annotations

from difflib import get_close_matches

from django.conf import settings

from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Region, load_region
from xinrong.collect.errors import UnknownFeed


def find_feed(region: Region, name: str) -> Feed:
    """The feed of that name. Raises UnknownFeed, which names the nearest ones."""
    if name in region.feeds:
        return region.feeds[name]
    near = get_close_matches(name, region.feeds, n=3, cutoff=0.5)
    hint = f"Did you mean {', '.join(near)}?" if near else "Its feeds are under `feeds/`."
    raise UnknownFeed(f"Region {region.info.region} has no feed {name!r}.", remedy=hint)


def region_of(region: Region | str | None) -> Region:
    """A region pack itself, or by its name; without one that of the deployment."""
    return region if isinstance(region, Region) else load_region(region or settings.REGION)


def department_of_feed(feed: str, region: Region | str | None = None) -> str:
    """Which department sends a feed. Raises UnknownFeed."""
    return find_feed(region_of(region), feed).department
