"""Write a generated year of queries: looks, ties, ends, staff, enterprises; labels apart."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xinrong.synth.city import SynthError, prepare
from xinrong.synth.queries import snoopers, staff, work
from xinrong.synth.queries.calendar import FIRST, YEAR, days_of_year
from xinrong.synth.queries.visits import Ties, Visits, joined
from xinrong.synth.register import codes_text, names_text
from xinrong.synth.streams import Ints
from xinrong.synth.truth import FOLDER

STAGES = ("pre_loan", "approval", "post_loan")
MANIFEST = "manifest.json"
FEWEST_USERS = 60


@dataclass(frozen=True)
class QueryOptions:
    """`users` are staff of banks; `enterprises` are those there are to be looked at."""

    seed: int = 1
    users: int = 2_480
    enterprises: int = 120_000
    snoopers: float = snoopers.SHARE

    def checked(self) -> QueryOptions:
        """The options. Raises SynthError."""
        if self.users < FEWEST_USERS or self.enterprises < 20 * self.users:
            raise SynthError(
                f"{self.users} users and {self.enterprises} enterprises are too few.",
                remedy=f"Ask for {FEWEST_USERS} users or more, and twenty enterprises for each.",
                code="synth_option",
            )
        if not 0 <= self.snoopers <= 0.3:
            raise SynthError(
                f"A share of {self.snoopers} snoopers.", remedy="Take 0 to 0.3.",
                code="synth_option",
            )  # fmt: skip
        return self


@dataclass(frozen=True)
class QuerySummary:
    """What was written. `rows` counts the lead-in, `rows_in_year` does not."""

    rows: int
    rows_in_year: int
    peak_month: int
    users: int
    snoopers: int
    planted_rows: int


def write_queries(out: Path, options: QueryOptions, *, force: bool = False) -> QuerySummary:
    """Write below `out`; the labels go to `truth/` beside. The same seed gives the same bytes.

    Files: looks.parquet (row_id, moment in China's time, person, organisation, institution, role,
    enterprise, stage, outcome), ties.parquet (asked, granted), ends.parquet (revoked, refused),
    enterprises.parquet (enterprise, code, name), truth/labels.parquet, truth/planted.parquet.
    """
    options = options.checked()
    prepare(out, force=force)
    w = staff.world(options.seed, options.users, options.enterprises, days_of_year())
    honest, ties = work.honest(w)
    planted, labels, ends = snoopers.planted(w, options.snoopers)
    looks, marked = rows_of(w, joined([honest, planted]))
    write(looks, out / "looks.parquet")
    write(ties_of(w, ties), out / "ties.parquet")
    write(ends_of(w, ties, ends), out / "ends.parquet")
    codes, names = codes_text(w.city, w.people), names_text(w.city, w.people)
    numbers = pa.array(np.arange(options.enterprises) + 1)
    write(pa.table({"enterprise": numbers, "code": codes, "name": names}),
          out / "enterprises.parquet")  # fmt: skip
    write(labels_of(labels), out / FOLDER / "labels.parquet")
    write(pa.table({"row_id": pa.array(marked)}), out / FOLDER / "planted.parquet")
    summary = summary_of(looks, len(w.staff), len(labels), len(marked))
    text = json.dumps({**asdict(options), **asdict(summary)}, indent=2, sort_keys=True)
    (out / FOLDER / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return summary


def write(table: pa.Table, path: Path) -> None:
    """One Parquet file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", compression_level=1, store_schema=False)


