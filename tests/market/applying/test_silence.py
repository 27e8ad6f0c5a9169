"""No silent refusal: what is late is pushed, another lender proposed, a refusal heard again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.market.applying.cast import Cast, everything, officer
from tests.market.applying.test_lending import refused
from tests.market.needs.cast import person
from xinrong.market.services import applying
from xinrong.notices.services import Notice
from xinrong.trust.services import Purpose, Stage, active_consents
from xinrong.work import services as work

pytestmark = pytest.mark.django_db


def test_silence_goes_to_the_supervisor_then_to_the_operator_and_ends_as_unanswered(
    cast: Cast,
) -> None:
    operator = person("operator", "operator", "operator")
    one = cast.apply()
    chief = cast.chief(one)
    case = work.Case.objects.get(number=one.number)
    sides = {side.role: side for side in work.CaseSide.objects.filter(case=case)}
    assert (sides["loan_officer"].turn, sides["supervisor"].turn) == (True, False)
    reminder = work.CaseAlarm.objects.get(case=case, kind="reminder")
    work.tick(reminder.at)
    work.deliver(reminder.at)
    assert {one.role for one in Notice.objects.filter(kind="deadline_near")} == {"loan_officer"}
    assert cast.wait(one) == "silent"
    waiting = Notice.objects.filter(kind="case_waiting", person=chief.person_id)
    assert waiting.exists()
    assert work.waiting_for(operator).count() == 0
    rung = work.CaseAlarm.objects.get(case=case, kind="escalation", fired_at=None)
    cast.now = rung.at + timedelta(minutes=1)
    work.tick(cast.now)
    work.deliver(cast.now)
    assert work.waiting_for(operator).get().told
    assert Notice.objects.filter(kind="escalated", person=operator.person_id).exists()
    assert cast.wait(one) == "unanswered"


def test_another_lender_is_proposed_and_nothing_moves_before_the_enterprise_agrees(
    cast: Cast,
) -> None:
    one = cast.apply()
    assert cast.wait(one) == "silent"
    [proposal] = applying.proposals_of(cast.firm)
    assert proposal.lender != one.lender
    assert proposal.lender in cast.officers
    assert Notice.objects.filter(kind="lender_proposed", person=cast.firm.person_id).exists()
    bank = cast.officers[proposal.lender].organisation_id
    assert bank is not None
    assert not applying.applications_of_bank([bank]).exists()
    assert not active_consents(
        [one.enterprise_id], [bank], Purpose.CREDIT, Stage.PRE_LOAN, cast.now
    )
    refused("consent_needed", applying.take_up, cast.firm, proposal.pk, now=cast.now)
    answer = everything(cast.now)
    two = applying.take_up(cast.firm, proposal.pk, now=cast.now, answer=answer)
    assert (two.lender, two.from_number) == (proposal.lender, one.number)
    assert not applying.proposals_of(cast.firm).exists()
    refused("proposal_unknown", applying.take_up, cast.firm, proposal.pk, now=cast.now)
    assert cast.state(one) == "silent"  # the first lender can answer still
    applying.accept(cast.officer(one), one.number, now=cast.now)


def test_a_proposal_that_is_left_stays_left(cast: Cast) -> None:
    one = cast.apply()
    cast.wait(one)
    [proposal] = applying.proposals_of(cast.firm)
    applying.leave(cast.firm, proposal.pk, now=cast.now)
    assert not applying.proposals_of(cast.firm).exists()
    assert applying.propose(one.number, "silence", now=cast.now) is None


def test_a_refusal_has_reasons_and_the_need_goes_on(cast: Cast) -> None:
    one = cast.apply()
    who = cast.officer(one)
    for reasons in ([], ["nonsense"], ["debts", "x"]):
        refused("reason_unknown", applying.refuse, who, one.number, reasons, "否", now=cast.now)
    with pytest.raises(work.CaseRefused):  # and words
        applying.refuse(who, one.number, ["debts"], "  ", now=cast.now)
    applying.refuse(who, one.number, ["other", "debts"], "已有负债偏高。", now=cast.now)
    again = applying.refuse(who, one.number, ["debts"], "再说一次", now=cast.now)
    assert again.reasons == ["debts", "other"]
    work.deliver(cast.now)
    [proposal] = applying.proposals_of(cast.firm)
    assert proposal.why == "refusal"


def test_an_appeal_is_decided_by_another_person_and_can_be_won(cast: Cast) -> None:
    one = cast.apply()
    who, chief, number = cast.officer(one), cast.chief(one), one.number
    cast.to_diligence(one)
    applying.refuse(who, number, ["debts"], "负债偏高。", now=cast.now)
    applying.appeal(cast.firm, number, "已还清，见附件。", now=cast.tick())
    refused("move_guard", applying.overturn, who, number, "我再看看", now=cast.tick())
    applying.overturn(chief, number, "已核实还清，恢复办理。", now=cast.tick())
    assert cast.state(one) == "due_diligence"
    cast.look(one, Stage.APPROVAL)
    applying.make_offer(who, number, cast.offering(one), now=cast.now)
    assert cast.state(one) == "offered"


def test_an_appeal_that_is_lost_is_over_and_one_too_late_is_none(cast: Cast) -> None:
    one, two = cast.apply(0), cast.apply(1)
    for each in (one, two):
        applying.refuse(cast.officer(each), each.number, ["sum"], "金额偏高。", now=cast.now)
    applying.appeal(cast.firm, one.number, "可以降低金额。", now=cast.tick())
    applying.uphold(cast.chief(one), one.number, "维持：现金流不足。", now=cast.tick())
    assert cast.state(one) == "upheld"
    refused("move_unknown", applying.appeal, cast.firm, one.number, "再申诉", now=cast.tick())
    cast.now += timedelta(days=40)
    refused("move_late", applying.appeal, cast.firm, two.number, "晚了", now=cast.now)
    assert cast.state(two) == "refused"


def test_a_refusal_is_appealed_once(cast: Cast) -> None:
    one = cast.apply()
    who, chief, number = cast.officer(one), cast.chief(one), one.number
    applying.refuse(who, number, ["debts"], "负债偏高。", now=cast.now)
    applying.appeal(cast.firm, number, "已还清。", now=cast.tick())
    applying.overturn(chief, number, "恢复办理。", now=cast.tick())
    applying.refuse(who, number, ["income"], "收入不足。", now=cast.tick())
    refused("move_guard", applying.appeal, cast.firm, number, "再来", now=cast.tick())


def test_a_lender_that_does_not_keep_its_time_is_proposed_to_nobody(cast: Cast) -> None:
    assert applying.keeps_time(None)
    assert applying.keeps_time((0, 2))
    assert not applying.keeps_time((2, 3))
    assert applying.keeps_time((16, 20))
    one = cast.apply()
    cast.wait(one)
    kept = applying.keeping_time([one.lender], cast.now)
    assert kept == {one.lender: (0, 1)}


def test_the_operator_ends_what_nobody_answers_with_words(cast: Cast) -> None:
    operator = person("operator", "operator", "operator")
    one = cast.apply()
    cast.wait(one)
    with pytest.raises(work.CaseRefused):
        work.move(one.number, "end_unanswered", operator, version=None, now=cast.now)
    work.move(
        one.number, "end_unanswered", operator, version=None, now=cast.now, text="三次致电无人接听"
    )
    assert cast.state(one) == "unanswered"
    stranger = officer("late", cast.outlets[one.lender])
    assert work.waiting_for(stranger).count() == 0
