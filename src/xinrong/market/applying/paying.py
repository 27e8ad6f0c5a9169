"""What a payment says, checked against the contract and against what stands already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.loans import LoanTerms, all_in_cost, differences, kept
from xinrong.domain.loans.sheet import money
from xinrong.domain.money import fen, yuan
from xinrong.domain.text import Text
from xinrong.market.applying.finding import terms_of
from xinrong.market.applying.models import Loan, Payment, PaymentKind
from xinrong.market.errors import MarketRefused
from xinrong.market.needs.refusals import refused

LONGEST_REFERENCE = 64


@dataclass(frozen=True)
class Paid:
    """Money that a lender paid out, in yuan, on a day, under its own reference.

    `received` is what reached the borrower and `made` the terms on which it was really made; None
    where that is what was promised. `last`: nothing more follows, so that the sum is held against
    the contract's.
    """

    reference: str
    paid_on: date
    principal: Decimal
    received: Decimal | None = None
    made: LoanTerms | None = None
    last: bool = True


@dataclass(frozen=True)
class Repaid:
    """Money that came back, in yuan, on a day, under the lender's own reference."""

    reference: str
    paid_on: date
    principal: Decimal
    interest: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)


def figures(row: Payment) -> tuple[object, ...]:
    """What a payment says; two rows of the same figures are one payment."""
    return (
        row.paid_on, row.principal, row.interest, row.fees, row.received,
        row.made, row.differences,
    )  # fmt: skip


def unchanged(there: Payment, told: Payment) -> Payment:
    """What is there, where it says the same. Raises MarketRefused (payment_differs)."""
    if figures(there) == figures(told):
        return there
    raise differs(
        "payment_differs",
        f"编号 {there.reference} 已登记，内容不同",
        f"the reference {there.reference} is recorded with other figures",
    )


def differs(code: str, zh: str, en: str) -> MarketRefused:
    """Something is recorded already, in another way."""
    return refused(
        code, Text(zh=zh, en=en), Text(zh="有误时请作更正。", en="Correct it if it was wrong.")
    )


def standing(loan: Loan) -> list[Payment]:
    """The payments of a loan that nothing has corrected."""
    return list(Payment.objects.filter(loan=loan, replaced_at=None))


def there_is(loan: Loan, kind: PaymentKind, reference: str) -> Payment | None:
    """The payment of that reference that stands."""
    name = reference_of(reference)
    rows = Payment.objects.filter(loan=loan, kind=kind, reference=name, replaced_at=None)
    return rows.first()


def disbursement(
    loan: Loan, paid: Paid, instead: Payment | None, now: datetime, who: Viewer
) -> Payment:
    """The row of a disbursement, unsaved. `instead`: the row that it corrects."""
    check_day(paid.paid_on, loan.signed_on, now)
    principal = _positive(paid.principal)
    name = reference_of(paid.reference)
    before = sum(
        one.principal
        for one in standing(loan)
        if one.kind == PaymentKind.DISBURSEMENT and one.reference != name
    )
    contract = terms_of(loan)
    if before + principal > contract.amount_fen:
        raise refused(
            "payment_over",
            Text(
                zh=f"放款合计 {yuan(before + principal):,.2f} 元超过合同金额 "
                f"{contract.amount:,.2f} 元",
                en=f"{yuan(before + principal):,.2f} yuan in all are more than the "
                f"{contract.amount:,.2f} of the contract",
            ),
            Text(zh="请核对金额；需要更多时请另行报价。", en="Check the sum; offer anew for more."),
        )
    owed = sum(one.principal for one in standing(loan) if one.kind == PaymentKind.REPAYMENT)
    if instead is not None and before + principal < owed:
        raise _over(before + principal - owed)
    promised = contract if principal == contract.amount_fen else _part(contract, principal)
    return Payment(
        loan=loan,
        kind=PaymentKind.DISBURSEMENT,
        reference=name,
        paid_on=paid.paid_on,
        principal=principal,
        received=None if paid.received is None else _positive(paid.received),
        made=None if paid.made is None else kept(paid.made),
        differences=_differences(contract, promised, paid, before + principal),
        at=now,
        by_id=who.person_id,
    )


