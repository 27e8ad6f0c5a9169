"""One consistent copy of the operational database, and what the ledger said in it.

SQLite by VACUUM INTO: one read transaction, writers go on, and nothing that was deleted is in the
copy. PostgreSQL by pg_dump of a snapshot that we export, so that the list of parts read beside it
is of the same moment.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections

from xinrong.store.errors import StoreError
from xinrong.store.manifest import sync_file

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FILES = {SQLITE: "database.sqlite3", POSTGRESQL: "database.dump"}
#: Runs a query and returns all of its rows.
Ask = Callable[[str], list[tuple[Any, ...]]]


class DumpFailed(StoreError):
    """The database could not be copied."""

    code = "dump_failed"


@dataclass(frozen=True)
class PartEntry:
    """A part that the ledger counted at the moment of the copy."""

    name: str
    sha256: str
    size: int  # bytes


@dataclass(frozen=True)
class Dumped:
    """The copy, and what its ledger says."""

    kind: str
    path: Path
    identity: UUID
    seq: int
    batches: int
    rows: int  # of batches that count, in parts and hot table
    hot_rows: int
    parts: tuple[PartEntry, ...]
    migrations: tuple[str, ...]  # app.name, sorted


def dump(folder: Path) -> Dumped:
    """Copy the database into a folder. Raises DumpFailed."""
    connection = connections["default"]
    if connection.vendor == POSTGRESQL:
        return _postgresql(folder / FILES[POSTGRESQL], connection.settings_dict)
    return _sqlite(folder / FILES[SQLITE], str(connection.settings_dict["NAME"]))


def _sqlite(path: Path, source: str) -> Dumped:
    try:
        with closing(sqlite3.connect(source, timeout=30, uri=source.startswith("file:"))) as whole:
            whole.execute("VACUUM INTO ?", [str(path)])
        sync_file(path)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            return _facts(SQLITE, path, lambda sql: copy.execute(sql).fetchall())
    except sqlite3.Error as error:
        raise DumpFailed(
            f"the database could not be copied: {error}",
            remedy="Nothing was kept. See that there is room where the backup goes.",
        ) from error


def _postgresql(path: Path, found: dict[str, Any]) -> Dumped:
    import psycopg

    with psycopg.connect(**arguments(found), autocommit=True) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        [(exported,)] = connection.execute("SELECT pg_export_snapshot()").fetchall()
        run_tool(
            "pg_dump", found, "--format=custom", "--no-owner", "--no-privileges",
            f"--snapshot={exported}", f"--file={path}",
        )  # fmt: skip
        facts = _facts(POSTGRESQL, path, lambda sql: connection.execute(sql).fetchall())
        connection.execute("COMMIT")
    sync_file(path)
    return facts


def arguments(found: dict[str, Any]) -> dict[str, Any]:
    """How psycopg reaches the database that Django's settings name; empty for none."""
    named = {
        "dbname": found.get("NAME"),
        "user": found.get("USER"),
        "password": found.get("PASSWORD"),
        "host": found.get("HOST"),
        "port": found.get("PORT"),
    }
    return {name: value for name, value in named.items() if value}


def run_tool(tool: str, found: dict[str, Any], *words: str) -> None:
    """Run pg_dump or pg_restore against a database. Raises DumpFailed with what it said."""
    program = shutil.which(tool)
    if program is None:
        raise DumpFailed(
            f"{tool} is not installed",
            remedy="Install PostgreSQL's client programs, of the server's version or later.",
        )
    # The password goes by the environment: a command line is open to every process.
    names = {"dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST",
             "port": "PGPORT"}  # fmt: skip
    reach = {names[name]: str(value) for name, value in arguments(found).items()}
    done = subprocess.run(  # noqa: S603 - a fixed program, no shell
        [program, *words],
        env={**os.environ, **reach},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it gave no reason"]
        raise DumpFailed(f"{tool} failed: {said[0]}", remedy="Nothing was kept.")


def _facts(kind: str, path: Path, ask: Ask) -> Dumped:
    ledger = ask("SELECT identity, seq FROM store_ledger")
    identity, seq = ledger[0] if ledger else (UUID(int=0), 0)
    [(batches, rows)] = ask(
        'SELECT count(*), coalesce(sum("rows"), 0) FROM store_batch WHERE seq IS NOT NULL'
    )
    [(hot_rows,)] = ask("SELECT count(*) FROM store_hotrow")
    parts = ask(
        "SELECT name, sha256, size FROM store_part WHERE replaced_seq IS NULL ORDER BY name"
    )
    return Dumped(
        kind=kind,
        path=path,
        identity=identity if isinstance(identity, UUID) else UUID(identity),
        seq=seq,
        batches=batches,
        rows=int(rows),
        hot_rows=hot_rows,
        parts=tuple(PartEntry(*part) for part in parts),
        migrations=tuple(
            sorted(f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations"))
        ),
    )
