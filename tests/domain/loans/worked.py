"""The hand-worked loans of tests/cases/loans as terms."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import sqrt
from pathlib import Path

from xinrong.domain.loans import (
    DayCount,
    LoanTerms,
    Repayment,
    deposit_from_text,
    fee_from_text,
)

CASES = Path(__file__).resolve().parents[2] / "cases" / "loans"


@dataclass(frozen=True)
class WorkedCost:
    """A loan with its yearly cost, as a fraction, and the sum that gave it."""

    terms: LoanTerms
    flows: str
    arithmetic: str
    annual: Decimal
    why: str

    @property
    def recomputed(self) -> float:
        """The arithmetic done again."""
        return float(eval(self.arithmetic, {"__builtins__": {}}, {"sqrt": sqrt}))


@dataclass(frozen=True)
class WorkedSchedule:
    """A loan with every payment: principal, interest, what is owed after it."""

    terms: LoanTerms
    payments: list[tuple[Decimal, Decimal, Decimal]]
    why: str


def worked_costs() -> list[WorkedCost]:
    """Every line of costs.csv."""
    return [
        WorkedCost(
            terms_of(row), row["flows"], row["arithmetic"], Decimal(row["annual"]) / 100, row["why"]
        )
        for row in _rows("costs.csv")
    ]


def worked_schedules() -> list[WorkedSchedule]:
    """Every line of schedules.csv."""
    return [
        WorkedSchedule(
            terms_of(row), [_payment(one) for one in row["payments"].split(";")], row["why"]
        )
        for row in _rows("schedules.csv")
    ]


def terms_of(row: Mapping[str, str]) -> LoanTerms:
    """The terms that a line states."""
    number, unit = int(row["term"][:-1]), row["term"][-1]
    fees = [one for one in row.get("fees", "").split(";") if one.strip()]
    return LoanTerms(
        amount=Decimal(row["amount"]),
        rate=Decimal(row["rate"]) / 100,
        repayment=Repayment(row["repayment"]),
        months=number if unit == "m" else None,
        days=number if unit == "d" else None,
        since=date.fromisoformat(row["since"]) if row["since"] else None,
        months_per_period=int(row["every"]),
        day_count=DayCount(row["counting"]) if row["counting"] else None,
        fees=tuple(fee_from_text(one) for one in fees),
        deposit=deposit_from_text(row["deposit"]) if row.get("deposit") else None,
        interest_free=Decimal(row["rate"]) == 0,
    )


def _payment(text: str) -> tuple[Decimal, Decimal, Decimal]:
    parts, owed = text.strip().split("=")
    principal, interest = parts.split("+")
    return Decimal(principal), Decimal(interest), Decimal(owed)


def _rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))
