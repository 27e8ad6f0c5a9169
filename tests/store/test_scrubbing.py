"""Deleted rows leave nothing behind in the database's files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import sleep

import pytest
from django.db import connection, connections, transaction

from tests.store.rows import put, row
from xinrong.store.models import HotRow
from xinrong.store.scrubbing import ScrubFailed, scrub

MARK = "XM0123456789ABCDEF"


@pytest.mark.django_db
def test_scrubbing_inside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        scrub(("store_hotrow",))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("store_root")
def test_a_table_written_anew_holds_no_deleted_row() -> None:
    put(*[row(n, n, 1, display=MARK * 20) for n in range(50)])
    HotRow.objects.all().delete()
    done = scrub(("store_hotrow", "store_deadrow"))
    assert done.database == connection.vendor
    assert "backups" in done.remains
    if connection.vendor == "postgresql":
        assert done.tables == ("store_hotrow", "store_deadrow")
        assert "archived_wal" in done.remains
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_size('store_hotrow')")
            assert cursor.fetchall() == [(0,)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("store_root")
def test_rows_that_an_older_transaction_still_sees_are_written_anew_when_it_has_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite waits for others, or says that it cannot")
    put(*[row(n, n, 1, display=MARK * 20) for n in range(50)])
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM store_commit")  # another: else its lock waits
    HotRow.objects.all().delete()
    # As if it were one that the list of activities does not show with a database.
    monkeypatch.setattr("xinrong.store.scrubbing._OPEN", "SELECT 0")
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        other.close()
        sleep(0.5)  # until the server has noticed

    monkeypatch.setattr("xinrong.store.scrubbing.sleep", wait)
    scrub(("store_hotrow",))
    assert waited
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('store_hotrow')")
        assert cursor.fetchall() == [(0,)]


@pytest.fixture
def on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A SQLite file of its own in place of the default connection; 100 rows were deleted in it."""
    from django.db.backends.sqlite3.base import DatabaseWrapper

    path = tmp_path / "x.sqlite3"
    made = DatabaseWrapper(
        {**connections["default"].settings_dict, "ENGINE": "django.db.backends.sqlite3",
         "NAME": str(path), "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL;"}},
        "default",
    )  # fmt: skip
    monkeypatch.setattr("xinrong.store.scrubbing.connection", made)
    monkeypatch.setattr("django.db.transaction.get_connection", lambda *_a, **_k: made)
    made.inc_thread_sharing()
    with made.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = OFF")
        cursor.execute("CREATE TABLE t (x TEXT)")
        cursor.executemany("INSERT INTO t VALUES (%s)", [(MARK * 9,)] * 100)
        cursor.execute("DELETE FROM t")
    yield path
    made.close()


def held(path: Path) -> bool:
    return any(MARK.encode() in file.read_bytes() for file in path.parent.glob("x.sqlite3*"))


@pytest.mark.django_db
def test_sqlite_is_rid_of_free_pages_and_its_log(on_disk: Path) -> None:
    assert held(on_disk)
    scrub(())
    assert not held(on_disk)


@pytest.mark.django_db
def test_a_reader_that_keeps_the_log_alive_is_told_of(on_disk: Path) -> None:
    with closing(sqlite3.connect(on_disk, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM t").fetchall()
        with pytest.raises(ScrubFailed, match="still reading"):
            scrub(())
    scrub(())
    assert not held(on_disk)
