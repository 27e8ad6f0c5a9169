"""Every SQL file, and the view of all records, gives the same on DuckDB and on Spark."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.store.rows import NOW, put, row
from xinrong.store.engine_spark import SparkEngine
from xinrong.store.services import compact, retract_batch, snapshot

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("store_root"),
    pytest.mark.timeout(600),  # starting Spark takes its time on a busy machine
]

SOURCES = Path(__file__).resolve().parents[2] / "src" / "xinrong"
#: What counts audit rows, which lie in the database and not in parts: Spark has nothing to read.
OF_AUDIT_ROWS = SOURCES / "trust" / "snooping" / "sql"
SQL_FILES = sorted(set(SOURCES.rglob("sql/*.sql")) - set(OF_AUDIT_ROWS.iterdir()))


def a_store_with_a_past(settings: Any) -> None:
    """Parts with dead rows, a history part, a retracted batch and hot rows."""
    settings.STORE_HOT_ROWS = 20
    put(*[row(subject, subject, 3, n1=Decimal("1.5"), t1="一") for subject in range(1, 60)])
    put(*[row(subject, subject, 4, polarity=-1) for subject in range(1, 60, 3)])
    compact(NOW)
    put(*[row(subject, subject, 5, amount=None) for subject in range(1, 60, 2)])
    retract_batch(put(row(3, 1000, 1), row(1, 1, 9)).batch, "mistake", NOW)
    put(row(7, 2000, 2, event_date=None), row(8, 2001, 2, event_date=date(1999, 2, 28)))


def plain(table: Any) -> list[dict[str, Any]]:
    """Rows whose numbers and times are told apart by value, not by an engine's type."""
    return [{name: as_value(value) for name, value in line.items()} for line in table.to_pylist()]


def as_value(value: Any) -> Any:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return value


def both(sql: str, spark: Any, scratch: Path) -> tuple[list[Any], list[Any]]:
    with snapshot() as snap:
        duck = plain(snap.query(sql))
        sparks = plain(snap.query(sql, on=SparkEngine(spark, scratch)))
    return duck, sparks


@pytest.mark.smoke
def test_spark_sees_the_records_that_duckdb_sees(settings: Any, spark: Any, tmp_path: Path) -> None:
    a_store_with_a_past(settings)
    sql = (
        "SELECT subject, category, key, event_date, polarity, amount, n1, t1, batch "
        "FROM record ORDER BY subject, key, batch"
    )
    duck, sparks = both(sql, spark, tmp_path)
    assert len(duck) == 61
    assert sparks == duck


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: path.stem)
def test_a_sql_file_gives_the_same_on_both_engines(
    path: Path, settings: Any, spark: Any, tmp_path: Path
) -> None:
    a_store_with_a_past(settings)
    duck, sparks = both(path.read_text(encoding="utf-8"), spark, tmp_path)
    assert duck
    assert sparks == duck


def test_there_are_sql_files_to_compare() -> None:
    assert [path.name for path in SQL_FILES] == ["cube.sql"]
