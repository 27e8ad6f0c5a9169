"""Criteria: one enterprise against 2,000 rules, a city against 320, and whether they agree.

`one_against_2000_rules_p95_ms`: all 2,000 answers for one row, and for each the sentences of the
conditions that decide, in Chinese. `..._all_conditions_p95_ms` gives every condition of every rule
in both languages. `all_620000_x_320_s`: 320 criteria over 620,000 rows of a Parquet part, every
answer in an Arrow table. `closure_equals_sql` is 1 when the closure, the explanation and DuckDB
gave the same answer in all of the random cases.
"""

from __future__ import annotations

import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.harness import Figure
from tests.domain.criteria.made import Maker
from tests.domain.criteria.sample import SCHEMA, TODAY, read, sql_type, table
from xinrong.domain.criteria import (
    Explainer,
    Expression,
    MissingReason,
    Outcome,
    answer_of,
    parameters,
    to_sql,
)

ENTERPRISES, RULES, BATCH = 620_000, 2_000, 320
CASES, TREES, ROWS = 100_000, 100, 50
OUTCOMES = {Outcome.YES: True, Outcome.NO: False, Outcome.UNKNOWN: None}
REASONS = dict.fromkeys(SCHEMA, MissingReason.STALE)


def run(small: bool) -> list[Figure]:
    """Measure; with `small` a hundredth of the rows and a tenth of the cases."""
    random = Random(20260331)
    rules = [rule(random) for _ in range(RULES)]
    began = time.perf_counter()
    explainers = [Explainer(read(text)) for text in rules]
    compiled = time.perf_counter() - began
    reasons, everything = one_enterprise(explainers, random, 20 if small else 200)
    enterprises = ENTERPRISES // 100 if small else ENTERPRISES
    seconds, agree = whole_city([one.expression for one in explainers[:BATCH]], enterprises)
    cases, equal = random_cases(CASES // 10 if small else CASES)
    return [
        Figure("one_against_2000_rules_p95_ms", reasons, "ms", "<= 100"),
        Figure("all_620000_x_320_s", seconds, "s", "<= 30"),
        Figure("closure_equals_sql", float(equal and agree), "", "= 1"),
        Figure("all_conditions_p95_ms", everything, "ms"),
        Figure("compile_ms_a_rule", compiled / RULES * 1000, "ms"),
        Figure("random_cases", cases, "cases"),
    ]


def rule(random: Random) -> str:
    """A rule such as products and policies have: two to six conditions."""
    among = [
        f"tax_12m >= {random.randrange(1, 100) * 10_000}",
        f"staff < {random.randrange(5, 300)}",
        "state = 'normal'",
        "penalties = 0",
        f"debt_ratio <= 0.{random.randrange(4, 9)}",
        f"growth > -0.{random.randrange(1, 5)}",
        f"burden < 0.{random.randrange(5, 10)}",
        f"assets >= {random.randrange(1, 50) * 100_000}",
        f"safe_div(tax_12m, revenue_12m) >= 0.0{random.randrange(1, 6)}",
        f"established_on + {random.randrange(1, 5) * 365} <= :as_of",
        f"industry IN ('C13', 'C14', 'C{random.randrange(15, 43)}')",
        "(in_park OR listed)",
        f"power_3m >= {random.randrange(1_000, 20_000)}",
        f"NOT (debt > {random.randrange(1, 50) * 100_000} AND score < 600)",
        "(NOT known(licence_until) OR licence_until >= :as_of)",
    ]
    return " AND ".join(random.sample(among, random.randrange(2, 7)))


def one_enterprise(explainers: list[Explainer], random: Random, times: int) -> tuple[float, float]:
    """p95 in ms: answers with their deciding sentences; all conditions in both languages."""
    maker = Maker(random)
    brief, full = [], []
    for _ in range(times):
        row = maker.row()
        began = time.perf_counter()
        for one in explainers:
            one.explain(row, TODAY, REASONS).sentences("zh")
        middle = time.perf_counter()
        for one in explainers:
            _ = one.explain(row, TODAY, REASONS).conditions
        brief.append(middle - began)
        full.append(time.perf_counter() - middle)
    return float(np.percentile(brief, 95)) * 1000, float(np.percentile(full, 95)) * 1000


def whole_city(criteria: list[Expression], enterprises: int) -> tuple[float, bool]:
    """Seconds for every answer of all enterprises, and whether closures give the same to some."""
    columns = ", ".join(f"{to_sql(one)} AS c{n}" for n, one in enumerate(criteria))
    with tempfile.TemporaryDirectory(prefix="xinrong-criteria-") as folder:
        part = Path(folder) / "profile.parquet"
        pq.write_table(city(enterprises), part)
        with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as duck:
            began = time.perf_counter()
            sql = f"SELECT {columns} FROM read_parquet('{part}')"
            found = duck.sql(sql, params=parameters(criteria, TODAY)).to_arrow_table()
            seconds = time.perf_counter() - began
        looked_at = min(200, enterprises)
        rows = pq.read_table(part).slice(0, looked_at).to_pylist()
    assert found.num_rows == enterprises
    assert found.num_columns == len(criteria)
    for row in rows:
        row["need.amount"] = row["need"]["amount"]
    answers = [[answer_of(one)(row, TODAY) for row in rows] for one in criteria]
    said = [found.column(n).slice(0, looked_at).to_pylist() for n in range(len(criteria))]
    return seconds, said == answers


def city(enterprises: int) -> pa.Table:
    """Rows as a city has them, a tenth of the values unknown."""
    draw = np.random.default_rng(7)
    industries = np.array([f"C{n}" for n in range(13, 44)] + ["F51", "F52", "I65", "E48"])
    states = np.array(["normal", "cancelled", "revoked"])
    first = date(1995, 1, 1)
    made: dict[str, Any] = {
        "tax_12m": draw.lognormal(16, 2, enterprises).astype("int64"),
        "revenue_12m": draw.lognormal(19, 2, enterprises).astype("int64"),
        "debt": draw.lognormal(18, 2, enterprises).astype("int64"),
        "assets": draw.lognormal(19, 2, enterprises).astype("int64"),
        "staff": draw.geometric(0.05, enterprises),
        "penalties": draw.poisson(0.1, enterprises),
        "power_3m": draw.integers(0, 30_000 * 10_000, enterprises),
        "score": draw.integers(300 * 10_000, 900 * 10_000, enterprises),
        "debt_ratio": draw.integers(0, 1_200_000, enterprises),
        "growth": draw.integers(-500_000, 500_000, enterprises),
        "burden": draw.random(enterprises),
        "spread": draw.random(enterprises),
        "on_time": draw.integers(0, 1_000_000, enterprises),
        "water_3m": draw.integers(0, 10_000_000, enterprises),
        "industry": draw.choice(industries, enterprises),
        "state": draw.choice(states, enterprises, p=(0.9, 0.07, 0.03)),
        "town": draw.choice(np.array(["甲镇", "乙镇", "丙镇"]), enterprises),
        "established_on": draw.integers(0, 11_000, enterprises),
        "licence_until": draw.integers(9_000, 14_000, enterprises),
        "in_park": draw.random(enterprises) < 0.2,
        "listed": draw.random(enterprises) < 0.1,
        "need.amount": draw.lognormal(18, 1, enterprises).astype("int64"),
    }
    arrays = {}
    for name, values in made.items():
        column, unknown = SCHEMA[name], draw.random(enterprises) < 0.1
        of = sql_type(column)
        if pa.types.is_decimal(of):
            exact = pa.array(values, pa.int64(), mask=unknown).cast(pa.decimal128(19, 0))
            place = pa.scalar(Decimal(1).scaleb(-column.scale))
            arrays[name] = pc.multiply(exact, place).cast(of)
        elif pa.types.is_date(of):
            days = (np.datetime64(first) + values.astype("timedelta64[D]")).astype("datetime64[D]")
            arrays[name] = pa.array(days, of, mask=unknown)
        else:
            arrays[name] = pa.array(values, of, mask=unknown)
    need = pa.StructArray.from_arrays([arrays.pop("need.amount")], ["amount"])
    return pa.table({**arrays, "need": need})


def random_cases(wanted: int) -> tuple[int, bool]:
    """How many random cases were asked, and whether all three answers were the same in each."""
    maker = Maker(Random(1))
    asked, equal = 0, True
    with duckdb.connect(config={"threads": 2}) as duck:
        while asked < wanted:
            rows = [maker.row() for _ in range(ROWS)]
            criteria = [maker.expression() for _ in range(TREES)]
            on = TODAY + timedelta(days=maker.random.randrange(-400, 400))
            duck.register("profile", table(rows))
            sql = f"SELECT {', '.join(map(to_sql, criteria))} FROM profile ORDER BY id"
            in_sql = duck.execute(sql, parameters(criteria, on)).fetchall()
            duck.unregister("profile")
            for number, one in enumerate(criteria):
                answer, explainer = answer_of(one), Explainer(one)
                for row, said in zip(rows, in_sql, strict=True):
                    mine = answer(row, on)
                    why = OUTCOMES[explainer.explain(row, on).outcome]
                    asked += 1
                    if mine is not said[number] or mine is not why:
                        equal = False
                        print(f"differs: {one.text}\n  on {on} for {row}")
    return asked, equal
