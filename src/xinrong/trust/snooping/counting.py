"""From looks to counts: the visits of one week that meet each rule, in SQL over Arrow tables.

Nothing is kept but what lies within the history; the next week adds its looks and drops the
oldest. A week is counted when the days of grace after it are over: by then an application has
come, or has not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from xinrong.trust.snooping.rules import Rules
from xinrong.trust.snooping.source import LOOKS, Source

SQL = Path(__file__).with_name("sql")
WEEK = timedelta(days=7)
CONFIG: dict[str, Any] = {
    "memory_limit": "1GB",
    "enable_external_access": False,
    "preserve_insertion_order": False,
}


@dataclass
class PersonWeek:
    """What one person did in one week. `rows` are the audit rows of the visits that met a rule."""

    person: int
    organisation: int
    institution: int
    role: str
    visits: int
    counts: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)


class Counting:
    """The looks of the history in memory, week by week in order."""

    def __init__(self, source: Source, rules: Rules) -> None:
        self._source, self._rules = source, rules
        self._known: date | None = None  # looks before this day are in memory
        self._next: date | None = None
        self._db = duckdb.connect(config=CONFIG)
        self._db.execute(
            "CREATE TABLE visits (person BIGINT, organisation BIGINT, institution BIGINT,"
            " role VARCHAR, enterprise BIGINT, day DATE, moment TIMESTAMP, denied BOOLEAN,"
            " row_ids BIGINT[])"
        )
        self._db.execute(
            "CREATE TABLE recent (person BIGINT, enterprise BIGINT, day DATE, moment TIMESTAMP,"
            " by_code BIGINT, by_name BIGINT)"
        )
        self._firms()

    def close(self) -> None:
        """Let go of the memory."""
        self._db.close()

    def week(self, monday: date) -> list[PersonWeek]:
        """The counts of everybody who looked in the week that begins on that Monday."""
        if self._next != monday:  # the walks of a week begin in the weeks before
            for before in (monday - 2 * WEEK, monday - WEEK):
                self._mark(before)
                self._keep_strays(before)
        self._mark(monday)
        found = self._people()
        self._keep_strays(monday)
        self._next = monday + WEEK
        return found

    def _firms(self) -> None:
        self._db.register("registered", self._source.firms())
        self._db.execute(
            "CREATE TABLE firms AS SELECT enterprise,"
            " row_number() OVER (ORDER BY code) AS by_code,"
            " row_number() OVER (ORDER BY name, code) AS by_name FROM registered"
        )
        self._db.unregister("registered")

    def _load(self, first: date, until: date) -> None:
        """Bring the looks from `first` to the day before `until` into memory."""
        begin = self._known if self._known and self._known > first else first
        if self._known is None or self._known < first:
            self._db.execute("DELETE FROM visits")
        while begin < until:
            end = min(begin + WEEK, until)
            incoming = self._source.looks(begin, end).cast(LOOKS)
            self._db.register("incoming", incoming)
            self._db.execute(script("visits"))
            self._db.unregister("incoming")
            begin = end
        self._known = until
        self._db.execute("DELETE FROM visits WHERE day < $first", {"first": first})

    def _mark(self, monday: date) -> None:
        rules, last = self._rules, monday + WEEK - timedelta(days=1)
        first = monday - rules.history_weeks * WEEK
        until = last + timedelta(days=rules.grace_days + 1)
        if self._known is None or self._known < until:
            self._load(first, until)
        ties = self._source.ties(monday, until)
        ends = self._source.ends(monday, until)
        self._db.register("ties", ties)
        self._db.register("ends", ends)
        self._db.execute(
            script("marked"),
            {
                "from": first, "first": monday, "last": last, "grace": rules.grace_days,
                "opens": rules.opens, "closes": rules.closes, "alone": rules.alone,
            },
        )  # fmt: skip
        self._db.unregister("ties")
        self._db.unregister("ends")
        steps = script("walks").replace("$steps", str(int(rules.steps)))
        reach = {"first": monday, "reach": rules.reach_days, "near": rules.near}
        self._db.execute(steps, reach)

    def _keep_strays(self, monday: date) -> None:
        self._db.execute("DELETE FROM recent WHERE day < $day", {"day": monday - WEEK})
        self._db.execute(
            "INSERT INTO recent"
            " SELECT person, enterprise, day, moment, by_code, by_name FROM strayed"
        )

    def _people(self) -> list[PersonWeek]:
        columns = ", ".join(
            f"count(*) FILTER ({rule.counts}), flatten(list(row_ids) FILTER ({rule.counts}))"
            for rule in self._rules.rules
        )
        found = self._db.execute(
            f"SELECT person, arg_max(organisation, moment), arg_max(institution, moment),"  # noqa: S608
            f" arg_max(role, moment), count(*), {columns}"
            f" FROM ({script('people')})"
            " GROUP BY person ORDER BY person"
        ).fetchall()
        return [self._person(row) for row in found]

    def _person(self, row: tuple[Any, ...]) -> PersonWeek:
        made = PersonWeek(*row[:5])
        for place, rule in enumerate(self._rules.rules):
            count, rows = row[5 + 2 * place], row[6 + 2 * place]
            if count:
                made.counts[rule.name] = count
                if rule.counts != "true":  # whatever they did is no evidence by itself
                    made.rows[rule.name] = sorted(rows)
        return made


def script(name: str) -> str:
    """A SQL file of this package."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
