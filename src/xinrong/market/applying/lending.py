"""From the chosen offer to the last repayment: contract, money out, money back, corrections."""

from __future__ import annotations

from datetime import date, datetime

from xinrong.accounts.services import Organisation, Viewer
from xinrong.domain.calendars import Calendar
from xinrong.domain.clock import day_in_china
from xinrong.domain.text import Text
from xinrong.market.applying.finding import end_what_ended
from xinrong.market.applying.letting_look import ask_for_loan
from xinrong.market.applying.models import (
    Application,
    Choice,
    Loan,
    LoanReview,
    Payment,
    PaymentKind,
)
from xinrong.market.applying.paying import (
    Paid,
    Repaid,
    check_day,
    differs,
    disbursement,
    figures,
    reference_of,
    repayment,
    standing,
    there_is,
    unchanged,
)
from xinrong.market.applying.steps import held, step
from xinrong.market.applying.submitting import answer_by
from xinrong.market.applying.telling import tell_differences
from xinrong.market.needs.finding import need_by_number
from xinrong.market.needs.models import NeedState
from xinrong.market.needs.refusals import refused
from xinrong.market.needs.stating import settle
from xinrong.trust.services import ConsentRefused, consenting
from xinrong.work.services import move

FINDINGS = {
    "sound": Text(zh="正常", en="as it should be"),
    "watch": Text(zh="需要关注", en="to be watched"),
    "arrears": Text(zh="有逾期", en="in arrears"),
    "misused": Text(zh="资金用途不符", en="used for something else"),
}


def sign_contract(
    who: Viewer, number: str, reference: str, signed_on: date, *, now: datetime,
    version: int | None = None, calendar: Calendar | None = None,
) -> Loan:  # fmt: skip
    """The contract is signed, on the terms of the offer that was chosen and on no others.

    The enterprise is asked for the consent that serves the loan while it runs. The same again
    changes nothing. Raises MarketRefused (contract_differs, contract_reference, payment_day,
    offer_none), CaseRefused, MoveRefused.
    """
    name = reference_of(reference)
    with step(number, now):
        application, _ = held(who, number)
        there = Loan.objects.filter(application=application).first()
        if there is not None:
            if (there.reference, there.signed_on) == (name, signed_on):
                return there
            raise differs("contract_differs", "合同已登记", "the contract is recorded already")
        chosen = Choice.objects.select_related("offer").filter(
            application=application, released_at=None
        )
        choice = chosen.first()
        if choice is None:
            raise refused(
                "offer_none",
                Text(zh="企业没有选定这个报价", en="The enterprise has not chosen this offer"),
                Text(zh="请等待企业选择。", en="Wait for it to choose."),
            )
        check_day(signed_on, day_in_china(choice.chosen_at), now)
        made = Loan.objects.create(
            application=application,
            reference=name,
            terms=choice.offer.terms,
            signed_on=signed_on,
            recorded_at=now,
            recorded_by_id=who.person_id,
            consent_request=_ask_consent(application, name, who, now),
        )
        move(number, "sign", who, version=version, now=now, calendar=calendar,
             data={"loan": made.pk},
             moments={"pay_by": answer_by(application.money_days, now, calendar)})  # fmt: skip
    return made


def _ask_consent(application: Application, reference: str, who: Viewer, now: datetime) -> str:
    """The request for the time after the loan; none where too many wait already."""
    office = Organisation.objects.get(pk=application.organisation_id)
    by = consenting.Party("loan_officer", office.pk, who.person_id, office.name)
    try:
        return ask_for_loan(application.enterprise_id, reference, by, now=now)
    except ConsentRefused as error:
        if error.code != "requests_open":
            raise
        return ""


def disburse(
    who: Viewer, number: str, paid: Paid, *, now: datetime, version: int | None = None,
    calendar: Calendar | None = None,
) -> Payment:  # fmt: skip
    """Money was paid out: no more than was contracted, held against the cost sheet line by line.

    What is not as promised is written down and told to the enterprise, the lender and the
    operator. The same reference and figures again change nothing.

    Raises MarketRefused (contract_none, payment_over, payment_amount, payment_day,
    payment_differs, contract_reference), BadTerms, CaseRefused, MoveRefused.
    """
    with step(number, now):
        application, _ = held(who, number)
        loan = _loan(application)
        there = there_is(loan, PaymentKind.DISBURSEMENT, paid.reference)
        row = disbursement(loan, paid, None, now, who)
        if there is not None:
            return unchanged(there, row)
        row.save()
        _mark(loan)
        move(number, "disburse", who, version=version, now=now, calendar=calendar)
        if need_by_number(application.need).state == NeedState.STATED:
            settle(application.need, now=now)
        tell_differences(application, row, now=now)
    return row


