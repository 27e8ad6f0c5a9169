"""Granted with both documents the record is seen by nobody; other sources are named."""

from __future__ import annotations

import pytest

from tests.remedy.repair_support import DAY, NOW, TODAY, penalty
from tests.remedy.repairing.steps import OLD, PENALTY, accept, ask, shown
from xinrong.domain.process import MoveRefused
from xinrong.profiles.services import profile_of
from xinrong.remedy.models import Repair
from xinrong.remedy.repairing.table import repair_process
from xinrong.remedy.services import RemedyRefused, repairing
from xinrong.store import services as store
from xinrong.work.services import move, tick, waiting_for


def test_granted_the_record_is_seen_by_nobody_from_that_commit_on(cast):
    before = store.last_seq()
    case = ask(cast)
    assert f"{PENALTY}/1" in shown(cast, "bank")
    accept(cast, case)
    case.refresh_from_db()
    assert (case.state, case.ended_at) == ("repaired", NOW)
    for who in ("firm", "bank", "ecology"):
        assert f"{PENALTY}/1" not in shown(cast, who), who
    assert f"{PENALTY}/1" not in shown(cast, at_seq=before), "not even as of then"
    with store.snapshot() as snap:
        row = profile_of(cast.enterprises["firm"], snap, TODAY)
    assert row.values.get("penalty_count_12m", 2) != 3
    repair = Repair.objects.get()
    assert repair.seq is not None
    assert repair.stands
    [held] = store.suppressions_of([cast.subjects["firm"]])
    assert (held.basis, held.key) == ("repair", 1)
    assert "信用修复管理办法" in held.article
    with pytest.raises(RemedyRefused) as refused:
        ask(cast)
    assert refused.value.code == "repair_hidden"


def test_sent_again_it_stays_hidden(cast):
    accept(cast, ask(cast))
    again = [penalty(cast.subjects["firm"], 1, OLD, amount=1)]
    cast.send(PENALTY, again, feed="ecology_penalties", department="ecology")
    assert f"{PENALTY}/1" not in shown(cast)


@pytest.mark.parametrize("given", [{"decision": " "}, {"notice": ""}, {"notice": "字" * 101}])
def test_one_document_without_the_other_grants_nothing(cast, given):
    case = ask(cast)
    with pytest.raises(RemedyRefused) as refused:
        accept(cast, case, **given)
    assert refused.value.code == "repair_documents"
    with pytest.raises(MoveRefused, match="both documents"):
        move(case.number, "accept", cast.ecology, version=1, now=NOW)
    assert f"{PENALTY}/1" in shown(cast)


def test_another_department_decides_nothing(cast):
    from xinrong.work.services import CaseRefused

    case = ask(cast)
    with pytest.raises(CaseRefused) as refused:
        accept(cast, case, who="fire")
    assert refused.value.code == "case_unknown"
    assert f"{PENALTY}/1" in shown(cast)


def test_refused_it_can_be_reopened_but_not_beside_another_application(cast):
    case = ask(cast)
    move(case.number, "refuse", cast.ecology, version=1, now=NOW, text="凭证不清")
    other = ask(cast)
    with pytest.raises(MoveRefused, match="another application"):
        move(case.number, "reopen", cast.firm, version=2, now=NOW, text="新凭证")
    move(other.number, "withdraw", cast.firm, version=1, now=NOW)
    move(case.number, "reopen", cast.firm, version=2, now=NOW, text="新凭证")
    case.refresh_from_db()
    assert case.state == "asked"


def test_what_nobody_decides_comes_before_the_operator_with_its_article(cast):
    case = ask(cast)
    tick(NOW + 30 * DAY)
    case.refresh_from_db()
    assert case.state == "overdue"
    assert waiting_for(cast.operator).exists()
    accept(cast, case, now=NOW + 31 * DAY)
    assert f"{PENALTY}/1" not in shown(cast)
    sources = {str(one.source) for one in repair_process(("CN",)).deadlines}
    assert sources == {"信融平台服务规则"}, "what was not read in the law is named as agreed"


def test_a_record_that_another_source_still_asserts_is_named_and_it_is_told(cast):
    from xinrong.notices.models import Notice

    same = [penalty(cast.subjects["firm"], 1, OLD)]
    cast.send(PENALTY, same, feed="fire_penalties", department="fire")
    case = ask(cast)
    assert Repair.objects.get().asserted == ["ecology", "fire"]
    accept(cast, case)
    [held] = store.suppressions_of([cast.subjects["firm"]])
    assert "ecology, fire" in held.reason
    told = Notice.objects.get(kind="repair_mirrored")
    assert told.person == cast.people["fire"]
    assert [one.pk for one in repairing.mirrored(cast.fire)] == [Repair.objects.get().pk]
    assert f"{PENALTY}/1" not in shown(cast)


def test_the_same_fact_in_another_record_is_a_linked_case_and_not_silently_hidden(cast):
    mirror = [penalty(cast.subjects["firm"], 30, OLD, number="台环罚(2026)1号")]
    cast.send(PENALTY, mirror, feed="fire_penalties", department="fire")
    case = ask(cast)
    first, second = Repair.objects.order_by("pk")
    assert (first.case, second.linked, second.key) == (case.number, case.number, 30)
    assert waiting_for(cast.fire).get().case.number == second.case
    assert (first.asserted, second.asserted) == (["ecology"], ["fire"])
    accept(cast, case)
    assert f"{PENALTY}/30" in shown(cast), "its own department has not decided"
    linked = second
    repairing.accept(linked.case, cast.fire, version=1, decision="d1", notice="n1", now=NOW)
    assert f"{PENALTY}/30" not in shown(cast)
