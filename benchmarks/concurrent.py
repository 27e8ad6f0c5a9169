"""Four writers, four readers and a compactor as processes on one store, for five minutes.

Each writer sends a batch, small or large, again and again; a batch says in each of its rows which
it is, so that a reader knows what must be there:

* of each batch a subject sees all rows or none, with the sum that the number of the batch gives,
  and all subjects of the batch see it together;
* a batch that was acknowledged before the snapshot was opened is there, one that was retracted
  is not, and a record that every batch corrects shows the newest;
* what was read as of a seq is read again later as of that seq, byte for byte.

Readers ask without a pause. `reader_p95_ms` is the time to open a snapshot and read all records of
one subject. Any exception in any process is an error. The database is SQLite, the default;
`BENCH_DATABASE=postgresql` takes a private PostgreSQL server.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from benchmarks.harness import Figure

NEEDS_DJANGO = True
DATABASE = os.environ.get("BENCH_DATABASE", "sqlite")
SEED = 20261122
WRITERS, READERS = 4, 4
NOW = datetime(2026, 11, 1, tzinfo=UTC)
#: Enterprises and rows of each that lie in the store before anybody begins.
STOCK, SMALL_STOCK = (5_000, 60), (1_000, 20)
#: Subjects of the proof, far from those of the stock; a batch is about one group of them.
FIRST_SUBJECT, GROUPS, PER_GROUP = 1 << 40, 20, 5
ROWS_EACH = 4  # rows of a subject in a batch, besides the one that every batch corrects
#: Every so many batches is a large one, with so many more rows, and becomes parts.
LARGE_EVERY, LARGE_ROWS, HOT_ROWS = 8, 3_000, 2_000
WRITER_PAUSE, COMPACTOR_PAUSE = 0.5, 5.0
#: A reader scans, and reads the past again, at every so many look-ups.
SCAN_EVERY, AGAIN_EVERY = 50, 10
REPLACED_GRACE = timedelta(seconds=30)
START_SECONDS = 120  # all processes begin together, when the last of them is set up
CATEGORY, BULK = "proof", "proof_bulk"


def run(small: bool) -> list[Figure]:
    """Load the stock, let everybody work, count."""
    seconds = 20 if small else 300
    load_stock(*(SMALL_STOCK if small else STOCK))
    context = multiprocessing.get_context("spawn")
    acknowledged = context.Array("q", [0] * WRITERS)
    results = context.Queue()
    ready = context.Barrier(WRITERS + READERS + 1)
    jobs: list[tuple[Callable[..., None], int]] = [(write, number) for number in range(WRITERS)]
    jobs += [(read, number) for number in range(READERS)]
    jobs += [(fold, 0)]
    processes = [
        context.Process(target=start, args=(job, number, acknowledged, ready, seconds, results))
        for job, number in jobs
    ]
    for process in processes:
        process.start()
    done = [results.get() for _ in processes]
    for process in processes:
        process.join()
    return figures(done)


def figures(done: list[Done]) -> list[Figure]:
    """All processes' counts together, and whether the store is sound after it all."""
    from xinrong.store import services as store

    report = store.check()
    wrong = [line for one in done for line in one.wrong] + report.faults
    errors = [line for one in done for line in one.errors]
    for line in [*wrong[:5], *errors[:5]]:
        print(line)
    times = sorted(seconds for one in done for seconds in one.look_ups)
    scans = sorted(seconds for one in done for seconds in one.scans)
    return [
        Figure("wrong_reads", len(wrong), "reads", "= 0"),
        Figure("errors", len(errors), "errors", "= 0"),
        Figure("reader_p95_ms", 1000 * at(times, 0.95), "ms", "<= 60"),
        Figure("reader_p50_ms", 1000 * at(times, 0.5), "ms"),
        Figure("look_ups", len(times), "look-ups"),
        Figure("read_again", sum(one.again for one in done), "look-ups"),
        Figure("scan_p95_ms", 1000 * at(scans, 0.95), "ms"),
        Figure("batches", sum(one.batches for one in done), "batches"),
        Figure("retractions", sum(one.retractions for one in done), "batches"),
        Figure("compactions", sum(one.compactions for one in done), "compactions"),
        Figure("rows", report.rows + report.hot_rows, "rows"),
    ]


def at(times: list[float], share: float) -> float:
    """The value below which this share of sorted times lies; 0 of none."""
    return times[min(int(len(times) * share), len(times) - 1)] if times else 0.0


def load_stock(enterprises: int, each: int) -> None:
    """Rows that are there already, folded."""
    from xinrong.store import services as store
    from xinrong.synth import canonical

    send("stock", pa.concat_tables(canonical(SEED, enterprises, each)))
    store.compact(NOW)


