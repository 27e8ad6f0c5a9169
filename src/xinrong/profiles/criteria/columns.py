"""What criteria of a region may ask about: its profile, a need, the record that has just come.

A profile's column keeps its name; a record's fields are `record.` and their contract names, a
need's `need.` and theirs. Share class and level come with each column: those of the profile follow
its SQL (`profiles.columns`), those of a record are its contract's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from xinrong.catalogue.contract import Contract, FieldType, RecordField
from xinrong.domain import criteria as language
from xinrong.domain import financing
from xinrong.domain.criteria import MissingReason, Over, Storage, Stratum, Type
from xinrong.domain.errors import Place
from xinrong.domain.standards.regions import children
from xinrong.domain.text import Text
from xinrong.profiles.columns import Column, columns_of_region
from xinrong.profiles.criteria.errors import CriteriaRefused
from xinrong.profiles.definitions import load_indicators
from xinrong.profiles.enums import Reason, Unit

#: Unit of an indicator → type and unit of a criterion's column.
TYPES: Mapping[Unit, tuple[Type, str]] = MappingProxyType(
    {
        Unit.YUAN: (Type.MONEY, "元"),
        Unit.COUNT: (Type.COUNT, "个"),
        Unit.PERSONS: (Type.COUNT, "人"),
        Unit.RATIO: (Type.RATIO, ""),
        Unit.PERCENT: (Type.NUMBER, "%"),
        Unit.DAYS: (Type.COUNT, "天"),
        Unit.MONTHS: (Type.COUNT, "个月"),
        Unit.DATE: (Type.DATE, ""),
        Unit.YEAR: (Type.COUNT, "年"),
        Unit.KWH: (Type.NUMBER, "千瓦时"),
        Unit.M3: (Type.NUMBER, "立方米"),
        Unit.TONNE: (Type.NUMBER, "吨"),
        Unit.KG: (Type.NUMBER, "千克"),
        Unit.M2: (Type.NUMBER, "平方米"),
        Unit.SCORE: (Type.NUMBER, "分"),
        Unit.CODE: (Type.CODE, ""),
        Unit.BOOLEAN: (Type.BOOLEAN, ""),
    }
)
#: Why a profile has no value → why a criterion cannot tell.
REASONS: Mapping[Reason, MissingReason] = MappingProxyType(
    {
        Reason.NO_FEED: MissingReason.NO_FEED,
        Reason.OUTSIDE: MissingReason.OUTSIDE_POPULATION,
        Reason.WITHHELD: MissingReason.UNDATED,
        Reason.STALE: MissingReason.STALE,
        Reason.UNKNOWN: MissingReason.NOT_KNOWN,
        Reason.NONE: MissingReason.NOTHING,
    }
)
#: Types of fields that name somebody, and slots that a criterion reads as codes.
_NAMING = frozenset({FieldType.USCC, FieldType.ENTERPRISE})
_CODES = frozenset({"code", "status"})
_STORAGES = {"BIGINT": Storage.WHOLE, "DOUBLE": Storage.DOUBLE}


def schema_of(region: str, over: Over, category: str = "") -> language.Schema:
    """The columns over which a criterion of that kind is written.

    `category` is that of the record, for events. Raises CriteriaRefused for one that the region
    does not have.
    """
    if over == Over.PROFILE:
        return profile_schema(region)
    if over == Over.NEED:
        return _need_schema(region)
    return event_schema(region, category)


@cache
def profile_schema(region: str) -> language.Schema:
    """The indicators of a region as a criterion's columns."""
    values = _lawful_values(region)
    return language.Schema(
        column_of(one, values.get(name, {})) for name, one in columns_of_region(region).items()
    )


@cache
def _need_schema(region: str) -> language.Schema:
    need = financing.need_columns(areas_of(region))
    return language.Schema((*profile_schema(region).values(), *need))


@cache
def areas_of(region: str) -> Mapping[str, Text]:
    """The districts of a region's city or province, by their codes."""
    place = load_indicators(region).region.info.jurisdictions[-1].removeprefix("CN-")
    found = [
        each
        for one in children(place)
        for each in (children(one.code) if one.level == "city" else (one,))
    ]
    return MappingProxyType({one.code: Text(zh=one.name, en=one.name) for one in found})


