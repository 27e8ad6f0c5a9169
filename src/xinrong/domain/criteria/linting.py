"""What is probably wrong with a criterion that can be read: found before it decides anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from xinrong.domain.criteria.columns import NUMERIC, Column, Type
from xinrong.domain.criteria.possible import Follower, TooBranched
from xinrong.domain.criteria.tree import (
    And,
    Between,
    Compare,
    Condition,
    Const,
    Expression,
    In,
    Kind,
    Leaf,
    Not,
    Or,
    Ref,
    Value,
    leaves,
    plan,
)
from xinrong.domain.text import Text

#: Smaller amounts than this were perhaps meant in 10,000 yuan (万元).
SMALL_YUAN = 1_000
#: Larger ratios than this were perhaps meant in percent.
LARGE_RATIO = 10


class Severity(StrEnum):
    """An error must be mended, a warning looked at, a hint may be right as it is."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: a stable code, the character where, and words."""

    code: str
    severity: Severity
    at: int
    text: Text


def lint(expression: Expression) -> tuple[Finding, ...]:
    """What is wrong or odd, in the order of the text. Never raises."""
    found = [*_whole(expression.condition), *_repeated(expression.condition)]
    for leaf in leaves(expression.condition):
        found.extend(_values(leaf))
        found.extend(_sizes(leaf))
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.at, one.code)))


def _whole(condition: Condition) -> Iterator[Finding]:
    """Whether it can say yes, and no; then its parts, each for itself."""
    follower = Follower()
    try:
        if not follower.can_be(plan(condition)):
            yield _finding(
                "never_yes", Severity.ERROR, condition.at,
                "各条件互相矛盾：对任何企业都不会是“符合”",
                "The conditions contradict each other: no enterprise can meet them",
            )  # fmt: skip
        elif not follower.can_be(plan(condition, holds=False)):
            yield _finding(
                "never_no", Severity.ERROR, condition.at,
                "对任何企业都不会是“不符合”：这条判断条件不排除任何企业",
                "It can never say no: it keeps no enterprise out",
            )  # fmt: skip
        else:
            yield from _parts(condition, follower)
    except TooBranched:
        yield _finding(
            "too_branched", Severity.HINT, condition.at,
            "分支太多，没有检查完是否自相矛盾；可拆成几条判断条件",
            "It branches too much to be searched for contradictions to the end: split it",
        )  # fmt: skip


def _parts(condition: Condition, follower: Follower) -> Iterator[Finding]:
    """Parts of AND and OR that are always answered in the same way."""
    if isinstance(condition, Not):
        yield from _parts(condition.part, follower)
    if not isinstance(condition, And | Or):
        return
    for part in condition.parts:
        if not follower.can_be(plan(part)):
            yield _finding(
                "part_never_yes", Severity.WARNING, part.at,
                "这一部分永远不成立", "This part can never be met",
            )  # fmt: skip
        elif not follower.can_be(plan(part, holds=False)):
            yield _finding(
                "part_never_no", Severity.WARNING, part.at,
                "这一部分永远不会不成立，可以删去", "This part can never fail: leave it out",
            )  # fmt: skip
        else:
            yield from _parts(part, follower)


def _repeated(condition: Condition) -> Iterator[Finding]:
    """A condition that stands twice in the same AND or OR."""
    if isinstance(condition, Not):
        yield from _repeated(condition.part)
    if not isinstance(condition, And | Or):
        return
    seen: set[Condition] = set()
    for part in condition.parts:
        if part in seen:
            yield _finding(
                "repeated", Severity.WARNING, part.at,
                "这个条件前面已经写过", "This condition stands here already",
            )  # fmt: skip
        seen.add(part)
        yield from _repeated(part)


def _values(leaf: Leaf) -> Iterator[Finding]:
    """Codes that are not among the lawful ones."""
    for column, item in _compared(leaf):
        if isinstance(item.value, str) and column.values and item.value not in column.values:
            lawful = "、".join(list(column.values)[:8])
            yield _finding(
                "value_unlawful", Severity.ERROR, item.at or leaf.at,
                f"{column.title.zh}没有取值“{item.value}”；可用：{lawful}",
                f"{item.value!r} is no value of {column.title.en}; there are: {lawful}",
            )  # fmt: skip


def _sizes(leaf: Leaf) -> Iterator[Finding]:
    """Numbers that were perhaps meant in another unit."""
    for kind, item in _numbers(leaf):
        number = item.value
        if not isinstance(number, Decimal) or not number:
            continue
        if kind.type == Type.MONEY and abs(number) < SMALL_YUAN:
            yield _finding(
                "small_amount", Severity.HINT, item.at or leaf.at,
                f"{number:f} 元很小：金额以元为单位，是否想写 {number * 10_000:f}？",
                f"{number:f} yuan is little; if 10,000 yuan was meant, write {number * 10_000:f}",
            )  # fmt: skip
        if kind.type == Type.RATIO and abs(number) > LARGE_RATIO:
            yield _finding(
                "large_ratio", Severity.HINT, item.at or leaf.at,
                f"比率写成小数：{number:f} 即 {number * 100:f}%，是否想写 {number / 100:f}？",
                f"A ratio is a fraction: {number:f} is {number * 100:f}%; "
                f"if percent was meant, write {number / 100:f}",
            )  # fmt: skip


def _compared(leaf: Leaf) -> Iterator[tuple[Column, Const]]:
    """Columns and the literals they are compared with."""
    if isinstance(leaf, In):
        yield from ((leaf.column, item) for item in leaf.items)
    for value, bound in _pairs(leaf):
        if isinstance(value, Ref) and isinstance(bound, Const):
            yield value.column, bound


def _numbers(leaf: Leaf) -> Iterator[tuple[Kind, Const]]:
    """Kinds of values and the numbers they are compared with."""
    for value, bound in _pairs(leaf):
        if isinstance(bound, Const) and value.kind.type in NUMERIC:
            yield value.kind, bound


def _pairs(leaf: Leaf) -> Iterator[tuple[Value, Value]]:
    if isinstance(leaf, Compare):
        yield leaf.left, leaf.right
    if isinstance(leaf, Between):
        yield leaf.value, leaf.low
        yield leaf.value, leaf.high


def _finding(code: str, severity: Severity, at: int, zh: str, en: str) -> Finding:
    return Finding(code, severity, at, Text(zh=zh, en=en))
