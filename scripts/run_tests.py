"""Run the test suite: on SQLite, then on PostgreSQL; with --all also Spark and big inputs.

Without --all what goes over HTTP runs on SQLite only: pages and API reach the database through
services, and these run on both.

Stops at the first session that fails, so the last line is always pytest's own closing line.
Extra arguments go to pytest. XINRONG_TEST_WORKERS is how many processes test at once (2).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
#: pytest's exit status when nothing was selected: not a failure of a database-only session.
NOTHING_SELECTED = 5
OVER_HTTP = ("tests/pages", "tests/api", "tests/attacks")


def session(title: str, database: str, select: str, extra: Sequence[str], profile: str) -> int:
    """Run pytest once in a process of its own. Returns its exit status."""
    workers = os.environ.get("XINRONG_TEST_WORKERS") or ("2" if (os.cpu_count() or 1) > 1 else "0")
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, *extra]
    if select:
        command += ["-m", select]
    print(f"== {title}", flush=True)
    environment = {**os.environ, "XINRONG_TEST_DB": database, "XINRONG_TEST_PROFILE": profile}
    # Tests start hundreds of processes, and each would compile everything anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        command, check=False, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL
    )
    return done.returncode


def main() -> int:
    """The exit status of the first session that failed, else 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="Spark, big inputs, both databases")
    options, extra = parser.parse_known_args()
    ignored = [f"--ignore={folder}" for folder in OVER_HTTP]
    sessions: list[tuple[str, str, str, Sequence[str]]]
    if options.all:
        sessions = [
            ("everything, on SQLite", "sqlite", "", ()),
            # What never reaches a database is the same on both.
            (
                "everything that touches the database, on PostgreSQL",
                "postgresql",
                "not spark and database",
                (),
            ),
        ]
    else:
        sessions = [
            (
                "everything but big inputs, on SQLite",
                "sqlite",
                "not big and (not spark or smoke)",
                (),
            ),
            (
                "what touches the database but HTTP, on PostgreSQL",
                "postgresql",
                "database and not browser and not big and not spark",
                ignored,
            ),
        ]
    profile = "ci" if options.all else "dev"
    for title, database, select, more in sessions:
        status = session(title, database, select, [*more, *extra], profile)
        if status not in (0, NOTHING_SELECTED):
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
