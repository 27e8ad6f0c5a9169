"""What the business register says after the city's last day: a file of changes for each day.

A share of those that stand is renamed or raises its capital, a smaller one is cancelled, and some
are set up. Whom a day concerns is a function of the seed: no enterprise changes twice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import load_region
from xinrong.synth.categories.registry import registration
from xinrong.synth.city import Options
from xinrong.synth.departmental import written
from xinrong.synth.life import Chunk
from xinrong.synth.register import EPOCH, NULL, City, Register, names_text, register
from xinrong.synth.sinks import CsvSink
from xinrong.synth.streams import Ints, below, label, mix, salt

FEED = "market_registration"
FOLDER = "market_registration_changes"
MOST_DAYS = 90
#: Of a thousand, each day: renamed, with more capital, cancelled.
RENAMED, RAISED, CANCELLED = 2, 2, 1
SLOTS = 10
#: So many enterprises for each one that is set up in a day.
PER_NEW = 500


def write_register_changes(out: Path, options: Options, days: int) -> dict[str, int]:
    """Write the changes of the days after `options.until` below `out`; file name → rows.

    Raises SynthError for options that cannot be, ValueError for more than 90 days.
    """
    if not 0 <= days <= MOST_DAYS:
        raise ValueError(f"{days} days of changes; take 0 to {MOST_DAYS}")
    feed = load_region(options.region).feeds[FEED]
    city = options.checked().city()
    made = {}
    for step in range(days):
        table = _day(city, feed, step)
        name = f"{date.fromordinal(EPOCH.toordinal() + city.until + step + 1)}.csv"
        sink = CsvSink(out / FOLDER / name, table.column_names, feed.layout.encoding or "utf-8")
        sink.add(table)
        sink.close()
        made[f"{FOLDER}/{name}"] = sink.rows
    return made


def _day(city: City, feed: Feed, step: int) -> pa.Table:
    assert feed.register_file is not None
    change, order = feed.register_file.change, feed.register_file.order
    assert change is not None
    assert order is not None
    words: dict[str, str] = {meant: word for word, meant in change.values.items()}
    day = city.until + step + 1
    renamed, raised, cancelled = _chosen(city, step)
    new = city.enterprises + 1 + step * _new(city) + np.arange(_new(city), dtype=np.int64)
    parts: tuple[tuple[Ints, str, dict[str, int]], ...] = (
        (new, "new", {"founded": day, "ended": NULL}),
        (renamed, "changed", {}),
        (raised, "changed", {}),
        (cancelled, "cancelled", {"ended": day}),
    )
    tables = []
    for place, (numbers, what, fixed) in enumerate(parts):
        people = register(city, numbers)
        people = replace(
            people, **{name: np.full(len(numbers), value) for name, value in fixed.items()}
        )
        if place == 2:
            people = replace(people, capital=people.capital * 2)
        table = _written(replace(city, until=day), people, feed)
        if place == 1:
            at = table.column_names.index(str(feed.subject.name))
            table = table.set_column(
                at, str(feed.subject.name), names_text(city, people, former=True)
            )
        tables.append(table.append_column(change.column, _same(words[what], len(numbers))))
    table = pa.concat_tables(tables)
    said = date.fromordinal(EPOCH.toordinal() + day).isoformat()
    return table.append_column(order.column, _same(said, len(table)))


def _chosen(city: City, step: int) -> tuple[Ints, Ints, Ints]:
    """Who is renamed, who raises its capital, who is cancelled, among those that stand."""
    numbers = np.arange(1, city.enterprises + 1, dtype=np.int64)
    slot = below(mix(numbers, salt(city.seed, label("register changes"))), 1000)
    mine = slot // SLOTS == step
    people = register(city, numbers[mine])
    stands = (people.founded <= city.until) & (people.ended == NULL)
    within = slot[mine] % SLOTS
    plain = stands & (people.renamed == NULL)
    return (
        people.number[plain & (within < RENAMED)],
        people.number[stands & (within >= RENAMED) & (within < RENAMED + RAISED)],
        people.number[
            stands & (within >= RENAMED + RAISED) & (within < RENAMED + RAISED + CANCELLED)
        ],
    )


def _new(city: City) -> int:
    return max(city.enterprises // PER_NEW, 1)


def _written(city: City, people: Register, feed: Feed) -> pa.Table:
    chunk = Chunk(city, 0, people, 0, 0.0)
    contract = load_region(city.region).contracts[feed.category]
    return written(chunk, registration(chunk), feed, contract, "established_on")


def _same(word: str, rows: int) -> pa.Array:
    return pa.repeat(word, rows)
