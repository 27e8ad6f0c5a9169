"""The same city as rows that the store takes, for benchmarks: no files, no intake in between.

Subject `i` is enterprise `i`. A record's key and digest are 63 bits of splitmix64 over its
category, chunk and place, so they are the same on each run and differ from record to record; the
intake's own are digests of the record's text (`domain.digests`) and are slower to make.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from xinrong.catalogue.contract import Contract, FieldType, RecordField
from xinrong.catalogue.region import load_region
from xinrong.catalogue.slots import DATE_SLOTS, NUMBER_SLOTS, TEXT_SLOTS
from xinrong.synth.city import UNTIL, Options, Progress, Summary, prepare, write_manifest
from xinrong.synth.density import density
from xinrong.synth.departmental import ISO, date_text, decimals, money_text, number_text
from xinrong.synth.generate import CATEGORIES, rows_of
from xinrong.synth.life import Chunk, chunks_of
from xinrong.synth.places import TAIZHOU
from xinrong.synth.register import NULL
from xinrong.synth.rows import Coded, Column, Rows
from xinrong.synth.sinks import ParquetSink
from xinrong.synth.streams import Ints, label, mix, salt

DECIMAL = pa.decimal128(18, 4)

#: Equal to `store.schema.CANONICAL` (tested): the generator knows the catalogue, not the store.
SCHEMA = pa.schema(
    [
        pa.field("subject", pa.int64(), nullable=False),
        pa.field("category", pa.string(), nullable=False),
        pa.field("key", pa.int64(), nullable=False),
        pa.field("digest", pa.int64(), nullable=False),
        pa.field("event_date", pa.date32()),
        pa.field("end_date", pa.date32()),
        pa.field("polarity", pa.int8(), nullable=False),
        pa.field("amount", pa.int64()),
        pa.field("quantity", DECIMAL),
        pa.field("code", pa.string()),
        pa.field("status", pa.string()),
        pa.field("counterparty", pa.int64()),
        *[pa.field(slot, DECIMAL) for slot in NUMBER_SLOTS],
        *[pa.field(slot, pa.string()) for slot in TEXT_SLOTS],
        *[pa.field(slot, pa.date32()) for slot in DATE_SLOTS],
        pa.field("display", pa.string()),
        pa.field("row_no", pa.int32(), nullable=False),
    ]
)

SLICE = 1 << 18  # rows of a table at most
_KEPT = 16  # chunks whose months are kept between categories
_SIGN = {"positive": 1, "neutral": 0, "negative": -1}


def canonical(
    seed: int,
    enterprises: int,
    rows_per_enterprise: float | None = None,
    *,
    years: int = 3,
    until: date = UNTIL,
    categories: Sequence[str] | None = None,
    region: str = TAIZHOU,
) -> Iterator[pa.Table]:
    """Tables of `SCHEMA`, each of one category, category after category, subjects rising.

    About `rows_per_enterprise` rows each; None: what the window gives. `categories`: these only;
    else all that the region has.
    Raises SynthError for options that cannot be.
    """
    options = Options(
        seed, enterprises, years, 0.0, "parquet", until, rows_per_enterprise, region
    ).checked()
    contracts = load_region(region).contracts
    there = tuple(name for name in CATEGORIES if name in contracts)
    names = there if categories is None else tuple(categories)
    city = options.city()
    detail_from, invoices = density(city, rows_per_enterprise, names)
    kept: list[Chunk] = []
    for name in names:
        made = _Category(contracts[name])
        few = enterprises <= _KEPT * 5_000
        kept = kept or (list(chunks_of(city, detail_from, invoices)) if few else [])
        for chunk in kept or chunks_of(city, detail_from, invoices):
            yield from made.tables(chunk)


@dataclass
class _Category:
    """One category on its way into the store's columns; counts its rows."""

    contract: Contract
    row_no: int = 0

    def tables(self, chunk: Chunk) -> Iterator[pa.Table]:
        """The chunk's rows, in tables of `SLICE` rows at most, in the order of subjects."""
        rows = rows_of(chunk, self.contract.category)
        if (np.diff(rows.who) < 0).any():
            rows = rows.take(np.argsort(rows.who, kind="stable"))
        for first in range(0, len(rows), SLICE):
            place = np.arange(first, min(first + SLICE, len(rows)))
            part = rows if len(rows) <= SLICE else rows.take(place)
            yield self._table(chunk, part, first)

    def _table(self, chunk: Chunk, rows: Rows, first: int) -> pa.Table:
        size, category = len(rows), self.contract.category
        key = salt(chunk.city.seed, label(category), chunk.index)
        keys = (mix(np.arange(first, first + size), key) >> np.uint64(1)).astype(np.int64)
        self.row_no += size
        columns: dict[str, pa.Array] = {
            "subject": pa.array(chunk.people.number[rows.who]),
            "category": pa.repeat(pa.scalar(category), size),
            "key": pa.array(keys),
            "digest": pa.array((mix(keys, key) >> np.uint64(1)).astype(np.int64)),
            "polarity": pa.array(self._polarity(rows)),
            "row_no": pa.array(np.arange(self.row_no - size + 2, self.row_no + 2, dtype=np.int32)),
        }
        shown = []
        for entry in self.contract.fields:
            column = rows.fields[entry.name]
            if entry.slot:
                columns[entry.slot] = _in_slot(column, entry)
            else:
                shown.append((entry, column))
        if shown:
            columns["display"] = _display(shown)
        return pa.table(
            [columns[f.name] if f.name in columns else _nulls(f.type, size) for f in SCHEMA],
            schema=SCHEMA,
        )

    def _polarity(self, rows: Rows) -> NDArray[np.int8]:
        rule = self.contract.polarity
        if not rule.by:
            return np.full(len(rows), _SIGN[rule.sign], dtype=np.int8)
        column = rows.fields[rule.by]
        assert isinstance(column, Coded)
        good = column.is_word(*rule.positive).astype(np.int8)
        sign: NDArray[np.int8] = good - column.is_word(*rule.negative).astype(np.int8)
        return sign


