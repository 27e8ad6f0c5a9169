"""What is really so, kept beside the files and never loaded: enterprises, faults, the manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xinrong.synth.departmental import decimals
from xinrong.synth.faults import Fault
from xinrong.synth.life import Chunk
from xinrong.synth.register import FATES, KINDS, NULL, codes_text, register
from xinrong.synth.rows import coded
from xinrong.synth.streams import Bools, Ints

FOLDER = "truth"

FAULTS = pa.schema(
    [
        pa.field("feed", pa.string()),
        pa.field("file", pa.string()),
        pa.field("row_no", pa.int64()),  # as a spreadsheet counts: the header is row 1
        pa.field("fault", pa.string()),
        pa.field("column", pa.string()),  # empty: the whole row
        pa.field("right_value", pa.string()),  # for a duplicate the row number of the first
        pa.field("written_value", pa.string()),
        pa.field("outcome", pa.string()),
    ]
)


def _dates(days: Ints) -> pa.Array:
    return pa.array(days.astype(np.int32), mask=days == NULL).cast(pa.date32())


def enterprises_of(chunk: Chunk) -> pa.Table:
    """One row for each enterprise: who it is, how it fares, how it ends."""
    people, size = chunk.people, len(chunk.people)
    has_partner = people.partner > 0
    partners = register(chunk.city, np.where(has_partner, people.partner, people.number))
    partner_codes = codes_text(chunk.city, partners)
    former = chunk.names.slice(size)
    return pa.table(
        {
            "number": people.number,
            "code": chunk.codes,
            "name": chunk.names.slice(0, size),
            "former_name": _where(former, people.renamed != NULL),
            "renamed_on": _dates(people.renamed),
            "kind": coded(KINDS, people.kind).text(),
            "district": coded([d.name for d in chunk.city.place.districts], people.district).text(),
            "industry_code": coded(
                [i.code for i in chunk.city.place.trades], people.industry
            ).text(),
            "founded_on": _dates(people.founded),
            "ended_on": _dates(people.ended),
            "fate": coded(FATES, people.fate).text(),
            "default_on": _dates(people.default),
            "dip_on": _dates(people.dip),
            "partner_code": _where(partner_codes, has_partner),
            "yearly_sales": decimals(people.yearly_sales, 2),
            "growth": people.growth,
            "default": people.default != NULL,
        }
    )


def _where(texts: pa.Array, keep: Bools) -> pa.Array:
    place = pa.array(np.arange(len(texts)), mask=~keep)
    return texts.take(place)


class Truth:
    """The open files of the truth."""

    def __init__(self, out: Path) -> None:
        self._folder = out / FOLDER
        self._folder.mkdir(parents=True, exist_ok=True)
        self._faults = pq.ParquetWriter(self._folder / "faults.parquet", FAULTS)
        self._people: pq.ParquetWriter | None = None
        self.faults = 0

    def add_enterprises(self, chunk: Chunk) -> None:
        """Write the enterprises of a chunk."""
        table = enterprises_of(chunk)
        if self._people is None:
            self._people = pq.ParquetWriter(self._folder / "enterprises.parquet", table.schema)
        self._people.write_table(table)

    def add_faults(self, feed: str, file: str, first: int, found: list[Fault]) -> None:
        """Write the faults of one table whose first row is `first` in `file`."""
        if not found:
            return
        self.faults += len(found)
        columns: list[list[Any]] = [
            [feed] * len(found),
            [file] * len(found),
            [first + one.row for one in found],
            [one.kind for one in found],
            [one.column for one in found],
            [_right(one, first) for one in found],
            [one.written for one in found],
            [one.outcome for one in found],
        ]
        arrays = [pa.array(c, f.type) for c, f in zip(columns, FAULTS, strict=True)]
        self._faults.write_table(pa.table(arrays, schema=FAULTS))

    def close(self) -> None:
        """Finish the files."""
        self._faults.close()
        if self._people is not None:
            self._people.close()


def _right(fault: Fault, first: int) -> str:
    return str(first + int(fault.right)) if fault.kind == "duplicate" else fault.right
