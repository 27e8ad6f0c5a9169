"""A damaged store says what is damaged, and nothing else is affected."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.store.rows import NOW, put, row
from xinrong.store.errors import PartDamaged
from xinrong.store.manifest import layout
from xinrong.store.models import Batch, HotRow, Part
from xinrong.store.services import check, compact, orphans, remove_orphans, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


@pytest.fixture
def part() -> Path:
    """The only part of a small store."""
    put(*[row(subject, subject, 3) for subject in range(1, 9)])
    compact(NOW)
    return layout().parts / Part.objects.get(replaced_seq=None, kind="current").name


def test_a_sound_store_has_no_fault(part: Path) -> None:
    put(row(1, 100, 1))
    report = check()
    assert (report.faults, report.rows, report.hot_rows, report.live_rows) == ([], 8, 1, 9)


def test_a_deleted_part_is_named_when_checked_and_when_read(part: Path) -> None:
    part.unlink()
    [fault] = check().faults
    assert "is missing" in fault
    assert "Restore this part" in fault
    with pytest.raises(PartDamaged, match="is missing"), snapshot() as snap:
        snap.records([1])


def test_a_truncated_part_is_named(part: Path) -> None:
    part.write_bytes(part.read_bytes()[:-20])
    assert "bytes, the ledger says" in check().faults[0]
    with pytest.raises(PartDamaged, match="bytes"), snapshot() as snap:
        snap.records([1])


def test_a_flipped_bit_is_found_by_the_deep_check(part: Path) -> None:
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    assert "does not have the bytes" in check().faults[0]


def test_a_batch_whose_rows_went_missing_is_named() -> None:
    done = put(row(1, 10, 5), row(2, 11, 5))
    HotRow.objects.filter(subject=1).delete()
    assert check().faults == [f"batch {done.batch} has 1 rows, its ledger row says 2"]


def test_rows_of_no_committed_batch_are_named() -> None:
    done = put(row(1, 10, 5))
    Batch.objects.filter(pk=done.batch).update(seq=None)
    assert f"batch {done.batch}, which was never committed" in str(check().faults)


def test_two_versions_of_a_record_that_both_count_are_named() -> None:
    put(row(1, 10, 5))
    twin = HotRow.objects.get()
    twin.pk, twin.batch = None, put(row(2, 11, 5)).batch
    twin.save()
    assert any("more than one version" in fault for fault in check().faults)


def test_an_orphan_is_listed_and_removed_once_it_is_old(part: Path) -> None:
    loose = part.with_name("b00000099-left.parquet")
    loose.write_bytes(b"x")
    assert orphans() == [loose.name]
    assert check().faults == []
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    assert remove_orphans(now) == 0
    assert remove_orphans(now + timedelta(days=2)) == 1
    assert part.exists()


def test_a_store_of_another_format_is_refused(store_root: Path, settings: Any) -> None:
    from xinrong.store.errors import StoreError

    (store_root / "manifest.json").write_text('{"format": 99, "buckets": 1}')
    with pytest.raises(StoreError, match="format 99"):
        layout()
