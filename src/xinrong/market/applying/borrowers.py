"""A lender's own borrowers: what each loan owes, and by when somebody should look at it again.

How often is an agreement that is published (docs/how-to/work-a-bank-day.md), no clock of the
process: nobody is told of a day that passed but the lender, at the top of its own list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.text import Text
from xinrong.market.applying.finding import Sums, sums_of
from xinrong.market.applying.models import Application, Loan, LoanReview, Payment, PaymentKind
from xinrong.market.applying.table import DISBURSED, NAME, REPAYING
from xinrong.market.perms import can_work_applications
from xinrong.trust.services import Purpose, Stage, active_consents, consenting
from xinrong.work.services import Case, sides_of

#: Days from the first money to the first look; between looks; after one that was not sound.
FIRST, AGAIN, SOONER = timedelta(days=30), timedelta(days=90), timedelta(days=30)
SOUND = "sound"
RUNNING = (DISBURSED, REPAYING)


class After(StrEnum):
    """Whether the lender may query the borrower while the loan runs."""

    STANDS = "stands"
    ASKED = "asked"
    NONE = "none"


AFTER_WORDS: Mapping[After, Text] = {
    After.STANDS: Text(zh="有贷后授权", en="consent stands"),
    After.ASKED: Text(zh="贷后授权待企业同意", en="consent asked for"),
    After.NONE: Text(zh="无贷后授权", en="no consent after the loan"),
}


@dataclass(frozen=True)
class Borrower:
    """One running loan. `review` is the last look at it, `look_by` the day of the next.

    `differs`: something was not paid out as it was offered.
    """

    application: Application
    loan: Loan
    sums: Sums
    lent_on: date
    review: LoanReview | None
    look_by: date
    late: bool
    after: After
    differs: bool


def running_loans(who: Viewer) -> QuerySet[Case]:
    """The cases of loans that run, of the viewer's own side; none for whoever does not lend."""
    rows = Case.objects.filter(process=NAME, state__in=RUNNING)
    if not can_work_applications(who):
        return rows.none()
    return rows.filter(pk__in=sides_of(who).values("case"))


def borrowers_of(who: Viewer, now: datetime) -> list[Borrower]:
    """The running loans on the viewer's desk, whose look is due first on top."""
    numbers = running_loans(who).values_list("number", flat=True)
    rows = Loan.objects.filter(application__number__in=numbers).select_related(
        "application__enterprise", "application__organisation", "application__institution"
    )
    loans = list(rows)
    sums = sums_of([one.application.number for one in loans])
    reviews, paid = _last_reviews(loans), _paid(loans)
    after = _after(loans, who, now)
    today = day_in_china(now)
    found = []
    for loan in loans:
        review, payments = reviews.get(loan.pk), paid[loan.pk]
        first = min((one.paid_on for one in payments), default=loan.signed_on)
        by = next_look(first, review)
        found.append(
            Borrower(
                loan.application, loan, sums[loan.application.number], first, review, by,
                by < today, after[loan.pk], any(one.differences for one in payments),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.look_by, one.loan.pk))


def next_look(lent_on: date, review: LoanReview | None) -> date:
    """The day by which a loan is looked at next."""
    if review is None:
        return lent_on + FIRST
    return day_in_china(review.at) + (AGAIN if review.finding == SOUND else SOONER)


def _last_reviews(loans: Iterable[Loan]) -> dict[int, LoanReview]:
    rows = LoanReview.objects.filter(loan__in=[one.pk for one in loans]).order_by("pk")
    return {one.loan_id: one for one in rows}


def _paid(loans: Iterable[Loan]) -> dict[int, list[Payment]]:
    """What was paid out and stands, by loan."""
    rows = Payment.objects.filter(
        loan__in=[one.pk for one in loans], kind=PaymentKind.DISBURSEMENT, replaced_at=None
    )
    found = defaultdict(list)
    for one in rows.order_by("pk"):
        found[one.loan_id].append(one)
    return found


def _after(loans: Iterable[Loan], who: Viewer, now: datetime) -> dict[int, After]:
    """Of each loan whether a consent for the time after it stands, or is asked for."""
    rows = list(loans)
    offices = {one.application.organisation_id for one in rows} | set(who.grantees)
    enterprises = {one.application.enterprise_id for one in rows}
    standing: dict[int, set[int]] = defaultdict(set)
    for consent in active_consents(enterprises, offices, Purpose.CREDIT, Stage.POST_LOAN, now):
        standing[consent.grantor_id].add(consent.grantee_id)
    asked = set(
        consenting.ConsentRequest.objects.filter(
            number__in={one.consent_request for one in rows} - {""}, state="asked"
        ).values_list("number", flat=True)
    )
    found = {}
    for one in rows:
        mine = {one.application.organisation_id, one.application.institution_id}
        if mine & standing[one.application.enterprise_id]:
            found[one.pk] = After.STANDS
        else:
            found[one.pk] = After.ASKED if one.consent_request in asked else After.NONE
    return found
