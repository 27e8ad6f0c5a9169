"""One feed of the invented city alone, as long as a benchmark needs it, part of it sent before.

The rows are those that `write_city` writes for the feed (same seed, same size, same faults);
only the files differ: one file however many rows there are, and beside it, when a share is to be
re-sent, the earlier file in which these rows came first, without their faults.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import load_region
from xinrong.synth.city import Options, SynthError, unlike
from xinrong.synth.departmental import headings, written
from xinrong.synth.faults import Fault, spoil
from xinrong.synth.generate import CATEGORIES, rows_of
from xinrong.synth.life import chunks_of
from xinrong.synth.sinks import CsvSink, ParquetSink, Sink

#: Rows that one Parquet file takes: as many as there are.
ONE_FILE = 1 << 62


@dataclass
class Sent:
    """What was written. `outcomes` counts the faults of the file by what must become of them."""

    file: Path
    before: Path
    rows: int = 0
    rows_before: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


def write_feed(out: Path, name: str, options: Options, *, rows: int, resent: float = 0.0) -> Sent:
    """Write at least `rows` rows of one feed into one file below `out`, and what came before.

    `options.format` is csv or parquet; `resent` is the share of rows that the earlier file holds.
    Stops after the chunk of enterprises in which `rows` is reached, and raises SynthError when
    the options give fewer rows or cannot be.
    """
    region = load_region(options.region)
    feed = region.feeds[name]
    contract = region.contracts[feed.category]
    options = options.checked()
    now = _sink(out / "now", feed, contract, options.format)
    before = _sink(out / "before", feed, contract, options.format)
    sent = Sent(Path(), Path())
    for spoilt, early, faults in _stretches(feed, contract, options, resent):
        sent.file = out / now.add(spoilt)[0]
        sent.before = out / before.add(early)[0]
        sent.outcomes.update(fault.outcome for fault in faults)
        if now.rows >= rows:
            break
    now.close()
    before.close()
    sent.rows, sent.rows_before = now.rows, before.rows
    if sent.rows < rows:
        wrong = f"{options.enterprises} enterprises give {sent.rows} rows of {name}, not {rows}."
        raise SynthError(wrong, remedy="Ask for more enterprises or years.", code="synth_option")
    return sent


def _stretches(
    feed: Feed, contract: Contract, options: Options, resent: float
) -> Iterator[tuple[pa.Table, pa.Table, list[Fault]]]:
    """Chunk by chunk: the rows as they are sent, those that came before, and the faults."""
    when = CATEGORIES[contract.category][1]
    for chunk in chunks_of(options.city()):
        rows = rows_of(chunk, contract.category).of_feed(feed.feed)
        table = written(chunk, rows, feed, contract, when)
        again = chunk.stream(f"resent {feed.feed}").chance(table.num_rows, resent)
        draws = chunk.stream(f"faults {feed.feed}")
        spoilt, faults = spoil(table, feed, contract, options.faults, draws)
        yield spoilt, table.filter(pa.array(again)), faults


def _sink(folder: Path, feed: Feed, contract: Contract, form: str) -> Sink:
    columns = headings(feed, contract)
    if form == "parquet":
        schema = pa.schema([pa.field(name, pa.string()) for name in columns])
        return ParquetSink(folder, schema, unlike(feed, contract), ONE_FILE)
    return CsvSink(folder / f"{feed.feed}.csv", columns, feed.layout.encoding or "utf-8")
