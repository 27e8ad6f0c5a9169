"""The classes of all enterprises in one scan of the profile."""

# ruff: noqa: S608 - composed of checked trees and names of ours

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
from django.conf import settings

from xinrong.domain.criteria import parameters, to_sql
from xinrong.profiles.building import batch_now
from xinrong.profiles.classes.assigning import explainer
from xinrong.profiles.classes.definitions import CANNOT_TELL, NONE, OUTSIDE, classes_now
from xinrong.profiles.classes.sizes import INDUSTRY, TRADES, reads, sized_sql, trade_table
from xinrong.profiles.reading import PROFILE_VIEW, relations
from xinrong.store.engine import Engine, Relation, engine


def classed_sql(region: str, on: date) -> tuple[str, dict[str, Any]]:
    """Steps of a WITH that make `classed` of `profile`, and their parameters.

    `classed` has the profile's columns, the sizes, `in_population`, `is_<id>` for each class, and
    `primary_class`. Raises CriterionMisused where a class is not in force on the day.
    """
    book = classes_now().book
    trees = {one.id: explainer(region, one.must_hold(on).text).expression for one in book.classes}
    told = "".join(f", ({to_sql(tree)}) AS is_{name}" for name, tree in trees.items())
    asked = list(trees.values())
    inside = "TRUE"
    if book.population is not None:
        population = explainer(region, book.population.text).expression
        inside = to_sql(population)
        asked.append(population)
    decided = " ".join(
        f"WHEN is_{name} THEN '{name}' WHEN is_{name} IS NULL THEN '{CANNOT_TELL}'"
        for name in trees
    )
    sql = (
        f"{sized_sql(region, on)},\n"
        f"judged AS (SELECT *, ({inside}) AS in_population{told} FROM sized),\n"
        f"classed AS (SELECT *, CASE WHEN NOT in_population THEN '{OUTSIDE}'"
        f" WHEN in_population IS NULL THEN '{CANNOT_TELL}' {decided} ELSE '{NONE}' END"
        " AS primary_class FROM judged)"
    )
    return sql, parameters(asked, on)


def query_classed(
    sql: str,
    params: Mapping[str, Any] | None = None,
    *,
    more: Mapping[str, Relation] | None = None,
    on: Engine | None = None,
) -> pa.Table:
    """Run SQL over the relation `classed`: all enterprises, the newest profile of each.

    The day is that of the batch. Raises NoProfile before the first.
    """
    batch = batch_now()
    runner, region = on or engine(), settings.REGION
    steps, given = classed_sql(region, batch.as_of)
    bound: dict[str, Relation] = {**relations(), **(more or {})}
    if reads(region):
        codes = runner.query(
            f"WITH profile AS ({PROFILE_VIEW}) SELECT DISTINCT {INDUSTRY} AS code FROM profile"
            f" WHERE {INDUSTRY} IS NOT NULL ORDER BY code",
            bound,
        )
        bound[TRADES] = trade_table(codes["code"].to_pylist(), batch.as_of)
    return runner.query(
        f"WITH profile AS ({PROFILE_VIEW}),\n{steps}\n{sql}", bound, {**given, **(params or {})}
    )


def classes_of_all(*, on: Engine | None = None) -> pa.Table:
    """`enterprise`, `primary_class`, and `is_<id>` for each class: yes, no, or null.

    One scan of the profile, ordered by enterprise.
    """
    told = "".join(f", is_{name}" for name in classes_now().book.ids)
    return query_classed(
        f"SELECT enterprise, primary_class{told} FROM classed ORDER BY enterprise", on=on
    )