def rows_of(w: staff.World, made: Visits) -> tuple[pa.Table, Ints]:
    """The rows in the order of time, numbered from 1; and the numbers of planted ones."""
    draw = w.stream("rows")
    # Basic, comprehensive, signs, cube: one to four questions a visit, a minute apart.
    many = np.where(made.denied, 1, 1 + draw.pick(len(made), (48, 27, 17, 8)))
    which = np.repeat(np.arange(len(made)), many)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)
    second = made.minute[which] * 60 + nth * 20 + 15 * draw.unit(len(which))
    micros = (made.day[which] * 86_400 * 10**6) + (second.clip(0, 86_399) * 10**6).astype(np.int64)
    begin = int(np.datetime64(FIRST.isoformat(), "us").astype(np.int64))
    order = np.argsort(micros, kind="stable")
    which, micros = which[order], micros[order]
    user = made.user[which]
    stage = pa.array(list(STAGES)).take(pa.array(made.stage[which]))
    outcome = pa.array(["released", "denied"]).take(pa.array(made.denied[which].astype(np.int64)))
    size = len(which)
    table = pa.table(
        {
            "row_id": pa.array(np.arange(1, size + 1)),
            "moment": pa.array(micros + begin).cast(pa.timestamp("us")),
            "person": pa.array(user + 1),
            "organisation": pa.array(w.staff.outlet[user]),
            "institution": pa.array(w.staff.bank[user]),
            "role": pa.repeat(pa.scalar("loan_officer"), size),
            "enterprise": pa.array(made.enterprise[which] + 1),
            "stage": stage,
            "outcome": outcome,
        }
    )
    return table, np.flatnonzero(made.planted[which]) + 1


def date_array(days: Ints) -> pa.Array:
    """Day numbers as dates."""
    begin = int(np.datetime64(FIRST.isoformat(), "D").astype(np.int64))
    return pa.array((days + begin).astype(np.int32)).cast(pa.date32())


def ties_of(w: staff.World, made: Ties) -> pa.Table:
    """Business behind a query: a consent that was asked for (two months), or granted."""
    c, granted = w.clients, made.since >= 0
    handler = np.concatenate([c.handler, made.handler, made.handler[granted]])
    enterprise = np.concatenate([c.enterprise, made.enterprise, made.enterprise[granted]])
    since = np.concatenate([c.since, made.asked, made.since[granted]])
    until = np.concatenate([c.until, made.asked + 60, made.until[granted]])
    return pa.table(
        {
            "institution": pa.array(w.staff.bank[handler]),
            "enterprise": pa.array(enterprise + 1),
            "since": date_array(since),
            "until": date_array(until),
        }
    )


def ends_of(w: staff.World, made: Ties, noticed: snoopers.Ends) -> pa.Table:
    """Consents refused and taken back, of whatever cause."""
    refused = made.since < 0
    cut = (w.clients.until - w.clients.since) < 365
    user = np.concatenate([made.handler[refused], w.clients.handler[cut], noticed.user])
    firm = np.concatenate([made.enterprise[refused], w.clients.enterprise[cut], noticed.enterprise])
    day = np.concatenate([made.asked[refused] + 5, w.clients.until[cut], noticed.day])
    return pa.table(
        {
            "institution": pa.array(w.staff.bank[user]),
            "enterprise": pa.array(firm + 1),
            "day": date_array(day),
        }
    )


def labels_of(labels: list[snoopers.Snooper]) -> pa.Table:
    """Who snooped, how, and when."""
    return pa.table(
        {
            "person": pa.array([one.user + 1 for one in labels], type=pa.int64()),
            "kind": pa.array([one.kind for one in labels], type=pa.string()),
            "first": date_array(np.array([one.first for one in labels], dtype=np.int64)),
            "last": date_array(np.array([one.last for one in labels], dtype=np.int64)),
            "visits": pa.array([one.visits for one in labels], type=pa.int64()),
        }
    )


def summary_of(looks: pa.Table, users: int, labels: int, marked: int) -> QuerySummary:
    """Counts of what was written."""
    month = looks["moment"].to_numpy().astype("datetime64[M]")
    inside = month >= np.datetime64(YEAR.isoformat(), "M")
    _, counts = np.unique(month[inside], return_counts=True)
    return QuerySummary(looks.num_rows, int(inside.sum()), int(counts.max()), users, labels, marked)
