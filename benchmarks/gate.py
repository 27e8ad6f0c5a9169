"""Credit files through the gate over HTTP, as many as come: open-loop arrivals for five minutes.

30 million records of 60,000 invented enterprises (those of `file`, folded) and PostgreSQL; the
server is `xinrong serve` with two workers. A bank's systems ask with API keys about enterprises
that consented: basic information 60 %, positive and negative 20 %, comprehensive information of at
least 300 records 15 %, the cube 5 %. A request counts from the moment it was due, so a server that
falls behind shows it. First the rate climbs until the 95th percentile passes the bar: that is the
maximum; then the rate of the bar, or the maximum when it is lower, is held for five minutes.

`gate_adds_p95_ms` is measured in one process: the time of a whole disclosure less that of reading
its product and of writing it down as JSON. The gate is what the design says it does: it "checks
role, consent, purpose, share class and level, durably commits the audit row, and only then
releases". So permits, the database snapshot, the look at what came back, the digest, the search for
masked fields with values and the audit row count, with the wait for the disk; the file that a
server without any gate would read and send as well does not. The JSON is made inside the gate
because its bytes are digested; until 2026-11-22 its time counted. `p95_ms` has everything in it.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks._gate_client import MIX
from benchmarks._leaks_http import server
from benchmarks.file import invented_codes, load, make_enterprises
from benchmarks.harness import PROJECT, Figure

os.environ["REGION"] = "taizhou"
NEEDS_DJANGO = True
DATABASE = "postgresql"
SEED = 20261122
WORKERS = 2
#: Keys of the bank's systems: each may ask so often a minute, see the API's throttle.
KEYS = 60
TARGET, BAR_MS = 150, 50
LONG_FILE = 300
CLIMB = (25, 50, 75, 100, 125, 150, 175, 200, 250, 300)


def run(small: bool) -> list[Figure]:
    """Load, climb, hold."""
    from django.conf import settings
    from django.db import connections

    from xinrong.store import services as store

    enterprises, each, asked = (1_000, 400, 100) if small else (60_000, 500, 6_000)
    make_enterprises(enterprises)
    rows = load(enterprises, each)
    store.compact(datetime.now(UTC))
    print(f"{rows:,} records of {enterprises:,} enterprises loaded and folded", flush=True)
    drawn, tokens = consenting(enterprises, asked)
    adds = gate_adds(drawn[: 20 if small else 200])
    paths = paths_of(drawn, 20 if small else 1_000)
    connections.close_all()
    step, hold = (3, 10) if small else (20, 300)
    with server(Path(settings.DATA), WORKERS) as port:
        given = {"port": port, "tokens": tokens, "paths": paths}
        ask(given, rate=20, seconds=step)  # what is loaded on first use is loaded
        most = climb(given, CLIMB[:2] if small else CLIMB, step)
        held = min(most, TARGET) or CLIMB[0]
        times, errors = ask(given, rate=held, seconds=hold)
    print(f"{held} a second for {hold} s: {len(times):,} answers, {errors}", flush=True)
    return [
        Figure("sustained_per_s", held if p95(times) <= BAR_MS else 0, "requests/s",
               f">= {TARGET}"),
        Figure("p95_ms", p95(times), "ms", f"<= {BAR_MS}"),
        Figure("p50_ms", float(np.percentile(times, 50)), "ms"),
        Figure("gate_adds_p95_ms", p95(adds), "ms", "<= 5"),
        Figure("gate_adds_p50_ms", float(np.percentile(adds, 50)), "ms"),
        Figure("errors", sum(errors.values()), "errors", "= 0"),
        Figure("maximum_per_s", most, "requests/s"),
        Figure("answers", len(times), "answers"),
    ]  # fmt: skip


def consenting(enterprises: int, asked: int) -> tuple[list[int], list[str]]:
    """Enterprises that gave the bank consent, and the tokens of its keys."""
    from django.conf import settings

    from xinrong.accounts.services import (
        DEMO_BANK,
        create_key,
        make_demo_accounts,
        organisation_named,
    )
    from xinrong.catalogue.region import load_region
    from xinrong.trust.services import Stage, grant_consent

    region = load_region(settings.REGION)
    make_demo_accounts(region)
    bank, now = organisation_named(DEMO_BANK), datetime.now(UTC)
    drawn = random.Random(SEED).sample(range(1, enterprises + 1), asked)
    names = [name for name, held in region.contracts.items() if held.share == "consent"]
    for enterprise in drawn:
        grant_consent(
            enterprise, bank.pk, names, list(Stage), now=now,
            valid_until=now + timedelta(days=30), max_level=4,
        )  # fmt: skip
    day = timedelta(days=1)
    keys = [create_key(bank, f"bench {n}", ["files"], valid_for=day, now=now) for n in range(KEYS)]
    return drawn, [token for _, token in keys]


def gate_adds(about: list[int]) -> list[float]:
    """Milliseconds of disclosures beyond the reading of their product, mixed as the arrivals."""
    from xinrong.accounts.services import person_of_email, viewer_of
    from xinrong.domain.clock import SystemClock, day_in_china
    from xinrong.files.products import Basic, Comprehensive, Cube, Signs, Slice
    from xinrong.settling import settle
    from xinrong.trust import gate
    from xinrong.trust.services import Purpose, Service, Stage, disclose

    viewer, today = (
        viewer_of(person_of_email("loan-officer@demo.invalid")),
        day_in_china(SystemClock().now()),
    )
    products: dict[str, Any] = {
        "basic": Basic(today),
        "signs": Signs(today),
        "comprehensive": Comprehensive(today, Slice(), 0, 500),
        "cube": Cube(today),
    }
    dice = random.Random(SEED)
    settle()
    found = []
    spell = gate.spelled_of
    for enterprise in about:
        name = dice.choices(list(MIX), list(MIX.values()))[0]
        product = Timed(products[name])
        asked = (viewer, [enterprise], product, Service(name), Purpose.CREDIT, Stage.PRE_LOAN)
        with patch.object(gate, "spelled_of", partial(product.timed, spell)):
            started = time.perf_counter()
            disclose(*asked)
            found.append((time.perf_counter() - started - product.seconds) * 1000)
    return found[10:]


class Timed:
    """A product that says how long it was read and written down."""

    def __init__(self, product: Any) -> None:
        self.product, self.seconds = product, 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.product, name)

    def read(self, *given: Any) -> Any:
        """Read the product."""
        return self.timed(self.product.read, *given)

    def timed(self, function: Callable[..., Any], *given: Any) -> Any:
        """What a function gives, its time counted."""
        started = time.perf_counter()
        try:
            return function(*given)
        finally:
            self.seconds += time.perf_counter() - started


def paths_of(drawn: list[int], most: int) -> dict[str, list[str]]:
    """What is asked of each service; comprehensive information of long files only."""
    from xinrong.accounts.services import person_of_email, viewer_of
    from xinrong.files import services as files
    from xinrong.trust.services import Purpose, Stage

    viewer = viewer_of(person_of_email("loan-officer@demo.invalid"))
    long = []
    for enterprise in drawn:
        found = files.comprehensive(
            viewer, enterprise, Purpose.CREDIT, Stage.PRE_LOAN, limit=500
        ).content
        if len(found.records) >= LONG_FILE:
            long.append(enterprise)
        if len(long) == most:
            break
    if not long:
        raise SystemExit(f"no enterprise shows {LONG_FILE} records")
    print(f"{len(long)} long files", flush=True)
    about = dict.fromkeys(MIX, drawn) | {"comprehensive": long}
    why, codes = "purpose=credit&stage=pre_loan", invented_codes(max(drawn))
    return {
        name: [
            f"/api/v1/enterprises/{codes[enterprise - 1]}/{name}?{why}"
            + ("&limit=500" if name == "comprehensive" else "")
            for enterprise in some
        ]
        for name, some in about.items()
    }


def climb(given: dict[str, Any], rates: tuple[int, ...], seconds: float) -> int:
    """The highest rate that was answered in time and without an error."""
    most = 0
    for rate in rates:
        times, errors = ask(given, rate=rate, seconds=seconds)
        print(f"{rate} a second: p95 {p95(times):.1f} ms, errors {errors}", flush=True)
        if errors or p95(times) > BAR_MS:
            break
        most = rate
    return most


def ask(
    given: dict[str, Any], *, rate: float, seconds: float
) -> tuple[list[float], dict[str, int]]:
    """Milliseconds of every answer, and the errors."""
    told = {**given, "rate": rate, "seconds": seconds, "seed": SEED + int(rate)}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._gate_client"],
        input=json.dumps(told), check=True, capture_output=True, text=True, cwd=PROJECT,
    )  # fmt: skip
    found = json.loads(done.stdout)
    if found["again"]:
        print(f"    {found['again']} sent again: the server had ended an idle connection")
    for name, some in sorted(found["times"].items()):
        print(
            f"    {name}: p50 {np.percentile(some, 50):.1f}, p95 {np.percentile(some, 95):.1f} ms"
        )
    return [each for some in found["times"].values() for each in some], found["errors"]


def p95(times: list[float]) -> float:
    """The 95th percentile; infinity of nothing."""
    return float(np.percentile(times, 95)) if times else float("inf")
