"""Real processes over a data folder, for tests of backup and restore."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.apart import environment
from tests.postgres import PrivatePostgres

PRELUDE = """
import json, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
import django
django.setup()
from django.conf import settings
from tests.migrated import migrate
from tests.store.rows import put, row
from xinrong.domain.clock import SystemClock
from xinrong.store.backups.backup import back_up, backups
from xinrong.store.models import Ledger
from xinrong.store.services import check, compact, remove_replaced, snapshot
NOW = datetime.now(UTC)
settings.STORE_HOT_ROWS = 3
def seen(seq=None):
    with snapshot(seq) as snap:
        table = snap.query(
            "SELECT subject, key, amount, batch FROM record ORDER BY subject, key")
        return [list(one.values()) for one in table.to_pylist()]
"""

FILLED = """
migrate()
put(row(1, 10, 5), row(2, 11, 5))
put(*[row(n, n, 2) for n in range(1, 40)])
compact(NOW)
put(row(1, 10, 6))
put(*[row(n, 100 + n, 3) for n in range(1, 30)])
print(json.dumps(seen()))
"""

LOOKS = """
report = check()
print(json.dumps({"faults": report.faults, "seen": seen(), "seq": report.seq,
                  "identity": str(Ledger.objects.get().identity)}))
"""

KEEPS_WRITING = """
number = 1000
print("ready", flush=True)
while True:
    number += 10
    put(row(number, number, 1), row(1, 10, number))
    put(*[row(n, number + n, 2) for n in range(1, 6)])
    compact(datetime.now(UTC))
    remove_replaced(datetime.now(UTC), timedelta(0))
"""


@dataclass
class Place:
    """Where processes work: a data folder, perhaps a server; the journal is kept apart."""

    folder: Path
    settings: dict[str, str]
    server: PrivatePostgres | None = None
    said: Any = None  # what a store that is filled already says

    @property
    def dest(self) -> Path:
        return self.folder / "backups"

    @property
    def parts(self) -> Path:
        return self.folder / "data" / "store" / "parts"

    def run(self, script: str, **settings: str) -> Any:
        """Run Python with the platform set up; its last line of output is JSON."""
        done = self._do([sys.executable, "-c", PRELUDE + script], settings)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.strip().splitlines()[-1])

    def command(self, *words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run `xinrong store …`."""
        return self._do([*COMMAND, *map(str, words)], settings)

    def _do(self, words: list[str], settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            env=environment({**self.settings, **settings}),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def backup(self) -> dict[str, Any]:
        """Take a backup."""
        done = self.command("backup", self.dest, "--json")
        assert done.returncode == 0, done.stderr[-3000:]
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def restore(self, into: str, *words: str) -> tuple[dict[str, Any], dict[str, str]]:
        """Restore; returns the report, and the settings that open what was restored."""
        opens = {"XINRONG_DATA": str(self.folder / into)}
        more: list[str] = list(words)
        if self.server is not None:
            opens["XINRONG_DATABASE_URL"] = self.new_database(into)
            more += ["--database", opens["XINRONG_DATABASE_URL"]]
        done = self.command("restore", self.dest, "--into", self.folder / into, "--json", *more)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout), opens

    def new_database(self, name: str) -> str:
        """The address of an empty database on this test's server."""
        import psycopg

        assert self.server is not None
        with psycopg.connect(self.server.conninfo, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
            connection.execute(f"CREATE DATABASE {name}")
        return self.server.url.replace("/xinrong?", f"/{name}?")


COMMAND = [sys.executable, "-m", "xinrong.cli.main", "store"]
