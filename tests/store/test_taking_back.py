"""What happens to a record when somebody takes something back: retracted, suppressed, erased."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.store.rows import NOW, put, row
from tests.store.test_life import scanned, seen
from xinrong.store.manifest import layout
from xinrong.store.models import Batch, Part
from xinrong.store.services import (
    RecordId,
    check,
    compact,
    erase,
    erasures_of,
    last_seq,
    lift,
    preview_retraction,
    remove_replaced,
    retract_batch,
    rewrite_erased,
    snapshot,
    suppress,
    suppressions_of,
)
from xinrong.store.suppression import UnknownBasisError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]

RECORD = RecordId("tax", 10, 1)


@pytest.fixture(params=["hot", "parts", "folded"])
def kept(request: pytest.FixtureRequest, settings: Any) -> Any:
    """Where rows lie: in the hot table, in runs, or in folded parts. Call it after each batch."""
    if request.param == "parts":
        settings.STORE_HOT_ROWS = 1
    return (lambda: compact(NOW)) if request.param == "folded" else (lambda: None)


def batch_of(key: int) -> int:
    with snapshot() as snap:
        [found] = snap.query(f"SELECT batch FROM record WHERE key = {key}").to_pylist()
    return int(found["batch"])


def test_a_retracted_batch_leaves_its_records_to_the_next_that_sent_the_same(kept: Any) -> None:
    first = put(row(1, 10, 5), row(1, 11, 5))
    kept()
    second = put(row(1, 10, 5), row(2, 12, 6))
    third = put(row(1, 10, 5))
    kept()
    preview = preview_retraction(first.batch)
    assert (preview.promoted, preview.disappear, preview.return_again) == (1, 1, 0)
    seq = retract_batch(first.batch, "mistake", NOW)
    assert seen(1) == [(10, 5)]
    assert batch_of(10) == second.batch
    assert seen(1, seq - 1) == [(10, 5), (11, 5)]
    assert check().faults == []
    kept()
    retract_batch(second.batch, "mistake", NOW)
    assert (seen(1), seen(2)) == ([(10, 5)], [])
    assert batch_of(10) == third.batch
    retract_batch(third.batch, "mistake", NOW)
    assert scanned() == []
    assert check().faults == []


def test_the_promoted_row_says_all_that_the_first_one_said_and_its_own_row_number(
    kept: Any,
) -> None:
    first = put(row(1, 10, 5, t1="一", display='{"a":1}'))
    kept()
    put(row(1, 99, 5), row(1, 10, 5, t1="一", display='{"a":1}'))
    with snapshot() as snap:
        before = snap.records([1]).to_pylist()
    retract_batch(first.batch, "mistake", NOW)
    with snapshot() as snap:
        after = snap.records([1]).to_pylist()
    assert [content(one) for one in after] == [content(one) for one in before]
    assert {one["key"]: one["row_no"] for one in after} == {10: 2, 99: 1}


def content(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in row if name not in ("batch", "row_no", "since")}


def test_a_reference_does_not_bring_back_what_was_corrected_since(kept: Any) -> None:
    first = put(row(1, 10, 5))
    put(row(1, 10, 5))
    kept()
    third = put(row(1, 10, 6))
    kept()
    retract_batch(first.batch, "mistake", NOW)
    assert seen(1) == [(10, 6)]
    retract_batch(third.batch, "mistake", NOW)
    assert seen(1) == [(10, 5)]
    assert check().faults == []


def test_a_retracted_reference_changes_nothing(kept: Any) -> None:
    put(row(1, 10, 5))
    second = put(row(1, 10, 5))
    kept()
    retract_batch(second.batch, "mistake", NOW)
    assert seen(1) == [(10, 5)]


def test_a_suppressed_record_is_shown_to_nobody_but_an_auditor(kept: Any) -> None:
    put(row(1, 10, 5), row(1, 11, 6))
    kept()
    before = last_seq()
    suppress([RECORD], basis="repair", article="Order 36, article 20", reason="paid", at=NOW)
    kept()
    assert seen(1) == [(11, 6)]
    assert [line[1] for line in scanned()] == [11]
    assert seen(1, before) == [(11, 6)], "reading the past shows no more than reading now"
    with snapshot(suppressed=True) as snap:
        assert len(snap.records([1])) == 2
        assert len(snap.query("SELECT key FROM record ORDER BY key")) == 2
    assert [one.article for one in suppressions_of([1])] == ["Order 36, article 20"]


def test_what_was_shown_then_is_compared_with_what_was_suppressed_then(kept: Any) -> None:
    put(row(1, 10, 5), row(1, 11, 6))
    suppress([replace(RECORD, key=11)], basis="objection", article="a", reason="r", at=NOW)
    kept()
    before = last_seq()
    suppress([RECORD], basis="display_over", article="b", reason="r", at=NOW)
    kept()
    lift([replace(RECORD, key=11)], basis="objection", reason="dismissed", at=NOW)
    with snapshot(before, then=True) as snap:
        assert snap.records([1])["key"].to_pylist() == [10]
        assert snap.query("SELECT key FROM record")["key"].to_pylist() == [10]
    with snapshot(then=True) as snap:
        assert snap.records([1])["key"].to_pylist() == [11]


def test_a_suppression_holds_for_a_version_that_comes_later(kept: Any) -> None:
    put(row(1, 10, 5))
    suppress([RECORD], basis="objection", article="a", reason="r", at=NOW)
    kept()
    done = put(row(2, 10, 6))
    kept()
    assert done.corrected == 1
    assert scanned() == []
    assert seen(2) == []


def test_a_record_is_shown_again_when_its_last_suppression_is_lifted(kept: Any) -> None:
    put(row(1, 10, 5))
    suppress([RECORD], basis="objection", article="a", reason="r", at=NOW)
    suppress([RECORD], basis="display_over", article="b", reason="r", at=NOW)
    kept()
    lift([RECORD], basis="objection", reason="dismissed", at=NOW)
    assert seen(1) == []
    lift([RECORD], basis="display_over", reason="miscounted", at=NOW)
    assert seen(1) == [(10, 5)]
    assert scanned() == [(1, 10, 5)]


def test_a_suppression_names_one_of_three_bases() -> None:
    with pytest.raises(UnknownBasisError, match="repair, objection, display_over"):
        suppress([RECORD], basis="whim", article="a", reason="r", at=NOW)


def test_an_erased_record_is_gone_at_every_seq_and_from_every_file(kept: Any) -> None:
    put(row(1, 10, 5, t1="SECRET-ONE"), row(1, 11, 6))
    put(row(1, 10, 7, t1="SECRET-TWO"), row(1, 12, 6))
    kept()
    before = last_seq()
    erase([RECORD], article="PIPL, article 47", reason="request", at=NOW)
    assert seen(1) == [(11, 6), (12, 6)]
    assert seen(1, before) == [(11, 6), (12, 6)]
    with snapshot(before, suppressed=True) as snap:
        assert 10 not in snap.query("SELECT key FROM record ORDER BY key")["key"].to_pylist()
    rewrite_erased(NOW)
    compact(NOW)
    remove_replaced(NOW.replace(year=2027))
    assert check().faults == []
    assert seen(1, before) == [(11, 6), (12, 6)]
    for part in Part.objects.all():
        assert 10 not in keys_in(part), part.name
    [erasure] = erasures_of([1])
    assert (erasure.article, erasure.at) == ("PIPL, article 47", NOW)
    assert sum(batch.erased for batch in Batch.objects.all()) == 2


def keys_in(part: Part) -> list[int]:
    import pyarrow.parquet as pq

    return [*pq.read_table(layout().parts / part.name)["key"].to_pylist()]


def test_an_erased_record_that_is_sent_again_is_refused_and_counted(kept: Any) -> None:
    put(row(1, 10, 5))
    kept()
    erase([RECORD], article="a", reason="r", at=NOW)
    done = put(row(1, 10, 5), row(1, 11, 5))
    assert done.rows == 1
    assert seen(1) == [(11, 5)]
    assert check().faults == []


def test_a_preview_of_a_retraction_counts_no_erased_row(kept: Any) -> None:
    done = put(row(1, 10, 5), row(1, 11, 5))
    kept()
    erase([RECORD], article="a", reason="r", at=NOW)
    assert preview_retraction(done.batch).disappear == 1


def test_a_batch_that_was_compared_before_an_erasure_is_compared_again() -> None:
    from tests.store.rows import table
    from xinrong.store.services import commit_batch, open_batch, writer

    batch = open_batch(
        feed="f", category="tax", department="d", source_name="", source_digest="", received_at=NOW
    )
    put(row(1, 9, 1))
    with writer(batch) as out:
        out.add(table([row(1, 10, 5)]))
        delta = out.compare()
        assert delta.accepted == 1
        erase([RECORD], article="a", reason="r", at=NOW)
        done = commit_batch(out, NOW)
    assert done.rows == 0
    assert seen(1) == [(9, 1)]


def test_an_erasure_survives_a_compaction_that_began_before_it(monkeypatch: Any) -> None:
    from xinrong.store import compaction
    from xinrong.store.errors import CompactionOvertaken

    put(row(1, 10, 5), row(1, 11, 5))
    fold = compaction.fold_keys

    def late(*args: Any) -> Any:
        erase([RECORD], article="a", reason="r", at=NOW)
        return fold(*args)

    monkeypatch.setattr(compaction, "fold_keys", late)
    with pytest.raises(CompactionOvertaken):
        compact(NOW)
    monkeypatch.undo()
    compact(NOW)
    assert seen(1) == [(11, 5)]
    assert check().faults == []


@pytest.mark.parametrize("same", [True, False])
def test_a_retraction_looks_again_only_when_another_touched_its_records(
    monkeypatch: pytest.MonkeyPatch, same: bool
) -> None:
    from xinrong.store import retraction

    put(row(1, 10, 4))
    wrong = put(row(1, 10, 5))
    looked: list[int] = []

    def look_and_lose(snap: Any, batch: int) -> Any:
        outcome = outcome_of(snap, batch)
        if not looked:
            put(row(1, 10 if same else 11, 6))
        looked.append(batch)
        return outcome

    outcome_of = retraction.outcome_of
    monkeypatch.setattr(retraction, "outcome_of", look_and_lose)
    retract_batch(wrong.batch, "mistake", NOW)
    assert len(looked) == (2 if same else 1)
    assert seen(1) == ([(10, 6)] if same else [(10, 4), (11, 6)])
    assert check().faults == []
