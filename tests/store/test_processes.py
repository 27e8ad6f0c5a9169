"""Real processes over a real database file: a snapshot stands still, and a killed writer harms nothing."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import PostgresMissingError, PrivatePostgres

PROJECT = Path(__file__).resolve().parents[2]

PRELUDE = """
import os, sys
from datetime import UTC, datetime
import django
django.setup()
from django.core.management import call_command
from tests.store.rows import put, row
from xinrong.store.services import check, compact, retract_batch, snapshot
NOW = datetime(2026, 11, 1, tzinfo=UTC)
def seen(snap):
    table = snap.records([1])
    contents = [amount // 100 for amount in table["amount"].to_pylist()]
    return sorted(zip(table["key"].to_pylist(), contents))
"""

STANDS_STILL = """
import json, threading
call_command("migrate", verbosity=0)
put(row(1, 10, 5))
found = {}
def work():
    batch = put(row(1, 10, 6), row(1, 11, 7)).batch
    put(row(1, 12, 8))
    retract_batch(batch, "x", NOW)
    put(row(1, 10, 9))
    compact(NOW)
with snapshot() as snap:
    found["before"] = seen(snap)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    found["during"] = seen(snap)
    found["scanned"] = snap.query("SELECT key, amount FROM record ORDER BY key").to_pylist()
with snapshot() as snap:
    found["after"] = seen(snap)
found["faults"] = check().faults
print(json.dumps(found))
"""

WRITES_FOR_EVER = """
from django.conf import settings
settings.STORE_HOT_ROWS = 3
number = int(sys.argv[1]) * 1_000_000
put(row(3, number + 3, 1))
print("ready", flush=True)
while True:
    number += 4
    put(row(1, number, 1), row(2, number + 1, 1))
    put(*[row(n, number + n, 2) for n in range(4)])
    if number % 12 == 0:
        compact(NOW)
"""

LOOKS = """
import json
report = check()
print(json.dumps({"faults": report.faults, "batches": report.batches, "live": report.live_rows}))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Where the processes work: a data folder, and for PostgreSQL a server of this test's own."""
    if request.param == "sqlite":
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
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XINRONG_")}
    return {
        **kept,
        **place,
        "DJANGO_SETTINGS_MODULE": "xinrong.settings",
        "PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{PROJECT}",
    }


def run(script: str, place: dict[str, str]) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + script],
        env=environment(place),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_a_snapshot_sees_nothing_that_is_committed_while_it_is_open(
    place: dict[str, str],
) -> None:
    found = run(STANDS_STILL, place)
    assert found["before"] == found["during"] == [[10, 5]]
    assert found["scanned"] == [{"key": 10, "amount": 500}]
    assert found["after"] == [[10, 9], [12, 8]]
    assert found["faults"] == []


@pytest.mark.timeout(400)
def test_a_writer_killed_at_any_moment_leaves_a_sound_store(place: dict[str, str]) -> None:
    run('call_command("migrate", verbosity=0)\nprint("{}")', place)
    dice = random.Random(20261121)
    batches = 0
    for attempt in range(1, 7):
        writer = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + WRITES_FOR_EVER, str(attempt)],
            env=environment(place),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(dice.uniform(0.2, 1.5))
        writer.send_signal(signal.SIGKILL)
        writer.wait(30)
        writer.stdout.close()
        report = run(LOOKS, place)
        assert report["faults"] == []
        assert report["batches"] > batches
        batches = report["batches"]
