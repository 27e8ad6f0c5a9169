"""The four query services on a large store, in-process, through the gate.

30 million records of 60,000 invented enterprises; 1 % corrected afterwards; compacted as every
night; then a day's work on top: one batch that is retracted, and 100,000 rows in the hot table.
Each service is asked about enterprises drawn at random, none twice, by a loan officer whom they
gave consent, comprehensive information for its first page of 25 records. The time covers permits,
reading, masking, the durable audit row and the release.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.harness import Figure

os.environ["REGION"] = "taizhou"
NEEDS_DJANGO = True
SEED = 20261121
NOW = datetime.now(tz=UTC)
BATCH_ROWS = 4_000_000
BAR = "<= 30"


def run(small: bool) -> list[Figure]:
    """p95 of each service in milliseconds."""
    enterprises, each, asked, hot = (
        (1_000, 100, 50, 5_000) if small else (60_000, 500, 400, 100_000)
    )
    from xinrong.store import services as store

    make_enterprises(enterprises)
    rows = load(enterprises, each)
    print(f"{rows:,} records of {enterprises:,} enterprises loaded", flush=True)
    store.compact(NOW)
    day_of_work(hot)
    report = store.check(deep=False)
    print(
        f"{report.parts} parts, {report.hot_rows:,} hot rows, {report.live_rows:,} count",
        flush=True,
    )
    if report.faults:
        raise SystemExit(f"the store is not sound: {report.faults}")
    viewer, about = consenting(enterprises, asked)
    return [Figure("records", report.live_rows, "records"), *measure(viewer, about)]


def make_enterprises(count: int) -> None:
    """Subjects 1 to `count`, each linked to the enterprise of that number."""
    from django.db import transaction

    from xinrong.store.services import identity_seq
    from xinrong.subjects.models import Enterprise, IdentityLink, Subject

    numbers = range(1, count + 1)
    codes = dict(zip(numbers, invented_codes(count), strict=True))
    with transaction.atomic():
        seq = identity_seq(NOW, "benchmark")
        Subject.objects.bulk_create(
            [Subject(pk=n, key=f"code:{codes[n]}", code=codes[n], name=codes[n]) for n in numbers],
            batch_size=500,
        )
        Enterprise.objects.bulk_create(
            [Enterprise(pk=n, code=codes[n], name=codes[n], folded_name=codes[n]) for n in numbers],
            batch_size=500,
        )
        IdentityLink.objects.bulk_create(
            [
                IdentityLink(subject_id=n, enterprise_id=n, from_seq=seq, reason="benchmark")
                for n in numbers
            ],
            batch_size=500,
        )


def invented_codes(count: int) -> list[str]:
    """Lawful codes of enterprises that there are not, the first for enterprise 1."""
    from xinrong.synth.codes import codes_of

    numbers, none = np.arange(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    return [code.decode() for code in codes_of(SEED, numbers, none, none)]


def load(enterprises: int, each: int) -> int:
    """Load the city, then correct every hundredth record."""
    rows = 0
    kept: list[pa.Table] = []
    for table in by_category(enterprises, each):
        put(table)
        rows += len(table)
        kept.append(table.take(pa.array(np.arange(0, len(table), 100))))
    for table in kept:
        put(corrected(table))
    return rows


def by_category(enterprises: int, each: int) -> Iterator[pa.Table]:
    """The city's rows, a few million of one category at a time."""
    from xinrong.synth import canonical

    held: list[pa.Table] = []
    for table in canonical(SEED, enterprises, each):
        other = held and held[0]["category"][0] != table["category"][0]
        if other or sum(map(len, held)) >= BATCH_ROWS:
            yield pa.concat_tables(held)
            held = []
        held.append(table)
    yield pa.concat_tables(held)


def corrected(table: pa.Table) -> pa.Table:
    """The same records with another content."""
    place = table.schema.get_field_index("digest")
    field = table.schema.field(place)
    return table.set_column(place, field, pc.add(table["digest"], 1))


