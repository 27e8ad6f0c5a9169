"""Among candidates only one that fits clearly best is linked."""

from __future__ import annotations

import math

import pytest

from tests.subjects.resolution.cases import index_of
from xinrong.subjects.resolution.choosing import MARGIN_BITS, Option, choose
from xinrong.subjects.resolution.comparing import SAME
from xinrong.subjects.resolution.directory import Plain
from xinrong.subjects.resolution.single import look_up
from xinrong.subjects.resolution.verdicts import Named, Resolved, Verdict

LINK = Verdict(link=True, review=False, score=0.99, reasons=("trade_whole",))
LOOK = Verdict(link=False, review=True, score=0.5, reasons=("industry_different",))
NAMED = Named(7, "海城恒远机械有限公司")


def option(enterprise: int, bits: float, verdict: Verdict = LINK, **more: object) -> Option:
    return Option(enterprise, f"name {enterprise}", verdict, bits, **more)  # type: ignore[arg-type]


def chosen(*options: Option, home: str = "") -> Resolved:
    return choose(NAMED, options, home=home)


def test_nobody_is_chosen_where_nobody_is_worth_a_look() -> None:
    refused = Verdict(link=False, review=False, score=0.0)
    assert chosen().outcome == chosen(option(1, 9.0, refused)).outcome == "none"


@pytest.mark.parametrize(("behind", "outcome"), [(0.0, "review"), (MARGIN_BITS, "link")])
def test_two_that_fit_about_as_well_go_to_review(behind: float, outcome: str) -> None:
    found = chosen(option(1, 9.0), option(2, 9.0 - behind))
    assert found.outcome == outcome
    assert ("several_fit" in found.verdict.reasons) is (outcome == "review")
    assert [one.enterprise for one in found.runners_up] == [2]


def test_one_that_only_a_person_may_link_still_casts_doubt() -> None:
    assert chosen(option(1, 9.0), option(2, 9.0, LOOK)).outcome == "review"


def test_two_names_of_one_enterprise_are_no_rivals() -> None:
    found = chosen(option(1, 9.0), option(1, 8.5))
    assert (found.enterprise, found.runners_up) == (1, ())


def test_an_equal_name_is_not_disputed_by_a_similar_one() -> None:
    assert chosen(option(1, 30.0), option(2, math.inf, SAME)).enterprise == 2


def test_a_name_means_whoever_had_it_on_that_day() -> None:
    had, has = option(1, math.inf, SAME, held=False), option(2, math.inf, SAME, held=True)
    found = chosen(had, has)
    assert (found.enterprise, "held_then" in found.verdict.reasons) == (2, True)
    assert chosen(had).enterprise == 1  # nobody else ever had it


def test_of_those_with_one_name_the_senders_region_decides() -> None:
    there = option(1, math.inf, SAME, seat="210381")
    here = option(2, math.inf, SAME, seat="331002")
    assert chosen(there, here, home="3310").enterprise == 2
    assert chosen(there, here, home="11").outcome == "review"
    assert chosen(there, here).outcome == "review"


def test_former_and_other_names_in_the_text_are_asked_for_too() -> None:
    index = index_of(["海城恒远机械有限公司"])
    found = look_up("海城青禾机械有限公司（原名：海城恒远机械有限公司）", index=index)
    assert (found.enterprise, found.verdict.reasons[0]) == (1, "former_given")


def test_a_remark_in_brackets_is_left_out_but_never_a_branch() -> None:
    index = index_of(["海城恒远机械有限公司"])
    remark = look_up("海城恒远机械有限公司（南院锅炉房）", index=index)
    assert remark.enterprise == 1
    assert look_up("海城恒远机械有限公司（南关分公司）", index=index).enterprise is None


def test_a_text_that_names_no_body_is_not_linked_without_a_person() -> None:
    index = index_of(["恒远山"])
    found = look_up("恒远山", index=index, directory=Plain())
    assert (found.outcome, found.verdict.reasons) == ("review", ("same_name", "no_body"))
