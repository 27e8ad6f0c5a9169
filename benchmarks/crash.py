"""Killed processes and cut power: what was acknowledged must be there, once and whole.

A process sends batches (small ones into the database, large ones as parts), takes files, retracts,
suppresses, erases, folds and cleans up; it is ended with SIGKILL at a random moment, or right after
a write, sync, rename or removal chosen at random, and after each kill a fresh process compares the
store with a plain model of what was acknowledged and runs `store check`. Three quarters of the
kills are on SQLite, the default; the others on PostgreSQL, where now and then the server or one of
its processes is killed instead.

For the power cuts the same process is recorded: every write, sync, rename and removal below its
data folder, the database's files included. The disk that a cut would leave is rebuilt at points
of that record: bytes of a file and names of a folder that were not synced are lost, torn in blocks
of 512 or 4096 bytes, or kept, at random. The store is opened from there, checked and compared, at
every fifth point also used further.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.harness import DURABLE, Figure
from tests.store.proof.cutting import Cuts, complete, cut, record
from tests.store.proof.killing import Killer, Kills, migrated
from tests.store.proof.recorder import compiled
from tests.store.proof.servers import KilledPostgres
from tests.store.proof.verifier import Verifier

SEED = 20261122
#: Kills on SQLite and on PostgreSQL, lives recorded, steps of each, cuts of each.
FULL, SMALL = (90, 30, 4, 60, 60), (4, 0, 1, 12, 12)
SHOWN = 10


def run(small: bool) -> list[Figure]:
    """Kill, cut, count."""
    on_sqlite, on_postgres, lives, steps, cuts_each = SMALL if small else FULL
    with tempfile.TemporaryDirectory(prefix="xinrong-crash-") as name:
        folder = Path(name)
        shim = compiled(folder)
        began = time.perf_counter()
        kills = [kill_on_sqlite(folder / "sqlite", shim, on_sqlite)]
        if on_postgres:
            kills.append(kill_on_postgres(folder / "postgres", shim, on_postgres))
        print(f"kills: {time.perf_counter() - began:.0f} s", flush=True)
        began = time.perf_counter()
        cuts = [
            cut_power(folder / f"power-{life}", shim, SEED + life, steps, cuts_each)
            for life in range(lives)
        ]
        print(f"power cuts: {time.perf_counter() - began:.0f} s", flush=True)
    found: list[Kills | Cuts] = [*kills, *cuts]
    faults = [fault for one in found for fault in one.faults]
    for fault in faults[:SHOWN]:
        print(fault)
    return [
        Figure("kills", sum(one.kills for one in kills), "kills", ">= 100"),
        Figure("lost", sum(one.lost for one in kills), "records", "= 0"),
        Figure("doubled", sum(one.doubled for one in kills), "records", "= 0"),
        Figure("half_visible", sum(one.half_visible for one in kills), "batches", "= 0"),
        Figure("kill_faults", sum(len(one.faults) for one in kills), "faults", "= 0"),
        Figure("power_cuts", sum(one.cuts for one in cuts), "cuts", ">= 200"),
        Figure("power_cut_failures", sum(one.failures for one in cuts), "cuts", "= 0"),
        Figure("acknowledged", sum(one.acknowledged for one in found), "commits"),
    ]


def kill_on_sqlite(folder: Path, shim: Path, number: int) -> Kills:
    """Kill the process, by time and by change in turn."""
    migrated(folder / "data")
    killer = Killer(folder / "data", SEED, shim=shim)
    with Verifier(folder / "verifier") as verifier:
        for turn in range(number):
            (killer.kill_by_time if turn % 2 else killer.kill_by_change)(verifier)
    return killer.kills


def kill_on_postgres(folder: Path, shim: Path, number: int) -> Kills:
    """Kill the process; at every fifth turn a process of the server, at every tenth all of it."""
    with KilledPostgres(dict(DURABLE)) as server:
        database = {"XINRONG_DATABASE_URL": server.url}

        def kill_server() -> None:
            server.kill_server()
            server.start_again()

        migrated(folder / "data", **database)
        killer = Killer(folder / "data", SEED, shim=shim, **database)
        with Verifier(folder / "verifier", **database) as verifier:
            for turn in range(1, number + 1):
                if turn % 10 == 0:
                    killer.break_under(verifier, kill_server, "the server killed")
                elif turn % 5 == 0:
                    killer.break_under(verifier, server.kill_backend, "a backend killed")
                else:
                    (killer.kill_by_time if turn % 2 else killer.kill_by_change)(verifier)
    return killer.kills


def cut_power(folder: Path, shim: Path, seed: int, steps: int, number: int) -> Cuts:
    """Record one life from an empty store on, then cut the power at points of it."""
    folder.mkdir()
    migrated(folder / "base")
    recorded = record(folder / "base", folder, shim, seed, steps)
    missing = complete(recorded)
    if missing:
        raise SystemExit(f"the record does not hold every write: {missing}")
    with Verifier(folder / "verifier") as verifier:
        return cut(recorded, verifier, folder, number, seed)
