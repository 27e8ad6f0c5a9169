"""Definitions of indicators: data, one YAML file for each family, checked when they are loaded.

An indicator reads one category. `sql` is an aggregate over the fields of its contract; `where`
keeps some records; both hold within the window, which ends on the day asked for. Besides DuckDB's
aggregates there are

    safe_div(a, b)   a / b, NULL where b is 0
    latest(x)        the value of the newest record
    days_since(x)    days from the newest such day to the day asked for
    within(12, 6)    in a FILTER: more than 6 and at most 12 months ago; within(6): at most 6
    $as_of           the day asked for

With `per`, a field, `month` or `year`, the records are first grouped by it: `inner` names what is
aggregated in each group, and `sql` aggregates the groups.

In a `series` family (bills, payments) the records of a window tell of the whole window: none of
them late means 0 late ones. Elsewhere a 0 needs a contract whose absence means none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pydantic import Field, ValidationError, model_validator

from xinrong.catalogue.contract import Basis, Contract, FieldType, ShareClass, Strict
from xinrong.catalogue.region import Region, load_region
from xinrong.domain.criteria import CriterionMisused, Definition, Stratum, check_strata
from xinrong.domain.errors import Place
from xinrong.domain.text import Text
from xinrong.profiles.enums import Direction, Unit
from xinrong.profiles.errors import DefinitionError, UnknownIndicator
from xinrong.profiles.expressions import check_expression, columns_in
from xinrong.profiles.windows import window_key

#: The same as SafeLoader, in C where it is there: a quarter of a second of the first look.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: What records are grouped by besides a field: a part of the day of their event.
CALENDAR = ("month", "year")


class Indicator(Strict):
    """One column of the profile. `share` and `level` only with the `basis` that allows them."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{2,60}$")
    title: Text
    definition: Text
    unit: Unit
    category: str
    window: str
    direction: Direction
    sql: str
    where: str = ""
    per: str = ""
    inner: dict[str, str] = Field(default_factory=dict)
    share: ShareClass | None = None
    level: int | None = Field(default=None, ge=1, le=5)
    basis: Basis | None = None
    family: str = ""
    series: bool = False

    @property
    def window_key(self) -> str:
        """The name of its window's parameter."""
        return window_key(self.window)

    @model_validator(mode="after")
    def _groups_have_names(self) -> Indicator:
        if bool(self.per) != bool(self.inner):
            raise ValueError("per and inner come together (per 与 inner 须同时写)")
        return self


