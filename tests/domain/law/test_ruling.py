"""Which rule binds: the shortest display, displacement by a cited article, undated matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.domain.calendars import CHINA_CALENDAR
from xinrong.domain.law import (
    AtEnd,
    Binds,
    Document,
    Evidence,
    LawPack,
    LawRule,
    Matter,
    PackFault,
    Period,
    Start,
    Tier,
    Topic,
    Why,
    end_of,
    law_of,
)
from xinrong.domain.text import Text

WORDS = Text(zh="词", en="words")
ACT = Document("act", WORDS, date(2018, 1, 1))
ORDER = Document("order", WORDS, date(2020, 1, 1))
DAY = date(2026, 5, 4)


def rule(name: str, *, years: int = 0, days: int = 0, **more: Any) -> LawRule:
    usual: Mapping[str, Any] = {
        "jurisdiction": "CN", "document": ACT, "article": "1", "evidence": Evidence.VERIFIED,
        "topic": Topic.DISPLAY, "binds": Binds.BOTH, "start": Start.DETERMINED,
        "at_end": AtEnd.STOP_SHOWING, "text": WORDS,
    }  # fmt: skip
    return LawRule(id=name, period=Period(years=years, days=days), **{**usual, **more})


def matter(**more: Any) -> Matter:
    return Matter(Topic.DISPLAY, **{"on": DAY, "dates": {Start.DETERMINED: DAY}, **more})


def ruling(*rules: LawRule, asked: Matter | None = None) -> Any:
    by_place: dict[str, list[LawRule]] = {}
    for one in rules:
        by_place.setdefault(one.jurisdiction, []).append(one)
    packs = [LawPack(place, tuple(held)) for place, held in by_place.items()]
    return law_of(["CN", "CN-33"], packs).ruling(asked or matter())


def test_the_shorter_display_binds_and_the_longer_says_that_it_does_not() -> None:
    found = ruling(rule("five", years=5), rule("one", years=1, jurisdiction="CN-33"))
    assert (found.binding.id, found.until) == ("one", date(2027, 5, 4))
    assert {one.rule.id: one.why for one in found.weighed}["five"] is Why.OTHER_ENDS_FIRST


def test_a_log_is_kept_as_long_as_the_longest_rule_asks() -> None:
    log = {"topic": Topic.QUERY_LOG, "start": Start.LOGGED}
    asked = Matter(Topic.QUERY_LOG, DAY, dates={Start.LOGGED: DAY})
    found = ruling(rule("three", years=3, **log), rule("ten", years=10, jurisdiction="CN-33", **log),
                   asked=asked)  # fmt: skip
    assert found.binding.id == "ten"


def test_a_rule_that_cites_its_article_displaces_a_shorter_one() -> None:
    longer = rule("longer", years=5, document=ORDER, displaces=frozenset({"one"}), cites="9")
    found = ruling(rule("one", years=1), longer)
    assert found.binding.id == "longer"
    assert [one.by for one in found.weighed if one.why is Why.DISPLACED] == ["longer"]


def test_a_rule_that_does_not_apply_displaces_nothing() -> None:
    special = rule("special", years=9, document=ORDER, tiers=frozenset({Tier.SERIOUS}),
                   displaces=frozenset({"one"}), cites="9")  # fmt: skip
    assert ruling(rule("one", years=1), special).binding.id == "one"


def test_a_matter_without_the_date_from_which_a_rule_counts_is_undated_and_over() -> None:
    ended = rule("ended", years=5, start=Start.ENDED, jurisdiction="CN-33")
    found = ruling(rule("one", years=1), ended)
    assert found.undated
    assert found.until is None
    assert found.over(DAY)


def test_a_duty_whose_clock_has_not_started_leaves_the_others_running() -> None:
    duty = {"topic": Topic.OBJECTION_ANSWER, "at_end": AtEnd.OVERDUE}
    rules = (rule("twenty", days=20, start=Start.RECEIVED, **duty),
             rule("five", days=5, start=Start.ACCEPTED, jurisdiction="CN-33", **duty))  # fmt: skip
    asked = Matter(Topic.OBJECTION_ANSWER, DAY, dates={Start.RECEIVED: DAY})
    assert ruling(*rules, asked=asked).binding.id == "twenty"
    accepted = replace(asked, dates={Start.RECEIVED: DAY, Start.ACCEPTED: DAY})
    assert ruling(*rules, asked=accepted).binding.id == "five"
    assert ruling(*rules, asked=replace(asked, dates={})).undated


def test_without_a_rule_nothing_ends_and_nothing_is_undated() -> None:
    found = ruling(rule("penalties", years=1, kinds=frozenset({"administrative_penalty"})))
    assert (found.binding, found.until, found.undated, found.over(DAY)) == (
        None,
        None,
        False,
        False,
    )


def test_a_place_without_a_pack_inherits_and_is_named() -> None:
    assert ruling(rule("one", years=1)).without_pack == ("CN-33",)


def test_while_the_enterprise_is_listed_the_period_does_not_end() -> None:
    kept = rule("kept", years=1, extended_by_listing=True)
    assert ruling(kept, asked=matter(listed=True)).open_ended
    later = matter(listed=True, delisted=date(2029, 1, 1))
    assert ruling(kept, asked=later).until == date(2029, 1, 1)
    sooner = matter(listed=True, delisted=date(2026, 6, 1))
    assert ruling(kept, asked=sooner).until == date(2027, 5, 4)


def test_a_law_binds_from_its_first_day_to_the_day_before_its_repeal() -> None:
    act = replace(ACT, in_force=date(2020, 1, 1), repealed=date(2021, 1, 1))
    held = rule("held", years=1, document=act)
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1)]
    assert [held.in_force(day) for day in days] == [False, True, True, False]


def test_two_articles_of_one_law_that_say_different_things_are_refused() -> None:
    with pytest.raises(PackFault, match="different things") as refused:
        LawPack("CN", (rule("one", years=1), rule("two", years=2)))
    assert refused.value.code == "law_overlap"
    LawPack("CN", (rule("one", years=1, binds=Binds.PERSONAL),
                   rule("two", years=2, binds=Binds.ENTERPRISE)))  # fmt: skip


@pytest.mark.parametrize(
    ("displaces", "cites"), [("nobody", "9"), ("one", "")], ids=["unknown", "without-an-article"]
)
def test_displacing_needs_a_known_rule_and_an_article(displaces: str, cites: str) -> None:
    other = rule("two", years=2, document=ORDER, displaces=frozenset({displaces}), cites=cites)
    with pytest.raises(PackFault) as refused:
        law_of(["CN"], [LawPack("CN", (rule("one", years=1), other))])
    assert refused.value.code == "law_displaces"


def test_a_period_mixes_no_working_days_with_others_and_is_not_negative() -> None:
    with pytest.raises(ValueError, match="not both"):
        Period(days=1, working_days=1)
    with pytest.raises(ValueError, match="negative"):
        Period(months=-1)


DATES = st.dates(date(2004, 1, 1), date(2040, 1, 1))
PERIODS = st.builds(Period, st.integers(0, 5), st.integers(0, 11), st.integers(0, 60)) | st.builds(
    Period, working_days=st.integers(0, 60)
)


@given(start=DATES, one=PERIODS, other=PERIODS)
def test_another_places_rule_never_lengthens_a_display(
    start: date, one: Period, other: Period
) -> None:
    first = replace(rule("one"), period=one)
    second = replace(rule("two", jurisdiction="CN-33"), period=other)
    asked = matter(dates={Start.DETERMINED: start})
    assert ruling(first, second, asked=asked).until <= ruling(first, asked=asked).until


@given(start=DATES, period=PERIODS)
def test_a_period_never_ends_before_it_starts_and_a_later_start_never_ends_it_sooner(
    start: date, period: Period
) -> None:
    end = end_of(start, period, CHINA_CALENDAR).day
    assert end >= start
    assert end_of(start + timedelta(days=1), period, CHINA_CALENDAR).day >= end
