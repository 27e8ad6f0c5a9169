"""Real processes over a real database: two uploads of one file at once, and a killed intake."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.apart import PROJECT, environment, place
from tests.collect.city import MISTYPED, csv_bytes, row

__all__ = ["place"]

PRELUDE = """
import json, os, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
import django
django.setup()
from tests.collect.city import CLOCK, region
from xinrong.collect.rejects import rejected
from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.collect.services import collect_file
from xinrong.domain.clock import FixedClock
from xinrong.store.models import Batch
from xinrong.store.services import check
def take(clock=CLOCK, progress=None):
    return collect_file(Path(sys.argv[1]), "tax_csv", clock=clock, region=region(),
                        progress=progress)
"""

MIGRATES = """
from tests.migrated import migrate
migrate()
"""

TAKES = """
print("ready", flush=True)
sys.stdin.readline()
made = take()
print(json.dumps({"batch": made.batch, "repeated": made.repeated, "accepted": made.accepted,
                  "duplicates": made.duplicates}))
"""

DIES = """
rejected.WRITTEN_AT_ONCE = 1
take(progress=lambda rows: os.kill(os.getpid(), signal.SIGKILL))
"""

LOOKS = """
def seen():
    return {"counting": QuarantinedRow.objects.count(), "written": QuarantinedRow.written.count(),
            "receipts": Receipt.objects.count(), "open": Batch.objects.filter(seq=None).count()}
found = {"before": seen()}
later = FixedClock(CLOCK.now() + timedelta(days=2))
made = take(later)
made.refresh_from_db()
found["sums"] = [made.rows_in, made.accepted, made.quarantined, made.duplicates]
found["after"] = seen()
found["faults"] = check().faults
print(json.dumps(found))
"""


def started(script: str, place: dict[str, str], file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + script, str(file)],
        env=environment(place),
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def answer(process: subprocess.Popen[str], said: str = "") -> Any:
    """What the process prints last, once it was told `said`."""
    out, _ = process.communicate(said, timeout=120)
    assert process.returncode == 0
    return json.loads(out.splitlines()[-1])


def test_of_two_uploads_of_one_file_at_once_one_is_a_batch_and_the_other_its_receipt(
    place: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "upload.csv"
    file.write_bytes(csv_bytes([row(f"T{number}") for number in range(20_000)]))
    started(MIGRATES, place, file).communicate(timeout=120)
    both = [started(TAKES, place, file) for _ in range(2)]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    found = [answer(process) for process in both]
    assert sorted(one["repeated"] for one in found) == [False, True]
    assert found[0]["batch"] == found[1]["batch"]
    assert {(one["accepted"], one["duplicates"]) for one in found} == {(20_000, 0)}


def test_what_a_killed_intake_wrote_counts_for_nobody_and_is_removed(
    place: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "upload.csv"
    bad = [row(f"T{number}", MISTYPED) for number in range(8)]
    file.write_bytes(csv_bytes([*bad, row("T9"), row("T10")]))
    started(MIGRATES, place, file).communicate(timeout=120)
    killed = started(DIES, place, file)
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL
    found = answer(started(LOOKS, place, file))
    assert found["before"] == {"counting": 0, "written": 8, "receipts": 0, "open": 1}
    assert found["sums"] == [10, 2, 8, 0]
    assert found["after"] == {"counting": 8, "written": 8, "receipts": 1, "open": 0}
    assert found["faults"] == []
