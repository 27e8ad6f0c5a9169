"""Nothing of the future leaks into an indicator: not by date, not by seq."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profiles import city
from xinrong.catalogue.region import load_region
from xinrong.profiles.batch import profiles_now
from xinrong.profiles.compiling import compiled
from xinrong.profiles.single import _SQL_TYPES, _literal, profile_now
from xinrong.profiles.statements import PARAMETER
from xinrong.profiles.states import FRESH, SourceState, values_of
from xinrong.store.schema import CANONICAL, RECORD
from xinrong.store.services import snapshot

ROWS = pa.concat_tables(city.city_rows(12).values())
#: Ends of months of every length, and days between: a statement is prepared once for each.
DAYS = st.sampled_from(
    [date(2024, 6, 30), date(2025, 2, 28), date(2025, 8, 17), date(2025, 12, 31),
     date(2026, 5, 1), date(2026, 10, 30)]
)  # fmt: skip
COMPILED = compiled("taizhou")
COLUMNS = ["enterprise", *COMPILED.slots]


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """A DuckDB with the relations that the statements read."""
    made = duckdb.connect(config={"threads": 1})
    types = ["enterprise BIGINT", *(
        f"{name} {_SQL_TYPES[RECORD.field(name).type]}" for name in COMPILED.slots
    )]  # fmt: skip
    made.execute(f"CREATE TABLE held ({', '.join(types)})")
    made.execute("CREATE TABLE firm (enterprise BIGINT, inside BOOLEAN)")
    return made


@cache
def prepared(number: int, values: tuple[tuple[str, Any], ...]) -> str:
    """The name of a statement with these values: planning takes longer than running."""
    known = dict(values)
    name = f"s{len(NAMES)}"
    NAMES.append(name)
    text = PARAMETER.sub(lambda found: _literal(known[found[1]]), COMPILED.statements[number].sql)
    connection().execute(f"PREPARE {name} AS {text}")
    return name


NAMES: list[str] = []


def answers(rows: pa.Table, as_of: date, numbers: range = range(1, 13)) -> Any:
    """What the statements answer over some records, for all enterprises at once."""
    region = load_region("taizhou")
    held = pa.table([rows["subject"], *(rows[name] for name in COMPILED.slots)], names=COLUMNS)
    firm = pa.table(
        {"enterprise": pa.array(numbers, pa.int64()), "inside": pa.array([True] * len(numbers))}
    )
    state = SourceState(FRESH, date(2020, 1, 1))
    names = [
        prepared(number, tuple(values_of(one.params, as_of, state, region, one.category).items()))
        for number, one in enumerate(COMPILED.statements)
    ]
    run = connection()
    run.register("given_held", held)
    run.register("given_firm", firm)
    run.execute("BEGIN; INSERT INTO held FROM given_held; INSERT INTO firm FROM given_firm")
    try:
        return [run.execute(f"EXECUTE {name}").fetchall() for name in names]
    finally:
        run.execute("ROLLBACK")


def told_apart(one: Any, other: Any) -> list[str]:
    """The indicators that differ, with both values."""
    names = [statement.columns for statement in COMPILED.statements]
    return [
        f"{name} of {left[0]}: {a!r} → {b!r}"
        for columns, lefts, rights in zip(names, one, other, strict=True)
        for left, right in zip(lefts, rights, strict=True)
        for name, a, b in zip(columns, left, right, strict=True)
        if a != b
    ]


def closes(category: str) -> bool:
    """Whether the end date of a category's records is a day on which something happened."""
    fields = load_region("taizhou").contracts[category].fields
    return any(field.slot == "end_date" and not field.future for field in fields)


@settings(max_examples=6)
@given(as_of=DAYS)
def test_records_dated_later_change_nothing(as_of: date) -> None:
    known = ROWS.filter(pc.less_equal(ROWS["event_date"], as_of))
    assert told_apart(answers(known, as_of), answers(ROWS, as_of)) == []


@settings(max_examples=15)
@given(as_of=DAYS, shift=st.integers(1, 400))
def test_more_of_everything_dated_later_changes_nothing(as_of: date, shift: int) -> None:
    place = ROWS.schema.get_field_index("event_date")
    later = ROWS.set_column(
        place,
        "event_date",
        pa.array([as_of + timedelta(days=shift)] * len(ROWS), pa.date32()),
    )
    assert told_apart(answers(ROWS, as_of), answers(pa.concat_tables([ROWS, later]), as_of)) == []


@settings(max_examples=15)
@given(as_of=DAYS, shift=st.integers(1, 400))
def test_what_ended_later_had_not_ended(as_of: date, shift: int) -> None:
    """A record that stood on the day stands in the answer, whatever came of it afterwards."""
    rows = ROWS.to_pylist()
    before, after = [], []
    for row in rows:
        if not closes(row["category"]):
            continue
        open_then = row["end_date"] is None or row["end_date"] > as_of
        if row["event_date"] > as_of or not open_then:
            continue
        before.append({**row, "end_date": as_of + timedelta(days=1), "status": "before"})
        after.append({**row, "end_date": as_of + timedelta(days=shift), "status": "after"})
    first, second = (pa.Table.from_pylist(some, schema=CANONICAL) for some in (before, after))
    assert told_apart(answers(first, as_of), answers(second, as_of)) == []


def test_the_future_would_be_seen_if_it_leaked() -> None:
    """The comparison above can fail: the same records a day earlier do change something."""
    as_of = date(2026, 10, 31)
    assert told_apart(answers(ROWS, as_of), answers(ROWS, as_of - timedelta(days=40)))


@pytest.mark.django_db
def test_what_is_committed_later_changes_no_earlier_answer(filled: dict[str, Any]) -> None:
    with snapshot() as snap:
        seq = snap.seq
        before = profiles_now(snap, city.UNTIL)
        alone = profile_now(snap, 5, city.UNTIL)
    for category, table in city.city_rows(40, after=40).items():
        if category != "registration":
            city.put(table)
    with snapshot(seq=seq) as snap:
        assert profiles_now(snap, city.UNTIL).equals(before)
        assert profile_now(snap, 5, city.UNTIL) == alone
    with snapshot() as snap:
        assert not profiles_now(snap, city.UNTIL).equals(before)
