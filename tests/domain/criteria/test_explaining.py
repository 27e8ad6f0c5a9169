"""Why: condition by condition, what decides, what is missing, what would have to change."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.reading import labelled
from tests.domain.criteria.made import Maker
from tests.domain.criteria.sample import ROW, TODAY, column, read
from xinrong.domain.criteria import (
    OUTCOME_WORDS,
    REASON_WORDS,
    Explainer,
    Explanation,
    MissingReason,
    Outcome,
    Schema,
    Type,
    parse,
)

REASONS = {
    "revenue_12m": MissingReason.STALE,
    "licence_until": MissingReason.UNDATED,
    "listed": MissingReason.WITHHELD,
}


def explained(text: str, **changed: object) -> Explanation:
    return Explainer(read(text)).explain({**ROW, **changed}, TODAY, REASONS)


@pytest.mark.parametrize(
    ("text", "outcome", "zh", "en", "change_zh", "change_en"),
    labelled("criteria/sentences", "text", "outcome", "zh", "en", "change_zh", "change_en"),
)
def test_a_labelled_condition_reads_as_its_label(
    text: str, outcome: str, zh: str, en: str, change_zh: str, change_en: str
) -> None:
    found = explained(text)
    (condition,) = found.conditions
    assert (found.outcome, condition.outcome) == (outcome, outcome)
    assert (condition.sentence.zh, condition.sentence.en) == (zh, en)
    change = found.changes[0].sentence if found.changes else None
    assert ((change.zh, change.en) if change else ("", "")) == (change_zh, change_en)


@pytest.mark.parametrize("text", ["known(listed)", "NOT known(listed)", "NOT (known(listed))"])
def test_whether_something_withheld_is_known_cannot_be_told(text: str) -> None:
    found = explained(text, listed=None)
    assert found.outcome == Outcome.UNKNOWN
    assert [one.reason for one in found.missing] == [MissingReason.WITHHELD]
    assert explained(text.replace("listed", "licence_until"), licence_until=None).outcome in (
        Outcome.YES,
        Outcome.NO,
    )
    settled = explained(f"({text}) AND staff < 0 AND revenue_12m > 0", listed=None)
    assert settled.outcome == Outcome.NO


def test_every_condition_is_answered_in_the_order_of_the_text() -> None:
    found = explained("tax_12m >= 500000 OR (staff < 20 AND revenue_12m > 0)")
    assert [one.outcome for one in found.conditions] == ["no", "yes", "unknown"]
    assert [one.at for one in found.conditions] == [9, 29, 50]
    assert found.outcome == Outcome.UNKNOWN


def deciding(text: str, **changed: object) -> list[int]:
    found = explained(text, **changed)
    return [number for number, one in enumerate(found.conditions) if one.decides]


def test_the_fewest_conditions_that_decide_are_marked() -> None:
    assert deciding("staff > 100 AND tax_12m > 500000 AND in_park") == [0]
    assert deciding("(staff > 100 OR in_park) AND tax_12m > 500000") == [2]
    assert deciding("staff > 1 AND tax_12m > 1000") == [0, 1]
    assert deciding("(staff > 1 AND tax_12m > 1000) OR penalties = 0") == [2]
    assert deciding("NOT (staff > 100 AND revenue_12m > 0)") == [0]


def test_cannot_tell_names_what_is_missing_and_would_matter() -> None:
    found = explained("staff > 1 AND revenue_12m > 0 AND licence_until >= :as_of")
    assert [(one.column.name, one.reason) for one in found.missing] == [
        ("revenue_12m", MissingReason.STALE),
        ("licence_until", MissingReason.UNDATED),
    ]
    settled = explained("staff > 100 AND revenue_12m > 0")
    assert (settled.outcome, settled.missing) == (Outcome.NO, ())


def test_a_reason_that_nobody_gave_is_not_known() -> None:
    found = Explainer(read("staff > 1")).explain({}, TODAY)
    assert [one.reason for one in found.missing] == [MissingReason.NOT_KNOWN]
    assert found.sentences("zh") == ["缺少参保人数（未掌握），需高于 1 人"]


def test_words_come_in_the_language_that_is_asked_for() -> None:
    found = explained("tax_12m >= 500000")
    assert found.sentences("zh-hans") == ["近12个月纳税额 200,000 元，需不低于 500,000 元"]
    assert found.sentences("en") == [
        "Tax paid in 12 months: 200,000 yuan (needed: at least 500,000 yuan)"
    ]
    assert set(OUTCOME_WORDS) == set(Outcome)
    assert set(REASON_WORDS) == set(MissingReason)


# -- what would have to change -----------------------------------------------------------------


def changes(text: str, **changed: object) -> list[int]:
    return [one.at for one in explained(text, **changed).changes]


def test_the_smallest_set_of_changes_is_found() -> None:
    assert changes("tax_12m >= 500000 AND staff < 10") == [9, 29]
    assert changes("(tax_12m >= 500000 AND staff < 10) OR in_park") == [39]
    assert changes("staff > 1 AND (tax_12m >= 500000 OR debt < 1)") == [24]
    assert changes("staff > 1") == []


def test_of_two_changes_the_nearer_one_is_named() -> None:
    assert changes("tax_12m >= 100000000 OR debt_ratio <= 0.70") == [36]
    assert changes("tax_12m >= 210000 OR debt_ratio <= 0.10") == [9]


def test_a_distance_is_given_in_peoples_units() -> None:
    (change,) = explained("tax_12m >= 500000").changes
    assert change.gap is not None
    assert (change.gap.by, change.gap.kind.unit, change.gap.strict) == (300_000, "元", False)
    (change,) = explained("established_on + 365 < :as_of").changes
    assert change.gap is not None
    assert (change.gap.by, change.gap.dates, change.gap.strict) == (-31, True, True)
    (change,) = explained("debt_ratio < 0.7").changes
    assert change.gap is not None
    assert change.gap.by == Fraction(-25, 1000)
    assert change.gap.shown.zh == "2.5 个百分点"


def test_no_way_is_named_that_no_values_could_go() -> None:
    assert changes("staff > 100 AND staff < 5") == []
    assert changes("(staff > 100 AND staff < 5) OR in_park") == [32]
    assert changes("NOT known(staff) AND staff > 100") == []


def test_a_missing_value_is_a_change_with_its_reason() -> None:
    (change,) = explained("revenue_12m >= 1000").changes
    assert change.gap is None
    assert change.sentence.zh == "缺少近12个月营业收入（数据已过期），需不低于 1,000 元"


@given(random=st.randoms(use_true_random=False))
def test_explanations_hold_for_any_criterion(random: Random) -> None:
    maker = Maker(random)
    expression, row = maker.expression(), maker.row()
    found = Explainer(expression).explain(row, TODAY, REASONS)
    by_place = {one.at: one for one in found.conditions}
    decisive = [one for one in found.conditions if one.decides]
    assert decisive
    assert [one.sentence for one in decisive] == [one.sentence for one in found.deciding]
    assert {one.outcome for one in decisive} == {found.outcome}
    for one in found.conditions:
        assert one.sentence.zh
        assert one.sentence.en
        if one.outcome == Outcome.UNKNOWN:
            assert one.missing or "zero" in one.sentence.en
    for change in found.changes:
        assert by_place[change.at].outcome != Outcome.YES
    if found.outcome == Outcome.YES:
        assert found.changes == ()


@given(random=st.randoms(use_true_random=False))
def test_the_conditions_that_decide_suffice(random: Random) -> None:
    """Whatever else were unknown, the answer would be the same."""
    maker = Maker(random)
    expression, row = maker.expression(), maker.row()
    explainer = Explainer(expression)
    found = explainer.explain(row, TODAY)
    if found.outcome == Outcome.UNKNOWN:
        return
    kept = {one.at for one in found.deciding}
    said = {number: one.outcome for number, one in enumerate(found.conditions) if one.at in kept}
    answers = {Outcome.YES: True, Outcome.NO: False}
    explainer.answers = tuple(
        (lambda _row, _on, number=number: answers.get(said.get(number)))
        for number in range(len(explainer.conditions))
    )
    assert explainer.explain(row, TODAY).outcome == found.outcome


def test_the_greatest_criterion_is_explained_within_the_limit() -> None:
    import time

    text = " AND ".join(f"(staff > {100 + one} OR tax_12m > {10**6 + one})" for one in range(100))
    began = time.process_time()
    found = explained(text)
    assert len(found.conditions) == 200
    assert len(found.changes) == 100
    assert time.process_time() - began < 2


def test_a_value_that_was_reckoned_beyond_the_calendar_is_still_told() -> None:
    schema = Schema([column("day", Type.DATE, "日期", "Day")])
    from datetime import date

    found = Explainer(parse("day + 365 > :as_of", schema)).explain({"day": date.max}, TODAY)
    assert "d" in found.conditions[0].sentence.zh
