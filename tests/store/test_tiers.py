"""A compaction writes anew what is young; the large and old stays, whatever happens to its rows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.store.rows import NOW, put, row
from xinrong.store.models import Part, PartKind
from xinrong.store.services import (
    RecordId,
    check,
    compact,
    erase,
    lift,
    retract_batch,
    rewrite_erased,
    snapshot,
    suppress,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(db: None, store_root: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr("xinrong.store.tiers.FEW_ROWS", 20)
    settings.STORE_HOT_ROWS = 10
    put(*[row(subject, subject, 3) for subject in range(1, 41)])
    compact(NOW)


def live() -> set[str]:
    return set(Part.objects.filter(replaced_seq=None).values_list("name", flat=True))


def amounts(subject: int, seq: int | None = None) -> list[int]:
    with snapshot(seq) as snap:
        return sorted(int(value) // 100 for value in snap.records([subject])["amount"].to_pylist())


def total() -> int:
    with snapshot() as snap:
        (found,) = snap.query("SELECT count(*) AS n FROM record")["n"].to_pylist()
        return int(found)


def test_a_large_old_generation_is_not_written_anew() -> None:
    old = live()
    put(row(1, 100, 1))
    done = compact(NOW)
    assert (done.hot_rows, done.rows, done.parts_kept) == (1, 1, len(old))
    assert old <= live()
    assert total() == 41
    assert check().faults == []


def test_what_a_large_batch_wrote_is_folded_once() -> None:
    put(*[row(subject, 1000 + subject, 1) for subject in range(1, 1001)])
    done = compact(NOW)
    assert (done.rows, done.parts_kept) == (1040, 0)
    assert compact(NOW).parts_kept == 2


def test_young_generations_are_folded_together() -> None:
    old = live()
    for key in range(100, 103):
        put(row(1, key, 1))
        compact(NOW)
    assert len(live() - old) == 2  # records and keys
    assert amounts(1) == [1, 1, 1, 3]


def test_the_old_is_written_anew_when_a_share_of_the_store_is_new() -> None:
    old = live()
    put(*[row(subject, 100 + subject, 1) for subject in range(1, 12)])
    done = compact(NOW)
    assert (done.rows, done.parts_kept) == (51, 0)
    assert not old & live()


def test_the_whole_is_written_anew_when_asked_for() -> None:
    old = live()
    assert compact(NOW, whole=True).rows == 40
    assert not old & live()


def test_rows_that_die_in_what_stays_are_not_read_any_more() -> None:
    first = put(row(7, 7, 4)).seq
    compact(NOW)
    put(row(7, 7, 5))
    compact(NOW)
    assert (amounts(7), amounts(7, first), amounts(7, first - 1)) == ([5], [4], [3])
    assert total() == 40
    assert check().faults == []


def test_a_hot_row_that_died_before_a_kept_batch_came_stays_dead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("xinrong.store.tiers.RATIO", 1)
    put(row(1, 100, 1))
    put(row(1, 100, 2))
    put(*[row(subject, 200 + subject, 3) for subject in range(1, 31)])
    erase([RecordId("tax", 230, 30)], article="a", reason="r", at=NOW)
    rewrite_erased(NOW)  # now it lies in a part for look-ups, and is large: it is kept
    done = compact(NOW)
    assert done.rows == 1
    assert amounts(1) == [2, 3, 3]
    put(row(2, 300, 1))
    compact(NOW)
    assert amounts(1) == [2, 3, 3]
    assert check().faults == []


def test_what_a_retraction_brings_back_becomes_current_again() -> None:
    put(*[row(subject, subject, 4) for subject in range(1, 4)])
    compact(NOW, whole=True)
    second = put(*[row(subject, subject, 5) for subject in range(1, 4)])
    compact(NOW)
    retract_batch(second.batch, "mistake", NOW)
    assert amounts(2) == [4]
    compact(NOW)
    assert amounts(2) == [4]
    with snapshot() as snap:
        past = [
            part for part in snap.parts(PartKind.HISTORY, PartKind.PAST_KEYS) if snap.needs(part)
        ]
    assert past == []
    assert check().faults == []


def test_what_is_shown_again_becomes_current_again() -> None:
    record = RecordId("tax", 7, 7)
    suppress([record], basis="repair", article="a", reason="r", at=NOW)
    compact(NOW, whole=True)
    assert amounts(7) == []
    lift([record], basis="repair", reason="r", at=NOW)
    compact(NOW)
    assert amounts(7) == [3]
    assert check().faults == []
