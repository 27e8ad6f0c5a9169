"""Verbs of evaluation: what the enterprise says of a lender, and what its applications came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from django.db import transaction
from django.db.models import Avg, Count

from xinrong.accounts.services import Viewer
from xinrong.domain.text import Text
from xinrong.market.applying.models import Application, Loan, Payment, PaymentKind
from xinrong.market.applying.steps import held
from xinrong.market.applying.table import DISBURSED, REPAYING
from xinrong.market.errors import MarketRefused
from xinrong.market.evaluating.models import LEAST, MOST, Evaluation
from xinrong.market.needs.refusals import refused
from xinrong.market.perms import can_state_needs
from xinrong.work.services import Case

__all__ = [
    "LEAST",
    "LONGEST",
    "MOST",
    "Evaluation",
    "Given",
    "Judged",
    "Outcomes",
    "evaluate",
    "evaluation_of",
    "judged",
    "may_evaluate",
    "outcomes_of",
]

LONGEST = 500
#: An average of fewer is shown to nobody: it would be one enterprise's word.
FLOOR = 5


@dataclass(frozen=True)
class Given:
    """What an enterprise says: 1 to 5 for time, cost and respect, and a word of its own."""

    time: int
    cost: int
    respect: int
    words: str = ""


@dataclass(frozen=True)
class Judged:
    """The averages of a lender, of FLOOR evaluations or more."""

    number: int
    time: Decimal
    cost: Decimal
    respect: Decimal


@dataclass(frozen=True)
class Outcomes:
    """What a lender's applications came to: counts by state, days to its first answer."""

    states: Counter[str]
    answer_days: float | None
    lent: int
    first_loans: int


def may_evaluate(application: Application, state: str) -> bool:
    """After the end, or once money was paid out; a loan runs for years."""
    return application.ended_at is not None or state in (DISBURSED, REPAYING)


def evaluate(who: Viewer, number: str, given: Given, *, now: datetime) -> Evaluation:
    """Say how it went, once. The same again changes nothing.

    Raises MarketRefused (application_role, evaluation_early, evaluation_marks, evaluation_words,
    evaluation_done), CaseRefused (case_unknown).
    """
    words = " ".join(given.words.split())
    with transaction.atomic():
        application, case = held(who, number)
        if not can_state_needs(who) or who.person_id is None:
            raise _refused("application_role", "只有企业代表可以评价", "only its enterprise may")
        if case.ended_at is None and not may_evaluate(application, case.state):
            raise _refused("evaluation_early", "办理尚未结束", "it is not over yet")
        marks = (given.time, given.cost, given.respect)
        if any(not LEAST <= one <= MOST for one in marks):
            raise _refused(
                "evaluation_marks", "每项请给 1 至 5 分", "each mark is one of 1 to 5"
            )  # fmt: skip
        if len(words) > LONGEST:
            raise _refused(
                "evaluation_words", f"不超过 {LONGEST} 字", f"at most {LONGEST} characters"
            )
        there = Evaluation.objects.filter(application=application).first()
        if there is not None:
            if (there.time, there.cost, there.respect, there.words) == (*marks, words):
                return there
            raise _refused("evaluation_done", "已经评价过", "it was evaluated already")
        return Evaluation.objects.create(
            application=application, time=given.time, cost=given.cost, respect=given.respect,
            words=words, at=now, by_id=who.person_id,
        )  # fmt: skip


def evaluation_of(number: str) -> Evaluation | None:
    """What the enterprise said of an application."""
    return Evaluation.objects.filter(application__number=number).first()


def judged(lender: str) -> Judged | None:
    """The averages of a lender (its id); None below FLOOR evaluations."""
    rows = Evaluation.objects.filter(application__lender=lender)
    found = rows.aggregate(
        number=Count("pk"), time=Avg("time"), cost=Avg("cost"), respect=Avg("respect")
    )
    if found["number"] < FLOOR:
        return None
    time, cost, respect = (
        Decimal(str(found[name])).quantize(Decimal("0.1")) for name in ("time", "cost", "respect")
    )
    return Judged(found["number"], time, cost, respect)


def outcomes_of(lender: str) -> Outcomes:
    """What the applications of a lender (its id) came to; for the own institution and operators."""
    rows = Application.objects.filter(lender=lender)
    cases = Case.objects.filter(number__in=rows.values("number"))
    states = Counter(cases.values_list("state", flat=True))
    times = [
        (answered - asked).total_seconds() / 86_400
        for asked, answered in rows.exclude(answered_at=None).values_list(
            "submitted_at", "answered_at"
        )
        if answered is not None
    ]
    paid = Payment.objects.filter(kind=PaymentKind.DISBURSEMENT, replaced_at=None)
    loans = Loan.objects.filter(application__lender=lender, pk__in=paid.values("loan"))
    return Outcomes(
        states,
        round(median(times), 2) if times else None,
        loans.count(),
        loans.filter(application__first_time=True).count(),
    )


def _refused(code: str, zh: str, en: str) -> MarketRefused:
    return refused(code, Text(zh=zh, en=en), Text(zh="请核对后再提交。", en="Look again."))
