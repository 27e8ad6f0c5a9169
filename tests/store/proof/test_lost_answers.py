"""An error that comes after a commit does not undo it: no file is deleted that the ledger names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, transaction

from tests.store.rows import NOW, put, row
from xinrong.store import compaction, erasure, retraction, services, writer
from xinrong.store.discarding import discard
from xinrong.store.manifest import layout
from xinrong.store.services import RecordId, check, compact, erase, orphans, retract_batch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store_root")]


@pytest.fixture
def stock(settings: Any) -> int:
    """A part, an erased record in it, and a batch that repeats all the others. Its number."""
    settings.STORE_HOT_ROWS = 4
    rows = [row(subject, subject, 3) for subject in range(1, 12)]
    first = put(*rows)
    put(*rows[1:])
    erase([RecordId("tax", 1, 1)], article="art. 1", reason="order", at=NOW)
    return first.batch


def lose_answers_of(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commit of that module's transaction succeed and its answer be lost."""

    def lost() -> None:
        raise OperationalError("the connection was lost while it committed")

    def next_seq(*args: Any, real: Callable[..., int] = module.next_seq) -> int:
        transaction.on_commit(lost)
        return real(*args)

    monkeypatch.setattr(module, "next_seq", next_seq)


@pytest.mark.parametrize(
    ("module", "work"),
    [
        (writer, lambda _: put(*[row(subject, 100 + subject, 3) for subject in range(9)])),
        (retraction, lambda first: retract_batch(first, "mistake", NOW)),
        (erasure, lambda _: services.rewrite_erased(NOW)),
        (compaction, lambda _: compact(NOW)),
    ],
    ids=["a batch", "a retraction", "an erasure", "a compaction"],
)
def test_a_lost_answer_to_a_commit_loses_no_part(
    stock: int,
    module: Any,
    work: Callable[[int], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seq = services.last_seq()
    lose_answers_of(module, monkeypatch)
    with pytest.raises(OperationalError):
        work(stock)
    assert services.last_seq() > seq
    assert check().faults == []


def test_what_did_not_commit_is_deleted_at_once(
    stock: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*args: Any) -> int:
        raise OperationalError("not today")

    monkeypatch.setattr(compaction, "next_seq", refused)
    monkeypatch.setattr(writer, "next_seq", refused)
    with pytest.raises(OperationalError):
        compact(NOW)
    with pytest.raises(OperationalError):
        put(*[row(subject, 100 + subject, 3) for subject in range(9)])
    assert orphans() == []
    assert check().faults == []


def test_while_the_database_is_lost_files_stay_as_orphans(
    stock: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    loose = layout().parts / "b00000099-left.parquet"
    loose.write_bytes(b"x")
    database = transaction.get_connection()
    with monkeypatch.context() as lost:
        lost.setattr(database, "connection", None)
        with pytest.raises(OperationalError):
            fail_and_discard(loose)
    assert orphans() == [loose.name]
    with pytest.raises(OperationalError):
        fail_and_discard(loose)
    assert orphans() == []


def fail_and_discard(path: Path) -> None:
    """Delete a file for nothing while the database's error is handled."""
    try:
        raise OperationalError("server closed the connection unexpectedly")  # noqa: TRY301
    except OperationalError:
        discard([path])
        raise
