"""A repair on false proof is revoked, a temporary one ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.remedy.repair_support import DAY, NOW, TODAY
from tests.remedy.repairing.steps import PENALTY, accept, ask, shown
from xinrong.remedy.models import Repair
from xinrong.remedy.services import RemedyRefused, repairing
from xinrong.work.services import deliver, move, tick


def test_false_proof_revokes_a_repair_after_the_enterprise_was_heard(cast):
    case = ask(cast)
    accept(cast, case)
    with pytest.raises(RemedyRefused) as refused:
        repairing.doubt(case.number, cast.fire, "假的", now=NOW)
    assert refused.value.code == "repair_not_yours"
    heard = repairing.doubt(case.number, cast.ecology, "缴款凭证系伪造", now=NOW)
    with pytest.raises(RemedyRefused) as refused:
        repairing.doubt(case.number, cast.ecology, "缴款凭证系伪造", now=NOW)
    assert refused.value.code == "repair_doubted"
    move(heard.number, "answer", cast.firm, version=1, now=NOW, text="凭证是真的")
    assert f"{PENALTY}/1" not in shown(cast), "hidden until it is confirmed"
    move(heard.number, "confirm", cast.ecology, version=2, now=NOW, text="银行证明未缴")
    deliver(NOW)
    assert f"{PENALTY}/1" in shown(cast)
    repair = Repair.objects.get()
    assert repair.lifted_seq
    assert not repair.stands


def test_a_doubt_that_nobody_confirms_leaves_the_repair_standing(cast):
    case = ask(cast)
    accept(cast, case)
    heard = repairing.doubt(case.number, cast.ecology, "存疑", now=NOW)
    for days in (10, 30):
        tick(NOW + days * DAY)
    heard.refresh_from_db()
    assert heard.state == "cleared"
    assert Repair.objects.get().stands


def test_during_restructuring_a_repair_is_early_temporary_and_ends(cast):
    case = ask(cast, key=2, basis="restructuring", ruling="（2026）浙10破1号")
    with pytest.raises(RemedyRefused) as refused:
        accept(cast, case)
    assert refused.value.code == "repair_until"
    accept(cast, case, until=TODAY + timedelta(days=90))
    assert f"{PENALTY}/2" not in shown(cast)
    assert repairing.end_temporary(now=NOW + 90 * DAY) == 0
    assert repairing.end_temporary(now=NOW + 91 * DAY) == 1
    assert repairing.end_temporary(now=NOW + 91 * DAY) == 0
    assert f"{PENALTY}/2" in shown(cast)
