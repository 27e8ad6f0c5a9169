"""Real processes over a real database file: a snapshot stands still, and a killed writer harms nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.apart import environment, place, run  # noqa: F401

PRELUDE = """
import os, sys
from datetime import UTC, datetime
import django
django.setup()
from tests.migrated import migrate
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
migrate()
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


#: Kills of one writer; `make test-all` tries more.
KILLS = 6 if os.environ.get("XINRONG_TEST_PROFILE") == "ci" else 3


def test_a_snapshot_sees_nothing_that_is_committed_while_it_is_open(
    place: dict[str, str],  # noqa: F811
) -> None:
    found = run(PRELUDE + STANDS_STILL, place)
    assert found["before"] == found["during"] == [[10, 5]]
    assert found["scanned"] == [{"key": 10, "amount": 500}]
    assert found["after"] == [[10, 9], [12, 8]]
    assert found["faults"] == []


@pytest.mark.timeout(400)
@pytest.mark.big
def test_a_writer_killed_at_any_moment_leaves_a_sound_store(
    place: dict[str, str],  # noqa: F811
) -> None:
    run(PRELUDE + 'migrate()\nprint("{}")', place)
    dice = random.Random(20261121)
    batches = 0
    for attempt in range(1, KILLS + 1):
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
        report = run(PRELUDE + LOOKS, place)
        assert report["faults"] == []
        assert report["batches"] > batches
        batches = report["batches"]
