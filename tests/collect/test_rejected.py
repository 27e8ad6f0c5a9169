"""Rejected rows are written in a form that every database keeps, and count with their receipt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.city import ALPHA
from xinrong.collect.judging.rules import Rule, problem
from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.collect.rejects import rejected
from xinrong.collect.rejects.rejected import (
    LEFT_BEHIND,
    REMOVED,
    Quarantine,
    Rejected,
    as_sent,
    remove_left_behind,
    write_entries,
)
from xinrong.store import services as store

PROBLEM = problem(Rule.REQUIRED, "paid_on")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def sent(*numbers: int) -> list[Rejected]:
    return [Rejected(number, (PROBLEM,), {"备注": f"第\n{number}行"}) for number in numbers]


def open_batch(received_at: datetime = NOW) -> int:
    batch = store.open_batch(
        feed="tax_csv",
        category="tax_payment",
        department="tax_bureau",
        source_name="",
        source_digest="",
        received_at=received_at,
    )
    return batch.pk


def receipt_of(batch: int, quarantined: int) -> Receipt:
    texts = ("region", "feed", "category", "department", "source_name", "source_digest")
    nothing = ("accepted", "corrected", "duplicates", "unlinked", "repaired", "blank")
    return Receipt.objects.create(
        batch=batch,
        feed_version=1,
        contract_version=1,
        received_at=NOW,
        seconds=0.0,
        rows_in=quarantined,
        quarantined=quarantined,
        **dict.fromkeys(texts, ""),
        **dict.fromkeys(nothing, 0),
    )


@pytest.mark.django_db
def test_rows_count_from_the_receipt_on_and_are_as_they_went_in() -> None:
    batch = open_batch()
    held = Quarantine(batch)
    held.add(sent(2, 3, 4))
    held.flush()
    assert len(held) == 3
    assert QuarantinedRow.objects.count() == 0
    found = list(receipt_of(batch, 3).rows.order_by("row_no"))
    assert [one.row_no for one in found] == [2, 3, 4]
    assert [one.original for one in found] == [one.original for one in sent(2, 3, 4)]
    assert found[0].problems == [PROBLEM.as_json()]
    assert QuarantinedRow.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("bound", ["WRITTEN_AT_ONCE", "HELD_CHARACTERS"])
def test_beyond_a_bound_they_are_written(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(rejected, bound, 3)
    held = Quarantine(open_batch())
    held.add(sent(*range(10)))
    assert QuarantinedRow.written.count() >= 9


@pytest.mark.django_db
def test_without_a_receipt_they_are_removed() -> None:
    kept, dropped = Quarantine(open_batch()), Quarantine(open_batch())
    for one in (kept, dropped):
        one.add(sent(2))
        one.flush()
    dropped.discard()
    assert list(QuarantinedRow.written.values_list("receipt_id", flat=True)) == [kept.batch]


@pytest.mark.django_db
def test_what_a_killed_process_left_is_removed_a_day_later_and_nothing_else() -> None:
    left, alive, done = (
        open_batch(NOW - LEFT_BEHIND - timedelta(minutes=1)),
        open_batch(NOW - timedelta(hours=1)),
        open_batch(NOW - timedelta(days=9)),
    )
    for batch in (left, alive, done):
        write_entries(batch, [row.as_entry() for row in sent(2)])
    store.Batch.objects.filter(pk=done).update(seq=1)
    receipt_of(done, 1)
    assert remove_left_behind(NOW) == 1
    assert set(QuarantinedRow.written.values_list("receipt_id", flat=True)) == {alive, done}
    assert set(store.Batch.objects.values_list("pk", flat=True)) == {alive, done}


@pytest.mark.django_db
@given(cell=st.text())
def test_every_cell_can_be_written_and_read(cell: str) -> None:
    with transaction.atomic():
        batch = open_batch()
        row = Rejected(2, (PROBLEM,), as_sent({"x": cell}))
        write_entries(batch, [row.as_entry()])
        assert QuarantinedRow.written.get(receipt_id=batch).original == row.original
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("11010519491231002X", REMOVED),
        ("11010519491231002x", REMOVED),
        ("110105 19491231 002X", REMOVED),
        ("张三(11010519491231002X)", f"张三({REMOVED})"),
        ("110105194912310021", "110105194912310021"),  # its check character is wrong
        (ALPHA, ALPHA),
        ("甲公司", "甲公司"),
    ],
)
def test_only_citizens_numbers_are_taken_out(cell: str, kept: str) -> None:
    assert as_sent({"x": cell}) == {"x": kept}


@given(st.text())
def test_every_cell_can_be_stored(cell: str) -> None:
    kept = as_sent({"x": cell}).get("x", "")
    assert "\x00" not in kept
    kept.encode()
