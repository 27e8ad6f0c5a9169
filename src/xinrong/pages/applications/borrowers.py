"""A lender's own borrowers on its desk: what each owes, and whose loan is to be looked at next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.text import Text
from xinrong.market.perms import can_work_applications
from xinrong.market.services import applying
from xinrong.pages.applications.words import product_name
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import Leaf, number
from xinrong.pages.sheets import csv_answer
from xinrong.pages.words import said

ROWS, DEEPEST = 30, 1_000_000


@dataclass(frozen=True)
class Line:
    """One borrower in a row; `finding` of the last look, None where nobody looked yet."""

    one: applying.Borrower
    product: str
    finding: Text | None
    after: Text

    @property
    def warns(self) -> bool:
        """Whether the last look found anything but a sound loan, or it was not paid as offered."""
        review = self.one.review
        return self.one.differs or (review is not None and review.finding != "sound")


def loans_desk(
    request: HttpRequest, who: Viewer, counts: Mapping[str, int], now: datetime
) -> HttpResponse:
    """The tab of running loans, those whose look is overdue on top."""
    found = applying.borrowers_of(who, now)
    offset = min(number(request.GET.get("offset", ""), 0, DEEPEST) or 0, max(0, len(found) - 1))
    part = found[offset : offset + ROWS]
    context = {
        "leaf": Leaf([one.loan for one in part], len(found), offset, ROWS),
        "lines": [line_of(one) for one in part],
        "late": sum(one.late for one in found),
        "unasked": sum(one.after != "stands" for one in found),
        "show": "loans",
        "counts": counts,
    }
    return render(request, "pages/applications/borrowers.html", context)


def line_of(one: applying.Borrower) -> Line:
    """A borrower in the reader's words."""
    finding = None if one.review is None else applying.FINDINGS[one.review.finding]
    after = applying.AFTER_WORDS[one.after]
    return Line(one, product_name(one.application.product), finding, after)


@require_GET
@page(can_work_applications)
def export(request: HttpRequest) -> HttpResponse:
    """The same as CSV, nothing in it a formula."""
    headings = [
        _("Application"), _("Borrower"), _("Product"), _("Office"), _("Contract"), _("Lent (yuan)"),
        _("Owed (yuan)"), _("Paid out on"), _("Last look"), _("Finding"), _("Look by"),
        _("Overdue"), _("Consent after the loan"), _("Not as offered"),
    ]  # fmt: skip
    yes, no = _("yes"), _("no")
    rows = []
    for line in map(line_of, applying.borrowers_of(viewer(request), timezone.now())):
        one, review = line.one, line.one.review
        rows.append((
            one.application.number, one.application.enterprise.name, line.product,
            one.application.organisation.name, one.loan.reference, f"{one.sums.disbursed:.2f}",
            f"{one.sums.owed:.2f}", one.lent_on.isoformat(),
            "" if review is None else day_in_china(review.at).isoformat(),
            said(line.finding) if line.finding else "", one.look_by.isoformat(),
            yes if one.late else no, said(line.after), yes if one.differs else no,
        ))  # fmt: skip
    return csv_answer("borrowers.csv", headings, rows)
