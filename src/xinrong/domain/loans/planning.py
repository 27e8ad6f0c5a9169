"""When what is paid, in whole fen: the bare plan that schedules and costs are made of.

Times are whole months from disbursement for a term in months, whole days for one in days.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

from xinrong.domain.loans.terms import (
    DayCount,
    Fee,
    FeeBase,
    FeeTime,
    LoanTerms,
    Repayment,
    half_up,
    share_of,
)
from xinrong.domain.money import fen

_PRECISE = Context(prec=50)
_WHOLE = Context(prec=50, rounding=ROUND_HALF_UP)
_DAYS_OF_YEAR = {DayCount.ACTUAL_360: 360, DayCount.ACTUAL_365: 365}


@dataclass(frozen=True, slots=True)
class Plan:
    """Times of the payments, and the principal and the interest of each, in fen."""

    times: tuple[int, ...]
    principal: tuple[int, ...]
    interest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee that is taken at a time, in fen."""

    time: int
    fee: Fee
    fen: int


def plan_of(terms: LoanTerms) -> Plan:
    """The payments of a loan: each rounded half up to fen, the last closes the rest exactly."""
    times = _times(terms)
    if terms.repayment is Repayment.AT_END:
        parts = [_year_part(terms, 0, times[-1])]
        times = times[-1:]
    elif terms.months is not None and terms.counting is DayCount.MONTHS:
        parts = [(terms.months_per_period, 12)] * len(times)
    else:
        parts = [
            _year_part(terms, start, end) for start, end in zip((0, *times), times, strict=False)
        ]
    principal, interest = _REPAID[terms.repayment](terms, parts)
    return Plan(times, tuple(principal), tuple(interest))


def charges_of(terms: LoanTerms, plan: Plan) -> list[Charge]:
    """Every fee of a loan at its times, in the order of the terms."""
    last = plan.times[-1]
    found = []
    for fee in terms.fees:
        if fee.when is FeeTime.AT_DISBURSEMENT:
            times: tuple[int, ...] = (0,)
            bases: tuple[int, ...] = (0,)
        elif fee.when is FeeTime.AT_END:
            times, bases = (last,), (last,)
        elif fee.when is FeeTime.YEARLY:
            times = bases = tuple(_years(terms, last))
        else:
            times, bases = plan.times, (0, *plan.times[:-1])
        for time, base in zip(times, bases, strict=True):
            found.append(Charge(time, fee, _fee_fen(terms, plan, fee, base)))
    return found


def deposit_back(terms: LoanTerms, plan: Plan) -> int:
    """What the borrower has back of its deposit on the last day, with its interest, in fen."""
    held, last = terms.held_fen, plan.times[-1]
    if terms.deposit is None or not terms.deposit.rate:
        return held
    part = _year_part(terms, 0, last)
    return held + _interest(held, terms.deposit.rate.as_integer_ratio(), part)


def day_of(terms: LoanTerms, time: int) -> date | None:
    """The day of a time of the plan; None for terms without a first day."""
    if terms.since is None:
        return None
    if terms.months is None:
        return terms.since + timedelta(days=time)
    return months_after(terms.since, time)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def years_of(terms: LoanTerms, time: int) -> float:
    """A time in years: by days/365 where days are known, else by months/12."""
    if terms.months is None:
        return time / 365
    if terms.since is None:
        return time / 12
    return (months_after(terms.since, time) - terms.since).days / 365


def _times(terms: LoanTerms) -> tuple[int, ...]:
    each = terms.months_per_period
    if terms.months is not None:
        return tuple(range(each, terms.months + 1, each))
    last = terms.days or 0
    found, count = [], each
    if terms.since is not None and terms.repayment is not Repayment.AT_END:
        while (time := (months_after(terms.since, count) - terms.since).days) < last:
            found.append(time)
            count += each
    return (*found, last)


def _year_part(terms: LoanTerms, start: int, end: int) -> tuple[int, int]:
    """The part of a year between two times, as interest counts it: a quotient of whole numbers."""
    counting = terms.counting
    if terms.months is not None and counting is DayCount.MONTHS:
        return end - start, 12
    if terms.months is None and terms.since is None:
        return (end - start, _DAYS_OF_YEAR.get(counting, 360))
    first, last = day_of(terms, start), day_of(terms, end)
    assert first is not None
    assert last is not None
    if counting is not DayCount.MONTHS:
        return (last - first).days, _DAYS_OF_YEAR[counting]
    return _months_and_days(terms.since or first, first, last), 360


