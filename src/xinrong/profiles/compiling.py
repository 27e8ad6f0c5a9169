"""The statements of a region's indicators, written once in a process, and what they read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from xinrong.catalogue.region import Region
from xinrong.profiles.definitions import CALENDAR, Indicator, Indicators, load_indicators
from xinrong.profiles.statements import BASE, Compiler, Statement


@dataclass(frozen=True)
class Compiled:
    """All statements of a region, and what they read."""

    statements: tuple[Statement, ...]
    slots: tuple[str, ...]  # columns of a record, without `enterprise`

    registers: tuple[str, ...]  # categories that register feeds fill

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that are read, in the order of the statements."""
        return tuple(one.category for one in self.statements)

    @property
    def categories_held(self) -> tuple[str, ...]:
        """Those of which records are needed: an entry of a register says who is inside."""
        return tuple(dict.fromkeys((*self.categories, *self.registers)))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The indicators, in the order of a profile's columns."""
        return tuple(name for one in self.statements for name in one.indicators)


def compiler_of(region: str, category: str) -> Compiler:
    """What writes the statement of one category of a region."""
    known = load_indicators(region)
    return Compiler(known.region.contracts[category], known.of(category))


@cache
def compiled(region: str) -> Compiled:
    """The statements of a region, written once in a process. Raises DefinitionError."""
    known = load_indicators(region)
    return _compiled(known, [compiler_of(region, name) for name in known.categories])


@lru_cache(maxsize=50)
def compiled_part(region: str, names: frozenset[str]) -> Compiled:
    """The statements of some indicators only: of a few categories, and with fewer columns."""
    known = load_indicators(region)
    asked = {
        category: tuple(one for one in known.of(category) if one.id in names)
        for category in known.categories
    }
    return _compiled(
        known,
        [Compiler(known.region.contracts[name], own) for name, own in asked.items() if own],
    )


def _compiled(known: Indicators, compilers: Sequence[Compiler]) -> Compiled:
    slots: set[str] = set(BASE).union(*(one.slots for one in compilers)) - {"enterprise"}
    return Compiled(
        tuple(one.statement() for one in compilers),
        tuple(sorted(slots)),
        register_categories_of(known.region),
    )


def group_fields(indicators: Sequence[Indicator]) -> dict[str, str]:
    """Indicator → the field by which its records are grouped, which its answer tells of."""
    return {one.id: one.per for one in indicators if one.per and one.per not in CALENDAR}


def register_categories_of(region: Region) -> tuple[str, ...]:
    """The categories that register feeds fill: who is in one is inside the population."""
    return tuple(sorted({one.category for one in region.feeds.values() if one.register_feed}))