def repay(
    who: Viewer, number: str, repaid: Repaid, *, now: datetime, version: int | None = None,
    calendar: Calendar | None = None,
) -> Payment:  # fmt: skip
    """Money came back; no more principal than is owed. The same again changes nothing.

    Raises MarketRefused (contract_none, payment_over, payment_amount, payment_day,
    payment_differs, contract_reference), CaseRefused, MoveRefused.
    """
    with step(number, now):
        application, _ = held(who, number)
        loan = _loan(application)
        there = there_is(loan, PaymentKind.REPAYMENT, repaid.reference)
        row = repayment(loan, repaid, there, now, who)
        if there is not None:
            return unchanged(there, row)
        row.save()
        _mark(loan)
        move(number, "repay", who, version=version, now=now, calendar=calendar)
    return row


def correct(
    who: Viewer, number: str, corrected: Paid | Repaid, why: str, *, now: datetime,
    version: int | None = None, calendar: Calendar | None = None,
) -> Payment:  # fmt: skip
    """Put a payment right that was reported wrongly: the same reference, new figures, and why.

    Raises MarketRefused (payment_unknown, payment_why and those of `disburse` and `repay`),
    CaseRefused, MoveRefused.
    """
    kind = PaymentKind.DISBURSEMENT if isinstance(corrected, Paid) else PaymentKind.REPAYMENT
    said = " ".join(why.split())[:500]
    with step(number, now):
        application, _ = held(who, number)
        loan = _loan(application)
        there = there_is(loan, kind, corrected.reference)
        if there is None or not said:
            raise refused(
                "payment_unknown" if there is None else "payment_why",
                Text(
                    zh="没有这笔收付记录" if there is None else "没有写明更正原因",
                    en="There is no such payment" if there is None else "It does not say why",
                ),
                Text(zh="请核对编号并写明原因。", en="Check the reference and say why."),
            )
        row = (
            disbursement(loan, corrected, there, now, who)
            if isinstance(corrected, Paid)
            else repayment(loan, corrected, there, now, who)
        )
        if figures(row) == figures(there):
            return there
        Payment.objects.filter(pk=there.pk).update(replaced_at=now)
        row.why = said
        row.save()
        _mark(loan)
        move(number, "correct", who, version=version, now=now, text=said, calendar=calendar)
        tell_differences(application, row, now=now)
    return row


def review_loan(
    who: Viewer, number: str, finding: str, text: str = "", *, now: datetime,
    version: int | None = None, calendar: Calendar | None = None,
) -> LoanReview:  # fmt: skip
    """A look at a running loan. Raises MoveRefused (move_guard) without a query after the loan.

    Raises MarketRefused (contract_none, finding_unknown), CaseRefused.
    """
    if finding not in FINDINGS:
        raise refused(
            "finding_unknown",
            Text(zh="没有选择检查结论", en="No finding is chosen"),
            Text(zh="请选择一项结论。", en=f"Choose from: {', '.join(FINDINGS)}."),
        )
    with step(number, now):
        application, _ = held(who, number)
        made = LoanReview.objects.create(
            loan=_loan(application), finding=finding, text=text.strip()[:2000], at=now,
            by_id=who.person_id,
        )  # fmt: skip
        move(number, "review", who, version=version, now=now, calendar=calendar)
    return made


def close(
    who: Viewer, number: str, closed_on: date, *, now: datetime, version: int | None = None,
    calendar: Calendar | None = None,
) -> Loan:  # fmt: skip
    """Everything is repaid: the loan is closed, and the consent that served it ends.

    Repeated, it changes nothing. Raises MarketRefused (contract_none, payment_day), CaseRefused,
    MoveRefused (move_guard: something is owed).
    """
    with step(number, now):
        application, _ = held(who, number)
        loan = _loan(application)
        if loan.closed_on is not None:
            return loan
        last = max((one.paid_on for one in standing(loan)), default=loan.signed_on)
        check_day(closed_on, last, now)
        loan.closed_on, loan.unwritten = closed_on, True
        loan.save(update_fields=["closed_on", "unwritten"])
        move(number, "close", who, version=version, now=now, calendar=calendar)
        end_what_ended(application.need)
        _end_consent(application, loan, now)
    return loan


def _end_consent(application: Application, loan: Loan, now: datetime) -> None:
    row = consenting.ConsentRequest.objects.filter(number=loan.consent_request).first()
    by = consenting.Party("loan_officer", application.organisation_id)
    if row is None:
        return
    if row.state == "granted":
        consent = consenting.Consent.objects.get(request=row)
        consenting.repaid(str(consent.number), by, now=now)
    elif row.state == "asked":
        consenting.withdraw(row.number, by, now=now)


def _mark(loan: Loan) -> None:
    """Its record is to say what has changed."""
    Loan.objects.filter(pk=loan.pk).update(unwritten=True)


def _loan(application: Application) -> Loan:
    found = Loan.objects.filter(application=application).first()
    if found is None:
        raise refused(
            "contract_none",
            Text(zh="还没有签约", en="No contract is signed"),
            Text(zh="请先登记合同。", en="Record the contract first."),
        )
    return found
