"""A repair is applied for in time, with proof and pledge, once at a time."""

from __future__ import annotations

import pytest

from tests.remedy.repair_support import DAY, NOW
from tests.remedy.repairing.steps import OLD, PENALTY, ask, refusal, shown
from xinrong.remedy.models import Repair
from xinrong.remedy.services import RemedyRefused, repairing
from xinrong.work.services import move, waiting_for


def test_the_department_that_determined_it_is_asked_and_the_proof_is_there(cast):
    case = ask(cast)
    assert waiting_for(cast.ecology).get().case_id == case.pk
    assert not waiting_for(cast.fire).exists()
    repair = Repair.objects.get()
    assert (repair.asserted, repair.tier) == (["ecology"], "")
    assert "罚款" not in str(case.data)
    assert repair.pledge["payload"]["assertion"] is None
    assert case.papers.count() == 1
    assert f"{PENALTY}/1" in shown(cast), "an application hides nothing"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"key": 2}, "repair_early"),
        ({"proofs": []}, "repair_proof"),
        ({"why": " "}, "repair_why"),
        ({"why": "字" * 2001}, "repair_why"),
        ({"pledged": False}, "repair_pledge"),
        ({"basis": "mercy"}, "repair_basis"),
        ({"basis": "restructuring"}, "repair_ruling"),
        ({"key": 9, "category": "honour"}, "repair_positive"),
        ({"key": 4}, "repair_unknown"),
        ({"key": 404}, "repair_unknown"),
        ({"key": 404, "category": "no_such"}, "repair_unknown"),
        ({"category": f"{PENALTY}/x/y"}, "repair_unknown"),
        ({"category": "x" * 300}, "repair_unknown"),
        ({"who": "ecology"}, "repair_role"),
        ({"who": "operator"}, "repair_role"),
    ],
)
def test_what_cannot_be_applied_for_says_why_before_a_case_is_there(cast, more, code):
    assert refusal(cast, **more) == code


def test_somebody_elses_record_is_answered_as_if_there_were_none(cast):
    said = []
    for key in (4, 404):
        with pytest.raises(RemedyRefused) as refused:
            ask(cast, key=key)
        said.append((refused.value.code, refused.value.words))
    assert said[0] == said[1]


def test_too_early_names_the_first_day(cast):
    with pytest.raises(RemedyRefused, match="2027-07-02"):
        ask(cast, key=2)
    first = NOW.replace(year=2027, month=7, day=1)
    with pytest.raises(RemedyRefused):  # 2027-07-01 in China
        ask(cast, key=2, now=first)
    assert ask(cast, key=2, now=first + DAY).state == "asked"


def test_it_is_applied_for_once_at_a_time(cast):
    case = ask(cast)
    with pytest.raises(RemedyRefused) as refused:
        ask(cast)
    assert refused.value.code == "repair_open"
    move(case.number, "withdraw", cast.firm, version=1, now=NOW)
    assert ask(cast).state == "asked"


def test_what_still_stands_on_a_list_leaves_it_first(cast):
    listed = {"subject": cast.subjects["firm"], "key": 20, "event_date": OLD, "polarity": -1,
              "code": "no_report"}  # fmt: skip
    cast.send("abnormal_operation", [listed], feed="market_abnormal_operations",
              department="market_regulation")  # fmt: skip
    found = {one.name: one.why for one in repairing.outlooks(cast.firm, now=NOW)}
    assert found["abnormal_operation/20"] is repairing.Why.LISTED
    assert refusal(cast, key=20, category="abnormal_operation") == "repair_listed"


def test_a_kind_of_which_no_law_is_known_says_so(cast):
    failed = {"subject": cast.subjects["firm"], "key": 21, "event_date": OLD, "polarity": -1,
              "code": "检2026-0001", "status": "failed"}  # fmt: skip
    cast.send("inspection", [failed], feed="market_inspections", department="market_regulation")
    assert refusal(cast, key=21, category="inspection") == "repair_no_rule"


def test_a_sole_trader_applies_as_a_person(cast):
    assert ask(cast, who="trader", key=5).state == "asked"
    assert Repair.objects.get().enterprise.personal
