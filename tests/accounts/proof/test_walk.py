"""Claims by several people, checked by several operators, in any order: what never happens."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.accounts.proof import support as s
from xinrong.accounts.models import Claim, ClaimMove, Dispute, Person
from xinrong.accounts.proof.letters import ALPHABET
from xinrong.accounts.services import proof
from xinrong.domain.errors import XinrongError

#: How often each step is tried. People claim, operators (who claim now and then, too) check.
WEIGHTS = {
    "claim": 6,
    "hand_in": 8,
    "check": 14,
    "print_letter": 5,
    "post_letter": 5,
    "enter": 5,
    "enter_wrong": 1,
    "enter_others": 1,
    "decide": 14,
    "send_back": 1,
    "refuse": 1,
    "withdraw": 1,
    "change_way": 1,
    "register_changes": 2,
    "clock": 2,
}
#: What would come next in each state; the rest is chance.
NATURAL = {
    "claimed": ["hand_in", "print_letter"],
    "documents_given": ["check"],
    "checked_once": ["check"],
    "letter_printed": ["post_letter"],
    "code_sent": ["enter"],
    "frozen": ["decide", "decide", "hand_in"],
    "proven": ["register_changes"],
}
NEXT_IS_NATURAL = 0.7
LONG = 40


class Walk:
    """One run: what was printed, what time it is, whom the register names."""

    def __init__(self, people: list[Person], chance: Random) -> None:
        self.people, self.chance = people, chance
        self.rivals = chance.random() < 0.7
        self.now: datetime = s.NOW
        self.facts = s.FACTS
        self.codes: dict[int, str] = {}

    def step(self) -> None:
        self.who = self.people[self.chance.choice([0, 1, 1, 2, 3] if self.rivals else [0])]
        self.by = self.people[self.chance.choice([0, 2, 2, 3, 3, 4, 4])]
        found = Claim.objects.filter(person=self.who).order_by("-pk")
        self.number = found.values_list("pk", flat=True).first() or 0
        self.at: dict[str, Any] = {"now": self.now}
        self.with_facts: dict[str, Any] = {"facts": self.facts, "now": self.now}
        state = found.values_list("state", flat=True).first() or ""
        name = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        if self.chance.random() < NEXT_IS_NATURAL:
            name = self.chance.choice(NATURAL.get(state, ["claim"]))
        getattr(self, name)()

    def claim(self) -> None:
        way = self.chance.choice([proof.Way.LETTER, proof.Way.DOCUMENTS])
        proof.claim_enterprise(self.who, self.facts, way, **self.at)

    def hand_in(self) -> None:
        for kind in proof.Paper:
            proof.give_paper(self.number, self.who, kind, s.PNG, **self.at)
        proof.hand_in(self.number, self.who, **self.at)

    def check(self) -> None:
        named = self.facts.legal_representative or ""
        proof.check(self.number, self.by, legal_representative=named, **self.with_facts)

    def print_letter(self) -> None:
        given = proof.print_letter(self.number, self.by, query=1, **self.with_facts)
        self.codes[self.number] = given[1]

    def post_letter(self) -> None:
        proof.post_letter(self.number, self.by, receipt="XA", **self.at)

    def enter(self) -> None:
        code = self.codes.get(self.number, "AAAAAAAA")
        proof.enter_code(self.number, self.who, code, **self.with_facts)

    def enter_wrong(self) -> None:
        proof.enter_code(self.number, self.who, ALPHABET[:8], **self.with_facts)

    def enter_others(self) -> None:
        code = self.codes.get(self.number, "AAAAAAAA")
        proof.enter_code(self.number, self.by, code, **self.with_facts)

    def decide(self) -> None:
        outcome, number = self.chance.choice(list(proof.Outcome)), self.number
        proposed = Dispute.objects.filter(decided_at=None).exclude(outcome="").first()
        if proposed is not None and self.chance.random() < NEXT_IS_NATURAL:
            outcome, number = proof.Outcome(proposed.outcome), proposed.claim_id or 0
        proof.decide(s.CODE, self.by, outcome, claim=number, why="x", **self.with_facts)

    def send_back(self) -> None:
        proof.send_back(self.number, self.by, why="x", **self.at)

    def refuse(self) -> None:
        proof.refuse(self.number, self.by, why="x", **self.at)

    def withdraw(self) -> None:
        proof.withdraw(self.number, self.who, **self.at)

    def change_way(self) -> None:
        proof.change_way(self.number, self.who, self.chance.choice(list(proof.Way)), **self.at)

    def register_changes(self) -> None:
        self.facts = s.facts(legal_representative=self.chance.choice(["赵一", "赵二", None]))
        proof.follow(self.facts, **self.at)

    def clock(self) -> None:
        self.now += timedelta(days=self.chance.choice([-9, 1, 1, 31, 31]))


def check_rules() -> None:
    proven = list(Claim.objects.filter(state="proven"))
    assert len(proven) <= 1
    acting = {name for name, rests in s.roles().items() if not rests}
    assert acting <= {one.person.name for one in proven}
    if Dispute.objects.filter(decided_at=None).exists():
        assert not acting
    for one in proven:
        assert two_operators(one), list(ClaimMove.objects.filter(claim=one).values_list("move"))


def two_operators(claim: Claim) -> bool:
    """Whether two operators, both others than the claimer, stand behind a proof: by the log."""
    rows = list(ClaimMove.objects.filter(claim=claim).order_by("pk"))
    if rows[-1].move == "decide_for":
        dispute = Dispute.objects.filter(code=claim.code).exclude(decided_at=None).latest("pk")
        pair = {dispute.first_by_id, dispute.decided_by_id}
        earlier = proven_before(rows)
        return claim.person_id not in pair and len(pair) == 2 and (earlier or papers(claim))
    first, second = {
        "check_again": ("check", "check_again"),
        "enter_code": ("print_letter", "post_letter"),
    }[rows[-1].move]
    one = [row.by_id for row in rows if row.move == first][-1]
    two = [row.by_id for row in rows if row.move == second][-1]
    return one != two and claim.person_id not in (one, two) and None not in (one, two)


def proven_before(rows: list[ClaimMove]) -> bool:
    return any(row.after == "proven" for row in rows[:-1])


def papers(claim: Claim) -> bool:
    return claim.papers.filter(deleted_at=None).count() == 3


@pytest.mark.django_db
def test_never_two_and_never_by_one_operator_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xinrong.accounts.proof.papers._write", Mock())  # the disk is slow
    people = [s.person("王"), s.person("李"), *s.operators("op1", "op2", "op3")]
    seen: set[str] = set()

    @settings(max_examples=8)
    @given(st.randoms(use_true_random=True))
    def walk(chance: Random) -> None:
        with transaction.atomic():
            run = Walk(people, chance)
            for _ in range(LONG):
                with contextlib.suppress(XinrongError):
                    run.step()
                check_rules()
            seen.update(ClaimMove.objects.values_list("move", flat=True))
            transaction.set_rollback(True)

    walk()
    assert {"check_again", "freeze"} <= seen, "the walk went nowhere"
