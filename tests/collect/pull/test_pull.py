"""Pulling from a department's database: nothing lost, nothing doubled, whatever goes wrong."""

from __future__ import annotations

import socket
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.collect.city import (
    BETA,
    CLOCK,
    MISTYPED,
    csv_bytes,
    feed,
    region,
    rejected,
    row,
    send,
    sums,
)
from xinrong.collect.errors import PullError
from xinrong.collect.models import PullStep, Receipt
from xinrong.collect.pull import pulling, sessions
from xinrong.collect.pull.address import address_of
from xinrong.collect.pull.pulling import Pulled, pull, rewind
from xinrong.collect.pull.sessions import cut_off_after, session
from xinrong.collect.pull.spool import Spool
from xinrong.collect.pull.statements import Statement
from xinrong.domain.clock import CHINA, FixedClock
from xinrong.store import services as store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def pulled(department: Any, at: timedelta = timedelta(0), **changes: Any) -> Pulled:
    accept = changes.pop("accept_types", False)
    return pull(
        "tax_csv",
        clock=FixedClock(CLOCK.now() + at),
        region=region(),
        source=department.source(**changes),
        accept_types=accept,
    )


def refused(department: Any, code: str, **changes: Any) -> PullError:
    """The pull is refused, and nothing is left of it."""
    before = PullStep.objects.count(), Receipt.objects.count(), store.last_seq()
    with pytest.raises(PullError) as error:
        pulled(department, **changes)
    assert error.value.code == code, error.value
    assert error.value.remedy
    assert "s3cret" not in f"{error.value} {error.value.__context__!r}"
    assert (PullStep.objects.count(), Receipt.objects.count(), store.last_seq()) == before
    return error.value


# --- what is read ----------------------------------------------------------------------------


def test_a_pull_reads_what_is_new_and_only_that(department):
    department.add(1)
    department.add(2, "2026-01-02 00:00:00", code=MISTYPED)
    first = pulled(department)
    assert sums(first.receipt) == (2, 1, 1, 0)
    assert rejected(first.receipt) == [(2, [("code_check_digit", "subject")])]
    assert pulled(department).receipt is None
    department.add(3, "2026-01-03 00:00:00")
    assert sums(pulled(department).receipt) == (1, 1, 0, 0)
    assert [step.number for step in PullStep.objects.order_by("number")] == [1, 2]


def test_a_row_that_was_changed_comes_as_a_correction(department):
    department.add(1)
    pulled(department)
    department.execute("UPDATE tax SET amount = 7, updated_at = '2026-02-01'")
    receipt = pulled(department).receipt
    assert (receipt.accepted, receipt.corrected) == (1, 1)


def test_values_are_read_as_a_file_would_show_them(department, tmp_path):
    send(tmp_path / "a.csv", csv_bytes([row("T1", 税额="1234567890.10", 网上="true", 备注="说 %")]))
    department.add(1, name="甲公司", amount="1234567890.10", online=True, remark="说 %")
    department.execute("UPDATE tax SET paid = '2025-06-30'")
    receipt = pulled(department).receipt
    # The file says 好 of `standing`, which the table does not have: all else is the same.
    assert (receipt.accepted, receipt.corrected, receipt.quarantined) == (1, 1, 0)
    with store.snapshot() as snap:
        found = snap.query("SELECT amount, event_date, display FROM record").to_pylist()
    assert found[0]["amount"] == 123456789010
    assert str(found[0]["event_date"]) == "2025-06-30"
    assert found[0]["display"] == '{"online":true,"remark":"说 %"}'


def test_rows_of_one_moment_are_neither_lost_nor_doubled_across_pulls(department):
    for number in range(7):
        department.add(number)
    more, total = True, []
    while more:
        done = pulled(department, limits={"rows": 2})
        more = done.more
        total += [sums(done.receipt)] if done.receipt else []
    assert total == [(2, 2, 0, 0)] * 3 + [(1, 1, 0, 0)]


def test_rows_younger_than_the_lag_wait_for_the_next_pull(department):
    department.add(1)
    department.add(2)
    change = "UPDATE tax SET updated_at = %s WHERE id = 2"
    now = datetime.now(CHINA).replace(tzinfo=None)
    department.execute(change, [(now - timedelta(seconds=50),)])
    assert sums(pulled(department).receipt) == (1, 1, 0, 0)
    department.execute(change, [(now - timedelta(seconds=61),)])
    assert sums(pulled(department).receipt) == (1, 1, 0, 0)


