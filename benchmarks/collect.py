"""Departmental files from their bytes to the committed receipt, into a store of 30 million rows.

The store holds the invented city's canonical rows and the rows that were sent before; it is
compacted. Then three files of tax payments come, each of 5 million rows of enterprises of their
own, 3 % of them to be quarantined, a fifth sent before: one as Parquet and one as CSV, on a quiet
machine, and another one as Parquet while a second process pushes single records of the same
category and of another one, and a third process looks for each of them in fresh snapshots. The
time of a file is that of the verb: digest of its bytes, reading, every check, comparing with the
store, writing, syncing, committing.

PostgreSQL gets the CSV file with the same checks in SQL (benchmarks/_collect_postgres.py), into a
table that holds the same 30 million rows with the two indexes that look-ups need.
`ratio_to_postgres` is its time for the CSV over ours.
"""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import _collect_postgres as peer
from benchmarks._collect_visible import Pushing, record
from benchmarks.file import by_category, put
from benchmarks.harness import Figure
from xinrong.catalogue.region import Region, load_region
from xinrong.synth.city import Options
from xinrong.synth.feeds import Sent, write_feed

if TYPE_CHECKING:
    from xinrong.collect.services import Receipt

os.environ["REGION"] = "taizhou"
NEEDS_DJANGO = True
DATABASE = "postgresql"
SEED = 20261122
FEED = "tax_payments"
NOW = datetime.now(tz=UTC)
#: Half of the faults are such that the row is not accepted: 3 % of the rows.
FAULTS, RESENT, YEARS = 0.06, 0.2, 6
#: Rows of tax payments that an enterprise has in the window; fewer than there are.
ROWS_EACH = 44
PUSHED = 10_000


@dataclass(frozen=True)
class Sizes:
    """How much of everything."""

    stored: int
    file: int


FULL, SMALL = Sizes(30_000_000, 5_000_000), Sizes(200_000, 60_000)


def run(small: bool) -> list[Figure]:
    """Rows a second by format, the ratio, seconds of a large push and until a row is seen."""
    from django.conf import settings

    sizes = SMALL if small else FULL
    settings.STORE_HOT_ROWS = min(settings.STORE_HOT_ROWS, sizes.file // 10)
    with tempfile.TemporaryDirectory(prefix="xinrong-files-") as work:
        files = make_files(Path(work), sizes.file)
        rows = fill(sizes.stored, files)
        print(
            f"{rows:,} rows stored; files of {[sent.rows for sent in files.values()]}", flush=True
        )
        parquet, _ = timed(files["parquet"])
        csv, receipt = timed(files["csv"])
        pushed = max(push_many(number) for number in range(3))
        with Pushing() as pushing:
            timed(files["beside"])
        theirs, sums = peer.measure(files["csv"], sizes.stored)
    ours = {name: getattr(receipt, name) for name in sums}
    if sums != ours:
        raise SystemExit(f"not the same work: PostgreSQL {sums}, Xinrong {ours}")
    print(f"CSV: Xinrong {csv:.1f} s, PostgreSQL {theirs:.1f} s", flush=True)
    return [
        Figure("parquet_rows_per_s", files["parquet"].rows / parquet, "rows/s", ">= 120000"),
        Figure("csv_rows_per_s", files["csv"].rows / csv, "rows/s", ">= 60000"),
        Figure("postgres_rows_per_s", files["csv"].rows / theirs, "rows/s"),
        Figure("ratio_to_postgres", theirs / csv, "times", ">= 2"),
        Figure("push_10000_s", pushed, "s", "<= 1"),
        Figure("visible_p99_s", float(np.percentile(pushing.times, 99)), "s", "<= 5"),
        Figure("visible_p50_s", float(np.percentile(pushing.times, 50)), "s"),
        Figure("pushes_seen", len(pushing.times), "pushes"),
    ]


def make_files(work: Path, rows: int) -> dict[str, Sent]:
    """Three files of enterprises of their own: seeds make codes, so no two share one."""
    made = {}
    for number, name in enumerate(("parquet", "csv", "beside")):
        form = "csv" if name == "csv" else "parquet"
        options = Options(SEED + number, max(1_000, rows // ROWS_EACH), YEARS, FAULTS, form)
        made[name] = write_feed(work / name, FEED, options, rows=rows, resent=RESENT)
    return made


def region(form: str) -> Region:
    """The region pack, the feed's files of that format."""
    found = load_region("taizhou")
    feed = found.feeds[FEED]
    layout = feed.layout.model_copy(update={"format": form})
    changed = feed.model_copy(update={"layout": layout})
    return found.model_copy(update={"feeds": {**found.feeds, FEED: changed}})


def fill(stored: int, files: dict[str, Sent]) -> int:
    """The store as it is before the files come; the rows that count."""
    from xinrong.store import services as store

    enterprises = max(1_000, stored // 250)
    for table in by_category(enterprises, 250):
        put(table)
    for sent in files.values():
        take(sent.before)
    store.compact(NOW)
    report = store.check(deep=False)
    if report.faults:
        raise SystemExit(f"the store is not sound: {report.faults}")
    return report.live_rows


def take(path: Path) -> Receipt:
    """One file through the verb."""
    from xinrong.collect.services import collect_file
    from xinrong.domain.clock import SystemClock

    form = "csv" if path.suffix == ".csv" else "parquet"
    return collect_file(path, FEED, clock=SystemClock(), region=region(form))


def timed(sent: Sent) -> tuple[float, Receipt]:
    """Seconds of a file; what became of its rows must be what its faults deserve."""
    started = time.perf_counter()
    made = take(sent.file)
    seconds = time.perf_counter() - started
    print(
        f"{sent.file.suffix[1:]}: {made.rows_in:,} rows = {made.accepted:,} accepted + "
        f"{made.quarantined:,} quarantined + {made.duplicates:,} duplicates; {seconds:.1f} s",
        flush=True,
    )
    if (made.rows_in, made.quarantined) != (sent.rows, sent.outcomes["quarantined"]):
        raise SystemExit(f"{sent.outcomes['quarantined']:,} rows should have been quarantined")
    return seconds, made


def push_many(number: int) -> float:
    """Seconds of one push of 10,000 records."""
    from xinrong.collect.services import push
    from xinrong.domain.clock import SystemClock

    records = [record(0, f"many {number} {place}")[1] for place in range(PUSHED)]
    started = time.perf_counter()
    made = push(FEED, records, key=f"many {number}", by="benchmark", clock=SystemClock())
    if made.accepted != PUSHED:
        raise SystemExit(f"{made.accepted} of {PUSHED} records were accepted")
    return time.perf_counter() - started
