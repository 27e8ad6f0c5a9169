"""Labels, right and wrong alerts, and the naive threshold of the benchmark `snoop`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

#: An alert may come as long after the last planted visit.
LATE = timedelta(days=56)
MONTHS = 12


@dataclass(frozen=True)
class Label:
    """Somebody who snooped, how, and from which day to which."""

    person: int
    kind: str
    first: date
    last: date


@dataclass(frozen=True)
class Raised:
    """An alert: the time that it is about."""

    person: int
    first: date
    last: date


@dataclass(frozen=True)
class Marks:
    """What alerts came to."""

    alerts: int
    false: int
    found: frozenset[int]
    recall: float

    def per_user_month(self, users: int) -> float:
        """False alarms of a user and month."""
        return self.false / (users * MONTHS)


def labels_of(folder: Path) -> list[Label]:
    """The labels beside the looks."""
    rows = pq.read_table(folder / "truth" / "labels.parquet").to_pylist()
    return [Label(row["person"], row["kind"], row["first"], row["last"]) for row in rows]


def marks_of(raised: Iterable[Raised], labels: list[Label]) -> Marks:
    """Right and wrong alerts; README.md says which are which."""
    known = {label.person: label for label in labels}
    found, false, alerts = set(), 0, 0
    for one in raised:
        alerts += 1
        label = known.get(one.person)
        if label and label.first <= one.last and one.last <= label.last + LATE:
            found.add(one.person)
        else:
            false += 1
    return Marks(alerts, false, frozenset(found), len(found) / max(1, len(labels)))


def by_kind(marks: Marks, labels: list[Label]) -> str:
    """Found and planted, kind by kind."""
    planted = Counter(label.kind for label in labels)
    found = Counter(label.kind for label in labels if label.person in marks.found)
    return ", ".join(f"{kind} {found[kind]}/{many}" for kind, many in sorted(planted.items()))


def naive(looks: pa.Table, budget: int, quiet: timedelta, first: date, seed: int) -> list[Raised]:
    """The better of two daily thresholds is chosen by the caller: this is one of them.

    `looks` has person and day, one row for each thing that counts. The largest volumes of a user
    and day raise alerts until the budget is spent; a user who raised one is quiet for a while.
    """
    counted = looks.group_by(["person", "day"]).aggregate([("person", "count")])
    person = counted["person"].to_numpy()
    day = counted["day"].to_numpy().astype("datetime64[D]").astype(date)
    volume = counted["person_count"].to_numpy()
    lot = np.random.default_rng(seed).random(len(volume))
    raised: dict[int, list[date]] = {}
    out: list[Raised] = []
    for place in np.lexsort((lot, -volume)):
        who, when = int(person[place]), day[place]
        if when < first or any(abs(when - other) < quiet for other in raised.get(who, ())):
            continue
        if len(out) >= budget:
            break
        raised.setdefault(who, []).append(when)
        out.append(Raised(who, when, when))
    return out


def naive_best(
    folder: Path, budget: int, quiet: timedelta, first: date, labels: list[Label]
) -> Marks:
    """The better of the thresholds over rows and over distinct enterprises."""
    table = pq.read_table(folder / "looks.parquet", columns=["moment", "person", "enterprise"])
    rows = pa.table(
        {
            "person": table["person"],
            "day": table["moment"].cast(pa.date32(), safe=False),
            "enterprise": table["enterprise"],
        }
    )
    once = rows.group_by(["person", "day", "enterprise"]).aggregate([])
    tried = [
        marks_of(naive(one.select(["person", "day"]), budget, quiet, first, 1), labels)
        for one in (rows, once)
    ]
    return max(tried, key=lambda marks: marks.recall)
