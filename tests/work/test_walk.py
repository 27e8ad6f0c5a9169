"""Cases walked at random through the database: rows, log, clocks and events always agree."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from tests.work.support import CLERK, NOW, OFFICER, QUESTION, ask
from xinrong.domain.process import MoveRefused
from xinrong.domain.process.walking import prove
from xinrong.work.models import Case, CaseAlarm, CaseMove, CaseSide, OutboxEvent
from xinrong.work.moving import turns_in
from xinrong.work.places import position_of
from xinrong.work.services import CaseRefused, move, tick

EVENTS = ("answer", "note", "vote", "withdraw", "reopen", "agree", "decline", "lapse", "nothing")


def check(case):
    """What holds of every case at every moment."""
    case.refresh_from_db()
    moves = list(CaseMove.objects.filter(case=case, side=None).order_by("version"))
    assert [one.version for one in moves] == list(range(1, case.version + 1))
    assert moves[-1].target == case.state
    assert all(a.target == b.source for a, b in pairwise(moves))
    assert (case.ended_at is not None) == (case.state in QUESTION.ends)
    waiting = set(CaseAlarm.objects.filter(case=case, side=None, fired_at=None).values_list(
        "name", flat=True))  # fmt: skip
    fired = set(CaseAlarm.objects.filter(case=case).exclude(fired_at=None).values_list(
        "name", flat=True))  # fmt: skip
    running = QUESTION.running(position_of(case)) if case.ended_at is None else ()
    wanted = {alarm.key for clock in running for alarm in clock.alarms}
    assert waiting == wanted - fired
    assert case.due_at == (running[0].due.at if running else None)
    parallel = QUESTION.parallel_in(case.state)
    for side in CaseSide.objects.filter(case=case):
        acting = side.role in turns_in(QUESTION, case.state)
        if parallel is not None and side.entered_at is not None:
            acting = acting or side.role in turns_in(parallel.table, side.state)
        assert side.turn == acting
        assert parallel is not None or side.entered_at is None
    told = OutboxEvent.objects.filter(queue=f"case:{case.pk}")
    kinds = Counter(told.values_list("kind", flat=True))
    assert kinds["case_opened"] == 1
    ends = sum(one.target in QUESTION.ends for one in moves)
    assert kinds["case_ended"] == ends


@pytest.mark.parametrize("seed", range(3))
def test_rows_log_clocks_and_events_agree_after_any_step(cast, seed):
    dice, now = Random(seed), NOW
    case = ask(cast)
    people = [cast.bank, cast.other, cast.third, cast.clerk, cast.colleague, cast.stranger,
              cast.operator]  # fmt: skip
    for _ in range(25):
        now += timedelta(hours=dice.choice([0, 0, 1, 5, 30, -0.05]))
        if dice.random() < 0.3:
            tick(now)
        else:
            who = dice.choice(people)
            side = CaseSide.objects.filter(case=case, organisation=who.organisation_id).first()
            version = dice.choice([case.version, case.version, side.version if side else 0])
            with suppress(MoveRefused, CaseRefused):
                move(case.number, dice.choice(EVENTS), who, version=version, now=now, text="yes")
        check(case)
    assert CaseMove.objects.count() > 1


def test_the_process_of_these_tests_holds_to_what_every_process_owes():
    assert prove(QUESTION, Random(7)) > len(QUESTION.states)


def test_whoever_acts_after_the_end_finds_that_it_has_ended(cast):
    case = ask(cast)
    with pytest.raises(MoveRefused) as refused:
        move(case.number, "answer", cast.clerk, version=1, now=NOW + timedelta(days=9), text="yes")
    assert refused.value.code == "move_overdue"
    check(case)
    assert Case.objects.get().state == "lapsed"
    assert CaseMove.objects.filter(event="lapse", role="platform").count() == 1
    assert {OFFICER, CLERK} <= set(CaseSide.objects.values_list("role", flat=True))
