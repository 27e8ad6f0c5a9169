"""Applications as others read them: one, those of an enterprise, of a bank, and their sums."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from xinrong.accounts.services import Viewer
from xinrong.domain.loans import LoanTerms, all_in_annual_cost, from_kept
from xinrong.domain.money import yuan
from xinrong.domain.text import Text
from xinrong.market.applying.models import (
    Application,
    Choice,
    Loan,
    Offer,
    Payment,
    PaymentKind,
    Refusal,
)
from xinrong.market.applying.table import FALLEN_THROUGH, LATE, SILENT, WITHDRAWN
from xinrong.market.errors import MarketRefused
from xinrong.market.needs.refusals import refused
from xinrong.subjects import services as subjects
from xinrong.work.services import Case, Seen, case_for

_WITH = ("enterprise", "organisation", "institution")


@dataclass(frozen=True)
class Sums:
    """What moved for one loan, in yuan: the contract's amount, lent, repaid, still owed."""

    contracted: Decimal
    disbursed: Decimal
    repaid: Decimal
    interest: Decimal

    @property
    def owed(self) -> Decimal:
        """The principal that is still owed."""
        return self.disbursed - self.repaid


def unknown() -> MarketRefused:
    """There is none, or none for whoever asks: the same words."""
    return refused(
        "application_unknown",
        Text(zh="没有这个贷款申请", en="There is no such application"),
        Text(zh="请从您的申请列表中打开。", en="Open it from the list of your applications."),
    )


def application_of(number: str, *, lock: bool = False) -> Application:
    """One application, whoever's: for the platform's own steps. Raises MarketRefused."""
    rows = Application.objects.select_related(*_WITH)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(number=number[:32]).first()
    if found is None:
        raise unknown()
    return found


def seen_by(who: Viewer, number: str) -> tuple[Application, Seen]:
    """An application with its case, for a side of it. Raises CaseRefused (case_unknown) else."""
    seen = case_for(number[:32], who)
    return application_of(number), seen


def state_of(number: str) -> str:
    """Where the case of an application stands. Raises MarketRefused."""
    found = Case.objects.filter(number=number[:32]).values_list("state", flat=True).first()
    if found is None:
        raise unknown()
    return found


def states_of(numbers: Collection[str]) -> dict[str, Case]:
    """The cases of applications, by number."""
    return {case.number: case for case in Case.objects.filter(number__in=set(numbers))}


def applications_of(who: Viewer) -> QuerySet[Application]:
    """Those of the viewer's own enterprise, the newest first."""
    if who.role != "representative" or who.person_id is None:
        return Application.objects.none()
    try:
        own = subjects.enterprise_by_code(who.reference).pk
    except subjects.UnknownEnterprise:
        return Application.objects.none()
    rows = Application.objects.select_related(*_WITH).filter(enterprise=own)
    return rows.order_by("-pk")


def applications_of_need(need: str) -> QuerySet[Application]:
    """Those for one need, the oldest first."""
    return Application.objects.select_related(*_WITH).filter(need=need).order_by("pk")


def applications_of_bank(organisations: Collection[int]) -> QuerySet[Application]:
    """Those that banks or outlets were sent, and a bank's outlets' too; the newest first."""
    mine = Q(organisation__in=organisations) | Q(institution__in=organisations)
    return Application.objects.select_related(*_WITH).filter(mine).order_by("-pk")


def offer_of(number: str) -> Offer | None:
    """The offer, whether it has lapsed or not."""
    return Offer.objects.filter(application__number=number).first()


def refusal_of(number: str) -> Refusal | None:
    """The last refusal."""
    return Refusal.objects.filter(application__number=number).order_by("-pk").first()


def choice_of_need(need: str) -> Choice | None:
    """The choice by which a need is met, if it is."""
    rows = Choice.objects.select_related("application").filter(need=need, released_at=None)
    return rows.first()


def loan_of(number: str) -> Loan | None:
    """The contract, once it is signed."""
    rows = Loan.objects.select_related("application__enterprise", "application__institution")
    return rows.filter(application__number=number).first()


def terms_of(row: Offer | Loan) -> LoanTerms:
    """The terms of an offer or a contract."""
    return from_kept(row.terms)


def annual_cost_of(offer: Offer, paid: Iterable[Payment]) -> Decimal:
    """The all-in cost of what was really paid out, as a fraction; the offer's where that is so."""
    for one in paid:
        if one.differences and one.made:
            return all_in_annual_cost(from_kept(one.made))
    return offer.annual


def payments_of(loan: Loan) -> list[Payment]:
    """What stands of a loan's payments, in order of their days."""
    return list(Payment.objects.filter(loan=loan, replaced_at=None).order_by("paid_on", "pk"))


def sums_of(numbers: Collection[str]) -> dict[str, Sums]:
    """The sums of each loan, by the number of its application."""
    loans = Loan.objects.filter(application__number__in=set(numbers))
    lent = Q(payments__replaced_at=None, payments__kind=PaymentKind.DISBURSEMENT)
    back = Q(payments__replaced_at=None, payments__kind=PaymentKind.REPAYMENT)
    rows = loans.annotate(
        lent=Sum("payments__principal", filter=lent),
        back=Sum("payments__principal", filter=back),
        interest=Sum("payments__interest", filter=back),
    ).values_list("application__number", "terms", "lent", "back", "interest")
    return {
        number: Sums(
            Decimal(terms["amount"]), yuan(lent or 0), yuan(back or 0), yuan(interest or 0)
        )
        for number, terms, lent, back, interest in rows
    }


def lying_with(need: str) -> int:
    """With how many lenders a need lies who are not late: those who are hold nobody up."""
    live = Application.objects.filter(need=need, ended_at=None)
    cases = Case.objects.filter(number__in=live.values("number"))
    return cases.exclude(state__in=(SILENT, LATE)).count()


def end_what_ended(need: str) -> None:
    """Write down which applications of a need are over, and set the need free where its choice is.

    In the caller's transaction; the case is what ended, these columns follow it.
    """
    live = Application.objects.filter(need=need, ended_at=None)
    ended = Case.objects.filter(number__in=live.values("number")).exclude(ended_at=None)
    for number, at in ended.values_list("number", "ended_at"):
        Application.objects.filter(number=number, ended_at=None).update(ended_at=at)
    kept = Choice.objects.filter(need=need, released_at=None).select_related("application").first()
    if kept is None:
        return
    state = Case.objects.filter(number=kept.application.number).values_list("state", "ended_at")
    where, at = state.get()
    if where in (WITHDRAWN, FALLEN_THROUGH):
        Choice.objects.filter(pk=kept.pk).update(released_at=at)
