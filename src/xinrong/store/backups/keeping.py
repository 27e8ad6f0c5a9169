"""Looking after backups: prove that one is whole, and give one up."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from xinrong.store.backups.backup import Backup, alone, backups, file_of, find_backup
from xinrong.store.backups.dumping import FILES, SQLITE, DumpFailed, PartEntry, run_tool
from xinrong.store.manifest import sync_folder
from xinrong.store.parts import digest_of_file


@dataclass
class Verified:
    """What was read of a backup and what is wrong; `faults` empty means that it is whole."""

    backup: Backup
    files: int = 0
    size: int = 0  # bytes
    faults: list[str] = field(default_factory=list)


def verify(dest: Path, name: str = "") -> Verified:
    """Read every byte of a backup (the newest when no name is given). Raises NoBackup."""
    made = find_backup(dest, name)
    found = Verified(made)
    database = database_of(dest, made)
    _check_file(database, made.database_sha256, "the database", found)
    if not found.faults:
        _open_database(database, made.kind, found)
    for part in made.parts:
        _check_file(file_of(dest, part), part.sha256, f"part {part.name}", found)
    for one in made.companions:
        _check_file(file_of(dest, one), one.sha256, one.name, found)
    return found


def database_of(dest: Path, made: Backup) -> Path:
    """Where a backup's copy of the database lies."""
    return dest / "backups" / made.name / FILES[made.kind]


def _check_file(path: Path, sha256: str, what: str, found: Verified) -> None:
    found.files += 1
    try:
        if digest_of_file(path) != sha256:
            found.faults.append(f"{what} does not have the bytes that were written")
        found.size += path.stat().st_size
    except FileNotFoundError:
        found.faults.append(f"{what} is missing")
    except OSError as error:
        found.faults.append(f"{what} cannot be read: {error.strerror or error}")


def _open_database(path: Path, kind: str, found: Verified) -> None:
    """That the copy is not only the bytes that were written but a database."""
    try:
        if kind == SQLITE:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
                [(said,)] = copy.execute("PRAGMA quick_check(1)").fetchall()
            if said != "ok":
                found.faults.append(f"the database is damaged: {said}")
        else:
            run_tool("pg_restore", {}, "--list", str(path))
    except (sqlite3.Error, DumpFailed) as error:
        found.faults.append(f"the database cannot be opened: {error}")


@dataclass(frozen=True)
class Forgotten:
    """A backup that was given up, and the files that no other backup needed."""

    name: str
    files: int
    size: int  # bytes freed in this folder


def forget(dest: Path, name: str) -> Forgotten:
    """Delete a backup and what only it needed: how erased values leave old backups too.

    Raises NoBackup, and BackupRefused while a backup is being written.
    """
    with alone(dest):
        made = find_backup(dest, name)
        gone = dest / "backups" / f".new-{made.name}"  # should we be killed: removed by the next
        (dest / "backups" / made.name).rename(gone)
        sync_folder(gone.parent)
        shutil.rmtree(gone)
        needed = {one.sha256 for other in backups(dest) for one in other.files}
        own = {one.sha256: one for one in made.files}
        unneeded = [one for digest, one in own.items() if digest not in needed]
        size = sum(_remove(dest, one) for one in unneeded) + made.database_size
    return Forgotten(made.name, len(unneeded), size)


def _remove(dest: Path, part: PartEntry) -> int:
    file_of(dest, part).unlink(missing_ok=True)
    return part.size
