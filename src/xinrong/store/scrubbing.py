"""What deleted rows leave behind inside the database's files, and how it is removed.

A database marks deleted rows as free and leaves their bytes until something else needs the room.
SQLite: the file is written anew (VACUUM) and the log is emptied. PostgreSQL: the touched tables
are written anew (VACUUM FULL), which locks each while it lasts. What stays there: the server's
write-ahead log until it is recycled (a few checkpoints), any archive of it, replicas until they
have followed, and every older backup until it is given up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import Any

from django.db import DatabaseError, connection, transaction

from xinrong.store.errors import StoreError

#: How often, and after how many seconds, tables are written anew when others hold old rows.
TRIES, PAUSE = 10, 1.0

_OPEN = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)
"""


class ScrubFailed(StoreError):
    """The rows are deleted, but their bytes may still lie in the database's files."""

    code = "scrub_failed"


@dataclass(frozen=True)
class Scrubbed:
    """What was done, and what stays until it expires by itself (codes, in no one's words)."""

    database: str  # sqlite, postgresql
    tables: tuple[str, ...]  # written anew; empty: all
    remains: tuple[str, ...]  # wal, archived_wal, replicas, backups


def scrub(tables: Sequence[str]) -> Scrubbed:
    """Remove deleted rows' bytes from these tables; from all when none is named.

    Call it outside of any transaction. Raises ScrubFailed.
    """
    if transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("scrubbing runs outside a transaction")
    try:
        if connection.vendor == "postgresql":
            return _postgresql(tables)
        return _sqlite()
    except DatabaseError as error:
        raise ScrubFailed(
            f"the database could not be written anew: {error}",
            remedy="Run `xinrong erase --finish` when nobody else is writing.",
        ) from error


def _sqlite() -> Scrubbed:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(busy, *_)] = cursor.fetchall()
    if busy:
        raise ScrubFailed(
            "somebody is still reading, so the database's log could not be emptied",
            remedy="Run `xinrong erase --finish` a little later.",
        )
    return Scrubbed("sqlite", (), ("backups",))


def _postgresql(tables: Sequence[str]) -> Scrubbed:
    for _ in range(TRIES):
        if _written_anew(tables):
            break
        sleep(PAUSE)
    else:
        raise ScrubFailed(
            "a transaction that began before is still open, so its rows had to be kept",
            remedy="See pg_stat_activity for it; run `xinrong erase --finish` when it has ended.",
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_switch_wal()" if _may_switch() else "SELECT 1")
    remains = ("wal", "archived_wal", "replicas", "backups")
    return Scrubbed("postgresql", tuple(tables), remains)


def _written_anew(tables: Sequence[str]) -> bool:
    """Write tables anew. False when deleted rows had to be kept, or may have been.

    They are while somebody's older transaction may still see them. The server's own ANALYZE is
    such a transaction, and so is whoever is just connecting, for moments.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        [(others,)] = cursor.fetchall()
        with _said() as details:
            for table in map(connection.ops.quote_name, tables):
                cursor.execute(f"VACUUM (FULL, VERBOSE) {table}")
        if not tables:
            cursor.execute("VACUUM (FULL)")
    return not others and not any(map(_kept, details))


@contextmanager
def _said() -> Iterator[list[str]]:
    """The details of what the server says meanwhile."""
    details: list[str] = []

    def note(diagnostic: Any) -> None:
        details.append(diagnostic.message_detail or "")

    connection.connection.add_notice_handler(note)
    try:
        yield details
    finally:
        connection.connection.remove_notice_handler(note)


def _kept(detail: str) -> int:
    """How many dead rows VACUUM could not remove: the first number of its detail, in any language.

    "3 dead row versions cannot be removed yet."
    """
    found = re.search(r"\d+", detail)
    return int(found[0]) if found else 0


def _may_switch() -> bool:
    """Ending the current log file makes the server recycle it sooner; it takes a right."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE')")
        [(allowed,)] = cursor.fetchall()
    return bool(allowed)
