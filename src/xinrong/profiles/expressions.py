"""The SQL inside a definition: what it may say, and its short forms written out.

Whatever is not listed here is refused: an indicator that could call `now()` would look at another
day than the one asked for, and one with a sub-query would read what it does not name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from xinrong.profiles.errors import DefinitionError

DIALECT = "duckdb"
#: A whole number beyond every day's value: day times this, plus the value, orders by both.
DAY_STEP = 10_000_000_000_000
EPOCH = "DATE '1970-01-01'"
AS_OF = "CAST($as_of AS DATE)"

SHORT = ("safe_div", "latest", "days_since", "within")
#: Nodes that an expression may be made of.
_PLAIN = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Parameter, exp.Var,
    exp.Star, exp.Paren, exp.Tuple, exp.Distinct, exp.Filter, exp.Where, exp.DataType,
    exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between,
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Case, exp.If, exp.Cast, exp.Coalesce,
    exp.Count, exp.Sum, exp.Max, exp.Min, exp.LogicalOr, exp.DateDiff, exp.Like, exp.Select,
    exp.Alias, exp.Placeholder, exp.Interval, exp.Nullif, exp.Greatest, exp.Least, exp.Abs,
)  # fmt: skip
#: What `$as_of` is parsed as.
_PARAMETERS = (exp.Parameter, exp.Placeholder)
AGGREGATES = (exp.Count, exp.Sum, exp.Max, exp.Min, exp.LogicalOr)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> exp.Expr:
    try:
        query = parse_one(f"SELECT {text} AS x", dialect=DIALECT)
    except SqlglotError as error:
        raise DefinitionError(f"{text!r} is no SQL expression: {error}") from error
    if not isinstance(query, exp.Select) or len(query.selects) != 1 or len(query.args) < 1:
        raise DefinitionError(f"{text!r} is more than one expression")
    if any(query.args.get(part) for part in ("from_", "from", "where", "group", "order", "limit")):
        raise DefinitionError(f"{text!r} is a query", remedy="Write one expression over fields.")
    found: exp.Expr = query.selects[0].unalias()
    return found


def parsed(text: str) -> exp.Expr:
    """A fresh tree of an expression. Raises DefinitionError."""
    return _parsed(text).copy()


def check_expression(text: str, *, aggregate: bool) -> None:
    """Whether an expression says only what one may. Raises DefinitionError.

    `aggregate`: it must aggregate; else it must not.
    """
    tree = parsed(text)
    for node in tree.walk():
        if isinstance(node, exp.Select | exp.Subquery):
            raise DefinitionError(f"{text!r} has a sub-query", remedy="Read the fields themselves.")
        if isinstance(node, exp.Anonymous):
            _check_short(node, text)
        elif not isinstance(node, _PLAIN):
            raise DefinitionError(
                f"{text!r} uses {node.sql(dialect=DIALECT)}, which no indicator may",
                remedy="An indicator knows no other day than $as_of.",
                code="indicator_function",
            )
        if isinstance(node, _PARAMETERS) and node.name != "as_of":
            raise DefinitionError(f"{text!r} has a parameter other than $as_of")
    if aggregate != _aggregates(tree):
        wrong = "does not aggregate" if aggregate else "aggregates"
        raise DefinitionError(f"{text!r} {wrong}")


def _aggregates(tree: exp.Expr) -> bool:
    short = (node.name.lower() for node in tree.find_all(exp.Anonymous))
    return any(True for _ in tree.find_all(*AGGREGATES)) or bool(
        {"latest", "days_since"}.intersection(short)
    )


def _check_short(node: exp.Anonymous, text: str) -> None:
    name = node.name.lower()
    if name not in SHORT:
        raise DefinitionError(
            f"{text!r} calls {name}(), which no indicator may",
            remedy=f"Besides SQL's aggregates there are {', '.join(SHORT)}.",
            code="indicator_function",
        )
    if name != "within":
        return
    months = [one.name if isinstance(one, exp.Literal) else "" for one in node.expressions]
    if not 1 <= len(months) <= 2 or not all(month.isdigit() for month in months):
        raise DefinitionError(
            f"{text!r}: within() takes numbers of months before the day asked for",
            remedy="Write within(12) or within(12, 6); nothing lies after the day asked for.",
            code="indicator_window",
        )


def columns_in(text: str) -> set[str]:
    """The names of the columns that an expression reads."""
    return {column.name for column in _parsed(text).find_all(exp.Column)}


def is_additive(text: str) -> bool:
    """Whether nothing on record makes it 0 (a count, a sum) rather than nothing at all."""
    return _additive(_parsed(text))


def _additive(node: exp.Expr) -> bool:
    plain = node.unnest()
    if isinstance(plain, exp.Filter):
        return _additive(plain.this)
    if isinstance(plain, exp.Add | exp.Sub):
        return _additive(plain.this) and _additive(plain.expression)
    if isinstance(plain, exp.Coalesce):
        return _additive(plain.this)
    return isinstance(plain, exp.Count | exp.Sum | exp.LogicalOr)


def written_out(text: str, numbers: Callable[[str], bool], keep: str) -> exp.Expr:
    """An aggregate with its short forms written out, each aggregate over the records of `keep`.

    `numbers` says whether a column holds numbers, `keep` is a condition, or "".
    """
    tree = parsed(text).transform(lambda node: _long(node, numbers))
    condition = exp.condition(keep, dialect=DIALECT) if keep else None
    return tree.transform(lambda node: _kept(node, condition))


def plain_condition(text: str) -> str:
    """A condition over records, its short forms written out."""
    return (
        parsed(text).transform(lambda node: _long(node, lambda _name: False)).sql(dialect=DIALECT)
    )


def _long(node: exp.Expr, numbers: Callable[[str], bool]) -> exp.Expr:
    if isinstance(node, _PARAMETERS) and not isinstance(node.parent, exp.Cast):
        return parsed(AS_OF)
    if not isinstance(node, exp.Anonymous):
        return node
    name, given = node.name.lower(), [one.sql(dialect=DIALECT) for one in node.expressions]
    if name == "safe_div":
        top, bottom = given
        return parsed(
            f"CASE WHEN ({bottom}) <> 0 THEN CAST({top} AS DOUBLE) / CAST({bottom} AS DOUBLE) END"
        ).transform(lambda inner: _long(inner, numbers))
    if name == "latest":
        (value,) = given
        day = f"DATE_DIFF('day', {EPOCH}, event_date)"
        if all(numbers(column) for column in columns_in(value)):
            # 33 digits, so that a number of 18 with its four places still fits into 38
            step = f"CAST({day} AS DECIMAL(19, 0)) * CAST({DAY_STEP} AS DECIMAL(14, 0))"
            return parsed(f"ARG_MAX({value}, {step} + {value})")
        return parsed(f"SUBSTRING(MAX(CAST(event_date AS TEXT) || {value}), 11)")
    if name == "days_since":
        return parsed(f"DATE_DIFF('day', MAX({given[0]}), {AS_OF})")
    first, *second = given  # within
    until = f" AND event_date <= $m{second[0]}" if second else ""
    return parsed(f"(event_date > $m{first}{until})")


def _kept(node: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    """An aggregate over the records of its FILTER and of `condition` only; inner nodes stay."""
    if isinstance(node, exp.Filter):
        own = node.expression.this
        both = exp.and_(own, condition.copy()) if condition else own
        return _only(node.this, both)
    aggregate = isinstance(node, (*AGGREGATES, exp.ArgMax))
    if condition and aggregate and not isinstance(node.parent, exp.Filter):
        return _only(node, condition)
    return node


def _only(aggregate: exp.Expr, condition: exp.Expr) -> exp.Expr:
    """An aggregate over the records for which a condition holds.

    As a CASE within it: that is what a FILTER means, as every aggregate that may be used leaves
    NULL out, and DuckDB takes a quarter of the time for it.
    """
    made = aggregate.copy()
    if isinstance(made, exp.ArgMax):
        made.set("expression", _case(condition, made.expression))
    elif isinstance(made.this, exp.Star):
        made.set("this", _case(condition, exp.Literal.number(1)))
    elif isinstance(made.this, exp.Distinct):
        made.this.set("expressions", [_case(condition, one) for one in made.this.expressions])
    else:
        made.set("this", _case(condition, made.this))
    return made


def _case(condition: exp.Expr, value: exp.Expr) -> exp.Expr:
    return exp.Case().when(condition.copy(), value.copy())
