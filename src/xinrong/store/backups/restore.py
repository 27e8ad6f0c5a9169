"""Restoring a backup into a new place: verified, checked, replayed, and only then there.

Everything is laid out beside the new folder, under a name that nothing opens. A second process,
with that as its data folder, brings the tables up to date, checks the store, replays what was
decided since, and gives the ledger a new identity. Only then does the folder get its name: a
restore that was interrupted never opens. On PostgreSQL the database itself is fenced until then:
its search path names a schema that is not there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from xinrong.databases import postgresql
from xinrong.store.backups.backup import Backup, find_backup, place
from xinrong.store.backups.backup import file_of as file_in
from xinrong.store.backups.companions import (
    CHECKPOINTS,
    PUBLIC_KEYS,
    SECRETS,
    lay_out_companions,
    secrets_missing,
    take_along,
)
from xinrong.store.backups.dumping import POSTGRESQL, arguments, run_tool
from xinrong.store.backups.journal import files
from xinrong.store.backups.keeping import database_of, verify
from xinrong.store.backups.reopening import FENCE, migrations_on_disk
from xinrong.store.errors import StoreError
from xinrong.store.manifest import FORMAT, sync_file, sync_folder

#: What an empty data folder may hold all the same, and keeps: it is no part of a store.
KEPT = frozenset({*SECRETS, PUBLIC_KEYS, CHECKPOINTS})
HARMLESS = KEPT | {"journal"}
DATABASE = "xinrong.sqlite3"


class RestoreRefused(StoreError):
    """The backup was not restored; what was there is as it was."""

    code = "restore_refused"


@dataclass(frozen=True)
class Restored:
    """What a restore did. `replayed`: kind → outcome → how many decisions of the journal."""

    backup: str
    folder: str
    seq_of_backup: int
    seq: int  # after the replay
    identity: str
    batches: int
    parts: int
    live_rows: int
    rows_erased: int  # from parts, by the replay or because the backup fell before the rewrite
    journal_entries: list[int]  # sequences of the decisions that were carried out again
    replayed: dict[str, dict[str, int]]
    secrets_missing: list[str]  # what they opened stays closed until they are put into the folder


def restore(
    dest: Path,
    into: Path,
    *,
    name: str = "",
    database_url: str = "",
    journal: Path | None = None,
    keys: Path | None = None,
) -> Restored:
    """Restore a backup (the newest when no name is given) into an empty or absent folder.

    `database_url` is the empty PostgreSQL database that a backup of PostgreSQL goes to; `journal`
    is where restrictive decisions are read from, by default the configured journal; `keys` is a
    folder with the secrets that no backup holds, by default `into` itself. Raises NoBackup,
    RestoreRefused, and the errors of the replay.
    """
    into = into.resolve()
    made = _sound(dest, name)
    _check_empty(into)
    server = _server(made, database_url)
    work = into.with_name(f".{into.name}.restoring")
    if work.exists():  # an earlier restore was interrupted
        shutil.rmtree(work)
    try:
        _lay_out(dest, made, work)
        if keys is not None:
            take_along(keys, work, frozenset(SECRETS))
        if into.exists():
            take_along(into, work, KEPT)
        sync_folder(work)
        missing = secrets_missing(work)  # the next step makes new ones
        if server:
            _fill_server(dest, made, server)
        report = _reopen(made, work, database_url, Path(journal or settings.JOURNAL))
        _give_name(work, into, Path(journal or settings.JOURNAL))
        if server:
            _lift_fence(server)
    except OSError as error:
        raise RestoreRefused(
            f"{into} was not restored: {error.strerror or error}",
            remedy="Make room or rights there; on a mount point, name a folder inside it.",
        ) from error
    return Restored(
        backup=made.name,
        folder=str(into),
        seq_of_backup=made.seq,
        batches=made.batches,
        parts=len(made.parts),
        secrets_missing=missing,
        **report,
    )


def _sound(dest: Path, name: str) -> Backup:
    made = find_backup(dest, name)
    if made.store_format != FORMAT:
        raise RestoreRefused(
            f"its store has format {made.store_format}, this program reads {FORMAT}",
            remedy=f"Restore it with release {made.program}.",
        )
    unknown = sorted(set(made.migrations) - migrations_on_disk())
    if unknown:
        raise RestoreRefused(
            f"the backup was made by a later release ({made.program}): it has {unknown[0]}",
            remedy="Restore it with that release or a later one.",
        )
    faults = verify(dest, made.name).faults
    if faults:
        raise RestoreRefused(
            f"backup {made.name} is not whole: {faults[0]}",
            remedy="Use another one; `xinrong store verify` lists all that is wrong.",
        )
    return made


def _check_empty(into: Path) -> None:
    if into.exists() and not into.is_dir():
        raise RestoreRefused(f"{into} is a file", remedy="Name a folder that is not there yet.")
    held = {path.name for path in into.iterdir()} if into.exists() else set()
    if held - HARMLESS:
        raise RestoreRefused(
            f"{into} is not empty: it holds {min(held - HARMLESS)}",
            remedy="Name a folder that is not there yet. What is there was not touched.",
        )


def _server(made: Backup, url: str) -> dict[str, Any]:
    """The settings of the database to fill; empty for SQLite. Refuses one that holds tables."""
    if made.kind != POSTGRESQL:
        if url:
            raise RestoreRefused(
                "this backup is of SQLite and goes into the folder alone",
                remedy="Leave the database out.",
            )
        return {}
    if not url.startswith(("postgresql://", "postgres://")):
        raise RestoreRefused(
            "this backup is of PostgreSQL", remedy="Name an empty database: --database URL."
        )
    import psycopg

    found = postgresql(url, reads=False)
    with psycopg.connect(**arguments(found)) as connection:
        [(tables,)] = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN "
            "('pg_catalog', 'information_schema')"
        ).fetchall()
    if tables:
        raise RestoreRefused(
            f"the database {found['NAME']} holds {tables} tables",
            remedy="Name an empty one. What is there was not touched.",
        )
    return found


def _lay_out(dest: Path, made: Backup, work: Path) -> None:
    """Parts, companions and, for SQLite, the database, durable under the unfinished name."""
    work.parent.mkdir(parents=True, exist_ok=True)
    store = work / "store"
    for folder in (store / "parts", store / "staging"):
        folder.mkdir(parents=True)
    work.chmod(0o700)
    for part in made.parts:
        target = store / "parts" / part.name
        place(file_in(dest, part), target, copy=False)
        sync_file(target)
    manifest = {"format": made.store_format, "buckets": made.buckets}
    (store / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    sync_file(store / "manifest.json")
    if made.kind != POSTGRESQL:
        shutil.copyfile(database_of(dest, made), work / DATABASE)
        sync_file(work / DATABASE)
    lay_out_companions(made.companions, lambda one: file_in(dest, one), work)
    for folder in (store / "parts", store):
        sync_folder(folder)


def _fill_server(dest: Path, made: Backup, server: dict[str, Any]) -> None:
    """Fence the database, then fill it in one transaction."""
    _execute(server, FENCE)
    run_tool(
        "pg_restore", server, "--single-transaction", "--exit-on-error", "--no-owner",
        "--no-privileges", f"--dbname={server['NAME']}", str(database_of(dest, made)),
    )  # fmt: skip


def _lift_fence(server: dict[str, Any]) -> None:
    _execute(server, "ALTER DATABASE {} RESET search_path")


def _execute(server: dict[str, Any], statement: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(**arguments(server), autocommit=True) as connection:
        name = sql.Identifier(str(server["NAME"]))
        connection.execute(sql.SQL(statement).format(name))


def _reopen(made: Backup, work: Path, url: str, journal: Path) -> dict[str, Any]:
    """Check and replay in a process of its own, whose data folder is the unfinished one."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("XINRONG_DATABASE_URL", "XINRONG_DATABASE_URL_FILE")
    }
    kept |= {"XINRONG_DATA": str(work), "XINRONG_JOURNAL": str(journal)}
    if url:
        kept["XINRONG_DATABASE_URL"] = url
    since = {"taken_at": made.taken_at.isoformat(), **asdict(made.journal)}
    done = subprocess.run(  # noqa: S603 - this program, no shell
        [sys.executable, "-m", "xinrong.cli.main", "store", "reopen", json.dumps(since)],
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        said = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise RestoreRefused(
            f"the restored store was not opened: {said}",
            remedy=f"What was laid out is in {work}; the next attempt removes it.",
        )
    report: dict[str, Any] = json.loads(lines[-1])
    return report


def _give_name(work: Path, into: Path, journal: Path) -> None:
    """The last step: from here on the folder is there, and whole."""
    if "XINRONG_JOURNAL" not in os.environ:
        _take_journal(journal, work / "journal")
    if into.exists():
        for path in into.iterdir():  # only what HARMLESS names: `work` has it by now
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    sync_folder(work)
    os.rename(work, into)  # noqa: PTH104 - onto an empty folder or none
    sync_folder(into.parent)


def _take_journal(journal: Path, target: Path) -> None:
    """The journal goes on in the restored folder: a later restore must find its older lines."""
    target.mkdir()
    for path in files(journal):
        shutil.copy2(path, target / path.name)
        sync_file(target / path.name)
    sync_folder(target)