_empty: dict[pa.DataType, pa.Array] = {}


def _nulls(kind: pa.DataType, size: int) -> pa.Array:
    """`size` nulls; all tables share the same ones."""
    if kind not in _empty:
        _empty[kind] = pa.nulls(SLICE, kind)
    return _empty[kind].slice(0, size)


def _in_slot(column: Column, entry: RecordField) -> pa.Array:
    if isinstance(column, Coded):
        return column.text()
    if not isinstance(column, np.ndarray):
        return column
    kind = SCHEMA.field(entry.slot).type
    if entry.type is FieldType.ENTERPRISE:
        return pa.array(column, mask=column == 0)
    if kind == pa.date32():
        return pa.array(column.astype(np.int32), mask=column == NULL).cast(kind)
    if kind == DECIMAL:
        return decimals(_scaled(column, entry), 4)
    return pa.array(column, mask=column == NULL)


def _scaled(column: Ints, entry: RecordField) -> Ints:
    """As ten-thousandths: numbers are, money is fen, whole numbers are whole."""
    step = {FieldType.MONEY: 100, FieldType.INTEGER: 10_000}.get(entry.type, 1)
    return np.where(column == NULL, NULL, column * step)


def _display(shown: list[tuple[RecordField, Column]]) -> pa.Array:
    """The fields without a slot as JSON; nothing invented here needs escaping."""
    members = []
    for entry, column in shown:
        if isinstance(column, Coded):
            text = column.text()
        elif not isinstance(column, np.ndarray):
            text = column
        elif entry.type is FieldType.DATE:
            text = date_text(column, ISO)
        else:
            text = (
                money_text(column, "") if entry.type is FieldType.MONEY else number_text(column, 4)
            )
        members.append(pc.binary_join_element_wise(f'"{entry.name}":"', text, '"', ""))
    inside = members[0]
    if len(members) > 1:
        inside = pc.binary_join_element_wise(*members, ",", null_handling="skip")
    return pc.binary_join_element_wise("{", inside, "}", "")


def write_canonical(
    out: Path,
    seed: int = 1,
    enterprises: int = 10_000,
    rows_per_enterprise: float | None = None,
    *,
    years: int = 3,
    until: date = UNTIL,
    region: str = TAIZHOU,
    force: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Write canonical rows below `out`: a folder of Parquet for each category, and a manifest.

    Raises SynthError as `write_city` does.
    """
    options = Options(
        seed, enterprises, years, 0.0, "parquet", until, rows_per_enterprise, region
    ).checked()
    made = canonical(
        seed, enterprises, rows_per_enterprise, years=years, until=until, region=region
    )
    prepare(out, force=force)
    summary = Summary({**options.told(), "format": "canonical"})
    sink: ParquetSink | None = None
    name, files = "", set()
    for table in made:
        category = table["category"][0].as_py()
        if sink is None or category != name:
            if sink is not None:
                sink.close()
            sink, name = ParquetSink(out / category, SCHEMA), category
        files.add(sink.add(table)[0])
        summary.rows += table.num_rows
        summary.rows_per_feed[name] = sink.rows
        if progress:
            progress(len(summary.rows_per_feed), len(CATEGORIES), summary.rows)
    if sink is not None:
        sink.close()
    summary.files = sorted(files)
    write_manifest(out, summary)
    return summary
