"""The closed lists of indicators: units, directions, and why a value is not there."""

from __future__ import annotations

from enum import StrEnum

from xinrong.domain.text import Text


class Unit(StrEnum):
    """What a value counts or measures. The list is closed: criteria compare like with like."""

    YUAN = "yuan"
    COUNT = "count"
    PERSONS = "persons"
    RATIO = "ratio"
    PERCENT = "percent"
    DAYS = "days"
    MONTHS = "months"
    DATE = "date"
    YEAR = "year"
    KWH = "kwh"
    M3 = "m3"
    TONNE = "tonne"
    KG = "kg"
    M2 = "m2"
    SCORE = "score"
    CODE = "code"
    BOOLEAN = "boolean"


UNIT_WORDS: dict[Unit, Text] = {
    Unit.YUAN: Text(zh="元", en="yuan"),
    Unit.COUNT: Text(zh="个", en="number"),
    Unit.PERSONS: Text(zh="人", en="persons"),
    Unit.RATIO: Text(zh="比值", en="ratio"),
    Unit.PERCENT: Text(zh="%", en="%"),
    Unit.DAYS: Text(zh="天", en="days"),
    Unit.MONTHS: Text(zh="月", en="months"),
    Unit.DATE: Text(zh="日期", en="date"),
    Unit.YEAR: Text(zh="年", en="year"),
    Unit.KWH: Text(zh="千瓦时", en="kWh"),
    Unit.M3: Text(zh="立方米", en="m³"),
    Unit.TONNE: Text(zh="吨", en="t"),
    Unit.KG: Text(zh="千克", en="kg"),
    Unit.M2: Text(zh="平方米", en="m²"),
    Unit.SCORE: Text(zh="分", en="points"),
    Unit.CODE: Text(zh="代码", en="code"),
    Unit.BOOLEAN: Text(zh="是否", en="yes or no"),
}

#: The SQL type of a unit's column. Two decimals of yuan are fen: whole numbers in the part.
SQL_TYPES: dict[Unit, str] = {
    Unit.YUAN: "DECIMAL(18, 2)",
    Unit.COUNT: "BIGINT",
    Unit.PERSONS: "BIGINT",
    Unit.RATIO: "DOUBLE",
    Unit.PERCENT: "DECIMAL(18, 4)",
    Unit.DAYS: "BIGINT",
    Unit.MONTHS: "BIGINT",
    Unit.DATE: "DATE",
    Unit.YEAR: "BIGINT",
    Unit.KWH: "DECIMAL(18, 4)",
    Unit.M3: "DECIMAL(18, 4)",
    Unit.TONNE: "DECIMAL(18, 4)",
    Unit.KG: "DECIMAL(18, 4)",
    Unit.M2: "DECIMAL(18, 4)",
    Unit.SCORE: "DECIMAL(18, 4)",
    Unit.CODE: "VARCHAR",
    Unit.BOOLEAN: "BOOLEAN",
}


class Direction(StrEnum):
    """Which value speaks for the enterprise."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


DIRECTION_WORDS: dict[Direction, Text] = {
    Direction.HIGHER: Text(zh="越高越好", en="higher is better"),
    Direction.LOWER: Text(zh="越低越好", en="lower is better"),
    Direction.NEITHER: Text(zh="无方向", en="neither"),
}


class Reason(StrEnum):
    """Why an indicator has no value: one letter for each category in a profile's row."""

    NO_FEED = "n"  # no source has sent this category
    OUTSIDE = "o"  # the register does not know the enterprise: outside the population
    WITHHELD = "w"  # a record without a date is withheld
    STALE = "s"  # a source is late: what is missing may not have come yet
    UNKNOWN = "u"  # nothing on record, and in this category that says nothing
    NONE = "0"  # nothing on record, and that is known: there is nothing to measure


REASON_WORDS: dict[Reason, Text] = {
    Reason.NO_FEED: Text(zh="没有来源报送", en="no source sends it"),
    Reason.OUTSIDE: Text(zh="不在来源覆盖的主体范围内", en="outside the population covered"),
    Reason.WITHHELD: Text(zh="记录缺少日期，暂不使用", en="a record without a date is withheld"),
    Reason.STALE: Text(zh="来源数据已过期", en="a source is stale"),
    Reason.UNKNOWN: Text(zh="没有记录，但不能说明没有", en="nothing on record, which says nothing"),
    Reason.NONE: Text(zh="没有记录，可确认没有", en="nothing on record: there is none"),
}