def test_a_growing_number_is_read_once_it_has_settled(department):
    mark = {"column": "id", "kind": "number", "tie": [], "lag_seconds": 60}
    department.add(1)
    department.add(3)
    assert pulled(department, watermark=mark).receipt is None
    department.add(2)  # its transaction took its number early and committed late
    department.add(4)
    assert pulled(department, timedelta(seconds=59), watermark=mark).receipt is None
    later = pulled(department, timedelta(seconds=60), watermark=mark)
    assert sums(later.receipt) == (3, 3, 0, 0)
    last = pulled(department, timedelta(seconds=120), watermark=mark)
    assert sums(last.receipt) == (1, 1, 0, 0)


def test_a_number_without_a_lag_is_read_at_once(department):
    department.add(2**60)
    department.add(2**60 + 1)
    mark = {"column": "id", "kind": "number", "tie": [], "lag_seconds": 0}
    assert sums(pulled(department, watermark=mark, limits={"rows": 1}).receipt) == (1, 1, 0, 0)
    assert sums(pulled(department, watermark=mark).receipt) == (1, 1, 0, 0)
    assert pulled(department, watermark=mark).receipt is None


def test_rows_without_a_watermark_are_told_of(department):
    department.add(1)
    department.add(2, None)
    notes = pulled(department).receipt.notes
    assert "watermark_missing" in [note["code"] for note in notes]


def test_names_are_quoted_whatever_signs_they_have(department):
    mark = "`" if department.server == "mysql" else '"'
    odd = 'a"b`c%s; DROP TABLE tax'
    quoted = mark + odd.replace(mark, mark * 2) + mark
    department.execute(f"ALTER TABLE tax RENAME COLUMN remark TO {quoted}")
    department.execute("INSERT INTO tax (id, updated_at) VALUES (1, '2026-01-01')")
    columns = {"代码": "code", "税票号": "voucher", "入库日期": "paid", "备注": odd}
    assert sums(pulled(department, columns=columns).receipt) == (1, 0, 1, 0)


def test_cells_that_are_no_text_quarantine_their_row_only(department):
    if department.server == "postgresql":
        pytest.skip("needs mysql: PostgreSQL keeps no NUL in text")
    department.add(1, remark="a\x00b")
    department.add(2)
    receipt = pulled(department).receipt
    assert rejected(receipt) == [(1, [("row_nul", "")])]


def test_a_watermark_is_moved_back_by_hand_and_nothing_is_doubled(department):
    department.add(1)
    pulled(department)
    department.add(2, "2026-01-02")
    second = pulled(department).receipt
    department.add(3, "2026-01-03")
    pulled(department)
    rewind(second.batch, clock=CLOCK)
    assert sums(pulled(department).receipt) == (2, 0, 0, 2)
    with pytest.raises(PullError):
        rewind(999, clock=CLOCK)


# --- what goes wrong -------------------------------------------------------------------------


def test_a_server_that_dies_midway_leaves_nothing_and_the_next_pull_resumes(
    department, monkeypatch
):
    department.add(1)
    pulled(department)
    wide = "x" * 1_000
    values = [(number, "2026-01-02", f"T{number}", wide) for number in range(2, 12_002)]
    rows = "INSERT INTO tax (id, updated_at, voucher, remark, code, paid) VALUES (%s, %s, %s, %s, "
    department.execute(f"{rows}'{BETA}', '2025-06-30')", values)
    department.settle()
    monkeypatch.setattr(sessions, "FETCHED", 500)
    add = Spool.add
    seen = []

    def dying(spool: Spool, *given: Any) -> None:
        add(spool, *given)
        seen.append(spool.rows)
        if len(seen) == 2:
            department.kill()

    monkeypatch.setattr(Spool, "add", dying)
    refused(department, "pull_broken_off")
    assert len(seen) >= 2
    refused(department, "pull_unreachable")
    monkeypatch.setattr(Spool, "add", add)
    department.revive()
    assert sums(pulled(department).receipt) == (12_000, 12_000, 0, 0)


def test_a_wrong_password_is_refused_and_never_shown(department, monkeypatch, tmp_path):
    path = tmp_path / "wrong"
    path.write_text(department.address("wr0ng-s3cret"))
    monkeypatch.setenv("XINRONG_PULL_TAX_DB_FILE", str(path))
    refused(department, "pull_sign_in")
    assert "s3cret" not in repr(address_of("tax_db", department.server))


def test_a_missing_column_or_table_is_named(department):
    department.add(1)
    pulled(department)
    department.add(2, "2026-01-02")
    department.execute("ALTER TABLE tax RENAME COLUMN voucher TO voucher_no")
    assert "voucher" in refused(department, "pull_column_missing").wrong
    refused(department, "pull_table_missing", table="taxes")
    department.execute("ALTER TABLE tax RENAME COLUMN voucher_no TO voucher")
    assert sums(pulled(department).receipt) == (1, 1, 0, 0)


