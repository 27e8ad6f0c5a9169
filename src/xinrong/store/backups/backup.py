"""Backups: database and parts of one moment, whole or not there.

A folder of backups holds

    backups/<moment>-<seq>/manifest.json, database.sqlite3 or database.dump
    files/<two letters>/<sha256>       parts and companions, by the digest of their bytes

Parts never change, so a second backup to the same folder takes only those that are new: linked
where the folder is on the same file system, else copied. A backup is written under another name,
made durable and renamed. Companions are what else a restored platform needs; secrets are not in it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from xinrong import __version__
from xinrong.domain.clock import Clock
from xinrong.store.backups import journal
from xinrong.store.backups.companions import keep_companions
from xinrong.store.backups.dumping import Dumped, PartEntry, dump
from xinrong.store.backups.journal import Position
from xinrong.store.backups.leases import lease
from xinrong.store.errors import PartDamaged, StoreError
from xinrong.store.manifest import layout, sync_file, sync_folder
from xinrong.store.parts import digest_of_file
from xinrong.store.sequence import last_seq

FORMAT = 2
#: The first had no companions.
READABLE = (1, 2)
_UNFINISHED = ".new-"
#: Told (files done, files in all).
Progress = Callable[[int, int], None]


class BackupRefused(StoreError):
    """A backup could not be made; the folder is as it was."""

    code = "backup_refused"


class NoBackup(StoreError):
    """There is no such backup, or its manifest cannot be relied on."""

    code = "no_backup"


@dataclass(frozen=True)
class Backup:
    """A backup as its manifest describes it."""

    name: str
    format: int
    taken_at: datetime
    program: str  # version of the program that made it
    kind: str  # sqlite, postgresql
    database_sha256: str
    database_size: int
    identity: UUID  # of the ledger
    seq: int
    batches: int
    rows: int
    hot_rows: int
    buckets: int
    store_format: int
    parts: tuple[PartEntry, ...]
    migrations: tuple[str, ...]
    journal: Position  # how far it reached before the database was copied
    copied: int = 0  # parts that this backup brought; the others were there
    companions: tuple[PartEntry, ...] = ()  # papers and public keys: path in the data folder

    @property
    def files(self) -> tuple[PartEntry, ...]:
        """Everything but the database: parts and companions."""
        return (*self.parts, *self.companions)

    @property
    def size(self) -> int:
        """Bytes of database and files, also of those that it shares with other backups."""
        return self.database_size + sum(one.size for one in self.files)


def back_up(
    dest: Path, *, clock: Clock, copy: bool = False, progress: Progress | None = None
) -> Backup:
    """Make a backup in the folder `dest` while readers and writers go on.

    `copy` writes parts anew where a link could do: bytes that rot then rot in one place only.
    Raises BackupRefused, DumpFailed, and PartDamaged when a part of the store is not sound.
    """
    taken_at = clock.now().astimezone(UTC)
    try:
        with alone(dest), lease(last_seq(), clock):
            reached = journal.position()
            work = dest / "backups" / f"{_UNFINISHED}{uuid.uuid4().hex}"
            work.mkdir(mode=0o700)
            try:
                dumped = dump(work)
                copied = _keep_parts(dest, dumped.parts, progress, copy=copy)
                companions = keep_companions(dest, _UNFINISHED, lambda one: file_of(dest, one))
                made = _described(dumped, taken_at, reached, copied, companions)
                _finish(dest, work, made)
            except BaseException:
                shutil.rmtree(work, ignore_errors=True)
                raise
    except OSError as error:
        raise BackupRefused(
            f"no backup was made in {dest}: {error.strerror or error}",
            remedy="Make room or rights there, or name another folder.",
        ) from error
    return made


@contextmanager
def alone(dest: Path) -> Iterator[None]:
    """One backup at a time in a folder; what a killed one left is removed."""
    (dest / "backups").mkdir(parents=True, exist_ok=True)
    (dest / "files").mkdir(exist_ok=True)
    with (dest / "lock").open("ab") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRefused(
                f"another backup is at work in {dest}", remedy="Wait until it has ended."
            ) from error
        left_over = (f"backups/{_UNFINISHED}*", f"files/{_UNFINISHED}*", f"files/*/{_UNFINISHED}*")
        for left in [path for pattern in left_over for path in dest.glob(pattern)]:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield


def _keep_parts(
    dest: Path, parts: tuple[PartEntry, ...], progress: Progress | None, *, copy: bool
) -> int:
    """See that every part's bytes are in the folder; returns how many had to be brought."""
    source = layout().parts
    touched: set[Path] = set()
    copied = 0
    for number, part in enumerate(parts, start=1):
        target = file_of(dest, part)
        if not (target.exists() and target.stat().st_size == part.size):
            target.parent.mkdir(exist_ok=True)
            _bring(source / part.name, target, part, copy=copy)
            touched.add(target.parent)
            copied += 1
        if progress:
            progress(number, len(parts))
    for folder in (*touched, dest / "files"):
        sync_folder(folder)
    return copied


