"""Processes of their own over a real database, and several who act at the same moment in one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import PostgresMissingError, PrivatePostgres

PROJECT = Path(__file__).resolve().parents[1]
#: Before a script: its database has the tables.
SET_UP = """
import json
import django
django.setup()
from tests.migrated import migrate
migrate()
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.big)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Where the processes work: a data folder, and for PostgreSQL a server of this test's own."""
    yield from _places(request.param, tmp_path)


def _places(database: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    if database == "sqlite":
        yield {"XINRONG_DATA": str(tmp_path)}
        return
    server = PrivatePostgres()
    try:
        server.start()
    except PostgresMissingError as error:
        pytest.skip(f"needs PostgreSQL: {error}")
    yield {"XINRONG_DATA": str(tmp_path), "XINRONG_DATABASE_URL": server.url}
    server.stop()


def environment(place: dict[str, str]) -> dict[str, str]:
    """What a process of its own is started with, so that it works there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XINRONG_")}
    return {
        **kept,
        **place,
        "DJANGO_SETTINGS_MODULE": "xinrong.settings",
        "PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{PROJECT}",
    }


def run(script: str, place: dict[str, str]) -> Any:
    """What a script printed last, read as JSON; it ran in a process of its own and ended well."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(place),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def tables_in(place: dict[str, str]) -> None:
    """Give an empty database its tables before a command starts there, which then need not."""
    run(SET_UP + "print('{}')", place)


def together(*acts: Callable[[], object], says: Callable[[Any], str] | None = None) -> list[str]:
    """Do all at once, each on a connection of its own: "done", or with which code it was refused.

    `says` reads something else off a refusal than its code. Sorted: threads have no order.
    """
    from django.db import connection

    from xinrong.domain.errors import XinrongError

    barrier, told = threading.Barrier(len(acts)), []

    def attempt(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            told.append("done")
        except XinrongError as refused:
            told.append(says(refused) if says else refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)
