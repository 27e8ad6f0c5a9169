"""The life of a record: duplicate, correction, conflict, retraction, and the past."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.store.rows import NOW, put, row, table
from xinrong.store.errors import BatchNotRetractable, StoreError, UnknownSeq
from xinrong.store.manifest import layout
from xinrong.store.models import HotRow, Part
from xinrong.store.services import (
    check,
    commit_batch,
    compact,
    open_batch,
    preview_retraction,
    remove_replaced,
    retract_batch,
    snapshot,
    writer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def seen(subject: int, seq: int | None = None) -> list[tuple[int, int]]:
    """(key, content) of what a reader sees."""
    with snapshot(seq) as snap:
        rows = snap.records([subject])
    contents = [amount // 100 for amount in rows["amount"].to_pylist()]
    return sorted(zip(rows["key"].to_pylist(), contents, strict=True))


def scanned(seq: int | None = None) -> list[tuple[int, int, int]]:
    """The same for all subjects, by a query over the whole store."""
    with snapshot(seq) as snap:
        found = snap.query("SELECT subject, key, amount // 100 FROM record ORDER BY ALL")
    return [tuple(line.values()) for line in found.to_pylist()]  # type: ignore[misc] # three each


def test_a_committed_row_is_read_by_its_subject() -> None:
    put(row(1, 10, 5), row(2, 11, 6))
    assert seen(1) == [(10, 5)]
    assert scanned() == [(1, 10, 5), (2, 11, 6)]


def test_every_column_comes_back_as_it_went_in(settings: Any) -> None:
    from datetime import date
    from decimal import Decimal

    full = row(
        1,
        10,
        5,
        end_date=date(2027, 1, 1),
        quantity=Decimal("1.2345"),
        code="C",
        status="S",
        counterparty=9,
        n1=Decimal("-99999999.9999"),
        t1="一",
        d1=date(1999, 12, 31),
        display='{"a":1}',
    )
    put(full)
    with snapshot() as snap:
        [hot] = snap.records([1]).to_pylist()
    compact(NOW)
    with snapshot() as snap:
        [cold] = snap.records([1]).to_pylist()
    assert hot == cold
    full.pop("digest")  # needed for comparing only: it lies in the key index
    assert {name: hot[name] for name in full} == full


def test_the_same_row_again_is_a_duplicate_and_changes_nothing() -> None:
    put(row(1, 10, 5))
    done = put(row(1, 10, 5), row(1, 11, 6))
    assert (done.rows, done.corrected) == (1, 0)
    assert seen(1) == [(10, 5), (11, 6)]


def test_other_content_for_the_same_key_is_a_correction() -> None:
    put(row(1, 10, 5))
    done = put(row(1, 10, 6))
    assert (done.rows, done.corrected) == (1, 1)
    assert seen(1) == [(10, 6)]


def test_back_to_the_first_content_is_a_second_correction() -> None:
    put(row(1, 10, 5))
    put(row(1, 10, 6))
    done = put(row(1, 10, 5))
    assert done.corrected == 1
    assert seen(1) == [(10, 5)]
    assert [seen(1, seq) for seq in (1, 2, 3)] == [[(10, 5)], [(10, 6)], [(10, 5)]]


def test_a_record_that_moves_to_another_subject_leaves_the_first() -> None:
    put(row(1, 10, 5))
    put(row(2, 10, 5))
    assert seen(1) == []
    assert seen(2) == [(10, 5)]


def test_two_contents_for_one_key_in_a_batch_are_both_left_out() -> None:
    batch = open_batch(
        feed="f",
        category="tax",
        department="tax",
        source_name="",
        source_digest="",
        received_at=NOW,
    )
    with writer(batch) as out:
        out.add(table([row(1, 10, 5), row(1, 10, 6), row(1, 11, 7), row(1, 11, 7)]))
        delta = out.compare()
        assert sorted(delta.conflicts) == [1, 2]
        assert delta.duplicates.tolist() == [4]
        assert commit_batch(out, NOW).rows == 1
    assert seen(1) == [(11, 7)]


def test_the_past_is_read_as_it_was() -> None:
    first = put(row(1, 10, 5)).seq
    put(row(1, 10, 6), row(1, 11, 7))
    compact(NOW)
    assert seen(1, first) == [(10, 5)]
    assert scanned(first) == [(1, 10, 5)]
    assert seen(1, 0) == []


def test_a_seq_of_the_future_is_refused() -> None:
    with pytest.raises(UnknownSeq, match="the last is 0"), snapshot(1):
        pass


@pytest.mark.parametrize("fold", [False, True])
def test_a_retracted_batch_disappears_and_what_it_replaced_returns(fold: bool) -> None:
    put(row(1, 10, 5))
    second = put(row(1, 10, 6), row(1, 11, 7))
    if fold:
        compact(NOW)
    preview = preview_retraction(second.batch)
    assert (preview.disappear, preview.return_again) == (2, 1)
    retract_batch(second.batch, "sent by mistake", NOW)
    assert seen(1) == [(10, 5)]
    assert scanned() == [(1, 10, 5)]
    assert seen(1, second.seq) == [(10, 6), (11, 7)]
    compact(NOW)
    assert seen(1) == [(10, 5)]
    assert scanned(second.seq) == [(1, 10, 6), (1, 11, 7)]


@pytest.mark.parametrize("fold", [False, True])
def test_retracting_the_middle_correction_leaves_the_last_one(fold: bool) -> None:
    put(row(1, 10, 5))
    middle = put(row(1, 10, 6))
    last = put(row(1, 10, 7))
    if fold:
        compact(NOW)
    retract_batch(middle.batch, "wrong file", NOW)
    assert seen(1) == [(10, 7)]
    assert scanned() == [(1, 10, 7)]
    retract_batch(last.batch, "wrong too", NOW)
    assert seen(1) == [(10, 5)]
    assert scanned() == [(1, 10, 5)]
    assert check().faults == []


def test_a_batch_is_retracted_once() -> None:
    done = put(row(1, 10, 5))
    retract_batch(done.batch, "x", NOW)
    with pytest.raises(BatchNotRetractable, match="already retracted"):
        retract_batch(done.batch, "x", NOW)
    with pytest.raises(BatchNotRetractable, match="never committed"):
        retract_batch(99, "x", NOW)


def test_a_large_batch_goes_to_parts_and_reads_the_same(settings: Any) -> None:
    settings.STORE_HOT_ROWS = 10
    put(*[row(subject, subject, 3) for subject in range(1, 40)])
    assert not HotRow.objects.exists()
    assert sorted(Part.objects.values_list("kind", flat=True)) == ["current", "keys"]
    assert seen(7) == [(7, 3)]
    put(*[row(subject, subject, 4) for subject in range(1, 40, 2)])
    assert seen(7) == [(7, 4)]
    assert len(scanned()) == 39
    assert check().faults == []


def test_compaction_folds_hot_rows_and_changes_no_reading(settings: Any) -> None:
    settings.STORE_HOT_ROWS = 10
    put(*[row(subject, subject, 3) for subject in range(1, 40)])
    put(row(7, 7, 4), row(8, 100, 1))
    before = scanned()
    result = compact(NOW)
    assert (result.rows, result.history_rows, result.hot_rows) == (40, 1, 2)
    assert not HotRow.objects.exists()
    assert scanned() == before
    assert seen(7) == [(7, 4)]
    assert seen(7, 1) == [(7, 3)]
    assert check().faults == []


def test_a_part_is_sorted_by_bucket_and_subject_and_says_which_buckets_it_covers() -> None:
    buckets = layout().buckets
    put(*[row(subject, subject, 3) for subject in (2 * buckets + 1, 1, 5, buckets + 1)])
    compact(NOW)
    part = Part.objects.get(replaced_seq=None, kind="current")
    assert (part.bucket_lo, part.bucket_hi) == (1, 5)
    subjects = pq.read_table(layout().parts / part.name)["subject"].to_pylist()
    assert subjects == [1, buckets + 1, 2 * buckets + 1, 5]


def test_replaced_parts_stay_until_no_snapshot_can_need_them() -> None:
    from datetime import timedelta

    put(row(1, 10, 5))
    compact(NOW)
    put(row(1, 11, 5))
    compact(NOW)
    assert len(list(layout().parts.iterdir())) == 4  # rows and keys, twice
    assert remove_replaced(NOW + timedelta(minutes=10)) == 0
    assert remove_replaced(NOW + timedelta(hours=2)) == 2
    assert len(list(layout().parts.iterdir())) == 2
    assert seen(1) == [(10, 5), (11, 5)]


def test_rows_of_another_shape_are_refused() -> None:
    batch = open_batch(
        feed="f",
        category="tax",
        department="tax",
        source_name="",
        source_digest="",
        received_at=NOW,
    )
    with writer(batch) as out, pytest.raises(StoreError, match="canonical columns"):
        out.add(table([row(1, 1, 1)]).drop_columns(["code"]))


def test_an_upload_overtaken_by_another_compares_again() -> None:
    batch = open_batch(
        feed="f",
        category="tax",
        department="tax",
        source_name="",
        source_digest="",
        received_at=NOW,
    )
    with writer(batch) as out:
        out.add(table([row(1, 10, 5)]))
        compared = out.compare
        came_first: list[int] = []

        def compare_and_lose() -> Any:
            delta = compared()
            if not came_first:
                came_first.append(put(row(1, 10, 5)).batch)
            return delta

        out.compare = compare_and_lose  # type: ignore[method-assign] # the rival's moment
        done = commit_batch(out, NOW)
    assert done.rows == 0
    assert seen(1) == [(10, 5)]
    assert check().faults == []


@pytest.mark.parametrize("rival", ["small", "repeated", "large", "retraction"])
@pytest.mark.parametrize("same", [True, False])
def test_an_upload_compares_again_only_when_another_touched_its_records(
    settings: Any, rival: str, same: bool
) -> None:
    settings.STORE_HOT_ROWS = 2
    first = put(row(3, 30, 1), row(2, 20, 5))
    key = 10 if same else 11
    batch = open_batch(
        feed="f",
        category="tax",
        department="tax",
        source_name="",
        source_digest="",
        received_at=NOW,
    )

    def come_first() -> None:
        if rival == "small":
            put(row(1, key, 4))
        elif rival == "repeated":
            put(row(1, key, 4), row(2, 20, 5))
        elif rival == "large":
            put(row(1, key, 4), row(4, 40, 1), row(5, 50, 1))
        else:
            retract_batch(first.batch, "x", NOW)

    with writer(batch) as out:
        out.add(table([row(1, 10, 5), row(6, 60, 1), row(7, 70, 1)]))
        compared, asked = out.compare, []

        def compare_and_lose() -> Any:
            delta = compared()
            if not asked:
                come_first()
            asked.append(delta)
            return delta

        out.compare = compare_and_lose  # type: ignore[method-assign] # the rival's moment
        commit_batch(out, NOW)
    again = rival in ("large", "retraction") or same
    assert len(asked) == (2 if again else 1)
    assert (10, 5) in seen(1)
    assert len(seen(1)) == (1 if same or rival == "retraction" else 2)
    assert check().faults == []


def test_a_part_is_replaced_when_the_compaction_ends_not_when_it_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from datetime import timedelta

    put(row(1, 10, 5))
    compact(NOW)
    clock = iter([0.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock, 7_200.0))  # it takes two hours
    compact(NOW)
    monkeypatch.undo()
    assert remove_replaced(NOW + timedelta(hours=1, minutes=30)) == 0
    assert remove_replaced(NOW + timedelta(hours=4)) == 2
