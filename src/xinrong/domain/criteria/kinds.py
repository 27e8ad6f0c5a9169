"""Which kinds of values may be compared and reckoned together; unlike ones are refused by name."""

from __future__ import annotations

from decimal import Decimal

from xinrong.domain.criteria.columns import NUMERIC, TYPE_WORDS, Column, Type, unit_in
from xinrong.domain.criteria.errors import CriterionRefused
from xinrong.domain.criteria.tree import (
    Arith,
    AsOf,
    Const,
    Kind,
    Operation,
    Operator,
    Ref,
    Value,
)
from xinrong.domain.text import Text

MAX_DEPTH = 50
DAYS = Kind(Type.COUNT, "天")
_SIGNS: dict[Operation, str] = {"+": "+", "-": "-", "*": "*", "safe_div": "safe_div"}
_ORDERED = frozenset({*NUMERIC, Type.DATE, Type.CODE})
_TEXTS = frozenset({Type.TEXT, Type.CODE})


def described(value: Value) -> Text:
    """A value with its kind, as an error names it."""
    kind = value.kind
    words = TYPE_WORDS[kind.type]
    zh = "，".join(part for part in (words.zh, kind.unit) if part)
    en = ", ".join(part for part in (words.en, unit_in(kind.unit, "en")) if part)
    name = named(value)
    return Text(zh=f"{name}（{zh}）", en=f"{name} ({en})")


def named(value: Value) -> str:
    """A value as it is written, shortened."""
    match value:
        case Ref(column=column):
            return column.name
        case AsOf():
            return ":as_of"
        case Arith(op="safe_div", left=left, right=right):
            return f"safe_div({named(left)}, {named(right)})"[:60]
        case Arith(op=op, left=left, right=right):
            return f"{named(left)} {op} {named(right)}"[:60]
        case Const(value=literal):
            return written(literal)[:60]


def written(literal: object) -> str:
    """A literal as a criterion writes it."""
    if isinstance(literal, bool):
        return str(literal).upper()
    if isinstance(literal, Decimal):
        return f"{literal:f}"
    return f"DATE '{literal}'" if not isinstance(literal, str) else f"'{literal}'"


def reckon(op: Operation, left: Value, right: Value, at: int) -> Arith:
    """The value of an operation with its kind. Raises CriterionRefused."""
    depth = 1 + max(one.depth if isinstance(one, Arith) else 0 for one in (left, right))
    if depth > MAX_DEPTH:
        raise CriterionRefused(
            "criterion_too_deep",
            at,
            Text(
                zh=f"一个算式超过 {MAX_DEPTH} 步",
                en=f"A value is reckoned in more than {MAX_DEPTH} steps",
            ),
            Text(zh="请把它做成一个指标。", en="Make an indicator of it."),
        )
    kind = _kind(op, left.kind, right.kind)
    if kind is None:
        raise _unlike(op, left, right, at)
    if op == "safe_div" and isinstance(right, Const) and right.value == 0:
        raise CriterionRefused(
            "criterion_divides_by_zero",
            right.at,
            Text(zh="除数是 0，答案永远未知", en="The divisor is 0: this is never known"),
            Text(zh="请写另一个除数。", en="Write another divisor."),
        )
    return Arith(op, left, right, kind, depth, at)


def _kind(op: Operation, left: Kind, right: Kind) -> Kind | None:
    """What comes out, None where the two do not go together."""
    if Type.DATE in (left.type, right.type):
        return _date_kind(op, left, right)
    if left.type not in NUMERIC or right.type not in NUMERIC:
        return None
    if op in ("+", "-"):
        if left.bare or right.bare:
            return right if left.bare else left
        return left if left == right else None
    if op == "*":
        return _product(left, right)
    return _quotient(left, right)


def _date_kind(op: Operation, left: Kind, right: Kind) -> Kind | None:
    """A date and days make a date; the time between two dates is days."""
    if op == "-" and left.type == right.type == Type.DATE:
        return DAYS
    if op == "+" and left.type != Type.DATE:
        left, right = right, left
    days = right.bare or right == DAYS
    return left if op in ("+", "-") and left.type == Type.DATE and days else None


