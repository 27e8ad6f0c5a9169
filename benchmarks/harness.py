"""What every benchmark stands on: figures with bars, a data folder of its own, the machine.

A benchmark is a module `benchmarks/<name>.py` with

    def run(small: bool) -> list[Figure]

and, when it needs them, `NEEDS_DJANGO = True` (settings are configured and the tables made before
`run`) and `DATABASE = "postgresql"` (the operational database is a private server; default SQLite).
With `small` it must end within a minute and 2 GiB: it proves that the benchmark works, so its
bars do not apply.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.postgres import PrivatePostgres

PROJECT = Path(__file__).resolve().parents[1]
#: What a production server runs with: durable, unlike a test server.
DURABLE = {"fsync": "on", "synchronous_commit": "on"}


@dataclass(frozen=True)
class Figure:
    """One measured figure. `bar` is text such as `>= 3`, `> 0`, `<= 30`, `= 1`; empty: no bar."""

    name: str
    value: float
    unit: str
    bar: str = ""

    def ok(self) -> bool | None:
        """Whether the value clears its bar; None where there is none. Raises ValueError."""
        if not self.bar:
            return None
        sign, _, limit = self.bar.partition(" ")
        comparisons = {
            ">=": self.value >= float(limit),
            ">": self.value > float(limit),
            "<=": self.value <= float(limit),
            "=": self.value == float(limit),
        }
        if sign not in comparisons:
            raise ValueError(f"the bar {self.bar!r} must begin with >=, >, <= or = and a space")
        return comparisons[sign]

    def as_json(self, *, small: bool) -> dict[str, Any]:
        """The figure as the last line shows it."""
        value = round(self.value, 4)  # a whole number stays one
        if small:
            return {"value": value, "unit": self.unit, "bar": "not applicable", "ok": None}
        return {"value": value, "unit": self.unit, "bar": self.bar or "none", "ok": self.ok()}


def result(name: str, figures: list[Figure], *, small: bool) -> dict[str, Any]:
    """What a run printed as its last line."""
    return {
        "bench": name,
        "small": small,
        "commit": commit(),
        "machine": machine(),
        "figures": {figure.name: figure.as_json(small=small) for figure in figures},
    }


def commit() -> str:
    """The commit that was measured, with `+` when files differ from it; `unknown` without git."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=PROJECT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def machine() -> dict[str, Any]:
    """What matters for speed and names nobody: processors, memory, Python, platform."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpus": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory / 2**30, 1),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }


@contextmanager
def surroundings(module: ModuleType) -> Iterator[Path]:
    """A data folder for one benchmark, its database, Django when it asks; all removed after."""
    folder = Path(tempfile.mkdtemp(prefix="xinrong-bench-"))
    for name in [name for name in os.environ if name.startswith("XINRONG_")]:
        if name not in ("XINRONG_SHARED_DATA", "XINRONG_ENGINE_MEMORY", "XINRONG_ENGINE_THREADS"):
            del os.environ[name]
    os.environ["XINRONG_DATA"] = str(folder)
    server: PrivatePostgres | None = None
    try:
        if getattr(module, "DATABASE", "sqlite") == "postgresql":
            server = PrivatePostgres(dict(DURABLE)).start()
            os.environ["XINRONG_DATABASE_URL"] = server.url
        if getattr(module, "NEEDS_DJANGO", False):
            _set_up_django()
        yield folder
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _set_up_django() -> None:
    from django.core.management import call_command

    from xinrong.cli.main import set_up_django

    set_up_django()
    call_command("migrate", verbosity=0, interactive=False)
