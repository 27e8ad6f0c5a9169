"""The terms of a loan as JSON keeps them, and read again: amounts and rates are texts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from xinrong.domain.loans.errors import BadTerms
from xinrong.domain.loans.terms import (
    DayCount,
    Deposit,
    Fee,
    FeeBase,
    FeeTime,
    LoanTerms,
    Repayment,
)


def kept(terms: LoanTerms) -> dict[str, Any]:
    """JSON-ready; `from_kept` gives equal terms back."""
    found: dict[str, Any] = {
        "amount": f"{terms.amount:f}",
        "rate": f"{terms.rate:f}",
        "repayment": str(terms.repayment),
        "months": terms.months,
        "days": terms.days,
        "since": terms.since.isoformat() if terms.since else None,
        "months_per_period": terms.months_per_period,
        "day_count": str(terms.day_count) if terms.day_count else None,
        "fees": [_fee(one) for one in terms.fees],
        "interest_free": terms.interest_free,
    }
    if terms.deposit is not None:
        found["deposit"] = {
            "share": _text(terms.deposit.share),
            "yuan": _text(terms.deposit.yuan),
            "rate": f"{terms.deposit.rate:f}",
        }
    return found


def from_kept(told: Mapping[str, Any]) -> LoanTerms:
    """What `kept` made, or a program wrote in its words. Raises BadTerms for what is no terms."""
    try:
        return LoanTerms(
            amount=_number(told["amount"]),
            rate=_number(told["rate"]),
            repayment=Repayment(told["repayment"]),
            months=_whole(told.get("months")),
            days=_whole(told.get("days")),
            since=date.fromisoformat(told["since"]) if told.get("since") else None,
            months_per_period=_whole(told.get("months_per_period")) or 1,
            day_count=DayCount(told["day_count"]) if told.get("day_count") else None,
            fees=tuple(_fee_of(one) for one in told.get("fees") or ()),
            deposit=_deposit_of(told["deposit"]) if told.get("deposit") else None,
            interest_free=bool(told.get("interest_free")),
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise BadTerms(
            "terms",
            f"the terms cannot be read: {error}",
            "Write amount, rate (0.0385 for 3.85 %), repayment and months.",
        ) from error


def _fee(fee: Fee) -> dict[str, Any]:
    return {
        "name": fee.name,
        "when": str(fee.when),
        "share": _text(fee.share),
        "yuan": _text(fee.yuan),
        "of": str(fee.of),
    }


def _fee_of(told: Mapping[str, Any]) -> Fee:
    return Fee(
        str(told.get("name", ""))[:60],
        FeeTime(told["when"]),
        share=_maybe(told.get("share")),
        yuan=_maybe(told.get("yuan")),
        of=FeeBase(told.get("of") or FeeBase.AMOUNT),
    )


def _deposit_of(told: Mapping[str, Any]) -> Deposit:
    rate = _maybe(told.get("rate"))
    return Deposit(
        share=_maybe(told.get("share")), yuan=_maybe(told.get("yuan")), rate=rate or Decimal(0)
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _maybe(value: Any) -> Decimal | None:
    return None if value is None else _number(value)


def _number(value: Any) -> Decimal:
    """A number as text or a whole number: a float has been rounded by somebody already."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise TypeError(f"{value!r} is no exact number: write it as text")
    if isinstance(value, str) and len(value) > 40:
        raise ValueError(f"{value[:40]!r} is too long a number")
    return Decimal(value)


def _whole(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value
