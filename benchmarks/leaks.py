"""Does anything leave the gate that must not: random lives of a small city against an oracle.

A life is a random sequence of granting, revoking and expiring consents, of roles that end and
come back, records that are suppressed on one ground or several, firms that are merged and taken
apart, and of queries by every service: now and as of an older seq, alone and in batches, also while
a consent is revoked under them. Some records name a counterparty whom the register does not know,
and who consents by itself. Every value of every record is a marker; an oracle that imports nothing
of the platform (`_leaks_oracle`) says which of them each answer may hold and which it must, that
the row in the log was committed before, and what every count and sum is. One life of five is on
PostgreSQL, where it is installed: the rules are the same code, and a step takes twice as long.

`leaks_http` does the same against a server of several processes, by API key and by page.
`planted_found`: faults planted in the gate one at a time (`_leaks_faults`), each of which the same
oracle must find: otherwise finding nothing would prove nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks._leaks_city import REGION
from benchmarks.harness import PROJECT, Figure
from tests.postgres import PostgresMissingError, PrivatePostgres

SEED = 20261122
#: Memory, where there is: a life is thrown away, and a disk would only make it slow.
FAST_DISK = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
#: Of so many lives one is on PostgreSQL.
POSTGRES_EVERY = 5
#: A fault that a life of so many steps does not show is not found.
FAULT_STEPS = 6_000


def run(small: bool) -> list[Figure]:
    """Build the city on each database, live, plant."""
    from benchmarks._leaks_faults import FAULTS

    lives, steps, requests = (2, 300, 80) if small else (50, 20_000, 10_000)
    planted = list(FAULTS)[:: 8 if small else 1]
    with cities() as places, ThreadPoolExecutor(os.cpu_count()) as pool:
        began = time.perf_counter()
        where = [places[-1 if n % POSTGRES_EVERY == 1 else 0] for n in range(lives)]
        jobs = [(place, steps, SEED + n, "") for n, place in enumerate(where)]
        done = [told(one, began) for one in pool.map(lambda job: lived(*job), jobs)]
        seconds = time.perf_counter() - began
        wrong = [line for one in done for line in one["wrong"]]
        print("\n".join(wrong[:20]))
        faults = list(pool.map(lambda name: lived(places[0], FAULT_STEPS, SEED, name), planted))
        http = served(places[0], requests)
    for name, one in zip(planted, faults, strict=True):
        print(f"{name}: {one['steps']} steps: {(one['wrong'] or ['not found'])[0]}")
    taken = sum(one["steps"] for one in done)
    kinds: Counter[str] = Counter()
    for one in done:
        kinds.update(one["done"])
    print(", ".join(f"{number:,} {name}" for name, number in kinds.most_common()))
    print("\n".join(http["wrong"][:20]))
    return [
        Figure("leaks_inprocess", len(wrong), "findings", "= 0"),
        Figure("steps", taken, "steps"),
        Figure("steps_per_s", taken / seconds, "steps/s"),
        Figure("databases", len(places), "databases"),
        Figure("leaks_http", len(http["wrong"]), "findings", "= 0"),
        Figure("requests", http["requests"], "requests"),
        Figure("planted", len(planted), "faults"),
        Figure("planted_found", sum(bool(one["wrong"]) for one in faults), "faults", "= 25"),
    ]


def told(one: dict[str, Any], began: float) -> dict[str, Any]:
    """A life that ended, told at once: all of them take more than half an hour."""
    where, found = Path(one["folder"]).name, one["wrong"] or ["nothing found"]
    minutes = (time.perf_counter() - began) / 60
    print(f"{minutes:6.1f} min: {where}, {one['steps']:,} steps: {found[0]}", flush=True)
    return one


@dataclass
class Place:
    """A city as it was built, of which every life takes a copy."""

    folder: Path
    server: PrivatePostgres | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    numbers: Iterator[int] = field(default_factory=count)

    def environment(self, folder: Path, url: str = "") -> dict[str, str]:
        """What a process on a copy runs with."""
        made = {**os.environ, "XINRONG_DATA": str(folder), "REGION": REGION}
        made |= {"XINRONG_ENGINE_THREADS": "1", "XINRONG_ENGINE_MEMORY": "256MB"}
        made.pop("XINRONG_DATABASE_URL", None)
        return made | ({"XINRONG_DATABASE_URL": url} if url else {})

    def build(self) -> None:
        """Build the city."""
        url = self.server.url if self.server else ""
        command = [sys.executable, "-m", "benchmarks._leaks_city"]
        subprocess.run(command, cwd=PROJECT, env=self.environment(self.folder, url), check=True)

    @contextmanager
    def copy(self) -> Iterator[dict[str, str]]:
        """A copy of folder and database, and the environment of a process on it."""
        name = f"life_{next(self.numbers)}"
        folder = self.folder.with_name(f"{self.folder.name}_{name}")
        shutil.copytree(self.folder, folder)
        url = ""
        try:
            if self.server is not None:
                url = self.statement(f"CREATE DATABASE {name} TEMPLATE xinrong", name)
            yield self.environment(folder, url)
        finally:
            shutil.rmtree(folder)
            if self.server is not None:
                self.statement(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", name)

    def statement(self, sql: str, name: str) -> str:
        """Run one statement beside the databases; returns the address of the one named."""
        import psycopg

        assert self.server is not None
        with self.lock, psycopg.connect(other(self.server.url, "postgres"), autocommit=True) as on:
            on.execute(sql)  # our own words and a number
        return other(self.server.url, name)


def other(url: str, database: str) -> str:
    """The address of another database on the same server."""
    front, _, back = url.partition("?")
    return f"{front.rpartition('/')[0]}/{database}?{back}"


@contextmanager
def cities() -> Iterator[list[Place]]:
    """The city on SQLite, and on PostgreSQL where it is installed."""
    root = Path(
        tempfile.mkdtemp(prefix="xinrong-leaks-", dir=FAST_DISK if FAST_DISK.is_dir() else None)
    )
    places, server = [Place(root / "sqlite")], PrivatePostgres()
    try:
        try:
            places.append(Place(root / "postgresql", server.start()))
        except PostgresMissingError as error:
            print(f"on SQLite only: {error}")
        for place in places:
            place.folder.mkdir()
            place.build()
        yield places
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)


def lived(place: Place, steps: int, seed: int, fault: str) -> dict[str, Any]:
    """One life in a process of its own."""
    command = [sys.executable, "-m", "benchmarks._leaks_life", str(steps), str(seed), fault]
    with place.copy() as environment:
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise SystemExit(f"a life broke off: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "folder": environment["XINRONG_DATA"]}


def served(place: Place, requests: int) -> dict[str, Any]:
    """The same against a running server."""
    command = [sys.executable, "-m", "benchmarks._leaks_http", str(requests), str(SEED)]
    with place.copy() as environment:
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise SystemExit(f"the server's life broke off: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