def put(table: pa.Table) -> int:
    """Commit rows of one category as one batch of its first feed; returns the batch number."""
    from django.conf import settings

    from xinrong.catalogue.region import load_region
    from xinrong.store import services as store

    category = table["category"][0].as_py()
    feeds = load_region(settings.REGION).feeds.values()
    feed = next(feed for feed in feeds if feed.category == category)
    batch = store.open_batch(
        feed=feed.feed,
        category=category,
        department=feed.department,
        source_name="",
        source_digest="",
        received_at=NOW,
    )
    with store.writer(batch) as out:
        out.add(table)
        store.commit_batch(out, NOW)
    return batch.pk


def day_of_work(hot: int) -> None:
    """A batch that is retracted again, and `hot` rows that stay in the hot table."""
    from xinrong.store import services as store
    from xinrong.synth import canonical

    fresh = pa.concat_tables(canonical(SEED + 1, 1_000, 300)).slice(0, 2 * hot)
    fresh = fresh.filter(pc.equal(fresh["category"], fresh["category"][0]))
    mistaken, day = fresh.slice(0, len(fresh) // 2), fresh.slice(len(fresh) // 2)
    store.retract_batch(put(mistaken), "benchmark", NOW)
    copies = -(-hot // len(day))
    for number in range(copies):
        rows = min(len(day), hot - number * len(day))
        put(rekeyed(day.slice(0, rows), number))


def rekeyed(table: pa.Table, number: int) -> pa.Table:
    """Other records of the same content: keys of their own."""
    place = table.schema.get_field_index("key")
    key = pa.array(np.random.default_rng(number).integers(0, 1 << 62, len(table)))
    return table.set_column(place, table.schema.field(place), key)


def consenting(enterprises: int, asked: int) -> tuple[object, dict[str, list[int]]]:
    """A loan officer, and for each service enterprises that gave consent, none twice."""
    from django.conf import settings

    from xinrong.accounts.services import (
        DEMO_BANK,
        make_demo_accounts,
        organisation_named,
        person_of_email,
        viewer_of,
    )
    from xinrong.catalogue.region import load_region
    from xinrong.trust.services import Stage, grant_consent

    region = load_region(settings.REGION)
    make_demo_accounts(region)
    bank = organisation_named(DEMO_BANK)
    names = ("basic", "comprehensive", "cube", "signs")
    drawn = random.Random(SEED).sample(range(1, enterprises + 1), asked * len(names))
    until = datetime.now(tz=UTC) + timedelta(days=30)
    for enterprise in drawn:
        grant_consent(
            enterprise, bank.pk, [name for name, held in region.contracts.items()
                                  if held.share == "consent"],
            list(Stage), now=datetime.now(tz=UTC), valid_until=until, max_level=4,
        )  # fmt: skip
    about = {name: drawn[start::4] for start, name in enumerate(names)}
    return viewer_of(person_of_email("loan-officer@demo.invalid")), about


def measure(viewer: object, about: dict[str, list[int]]) -> list[Figure]:
    """Ask; the first twenty of each service warm up the process and are not counted."""
    from xinrong.files import services as files
    from xinrong.trust.services import Purpose, Stage

    asked: dict[str, Callable[..., object]] = {
        "basic": files.basic,
        "comprehensive": files.comprehensive,
        "cube": files.cube,
        "signs": files.signs,
    }
    from xinrong.settling import settle

    settle()  # as the server's workers do

    figures = []
    for name, service in asked.items():
        times = []
        for enterprise in about[name]:
            started = time.perf_counter()
            service(viewer, enterprise, Purpose.CREDIT, Stage.PRE_LOAN)
            times.append((time.perf_counter() - started) * 1000)
        counted = np.array(times[20:])
        figures.append(Figure(f"{name}_p50_ms", float(np.percentile(counted, 50)), "ms"))
        figures.append(Figure(f"{name}_p95_ms", float(np.percentile(counted, 95)), "ms", BAR))
    return figures
