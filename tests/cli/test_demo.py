"""`make demo` in short: both regions loaded, one balanced line of JSON, nothing loaded twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def demo(data: Path) -> dict[str, Any]:
    """Run the demo on a data folder of its own; its last line."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XINRONG_")}
    done = subprocess.run(
        [sys.executable, "-m", "xinrong.cli.main", "demo"],
        env={**kept, "XINRONG_DATA": str(data), "REGION": "beijing", "SERVE": "0",
             "PYTHONPATH": str(PROJECT / "src")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "loan-officer@demo.invalid" in done.stdout
    summary: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return summary


@pytest.mark.big
@pytest.mark.timeout(900)
def test_the_demo_loads_the_sample_and_the_city_and_prints_a_line_that_adds_up(
    tmp_path: Path,
) -> None:
    first = demo(tmp_path)
    for each in (first, *first["regions"].values()):
        assert each["rows_in"] == each["accepted"] + each["quarantined"] + each["duplicates"]
    assert first["categories"] >= 18
    assert first["feeds"] >= 40
    assert first["departments"] >= 15
    assert first["enterprises"] > 1_000
    assert first["regions"]["taizhou"]["enterprises"] >= 1_000
    again = demo(tmp_path)
    changing = {"seconds", "regions"}
    assert {k: v for k, v in again.items() if k not in changing} == {
        k: v for k, v in first.items() if k not in changing
    }