class Family(Strict):
    """One file: indicators that belong together."""

    family: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    series: bool = False
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Indicators:
    """All indicators that a region's catalogue can feed, in the order of their files."""

    region: Region
    families: Mapping[str, Text]
    all: Mapping[str, Indicator]

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that indicators read, in catalogue order."""
        read = {one.category for one in self.all.values()}
        return tuple(name for name in self.region.contracts if name in read)

    def of(self, category: str) -> tuple[Indicator, ...]:
        """The indicators that read a category."""
        return tuple(one for one in self.all.values() if one.category == category)

    def named(self, name: str) -> Indicator:
        """The indicator of that name. Raises UnknownIndicator."""
        if name not in self.all:
            raise UnknownIndicator(
                f"there is no indicator {name!r} in this region",
                remedy="`xinrong profile list` names them all.",
            )
        return self.all[name]


def read_families() -> Iterator[tuple[str, Any]]:
    """File name and parsed content of every family that is shipped."""
    folder = resources.files("xinrong.profiles") / "indicators"
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if path.name.endswith(".yaml"):
            text = path.read_text(encoding="utf-8")
            yield path.name, yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader


def parse_family(name: str, content: Any) -> Family:
    """A family out of what YAML said. Raises DefinitionError with the file and the key."""
    try:
        return Family.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise DefinitionError(
            str(first["msg"]),
            place=Place(file=name, field=field),
            remedy="Compare with a family that is shipped.",
        ) from error


def build(region: Region, families: Iterator[tuple[str, Any]]) -> Indicators:
    """The indicators that a region can feed: those whose category and fields it has.

    Raises DefinitionError for what is wrong in a definition, for a name given twice, and for one
    that is made of indicators.
    """
    found: dict[str, Indicator] = {}
    named: dict[str, tuple[str, Indicator]] = {}
    titles: dict[str, Text] = {}
    for name, content in families:
        family = parse_family(name, content)
        for one in family.indicators:
            contract = region.contracts.get(one.category)
            if contract is None:
                continue
            if one.id in named:
                raise DefinitionError(
                    f"there are two indicators {one.id}", place=Place(file=name, field=one.id)
                )
            check(one, name)
            named[one.id] = name, one
            kept = one.model_copy(update={"family": family.family, "series": family.series})
            if fits(kept, contract):
                found[one.id] = kept
                titles[family.family] = family.title
    refuse_other_strata(named, region)
    return Indicators(region, titles, found)


def check(one: Indicator, file: str) -> None:
    """Whether its window and its SQL are what an indicator may say. Raises DefinitionError."""
    place = Place(file=file, field=one.id)
    try:
        window_key(one.window)
        for text in (one.sql, *one.inner.values()):
            check_expression(text, aggregate=True)
        if one.where:
            check_expression(one.where, aggregate=False)
    except DefinitionError as error:
        raise DefinitionError(
            error.wrong,
            place=place,
            remedy=error.remedy or "docs/how-to/write-an-indicator.md says what it may say.",
            code=error.code,
        ) from error


def fits(one: Indicator, contract: Contract) -> bool:
    """Whether the region's contract has the fields that the indicator reads, in slots."""
    slots = {field.name for field in contract.fields if field.slot}
    dated = any(field.slot == "event_date" for field in contract.fields)
    return dated and reads_of(one) <= slots


def reads_of(one: Indicator) -> set[str]:
    """The names that an indicator reads, which should be fields."""
    read: set[str] = set()
    for text in (one.sql, one.where, *one.inner.values()):
        read |= columns_in(text) if text else set()
    if one.per and one.per not in CALENDAR:
        read.add(one.per)
    return read - {*one.inner, "event_date"}


def refuse_other_strata(named: Mapping[str, tuple[str, Indicator]], region: Region) -> None:
    """Raise DefinitionError where an indicator is made of indicators, itself perhaps.

    Indicators are made of records, and all that is made of indicators comes after them.
    """
    reads: dict[str, tuple[str, ...]] = {}
    for name, (_file, one) in named.items():
        fields = {field.name for field in region.contracts[one.category].fields}
        reads[name] = tuple(sorted((reads_of(one) - fields) & named.keys()))
    wrong = next((name for name, read in reads.items() if read), None)
    if wrong is None:
        return
    try:
        check_strata(Definition(name, Stratum.INDICATORS, read) for name, read in reads.items())
    except CriterionMisused as error:
        place = Place(file=named[error.place.field][0], field=error.place.field)
        raise DefinitionError(
            error.wrong, place=place, remedy=error.remedy, code=error.code
        ) from error
    raise DefinitionError(
        f"it reads {reads[wrong][0]}, which is an indicator",
        place=Place(file=named[wrong][0], field=wrong),
        remedy="Read the fields of its category; what combines indicators is a criterion.",
        code="indicator_stratum",
    )


@cache
def load_indicators(region: str) -> Indicators:
    """The indicators of a region, checked once in a process. Raises DefinitionError."""
    return build(load_region(region), read_families())


def histories(region: str) -> Mapping[str, date]:
    """Category → the first day that its sources' files reach back to, where they say so."""
    text = (resources.files("xinrong.profiles") / "histories.yaml").read_text(encoding="utf-8")
    found: dict[str, date] = yaml.safe_load(text).get(region, {})
    return found


def is_number(contract: Contract, field: str) -> bool:
    """Whether a field holds numbers or money."""
    kinds = (FieldType.MONEY, FieldType.NUMBER, FieldType.INTEGER)
    return contract.field(field).type in kinds
