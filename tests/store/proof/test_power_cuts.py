"""When the power is cut, only what was synced is left: every acknowledged commit is among it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.proof.cutting import Recorded, complete, cut, record
from tests.store.proof.disk import Disk, Luck
from tests.store.proof.recorder import Entry, Kind, entries, recording
from tests.store.proof.verifier import Verifier

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def recorded(base: Path, shim: Path, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """A life of the working process."""
    return record(base, tmp_path_factory.mktemp("recorded"), shim, 20261122, 25)


@pytest.mark.big
def test_the_record_holds_every_byte_that_was_written(recorded: Recorded) -> None:
    assert complete(recorded) == []
    assert {Kind.WRITE, Kind.SYNC, Kind.RENAME, Kind.MKDIR, Kind.MARK} <= {
        entry.kind for entry in recorded.log
    }


@pytest.mark.big
def test_every_acknowledged_commit_survives_a_power_cut(recorded: Recorded, tmp_path: Path) -> None:
    with Verifier(tmp_path / "verifier") as verifier:
        found = cut(recorded, verifier, tmp_path, 16, 20261122)
    assert found.faults == []
    assert (found.cuts, found.failures) == (16, 0)


@pytest.mark.big
@pytest.mark.parametrize("unsynced", ["parts", ".parquet", "-wal"])
def test_a_store_that_forgot_to_sync_would_be_found_out(
    recorded: Recorded, tmp_path: Path, unsynced: str
) -> None:
    careless = Recorded(recorded.before, recorded.after, without_syncs(recorded.log, unsynced))
    with Verifier(tmp_path / "verifier") as verifier:
        found = cut(careless, verifier, tmp_path, 3, 1, [Luck.NOTHING])
    assert found.failures > 0


def without_syncs(log: list[Entry], ending: str) -> list[Entry]:
    """The log without the syncs of files and folders whose names end so."""
    names: dict[int, str] = {}
    kept = []
    for entry in log:
        if entry.kind == Kind.OPEN:
            names[entry.handle] = entry.first
        if not (entry.kind == Kind.SYNC and names[entry.handle].endswith(ending)):
            kept.append(entry)
    return kept


# -- the disk itself ----------------------------------------------------------------------------


@pytest.fixture
def after(shim: Path, tmp_path: Path) -> Callable[[str, Luck], dict[str, bytes]]:
    """`after(script, luck)`: what a cut leaves after a script that works in its current folder."""

    def run(script: str, luck: Luck) -> dict[str, bytes]:
        before, root, log = tmp_path / "before", tmp_path / "root", tmp_path / "log"
        before.mkdir()
        root.mkdir()
        for folder in (before, root):
            (folder / "old").write_bytes(b"old")
        subprocess.run(
            [
                sys.executable,
                "-c",
                f"import os\nsync = lambda p: os.fsync(os.open(p, 0))\n{script}",
            ],
            env={**os.environ, **recording(shim, root, log)},
            cwd=root,
            check=True,
        )
        disk = Disk(before, root)
        for entry in entries(log):
            disk.follow(entry)
        assert disk.strange == []
        assert disk.same_as(root) == []
        disk.cut(tmp_path / "left", luck, random.Random(1))
        left = (tmp_path / "left").rglob("*")
        return {path.name: path.read_bytes() for path in left if path.is_file()}

    return run


def test_bytes_that_were_not_synced_are_lost(
    after: Callable[[str, Luck], dict[str, bytes]],
) -> None:
    script = 'open("old", "ab").write(b"er"); open("new", "wb").write(b"new"); sync(".")'
    assert after(script, Luck.NOTHING) == {"old": b"old", "new": b""}


def test_a_name_whose_folder_was_not_synced_is_lost(
    after: Callable[[str, Luck], dict[str, bytes]],
) -> None:
    script = 'open("new", "wb").write(b"new"); sync("new"); os.rename("old", "older")'
    assert after(script, Luck.NOTHING) == {"old": b"old"}


def test_a_folder_whose_own_name_was_not_synced_takes_its_files_along(
    after: Callable[[str, Luck], dict[str, bytes]],
) -> None:
    script = 'os.mkdir("d"); open("d/new", "wb").write(b"new"); sync("d/new"); sync("d")'
    assert after(script, Luck.NOTHING) == {"old": b"old"}


def test_what_was_synced_is_kept(after: Callable[[str, Luck], dict[str, bytes]]) -> None:
    script = (
        'open("new", "wb").write(b"new"); sync("new"); os.replace("new", "old"); '
        'os.truncate("old", 2); sync("old"); sync(".")'
    )
    assert after(script, Luck.NOTHING) == {"old": b"ne"}


def test_a_block_is_kept_or_lost_on_its_own(
    after: Callable[[str, Luck], dict[str, bytes]],
) -> None:
    script = 'open("new", "wb").write(b"x" * 65536); sync(".")'
    torn = after(script, Luck.TORN)["new"]
    assert {torn[start : start + 512] for start in range(0, len(torn) // 512 * 512, 512)} == {
        b"x" * 512,
        bytes(512),
    }
