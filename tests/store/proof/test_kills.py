"""Whatever is killed, at whatever moment: what was acknowledged is there, once and whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.proof.killing import Killer, migrated
from tests.store.proof.model import Diary, Seen, judge, subject_of, text_of
from tests.store.proof.servers import KilledPostgres
from tests.store.proof.verifier import Verifier

pytestmark = pytest.mark.timeout(400)


def assert_sound(killer: Killer) -> None:
    found = killer.kills
    assert (found.lost, found.doubled, found.half_visible) == (0, 0, 0), found.faults
    assert found.faults == []
    assert found.acknowledged > 0


@pytest.mark.big
def test_a_process_killed_at_any_moment_leaves_what_was_acknowledged(
    data: Path, shim: Path, tmp_path: Path
) -> None:
    killer = Killer(data, 20261122, shim=shim)
    with Verifier(tmp_path / "verifier") as verifier:
        for _ in range(2):
            killer.kill_by_time(verifier)
            killer.kill_by_change(verifier)
    assert_sound(killer)


@pytest.mark.big
def test_a_client_of_postgresql_killed_at_any_moment_leaves_what_was_acknowledged(
    server: KilledPostgres, shim: Path, tmp_path: Path
) -> None:
    database = {"XINRONG_DATABASE_URL": server.url}
    migrated(tmp_path / "data", **database)
    killer = Killer(tmp_path / "data", 20261123, shim=shim, **database)
    with Verifier(tmp_path / "verifier", **database) as verifier:
        killer.kill_by_time(verifier)
        killer.kill_by_change(verifier)
    assert_sound(killer)


@pytest.mark.big
def test_a_killed_postgresql_server_has_every_acknowledged_commit_when_it_is_back(
    server: KilledPostgres, tmp_path: Path
) -> None:
    database = {"XINRONG_DATABASE_URL": server.url}
    migrated(tmp_path / "data", **database)
    killer = Killer(tmp_path / "data", 20261124, shim=None, **database)

    def kill_server() -> None:
        server.kill_server()
        server.start_again()

    with Verifier(tmp_path / "verifier", **database) as verifier:
        killer.break_under(verifier, server.kill_backend, "a backend killed")
        killer.break_under(verifier, kill_server, "the server killed")
    assert_sound(killer)


# -- the judge itself ---------------------------------------------------------------------------

SENT = [
    '{"begin": {"verb": "send", "name": "one", "rows": [[1, 10], [2, 20]]}}\n',
    '{"end": true}\n',
]
PENDING = [*SENT, '{"begin": {"verb": "send", "name": "two", "rows": [[2, 21], [3, 30]]}}\n']


def seen(rows: dict[int, int], *batches: str, again: tuple[int, ...] = ()) -> Seen:
    """A store that shows these keys; keys in `again` twice."""
    shown = [(key, subject_of(key), rows[key], True) for key in [*rows, *again]]
    return Seen(shown, list(shown), [(name, False) for name in batches], [], [])


def test_the_judge_accepts_the_state_before_and_after_what_was_pending() -> None:
    diary = Diary().read(PENDING)
    before = judge(diary, seen({1: 10, 2: 20}, "one"))
    after = judge(diary, seen({1: 10, 2: 21, 3: 30}, "one", "two"))
    assert (before.sound, before.took_place) == (True, False)
    assert (after.sound, after.took_place) == (True, True)


def test_the_judge_finds_a_lost_record() -> None:
    assert judge(Diary().read(SENT), seen({1: 10}, "one")).lost == 1
    assert judge(Diary().read(SENT), seen({1: 10, 2: 21}, "one")).lost == 1
    assert judge(Diary().read(SENT), seen({1: 10, 2: 20})).lost == 1


def test_the_judge_finds_a_doubled_record_and_a_doubled_batch() -> None:
    assert judge(Diary().read(SENT), seen({1: 10, 2: 20}, "one", again=(2,))).doubled == 1
    assert judge(Diary().read(SENT), seen({1: 10, 2: 20}, "one", "one")).doubled == 1


def test_the_judge_finds_a_batch_that_is_visible_in_part() -> None:
    diary = Diary().read(PENDING)
    assert judge(diary, seen({1: 10, 2: 20, 3: 30}, "one")).half_visible == 1
    assert judge(diary, seen({1: 10, 2: 21}, "one", "two")).half_visible == 1
    assert judge(diary, seen({1: 10, 2: 20}, "one", "two")).half_visible == 1


def test_a_diary_line_that_was_cut_off_says_nothing() -> None:
    assert Diary().read([*SENT, PENDING[-1][:-9]]).begun is None


def test_two_versions_of_a_record_differ_in_their_text() -> None:
    assert len({text_of(key, content) for key in range(9) for content in range(9)}) == 81
