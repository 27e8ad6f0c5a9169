"""The cost sheet of one loan on a page: what arrives, what is paid, what it costs in a year."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from xinrong.domain.loans.cost import AllInCost, TimedBy, all_in_cost
from xinrong.domain.loans.planning import charges_of, day_of, plan_of
from xinrong.domain.loans.schedule import Instalment, schedule_of
from xinrong.domain.loans.terms import DayCount, Fee, FeeBase, FeeTime, LoanTerms, Repayment
from xinrong.domain.money import yuan
from xinrong.domain.text import Text

#: Payments that a page shows in full; of more, the first and the last ones.
SHOWN_IN_FULL = 13

REPAYMENTS = {
    Repayment.EQUAL_INSTALMENTS: Text(zh="等额本息", en="equal instalments"),
    Repayment.EQUAL_PRINCIPAL: Text(zh="等额本金", en="equal principal"),
    Repayment.INTEREST_FIRST: Text(zh="先息后本", en="interest first, principal at the end"),
    Repayment.AT_END: Text(zh="一次性还本付息", en="everything at the end"),
}
DAY_COUNTS = {
    DayCount.MONTHS: Text(
        zh="按月计息（年利率/12）", en="by months (a twelfth of the yearly rate)"
    ),
    DayCount.ACTUAL_360: Text(zh="按日计息（年利率/360）", en="by days (a 360th)"),
    DayCount.ACTUAL_365: Text(zh="按日计息（年利率/365）", en="by days (a 365th)"),
}
_FEE_TIMES = {
    FeeTime.AT_DISBURSEMENT: Text(zh="放款时", en="at disbursement"),
    FeeTime.YEARLY: Text(zh="每年年初", en="at the start of each year"),
    FeeTime.EACH_PERIOD: Text(zh="每期", en="with each payment"),
    FeeTime.AT_END: Text(zh="到期时", en="at the end"),
}


@dataclass(frozen=True)
class Line:
    """One line of a sheet: what it is, and what it comes to."""

    name: Text
    value: Text


@dataclass(frozen=True)
class CostSheet:
    """Everything that a borrower pays for a loan, in the order of the page."""

    terms: LoanTerms
    cost: AllInCost
    lines: tuple[Line, ...]
    instalments: tuple[Instalment, ...]

    def as_text(self, language: str = "zh") -> str:
        """The page in plain text, for a terminal or a message."""
        names = [line.name.in_language(language) for line in self.lines]
        wide = max(map(_width, names))
        told = [
            f"{name}{' ' * (wide - _width(name))}  {line.value.in_language(language)}"
            for name, line in zip(names, self.lines, strict=True)
        ]
        return "\n".join([*told, "", *_table(self.instalments, language)])


def cost_sheet(terms: LoanTerms) -> CostSheet:
    """The sheet of a loan. Raises what `all_in_cost` raises."""
    cost = all_in_cost(terms)
    return CostSheet(terms, cost, tuple(_lines(terms, cost)), schedule_of(terms).instalments)


def percent(rate: Decimal, places: int = 2) -> str:
    """A fraction as a percentage: 0.0385 is 3.85 %."""
    return f"{rate * 100:.{places}f} %"


def money(amount: Decimal) -> Text:
    """Yuan with thousands and two places."""
    return Text(zh=f"{amount:,.2f} 元", en=f"CNY {amount:,.2f}")


def _lines(terms: LoanTerms, cost: AllInCost) -> list[Line]:
    told = [
        Line(Text(zh="贷款金额", en="amount"), money(terms.amount)),
        Line(Text(zh="期限", en="term"), _term(terms)),
        Line(Text(zh="合同年利率", en="contract rate"), _same(_plainly(terms.rate))),
        Line(Text(zh="还款方式", en="repayment"), REPAYMENTS[terms.repayment]),
        Line(Text(zh="计息方式", en="interest counted"), DAY_COUNTS[terms.counting]),
        *_fees(terms),
    ]
    if cost.kept:
        back = money(cost.deposit_back)
        told.append(Line(Text(zh="留存保证金", en="deposit kept back"), money(cost.kept)))
        told.append(Line(Text(zh="到期退还保证金", en="deposit and its interest back"), back))
    told += [
        Line(Text(zh="实际到手", en="reaches the borrower"), money(cost.received)),
        Line(Text(zh="利息合计", en="interest in all"), money(cost.interest)),
        Line(Text(zh="费用合计", en="fees in all"), money(cost.fees)),
        Line(Text(zh="总成本", en="total cost"), money(cost.total)),
        Line(
            Text(zh="综合年化成本", en="all-in annual cost"),
            Text(
                zh=f"{percent(cost.annual)}（内部收益率，复利，{_timed(cost).zh}）",
                en=f"{percent(cost.annual)} (internal rate of return, compounded, "
                f"{_timed(cost).en})",
            ),
        ),
    ]
    if cost.nominal is not None:
        told.append(
            Line(
                Text(zh="其中单利口径", en="without compounding"),
                Text(
                    zh=f"{percent(cost.nominal)}（月内部收益率×12，单利）",
                    en=f"{percent(cost.nominal)} (twelve times the monthly rate of return)",
                ),
            )
        )
    return told


def _timed(cost: AllInCost) -> Text:
    if cost.timed_by is TimedBy.DAYS:
        return Text(zh="按实际天数/365", en="by days/365")
    return Text(zh="按月数/12", en="by months/12")


def _term(terms: LoanTerms) -> Text:
    zh, en = (
        (f"{terms.months} 个月", f"{terms.months} months")
        if terms.months is not None
        else (f"{terms.days} 天", f"{terms.days} days")
    )
    if terms.since is None:
        return Text(zh=zh, en=en)
    last = day_of(terms, terms.months or terms.days or 0)
    return Text(zh=f"{zh}（{terms.since} 至 {last}）", en=f"{en} ({terms.since} to {last})")


def _fees(terms: LoanTerms) -> list[Line]:
    charges = charges_of(terms, plan_of(terms))
    found = []
    for fee in terms.fees:
        taken = [one.fen for one in charges if one.fee is fee]
        sums = money(yuan(sum(taken)))
        rule = _rule(fee)
        times = f" × {len(taken)}" if len(taken) > 1 else ""
        found.append(
            Line(
                _fee_name(fee),
                Text(zh=f"{sums.zh}（{rule.zh}{times}）", en=f"{sums.en} ({rule.en}{times})"),
            )
        )
    return found


def _fee_name(fee: Fee) -> Text:
    if not fee.name:
        return Text(zh="费用", en="fee")
    return Text(zh=f"费用：{fee.name}", en=f"fee: {fee.name}")


def _rule(fee: Fee) -> Text:
    when = _FEE_TIMES[fee.when]
    if fee.yuan is not None:
        told = money(fee.yuan)
        return Text(zh=f"{when.zh} {told.zh}", en=f"{told.en} {when.en}")
    share = _plainly(fee.share or Decimal(0))
    if fee.of is FeeBase.BALANCE:
        return Text(zh=f"{when.zh}余额的 {share}", en=f"{share} of the balance {when.en}")
    return Text(zh=f"{when.zh}贷款金额的 {share}", en=f"{share} of the amount {when.en}")


def _table(instalments: tuple[Instalment, ...], language: str) -> list[str]:
    heads = Text(
        zh="期次 日期 应还 本金 利息 费用 余额",
        en="no. on pays principal interest fees owed",
    )
    rows = [heads.in_language(language).split()]
    rows += [_cells(one, language) for one in _shown(instalments)]
    if len(instalments) > SHOWN_IN_FULL:
        rows.insert(4, ["…"] * len(rows[0]))
    wide = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(" " * (to - _width(cell)) + cell for cell, to in zip(row, wide, strict=True))
        for row in rows
    ]


def _shown(instalments: tuple[Instalment, ...]) -> tuple[Instalment, ...]:
    if len(instalments) <= SHOWN_IN_FULL:
        return instalments
    return instalments[:3] + instalments[-2:]


def _cells(one: Instalment, language: str) -> list[str]:
    undated = Text(zh=f"第{one.time}月", en=f"month {one.time}").in_language(language)
    sums = (one.total, one.principal, one.interest, one.fees, one.owed_after)
    return [str(one.number), str(one.on or undated), *(f"{each:,.2f}" for each in sums)]


def _plainly(rate: Decimal) -> str:
    """A rate as it was written, in percent, without rounding and without idle zeros."""
    told = f"{(rate * 100):f}"
    return f"{told.rstrip('0').rstrip('.') if '.' in told else told} %"


def _same(text: str) -> Text:
    return Text(zh=text, en=text)


def _width(text: str) -> int:
    """Columns of a terminal that a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
