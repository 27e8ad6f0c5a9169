"""The chance of approval: what it is, where it stands in the ranking, and from when it is known."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.market.support import DAY, Folder, need, product
from tests.market.test_matching import TAXES
from xinrong.market.matching.chances import BAND, EVEN, FLOOR, Chances, Decided
from xinrong.market.matching.matching import match
from xinrong.market.matching.ranking import ranked

CASES = Path(__file__).resolve().parents[1] / "cases" / "market"


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class One:
    name: str
    cost: Decimal | None
    band: int
    money_days: int


@pytest.mark.parametrize("case", rows("chances.csv"), ids=lambda one: one["case"])
def test_a_chance_is_what_was_worked_out_by_hand(case: dict[str, str]) -> None:
    def decided(of: str) -> Decided:
        return Decided(int(case[f"{of}_decided"]), int(case[f"{of}_offered"]))

    known = Chances(DAY, {"p": decided("product")}, {"l": decided("lender")}, decided("all"))
    found = known.of("l", "p")
    if not case["percent"]:
        assert found is None
    else:
        assert found is not None
        told = (str(found.percent), str(found.about), "yes" if found.of_lender else "no")
        assert told == (case["percent"], case["about"], case["of_lender"])
    assert known.band(found) == int(case["band"])


RANKING = [(name, list(group)) for name, group in groupby(rows("ranking.csv"), lambda r: r["case"])]


@pytest.mark.parametrize(("name", "case"), RANKING, ids=[name for name, _ in RANKING])
def test_the_order_is_that_of_the_published_rule(name: str, case: list[dict[str, str]]) -> None:
    ones = [
        One(
            row["name"], Decimal(row["cost"]) if row["cost"] else None, int(row["band"]),
            int(row["money_days"]),
        )
        for row in case
    ]  # fmt: skip
    expected = [row["name"] for row in sorted(case, key=lambda row: int(row["place"]))]
    for seed in map(str, range(5)):  # whatever the need
        Random(seed).shuffle(ones)
        assert [one.name for one in ranked(ones, seed)] == expected


@given(
    enterprises=st.integers(FLOOR, 500), all_=st.integers(0, 2_000), data=st.data()
)  # fmt: skip
def test_an_unknown_chance_never_stands_below_a_known_one_that_is_worse_than_the_common(
    enterprises: int, all_: int, data: st.DataObject
) -> None:
    offered = data.draw(st.integers(0, enterprises))
    every = Decided(all_, data.draw(st.integers(0, all_)))
    known = Chances(DAY, {"p": Decided(enterprises, offered)}, {}, every)
    chance = known.of("l", "p")
    assert chance is not None
    assert 0 <= chance.percent <= 100
    if chance.percent <= known.common:
        assert known.band(None) >= known.band(chance)
    else:
        assert known.band(None) <= known.band(chance)
    assert known.of("new", "new") is None


def test_more_offers_never_make_a_chance_smaller() -> None:
    for enterprises in (10, 33, 100):
        found = [
            Chances(DAY, {"p": Decided(enterprises, offered)}).of("l", "p")
            for offered in range(enterprises + 1)
        ]
        percents = [one.percent for one in found if one]
        assert percents == sorted(percents)


def test_without_any_decision_the_order_is_that_of_cost_and_time() -> None:
    nothing = Chances()
    assert (nothing.common, nothing.band(None)) == (EVEN, EVEN // BAND)


def test_the_likelier_of_two_alike_comes_first_and_a_new_bank_before_a_bad_one(
    folder: Folder,
) -> None:
    shelf = folder.shelf(product("bad"), product("new"), product("good"))
    counted = {"bad": Decided(40, 2), "good": Decided(40, 38)}
    known = Chances(date(2026, 10, 30), counted, {}, Decided(80, 40))
    for sum_ in range(100_000, 100_020):  # whatever the digest says
        found = match(shelf, need(amount=Decimal(sum_)), TAXES, {}, known)
        assert [one.name for one in found.admitted] == ["good", "new", "bad"]
    chances = [one.chance and one.chance.percent for one in found.admitted]
    assert chances == [86, None, 14]


def test_a_cheaper_product_of_a_new_bank_stays_before_a_likelier_one(folder: Folder) -> None:
    rate = {"base": "lpr", "low": 0.5, "high": 1.2}
    shelf = folder.shelf(product("new", rate=rate), product("good"))
    known = Chances(DAY, {"good": Decided(100, 100)}, {}, Decided(200, 100))
    found = match(shelf, need(), TAXES, {}, known)
    assert [one.name for one in found.admitted] == ["new", "good"]


def test_the_same_chances_give_the_same_order_again(folder: Folder) -> None:
    shelf = folder.shelf(*(product(f"p{n}") for n in range(30)))
    known = Chances(DAY, {f"p{n}": Decided(10 + n, n) for n in range(30)}, {}, Decided(900, 400))
    first, again = (match(shelf, need(), TAXES, {}, known).admitted for _ in range(2))
    assert [one.name for one in first] == [one.name for one in again]