def _months_and_days(anchor: date, first: date, last: date) -> int:
    """Days between two days where a whole month, counted along the anchor's days, has thirty."""
    begun = (first.year - anchor.year) * 12 + first.month - anchor.month
    months = 0
    while months_after(anchor, begun + months + 1) <= last:
        months += 1
    return months * 30 + (last - months_after(anchor, begun + months)).days


def _years(terms: LoanTerms, last: int) -> list[int]:
    """The first day of each year of the loan that begins before its last day."""
    if terms.months is not None:
        return list(range(0, last, 12))
    if terms.since is None:
        return list(range(0, last, 365))
    found, count = [], 0
    while (time := (months_after(terms.since, count) - terms.since).days) < last:
        found.append(time)
        count += 12
    return found


def _fee_fen(terms: LoanTerms, plan: Plan, fee: Fee, base: int) -> int:
    if fee.yuan is not None:
        return fen(fee.yuan)
    owed = terms.amount_fen
    if fee.of is FeeBase.BALANCE:
        owed -= sum(plan.principal[: bisect_right(plan.times, base)])
    return share_of(owed, fee.share or Decimal(0))


def _interest(owed: int, rate: tuple[int, int], part: tuple[int, int]) -> int:
    return half_up(owed * rate[0] * part[0], rate[1] * part[1])


def _equal_instalments(
    terms: LoanTerms, parts: list[tuple[int, int]]
) -> tuple[list[int], list[int]]:
    rate, owed = terms.rate.as_integer_ratio(), terms.amount_fen
    each = _instalment(terms, parts)
    principal, interest = [], []
    up, down = rate
    for over, under in parts[:-1]:
        now = half_up(owed * up * over, down * under)
        back = min(max(each - now, 0), owed)
        principal.append(back)
        interest.append(now)
        owed -= back
    return [*principal, owed], [*interest, _interest(owed, rate, parts[-1])]


def _instalment(terms: LoanTerms, parts: list[tuple[int, int]]) -> int:
    """The sum that pays the loan off: the amount over the worth of 1 paid at each time."""
    owed, count = Decimal(terms.amount_fen), len(parts)
    if terms.rate == 0:
        return int(_WHOLE.to_integral_value(_PRECISE.divide(owed, Decimal(count))))
    if parts.count(parts[0]) == count:
        step = _PRECISE.divide(_PRECISE.multiply(terms.rate, Decimal(parts[0][0])), parts[0][1])
        grown = _PRECISE.power(_PRECISE.add(step, Decimal(1)), count)
        each = _PRECISE.divide(
            _PRECISE.multiply(_PRECISE.multiply(owed, step), grown), _PRECISE.subtract(grown, 1)
        )
        return int(_WHOLE.to_integral_value(each))
    worth, of_one = Decimal(0), Decimal(1)
    for up, down in parts:
        step = _PRECISE.divide(_PRECISE.multiply(terms.rate, Decimal(up)), Decimal(down))
        of_one = _PRECISE.divide(of_one, _PRECISE.add(step, Decimal(1)))
        worth = _PRECISE.add(worth, of_one)
    return int(_WHOLE.to_integral_value(_PRECISE.divide(owed, worth)))


def _equal_principal(terms: LoanTerms, parts: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    rate, owed = terms.rate.as_integer_ratio(), terms.amount_fen
    each = half_up(owed, len(parts))
    principal, interest = [], []
    for number, part in enumerate(parts, 1):
        back = owed if number == len(parts) else min(each, owed)
        principal.append(back)
        interest.append(_interest(owed, rate, part))
        owed -= back
    return principal, interest


def _principal_last(terms: LoanTerms, parts: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Interest first, and at the end: with one part, everything at once."""
    rate, owed = terms.rate.as_integer_ratio(), terms.amount_fen
    interest = [_interest(owed, rate, part) for part in parts]
    return [0] * (len(parts) - 1) + [owed], interest


_REPAID = {
    Repayment.EQUAL_INSTALMENTS: _equal_instalments,
    Repayment.EQUAL_PRINCIPAL: _equal_principal,
    Repayment.INTEREST_FIRST: _principal_last,
    Repayment.AT_END: _principal_last,
}
