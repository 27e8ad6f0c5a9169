"""All indicators of a large store: of everybody, of one enterprise, and after a change.

30 million records of 60,000 invented enterprises, made, corrected, compacted and worked on for a
day as in `file`. `all_s` is the batch from the store to columns in memory, with the identity map;
`build_s` writes, measures and switches as well. One enterprise is computed as `profile_of` does
where nothing is kept: look-up, all statements, reasons. A change is one record committed to the
hot table; its time ends when the profile that holds it can be read. Every column of a hundred (in
full: a thousand) enterprises is compared between batch and single.
"""

from __future__ import annotations

import os
import random
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa

from benchmarks import file as large
from benchmarks.harness import Figure

os.environ["REGION"] = "taizhou"
NEEDS_DJANGO = True
SEED = 20261121


def run(small: bool) -> list[Figure]:
    """Seconds for all, milliseconds for one, seconds from a change to its profile, equality."""
    enterprises, each, asked, changes, hot = (
        (1_000, 100, 60, 12, 2_000) if small else (60_000, 500, 1_000, 200, 100_000)
    )
    from xinrong.profiles.columns import columns
    from xinrong.store import services as store

    large.make_enterprises(enterprises)
    rows = large.load(enterprises, each)
    print(f"{rows:,} records of {enterprises:,} enterprises loaded", flush=True)
    store.compact(large.NOW)
    large.day_of_work(hot)
    as_of = date(2026, 10, 31)
    all_s, table = everybody(as_of)
    print(f"{len(table):,} enterprises × {len(columns())} indicators in {all_s:.1f} s", flush=True)
    numbers = random.Random(SEED).sample(range(1, enterprises + 1), asked)
    times, equal = singles(numbers, table, as_of)
    build_s, waits = changed(numbers[:changes], as_of)
    return [
        Figure("records", rows, "records"),
        Figure("indicators", len(columns()), "indicators", ">= 150"),
        Figure("all_s", all_s, "s", "<= 15"),
        Figure("build_s", build_s, "s"),
        Figure("one_p50_ms", float(np.percentile(times, 50)), "ms"),
        Figure("one_p95_ms", float(np.percentile(times, 95)), "ms", "<= 40"),
        Figure("changed_record_to_profile_p99_s", float(np.percentile(waits, 99)), "s", "<= 5"),
        Figure("batch_equals_single", equal, "1 = all", "= 1"),
    ]


def everybody(as_of: date) -> tuple[float, pa.Table]:
    """Seconds for the profiles of all enterprises, and what came of it."""
    from xinrong.profiles.batch import profiles_now
    from xinrong.profiles.columns import schema
    from xinrong.store.services import snapshot

    schema()  # as a process that has been up for a while
    started = time.perf_counter()
    with snapshot() as snap:
        table = profiles_now(snap, as_of)
    return time.perf_counter() - started, table.cast(schema())


def singles(numbers: list[int], table: pa.Table, as_of: date) -> tuple[list[float], int]:
    """Milliseconds for each of some enterprises; 1 when every column equals the batch's.

    The first twenty warm up the process and are not counted.
    """
    from xinrong.profiles.single import profile_now
    from xinrong.store.services import snapshot

    places = {number: place for place, number in enumerate(table["enterprise"].to_pylist())}
    times, equal = [], 1
    for number in numbers:
        started = time.perf_counter()
        with snapshot() as snap:
            row = profile_now(snap, number, as_of)
        times.append((time.perf_counter() - started) * 1000)
        (line,) = table.slice(places[number], 1).to_pylist()
        del line["enterprise"]
        if line.pop("reasons") != row.reasons or line != dict(row.values):
            equal = 0
            wrong = [name for name, value in line.items() if row.values[name] != value]
            print(f"enterprise {number} differs in {', '.join(wrong) or 'its reasons'}", flush=True)
    return times[20:], equal


def changed(numbers: list[int], as_of: date) -> tuple[float, list[float]]:
    """Seconds to build the batch, then seconds from each commit until its profile is read."""
    from xinrong.profiles.services import build_profile, follow, profile_of, work
    from xinrong.store.services import snapshot

    began = time.perf_counter()
    build_profile(datetime.now(tz=UTC), as_of)
    build_s = time.perf_counter() - began
    waits = []
    for place, number in enumerate(numbers):
        before = paid_by(number, as_of)
        started = time.perf_counter()
        large.put(payment(number, place, as_of))
        follow()
        work(as_of)
        with snapshot() as snap:
            row = profile_of(number, snap, as_of)
        waits.append(time.perf_counter() - started)
        assert row.values["tax_paid_12m"] == before + 123
    return build_s, waits


def paid_by(number: int, as_of: date) -> Decimal:
    """The tax that an enterprise paid in 12 months, in yuan."""
    from xinrong.profiles.services import profile_of
    from xinrong.store.services import snapshot

    with snapshot() as snap:
        return Decimal(str(profile_of(number, snap, as_of).values["tax_paid_12m"] or 0))


def payment(number: int, place: int, as_of: date) -> pa.Table:
    """One payment of 123 yuan."""
    from xinrong.store.schema import CANONICAL

    row = {
        **dict.fromkeys(CANONICAL.names),
        "subject": number,
        "category": "tax_payment",
        "key": (1 << 61) + place,
        "digest": place,
        "event_date": as_of - timedelta(days=1),
        "polarity": 0,
        "amount": 12_300,
        "code": "vat",
        "t1": f"bench {place}",
        "row_no": 2,
    }
    return pa.Table.from_pylist([row], schema=CANONICAL)
