"""Processes: moves on PostgreSQL, a year of 10,000 cases, deadlines that pass in silence.

`moves_per_s`: cases of the correction of register data along their whole life, by two processes of
two threads, each move one transaction with log, clocks, inbox and events (`_process_moves`).
`simulate_10000_cases_s`: the slower of two processes: the correction of register data, with the
clocks that bind in the invented city, and a loan application that several banks answer side by
side. Arrivals over a year, offices with hours and holidays, one piece of work in twenty that
nobody does, a worker of the platform that is down six times for eight hours. A deadline is missed
in silence where it passed, by the log alone, and the platform neither moved the case nor told a
role above (`missed_deadlines_without_escalation`).
"""

from __future__ import annotations

import os
import time
from datetime import date

from benchmarks._process_moves import moves
from benchmarks.harness import Figure
from tests.domain.process.made import LOAN

os.environ["REGION"] = "taizhou"
NEEDS_DJANGO = True
DATABASE = "postgresql"
SEED = 20261122


def run(small: bool) -> list[Figure]:
    """Measure; with `small` a twentieth of the cases or fewer."""
    from xinrong.domain.process.simulating import Assumptions, simulate
    from xinrong.remedy.processes import CORRECTION

    cases = 500 if small else 10_000
    took, found = [], []
    for process in (CORRECTION, LOAN):
        began = time.perf_counter()
        one = simulate(process, cases, Assumptions(date(2026, 1, 1)), SEED)
        took.append(time.perf_counter() - began)
        found.append(one)
        print(
            f"{process.name}: {one.moves:,} moves in {took[-1]:.1f} s; a case takes "
            f"{one.median_days:g} days (median), {one.p95_days:g} (p95); "
            f"{one.missed_deadlines:,} deadlines passed",
            flush=True,
        )
    return [
        *moves(small=small),
        Figure("simulate_10000_cases_s", max(took), "s", "<= 60"),
        Figure(
            "missed_deadlines_without_escalation",
            sum(one.missed_deadlines_without_escalation for one in found),
            "deadlines",
            "= 0",
        ),
        Figure("cases_that_wait_for_ever", sum(one.stuck for one in found), "cases", "= 0"),
        Figure("moves_simulated", sum(one.moves for one in found), "moves"),
    ]
