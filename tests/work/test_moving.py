"""A case moves along its table, once at a time, by those whose turn it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.work.support import NOW, ask, kinds
from xinrong.domain.process import MoveRefused
from xinrong.work.models import Case, CaseAlarm, CaseMove, CaseSide, OutboxEvent
from xinrong.work.services import CaseRefused, case_for, move, open_case, waiting_for

DAY = timedelta(days=1)


def roles_to_act(case):
    return set(CaseSide.objects.filter(case=case, turn=True).values_list("role", flat=True))


def test_an_opened_case_waits_for_those_who_can_act(cast):
    case = ask(cast)
    assert (case.state, case.version) == ("asked", 1)
    assert [side.case_id for side in waiting_for(cast.clerk)] == [case.pk]
    assert not waiting_for(cast.bank).exists(), "whoever can only withdraw it is not waited for"
    assert not waiting_for(cast.stranger).exists()
    assert not waiting_for(cast.operator).exists()


def test_a_move_changes_the_state_and_writes_one_row_of_the_log(cast):
    case = ask(cast)
    move(case.number, "answer", cast.clerk, version=1, now=NOW + DAY, text=" yes,\n\n it is ")
    row = CaseMove.objects.get(case=case, event="answer")
    assert (row.source, row.target, row.role, row.version) == (
        "asked",
        "answered",
        "data_officer",
        2,
    )
    assert (row.person_id, row.organisation_id) == (
        cast.clerk.person_id,
        cast.clerk.organisation_id,
    )
    assert row.text == "yes,\n\nit is"
    assert Case.objects.get().ended_at == NOW + DAY
    assert not waiting_for(cast.clerk).exists()
    assert not CaseAlarm.objects.exists()


def test_every_move_is_told_and_says_who_must_act(cast):
    case = ask(cast)
    (event,) = OutboxEvent.objects.all()
    assert event.kind == "case_opened"
    assert event.about["path"] == f"/cases/{case.number}"
    assert event.about["roles"] == ["data_officer"]
    assert event.about["due"] == case.due_at.isoformat()
    assert cast.clerk.organisation_id in event.about["organisations"]
    move(case.number, "note", cast.clerk, version=1, now=NOW)
    move(case.number, "answer", cast.clerk, version=2, now=NOW, text="yes")
    assert kinds() == ["case_opened", "case_moved", "case_ended", "answer_given"]


def test_of_two_moves_at_once_one_wins(cast):
    case = ask(cast)
    move(case.number, "withdraw", cast.bank, version=1, now=NOW)
    with pytest.raises(MoveRefused) as refused:
        move(case.number, "answer", cast.clerk, version=1, now=NOW, text="yes")
    assert refused.value.code == "move_stale"
    assert Case.objects.get().state == "withdrawn"
    assert kinds() == ["case_opened", "case_ended"]


@pytest.mark.parametrize("version", [0, 2, 10**9])
def test_a_version_that_is_not_that_of_the_case_moves_nothing(cast, version):
    case = ask(cast)
    with pytest.raises(MoveRefused, match="somebody else"):
        move(case.number, "answer", cast.clerk, version=version, now=NOW, text="yes")
    assert CaseMove.objects.count() == 1


def test_another_organisations_case_is_none_word_for_word(cast):
    case = ask(cast)
    said = []
    for number in (case.number, "0" * 32, "", "../" + case.number):
        for verb in (
            lambda one: move(one, "answer", cast.stranger, version=1, now=NOW, text="yes"),
            lambda one: case_for(one, cast.stranger),
        ):
            with pytest.raises(CaseRefused) as refused:
                verb(number)
            said.append((refused.value.code, str(refused.value)))
    assert len(set(said)) == 1


def test_the_wrong_role_moves_nothing(cast):
    case = ask(cast)
    with pytest.raises(MoveRefused) as refused:
        move(case.number, "answer", cast.bank, version=1, now=NOW, text="yes")
    assert refused.value.code == "move_role"
    with pytest.raises(MoveRefused) as refused:
        move(case.number, "lapse", cast.operator, version=1, now=NOW + 90 * DAY)
    assert refused.value.code == "move_role"


def test_somebody_who_takes_the_name_of_the_platform_is_not_it(cast):
    case = ask(cast)
    with pytest.raises(CaseRefused, match="no such case for you"):
        move(case.number, "lapse", replace(cast.clerk, role="platform"), version=1, now=NOW)


@pytest.mark.parametrize("change", [{"person_id": None, "key_id": 1}, {"support_id": 4}])
def test_neither_a_key_nor_an_operator_in_a_support_session_moves_a_case(cast, change):
    case = ask(cast)
    with pytest.raises(CaseRefused) as refused:
        move(
            case.number, "answer", replace(cast.clerk, **change), version=1, now=NOW, text="yes"
        )  # fmt: skip
    assert refused.value.code == "case_role"


def test_whoever_opens_a_case_stands_on_one_of_its_sides(cast):
    sides = {"loan_officer": [cast.organisation("other")], "data_officer": [None]}
    with pytest.raises(CaseRefused):
        open_case("question", "ask", cast.bank, sides=sides, now=NOW)
    assert not Case.objects.exists()


def test_a_guard_says_why_not(cast):
    case = ask(cast)
    cast.against = "the register is closed today"
    with pytest.raises(MoveRefused, match="the register is closed today"):
        move(case.number, "answer", cast.clerk, version=1, now=NOW, text="yes")
    assert Case.objects.get().version == 1


@pytest.mark.parametrize("said", ["", "  \n ", "x" * 2001])
def test_a_step_that_needs_words_gets_them_in_bounds(cast, said):
    case = ask(cast)
    with pytest.raises(CaseRefused) as refused:
        move(case.number, "answer", cast.clerk, version=1, now=NOW, text=said)
    assert refused.value.code == "case_text"


def test_a_clock_moved_back_is_noticed(cast):
    case = ask(cast)
    with pytest.raises(MoveRefused) as refused:
        move(case.number, "answer", cast.clerk, version=1, now=NOW - DAY, text="yes")
    assert refused.value.code == "clock_back"


def test_what_is_withdrawn_is_over(cast):
    case = ask(cast)
    move(case.number, "withdraw", cast.bank, version=1, now=NOW)
    with pytest.raises(MoveRefused, match="no 'answer' in the state"):
        move(case.number, "answer", cast.clerk, version=2, now=NOW, text="yes")


def test_participants_each_move_their_own_table_until_enough_have_agreed(cast):
    case = ask(cast)
    move(case.number, "vote", cast.clerk, version=1, now=NOW)
    assert roles_to_act(case) == {"loan_officer"}
    places = {side.organisation_id: side.state for side in CaseSide.objects.filter(case=case)}
    assert places[cast.organisation("other")] == "invited"
    assert places[cast.organisation("clerk")] == ""
    move(case.number, "agree", cast.other, version=1, now=NOW)
    assert not waiting_for(cast.other).exists()
    assert waiting_for(cast.third).exists()
    assert Case.objects.get().state == "voting"
    move(case.number, "agree", cast.third, version=1, now=NOW)
    assert Case.objects.get().state == "answered"
    assert set(CaseSide.objects.filter(case=case).values_list("state", flat=True)) == {""}
    assert not CaseAlarm.objects.filter(fired_at=None).exists()
    closed = CaseMove.objects.get(case=case, event="close")
    assert closed.side.organisation_id == cast.organisation("bank")


def test_one_participant_moves_once(cast):
    case = ask(cast)
    move(case.number, "vote", cast.clerk, version=1, now=NOW)
    move(case.number, "agree", cast.other, version=1, now=NOW)
    for event in ("agree", "decline"):
        with pytest.raises(MoveRefused):
            move(case.number, event, cast.other, version=1, now=NOW)
    assert Case.objects.get().state == "voting"


def test_when_too_few_can_still_agree_the_case_goes_the_other_way(cast):
    case = ask(cast)
    move(case.number, "vote", cast.clerk, version=1, now=NOW)
    move(case.number, "decline", cast.other, version=1, now=NOW)
    move(case.number, "decline", cast.third, version=1, now=NOW)
    assert Case.objects.get().state == "lapsed"
    move(case.number, "reopen", cast.bank, version=3, now=NOW + DAY)
    assert Case.objects.get().state == "asked"
    assert Case.objects.get().ended_at is None
    assert waiting_for(cast.clerk).exists()


def test_reopening_has_its_time(cast):
    case = ask(cast)
    move(case.number, "vote", cast.clerk, version=1, now=NOW)
    move(case.number, "decline", cast.other, version=1, now=NOW)
    move(case.number, "decline", cast.third, version=1, now=NOW)
    with pytest.raises(MoveRefused) as refused:
        move(case.number, "reopen", cast.bank, version=3, now=NOW + 60 * DAY)
    assert refused.value.code == "move_late"
