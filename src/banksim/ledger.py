"""The bank's own ledger, in SQLite: what it received, what it said, what it must not say yet."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS received (
  name TEXT PRIMARY KEY, application TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL,
  body TEXT NOT NULL, digest TEXT NOT NULL, stamp INTEGER NOT NULL, signature TEXT NOT NULL,
  times INTEGER NOT NULL DEFAULT 1);
CREATE UNIQUE INDEX IF NOT EXISTS received_once ON received (application, sequence)
  WHERE sequence > 0;
CREATE TABLE IF NOT EXISTS said (
  name TEXT PRIMARY KEY, application TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL,
  body TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', due REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, stamp INTEGER NOT NULL DEFAULT 0,
  answer TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX IF NOT EXISTS said_once ON said (application, sequence) WHERE sequence > 0;
CREATE INDEX IF NOT EXISTS said_waiting ON said (due) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS held (
  application TEXT PRIMARY KEY, received INTEGER NOT NULL, sent INTEGER NOT NULL,
  since REAL NOT NULL DEFAULT 0, wait REAL NOT NULL DEFAULT 0);
"""


@dataclass(frozen=True)
class Entry:
    """A message in either direction: its facts, or its body, which is read when they are asked."""

    name: str
    application: str
    sequence: int
    type: str
    told: dict[str, Any] | str
    state: str = ""

    @cached_property
    def data(self) -> dict[str, Any]:
        """The facts. A file is long: most questions are not about it."""
        found: dict[str, Any]
        found = json.loads(self.told)["data"] if isinstance(self.told, str) else self.told
        return found


