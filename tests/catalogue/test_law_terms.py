"""The law over the records of a region: what is put for many records is what a ruling says of one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.law.test_ruling import rule
from xinrong.catalogue.contract import Negative
from xinrong.catalogue.law_terms import RecordLaw, over_sql, record_law, shown_sql, tier_of
from xinrong.catalogue.region import Region, load_region
from xinrong.domain.calendars import CHINA_CALENDAR
from xinrong.domain.display import DisplayState
from xinrong.domain.law import (
    Cut,
    Document,
    Kind,
    LawPack,
    Matter,
    Period,
    Start,
    Tier,
    Topic,
    end_of,
    last_over,
    law_of,
)
from xinrong.domain.text import Text

TAIZHOU = load_region("taizhou")
TODAY = date(2026, 11, 23)
NEGATIVE = [name for name, one in TAIZHOU.contracts.items() if one.negative]
DAYS = st.dates(date(2015, 1, 1), date(2027, 12, 31))


def graded() -> Region:
    """Taizhou, whose penalties say how grave they are."""
    contract = TAIZHOU.contracts["administrative_penalty"]
    negative = Negative(
        kind=Kind.ADMINISTRATIVE_PENALTY, tier_by="kind",
        tiers={"warning": Tier.MINOR, "fine": Tier.GENERAL, "suspension": Tier.SERIOUS},
    )  # fmt: skip
    changed = contract.model_copy(update={"negative": negative, "display": None})
    contracts = {**TAIZHOU.contracts, contract.category: changed}
    return TAIZHOU.model_copy(update={"contracts": contracts})


@given(
    category=st.sampled_from(NEGATIVE), personal=st.booleans(), on=DAYS,
    event=st.none() | DAYS, end=st.none() | DAYS,
)  # fmt: skip
def test_what_is_shown_of_many_records_is_what_a_ruling_shows_of_one(
    category: str, personal: bool, on: date, event: date | None, end: date | None
) -> None:
    contract = TAIZHOU.contracts[category].model_copy(update={"display": None})
    region = TAIZHOU.model_copy(update={"contracts": {category: contract}})
    law, negative = RecordLaw(region), contract.negative
    assert negative is not None
    dates = {"event_date": event, "end_date": end}
    known = {Start.DETERMINED: dates[negative.determined], Start.ENDED: dates[negative.ended]}
    ruling = law.law.ruling(
        Matter(
            Topic.DISPLAY, on, personal=personal, kind=negative.kind, lasts=negative.lasting,
            dates={start: day for start, day in known.items() if day is not None},
        )
    )  # fmt: skip
    terms = law.terms(Topic.DISPLAY, category, "", on)[personal]
    until = terms.until(event, end)
    assert (until.day, until.undated) == (ruling.until, ruling.undated)
    assert until.limit is None or until.limit.name == (ruling.binding and ruling.binding.id)
    state = law.cuts(Topic.DISPLAY, category, "", on)[personal].state(event, end)
    assert (state is DisplayState.SHOWN) is not ruling.over(on)


PERIODS = st.builds(Period, st.integers(0, 5), st.integers(0, 11), st.integers(0, 60)) | st.builds(
    Period, working_days=st.integers(0, 60)
)


@given(period=PERIODS, today=DAYS)
def test_the_latest_start_that_is_over_is_over_and_the_next_day_is_not(
    period: Period, today: date
) -> None:
    last = last_over(period, today, CHINA_CALENDAR)
    assert end_of(last, period, CHINA_CALENDAR).day < today
    assert end_of(last + timedelta(days=1), period, CHINA_CALENDAR).day >= today


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2024, 2, 29), date(2021, 2, 28)),  # it ended on 28 February 2024
        (date(2024, 3, 1), date(2021, 2, 28)),
        (date(2027, 3, 1), date(2024, 2, 29)),  # a leap day ends on the 28th, as the 28th does
        (date(2027, 2, 28), date(2024, 2, 27)),
    ],
)
def test_a_leap_day_ends_with_the_last_of_its_month(today: date, last: date) -> None:
    assert last_over(Period(years=3), today, CHINA_CALENDAR) == last


def test_a_penalty_shows_as_long_as_its_tier_does() -> None:
    law = RecordLaw(graded())
    day = date(2026, 5, 4)
    until = {
        tier: law.terms(Topic.DISPLAY, "administrative_penalty", tier, TODAY)[0].until(day, None)
        for tier in ("", "minor", "general", "serious")
    }
    assert {tier: found.day for tier, found in until.items()} == {
        "": date(2029, 5, 4), "minor": date(2026, 8, 4), "general": date(2027, 5, 4),
        "serious": date(2029, 5, 4),
    }  # fmt: skip
    contract = graded().contracts["administrative_penalty"]
    assert tier_of(contract, {"t1": "fine"}) == "general"
    assert tier_of(contract, {"t1": "confiscation"}) == tier_of(contract, {"t1": None}) == ""


def test_the_contracts_own_period_binds_where_it_is_shorter() -> None:
    beijing = record_law(load_region("beijing"))
    terms, _ = beijing.terms(Topic.DISPLAY, "administrative_penalty", "", TODAY)
    found = terms.until(date(2026, 1, 5), None)
    assert (found.day, found.limit and found.limit.name) == (date(2027, 1, 5), "")
    named = terms.until(date(2026, 1, 5), date(2026, 3, 1))  # it names its last day itself
    assert named.day == date(2026, 3, 1)


def test_what_has_not_ended_shows_and_ends_with_what_was_determined() -> None:
    terms = record_law(TAIZHOU).terms(Topic.DISPLAY, "wage_arrears", "", TODAY)
    for one in terms:
        assert one.until(date(2024, 1, 5), None).day == date(2029, 1, 5)
        assert one.until(None, date(2024, 1, 5)).undated


def test_an_end_before_the_start_shows_the_shorter_for_persons() -> None:
    enterprise, person = record_law(TAIZHOU).terms(Topic.DISPLAY, "wage_arrears", "", TODAY)
    assert enterprise.until(date(2024, 1, 5), date(2020, 1, 5)).day == date(2029, 1, 5)
    assert person.until(date(2024, 1, 5), date(2020, 1, 5)).day == date(2025, 1, 5)


def test_a_law_in_force_from_a_later_day_binds_from_that_day_on() -> None:
    later = Document("later", Text(zh="词", en="words"), date(2027, 1, 1))
    packs = [
        LawPack("CN", (rule("five", years=5), rule("one", years=1, document=later))),
    ]
    law = RecordLaw(TAIZHOU, law_of(["CN"], packs))
    event = date(2025, 1, 1)
    days = [date(2026, 12, 31), date(2027, 1, 1)]
    states = [
        law.cuts(Topic.DISPLAY, "court_judgment", "", day)[0].state(event, None) for day in days
    ]
    assert states == [DisplayState.SHOWN, DisplayState.EXPIRED]


def test_figures_over_everybody_keep_to_both_laws() -> None:
    one = Cut(date(2021, 1, 1), date(2020, 1, 1), frozenset({"event_date"}))
    other = Cut(date(2022, 1, 1), date(2019, 1, 1))
    assert one.strictest(other) == Cut(
        date(2022, 1, 1), date(2020, 1, 1), frozenset({"event_date"})
    )


def test_one_law_for_all_is_one_answer_for_all() -> None:
    packs = [LawPack("CN", (rule("both", years=5),))]
    same = RecordLaw(TAIZHOU, law_of(["CN"], packs))
    enterprise, person = same.cuts(Topic.DISPLAY, "wage_arrears", "", TODAY)
    assert enterprise is person


def test_the_condition_in_sql_withholds_what_has_no_needed_date() -> None:
    assert shown_sql(Cut()) == "TRUE"
    cut = Cut(date(2021, 11, 22), date.min, frozenset({"event_date"}))
    assert shown_sql(cut, "r.") == "coalesce(r.event_date > DATE '2021-11-22', FALSE)"


def test_what_has_no_date_is_never_over() -> None:
    assert over_sql(Cut()) == "FALSE"
    cut = Cut(date(2021, 11, 22), date(2020, 1, 1))
    assert over_sql(cut) == (
        "(coalesce(event_date <= DATE '2021-11-22', FALSE)"
        " OR coalesce(end_date <= DATE '2020-01-01', FALSE))"
    )
