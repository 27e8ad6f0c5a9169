"""The cells of a cube, counted in place, are those that its definition in SQL gives."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from xinrong import files
from xinrong.files.cells import cells_of
from xinrong.store.engine import engine
from xinrong.store.schema import RECORD

CUBE = Path(files.__file__).parent / "sql" / "cube.sql"
SENDERS = {1: "税务", 2: "customs", 3: "customs"}
NAMES = ("category", "event_date", "batch", "polarity", "amount")

ROWS = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["tax", "tax_arrears", "loan"]),
        "event_date": st.one_of(st.none(), st.dates(date(1998, 1, 1), date(2003, 1, 1))),
        "batch": st.sampled_from(sorted(SENDERS)),
        "polarity": st.sampled_from([-1, 0, 1]),
        "amount": st.one_of(st.none(), st.integers(-(10**12), 10**12)),
    }
)


@settings(max_examples=25, deadline=None)
@given(st.lists(ROWS, max_size=30))
def test_cells_are_those_of_the_sql(held) -> None:
    record = pa.Table.from_pylist(held, schema=pa.schema([RECORD.field(name) for name in NAMES]))
    batch = pa.table({"batch": list(SENDERS), "department": list(SENDERS.values())})

    found = engine().query(CUBE.read_text(encoding="utf-8"), {"record": record, "batch": batch})

    assert [cell._asdict() for cell in cells_of(record, SENDERS)] == found.to_pylist()
