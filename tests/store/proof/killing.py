"""Kills the working process at random moments and looks at the store after each."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.store.proof.model import Verdict, read_diary
from tests.store.proof.recorder import recording
from tests.store.proof.verifier import PROJECT, Verifier, environment

#: The longest that a process works before it is killed, in seconds.
LONGEST = 1.5
#: A kill right after one of this many changes to files, counted from the start.
CHANGES = 600
#: How long an ending process may take, on a machine that is busy with other work.
WAIT = 600


@dataclass
class Kills:
    """What all kills together showed."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    half_visible: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, verdict: Verdict, how: str) -> None:
        self.kills += 1
        self.lost += verdict.lost
        self.doubled += verdict.doubled
        self.half_visible += verdict.half_visible
        self.faults += [f"kill {self.kills} ({how}): {fault}" for fault in verdict.faults]


class Killer:
    """One store in `data`, killed again and again. `more` is environment: the database, say."""

    def __init__(self, data: Path, seed: int, *, shim: Path | None, **more: str) -> None:
        self.data = data
        self.diary = data.parent / f"{data.name}.diary"
        self.log = data.parent / f"{data.name}.log"
        self.dice = random.Random(seed)
        self.shim = shim
        self.more = more
        self.lives = 0
        self.kills = Kills()

    def kill_by_time(self, verifier: Verifier) -> None:
        """Kill at a moment chosen at random."""
        process = self._started({})
        seconds = self.dice.uniform(0.0, LONGEST)
        time.sleep(seconds)
        process.kill()
        self._ended(process, -9)
        self._look(verifier, f"after {seconds:.2f} s")

    def kill_by_change(self, verifier: Verifier) -> None:
        """Kill right after a write, sync, rename or removal of a file, chosen at random."""
        assert self.shim is not None
        at = self.dice.randint(1, CHANGES)
        process = self._started(recording(self.shim, self.data, self.log, at), ready=False)
        self._ended(process, -9)
        self.log.unlink()
        self._look(verifier, f"after change {at}")

    def break_under(self, verifier: Verifier, harm: Callable[[], object], name: str) -> None:
        """Do harm to what the process works on, not to the process: it must end with an error."""
        process = self._started({})
        seconds = self.dice.uniform(0.2, LONGEST)
        time.sleep(seconds)
        harm()
        self._ended(process, 1)
        self._look(verifier, f"{name} after {seconds:.2f} s")

    def _started(self, recorder: dict[str, str], *, ready: bool = True) -> subprocess.Popen[str]:
        self.lives += 1
        seed = self.dice.randint(1, 1 << 30)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.proof.work", str(self.diary), str(seed)],
            env={**environment(self.data, **self.more), **recorder},
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        if ready and process.stdout.readline() != "ready\n":
            _, said = process.communicate()
            raise AssertionError(said[-3000:])
        return process

    def _ended(self, process: subprocess.Popen[str], status: int) -> None:
        try:
            _, said = process.communicate(timeout=WAIT)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
        if process.returncode != status:
            raise AssertionError(f"ended with {process.returncode}, not {status}:\n{said[-3000:]}")

    def _look(self, verifier: Verifier, how: str) -> None:
        text = self.diary.read_text(encoding="utf-8") if self.diary.exists() else ""
        whole = text[: text.rfind("\n") + 1]
        verdict = verifier.look(self.data, whole.splitlines(keepends=True))
        diary = read_diary(self.diary)
        self.kills.add(verdict, how)
        if diary.begun is not None:
            whole += json.dumps({"end": verdict.took_place}) + "\n"
        self.kills.acknowledged = diary.acknowledged
        self.diary.write_text(whole, encoding="utf-8")


def migrated(data: Path, **more: str) -> None:
    """Make the tables of a data folder's database, and nothing else."""
    script = (
        "import django; django.setup()\n"
        "from django.db import connections\n"
        "from tests.migrated import migrate; migrate()\n"
        "connections.close_all()"
    )
    data.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, env=environment(data, **more), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
