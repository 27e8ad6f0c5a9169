"""Large, medium, small or micro, 统计上大中小微型企业划分办法（2017）, 国统字〔2017〕213号.

Article 2: enterprises of every form of organisation; sole traders are sized likewise. Article 3:
which industries it is for. Article 4 and the annex: by staff, revenue and total assets. Note 1 of
the annex: large, medium and small only if the lower bounds of all indicators listed are reached,
else the next class down; micro if any one is below small. Note 2: what the combined industries
are (industry, transport without railways, storage, information transmission, others). Note 3:
staff at the end of the period, revenue of the main business where a trade reports that.

Nothing is guessed: an indicator that is missing makes the answer "not known", except where one
alone already proves micro. A later standard is a new file and a line in `data/versions.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from xinrong.domain.errors import Place, XinrongError
from xinrong.domain.standards.industries import industry
from xinrong.domain.standards.tables import rows_of, version_on
from xinrong.domain.text import Text


class Size(StrEnum):
    """A size class, or why there is none."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"
    NOT_KNOWN = "not_known"
    NOT_COVERED = "not_covered"


#: From the smallest to the largest.
CLASSES = (Size.MICRO, Size.SMALL, Size.MEDIUM, Size.LARGE)
WORDS: Mapping[Size, Text] = MappingProxyType(
    {
        Size.LARGE: Text(zh="大型", en="large"),
        Size.MEDIUM: Text(zh="中型", en="medium"),
        Size.SMALL: Text(zh="小型", en="small"),
        Size.MICRO: Text(zh="微型", en="micro"),
        Size.NOT_KNOWN: Text(zh="无法判定", en="not known"),
        Size.NOT_COVERED: Text(zh="不适用", en="not covered"),
    }
)
INDICATORS: Mapping[str, Text] = MappingProxyType(
    {
        "staff": Text(zh="从业人员", en="staff"),
        "revenue": Text(zh="营业收入", en="revenue"),
        "assets": Text(zh="资产总额", en="total assets"),
    }
)
_UNITS = {"人": 1, "万元": 10_000}


