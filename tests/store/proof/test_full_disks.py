"""A full disk, or one that may not be written: a clear error, an unharmed store, and on it goes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError

from tests.store.proof.killing import migrated
from tests.store.proof.verifier import environment
from tests.store.rows import NOW, put, row
from xinrong.domain.disks import DiskFull, DiskReadOnly, disk_told, of_disk
from xinrong.domain.errors import XinrongError
from xinrong.store import writer
from xinrong.store.services import check, compact, orphans, snapshot

MIB = 1 << 20


class SmallDisk:
    """A disk of a few megabytes of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def fill(self, leave: int = 0) -> None:
        """Leave only so many bytes free."""
        found = os.statvfs(self.root)
        (self.root / "filler").write_bytes(b"x" * max(found.f_bavail * found.f_bsize - leave, 0))

    def make_room(self) -> None:
        (self.root / "filler").unlink()

    def lock(self, how: str) -> None:
        """`ro` or `rw`."""
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.root)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    root = tmp_path / "disk"
    root.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={16 * MIB}", "tmpfs", str(root)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("needs the command mount")
    if done.returncode:
        pytest.skip(f"needs the right to mount a small tmpfs: {done.stderr.strip()}")
    yield SmallDisk(root)
    subprocess.run(["umount", "-l", str(root)], check=True)


@pytest.fixture
def store_on_disk(disk: SmallDisk, settings: Any) -> SmallDisk:
    """A store with 20 folded rows on the small disk; the database lies elsewhere."""
    settings.STORE_ROOT = disk.root / "store"
    settings.STORE_HOT_ROWS = 8
    put(*[row(subject, subject, 3) for subject in range(1, 21)])
    compact(NOW)
    return disk


def large_batch() -> list[dict[str, Any]]:
    return [row(n % 7 + 1, 1_000 + n, n, display=os.urandom(300).hex()) for n in range(2_000)]


def assert_unharmed(rows: int) -> None:
    report = check()
    assert (report.faults, report.live_rows, report.orphans) == ([], rows, [])


@pytest.mark.django_db
@pytest.mark.parametrize("free", [0, 4_096, 200_000])
def test_a_batch_on_a_full_disk_is_refused_in_words_and_leaves_nothing_behind(
    store_on_disk: SmallDisk, free: int
) -> None:
    rows = large_batch()
    store_on_disk.fill(free)
    with pytest.raises(DiskFull, match=r"disk is full: .*\.parquet.*Make room"):
        put(*rows)
    assert_unharmed(20)
    store_on_disk.make_room()
    put(*rows)
    assert_unharmed(2_020)


@pytest.mark.django_db
def test_a_compaction_on_a_full_disk_changes_nothing(store_on_disk: SmallDisk) -> None:
    put(*large_batch())
    store_on_disk.fill(100_000)
    with pytest.raises(DiskFull, match="Make room"):
        compact(NOW)
    assert_unharmed(2_020)
    store_on_disk.make_room()
    compact(NOW)
    assert_unharmed(2_020)


@pytest.mark.django_db
def test_rows_that_cannot_be_staged_leave_no_half_file(
    store_on_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MEMORY_ROWS", 100)
    rows = large_batch()
    store_on_disk.fill(200_000)
    with pytest.raises(DiskFull, match="Make room"):
        put(*rows)
    assert orphans() == []
    assert_unharmed(20)


@pytest.mark.django_db
def test_a_store_on_a_read_only_disk_is_read_but_not_written(store_on_disk: SmallDisk) -> None:
    rows = large_batch()
    store_on_disk.lock("ro")
    with pytest.raises(DiskReadOnly, match="mount the disk for writing"):
        put(*rows)
    with pytest.raises(DiskReadOnly, match="mount the disk for writing"):
        compact(NOW)
    with snapshot() as snap:
        assert len(snap.records([7])) == 1
    assert_unharmed(20)
    store_on_disk.lock("rw")
    put(*rows)
    assert_unharmed(2_020)


# -- the database on a full disk, through the command -------------------------------------------


@pytest.fixture
def xinrong(disk: SmallDisk) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`xinrong(words…)` on a data folder, database and parts, that lies on the small disk."""
    migrated(disk.root / "data")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "xinrong.cli.main", *words],
            env=environment(disk.root / "data"),
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.big
@pytest.mark.timeout(300)
def test_a_file_on_a_full_disk_is_refused_with_status_1_and_taken_once_there_is_room(
    disk: SmallDisk, xinrong: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    sample = "samples/beijing/agriculture_rural/agricultural_producers.csv"
    words = ("collect", sample, "--feed", "agricultural_producers")
    for free in (0, 300_000):
        disk.fill(free)
        refused = xinrong(*words)
        assert refused.returncode == 1
        assert refused.stderr.startswith("error [disk_full]: the disk is full: ")
        assert "Make room on it, then do the same again." in refused.stderr
        disk.make_room()
    taken = xinrong(*words)
    assert taken.returncode == 0, taken.stderr
    checked = xinrong("store", "check")
    assert checked.stdout.startswith("seq 1: 1 batches"), checked.stderr
    assert checked.stdout.endswith("sound\n")


# -- what each library says of a disk -----------------------------------------------------------


def test_a_full_disk_is_known_by_whatever_a_library_says() -> None:
    wrapped = DatabaseError("could not extend file")
    wrapped.__cause__ = psycopg.errors.DiskFull("could not extend file")
    for error in (OSError(28, "No space left on device"), OSError(27, "File too large"), wrapped):
        assert isinstance(of_disk(error), DiskFull)
    assert isinstance(of_disk(PermissionError(13, "Permission denied")), DiskReadOnly)


def test_other_errors_are_left_as_they_are() -> None:
    refused = XinrongError("no", code="refused")
    refused.__cause__ = OSError(28, "No space left on device")
    for error in (ValueError("disk"), FileNotFoundError(2, "No such file"), refused):
        assert of_disk(error) is None
        with pytest.raises(type(error)), disk_told():
            raise error
