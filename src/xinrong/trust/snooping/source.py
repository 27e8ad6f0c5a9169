"""Where looks come from: the audit rows of the database, or files of the same shape."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

#: One audit row about one enterprise; `moment` in China's time.
LOOKS = pa.schema(
    [
        ("row_id", pa.int64()),
        ("moment", pa.timestamp("us")),
        ("person", pa.int64()),
        ("organisation", pa.int64()),
        ("institution", pa.int64()),
        ("role", pa.string()),
        ("enterprise", pa.int64()),
        ("stage", pa.string()),
        ("outcome", pa.string()),
    ]
)
#: Business of an institution with an enterprise: from `since` to the day before `until`.
TIES = pa.schema(
    [
        ("institution", pa.int64()),
        ("enterprise", pa.int64()),
        ("since", pa.date32()),
        ("until", pa.date32()),
    ]
)
#: Consents that an enterprise refused, or took back.
ENDS = pa.schema([("institution", pa.int64()), ("enterprise", pa.int64()), ("day", pa.date32())])
FIRMS = pa.schema([("enterprise", pa.int64()), ("code", pa.string()), ("name", pa.string())])


class Source(Protocol):
    """What the counting reads. Days are days in China; `until` is the day after the last."""

    def looks(self, first: date, until: date) -> pa.Table:
        """The looks of people (not of machines), in the shape LOOKS."""
        ...

    def ties(self, first: date, until: date) -> pa.Table:
        """Ties that hold on some day of the time."""
        ...

    def ends(self, first: date, until: date) -> pa.Table:
        """Refusals and revocations of the time."""
        ...

    def firms(self) -> pa.Table:
        """Every enterprise, for the order of the register."""
        ...

    def first_day(self) -> date | None:
        """The day of the first look; none while nobody looked."""
        ...


class FileSource:
    """A folder as `xinrong synth queries` writes it."""

    def __init__(self, folder: Path) -> None:
        self._looks = pq.read_table(folder / "looks.parquet").cast(LOOKS)
        self._ties = pq.read_table(folder / "ties.parquet").cast(TIES)
        self._ends = pq.read_table(folder / "ends.parquet").cast(ENDS)
        self._firms = pq.read_table(folder / "enterprises.parquet").cast(FIRMS)
        self._at = self._looks["moment"].to_numpy()

    def looks(self, first: date, until: date) -> pa.Table:
        low, high = (
            int(self._at.searchsorted(moment_of(one), side="left")) for one in (first, until)
        )
        return self._looks.slice(low, high - low)

    def ties(self, first: date, until: date) -> pa.Table:
        ties = self._ties
        return ties.filter(pc.and_(pc.less(ties["since"], until), pc.greater(ties["until"], first)))

    def ends(self, first: date, until: date) -> pa.Table:
        ends = self._ends
        return ends.filter(
            pc.and_(pc.greater_equal(ends["day"], first), pc.less(ends["day"], until))
        )

    def firms(self) -> pa.Table:
        return self._firms

    def first_day(self) -> date | None:
        found: datetime | None = self._looks["moment"][0].as_py() if len(self._looks) else None
        return found.date() if found else None


def moment_of(day: date) -> np.datetime64:
    """Midnight of a day, as Arrow's columns hold moments."""
    return np.datetime64(datetime.combine(day, time()), "us")
