"""Every category's statement gives the same on DuckDB and on Spark."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.profiles import city
from xinrong.catalogue.region import load_region
from xinrong.profiles.compiling import compiled
from xinrong.profiles.states import FRESH, SourceState, values_of
from xinrong.store.engine import engine
from xinrong.store.engine_spark import SparkEngine

pytestmark = [pytest.mark.usefixtures("store_root"), pytest.mark.timeout(600)]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-9)
    if isinstance(one, Decimal | int) and isinstance(other, Decimal | int):
        return Decimal(one) == Decimal(other)
    return bool(one == other)


def test_every_statement_gives_the_same_on_both_engines(spark: Any, tmp_path: Path) -> None:
    made = compiled("taizhou")
    region = load_region("taizhou")
    rows = pa.concat_tables(city.city_rows(15).values())
    held = pa.table(
        [rows["subject"], *(rows[name] for name in made.slots)], names=["enterprise", *made.slots]
    )
    firm = pa.table(
        {"enterprise": pa.array(range(1, 16), pa.int64()), "inside": pa.array([True] * 15)}
    )
    state = SourceState(FRESH, date(2020, 1, 1))
    apache = SparkEngine(spark, tmp_path)
    wrong = []
    for one in made.statements:
        params = dict(values_of(one.params, city.UNTIL, state, region, one.category))
        relations = {"held": held, "firm": firm}
        duck = engine().query(one.sql, relations, params).to_pylist()
        sparks = apache.query(one.sql, relations, params).to_pylist()
        wrong += [
            f"{name} of {left['enterprise']}: {left[name]!r}, Spark {right[name]!r}"
            for left, right in zip(duck, sparks, strict=True)
            for name in one.columns
            if not same(left[name], right[name])
        ]
    assert wrong == []
