"""Pushing records: one batch a key, whatever is sent again, by however many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.collect.city import (
    ALPHA,
    BETA,
    CLOCK,
    HEADINGS,
    MISTYPED,
    csv_bytes,
    region,
    rejected,
    row,
    send,
    sums,
)
from xinrong.collect.errors import KeyReused, PushRefused, PushRunning
from xinrong.collect.models import Push, Receipt
from xinrong.collect.push import claims
from xinrong.collect.push.pushing import MOST_RECORDS
from xinrong.collect.readers import FileError
from xinrong.collect.services import push, retract
from xinrong.domain.clock import FixedClock
from xinrong.store import services as store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def record(number: str = "T1", owner: str = ALPHA, **cells: Any) -> dict[str, Any]:
    """A sound record; other cells by their headings."""
    plain = dict(zip(HEADINGS, row(number, owner), strict=True))
    return {name: cell for name, cell in plain.items() if cell} | cells


def sent(*records: dict[str, Any], key: str = "k1", at: timedelta = timedelta(0)) -> Receipt:
    clock = FixedClock(CLOCK.now() + at)
    return push("tax_csv", records, key=key, by="key 1", clock=clock, region=region())


def live() -> int:
    with store.snapshot() as snap:
        return int(snap.query("SELECT count(*) AS n FROM record")["n"][0].as_py())


def test_a_push_is_a_batch_whose_records_are_there_at_once():
    receipt = sent(record("T1"), record("T2", MISTYPED), record("T1"))
    assert sums(receipt) == (3, 1, 1, 1)
    assert rejected(receipt) == [(2, [("code_check_digit", "subject")])]
    assert live() == 1


def test_a_record_is_the_same_by_push_and_by_file(tmp_path):
    cells = {"申报额": "1.5", "网上": "是", "备注": '说"明', "代缴人": BETA, "月数": "3"}
    send(tmp_path / "a.csv", csv_bytes([row("T1", **cells)]))
    assert sums(sent(record("T1", **cells))) == (1, 0, 0, 1)


def test_numbers_dates_and_truth_values_are_read_as_their_text_would_be(tmp_path):
    send(tmp_path / "a.csv", csv_bytes([row("T1", 税额="12.50", 月数="3", 网上="true")]))
    day = CLOCK.now().date().replace(year=2025, month=6, day=30)
    given = record("T1", 税额=Decimal("12.50"), 月数=3, 网上=True, 入库日期=day)
    assert sums(sent(given)) == (1, 0, 0, 1)


def test_the_same_key_and_records_give_the_first_receipt_and_write_nothing():
    first = sent(record("T1"), record("T2", MISTYPED))
    again = sent(dict(reversed(record("T1").items())), record("T2", MISTYPED))
    assert (again.repeated, again.batch) == (True, first.batch)
    assert Receipt.objects.count() == store.Batch.objects.count() == 1


def test_a_replayed_key_with_other_records_is_refused():
    sent(record("T1"))
    with pytest.raises(KeyReused) as refused:
        sent(record("T1", 税额="7"))
    assert "new key" in refused.value.remedy
    assert Receipt.objects.count() == 1


def test_a_key_belongs_to_its_department_and_feed():
    sent(record("T1"))
    Push.objects.update(feed="another_feed")
    assert not sent(record("T9")).repeated


def test_another_key_with_the_same_records_counts_them_as_duplicates():
    sent(record("T1"))
    assert sums(sent(record("T1"), key="k2")) == (1, 0, 0, 1)


def test_a_key_whose_batch_was_retracted_does_not_bring_it_back():
    first = sent(record("T1"))
    retract(first.batch, "wrong", clock=CLOCK)
    assert sent(record("T1")).batch == first.batch
    assert live() == 0
    assert sums(sent(record("T1"), key="k2")) == (1, 1, 0, 0)


def test_a_push_that_was_refused_leaves_its_key_free():
    with pytest.raises(FileError) as refused:
        sent({"名称": "甲公司"})
    assert refused.value.code == "column_missing"
    assert not Push.objects.exists()
    assert not store.Batch.objects.exists()
    assert sums(sent(record("T1"))) == (1, 1, 0, 0)


# --- two attempts at once --------------------------------------------------------------------


@pytest.fixture
def running(monkeypatch) -> Callable[..., Push]:
    """A first attempt that holds the key; `process` says whose it is."""

    def make(process: str = "elsewhere 1 1") -> Push:
        monkeypatch.setattr(claims, "this_process", lambda: process)
        from xinrong.collect.push.pushing import digest_of

        made = claims.claim(
            "tax_bureau", "tax_csv", "k1", digest_of([record("T1")]), "key 1", CLOCK.now()
        )
        monkeypatch.undo()
        return made

    return make


def test_while_an_attempt_runs_the_next_is_told_when_to_come_back(running):
    running()
    with pytest.raises(PushRunning) as told:
        sent(record("T1"), at=timedelta(seconds=20))
    assert told.value.seconds == 40
    assert "40 seconds" in told.value.remedy
    with pytest.raises(KeyReused):
        sent(record("T2"))


def test_an_attempt_unheard_of_for_long_is_taken_over_and_its_own_commit_undone(running):
    slow = running()
    receipt = sent(record("T1"), at=claims.LEASE)
    assert sums(receipt) == (1, 1, 0, 0)
    with pytest.raises(PushRunning):
        claims.settle(slow, receipt)
    claims.let_go(slow)
    assert Push.objects.get().batch == receipt.batch


def test_an_attempt_whose_process_died_is_taken_over_at_once(running):
    host = claims.this_process().split(" ")[0]
    running(f"{host} 999999999 1")
    assert sums(sent(record("T1"))) == (1, 1, 0, 0)


def test_a_process_is_dead_only_where_that_is_known():
    assert not claims.is_dead(claims.this_process())
    host, pid, started = claims.this_process().split(" ")
    assert claims.is_dead(f"{host} {pid} {int(started) - 1}")  # the number was given out again
    assert not claims.is_dead(f"elsewhere {pid} 1")
    assert not claims.is_dead(f"{host} {pid} ")


# --- what cannot be taken --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([], "records_none"),
        ([{}] * (MOST_RECORDS + 1), "records_too_many"),
        (["代码"], "records_unreadable"),
        ([record("T1"), record("T2", 税额=["1"])], "records_unreadable"),
        ([record("T1", 税额={"元": 1})], "records_unreadable"),
        ([{"": "x"}], "records_unreadable"),
        ([{"a\x00": "x"}], "records_unreadable"),
        ([{"\ud800": "x"}], "records_unreadable"),
        ([{f"c{number}": "x" for number in range(501)}], "records_unreadable"),
    ],
)
def test_what_are_no_records_is_refused_whole(records: Sequence[Any], code: str):
    with pytest.raises(PushRefused) as refused:
        push("tax_csv", records, key="k", by="", clock=CLOCK, region=region())
    assert refused.value.code == code
    assert not Push.objects.exists()


def test_a_refused_value_is_named_by_row_and_heading():
    with pytest.raises(PushRefused) as refused:
        sent(record("T1"), record("T2", 税额=["1"]))
    assert (refused.value.place.row, refused.value.place.field) == (2, "税额")


@pytest.mark.parametrize("key", ["", "x" * 129, "a\n", "钥匙"])
def test_a_key_that_cannot_be_kept_is_refused(key: str):
    with pytest.raises(PushRefused) as refused:
        sent(record("T1"), key=key)
    assert refused.value.code == "idempotency_key_unusable"


def test_cells_that_no_store_can_keep_quarantine_their_row_only():
    receipt = sent(
        record("T1"),
        record("T2", 备注="a\x00b"),
        record("T3", 备注="a\ud800b"),
        record("T4", 备注="x" * ((1 << 20) + 1)),
        record("T5"),
    )
    assert sums(receipt) == (5, 2, 3, 0)
    rules = [(number, found[0][0]) for number, found in rejected(receipt)]
    assert rules == [(2, "row_nul"), (3, "row_undecodable"), (4, "row_cell_too_long")]


def test_a_push_of_nothing_but_faults_is_a_receipt_too():
    assert sums(sent(record("T1", 备注="\x00"))) == (1, 0, 1, 0)


def test_two_contents_of_one_record_in_a_push_wait_both():
    receipt = sent(record("T1"), record("T2"), record("T1", 税额="7"))
    assert sums(receipt) == (3, 1, 2, 0)
    assert [number for number, _ in rejected(receipt)] == [1, 3]


def test_records_need_not_all_have_the_same_headings():
    receipt = sent(record("T1"), record("T2", 备注="说明"))
    assert sums(receipt) == (2, 2, 0, 0)
    assert [note["code"] for note in receipt.notes] == ["columns_missing"]
