"""The tables of an empty database, for tests that start processes of their own.

Migrating takes seconds, and some sixty tests need a fresh database: the first of them migrates and
leaves what came of it in the folder that MIGRATED_FOR_TESTS names; the others take a copy.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

#: Where tests/environment.py says that the copies are.
TEMPLATES = "MIGRATED_FOR_TESTS"


def migrate() -> None:
    """Give this process's database its tables, if it has none. Django is set up."""
    from django.core.management import call_command
    from django.db import connection

    if "django_migrations" in connection.introspection.table_names():
        return
    folder = os.environ.get(TEMPLATES)
    if folder is None or (connection.vendor == "postgresql" and not shutil.which("pg_dump")):
        call_command("migrate", verbosity=0)
        return
    copy = Path(folder) / connection.vendor
    with (Path(folder) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not copy.exists():
            call_command("migrate", verbosity=0)
            unfinished = copy.with_suffix(".unfinished")
            _keep(unfinished)
            unfinished.rename(copy)
            return
    _take(copy)


def _keep(copy: Path) -> None:
    """Write the migrated database down."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        return
    made = connection.get_connection_params()
    address = [f"{key}={made[key]}" for key in ("host", "port", "user", "dbname") if made.get(key)]
    command = ["pg_dump", "--no-owner", "--inserts", "--dbname", " ".join(address)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    # psql's own commands; the rest is SQL
    lines = [line for line in done.stdout.splitlines() if not line.startswith("\\")]
    copy.write_text("\n".join(lines), encoding="utf-8")


def _take(copy: Path) -> None:
    """Make this database what was written down."""
    from django.db import connection, connections

    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        connections.close_all()
        for left in name.parent.glob(f"{name.name}*"):
            left.unlink()
        shutil.copyfile(copy, name)
        return
    with connection.cursor() as cursor:
        cursor.execute(copy.read_text(encoding="utf-8"))
    connections.close_all()  # the copy leaves the connection without a search path