class WrongFigure(XinrongError):
    """A figure that no enterprise can have."""

    code = "size_wrong_figure"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lower bounds of one indicator, in `unit`: 人 (persons) or 万元 (10,000 yuan)."""

    indicator: str
    unit: str
    large: int
    medium: int
    small: int

    def bound(self, size: Size) -> Decimal:
        """The lower bound of a class above micro, in persons or yuan."""
        return Decimal(int(getattr(self, size)) * _UNITS[self.unit])

    def class_of(self, value: Decimal) -> Size:
        """The class that this indicator alone reaches."""
        reached = [one for one in CLASSES[1:] if value >= self.bound(one)]
        return reached[-1] if reached else Size.MICRO

    def shown(self, value: Decimal) -> str:
        """A value in the unit of the standard, without needless zeros."""
        return f"{(value / _UNITS[self.unit]).normalize():f}"


@dataclass(frozen=True, slots=True)
class Trade:
    """One row of the annex: an industry as the standard groups them, and its indicators."""

    name: Text
    bounds: tuple[Bounds, ...]


@dataclass(frozen=True, slots=True)
class SizeClass:
    """The answer: the class, why in a sentence, which facts are missing, by which article.

    `missing` names "industry", "staff", "revenue", "assets" or "standard" (none held on that day).
    `trade` is the industry as the standard groups them, None where it could not be told.
    """

    value: Size
    why: Text
    missing: tuple[str, ...]
    article: str
    trade: Text | None = None


def size_class(
    industry_code: str,
    staff: int | None,
    revenue: Decimal | None,
    assets: Decimal | None,
    on: date | None = None,
) -> SizeClass:
    """The size class by the standard in force on a day (the newest when None).

    `industry_code` as in GB/T 4754-2017; `staff` in persons, `revenue` of a year and `assets` in
    yuan, None where not known. Raises WrongFigure for a negative number of staff or a figure that
    is no number; a negative revenue is possible, and below every bound.
    """
    figures = _figures(staff, revenue, assets)
    version = version_on("size_scope", on)
    article = f"{version.document}{version.articles}"
    if on is not None and not version.holds_on(on):
        return SizeClass(Size.NOT_KNOWN, _no_standard(on, version.valid_from), ("standard",), "")
    found = industry(industry_code, on)
    scope = _scope(version.file)
    fitting = next((scope[one] for one in reversed(found.path) if one in scope), None)
    if fitting is None:
        why = _too_coarse(found.entry, found.name) if found.entry else _no_industry(found.note)
        return SizeClass(Size.NOT_KNOWN, why, ("industry",), article)
    name, reason = fitting
    if reason is not None:
        said = f"{found.names[-1]}（{found.entry}）"
        why = Text(zh=f"{said}：{reason.zh}。", en=f"{said}: {reason.en}.")
        return SizeClass(Size.NOT_COVERED, why, (), article)
    trade = trades(on)[name]
    given = [(one, figures[one.indicator]) for one in trade.bounds]
    classes = [one.class_of(value) for one, value in given if value is not None]
    missing = tuple(one.indicator for one, value in given if value is None)
    lowest = min(classes, key=CLASSES.index, default=None)
    if missing and lowest != Size.MICRO:
        return SizeClass(Size.NOT_KNOWN, _incomplete(trade, given), missing, article, trade.name)
    assert lowest is not None
    why = _because(trade, given, lowest)
    return SizeClass(lowest, why, missing, article, trade.name)


def trades(on: date | None = None) -> Mapping[str, Trade]:
    """The rows of the annex by their Chinese name, by the standard in force on a day."""
    return _trades(version_on("size_bounds", on).file)


@cache
def _trades(file: str) -> Mapping[str, Trade]:
    found: dict[str, Trade] = {}
    for row in rows_of(file):
        name = row["industry"]
        bounds = Bounds(
            row["indicator"], row["unit"], *(int(row[one]) for one in ("large", "medium", "small"))
        )
        known = found.get(name)
        title = Text(zh=name, en=row["industry_en"])
        found[name] = Trade(title, (*(known.bounds if known else ()), bounds))
    return MappingProxyType(found)


@cache
def _scope(file: str) -> dict[str, tuple[str, Text | None]]:
    """Code of GB/T 4754 → the row of the annex, or why it is in none."""
    return {
        row["code"]: (
            row["industry"],
            Text(zh=row["reason_zh"], en=row["reason_en"]) if row["reason_zh"] else None,
        )
        for row in rows_of(file)
    }


def _figures(
    staff: int | None, revenue: Decimal | None, assets: Decimal | None
) -> dict[str, Decimal | None]:
    given = {"staff": staff, "revenue": revenue, "assets": assets}
    figures: dict[str, Decimal | None] = {}
    for name, value in given.items():
        number = None if value is None else Decimal(value)
        if number is not None and (not number.is_finite() or (name == "staff" and number < 0)):
            raise WrongFigure(
                f"{INDICATORS[name].en} ({INDICATORS[name].zh}) cannot be {value}",
                place=Place(field=name),
                remedy="Give the figure of the accounts, or leave it out where it is not known.",
            )
        figures[name] = number
    return figures


# -- in words -------------------------------------------------------------------------------


def _no_standard(on: date, first: date) -> Text:
    return Text(
        zh=f"{on} 时适用的划分办法没有收录（最早自 {first} 起）。",
        en=f"The standard in force on {on} is not here (the first one holds from {first}).",
    )


def _no_industry(note: Text | None) -> Text:
    said = note or Text(zh="", en="")
    return Text(zh=f"行业不明：{said.zh}", en=f"The industry is not known: {said.en}")


def _too_coarse(entry: str, name: str) -> Text:
    return Text(
        zh=f"行业代码{entry}（{name}）下各行业的标准不同，请给出更细的代码。",
        en=f"Industry {entry} ({name}) is sized in several ways: give a more exact code.",
    )


def _incomplete(trade: Trade, given: list[tuple[Bounds, Decimal | None]]) -> Text:
    lacking = [INDICATORS[one.indicator] for one, value in given if value is None]
    return Text(
        zh=f"属{trade.name.zh}，缺少{'、'.join(one.zh for one in lacking)}，无法判定。",
        en=f"It is of {trade.name.en}; {' and '.join(one.en for one in lacking)} "
        f"{'is' if len(lacking) == 1 else 'are'} missing.",
    )


def _because(trade: Trade, given: list[tuple[Bounds, Decimal | None]], size: Size) -> Text:
    known = [(one, value) for one, value in given if value is not None]
    if size == Size.MICRO:
        known = [(one, value) for one, value in known if one.class_of(value) == size]
    parts = [_part(bounds, value) for bounds, value in known]
    rule = (
        Text(zh="有一项低于小型下限即为", en="One below the bound of small makes it")
        if size == Size.MICRO
        else Text(zh="须同时达到所列指标的下限，故为", en="All bounds must be reached: it is")
    )
    return Text(
        zh=f"属{trade.name.zh}：{'；'.join(one.zh for one in parts)}。{rule.zh}{WORDS[size].zh}。",
        en=f"It is of {trade.name.en}: {'; '.join(one.en for one in parts)}. "
        f"{rule.en} {WORDS[size].en}.",
    )


def _part(bounds: Bounds, value: Decimal) -> Text:
    """What one indicator says for itself."""
    size, name, shown = bounds.class_of(value), INDICATORS[bounds.indicator], bounds.shown(value)
    place = CLASSES.index(size)
    reached = "" if size == Size.MICRO else bounds.shown(bounds.bound(size))
    above = "" if size == Size.LARGE else bounds.shown(bounds.bound(CLASSES[place + 1]))
    unit = " × 10,000 yuan" if bounds.unit == "万元" else ""
    zh, en = f"{name.zh}{shown}{bounds.unit}", f"{name.en} {shown}{unit}"
    zh_parts = [f"达到{WORDS[size].zh}下限{reached}"] * bool(reached)
    en_parts = [f"reaches {reached} of {WORDS[size].en}"] * bool(reached)
    if above:
        upper = WORDS[CLASSES[place + 1]]
        zh_parts.append(f"未达{upper.zh}下限{above}")
        en_parts.append(f"is below {above} of {upper.en}")
    return Text(zh=f"{zh}{'、'.join(zh_parts)}", en=f"{en} {' and '.join(en_parts)}")
