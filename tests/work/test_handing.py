"""Who of an office does it is seen by its colleagues, and can be changed."""

from __future__ import annotations

import pytest

from tests.work.support import NOW, ask, kinds
from xinrong.work.models import CaseMove
from xinrong.work.services import (
    CaseRefused,
    case_for,
    colleagues,
    give_back,
    hand_over,
    move,
    take,
    waiting_for,
)


def test_what_one_has_taken_on_is_no_longer_in_the_others_way(cast):
    case = ask(cast)
    assert waiting_for(cast.colleague).exists()
    take(case.number, cast.clerk, now=NOW)
    assert waiting_for(cast.clerk).exists()
    assert not waiting_for(cast.colleague).exists()
    assert waiting_for(cast.colleague, taken=True).exists()
    assert kinds()[-1] == "task_assigned"


def test_the_colleague_moves_it_only_after_taking_it_over(cast):
    case = ask(cast)
    take(case.number, cast.clerk, now=NOW)
    assert case_for(case.number, cast.colleague).doable == ()
    with pytest.raises(CaseRefused) as refused:
        move(case.number, "answer", cast.colleague, version=1, now=NOW, text="yes")
    assert refused.value.code == "case_taken"
    take(case.number, cast.colleague, over=cast.clerk.person_id, now=NOW)
    move(case.number, "answer", cast.colleague, version=1, now=NOW, text="yes")


def test_of_two_who_take_it_on_at_once_one_has_it(cast):
    case = ask(cast)
    take(case.number, cast.clerk, now=NOW)
    with pytest.raises(CaseRefused) as refused:
        take(case.number, cast.colleague, now=NOW)
    assert refused.value.code == "case_taken"
    take(case.number, cast.clerk, now=NOW)  # pressing twice changes nothing
    assert CaseMove.objects.filter(event="take").count() == 1


def test_it_is_handed_to_a_colleague_and_to_nobody_else(cast):
    case = ask(cast)
    assert {name for _, name in colleagues(cast.clerk)} == {"clerk", "colleague"}
    hand_over(case.number, cast.clerk, cast.colleague.person_id, now=NOW)
    assert case_for(case.number, cast.clerk).side.person_id == cast.colleague.person_id
    for other in (cast.stranger.person_id, cast.bank.person_id, 0):
        with pytest.raises(CaseRefused) as refused:
            hand_over(case.number, cast.colleague, other, now=NOW)
        assert refused.value.code == "case_role"
    give_back(case.number, cast.colleague, now=NOW)
    assert waiting_for(cast.clerk).exists()


def test_nobody_takes_on_a_case_of_others_or_one_that_is_over(cast):
    case = ask(cast)
    with pytest.raises(CaseRefused, match="no such case for you"):
        take(case.number, cast.stranger, now=NOW)
    move(case.number, "answer", cast.clerk, version=1, now=NOW, text="yes")
    with pytest.raises(CaseRefused) as refused:
        take(case.number, cast.clerk, now=NOW)
    assert refused.value.code == "case_ended"


def test_taking_it_on_does_not_make_anybodys_page_stale(cast):
    case = ask(cast)
    take(case.number, cast.clerk, now=NOW)
    move(case.number, "withdraw", cast.bank, version=1, now=NOW)
