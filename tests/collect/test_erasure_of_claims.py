"""Erasing the whole of a person's enterprise reaches claims, their papers, and people's reasons."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers

from tests.accounts.proof import support as s
from tests.collect.city import CLOCK, row, send
from xinrong.accounts.models import Claim, ClaimMove, ClaimPaper, Dispute, Organisation, Person
from xinrong.accounts.proof.papers import folder
from xinrong.accounts.services import proof
from xinrong.collect.erasing.erasure import (
    erase_enterprise,
    forget_again,
    preview_erasure,
)
from xinrong.collect.erasing.holding import TABLES
from xinrong.domain.uscc import check_digit
from xinrong.store.backups import journal
from xinrong.subjects import services as subjects
from xinrong.subjects.models import Decision
from xinrong.subjects.register.models import Succession

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]

_FIRST = "92331000MA0000009"
TRADER = _FIRST + check_digit(_FIRST)
NAME = "台州市甲某某小吃店"
FACTS = s.facts(code=TRADER, name=NAME)
THEN = CLOCK.now()
ORDER = {"article": "个人信息保护法第四十七条", "reason": "asked for"}
PUT = f"依法删除：2026-03-01，{ORDER['article']}"


@pytest.fixture
def trader(settings: Any, tmp_path: Path) -> int:
    """A sole trader with a record, a representative, a rival and three papers of each."""
    settings.DATA = tmp_path
    settings.JOURNAL = tmp_path / "journal"
    send(tmp_path / "1.csv", [row("T1", TRADER, 名称=NAME)])
    first, second = s.operators("op1", "op2")
    for who in (s.person("王"), s.person("李")):
        made = proof.claim_enterprise(who, FACTS, proof.Way.DOCUMENTS, now=THEN)
        s.give_all(made, now=THEN)
        if who.name == "王":
            proof.hand_in(made.pk, who, now=THEN)
            s.check(made, first, facts=FACTS, now=THEN)
            s.check(made, second, facts=FACTS, now=THEN)
    why = f"营业执照上写着{NAME}"
    for operator in (first, second):
        proof.decide(TRADER, operator, proof.Outcome.PRESENT, why=why, facts=FACTS, now=THEN)
    return subjects.enterprise_by_code(TRADER).pk


def everything() -> str:
    """All that is kept of claims and decisions, as text."""
    kept = [Claim, ClaimMove, ClaimPaper, Dispute, Organisation, Decision, Succession]
    return json.dumps(
        [serializers.serialize("python", model.objects.all()) for model in kept],
        ensure_ascii=False,
        default=str,
    )


def test_names_reasons_and_papers_of_claims_go_with_the_whole(trader: int) -> None:
    assert "某某" in everything()
    assert len(list(folder().iterdir())) == 6
    found = preview_erasure(trader)
    assert (found.papers, found.claims > 3) == (6, True)
    order = erase_enterprise(trader, clock=CLOCK, **ORDER)
    assert "某某" not in everything()
    assert list(folder().iterdir()) == []
    assert (order.counts["papers"], order.counts["claims"]) == (6, found.claims)
    assert set(Claim.objects.values_list("name", flat=True)) == {PUT}
    assert Organisation.objects.get(reference=TRADER).name == f"{PUT}（{TRADER}）"
    assert ClaimPaper.objects.filter(deleted_at=CLOCK.now()).count() == 6
    assert set(Claim.objects.values_list("state", flat=True)) == {"proven", "refused"}


def test_the_certificate_names_the_tables_and_counts(trader: int, settings: Any) -> None:
    assert {"accounts_claim", "accounts_organisation", "subjects_decision"} <= set(TABLES)
    order = erase_enterprise(trader, clock=CLOCK, **ORDER)
    text = json.dumps(order.counts, ensure_ascii=False)
    assert NAME not in text
    assert not preview_erasure(trader).claims


def test_one_category_or_a_company_leaves_claims_alone(trader: int, tmp_path: Path) -> None:
    erase_enterprise(trader, category="tax_payment", clock=CLOCK, **ORDER)
    assert set(Claim.objects.values_list("name", flat=True)) == {NAME}
    assert len(list(folder().iterdir())) == 6
    company = s.handed_in(s.person("赵"))
    send(tmp_path / "2.csv", [row("T2", company.code, 名称=company.name)])
    number = subjects.enterprise_by_code(company.code).pk
    erase_enterprise(number, clock=CLOCK, **ORDER)
    assert Claim.objects.get(code=company.code).name == company.name


def test_what_only_claims_hold_of_it_can_be_erased_later(trader: int) -> None:
    erase_enterprise(trader, clock=CLOCK, **ORDER)
    made = proof.claim_enterprise(s.person("钱"), FACTS, proof.Way.DOCUMENTS, now=THEN)
    found = preview_erasure(trader)
    assert (found.claims, found.papers, found.versions, found.empty) == (1, 0, 0, False)
    erase_enterprise(trader, clock=CLOCK, **ORDER)
    assert Claim.objects.get(pk=made.pk).name == PUT
    assert preview_erasure(trader).empty


def test_a_restored_database_forgets_claims_and_papers_too(trader: int) -> None:
    numbers = subjects.subjects_of([trader])[trader]
    for article in ({}, {"article": ORDER["article"]}):  # lines of earlier releases name none
        whom = {"enterprise": trader, "subjects": numbers, **article}
        journal.record("names_erased", whom, CLOCK.now())
    *_, first, second = journal.read()
    assert forget_again(second) == "applied"
    assert "某某" not in everything()
    assert list(folder().iterdir()) == []
    assert forget_again(first) == forget_again(second) == "present"


def test_a_claim_made_after_the_erasure_outlives_its_replay_and_names_it_again(
    trader: int,
) -> None:
    erase_enterprise(trader, clock=CLOCK, **ORDER)
    later = THEN + timedelta(days=1)
    operators = Person.objects.filter(email__startswith="op").order_by("pk")
    made = proof.claim_enterprise(s.person("钱"), FACTS, proof.Way.DOCUMENTS, now=later)
    s.give_all(made, now=later)
    [line] = [one for one in journal.read() if one.kind == "names_erased"]
    forget_again(line)
    assert Claim.objects.get(pk=made.pk).name == NAME
    assert len(list(folder().iterdir())) == 3
    for operator in operators:  # the earlier representative is a rival
        proof.decide(
            TRADER, operator, proof.Outcome.CLAIM, claim=made.pk, why="x", facts=FACTS, now=later
        )
    assert Organisation.objects.get(reference=TRADER).name == NAME


def test_reasons_of_merges_splits_and_successions_go_and_decisions_stay(
    trader: int, tmp_path: Path
) -> None:
    send(tmp_path / "2.csv", [row("T2", s.CODE, 名称="乙公司")])
    other = subjects.enterprise_by_code(s.CODE).pk
    said = {"by": "操作员", "at": CLOCK.now()}
    merged = subjects.merge(trader, other, why=f"{NAME}就是乙公司", **said)
    subjects.undo(merged.pk, why=f"{NAME}不是乙公司", **said)
    joined = subjects.record_succession(
        trader, other, kind="conversion", on=None, why=f"{NAME}转为公司", **said
    )
    subjects.undo_succession(joined.pk, why=f"{NAME}没有转", **said)
    erase_enterprise(trader, clock=CLOCK, **ORDER)
    assert "某某" not in everything()
    assert Decision.objects.filter(by="操作员", why="依法删除").count() == 2
    assert Succession.objects.get().undone_by == "操作员"
