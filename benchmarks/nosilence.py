"""No silent refusal: a simulated year, 3,000 needs, a third of the banks slow or mute.

The real process runs: enterprises of the invented city state needs, apply through the gate with a
consent to each bank, clocks ring, the outbox delivers, banks query files at each stage and answer
(`_nosilence_world`). Nothing is simulated but time and what people decide, by a seeded draw:

- Of the 24 lenders a third are bad: half of those never do anything, the others take days to take
  a file on and weeks to decide. Reminders, supervisors and operators change nothing about that.
- Of the others each takes a file on after some office hours and decides near its promised days,
  at times late; four of ten files it refuses, with reasons.
- An enterprise applies to one, two or three of the products that admit it, in the order of the
  published rule; seven of ten heed the record of a lender's punctuality that the page shows. Who
  has an offer leaves a proposal, and one in seven of the others; the rest take it up after some
  hours of the day.

What counts as an answer is a bank's own act: it took the file on, which says the day by which it
decides, or it offered, or it refused with reasons. No answer of the platform itself counts: not
the match, not a reminder, not a proposal. Working days are those between the day on which the
enterprise applied first and the day of the answer, the first not counted (Civil Code art. 201).

- `first_answer_p95_working_days`: of needs, until the first answer of any bank.
- `answered_in_15_working_days`: the share of needs decided by then: an offer, or a refusal with
  reasons. Taking a file on is not enough for this one.
- `unexplained`: needs that at the end of some month, or of the year, had no offer, no written
  reason, no clock that names the next step's day, and no question to the enterprise itself. What
  an enterprise gave up by its own act is counted apart (`left_by_the_enterprise`).
"""

from __future__ import annotations

import math
import os
import time

from benchmarks.harness import Figure

NEEDS_DJANGO = True
os.environ["REGION"] = "taizhou"
SEED = 20261123
NEEDS, CITY = 3_000, 300


def run(small: bool) -> list[Figure]:
    """Measure; with `small` twenty needs."""
    from benchmarks._nosilence_world import World

    began = time.perf_counter()
    world = World(SEED, NEEDS // 150 if small else NEEDS, 20 if small else CITY)
    built = time.perf_counter() - began
    world.live()
    took = time.perf_counter() - began - built
    found = world.results()
    print(
        f"{found.needs:,} needs, {found.applications:,} applications, {found.proposals:,} "
        f"proposals ({found.taken_up:,} taken up), {found.moves:,} moves; built in {built:.0f} s, "
        f"lived in {took:.0f} s; {found.without_product:,} needs that no product admitted left out",
        flush=True,
    )
    for code, many in sorted(found.refused.items()):
        print(f"  refused {code}: {many:,}")
    first = sorted(found.first_answers)
    decided = [days for days in found.decisions if days <= 15]
    return [
        Figure("first_answer_p95_working_days", _nearest(first, 0.95), "working days", "<= 2"),
        Figure("answered_in_15_working_days", len(decided) / found.needs, "of 1", ">= 0.95"),
        Figure("unexplained", found.unexplained, "needs", "= 0"),
        Figure("first_answer_median_working_days", _nearest(first, 0.5), "working days"),
        Figure("first_answer_mean_working_days", _mean(first), "working days"),
        Figure("decision_p95_working_days", _nearest(sorted(found.decisions), 0.95), "days"),
        Figure("never_answered", sum(math.isinf(one) for one in first), "needs"),
        Figure("left_by_the_enterprise", found.left, "needs"),
        Figure("to_bad_banks", found.to_bad, "of 1"),
        Figure("lived_s", took, "s"),
    ]


def _nearest(ordered: list[float], share: float) -> float:
    """The quantile by the nearest rank: a value that was really seen."""
    return ordered[math.ceil(share * len(ordered)) - 1]


def _mean(values: list[float]) -> float:
    known = [one for one in values if not math.isinf(one)]
    return sum(known) / len(known)
