"""Matching: one need against 2,000 products, a city against 320, and whether they agree.

`one_need_2000_products_p95_ms`: what every product says of one need of one enterprise; for each the
sentences of the conditions that decide, in Chinese; the all-in annual cost of all that are not
refused, the chance of approval, their order, and the near misses. Each need is another one, so that
no cost is remembered from the one before but those that are truly the same. `all_620000_x_320_s`:
the answer of each of 320 products to each of 620,000 enterprises with one need, in an Arrow table.
`single_equals_batch` is 1 when both ways gave the same answers of the enterprises looked at.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.harness import Figure

if TYPE_CHECKING:
    from xinrong.domain.criteria import Column
    from xinrong.domain.financing import Need
    from xinrong.market.services import Catalogue, Chances, Shelf

NEEDS_DJANGO = True
REGION, DAY = "taizhou", date(2026, 11, 22)
os.environ["REGION"] = REGION
ENTERPRISES, PRODUCTS, BATCH, NEEDS = 620_000, 2_000, 320, 200
#: Enterprises whose answers of the batch are held against the ones they get alone.
LOOKED_AT = 100
FIRST = np.datetime64("1995-01-01")


def run(small: bool) -> list[Figure]:
    """Measure; with `small` a hundredth of the enterprises and a tenth of the needs."""
    random = Random(20261122)
    began = time.perf_counter()
    shelf = shelf_with(PRODUCTS)
    compiled = time.perf_counter() - began
    times, admitted = one_need(shelf, random, NEEDS // 10 if small else NEEDS)
    enterprises = ENTERPRISES // 100 if small else ENTERPRISES
    seconds, counting, agree = whole_city(shelf_with(BATCH), enterprises)
    return [
        Figure(
            "one_need_2000_products_p95_ms", float(np.percentile(times, 95)) * 1000, "ms", "<= 100"
        ),
        Figure("all_620000_x_320_s", seconds, "s", "<= 30"),
        Figure("single_equals_batch", float(agree), "", "= 1"),
        Figure("one_need_median_ms", float(np.median(times)) * 1000, "ms"),
        Figure("admitted_of_2000_median", float(np.median(admitted)), "products"),
        Figure("counts_of_320_products_s", counting, "s"),
        Figure("compile_ms_a_product", compiled / PRODUCTS * 1000, "ms"),
    ]


def shelf_with(number: int) -> Shelf:
    """So many products: the shipped ones again and again, each round with other terms."""
    from xinrong.market.services import shelf_of

    return shelf_of(catalogue_with(number), DAY)


@cache
def catalogue_with(number: int) -> Catalogue:
    """The products of the shelf."""
    from xinrong.market.services import Catalogue, load_products

    shipped = load_products(REGION)
    entries = []
    for count in range(number):
        round_, place = divmod(count, len(shipped.entries))
        entries.append(varied(shipped.entries[place], round_))
    return Catalogue(REGION, shipped.book, tuple(entries))


def varied(entry: Any, round_: int) -> Any:
    """A shipped product with other rates, sums and one more condition in each round."""
    if not round_:
        return entry
    from dataclasses import replace

    product = entry.product
    versions = []
    for one in product.versions:
        points = Decimal(round_) / 100
        rate = one.rate.model_copy(
            update={"low": one.rate.low + points, "high": one.rate.high + points * 2}
        )
        amount = one.amount.model_copy(update={"most": one.amount.most + 1_000 * round_})
        text = f"({one.for_whom.text}) AND NOT crt_defendant_12m > {20 + round_}"
        for_whom = one.for_whom.model_copy(update={"text": text})
        versions.append(
            one.model_copy(update={"rate": rate, "amount": amount, "for_whom": for_whom})
        )
    made = product.model_copy(update={"id": f"{product.id}_{round_}", "versions": tuple(versions)})
    return replace(entry, product=made)


def drawn_need(random: Random) -> Need:
    """A need such as small firms have."""
    from xinrong.domain.financing import Need, NeedPurpose, Security

    return Need(
        Decimal(round(10 ** random.uniform(1.3, 3.3))) * 1_000,
        random.choice((3, 6, 12, 12, 12, 18, 24, 36)),
        random.choice((NeedPurpose.WORKING_CAPITAL, *NeedPurpose)),
        frozenset(one for one in Security if random.random() < 0.4),
        area=random.choice(("331002", "331003", "331004", "331081", "331082")),
        first_time=random.random() < 0.3,
        max_rate=Decimal("6.5") if random.random() < 0.2 else None,
    )


def one_need(shelf: Shelf, random: Random, times: int) -> tuple[list[float], list[int]]:
    """Seconds of each need with reasons, costs, order and near misses; how many were admitted."""
    from xinrong.domain.criteria import MissingReason
    from xinrong.market.services import match

    rows = city(shelf, times).to_pylist()
    reasons = dict.fromkeys(shelf.reads, MissingReason.STALE)
    chances = chances_with(shelf, random)
    seconds, admitted = [], []
    for row in rows:
        need = drawn_need(random)
        began = time.perf_counter()
        found = match(shelf, need, row, reasons, chances)
        for fit in (*found.admitted, *found.open, *found.refused):
            fit.explanation.sentences("zh")
        _ = found.near
        seconds.append(time.perf_counter() - began)
        admitted.append(len(found.admitted))
    return seconds, admitted


def chances_with(shelf: Shelf, random: Random) -> Chances:
    """Chances of approval of every other product, as lenders decided."""
    from xinrong.market.services import Chances, Decided

    known = {}
    for one in shelf.offered[::2]:
        enterprises = random.randrange(10, 500)
        known[one.product.id] = Decided(enterprises, random.randrange(enterprises))
    return Chances(DAY, known, {}, Decided(5_000, 3_000))


def whole_city(shelf: Shelf, enterprises: int) -> tuple[float, float, bool]:
    """Seconds for all answers to one need and for the counts, and whether single ones agree."""
    from xinrong.domain.criteria import Outcome, parameters
    from xinrong.domain.financing import Need, NeedPurpose, Security
    from xinrong.market.services import answers_sql, counts_sql, match

    need = Need(
        Decimal(500_000), 12, NeedPurpose.WORKING_CAPITAL, frozenset(Security), first_time=True
    )
    asked = parameters([one.explainer.expression for one in shelf.offered], DAY)
    with tempfile.TemporaryDirectory(prefix="xinrong-match-") as folder:
        part = Path(folder) / "profile.parquet"
        pq.write_table(city(shelf, enterprises), part)
        relation = f"read_parquet('{part}')"
        with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as duck:
            began = time.perf_counter()
            answers = answers_sql(shelf, need, relation=relation)
            found = duck.sql(answers, params=asked).to_arrow_table()
            seconds = time.perf_counter() - began
            began = time.perf_counter()
            duck.sql(counts_sql(shelf, relation=relation), params=asked).fetchall()
            counting = time.perf_counter() - began
        rows = pq.read_table(part).slice(0, min(LOOKED_AT, enterprises)).to_pylist()
    assert (found.num_rows, found.num_columns) == (enterprises, len(shelf.offered) + 1)
    said = {Outcome.YES: True, Outcome.NO: False, Outcome.UNKNOWN: None}
    in_sql = {row["enterprise"]: row for row in found.slice(0, len(rows)).to_pylist()}
    agree = True
    for row in rows:
        alone = match(shelf, need, row, {})
        mine = {
            fit.name: said[fit.outcome] for fit in (*alone.admitted, *alone.open, *alone.refused)
        }
        for place, one in enumerate(shelf.offered):
            agree &= mine[one.product.id] is in_sql[row["enterprise"]][f"a{place}"]
    return seconds, counting, agree


def city(shelf: Shelf, enterprises: int) -> pa.Table:
    """Profiles with the columns that the products read, one value in twenty unknown."""
    from xinrong.profiles.services import criteria

    schema = criteria.profile_schema(REGION)
    draw = np.random.default_rng(7)
    made = {"enterprise": pa.array(np.arange(1, enterprises + 1))}
    for name in sorted(shelf.reads):
        unknown = draw.random(enterprises) < 0.05
        made[name] = column(schema[name], draw, enterprises, unknown)
    return pa.table(made)


def column(of: Column, draw: np.random.Generator, number: int, unknown: Any) -> pa.Array:
    """Values of one column as profiles store them."""
    from xinrong.domain.criteria import Type
    from xinrong.profiles.services import schema as stored

    kind = stored().field(of.name).type
    if of.type is Type.BOOLEAN:
        often = 0.97 if of.name == "reg_active" else 0.2
        return pa.array(draw.random(number) < often, kind, mask=unknown)
    if of.type in (Type.CODE, Type.TEXT):
        among = {
            "reg_industry": ("3441", "3525", "6210", "5123", "0159", "5211"),
            "reg_district": ("椒江区", "黄岩区", "路桥区", "温岭市", "临海市"),
        }.get(of.name) or tuple(of.values)
        return pa.array(draw.choice(np.array(among), number), kind, mask=unknown)
    if of.type is Type.DATE:
        days = FIRST + draw.integers(0, 11_000, number).astype("timedelta64[D]")
        return pa.array(days, kind, mask=unknown)
    if of.type is Type.MONEY:
        yuan = [Decimal(int(one)) for one in draw.lognormal(12, 2, number)]
        return pa.array(yuan, kind, mask=unknown)
    if of.type is Type.COUNT:
        most = {"天": 4_000, "人": 60, "个月": 13}.get(of.unit)
        many = draw.integers(0, most, number) if most else draw.poisson(0.05, number)
        return pa.array(many, pa.int64(), mask=unknown).cast(kind)
    exact = [Decimal(int(one)) for one in draw.integers(0, 30_000, number)]
    return pa.array(exact, kind, mask=unknown)
