"""The terms of a loan as a lender states them: amount, term, rate, repayment, fees, deposit.

Rates and shares are fractions: 0.0385 is 3.85 %. Amounts are yuan, whole numbers of fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from xinrong.domain.loans.errors import BadTerms
from xinrong.domain.money import fen

#: From here on an amount is a slip of the keyboard: no bank lends a million million yuan.
TOO_MUCH = Decimal(10) ** 12
MAX_MONTHS = 600
MAX_DAYS = 18_300
#: A rate or a share above this was written in percent by mistake.
MAX_RATE = Decimal(1)


class Repayment(StrEnum):
    """How principal and interest come back."""

    EQUAL_INSTALMENTS = "equal_instalments"
    """等额本息: the same sum each time."""
    EQUAL_PRINCIPAL = "equal_principal"
    """等额本金: the same principal each time, and the interest on what is still owed."""
    INTEREST_FIRST = "interest_first"
    """先息后本: interest each time, the principal with the last."""
    AT_END = "at_end"
    """一次性还本付息: everything on the last day; interest is simple."""


class DayCount(StrEnum):
    """How long a time is for interest."""

    MONTHS = "months"
    """A month is a twelfth of a year; the days of a broken month are 360ths."""
    ACTUAL_360 = "actual_360"
    ACTUAL_365 = "actual_365"


class FeeTime(StrEnum):
    """When a fee is taken."""

    AT_DISBURSEMENT = "at_disbursement"
    YEARLY = "yearly"
    """In advance: on the first day of each year of the loan that begins before its last day."""
    EACH_PERIOD = "each_period"
    """With each payment."""
    AT_END = "at_end"


class FeeBase(StrEnum):
    """What a fee in percent is a share of."""

    AMOUNT = "amount"
    BALANCE = "balance"
    """What is owed at the beginning of the year or period that the fee is for."""


@dataclass(frozen=True)
class Fee:
    """One fee: a `share` of the amount or of the balance, or so many `yuan`; one of the two.

    Whoever takes it (bank, guarantor, appraiser), it counts if the loan is not had without it.
    Raises BadTerms.
    """

    name: str
    when: FeeTime
    share: Decimal | None = None
    yuan: Decimal | None = None
    of: FeeBase = FeeBase.AMOUNT

    def __post_init__(self) -> None:
        where = f"fee {self.name}".strip()
        if (self.share is None) == (self.yuan is None):
            raise BadTerms(where, "a fee is a percentage or a sum in yuan", "Give one of the two.")
        if self.yuan is not None:
            _whole_fen(where, self.yuan)
            if self.yuan >= TOO_MUCH:
                raise BadTerms(where, f"{self.yuan} yuan is no fee", "Look at the unit.")
        if self.share is not None:
            _fraction(where, self.share)
        told = self.share if self.share is not None else self.yuan
        if told is not None and told < 0:
            raise BadTerms(where, f"{told} is negative", "Leave the fee out if there is none.")
        running = self.when in (FeeTime.YEARLY, FeeTime.EACH_PERIOD)
        if self.of is FeeBase.BALANCE and (self.share is None or not running):
            raise BadTerms(
                where,
                "only a percentage that is taken yearly or each period can be of the balance",
                "Say that it is of the amount.",
            )


@dataclass(frozen=True)
class Deposit:
    """What the lender keeps back of the amount until the last day (保证金, compensating balance).

    `share` of the amount, or `yuan`; `rate` is the simple yearly interest it pays on it.
    Raises BadTerms.
    """

    share: Decimal | None = None
    yuan: Decimal | None = None
    rate: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if (self.share is None) == (self.yuan is None):
            raise BadTerms(
                "deposit", "a deposit is a percentage or a sum in yuan", "Give one of the two."
            )
        if self.yuan is not None:
            _whole_fen("deposit", self.yuan)
        told = self.share if self.share is not None else self.yuan
        if told is not None and told <= 0:
            raise BadTerms("deposit", f"{told} is no deposit", "Leave it out if there is none.")
        for one in (self.share, self.rate):
            if one is not None:
                _fraction("deposit", one)
        if self.rate < 0:
            raise BadTerms("deposit", f"the rate {self.rate} is negative", "Write 0 for none.")


@dataclass(frozen=True)
class LoanTerms:
    """The terms of one loan. Raises BadTerms for what no loan can be.

    The term is so many `months`, or so many `days`. `since` is the day of disbursement: with it
    each payment has its day, on the same day of the month or the month's last. Without it the
    loan is timed in months (or days) alone, so that its cost depends on no calendar.
    `months_per_period` is 1 for monthly payments, 3 for quarterly. `day_count` left out is
    MONTHS for a term in months and ACTUAL_360 for one in days, as Chinese banks count (inferred).
    A rate of 0 is refused as a slip unless `interest_free` says that it is meant.
    """

    amount: Decimal
    rate: Decimal
    repayment: Repayment
    months: int | None = None
    days: int | None = None
    since: date | None = None
    months_per_period: int = 1
    day_count: DayCount | None = None
    fees: tuple[Fee, ...] = ()
    deposit: Deposit | None = None
    interest_free: bool = False

    def __post_init__(self) -> None:
        _amount(self.amount)
        _rate(self.rate, interest_free=self.interest_free)
        _term(self)
        _counting(self)
        held = self.held_fen
        if held >= self.amount_fen:
            raise BadTerms(
                "deposit",
                f"a deposit of {held / 100:.2f} yuan leaves nothing of the amount",
                "Lower it, or raise the amount.",
            )

    @property
    def amount_fen(self) -> int:
        """The amount in fen."""
        return fen(self.amount)

    @property
    def held_fen(self) -> int:
        """What is kept back as a deposit, in fen, rounded half up."""
        if self.deposit is None:
            return 0
        if self.deposit.yuan is not None:
            return fen(self.deposit.yuan)
        return share_of(self.amount_fen, self.deposit.share or Decimal(0))

    @property
    def counting(self) -> DayCount:
        """How days are counted for interest."""
        if self.day_count is not None:
            return self.day_count
        return DayCount.MONTHS if self.months is not None else DayCount.ACTUAL_360


def between(
    since: date, until: date, amount: Decimal, rate: Decimal, repayment: Repayment
) -> LoanTerms:
    """The terms of a loan from one day to another, interest by days/360. Raises BadTerms."""
    return LoanTerms(amount, rate, repayment, days=(until - since).days, since=since)


def share_of(sum_fen: int, share: Decimal) -> int:
    """A share of a sum in fen, rounded half up."""
    up, down = share.as_integer_ratio()
    return half_up(sum_fen * up, down)


def half_up(numerator: int, denominator: int) -> int:
    """A quotient of numbers that are not negative, rounded half up (四舍五入)."""
    return (2 * numerator + denominator) // (2 * denominator)


def _amount(amount: Decimal) -> None:
    _whole_fen("amount", amount)
    if amount <= 0:
        raise BadTerms("amount", f"{amount} yuan is no loan", "Give an amount above 0.")
    if amount >= TOO_MUCH:
        raise BadTerms(
            "amount", f"{amount:,} yuan is more than any bank lends", "Look at the unit: yuan."
        )


def _rate(rate: Decimal, *, interest_free: bool) -> None:
    _fraction("rate", rate)
    if rate < 0:
        raise BadTerms("rate", f"{rate} is negative", "Give the yearly rate, such as 0.0385.")
    if rate == 0 and not interest_free:
        raise BadTerms(
            "rate", "the rate is 0", "Say that the loan is interest-free if that is meant."
        )
    if rate > 0 and interest_free:
        raise BadTerms("rate", f"an interest-free loan at {rate}", "Give the rate 0 with it.")


def _term(terms: LoanTerms) -> None:
    if (terms.months is None) == (terms.days is None):
        raise BadTerms("term", "a term is so many months or so many days", "Give one of the two.")
    long, limit, unit = (
        (terms.months, MAX_MONTHS, "months")
        if terms.months is not None
        else (terms.days, MAX_DAYS, "days")
    )
    if long is None or not 1 <= long <= limit:
        raise BadTerms("term", f"{long} {unit} are no term", f"Give 1 to {limit:,} {unit}.")
    if terms.since is not None and terms.since.year + MAX_MONTHS // 12 > date.max.year:
        raise BadTerms("term", f"{terms.since} is no day of disbursement", "Look at the year.")
    each = terms.months_per_period
    if each < 1 or (terms.months is not None and terms.months % each):
        raise BadTerms(
            "period",
            f"a payment every {each} months does not fill {long} {unit}",
            "Give a number of months that divides the term.",
        )


def _counting(terms: LoanTerms) -> None:
    if terms.since is not None:
        return
    if terms.months is not None and terms.counting is not DayCount.MONTHS:
        raise BadTerms(
            "day_count", "days of months without dates are not known", "Give the first day."
        )
    if terms.days is not None and terms.repayment is not Repayment.AT_END:
        raise BadTerms(
            "term",
            "a term in days without a first day has no monthly payments",
            "Give the first day, or let everything be paid at the end.",
        )


def _fraction(field: str, told: Decimal) -> None:
    if not told.is_finite() or told > MAX_RATE:
        raise BadTerms(field, f"{told} is no share of one", "Write a fraction: 0.0385 for 3.85 %.")


def _whole_fen(field: str, told: Decimal) -> None:
    try:
        fen(told)
    except ValueError as error:
        raise BadTerms(field, str(error), "Write yuan with two places at most.") from error
