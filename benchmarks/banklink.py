"""The bank link under everything that goes wrong: nothing lost, doubled, different or unsigned.

The platform's server and worker run as processes, and three bank simulators (`banksim`) in
processes of their own, over real HTTP; PostgreSQL where it is installed, else SQLite. First the
122 applications of CNY 227 m of the pilot in Qinghai, then 10,000. Sums and terms are those of
loans of `xinrong synth`; the driver chooses the offers for the firms.

On the way: answers and messages are lost, doubled, delayed so that they overtake each other;
garbage of 10 MB; server, worker and banks are killed (kill -9); one bank is down for a day; one
comes back with an earlier state of its ledger. A day is compressed: of each link the pauses and the
patience of the platform's outbox are those of a day of DAY seconds. After the outage a person
resends the dead letters (`resend_all`), as on the page of links. At the end both sides exchange
ledgers.

`per_s` counts numbered messages in both directions, from the first application to the moment at
which nothing waits any more, kills and outage included.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks._banklink_judge import judge, ledgers_differ
from benchmarks._banklink_world import (
    PILOT,
    SEED,
    Process,
    World,
    apply,
    build,
    start_bank,
    sums,
    until_it_answers,
)
from benchmarks.harness import Figure
from tests.postgres import database_here

os.environ["REGION"] = "taizhou"
NEEDS_DJANGO = True
SMALL_ROUND, FULL = 8, int(os.environ.get("BENCH_APPLICATIONS", "10000"))
SMALL_DAY, DAY = 4, 60  # seconds that a day of the outbox lasts
#: Nothing has moved for so long: it is over, or stuck.
STUCK, SMALL_STUCK = 240.0, 25.0
FAULTS = ["--loses", "0.03", "--fails", "0.02", "--garbles", "0.002", "--doubles", "0.05",
          "--late", "3", "--approves", "0.7", "--repays", "1"]  # fmt: skip

DATABASE = database_here()


@dataclass
class Run:
    """The processes, and what is to happen when."""

    world: World
    server: Process
    worker: Process
    day: int
    chosen: set[str] = field(default_factory=set)
    events: list[tuple[float, str, Callable[[], None]]] = field(default_factory=list)
    resent: int = 0

    def happen(self, share: float) -> None:
        """Do what is due once this share of the work is done."""
        while self.events and self.events[0][0] <= share:
            _, words, act = self.events.pop(0)
            print(f"  at {share:.0%}: {words}", flush=True)
            act()


def run(small: bool) -> list[Figure]:
    """The pilot, then the crowd, then the books."""
    from django.conf import settings

    from xinrong.market.services import linking

    rounds = (SMALL_ROUND,) if small else (PILOT, FULL)
    day = SMALL_DAY if small else DAY
    stuck = SMALL_STUCK if small else STUCK
    folder = Path(settings.DATA)
    began = time.monotonic()
    world = build(folder, sum(rounds), day)
    print(f"  {len(world.firms)} firms, {len(world.banks)} banks: {time.monotonic() - began:.0f} s")
    run_ = start(world, day)
    try:
        began, done = time.monotonic(), 0
        for count, size in enumerate(rounds):
            if count == len(rounds) - 1:
                run_.events = faults(run_)
            one_round(run_, size, done, stuck)
            done += size
        took = time.monotonic() - began
        exchange_ledgers(run_, stuck)
        verdict, differ = judge(world), ledgers_differ(world)
        print(f"  refused on the way: {refusals()}")
    finally:
        for process in (run_.worker, run_.server, *(bank.process for bank in world.banks)):
            if process is not None:
                process.kill()
    for one in linking.open_differences():
        print(f"  {one} of {one.day}, found {one.found_at:%T}")
    for line in [*verdict.lost[:5], *verdict.doubled[:5], *verdict.unverified[:5], *differ[:5]]:
        print(line)
    return [
        Figure("lost", len(verdict.lost), "messages", "= 0"),
        Figure("doubled", len(verdict.doubled), "messages", "= 0"),
        Figure("ledgers_differ", len(differ), "values", "= 0"),
        Figure("unverified", len(verdict.unverified), "messages", "= 0"),
        Figure("per_s", verdict.messages / took, "messages/s"),
        Figure("messages", verdict.messages, "messages"),
        Figure("applications", done, "applications"),
        Figure("dead_letters_resent", run_.resent, "messages"),
    ]


def start(world: World, day: int) -> Run:
    """The platform and the banks."""
    server = Process(
        ["xinrong.cli.main", "serve", "--port", str(world.port), "--workers", "2",
         "--no-background"], world.folder / "server.log",
    )  # fmt: skip
    server.start()
    until_it_answers(world.port, server)
    worker = Process(["xinrong.cli.main", "worker"], world.folder / "worker.log")
    worker.start()
    for count, bank in enumerate(world.banks):
        rates = f"{bank.product.low}-{bank.product.high}"
        bank.options = [*FAULTS, "--seed", str(SEED + count), "--rates", rates]
        start_bank(world, bank)
    return Run(world, server, worker, day)


def faults(run_: Run) -> list[tuple[float, str, Callable[[], None]]]:
    """What happens in the second round, by the share of it that is done."""
    world = run_.world
    first, second, third = world.banks
    early = third.folder / "yesterday.sqlite3"

    def restart(process: Process, port: int = 0) -> Callable[[], None]:
        def act() -> None:
            process.kill()
            process.start()
            if port:
                until_it_answers(port, process)

        return act

    def kill_bank() -> None:
        assert first.process is not None
        first.process.kill()
        start_bank(world, first)

    def outage() -> None:
        assert second.process is not None
        second.process.kill()

    def keep() -> None:
        copy = Process(
            ["banksim", "backup", "--ledger", str(third.ledger), "--to", str(early)],
            third.folder / "backup.log",
        )
        copy.start()
        assert copy.running is not None
        copy.running.wait()

    def come_back() -> None:
        assert third.process is not None
        third.process.kill()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{third.ledger}{suffix}").unlink(missing_ok=True)
        early.rename(third.ledger)
        start_bank(world, third)

    return [
        (0.10, "the worker is killed", restart(run_.worker)),
        (0.15, "a bank keeps a copy of its ledger", keep),
        (0.20, "a bank is killed", kill_bank),
        (0.30, "the server is killed", restart(run_.server, world.port)),
        (0.40, "a bank goes down for a day", outage),
        (0.50, "a bank comes back with the copy of its ledger", come_back),
        (0.60, "the worker is killed again", restart(run_.worker)),
    ]


def one_round(run_: Run, size: int, first: int, stuck: float) -> None:
    """So many applications, until each has come to its end."""
    wanted = sums(size)
    dice, began = random.Random(SEED + size), time.monotonic()
    order = dice.sample(range(size), size)
    for count, place in enumerate(order, start=1):
        amount, term = wanted[place]
        apply(run_.world, first + place + 1, amount, term)
        if count % max(size // 40, 1) == 0 or count == size:
            choose(run_)
            run_.happen(0.7 * count / size)
    run_.happen(0.7)
    bring_back(run_)
    wait(run_, stuck, lambda: waiting(run_))
    yuan = sum(amount for amount, _ in wanted)
    print(f"  {size} applications of {yuan:,} yuan: {time.monotonic() - began:.0f} s", flush=True)


def bring_back(run_: Run) -> None:
    """A day after a bank went down: it is there again, and a person resends the dead letters."""
    from xinrong.market.services import linking

    second = run_.world.banks[1]
    assert second.process is not None
    if second.process.running is not None:
        return
    until = time.monotonic() + 4 * run_.day
    queued = linking.OutMessage.objects.filter(link=second.link, state=linking.Standing.WAITING)
    while queued.exists() and time.monotonic() < until:
        choose(run_)
        time.sleep(0.5)
    start_bank(run_.world, second)
    run_.resent += linking.resend_all(second.link, now=datetime.now(UTC))
    print(f"  the bank is back; {run_.resent} dead letters sent again", flush=True)


def choose(run_: Run) -> int:
    """The firms take every offer that has come; how many."""
    from xinrong.domain.process import MoveRefused
    from xinrong.market.services import applying
    from xinrong.work.services import Case

    offered = Case.objects.filter(process="application", state="offered")
    done = 0
    for number in offered.values_list("number", flat=True):
        if number in run_.chosen:
            continue
        try:
            applying.choose(run_.world.owners[number], number, now=datetime.now(UTC))
        except MoveRefused:
            continue  # it moved meanwhile
        run_.chosen.add(number)
        done += 1
    return done


def wait(run_: Run, stuck: float, left: Callable[[], dict[str, int]]) -> None:
    """Until nothing is left, or nothing has moved for too long."""
    before, since = left(), time.monotonic()
    while any(before.values()):
        choose(run_)
        asked = time.monotonic()
        now = left()
        time.sleep(max(0.5, 20 * (time.monotonic() - asked)))  # counting is no work of theirs
        if now != before:
            before, since = now, time.monotonic()
        if time.monotonic() - since > stuck:
            print(f"  nothing moves any more: {before}")
            return


def waiting(run_: Run) -> dict[str, int]:
    """What is still to happen, on either side."""
    from benchmarks._banklink_judge import SETTLED, ledger_of
    from xinrong.market.services import linking
    from xinrong.work.services import Case, Delivery

    cases = Case.objects.filter(process="application")
    rows: dict[str, Any] = {
        "open": cases.exclude(state__in=SETTLED).count(),
        "unpaid": cases.filter(state="disbursed").count(),
        "queued": linking.OutMessage.objects.exclude(state=linking.Standing.DONE).count(),
        "parked": linking.InMessage.objects.filter(outcome=linking.Taken.PARKED).count(),
        "events": Delivery.objects.filter(state="waiting", receiver="market.bank_link").count(),
    }
    for bank in run_.world.banks:
        [(count,)] = ledger_of(bank, "SELECT count(*) FROM said WHERE state = 'waiting'")
        rows[bank.name] = count
    return rows


def refusals() -> dict[tuple[str, str], int]:
    """What the platform did not take, by code: numbers used before are of banks that came back."""
    from xinrong.market.services import linking

    rows = linking.InMessage.objects.filter(outcome=linking.Taken.REFUSED)
    return dict(Counter(rows.values_list("type", "code")))


def exchange_ledgers(run_: Run, stuck: float) -> None:
    """The platform sends the day's ledger, the banks answer with theirs, and it is compared."""
    from xinrong.domain.clock import day_in_china
    from xinrong.market.linking.models import LedgerDay
    from xinrong.market.services import linking

    now = datetime.now(UTC)
    day = day_in_china(now) + timedelta(days=1)  # of its own: banks sent today's when they began
    for bank in run_.world.banks:
        linking.send_ledger(bank.link, day, now=now)
    banks = len(run_.world.banks)

    def left() -> dict[str, int]:
        done = LedgerDay.objects.filter(day=day).exclude(compared_at=None).count()
        return waiting(run_) | {"ledgers": banks - done}

    wait(run_, stuck, left)