@cache
def event_schema(region: str, category: str) -> language.Schema:
    """The indicators, and the fields of a category's records that lie in slots."""
    contract = load_indicators(region).region.contracts.get(category)
    if contract is None:
        raise CriteriaRefused(
            f"there is no category {category!r} of which records could come",
            place=Place(field="category"),
            remedy="`xinrong catalogue docs` lists the categories of the region.",
            code="criteria_category",
        )
    return language.Schema((*profile_schema(region).values(), *_of_record(contract)))


def column_of(one: Column, values: Mapping[str, Text]) -> language.Column:
    """An indicator as a criterion's column. The profile stores money as yuan, two decimals."""
    kind, unit = TYPES[one.unit]
    numeric = kind in (Type.MONEY, Type.COUNT, Type.NUMBER, Type.RATIO)
    stored = _STORAGES.get(one.sql_type, Storage.DECIMAL) if numeric else None
    return language.Column(
        one.name,
        kind,
        one.title,
        unit,
        share=str(one.share),
        level=one.level,
        stratum=Stratum.INDICATORS,
        storage=stored,
        values=values,
    )


def _lawful_values(region: str) -> dict[str, Mapping[str, Text]]:
    """Indicator → the words of its codes, where it takes them from one field that has a list."""
    contracts = load_indicators(region).region.contracts
    found: dict[str, Mapping[str, Text]] = {}
    for name, one in columns_of_region(region).items():
        if one.unit != Unit.CODE:
            continue
        lists = [
            contracts[category].field(field).values
            for category, field in sorted(one.fields)
            if field and contracts[category].field(field).type not in _NAMING
        ]
        coded = [each for each in lists if each]
        if len(coded) == 1:
            found[name] = coded[0]
    return found


def _of_record(contract: Contract) -> Iterator[language.Column]:
    for field in contract.fields:
        if field.slot and field.type not in _NAMING:
            yield _of_field(contract, field)


def _of_field(contract: Contract, field: RecordField) -> language.Column:
    kind, storage, scale = _kind_of(field)
    return language.Column(
        f"record.{field.name}",
        kind,
        field.title,
        field.unit if kind in (Type.COUNT, Type.NUMBER) else "",
        share=str(contract.share),
        level=field.level,
        stratum=Stratum.REGISTER,
        scale=scale,
        storage=storage,
        values=field.values,
        least=int(field.min) if kind == Type.COUNT and field.min is not None else None,
    )


def _kind_of(field: RecordField) -> tuple[Type, Storage | None, int]:
    """Type, storage and decimal places of a record's field, -1 for those of the type."""
    if field.type == FieldType.MONEY:
        return Type.MONEY, Storage.DECIMAL, -1
    if field.type == FieldType.NUMBER:
        return Type.NUMBER, Storage.DECIMAL, -1
    if field.type == FieldType.INTEGER:
        counted = field.min is not None and field.min >= 0
        return (Type.COUNT, Storage.WHOLE, -1) if counted else (Type.NUMBER, Storage.WHOLE, 0)
    if field.type == FieldType.DATE:
        return Type.DATE, None, -1
    if field.type == FieldType.BOOLEAN:
        return Type.BOOLEAN, None, -1
    return (Type.CODE if field.values or field.slot in _CODES else Type.TEXT), None, -1


def sql_type_of(column: language.Column) -> str:
    """The SQL type in which a criterion's SQL takes a column as it is stored."""
    if column.inexact:
        return "DOUBLE"
    if column.whole:
        return "BIGINT"
    if column.numeric:
        return f"DECIMAL(18, {column.scale})"
    return {Type.DATE: "DATE", Type.BOOLEAN: "BOOLEAN"}.get(column.type, "VARCHAR")


def category_of(region: str, name: str, category: str = "") -> str:
    """The category of which a column tells; "" for a need's, which the enterprise says itself."""
    if name.startswith("record."):
        return category
    one = columns_of_region(region).get(name)
    return one.category if one is not None else ""


def definition_of(region: str, name: str) -> Text | None:
    """What a profile's column means, in words; None for other columns."""
    one = columns_of_region(region).get(name)
    return one.definition if one is not None else None