def test_a_column_of_another_type_stops_the_pull_until_somebody_accepts_it(department):
    department.add(1)
    pulled(department)
    department.add(2, "2026-01-02")
    change = "MODIFY amount varchar(30)" if department.server == "mysql" else (
        "ALTER amount TYPE varchar(30)"
    )  # fmt: skip
    department.execute(f"ALTER TABLE tax {change}")
    assert "amount" in refused(department, "pull_types_changed").wrong
    assert sums(pulled(department, accept_types=True).receipt) == (1, 1, 0, 0)
    department.add(3, "2026-01-03")
    assert sums(pulled(department).receipt) == (1, 1, 0, 0)


def test_an_answer_that_takes_too_long_is_given_up(department):
    department.add(1, remark="x")
    pause = "SLEEP(4)" if department.server == "mysql" else "pg_sleep(4)::text"
    department.execute(
        f"CREATE VIEW slow AS SELECT id, updated_at, code, name, voucher, paid, amount, online, "
        f"CONCAT(remark, {pause}) AS remark FROM tax"
    )
    department.grant()
    started = time.monotonic()
    refused(department, "pull_timeout", table="slow", limits={"statement_seconds": 1})
    assert time.monotonic() - started < 3.5


def test_a_server_that_keeps_quiet_is_cut_off():
    here, there = socket.socketpair()

    def ask() -> None:
        with cut_off_after(0.05, here.fileno()):
            if here.recv(1) == b"":
                raise ConnectionError

    with here, there, pytest.raises(TimeoutError):
        ask()
    here, there = socket.socketpair()
    with here, there, cut_off_after(5, here.fileno()):
        there.send(b"x")
        assert here.recv(1) == b"x"


def test_a_watermark_must_be_of_a_type_that_tells_moments_apart(department):
    department.add(1)
    refused(department, "pull_watermark_type", watermark={"column": "paid"})
    refused(department, "pull_watermark_type", watermark={"column": "name", "kind": "number"})


def test_a_tie_breaker_that_does_not_settle_is_refused(department):
    department.add(1)
    department.add(1)
    refused(department, "pull_tie")
    department.execute("UPDATE tax SET id = NULL")
    refused(department, "pull_tie")


def test_the_reader_may_only_read(department):
    source = department.source()
    with (
        pytest.raises(PullError),
        session(source, address_of("tax_db", department.server)) as reading,
    ):
        reading.one(Statement("DELETE FROM tax"))


def test_a_table_that_may_not_be_read_is_refused(department):
    if department.server == "mysql":
        pytest.skip("needs postgresql: the reader of the other may read every table")
    department.execute("REVOKE SELECT ON tax FROM reader")
    refused(department, "pull_forbidden")


def test_of_two_pulls_at_once_one_becomes_a_batch(department, monkeypatch):
    department.add(1)
    held = Spool.held

    def overtaken(spool: Spool) -> Any:
        monkeypatch.setattr(Spool, "held", held)
        pulled(department)
        return held(spool)

    monkeypatch.setattr(Spool, "held", overtaken)
    with pytest.raises(PullError) as error:
        pulled(department)
    assert error.value.code == "pull_overtaken"
    assert Receipt.objects.count() == PullStep.objects.count() == 1


def test_the_watermark_stands_when_the_commit_fails(department, monkeypatch):
    department.add(1)
    settle = pulling._settle

    def failing(*given: Any) -> None:
        settle(*given)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(pulling, "_settle", failing)
    with pytest.raises(RuntimeError):
        pulled(department)
    assert not PullStep.objects.exists()
    assert store.last_seq() == 0
    monkeypatch.setattr(pulling, "_settle", settle)
    assert sums(pulled(department).receipt) == (1, 1, 0, 0)


def test_nothing_of_a_pull_stays_in_the_temporary_folder(department, monkeypatch, tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    department.add(1)
    pulled(department)
    refused(department, "pull_table_missing", table="taxes")
    assert list(Path(folder).iterdir()) == []


def test_a_feed_that_lacks_a_column_is_refused_like_a_file(department):
    from xinrong.collect.readers import FileError

    department.add(1)
    with pytest.raises(FileError) as error:
        pulled(department, columns={"代码": "code", "税额": "amount"})
    assert error.value.code == "column_missing"
    assert not PullStep.objects.exists()
    assert feed().feed == "tax_csv"
