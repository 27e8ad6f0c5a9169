"""Records a working process, then cuts the power at many points of what it did."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.store.proof.disk import Disk, Luck
from tests.store.proof.recorder import Entry, Kind, entries, recording
from tests.store.proof.verifier import PROJECT, Verifier, environment

#: Points next to one of these tell most.
TURNING = {Kind.SYNC, Kind.RENAME, Kind.UNLINK, Kind.MKDIR, Kind.TRUNCATE, Kind.MARK}
#: At every fifth point the store is used further, not only looked at.
USED_EVERY = 5


@dataclass
class Cuts:
    """What all power cuts together showed."""

    cuts: int = 0
    acknowledged: int = 0
    failures: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Recorded:
    """A life of the working process: its folder before and after, and what it did in between."""

    before: Path
    after: Path
    log: list[Entry]

    def disk(self) -> Disk:
        """The disk before it began, as the log names it."""
        return Disk(self.before, self.after)


def record(base: Path, folder: Path, shim: Path, seed: int, steps: int) -> Recorded:
    """Let the process work on a copy of `base` for some steps. Nothing is killed."""
    data = folder / "recorded"
    shutil.copytree(base, data)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.store.proof.work",
            str(folder / "diary"),
            str(seed),
            str(steps),
        ],
        env={**environment(data), **recording(shim, data, folder / "log")},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return Recorded(base, data, list(entries(folder / "log")))


def points(log: Sequence[Entry], number: int, dice: random.Random) -> list[int]:
    """Numbers of entries done before the cut: half beside turning points, half anywhere."""
    turning = [n + beside for n, one in enumerate(log) if one.kind in TURNING for beside in (0, 1)]
    chosen = dice.sample(turning, min(number // 2, len(turning)))
    chosen += [dice.randint(0, len(log)) for _ in range(number - len(chosen))]
    return sorted(chosen)


def cut(
    recorded: Recorded,
    verifier: Verifier,
    folder: Path,
    number: int,
    seed: int,
    lucks: Sequence[Luck] = tuple(Luck),
) -> Cuts:
    """Cut the power at `number` points; what was acknowledged by then must be there."""
    dice = random.Random(seed)
    disk, lines, done, cuts = recorded.disk(), list[str](), 0, Cuts()
    for point in points(recorded.log, number, dice):
        for entry in recorded.log[done:point]:
            disk.follow(entry)
            if entry.kind == Kind.MARK:
                lines.append(entry.data.decode())
        done = point
        luck = dice.choice(lucks)
        left = folder / f"cut-{cuts.cuts}"
        disk.cut(left, luck, dice)
        verdict = verifier.look(left, lines, write=cuts.cuts % USED_EVERY == 0)
        shutil.rmtree(left)
        cuts.cuts += 1
        cuts.failures += not verdict.sound
        cuts.faults += [
            f"cut after entry {point} of {len(recorded.log)}, {luck} kept: {fault}"
            for fault in verdict.faults
        ]
    cuts.acknowledged = sum(1 for line in lines if '"end"' in line)
    return cuts


def complete(recorded: Recorded) -> list[str]:
    """Where the record differs from what really lies there: it must hold every write."""
    disk = recorded.disk()
    for entry in recorded.log:
        disk.follow(entry)
    return [*disk.strange, *disk.same_as(recorded.after)]
