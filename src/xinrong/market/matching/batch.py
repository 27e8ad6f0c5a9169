"""How many enterprises each product admits: every answer of all of them in one scan.

What a need says is put into the SQL of the criterion in place of its columns; the rest is asked of
the profile. Nothing here is released to anybody.
"""

# ruff: noqa: S608 - composed of checked trees and names of ours

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xinrong.domain.criteria import Column, Expression, parameters, to_sql
from xinrong.domain.financing import Need, NeedPurpose
from xinrong.market.matching.districts import DISTRICT, code_sql
from xinrong.market.matching.shelf import Offered, Shelf, shelf_on
from xinrong.profiles.services import batch_now, criteria, query_profiles
from xinrong.store.engine import Engine

#: A column of a need as `to_sql` writes it, or a text in quotes, in which nothing is a column.
_OF_NEED = re.compile(r"""'(?:[^']|'')*'|"need"\."([a-z_]+)\"""")


@dataclass(frozen=True)
class Fits:
    """How many enterprises a product admits, refuses, and of how many it cannot be told."""

    offered: Offered
    yes: int
    no: int
    unknown: int


def least_need(offered: Offered) -> Need:
    """The need that asks least of a product: its smallest sum and shortest term, all offered."""
    terms = offered.terms
    each = terms.months_per_period
    return Need(
        amount=terms.amount.least,
        months=-(-terms.months.least // each) * each,
        purpose=terms.purposes[0] if terms.purposes else NeedPurpose.WORKING_CAPITAL,
        offers=frozenset(terms.security),
        first_time=True,
    )


def fits_of_all(region: str, need: Need | None = None, *, on: Engine | None = None) -> list[Fits]:
    """Every product over all enterprises, as of the newest profile, in the order of the shelf.

    Without a need each product is asked about its own least one: those are the enterprises that
    could have it at all. Exact, and released to nobody. Raises NoProfile, NoProducts.
    """
    batch = batch_now()
    shelf = shelf_on(region, batch.as_of)
    if not shelf.offered:
        return []
    found = query_profiles(
        counts_sql(shelf, need), parameters(_expressions(shelf), batch.as_of), on=on
    )
    [row] = found.to_pylist()
    return [
        Fits(one, row[f"yes_{place}"], row[f"no_{place}"], row[f"open_{place}"])
        for place, one in enumerate(shelf.offered)
    ]


def counts_sql(shelf: Shelf, need: Need | None = None, *, relation: str = "profile") -> str:
    """The statement that counts the three answers of every product."""
    told = ", ".join(
        f"count(*) FILTER (WHERE a{place}) AS yes_{place},"
        f" count(*) FILTER (WHERE NOT a{place}) AS no_{place},"
        f" count(*) FILTER (WHERE a{place} IS NULL) AS open_{place}"
        for place in range(len(shelf.offered))
    )
    return f"SELECT {told} FROM ({answers_sql(shelf, need, relation=relation, named=False)})"


def answers_sql(
    shelf: Shelf, need: Need | None = None, *, relation: str = "profile", named: bool = True
) -> str:
    """The statement that gives every answer: `enterprise`, and `a0`, `a1` … for the products."""
    answers = ", ".join(
        f"{_asked(one, need or least_need(one), shelf)} AS a{place}"
        for place, one in enumerate(shelf.offered)
    )
    return f"SELECT {'enterprise, ' if named else ''}{answers} FROM {relation}"


def _expressions(shelf: Shelf) -> Iterable[Expression]:
    return [one.explainer.expression for one in shelf.offered]


def _asked(offered: Offered, need: Need, shelf: Shelf) -> str:
    """One product's criterion with the need in place of its columns."""
    row = need.row()
    expression = offered.explainer.expression
    known = {one.name: one for one in expression.columns}

    def put(found: re.Match[str]) -> str:
        if found[1] is None:  # a text between quotes, whatever it says
            return found[0]
        name = f"need.{found[1]}"
        if name == "need.area" and row[name] is None and DISTRICT in shelf.reads:
            return code_sql(shelf.catalogue.region)
        return _literal(row[name], known[name])

    return f"({_OF_NEED.sub(put, to_sql(expression))})"


def _literal(value: Any, column: Column) -> str:
    """A value of a need as its column is stored."""
    if isinstance(value, bool):
        return str(value).upper()
    said = "NULL"
    if isinstance(value, Decimal | int):
        said = f"{value:f}" if isinstance(value, Decimal) else str(value)
    elif value is not None:
        said = "'" + str(value).replace("'", "''") + "'"
    return f"CAST({said} AS {criteria.sql_type_of(column)})"
