"""How fast the invented city is written, and whether the same seed gives the same bytes.

`rows_per_s` counts rows of departments written as Parquet with faults and truth, from the first
enterprise to the closed files. `repeatable` is 1 when two processes with different hash seeds
wrote the same bytes, as Parquet and as the mixed files of a demo.
"""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.harness import PROJECT, Figure
from xinrong.synth import write_city

FULL, SMALL = 30_000, 2_000
TWICE = 6_000  # enterprises of the city that is written twice: two chunks


def run(small: bool) -> list[Figure]:
    """Write a city, then another one twice."""
    with tempfile.TemporaryDirectory(prefix="xinrong-synth-") as folder:
        out = Path(folder)
        began = time.perf_counter()
        summary = write_city(out / "city", 1, SMALL if small else FULL, file_format="parquet")
        seconds = time.perf_counter() - began
        size = sum(path.stat().st_size for path in (out / "city").rglob("*.parquet"))
        same = all(
            repeatable(out, form, 1_000 if small or form == "mixed" else TWICE)
            for form in ("parquet", "mixed")
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{summary.rows:,} rows of {summary.options['enterprises']:,} enterprises")
    return [
        Figure("rows_per_s", summary.rows / seconds, "rows/s", ">= 200000"),
        Figure("repeatable", float(same), "", "= 1"),
        Figure("rows", summary.rows, "rows"),
        Figure("bytes_per_row", size / summary.rows, "bytes"),
        Figure("peak_memory", peak, "MiB"),
    ]


def repeatable(out: Path, form: str, enterprises: int) -> bool:
    """Whether two processes write the same bytes."""
    digests = set()
    for turn in (1, 2):
        folder = out / f"{form}-{turn}"
        command = ["-m", "xinrong.cli.main", "synth", "--out", str(folder), "--seed", "5"]
        command += ["--enterprises", str(enterprises), "--rows-per-enterprise", "60"]
        subprocess.run(
            [sys.executable, *command, "--format", form],
            cwd=PROJECT,
            env={**os.environ, "PYTHONHASHSEED": str(turn), "PYTHONPATH": str(PROJECT / "src")},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        digests.add(digest(folder))
    return len(digests) == 1


def digest(folder: Path) -> str:
    """SHA-256 over names and bytes of all files below a folder."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
