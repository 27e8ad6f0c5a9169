"""A region pack: everything that one deployment knows about its place, loaded from YAML.

`load_region("beijing")` reads `region.yaml`, `departments.yaml`, `catalogue/*.yaml`,
`feeds/*.yaml` and `consent/*.yaml` below `regions/beijing/` and returns frozen objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from xinrong.catalogue.consent_template import ConsentTemplate
from xinrong.catalogue.contract import Contract, Strict
from xinrong.catalogue.feed import Feed
from xinrong.domain.text import Text


class Department(Strict):
    """Who sends: `id` is used by feeds, `title` is shown."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text


class RegionInfo(Strict):
    """region.yaml: the place, its jurisdictions from nation down, where its samples lie."""

    region: str
    title: Text
    jurisdictions: tuple[str, ...]
    invented: bool = False  # every enterprise in it is invented
    samples: str = ""  # folder of shipped files, relative to the project
    source: Text | None = None  # named on pages where open data must name its platform


class Region(Strict):
    """A whole region pack."""

    info: RegionInfo
    departments: Mapping[str, Department]
    contracts: Mapping[str, Contract]
    feeds: Mapping[str, Feed]
    consents: Mapping[str, ConsentTemplate] = Field(default_factory=dict)  # what may be asked

    def contract_of(self, feed: Feed) -> Contract:
        """The contract that a feed fills."""
        return self.contracts[feed.category]

    @cached_property
    def feeds_of(self) -> Mapping[str, tuple[Feed, ...]]:
        """Category → the feeds that fill it, in catalogue order; a category without any has ()."""
        found: dict[str, tuple[Feed, ...]] = dict.fromkeys(self.contracts, ())
        for feed in self.feeds.values():
            found[feed.category] = (*found.get(feed.category, ()), feed)
        return found

    @cached_property
    def sent_feeds(self) -> Mapping[str, Feed]:
        """The feeds that departments send: not what the platform writes itself."""
        return {name: feed for name, feed in self.feeds.items() if not feed.by_platform}

    def fed_by(self, department: str) -> frozenset[str]:
        """The categories that a department feeds."""
        return frozenset(
            feed.category for feed in self.feeds.values() if feed.department == department
        )


def regions_root() -> Path:
    """The folder of region packs: beside the source tree, or in the installed package."""
    here = Path(__file__).resolve()
    for base in (here.parents[3], here.parents[1]):
        if (base / "regions").is_dir():
            return base / "regions"
    raise FileNotFoundError("no folder `regions` beside the project")


def read_yaml(path: Path) -> Any:
    """The parsed content of one YAML file, in safe mode."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def load_region(name: str, root: Path | None = None) -> Region:
    """Load and cross-check one region pack.

    Raises CatalogueError with the file, the key and what to do when anything is wrong.
    """
    from xinrong.catalogue.loading import build_region

    return build_region((root or regions_root()) / name)