def _part(contract: LoanTerms, principal: int) -> LoanTerms:
    """The contract for one part of its amount."""
    return replace(contract, amount=yuan(principal))


def _differences(
    contract: LoanTerms, promised: LoanTerms, paid: Paid, total: int
) -> list[dict[str, dict[str, str]]]:
    """The lines of the cost sheet that are not as promised; JSON-ready."""
    found = []
    if paid.made is not None:
        found += [(one.name, one.promised, one.made) for one in differences(promised, paid.made)]
    if paid.received is not None:
        due = all_in_cost(promised).received
        if paid.received != due:
            name = Text(zh="实际到账", en="what reached the account")
            found.append((name, money(due), money(paid.received)))
    if paid.last and total != contract.amount_fen:
        name = Text(zh="放款合计", en="paid out in all")
        found.append((name, money(contract.amount), money(yuan(total))))
    return [
        {"name": name.model_dump(), "promised": was.model_dump(), "made": now.model_dump()}
        for name, was, now in found
    ]


def repayment(
    loan: Loan, repaid: Repaid, instead: Payment | None, now: datetime, who: Viewer
) -> Payment:
    """The row of a repayment, unsaved. `instead`: the row that it takes the place of."""
    first = min((one.paid_on for one in standing(loan)), default=loan.signed_on)
    check_day(repaid.paid_on, first, now)
    principal, interest, fees = (
        _not_negative(one) for one in (repaid.principal, repaid.interest, repaid.fees)
    )
    if not principal + interest + fees:
        raise _amount("0")
    owed = 0
    for one in standing(loan):
        if one.kind == PaymentKind.DISBURSEMENT:
            owed += one.principal
        elif instead is None or one.pk != instead.pk:
            owed -= one.principal
    if principal > owed:
        raise _over(owed - principal)
    return Payment(
        loan=loan, kind=PaymentKind.REPAYMENT, reference=reference_of(repaid.reference),
        paid_on=repaid.paid_on, principal=principal, interest=interest, fees=fees, at=now,
        by_id=who.person_id,
    )  # fmt: skip


def _over(short: int) -> MarketRefused:
    return refused(
        "payment_over",
        Text(
            zh=f"还款本金比余额多 {yuan(-short):,.2f} 元",
            en=f"{yuan(-short):,.2f} yuan more principal are repaid than are owed",
        ),
        Text(zh="请核对金额。", en="Check the sum."),
    )


def reference_of(text: str) -> str:
    """A reference, trimmed. Raises MarketRefused (contract_reference)."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_REFERENCE:
        raise refused(
            "contract_reference",
            Text(
                zh=f"编号应为 1 至 {LONGEST_REFERENCE} 字",
                en=f"a reference has 1 to {LONGEST_REFERENCE} characters",
            ),
            Text(zh="请填写机构自己的编号。", en="Write the lender's own."),
        )
    return name


def check_day(day: date, first: date, now: datetime) -> None:
    """Raises MarketRefused (payment_day) for a day before `first`, or ahead."""
    today = day_in_china(now)
    if not first <= day <= today:
        raise refused(
            "payment_day",
            Text(
                zh=f"日期 {day} 应在 {first} 至 {today} 之间",
                en=f"{day} is not between {first} and {today}",
            ),
            Text(zh="请核对日期。", en="Check the day."),
        )


def _positive(told: Decimal) -> int:
    found = _not_negative(told)
    if not found:
        raise _amount("0")
    return found


def _not_negative(told: Decimal) -> int:
    try:
        found = fen(told)
    except ValueError:
        raise _amount(f"{told}") from None
    if found < 0 or told >= 10**12:
        raise _amount(f"{told}")
    return found


def _amount(told: str) -> MarketRefused:
    return refused(
        "payment_amount",
        Text(zh=f"{told[:40]} 元不是一个金额", en=f"{told[:40]} yuan is no sum"),
        Text(zh="请按元填写，最多两位小数。", en="Write yuan with two places at most."),
    )
