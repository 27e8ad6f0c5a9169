"""What counts as standing out, on a handful of looks that one can follow by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest

from xinrong.trust.snooping.counting import Counting, PersonWeek
from xinrong.trust.snooping.rules import load_rules
from xinrong.trust.snooping.source import ENDS, FIRMS, LOOKS, TIES

MONDAY = date(2025, 3, 3)
OFFICER, MATE, FAR = 1, 2, 3
OUTLET = {OFFICER: 10, MATE: 10, FAR: 11}
LONG = (date(2024, 1, 1), date(2026, 1, 1))


@dataclass
class Town:
    """Looks and ties held in memory, in the shape of a source."""

    rows: list[tuple[object, ...]] = field(default_factory=list)
    tied: list[tuple[object, ...]] = field(default_factory=list)
    ended: list[tuple[object, ...]] = field(default_factory=list)

    def look(
        self, person: int, firm: int, day: int, hour: float = 10, outcome: str = "released"
    ) -> int:
        at = datetime(2025, 3, 3) + timedelta(days=day, hours=hour)
        self.rows.append(
            (len(self.rows) + 1, at, person, OUTLET[person], 1, "loan_officer", firm, "pre_loan",
             outcome)
        )  # fmt: skip
        return len(self.rows)

    def tie(self, firm: int, since: date = LONG[0], until: date = LONG[1]) -> None:
        self.tied.append((1, firm, since, until))

    def looks(self, first: date, until: date) -> pa.Table:
        return made(sorted(r for r in self.rows if first <= r[1].date() < until), LOOKS)  # type: ignore[attr-defined]

    def ties(self, first: date, until: date) -> pa.Table:
        return made(self.tied, TIES)

    def ends(self, first: date, until: date) -> pa.Table:
        return made(self.ended, ENDS)

    def firms(self) -> pa.Table:
        return made([(n, f"{n:018}", f"n{n:05}") for n in range(1, 2000)], FIRMS)

    def first_day(self) -> date | None:
        return MONDAY

    def week(self) -> dict[int, PersonWeek]:
        counting = Counting(self, load_rules())
        try:
            return {one.person: one for one in counting.week(MONDAY)}
        finally:
            counting.close()


def made(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table(
        [pa.array(list(c), type=f.type) for c, f in zip(columns, schema, strict=True)],
        schema=schema,
    )


@pytest.fixture
def town() -> Town:
    return Town()


def test_a_look_without_a_consent_asked_for_or_granted_has_no_business_behind_it(
    town: Town,
) -> None:
    number = town.look(OFFICER, 100, 1)
    week = town.week()[OFFICER]
    assert week.counts["no_business"] == 1
    assert week.rows["no_business"] == [number]


@pytest.mark.parametrize(("asked_after", "counted"), [(14, 0), (15, 1)])
def test_an_application_within_the_days_of_grace_is_business(
    town: Town, asked_after: int, counted: int
) -> None:
    town.look(OFFICER, 100, 1)
    town.tie(100, since=MONDAY + timedelta(days=1 + asked_after))
    assert town.week()[OFFICER].counts.get("no_business", 0) == counted


def test_a_consent_that_ended_is_no_business(town: Town) -> None:
    town.look(OFFICER, 100, 1)
    town.tie(100, until=MONDAY + timedelta(days=1))
    assert town.week()[OFFICER].counts["no_business"] == 1


def test_several_pages_of_one_file_on_one_day_are_one_visit(town: Town) -> None:
    for minute in range(4):
        town.look(OFFICER, 100, 1, 10 + minute / 60)
    week = town.week()[OFFICER]
    assert week.visits == week.counts["no_business"] == 1
    assert len(week.rows["no_business"]) == 4


def test_a_colleagues_client_counts_only_while_the_colleague_is_at_work(town: Town) -> None:
    town.tie(100)
    town.tie(200)
    for day in (-30, -20, -10):
        town.look(MATE, 100, day)
    town.look(OFFICER, 100, 1)
    assert "colleagues" not in town.week()[OFFICER].counts  # the colleague is away: standing in
    town.look(MATE, 200, 2)
    assert town.week()[OFFICER].counts["colleagues"] == 1


def test_another_outlets_client_is_told_from_a_colleagues(town: Town) -> None:
    town.tie(100)
    for day in (-30, -20, -10):
        town.look(FAR, 100, day)
    town.look(OFFICER, 100, 1)
    counts = town.week()[OFFICER].counts
    assert counts["elsewhere"] == counts["outside"] == 1
    assert "colleagues" not in counts


def test_ones_own_clients_in_the_order_of_codes_are_no_walk(town: Town) -> None:
    for firm in range(100, 110):
        town.tie(firm)
        town.look(OFFICER, firm, -20)
        town.look(OFFICER, firm, 1, 10 + firm / 1000)
    counts = town.week()[OFFICER].counts
    assert "walk" not in counts
    assert "sweep" not in counts


def test_strange_firms_in_the_order_of_codes_are_a_walk_even_one_a_day(town: Town) -> None:
    for step in range(5):
        town.look(OFFICER, 100 + 3 * step, step)
    assert town.week()[OFFICER].counts["walk"] == 4  # the first has nobody before it


def test_a_campaign_that_colleagues_share_is_neither_walk_nor_sweep(town: Town) -> None:
    for person, begin in ((OFFICER, 100), (MATE, 300)):
        for step in range(10):
            town.look(person, begin + step, 1, 10 + step / 30)
    counts = town.week()[OFFICER].counts
    assert not {"walk", "sweep", "no_business"} & set(counts)


def test_the_same_alone_is_both(town: Town) -> None:
    for step in range(10):
        town.look(OFFICER, 100 + step, 1, 10 + step / 30)
    counts = town.week()[OFFICER].counts
    assert counts["walk"] == 9
    assert counts["sweep"] == 5  # from the sixth within the hour


def test_late_in_the_evening_counts_when_nobody_else_is_there(town: Town) -> None:
    town.look(OFFICER, 100, 1, 21)
    town.look(MATE, 200, 1, 10)
    weeks = town.week()
    assert weeks[OFFICER].counts["lonely_hours"] == 1
    assert "lonely_hours" not in weeks[MATE].counts


def test_refused_looks_are_counted_and_are_no_visits_to_clients(town: Town) -> None:
    town.look(OFFICER, 100, 1, outcome="denied")
    counts = town.week()[OFFICER].counts
    assert counts["denied"] == 1
    assert "no_business" not in counts


def test_a_look_before_the_enterprise_took_its_consent_back_counts(town: Town) -> None:
    town.tie(100)
    for day in (-30, -20):
        town.look(FAR, 100, day)
    town.look(OFFICER, 100, 1)
    town.ended.append((1, 100, MONDAY + timedelta(days=9)))
    assert town.week()[OFFICER].counts["before_refusal"] == 1
