"""The columns of the profile for whoever reads it: type, unit, words, and how secret each is.

Share class and level are not declared: they are those of the fields from which a column is made,
found by following its SQL. A looser class is refused unless a document and an article are cited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
from django.conf import settings

from xinrong.catalogue.contract import ShareClass
from xinrong.catalogue.region import Region
from xinrong.domain.errors import Place
from xinrong.domain.text import Text
from xinrong.profiles.compiling import compiler_of, group_fields
from xinrong.profiles.definitions import Indicator, load_indicators
from xinrong.profiles.enums import SQL_TYPES, Direction, Unit
from xinrong.profiles.errors import DefinitionError
from xinrong.trust.services import lineage

_ARROW: dict[str, pa.DataType] = {
    "DECIMAL(18, 2)": pa.decimal128(18, 2),
    "DECIMAL(18, 4)": pa.decimal128(18, 4),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """One indicator as a column. `sql_type` is DuckDB's; money is yuan with two decimals.

    `fields` are the catalogue's (category, field) from which it is made, "" for the mere being
    there of a category's records.
    """

    name: str
    title: Text
    definition: Text
    sql_type: str
    unit: Unit
    direction: Direction
    family: str
    category: str
    window: str
    share: ShareClass
    level: int
    fields: frozenset[tuple[str, str]]


@cache
def columns_of_region(region: str) -> Mapping[str, Column]:
    """Name → column, in the order of the profile. Raises DefinitionError for a looser class."""
    known = load_indicators(region)
    found: dict[str, Column] = {}
    for category in known.categories:
        indicators = known.of(category)
        groups = group_fields(indicators)
        text = compiler_of(region, category).lineage_text()
        contracts = {category: known.region.contracts[category]}
        followed = lineage.columns_of(text, contracts)
        for one in indicators:
            inputs = followed[one.id].inputs
            if one.id in groups:
                inputs |= {(category, groups[one.id])}
            least = lineage.classed(inputs, contracts)
            found[one.id] = _column(one, _allowed(one, least))
    return found


def _allowed(one: Indicator, least: lineage.Lineage) -> lineage.Lineage:
    """The class that a definition declares, if it may be looser than that of its inputs."""
    share, level = one.share or least.share, one.level or least.level
    strict = lineage.STRICTNESS.index
    looser = level < least.level or strict(share) < strict(least.share)
    cited = one.basis is not None and one.basis.document.strip() and one.basis.article.strip()
    if looser and not cited:
        raise DefinitionError(
            f"it is declared {share}, level {level}, and made of what is {least.share}, level"
            f" {least.level}",
            place=Place(field=one.id),
            remedy="Leave share and level out, or cite the document and article that allow it.",
            code="lineage_looser",
        )
    return lineage.Lineage(share, level, least.inputs)


def _column(one: Indicator, found: lineage.Lineage) -> Column:
    return Column(
        name=one.id,
        title=one.title,
        definition=one.definition,
        sql_type=SQL_TYPES[one.unit],
        unit=one.unit,
        direction=one.direction,
        family=one.family,
        category=one.category,
        window=one.window,
        share=found.share,
        level=found.level,
        fields=found.inputs,
    )


def columns() -> Mapping[str, Column]:
    """The columns of this deployment's profile."""
    return columns_of_region(settings.REGION)


def region_now() -> Region:
    """The catalogue that this deployment serves."""
    return load_indicators(settings.REGION).region


def schema() -> pa.Schema:
    """The profile's columns as Arrow types: enterprise, indicators, reasons."""
    kinds = [(name, _ARROW[one.sql_type]) for name, one in columns().items()]
    return pa.schema([("enterprise", pa.int64()), *kinds, ("reasons", pa.string())])


def units() -> Mapping[str, Unit]:
    """Name → unit."""
    return {name: one.unit for name, one in columns().items()}
