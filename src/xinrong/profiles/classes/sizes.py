"""The size classes of the national standard as columns that criteria of classes may ask about.

An enterprise is large when it reaches every lower bound of large that the standard lists for its
industry (统计上大中小微型企业划分办法（2017）, article 4 and annex), and so on down. Each bound
is a condition of `domain.criteria`, so that one enterprise and all are asked by the same trees.
Three answers, as everywhere: with the revenue below the bound of medium alone it is known that an
enterprise is neither large nor medium, whatever else is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa

from xinrong.domain.criteria import Answer, Column, Schema, Type, answer_of, parse, to_sql
from xinrong.domain.standards.industries import industry
from xinrong.domain.standards.size import Size, SizeClass, Trade, size_class, trades
from xinrong.domain.standards.tables import version_on
from xinrong.domain.text import Text
from xinrong.profiles.criteria.services import profile_schema

INDUSTRY = "reg_industry"
#: Indicator of the standard → column of the profile.
FACTS: Mapping[str, str] = {"staff": "rep_staff", "revenue": "rep_revenue", "assets": "rep_assets"}
TITLES: Mapping[str, Text] = {
    "size_large": Text(zh="大型企业", en="Large"),
    "size_medium": Text(zh="中型企业", en="Medium"),
    "size_small": Text(zh="小型企业", en="Small"),
    "size_micro": Text(zh="微型企业", en="Micro"),
    "size_small_micro": Text(zh="小型或微型企业", en="Small or micro"),
}
SIZES = tuple(TITLES)
#: The relation that tells the industry of a code: what `sized_sql` joins.
TRADES = "trade_of_industry"
_STEPS = (Size.LARGE, Size.MEDIUM, Size.SMALL)
#: Yes, no, or None: it cannot be told.
type Answered = bool | None


def reads(region: str) -> tuple[str, ...]:
    """The columns of the profile from which sizes are made; () where the region lacks one."""
    wanted = (INDUSTRY, *FACTS.values())
    return wanted if all(name in profile_schema(region) for name in wanted) else ()


@cache
def class_schema(region: str) -> Schema:
    """What a criterion of a class may ask about: the profile and the sizes."""
    known = profile_schema(region)
    inputs = [known[name] for name in reads(region)]
    level = max((one.level for one in inputs), default=1)
    share = "consent" if any(one.share != "open" for one in inputs) else "open"
    sizes = (
        Column(name, Type.BOOLEAN, title, share=share, level=level)
        for name, title in TITLES.items()
    )
    return Schema((*known.values(), *sizes))


@dataclass(frozen=True)
class Steps:
    """Of one industry of the standard: reaching large, medium and small, compiled."""

    sql: Mapping[Size, str]
    answers: Mapping[Size, Answer]


def steps_of(region: str, on: date) -> Mapping[str, Steps]:
    """Industry of the standard (its Chinese name) → its steps, by the standard of a day."""
    return _steps(region, version_on("size_bounds", on).valid_from)


@cache
def _steps(region: str, since: date) -> Mapping[str, Steps]:
    return {name: _compiled(region, trade) for name, trade in trades(since).items()}


def _compiled(region: str, trade: Trade) -> Steps:
    schema = profile_schema(region)
    trees = {size: parse(bounds_text(trade, size), schema) for size in _STEPS}
    return Steps(
        {size: to_sql(tree) for size, tree in trees.items()},
        {size: answer_of(tree) for size, tree in trees.items()},
    )


def bounds_text(trade: Trade, size: Size) -> str:
    """The lower bounds of a size in an industry as a criterion."""
    parts = (f"{FACTS[one.indicator]} >= {one.bound(size):f}" for one in trade.bounds)
    return " AND ".join(parts)


# -- one enterprise ---------------------------------------------------------------------------


def sizes_of(region: str, values: Mapping[str, Any], on: date) -> dict[str, bool | None]:
    """Every size column of one enterprise, from the values of its profile."""
    if not reads(region):
        return dict.fromkeys(SIZES)
    code = values.get(INDUSTRY)
    trade, covered = trade_of(code, on) if code is not None else ("", None)
    if not trade:
        return dict.fromkeys(SIZES, covered)
    answers = steps_of(region, on)[trade].answers
    large, medium, small = (answers[size](values, on) for size in _STEPS)
    return {
        "size_large": large,
        "size_medium": both(medium, opposite(large)),
        "size_small": both(small, opposite(medium)),
        "size_micro": opposite(small),
        "size_small_micro": opposite(medium),
    }


def trade_of(code: str, on: date) -> tuple[str, bool | None]:
    """The standard's industry for a code, and whether the standard is for it.

    ("", False): it is not. ("", None): that cannot be told, as of a code that is too coarse.
    """
    found = size_class(code, None, None, None, on)
    if found.trade is not None:
        return found.trade.zh, True
    return "", False if found.value == Size.NOT_COVERED else None


def size_of(values: Mapping[str, Any], on: date) -> SizeClass:
    """The size class in words, from the values of a profile."""
    staff, revenue, assets = (values.get(FACTS[one]) for one in ("staff", "revenue", "assets"))
    return size_class(values.get(INDUSTRY) or "", staff, _money(revenue), _money(assets), on)


def _money(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def both(one: Answered, other: Answered) -> Answered:
    """SQL's AND."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def opposite(one: Answered) -> Answered:
    """SQL's NOT."""
    return None if one is None else not one


# -- all of them ------------------------------------------------------------------------------


def trade_table(codes: Sequence[str], on: date) -> pa.Table:
    """The relation TRADES: for each code its section, the standard's industry, and whether any."""
    told = [trade_of(code, on) for code in codes]
    return pa.table(
        {
            "industry_code": pa.array(codes, pa.string()),
            "industry_section": pa.array([industry(code).section for code in codes], pa.string()),
            "industry_trade": pa.array([trade for trade, _ in told], pa.string()),
            "industry_covered": pa.array([covered for _, covered in told], pa.bool_()),
        }
    )


def sized_sql(region: str, on: date) -> str:
    """Steps of a WITH that make `sized` of `profile`: its columns, the section and the sizes."""
    if not reads(region):
        nothing = ", ".join(f"CAST(NULL AS BOOLEAN) AS {name}" for name in SIZES)
        return f"sized AS (SELECT *, '' AS industry_section, {nothing} FROM profile)"  # noqa: S608
    made = steps_of(region, on)
    cases = ", ".join(
        f"CASE t.industry_trade {_whens(made, size)} END AS reaches_{size}" for size in _STEPS
    )
    return (
        f"stepped AS (SELECT profile.*, t.industry_section, t.industry_covered, {cases} "  # noqa: S608
        f"FROM profile LEFT JOIN {TRADES} AS t ON t.industry_code = profile.{INDUSTRY}),\n"
        "sized AS (SELECT *, industry_covered AND reaches_large AS size_large,"
        " industry_covered AND reaches_medium AND NOT reaches_large AS size_medium,"
        " industry_covered AND reaches_small AND NOT reaches_medium AS size_small,"
        " industry_covered AND NOT reaches_small AS size_micro,"
        " industry_covered AND NOT reaches_medium AS size_small_micro FROM stepped)"
    )


def _whens(made: Mapping[str, Steps], size: Size) -> str:
    return " ".join(f"WHEN '{name}' THEN ({steps.sql[size]})" for name, steps in made.items())
