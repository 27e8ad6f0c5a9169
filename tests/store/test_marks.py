"""Marks beside records: as of a seq, over corrections and erasure, at no cost where there are none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from tests.store.rows import NOW, put, row
from xinrong.store.backups.journal import Entry
from xinrong.store.marks.marking import mark_again
from xinrong.store.marks.models import RecordMark
from xinrong.store.services import (
    MarkKind,
    Outcome,
    RecordId,
    erase,
    last_seq,
    mark,
    marks_of,
    snapshot,
    unmark,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
DAY = date(2026, 11, 1)
RECORD = RecordId("tax", 10, 1)


def marked(seq: int | None = None) -> dict[int, tuple[str, str]]:
    """Key -> what stands beside it, of subject 1."""
    with snapshot(seq) as snap:
        found = snap.marks(snap.records([1]))
    return {key: (mark.kind, mark.statement) for (_, key), mark in found.items()}


def object_to(record: RecordId = RECORD, statement: str = "不是我方", **more: Any) -> int:
    given = {"kind": MarkKind.OBJECTION, "on": DAY, "reference": "case1", "at": NOW, **more}
    return mark(record, statement=statement, **given)


def test_a_mark_stands_from_its_seq_to_the_next() -> None:
    put(row(1, 10, 5), row(1, 11, 6))
    before = last_seq()
    first = object_to()
    second = mark(RECORD, kind=MarkKind.STATEMENT, on=DAY, statement="仍有异议", at=NOW)
    assert unmark(RECORD, at=NOW) is not None
    assert marked(before) == {}
    assert marked(first) == {10: ("objection", "不是我方")}
    assert marked(second) == {10: ("statement", "仍有异议")}
    assert marked() == {}
    assert unmark(RECORD, at=NOW) is None, "there is none any more, so nothing takes a seq"


def test_it_is_of_all_versions_of_a_record_and_of_no_other() -> None:
    put(row(1, 10, 5), row(1, 11, 6), row(2, 12, 5))
    object_to()
    put(row(1, 10, 7))
    assert set(marked()) == {10}
    assert [one.key for one in marks_of([1])] == [10]
    assert marks_of([2]) == []


def test_another_case_does_not_take_it_off() -> None:
    put(row(1, 10, 5))
    object_to()
    assert unmark(RECORD, reference="another", at=NOW) is None
    assert set(marked()) == {10}


def test_an_upload_beside_it_need_not_compare_again() -> None:
    put(row(1, 10, 5))
    with CaptureQueriesContext(connection) as caught:
        object_to()
    touched = [one["sql"] for one in caught if "store_categoryhead" in one["sql"].lower()]
    assert all('"seq" =' not in sql for sql in touched if sql.startswith("UPDATE"))


def test_a_category_without_marks_asks_nothing(settings: Any) -> None:
    put(row(1, 10, 5))
    put(row(1, 20, 5, category="water"), category="water")
    object_to()
    with snapshot() as snap:
        rows = snap.records([1], ["water"])
        with CaptureQueriesContext(connections[snap.using]) as caught:
            assert snap.marks(rows) == {}
        assert len(caught) == 0
        rows = snap.records([1])
        with CaptureQueriesContext(connections[snap.using]) as caught:
            assert set(snap.marks(rows)) == {("tax", 10)}
        assert len(caught) == 1


def test_erasing_a_record_takes_the_words_with_it() -> None:
    put(row(1, 10, 5))
    object_to()
    erase([RECORD], article="x", reason="y", at=NOW)
    assert not RecordMark.objects.exclude(statement="").exists()
    assert marked() == {}


def test_a_restore_marks_what_was_objected_to_since_without_the_words() -> None:
    put(row(1, 10, 5))
    entry = Entry(
        sequence=1, kind="marked", at=NOW, prev="", digest="",
        payload={"records": [["tax", 10, 1]], "on": "2026-11-01", "reference": "case1"},
    )  # fmt: skip
    assert mark_again(entry) == Outcome.APPLIED
    assert marked() == {10: ("objection", "")}
    assert mark_again(entry) == Outcome.PRESENT
    unmark(RECORD, at=NOW)
    assert mark_again(entry) == Outcome.PRESENT, "the backup had it, and it was taken off since"