def _product(left: Kind, right: Kind) -> Kind | None:
    for one, other in ((left, right), (right, left)):
        if one.bare or one.type == Type.RATIO:
            return other
    return None


def _quotient(left: Kind, right: Kind) -> Kind:
    if left == right and not left.bare:
        return Kind(Type.RATIO)
    if right.bare or right.type == Type.RATIO:
        return left
    upper = "" if left.bare or left.type == Type.RATIO else left.unit or left.type
    return Kind(Type.NUMBER, f"{upper}/{right.unit or right.type}")


def comparable(op: Operator, left: Value, right: Value, at: int) -> None:
    """Whether two values can be compared so. Raises CriterionRefused."""
    one, other = left.kind, right.kind
    if not _alike(left, right):
        raise _unlike(op, left, right, at)
    ordered = {one.type, other.type} & _ORDERED
    if op not in ("=", "<>") and not ordered:
        said = described(left)
        raise CriterionRefused(
            "criterion_no_order",
            at,
            Text(zh=f"{said.zh}没有大小之分", en=f"{said.en} has no order"),
            Text(zh="请用 =、<> 或 IN。", en="Compare it with =, <> or IN."),
        )


def _alike(left: Value, right: Value) -> bool:
    one, other = left.kind, right.kind
    if one.type in NUMERIC and other.type in NUMERIC:
        return one.bare or other.bare or one == other
    if one.type in _TEXTS and other.type in _TEXTS:
        literal = isinstance(left, Const) or isinstance(right, Const)
        return literal or (one.type, one.unit) == (other.type, other.unit)
    return one.type == other.type


def fits(column: Column, item: Const) -> None:
    """Whether a literal can be a value of the column. Raises CriterionRefused."""
    if not _alike(Ref(column), item) or column.type == Type.BOOLEAN:
        raise _unlike("=", Ref(column), item, item.at)
    number = item.value
    if column.inexact or not isinstance(number, Decimal):
        return
    if number != round(number, column.scale):
        said = described(Ref(column))
        raise CriterionRefused(
            "criterion_decimals",
            item.at,
            Text(
                zh=f"{said.zh}最多 {column.scale} 位小数，{number:f} 不可能出现",
                en=f"{said.en} has at most {column.scale} decimals: {number:f} cannot occur",
            ),
            Text(zh="请核对该值，或用 BETWEEN。", en="Check the value, or use BETWEEN."),
        )


def _unlike(op: str, left: Value, right: Value, at: int) -> CriterionRefused:
    one, other = described(left), described(right)
    verb = Text(zh="比较", en="compared with")
    if op in _SIGNS and op not in ("=", "<>"):
        verb = Text(zh=f"用 {op} 计算", en=f"reckoned by {op} with")
    return CriterionRefused(
        "criterion_mixed_types",
        at,
        Text(
            zh=f"{one.zh}和{other.zh}不能{verb.zh}", en=f"{one.en} cannot be {verb.en} {other.en}"
        ),
        _advice(left, right),
    )


def _advice(left: Value, right: Value) -> Text:
    """What to write instead, by what was mixed."""
    types = {left.kind.type, right.kind.type}
    quoted = any(isinstance(one, Const) and isinstance(one.value, str) for one in (left, right))
    if Type.DATE in types and quoted:
        return Text(zh="日期写作 DATE '2024-01-31'。", en="Write a date as DATE '2024-01-31'.")
    if Type.DATE in types:
        return Text(
            zh="日期可与日期比较，可加减天数；两个日期相减得天数。",
            en="A date is compared with a date, more or less some days; two dates differ by days.",
        )
    if types & _TEXTS and types & NUMERIC:
        return Text(
            zh="代码和文本写在引号里，数字不加引号。",
            en="Codes and text stand in quotes, numbers do not.",
        )
    if Type.BOOLEAN in types:
        return Text(
            zh="是否类的列直接写列名，或写 NOT 列名。",
            en="Write a boolean column by itself, or NOT and its name.",
        )
    return Text(
        zh="两边须是同一种类和单位；不同单位相除请用 safe_div。",
        en="Both sides must be of one type and unit; safe_div divides unlike units.",
    )