# -- in each process ----------------------------------------------------------------------------


@dataclass
class Done:
    """What one process did and saw."""

    wrong: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    look_ups: list[float] = field(default_factory=list)
    scans: list[float] = field(default_factory=list)
    again: int = 0
    batches: int = 0
    retractions: int = 0
    compactions: int = 0


Job = Callable[[int, Any, float, Done], None]


def start(
    job: Job, number: int, acknowledged: Any, ready: Any, seconds: float, results: Any
) -> None:
    """Set the process up, wait for the others, do its job, hand its counts over."""
    os.environ["XINRONG_ENGINE_THREADS"] = "1"
    os.environ["XINRONG_ENGINE_MEMORY"] = "512MB"
    done = Done()
    try:
        from xinrong.cli.main import set_up_django

        set_up_django()
        from django.conf import settings

        settings.STORE_HOT_ROWS = HOT_ROWS
        ready.wait(START_SECONDS)
        job(number, acknowledged, time.monotonic() + seconds, done)
    except Exception:  # noqa: BLE001 - whatever it is, it is an error of the run
        done.errors.append(f"{job.__name__} {number}: {traceback.format_exc()[-1500:]}")
    results.put(done)


def retracted(number: int) -> bool:
    """Whether a writer takes its batch of that number back at once."""
    return number % 7 == 3


def value_of(writer: int, number: int, subject: int, row: int) -> int:
    """The amount of a row, which only this row has to have."""
    return (writer * 1_000_003 + number * 101 + subject % 1_009) * 10 + row


def subjects_of(number: int) -> range:
    """Whom a batch is about."""
    first = FIRST_SUBJECT + number % GROUPS * PER_GROUP
    return range(first, first + PER_GROUP)


def write(writer: int, acknowledged: Any, until: float, done: Done) -> None:
    """Send batch after batch; take some back; say what was acknowledged."""
    from xinrong.store import services as store

    dice = random.Random(SEED + writer)
    number = 0
    while time.monotonic() < until:
        number += 1
        batch = send(f"writer_{writer}", batch_of(writer, number))
        done.batches += 1
        if retracted(number):
            store.retract_batch(batch, "sent by mistake", NOW)
            done.retractions += 1
        acknowledged[writer] = number
        time.sleep(dice.uniform(0, 2 * WRITER_PAUSE))


def batch_of(writer: int, number: int) -> pa.Table:
    """The rows of one batch, each with writer and number in `code`."""
    code = f"{writer}:{number}"
    rows: list[dict[str, Any]] = []
    for subject in subjects_of(number):
        newest = {"subject": subject, "key": key_of(writer, 0, subject, 0), "status": "newest"}
        rows.append({**newest, "amount": number})
        for row in range(ROWS_EACH):
            key = key_of(writer, number, subject, row + 1)
            amount = value_of(writer, number, subject, row)
            rows.append({"subject": subject, "key": key, "status": "one", "amount": amount})
    for one in rows:
        one["category"] = CATEGORY
    if number % LARGE_EVERY == 0:
        rows += [
            {"category": BULK, "subject": row, "key": key_of(writer, number, 0, row), "amount": row}
            for row in range(1, LARGE_ROWS + 1)
        ]
    return canonical_of(rows, code)


def key_of(writer: int, number: int, subject: int, row: int) -> int:
    """A key that no other row has."""
    said = f"{writer}:{number}:{subject}:{row}".encode()
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest()) >> 1


def canonical_of(rows: Iterable[dict[str, Any]], code: str) -> pa.Table:
    """Rows with all columns of CANONICAL."""
    from xinrong.store.schema import CANONICAL

    empty = dict.fromkeys(CANONICAL.names)
    full = [
        {**empty, "digest": row["amount"], "polarity": 0, "code": code, "row_no": number, **row}
        for number, row in enumerate(rows, start=1)
    ]
    return pa.Table.from_pylist(full, schema=CANONICAL)


def send(feed: str, table: pa.Table) -> int:
    """Commit one batch; returns its number."""
    from xinrong.store import services as store

    batch = store.open_batch(
        feed=feed,
        category=CATEGORY,
        department="bench",
        source_name=feed,
        source_digest="",
        received_at=NOW,
    )
    with store.writer(batch) as out:
        out.add(table)
        return store.commit_batch(out, NOW).batch


