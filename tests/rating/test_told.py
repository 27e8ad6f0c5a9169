"""The grade of one invented enterprise, explained: the sentences as they are kept in golden/."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xinrong.rating.cards import load_cards
from xinrong.rating.grading import Graded, grade
from xinrong.rating.telling import NEVER_ALONE, tell

GOLDEN = Path(__file__).parent / "golden"
ON = date(2026, 10, 31)
FIRM: dict[str, Any] = {
    "reg_kind": "company",
    "reg_age_days": 2_000,
    "tax_paid_12m": Decimal("126500.50"),
    "tax_yoy": 0.75,
    "tax_months_12m": 11,
    "taxgrade_latest": "B",
    "arr_open_now": Decimal("0.00"),
    "arr_count_24m": 1,
    "inv_yoy": 0.62,
    "inv_months_12m": 12,
    "inv_top_buyer_share_12m": 0.64,
    "inv_void_share_12m": 0.01,
    "si_owed_months_12m": 0,
    "pow_use_yoy": 1.05,
    "pow_late_share_12m": 0.0,
    "dish_now": 0,
    "abn_now": 0,
    "pen_count_12m": 1,
    "wage_open_now": 0,
    "rep_debt_ratio": 0.55,
    "rep_margin": 0.04,
}
WHY = {"si_persons_growth": "withheld", "gua_claimed_count": "no_feed"}


def of_firm(**changed: Any) -> Graded:
    return grade(load_cards("taizhou"), {**FIRM, **changed}, WHY, ON)


def written(language: str) -> str:
    """The explanation as lines."""
    graded = of_firm()
    told, scored = tell(load_cards("taizhou"), graded), graded.scored
    texts = [("", told.range)]
    for sign, sentences in (("+ ", told.counts_for), ("- ", told.counts_against),
                            ("? ", told.unknown)):  # fmt: skip
        texts += [(sign, one.text) for one in sentences]
    assert told.lift_to is not None
    texts += [("", told.lift_to), *(("", one.text) for one in told.lift), ("", NEVER_ALONE)]
    first = f"{scored.grade.name} {scored.points} ({scored.low} … {scored.high})"
    lines = [first, *(sign + text.in_language(language) for sign, text in texts)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_explanation_is_the_one_that_is_kept(taizhou: None, language: str) -> None:
    assert written(language) == (GOLDEN / f"{language}.txt").read_text(encoding="utf-8")


def test_the_points_are_what_a_person_adds_up_from_the_card(taizhou: None) -> None:
    found = of_firm()
    assert found.card.name == "general"
    assert [part.points for part in found.scored.parts] == [
        10, 10, -15, 10, 10, 5, -15, -10, 10, -5, 5, 10, -1, 0, 5, 0, 0, 5, 0, 5, -15, 5, 5, 10, 0,
    ]  # fmt: skip
    assert (found.scored.points, found.scored.grade.name) == (575 + 44, "BB")


def test_what_would_lift_it_lifts_it(taizhou: None) -> None:
    before = of_firm()
    [lift] = tell(load_cards("taizhou"), before).lift
    assert lift.column == "inv_top_buyer_share_12m"
    after = of_firm(inv_top_buyer_share_12m=0.29)
    assert after.scored.points - before.scored.points == lift.gain
    assert after.scored.grade.name == "BBB"


def test_a_dishonest_debtor_is_told_so_first(taizhou: None) -> None:
    worst = tell(load_cards("taizhou"), of_firm(dish_now=1)).counts_against[0]
    assert (worst.column, worst.gain) == ("dish_now", -155)


def test_a_band_of_one_value_is_said_once_and_no_arrears_are_none(taizhou: None) -> None:
    book = load_cards("taizhou")
    [overdue] = [one for one in tell(book, of_firm(od_open_count=1)).counts_against
                 if one.column == "od_open_count"]  # fmt: skip
    assert overdue.text.en.startswith("Loans overdue now: 1: -80 points")
    owing = tell(book, of_firm(arr_open_now=Decimal(20_000), dish_now=1, wage_open_now=1))
    against = {one.column: one.text.en for one in owing.counts_against}
    assert "at least 10,000 yuan and less than 100,000 yuan" in against["arr_open_now"]
    first, *_ = tell(book, of_firm(arr_open_now=Decimal(5_000))).lift
    assert first.text.en == "Tax arrears now: at most 0 yuan gives 35 points more."


def test_an_enterprise_of_which_nothing_is_known_has_a_wide_range_and_no_reason_for_it(
    taizhou: None,
) -> None:
    nothing = grade(load_cards("taizhou"), {}, {}, ON)
    told = tell(load_cards("taizhou"), nothing)
    assert nothing.undecided == ("sole_traders", "young")
    assert len(told.undecided) == 2
    assert (nothing.scored.lowest.name, nothing.scored.highest.name) == ("D", "AAA")
    assert told.counts_for == ()
    assert len(told.unknown) == len(nothing.card.characteristics)


def test_the_best_has_nothing_above_it_and_age_is_nothing_to_change(taizhou: None) -> None:
    best = of_firm(
        reg_age_days=9_000, tax_paid_12m=Decimal(9_000_000), tax_yoy=1.5, taxgrade_latest="A",
        arr_count_24m=0, inv_yoy=1.5, inv_top_buyer_share_12m=0.1, pow_use_yoy=1.5,
        pen_count_12m=0, rep_debt_ratio=0.1, rep_margin=0.5, si_persons_growth=1.5,
    )  # fmt: skip
    assert best.scored.grade.name == "AAA"
    assert tell(load_cards("taizhou"), best).lift_to is None
