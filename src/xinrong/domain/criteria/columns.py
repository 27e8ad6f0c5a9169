"""What a criterion may ask about: columns with a type, a unit and words for people.

A row holds values as they are stored: whole numbers (counts; money in fen) as int, decimals with
`scale` places as Decimal, doubles as float, text, dates, booleans, and None for what is not known.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType

from xinrong.domain.text import Text


class Type(StrEnum):
    """What the values of a column are."""

    MONEY = "money"  # whole fen in a row, yuan in a criterion
    COUNT = "count"
    NUMBER = "number"
    RATIO = "ratio"  # 0.35 is 35%
    TEXT = "text"
    CODE = "code"  # text whose order means something: industries, regions, states
    DATE = "date"
    BOOLEAN = "boolean"


class Storage(StrEnum):
    """How numbers are stored.

    What was reckoned in doubles can be compared, with what is written read as a double too; it is
    not reckoned with any further, where engines would round differently.
    """

    WHOLE = "whole"  # BIGINT, of the smallest unit: money in fen
    DECIMAL = "decimal"  # DECIMAL(18, scale)
    DOUBLE = "double"  # finite


class Stratum(IntEnum):
    """What is made of what: a definition reads its own stratum or a lower one."""

    REGISTER = 1
    INDICATORS = 2
    GRADE = 3
    FLAGS = 4


class MissingReason(StrEnum):
    """Why a value is not known."""

    NO_FEED = "no_feed"
    STALE = "stale"
    OUTSIDE_POPULATION = "outside_population"
    WITHHELD = "withheld"
    UNDATED = "undated"
    NOTHING = "nothing"  # there is nothing to measure, and that is known
    NOT_KNOWN = "not_known"


TYPE_WORDS: Mapping[Type, Text] = MappingProxyType(
    {
        Type.MONEY: Text(zh="金额", en="money"),
        Type.COUNT: Text(zh="计数", en="count"),
        Type.NUMBER: Text(zh="数值", en="number"),
        Type.RATIO: Text(zh="比率", en="ratio"),
        Type.TEXT: Text(zh="文本", en="text"),
        Type.CODE: Text(zh="代码", en="code"),
        Type.DATE: Text(zh="日期", en="date"),
        Type.BOOLEAN: Text(zh="是否", en="boolean"),
    }
)
REASON_WORDS: Mapping[MissingReason, Text] = MappingProxyType(
    {
        MissingReason.NO_FEED: Text(zh="没有部门报送", en="no department sends it"),
        MissingReason.STALE: Text(zh="数据已过期", en="the data is out of date"),
        MissingReason.OUTSIDE_POPULATION: Text(
            zh="不在该类数据的覆盖范围", en="the source does not cover this enterprise"
        ),
        MissingReason.WITHHELD: Text(zh="不予提供", en="it is withheld"),
        MissingReason.UNDATED: Text(zh="记录缺少日期", en="the record has no date"),
        MissingReason.NOTHING: Text(zh="没有可计算的记录", en="there is nothing to measure"),
        MissingReason.NOT_KNOWN: Text(zh="未掌握", en="it is not known"),
    }
)
#: Units that English readers need translated; any other is shown as it is.
UNIT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "元": "yuan",
        "个": "", "人": "persons", "户": "households", "家": "enterprises", "次": "times",
        "件": "cases", "条": "records", "项": "items", "天": "days", "日": "days", "月": "months",
        "个月": "months", "年": "years", "分": "points", "度": "kWh", "千瓦时": "kWh",
        "吨": "tonnes",
        "千克": "kg", "立方米": "cubic metres", "平方米": "square metres",
    }
)  # fmt: skip

#: Counts of these can be below 0: days until a day that is past.
_TIMES = frozenset({"天", "日", "月", "个月", "年"})
_SCALES = {Type.MONEY: 2, Type.COUNT: 0, Type.NUMBER: 4, Type.RATIO: 6}
NUMERIC = frozenset(_SCALES)
_STORAGES = {
    Type.MONEY: (Storage.WHOLE, Storage.DECIMAL),
    Type.COUNT: (Storage.WHOLE,),
    Type.NUMBER: tuple(Storage),
    Type.RATIO: tuple(Storage),
}
#: A name, or `need.` or `record.` and a name.
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")
_MAX_SCALE = 10


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that a criterion may ask about.

    `unit` as people say it (人, 度); money is in 元 always. `scale` is how many decimal places the
    stored value has: 2 for money, 0 for counts, 4 for numbers, 6 for ratios unless given; money
    and counts are stored whole, numbers and ratios as decimals unless `storage` says otherwise.
    `values` are the only lawful values of a code, with their words. `least` is the smallest value
    that can occur, in units of the last place; a count but of times is never below 0. Raises
    ValueError for a definition that contradicts itself.
    """

    name: str
    type: Type
    title: Text = field(compare=False)
    unit: str = ""
    share: str = "open"  # open, consent or never, as in the catalogue
    level: int = 1  # 1 public to 5 most secret
    stratum: Stratum = Stratum.INDICATORS
    scale: int = -1
    storage: Storage | None = None
    values: Mapping[str, Text] = field(default_factory=dict, compare=False)
    least: int | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of a column: lower-case letters, digits, _")
        if self.scale == -1:
            object.__setattr__(self, "scale", _SCALES.get(self.type, 0))
        if not 0 <= self.scale <= _MAX_SCALE:
            raise ValueError(f"{self.name}: a scale is 0 to {_MAX_SCALE}, not {self.scale}")
        if self.share not in SHARES:
            raise ValueError(f"{self.name}: a share class is one of {', '.join(SHARES)}")
        if self.type in (Type.MONEY, Type.COUNT) and self.scale != _SCALES[self.type]:
            raise ValueError(f"{self.name}: the scale of {self.type} is {_SCALES[self.type]}")
        if self.storage is None and self.numeric:
            whole = self.type in (Type.MONEY, Type.COUNT)
            object.__setattr__(self, "storage", Storage.WHOLE if whole else Storage.DECIMAL)
        if self.storage is not None and self.storage not in _STORAGES.get(self.type, ()):
            raise ValueError(f"{self.name}: {self.type} is not stored as {self.storage}")
        if self.type == Type.MONEY:
            object.__setattr__(self, "unit", "元")
        if self.type == Type.COUNT and self.least is None and self.unit not in _TIMES:
            object.__setattr__(self, "least", 0)

    @property
    def numeric(self) -> bool:
        """Can it be added and multiplied?"""
        return self.type in NUMERIC

    @property
    def whole(self) -> bool:
        """Is the stored value an int, of units of the last place?"""
        return self.storage == Storage.WHOLE

    @property
    def inexact(self) -> bool:
        """Is the stored value a double?"""
        return self.storage == Storage.DOUBLE


