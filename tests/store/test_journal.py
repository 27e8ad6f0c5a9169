"""The journal: durable before the decision, in order, unforgeable in the middle, torn at most at its end."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from xinrong.store.backups import journal, replaying
from xinrong.store.backups.journal import JournalDamaged, JournalUnwritable, Position, read, record
from xinrong.store.backups.replaying import JournalBehind, Outcome, UnknownDecision, replay

NOW = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> Path:
    settings.JOURNAL = tmp_path / "journal"
    return tmp_path / "journal"


@pytest.fixture
def carried_out(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sequences that a replay of `test` decisions carried out."""
    done: list[int] = []
    monkeypatch.setattr(replaying, "_replayers", {})

    @replaying.replayer("test")
    def again(entry: journal.Entry) -> Outcome:
        done.append(entry.sequence)
        return Outcome.APPLIED

    return done


def lines(place: Path) -> list[bytes]:
    return [line for path in journal.files(place) for line in path.read_bytes().splitlines(True)]


def test_decisions_are_read_in_the_order_in_which_they_were_written() -> None:
    assert [record("test", {"n": n}, NOW + timedelta(seconds=n)) for n in range(3)] == [1, 2, 3]
    found = list(read())
    assert [(one.sequence, one.payload["n"]) for one in found] == [(1, 0), (2, 1), (3, 2)]
    assert found[2].at == NOW + timedelta(seconds=2)
    assert found[2].prev == found[1].digest
    assert journal.position() == Position(3, found[2].digest)


def test_an_absent_journal_has_no_decision() -> None:
    assert list(read()) == []
    assert journal.position() == Position()


def test_a_line_is_synced_before_it_counts(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    synced: list[bytes] = []
    real = journal.os.fsync
    monkeypatch.setattr(
        journal.os, "fsync", lambda handle: (synced.append(b"".join(lines(place))), real(handle))
    )
    record("test", {"n": 7}, NOW)
    assert b'"n":7' in synced[0]


def test_a_torn_last_line_is_passed_over_and_then_replaced(place: Path) -> None:
    record("test", {}, NOW)
    record("test", {}, NOW)
    [path] = journal.files(place)
    whole = path.read_bytes()
    for cut in (1, 20, len(whole) // 2 - 1):
        path.write_bytes(whole[:-cut])
        assert [one.sequence for one in read()] == [1]
        assert journal.position().sequence == 1
        assert record("test", {}, NOW) == 2
        assert [one.sequence for one in read()] == [1, 2]


def test_a_torn_first_line_is_passed_over_and_then_replaced(place: Path) -> None:
    record("test", {}, NOW)
    [path] = journal.files(place)
    path.write_bytes(path.read_bytes()[:-3])
    assert list(read()) == []
    assert record("test", {}, NOW) == 1
    assert [one.sequence for one in read()] == [1]


@pytest.mark.parametrize("victim", [0, 1])
def test_a_changed_line_is_found(place: Path, victim: int) -> None:
    for _ in range(3):
        record("test", {"consent": 1}, NOW)
    [path] = journal.files(place)
    held = lines(place)
    held[victim] = held[victim].replace(b'"consent":1', b'"consent":2')
    path.write_bytes(b"".join(held))
    with pytest.raises(JournalDamaged, match="does not follow") as caught:
        list(read())
    assert caught.value.place.row == victim + 2


def test_a_removed_line_is_found(place: Path) -> None:
    for _ in range(3):
        record("test", {}, NOW)
    [path] = journal.files(place)
    held = lines(place)
    path.write_bytes(held[0] + held[2])
    with pytest.raises(JournalDamaged, match="sequence 3 where 2 belongs"):
        list(read())


def test_a_full_file_is_followed_by_another_in_one_chain(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "ROTATE_BYTES", 300)
    for number in range(7):
        record("test", {"n": number}, NOW)
    assert len(journal.files(place)) > 2
    assert [one.sequence for one in read()] == list(range(1, 8))
    last = journal.files(place)[-1]
    last.write_bytes(b"")  # a new file whose first line was never finished
    before = journal.position().sequence
    assert record("test", {}, NOW) == before + 1
    assert [one.sequence for one in read()] == list(range(1, before + 2))


def test_a_line_longer_than_what_is_read_at_once_is_found_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_TAIL", 16)
    record("test", {"keys": list(range(200))}, NOW)
    record("test", {"keys": list(range(100))}, NOW)
    assert journal.position().sequence == 2


def test_several_processes_write_one_chain(place: Path) -> None:
    script = (
        "import django; from django.conf import settings\n"
        f"settings.configure(JOURNAL={str(place)!r})\n"
        "from datetime import UTC, datetime\n"
        "from xinrong.store.backups.journal import record\n"
        "for n in range(25): record('test', {'n': n}, datetime(2026, 11, 1, tzinfo=UTC))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert [one.sequence for one in read()] == list(range(1, 76))


def test_a_journal_that_cannot_be_written_stops_the_decision(place: Path) -> None:
    place.write_text("a file where the folder belongs", encoding="utf-8")
    with pytest.raises(JournalUnwritable, match="cannot be written"):
        record("test", {}, NOW)


def test_no_line_is_cut_short_by_what_its_payload_holds(place: Path) -> None:
    record("test", {"text": "一行\n两行\u2028三行"}, NOW)
    assert len(lines(place)) == 1
    assert next(read()).payload == {"text": "一行\n两行\u2028三行"}
    assert json.loads(lines(place)[0])["kind"] == "test"


def test_what_came_after_the_backup_is_replayed(place: Path, carried_out: list[int]) -> None:
    early = NOW - timedelta(days=1)
    record("test", {}, early)
    record("test", {}, early)
    reached = journal.position()
    record("test", {}, NOW)
    done = replay(place, reached, NOW)
    assert carried_out == done.applied == [3]
    assert done.counts == {"test": {"applied": 1}}


def test_what_was_written_down_shortly_before_the_backup_is_offered_too(
    place: Path, carried_out: list[int]
) -> None:
    record("test", {}, NOW - timedelta(days=1))
    record("test", {}, NOW - timedelta(minutes=1))  # its transaction may not have committed yet
    replay(place, journal.position(), NOW)
    assert carried_out == [2]


def test_a_journal_that_lost_its_end_is_refused(place: Path, carried_out: list[int]) -> None:
    for _ in range(3):
        record("test", {}, NOW)
    reached = journal.position()
    [path] = journal.files(place)
    path.write_bytes(b"".join(lines(place)[:2]))
    with pytest.raises(JournalBehind, match="line 3"):
        replay(place, reached, NOW)
    assert carried_out == []


def test_another_platforms_journal_is_refused(place: Path, carried_out: list[int]) -> None:
    record("test", {"n": 1}, NOW)
    with pytest.raises(JournalBehind):
        replay(place, Position(1, "f" * 64), NOW)
    assert carried_out == []


def test_a_kind_that_nobody_can_carry_out_stops_the_restore(
    place: Path, carried_out: list[int]
) -> None:
    record("test", {}, NOW)
    record("later_kind", {}, NOW)
    with pytest.raises(UnknownDecision, match="later_kind"):
        replay(place, Position(), NOW)
    assert carried_out == []


def test_a_damaged_journal_replays_nothing(place: Path, carried_out: list[int]) -> None:
    for _ in range(3):
        record("test", {"n": 1}, NOW)
    [path] = journal.files(place)
    held = lines(place)
    path.write_bytes(held[0] + held[1].replace(b'"n":1', b'"n":2') + held[2])
    with pytest.raises(JournalDamaged):
        replay(place, Position(), NOW)
    assert carried_out == []