def fold(_: int, __: Any, until: float, done: Done) -> None:
    """Compact, remove what was replaced, again and again."""
    from xinrong.store import services as store

    while time.monotonic() < until:
        store.compact(datetime.now(UTC))
        store.remove_replaced(datetime.now(UTC), REPLACED_GRACE)
        done.compactions += 1
        time.sleep(COMPACTOR_PAUSE)


def read(reader: int, acknowledged: Any, until: float, done: Done) -> None:
    """Look subjects up, scan now and then, read the past again."""
    from xinrong.store import services as store

    dice = random.Random(SEED + 100 + reader)
    kept: list[tuple[int, int, str]] = []  # seq, subject, digest
    turn = 0
    while time.monotonic() < until:
        turn += 1
        group = dice.randrange(GROUPS)
        subject = dice.choice(subjects_of(group))
        known = list(acknowledged)
        began = time.perf_counter()
        with store.snapshot() as snap:
            table = snap.records([subject])
            done.look_ups.append(time.perf_counter() - began)
            others = snap.records(list(subjects_of(group)))
        done.wrong += [
            f"reader {reader} at seq {snap.seq}: {line}"
            for line in judged(subject, group, table, others, known)
        ]
        kept.append((snap.seq, subject, digest_of(table)))
        if turn % AGAIN_EVERY == 0:
            seq, subject, digest = dice.choice(kept)
            with store.snapshot(seq) as snap:
                if digest_of(snap.records([subject])) != digest:
                    done.wrong.append(f"subject {subject} reads differently as of seq {seq}")
            done.again += 1
        if turn % SCAN_EVERY == 0:
            done.wrong += scanned(done)


def judged(
    subject: int, group: int, table: pa.Table, others: pa.Table, known: list[int]
) -> list[str]:
    """What is wrong with the records of a subject, and of all subjects of its group together."""
    wrong: list[str] = []
    seen = batches_in(table, subject, wrong)
    for other in subjects_of(group):
        few = others.filter(pa.compute.equal(others["subject"], other))
        if batches_in(few, other, wrong) != seen:
            wrong.append(f"subjects {subject} and {other} see different batches")
    for writer in range(WRITERS):
        there = seen.get(writer, set())
        last = max([*there, known[writer]], default=0)
        mine = [n for n in range(1, last + 1) if n % GROUPS == group]
        due = {n for n in mine if not retracted(n)}
        # The newest may be there although it will be retracted: nobody has acknowledged it yet.
        if there - due - {n for n in mine if n > known[writer]} or due - there:
            wrong.append(f"subject {subject}: writer {writer} has {sorted(there ^ due)} amiss")
    return wrong


def batches_in(table: pa.Table, subject: int, wrong: list[str]) -> dict[int, set[int]]:
    """Writer -> numbers of the batches seen; each must be whole, and the newest be shown."""
    amounts: dict[tuple[int, int], list[int]] = defaultdict(list)
    newest: dict[int, list[int]] = defaultdict(list)
    columns = (table[name].to_pylist() for name in ("code", "status", "amount"))
    for code, status, amount in zip(*columns, strict=True):
        writer, number = (int(part) for part in code.split(":"))
        if status == "newest":
            newest[writer].append(amount)
        else:
            amounts[writer, number].append(amount)
    seen: dict[int, set[int]] = defaultdict(set)
    for (writer, number), found in amounts.items():
        seen[writer].add(number)
        due = [value_of(writer, number, subject, row) for row in range(ROWS_EACH)]
        if sorted(found) != due:
            wrong.append(f"subject {subject}: batch {writer}:{number} is not whole: {found}")
    wrong += [
        f"subject {subject}: writer {writer} shows {newest[writer]} as newest"
        for writer in seen.keys() | newest.keys()
        if newest[writer] != [max(seen[writer], default=-1)]
    ]
    return dict(seen)


def digest_of(table: pa.Table) -> str:
    """SHA-256 of the rows, in the order in which they were read."""
    return hashlib.sha256(repr(table.to_pylist()).encode()).hexdigest()


def scanned(done: Done) -> list[str]:
    """What is wrong with the large batches, over the whole store."""
    from xinrong.store import services as store

    began = time.perf_counter()
    with store.snapshot() as snap:
        found = snap.query(
            "SELECT code, count(*) AS n, sum(amount) AS total FROM record "
            "WHERE category = $category GROUP BY code",
            {"category": BULK},
        ).to_pylist()
    done.scans.append(time.perf_counter() - began)
    due = (LARGE_ROWS, LARGE_ROWS * (LARGE_ROWS + 1) // 2)
    return [
        f"a scan sees {row['n']} rows of batch {row['code']}, sum {row['total']}"
        for row in found
        if (row["n"], row["total"]) != due
    ]