class Ledger:
    """One connection behind a lock: threads take turns."""

    def __init__(self, file: str | Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(TABLES)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What a question finds."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def close(self) -> None:
        """No more."""
        with self._lock:
            self._db.close()

    # -- receiving ------------------------------------------------------------------------------

    def take(self, message: dict[str, Any], body: bytes, stamp: int, signature: str) -> str:
        """Keep a message: taken, known, id_reused, replayed or sequence_taken."""
        digest = sha256(body).hexdigest()
        name = message["id"]
        application, sequence = message.get("application", ""), message.get("sequence", 0)
        with self.writing() as db:
            known = db.execute(
                "SELECT digest, stamp FROM received WHERE name = ?", (name,)
            ).fetchone()
            if known is not None:
                if known[0] != digest:
                    return "id_reused"
                if stamp <= known[1]:
                    return "replayed"
                db.execute(
                    "UPDATE received SET stamp = ?, signature = ?, times = times + 1 "
                    "WHERE name = ?",
                    (stamp, signature, name),
                )
                return "known"
            if (
                sequence
                and db.execute(
                    "SELECT 1 FROM received WHERE application = ? AND sequence = ?",
                    (application, sequence),
                ).fetchone()
            ):
                return "sequence_taken"
            db.execute(
                "INSERT INTO received (name, application, sequence, type, body, digest, stamp, "
                "signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (name, application, sequence, message["type"], body.decode(), digest, stamp,
                 signature),
            )  # fmt: skip
            if message["type"] == "echo":
                _echoed(db, message["data"])
            return "taken"

    def heard(self, application: str) -> list[Entry]:
        """What was received about an application without a gap, in its order."""
        rows = self.rows(
            "SELECT name, application, sequence, type, body FROM received "
            "WHERE application = ? AND sequence > 0 ORDER BY sequence",
            application,
        )
        return _without_gap(rows)

    def in_order(self, application: str) -> int:
        """How many were received about an application without a gap."""
        rows = self.rows(
            "SELECT sequence FROM received WHERE application = ? AND sequence > 0 "
            "ORDER BY sequence",
            application,
        )
        return next((n for n, (one,) in enumerate(rows) if one != n + 1), len(rows))

    # -- saying ---------------------------------------------------------------------------------

    def said(self, application: str) -> list[Entry]:
        """What was said about an application, in its order."""
        rows = self.rows(
            "SELECT name, application, sequence, type, body, state FROM said "
            "WHERE application = ? AND sequence > 0 ORDER BY sequence",
            application,
        )
        return _without_gap(rows)

    def say(self, messages: list[tuple[dict[str, Any], float]]) -> bool:
        """Keep messages to be sent, each from its moment on (seconds since 1970).

        False where one of their numbers has been used meanwhile: then none is kept.
        """
        try:
            self._say(messages)
        except sqlite3.IntegrityError:
            return False
        return True

    def _say(self, messages: list[tuple[dict[str, Any], float]]) -> None:
        with self.writing() as db:
            for message, due in messages:
                db.execute(
                    "INSERT INTO said (name, application, sequence, type, body, due) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (message["id"], message.get("application", ""), message.get("sequence", 0),
                     message["type"], _spelled(message), due),
                )  # fmt: skip

    def told(self, application: str) -> list[Entry]:
        """What the platform has acknowledged about an application, without a gap."""
        return list(takewhile(lambda one: one.state != "waiting", self.said(application)))

    def due(self, now: float, most: int) -> list[tuple[Any, ...]]:
        """What may be sent now: name, application, body, attempts, stamp."""
        return self.rows(
            "SELECT name, application, body, attempts, stamp FROM said "
            "WHERE state = 'waiting' AND due <= ? ORDER BY due LIMIT ?",
            now,
            most,
        )

    def settle(self, name: str, state: str, answer: str, stamp: int, due: float = 0.0) -> None:
        """How an attempt ended; it is tried again at `due` where it still waits."""
        with self.writing() as db:
            db.execute(
                "UPDATE said SET state = ?, answer = ?, stamp = max(stamp, ?), due = ?, "
                "attempts = attempts + 1 WHERE name = ? AND state = 'waiting'",
                (state, answer[:2000], stamp, due, name),
            )

    def refused(self, name: str) -> None:
        """The platform has refused a message that it had parked."""
        with self.writing() as db:
            db.execute("UPDATE said SET state = 'refused' WHERE name = ?", (name,))

    # -- holding back ---------------------------------------------------------------------------

    def hold(self, application: str, received: int, sent: int) -> None:
        """Say nothing of an application before so much was received and echoed.

        What waits is gone, and what is parked with the platform behind it: all of it is said anew.
        """
        with self.writing() as db:
            db.execute(
                "INSERT INTO held (application, received, sent, since) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET received = excluded.received, sent = excluded.sent",
                (application, received, sent, time.time()),
            )
            db.execute(
                "DELETE FROM said WHERE application = ? AND sequence > ?",
                (application, len(self.told(application))),
            )

    def release(self, application: str) -> None:
        """Nothing of it is waited for any more."""
        with self.writing() as db:
            db.execute("DELETE FROM held WHERE application = ?", (application,))

    def held(self, application: str, received: int, sent: int) -> bool:
        """Whether it must be waited for more; once not, never again."""
        found = self.rows("SELECT received, sent FROM held WHERE application = ?", application)
        if not found:
            return False
        if received < found[0][0] or sent < found[0][1]:
            return True
        self.release(application)
        return False

    def held_long(self, seconds: float, longest: float) -> list[str]:
        """Applications that are held back for longer: asked about again, after twice the time.

        The platform may have much to say: who asks for all of it anew only makes it longer.
        """
        now = time.time()
        with self.writing() as db:
            rows = db.execute(
                "UPDATE held SET since = ?1, wait = min(2 * max(wait, ?2), ?3) "
                "WHERE max(wait, ?2) < ?1 - since RETURNING application",
                (now, seconds, longest),
            )
            return [one for (one,) in rows.fetchall()]

    def applications(self) -> list[str]:
        """Every application of which anything was received."""
        found = self.rows("SELECT DISTINCT application FROM received WHERE application <> ''")
        return [one for (one,) in found]

    def backup(self, file: str | Path) -> None:
        """A copy as of now, while it is used."""
        with self._lock, sqlite3.connect(file) as other:
            self._db.backup(other)


def _echoed(db: sqlite3.Connection, data: dict[str, Any]) -> None:
    """What this bank said itself before it lost it: kept as said; what was to follow is gone."""
    message = data["message"]
    state = "refused" if data["outcome"] == "refused" else "done"
    key = (message["application"], message["sequence"])
    db.execute(
        "DELETE FROM said WHERE application = ? AND sequence >= ? AND state = 'waiting'", key
    )
    db.execute(
        "INSERT OR IGNORE INTO said (name, application, sequence, type, body, state, due) "
        "VALUES (?, ?, ?, ?, ?, ?, 0)",
        (message["id"], *key, message["type"], _spelled(message), state),
    )


def _without_gap(rows: list[tuple[Any, ...]]) -> list[Entry]:
    found: list[Entry] = []
    for row in rows:
        if row[2] != len(found) + 1:
            break
        state = row[5] if len(row) > 5 else ""
        found.append(Entry(row[0], row[1], row[2], row[3], row[4], state))
    return found


def _spelled(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