def _bring(source: Path, target: Path, part: PartEntry, *, copy: bool) -> None:
    new = target.with_name(f"{_UNFINISHED}{uuid.uuid4().hex}")
    try:
        place(source, new, copy=copy)
        if digest_of_file(new) != part.sha256:
            new.unlink()
            raise PartDamaged(
                f"part {part.name} does not have the bytes that were written",
                remedy="No backup was made. Restore this part from the last one.",
            )
    except FileNotFoundError as error:
        raise PartDamaged(
            f"part {part.name} is missing",
            remedy="No backup was made. Restore this part from the last one.",
        ) from error
    sync_file(new)
    new.replace(target)


def place(source: Path, target: Path, *, copy: bool) -> None:
    """Have a file at another path too: linked on the same file system, unless `copy`."""
    if not copy:
        try:
            target.hardlink_to(source)
        except FileNotFoundError:
            raise
        except OSError:  # another file system, or one without links
            pass
        else:
            return
    shutil.copyfile(source, target)


def file_of(dest: Path, part: PartEntry) -> Path:
    """Where the bytes of a part or companion lie in a folder of backups."""
    return dest / "files" / part.sha256[:2] / part.sha256


def _described(
    dumped: Dumped,
    taken_at: datetime,
    reached: Position,
    copied: int,
    companions: tuple[PartEntry, ...],
) -> Backup:
    from xinrong.store.manifest import FORMAT as STORE_FORMAT

    return Backup(
        name=f"{taken_at:%Y%m%dT%H%M%S.%fZ}-{dumped.seq}",
        format=FORMAT,
        taken_at=taken_at,
        program=__version__,
        kind=dumped.kind,
        database_sha256=digest_of_file(dumped.path),
        database_size=dumped.path.stat().st_size,
        identity=dumped.identity,
        seq=dumped.seq,
        batches=dumped.batches,
        rows=dumped.rows,
        hot_rows=dumped.hot_rows,
        buckets=layout().buckets,
        store_format=STORE_FORMAT,
        parts=dumped.parts,
        migrations=dumped.migrations,
        journal=reached,
        copied=copied,
        companions=companions,
    )


def _finish(dest: Path, work: Path, made: Backup) -> None:
    """Write the manifest, make all durable, and only then give the backup its name."""
    content = as_json(made)
    path = work / "manifest.json"
    path.write_text(json.dumps({**content, "digest": _digest(content)}, indent=1), encoding="utf-8")
    sync_file(path)
    sync_folder(work)
    target = dest / "backups" / made.name
    if target.exists():
        raise BackupRefused(f"there is a backup {made.name} already", remedy="Try again.")
    os.rename(work, target)  # noqa: PTH104 - must fail, not replace
    sync_folder(target.parent)


def as_json(made: Backup) -> dict[str, Any]:
    """A backup as its manifest holds it."""
    plain = {name: getattr(made, name) for name in Backup.__dataclass_fields__}
    return {
        **plain,
        "taken_at": made.taken_at.isoformat(),
        "identity": str(made.identity),
        "parts": [[part.name, part.sha256, part.size] for part in made.parts],
        "companions": [[one.name, one.sha256, one.size] for one in made.companions],
        "migrations": list(made.migrations),
        "journal": {"sequence": made.journal.sequence, "digest": made.journal.digest},
    }


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def backups(dest: Path) -> list[Backup]:
    """The backups of a folder, oldest first. Raises NoBackup for a manifest that was changed."""
    folder = dest / "backups"
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return [_read(dest, name) for name in names if not name.startswith(".")]


def find_backup(dest: Path, name: str = "") -> Backup:
    """The backup of that name, or the newest. Raises NoBackup."""
    folder = dest / "backups"
    if name:
        if "/" in name or not (folder / name / "manifest.json").is_file():
            raise NoBackup(
                f"{dest} has no backup {name!r}", remedy="`xinrong store backups` lists."
            )
        return _read(dest, name)
    found = backups(dest)
    if not found:
        raise NoBackup(f"{dest} holds no backup", remedy="Name the folder that backups go to.")
    return found[-1]


def _read(dest: Path, name: str) -> Backup:
    path = dest / "backups" / name / "manifest.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        digest = content.pop("digest")
        if content["format"] not in READABLE:
            raise NoBackup(
                f"backup {name} has format {content['format']}, this program reads {READABLE}",
                remedy="Use the release that wrote it.",
            )
        if digest != _digest(content):
            raise NoBackup(f"the manifest of backup {name} was changed", remedy="Use another one.")
        content["taken_at"] = datetime.fromisoformat(content["taken_at"])
        content["identity"] = UUID(content["identity"])
        content["parts"] = tuple(PartEntry(*part) for part in content["parts"])
        kept = content.get("companions", [])
        content["companions"] = tuple(PartEntry(*one) for one in kept)
        content["migrations"] = tuple(content["migrations"])
        content["journal"] = Position(**content["journal"])
        return Backup(**content)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoBackup(
            f"the manifest of backup {name} cannot be read", remedy="Use another one."
        ) from error