#: Share classes from the loosest to the strictest, as the catalogue names them.
SHARES = ("open", "consent", "never")

Allowed = Callable[[Column], bool]


class Schema(Mapping[str, Column]):
    """The columns over which criteria are written. Raises ValueError for a name used twice."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self._columns: dict[str, Column] = {}
        for column in columns:
            if column.name in self._columns:
                raise ValueError(f"two columns are called {column.name}")
            self._columns[column.name] = column

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def nearest(self, wanted: str, allowed: Allowed) -> Column | None:
        """The column that was probably meant, by name or title, among those allowed."""
        open_ones = [column for column in self._columns.values() if allowed(column)]
        titles = {word: one for one in open_ones for word in (one.title.zh, one.title.en.lower())}
        names = {one.name: one for one in open_ones}
        for known, floor in ((names, 0.6), (titles, 0.5)):
            found = difflib.get_close_matches(wanted[:64].lower(), known, n=1, cutoff=floor)
            if found:
                return known[found[0]]
        return None


def unit_in(unit: str, language: str) -> str:
    """A unit in a language; 元/人 is yuan per person."""
    if not language.lower().startswith("en"):
        return unit
    whole, *parts = (UNIT_WORDS.get(part, part) for part in unit.split("/"))
    return " per ".join([whole, *(part.removesuffix("s") for part in parts)]).strip()
