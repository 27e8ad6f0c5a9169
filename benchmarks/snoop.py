"""Staff who look where they have no business, found in a generated year of queries.

The year is written to files, and `snooping.judge_due` reads them through the interface by which it
reads audit rows from the database; counts and alerts go to the database as ever. What counts as
right and wrong, and the naive threshold, stand in snoop/README.md and _snoop_marks.py, committed
before the first scored run.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks._snoop_marks import Raised, by_kind, labels_of, marks_of, naive_best
from benchmarks.harness import Figure
from xinrong.synth.queries import QueryOptions, write_queries
from xinrong.synth.queries.calendar import YEAR

NEEDS_DJANGO = True
#: The scored seed; development used 101 to 104.
SCORED = 20261122
FULL = QueryOptions(seed=SCORED)
SMALL = QueryOptions(seed=SCORED, users=160, enterprises=8_000, snoopers=0.1)
#: After the last week's days of grace.
AFTERWARDS = datetime(2026, 2, 1, tzinfo=UTC)


def run(small: bool) -> list[Figure]:
    """Generate, judge week by week, compare with the labels and with the naive threshold."""
    options = SMALL if small else FULL
    if seed := os.environ.get("SEED"):  # another seed than the scored one, for development
        options = QueryOptions(**{**asdict(options), "seed": int(seed)})
    with tempfile.TemporaryDirectory(prefix="xinrong-snoop-") as work:
        folder = Path(work) / "year"
        summary = write_queries(folder, options)
        print(summary, flush=True)
        return judged(folder, summary.users, summary.rows)


def judged(folder: Path, users: int, rows: int) -> list[Figure]:
    """The figures of one generated year."""
    from xinrong.domain.clock import FixedClock
    from xinrong.trust.services import snooping

    people(folder)
    began = time.perf_counter()
    ran = snooping.judge_due(clock=FixedClock(AFTERWARDS), source=snooping.FileSource(folder))
    seconds = time.perf_counter() - began
    labels = labels_of(folder)
    raised = [
        Raised(alert.person_id, alert.week, alert.week + timedelta(days=6))
        for alert in snooping.SnoopAlert.objects.filter(week__gt=YEAR - timedelta(days=7)).order_by(
            "pk"
        )
    ]
    ours = marks_of(raised, labels)
    quiet = snooping.load_rules().quiet_weeks * snooping.WEEK
    naive = naive_best(folder, len(raised), quiet, YEAR, labels)
    print(f"{ran}; alerts of the year {ours.alerts}, false {ours.false}", flush=True)
    print(f"found: {by_kind(ours, labels)}")
    print(f"naive: {by_kind(naive, labels)}; alerts {naive.alerts}, false {naive.false}")
    return [
        Figure("recall", ours.recall, "share", ">= 0.9"),
        Figure("false_per_user_month", ours.per_user_month(users), "alerts", "<= 0.01"),
        Figure("recall_minus_naive", ours.recall - naive.recall, "share", "> 0.2"),
        Figure("naive_recall", naive.recall, "share"),
        Figure("snoopers", len(labels), "people"),
        Figure("rows", rows, "rows"),
        Figure("run_s", seconds, "s"),
        Figure("week_s", seconds / max(1, ran.weeks), "s"),
        Figure("peak_memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB"),
    ]


def people(folder: Path) -> None:
    """The accounts that the looks name."""
    from xinrong.accounts.services import Organisation, Person

    looks = pq.read_table(
        folder / "looks.parquet", columns=["person", "organisation", "institution"]
    )
    Person.objects.bulk_create(
        Person(pk=one, email=f"user{one}@example.invalid")
        for one in sorted(pc.unique(looks["person"]).to_pylist())
    )
    pairs = looks.group_by(["organisation", "institution"]).aggregate([]).to_pylist()
    banks = sorted({pair["institution"] for pair in pairs})
    Organisation.objects.bulk_create(
        Organisation(pk=one, name=f"bank {one}", kind="bank") for one in banks
    )
    Organisation.objects.bulk_create(
        Organisation(
            pk=pair["organisation"], name=f"outlet {pair['organisation']}", kind="bank",
            parent_id=pair["institution"],
        )
        for pair in pairs
    )  # fmt: skip
