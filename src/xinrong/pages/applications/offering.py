"""A lender writes an offer and reads, as it writes, what it costs the enterprise in all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinrong.domain.clock import day_in_china
from xinrong.domain.errors import XinrongError
from xinrong.domain.financing import SECURITY_WORDS
from xinrong.domain.money import yuan
from xinrong.market import services as market
from xinrong.market.perms import can_work_applications
from xinrong.market.services import applying
from xinrong.pages.applications import words
from xinrong.pages.applications.forms import FEES, offering_of
from xinrong.pages.context import viewer
from xinrong.pages.errors import asked_by_htmx, page
from xinrong.pages.paging import number as whole
from xinrong.pages.words import said

HIDDEN = frozenset({"application_unknown", "case_unknown"})
LAST = 10**7
NAMES = (
    "amount", "months", "rate", "repayment", "each", "until", "deposit", "free", "note",
)  # fmt: skip
#: For how many days an offer stands unless the lender says otherwise.
STANDS = 15


@require_http_methods(["GET", "POST"])
@page(can_work_applications)
def offer(request: HttpRequest, number: str) -> HttpResponse:
    """The form with its cost sheet; htmx asks for the sheet alone, at every change."""
    who, now = viewer(request), timezone.now()
    one, seen = applying.seen_by(who, number)
    form = request.POST if request.method == "POST" else _filled(one, now)
    sheet, problem = _read(one, form, now)
    if asked_by_htmx(request):
        context = {"sheet": sheet, "problem": problem, "application": one}
        return render(request, "pages/applications/offer_cost.html", context)
    if request.method == "POST" and not problem and "preview" not in request.POST:
        version = whole(request.POST.get("version", ""), 0, LAST)
        try:
            applying.make_offer(
                who, number, offering_of(form), now=now, version=-1 if version is None else version
            )
        except XinrongError as error:
            if error.code in HIDDEN:
                raise
            problem = words.refused(error)
        else:
            messages.success(request, _("Offered. The enterprise was told; it chooses."))
            return redirect("application", number=number)
    wrong = problem if request.method == "POST" else ""
    context = {
        "application": one,
        "line": words.lines_of([one], now)[0],
        "entry": words.entry_of(one.product),
        "version": seen.case.version,
        "may": any(each.move.event == "offer" for each in seen.doable),
        "form": {name: form.get(name, "") for name in NAMES},
        "fees": [
            {
                "place": place,
                "name": form.get(f"fee_name_{place}", ""),
                "when": form.get(f"fee_when_{place}", ""),
                "size": form.get(f"fee_size_{place}", ""),
            }
            for place in range(FEES)
        ],
        "repayments": [(str(one), said(text)) for one, text in market.REPAYMENT_WORDS.items()],
        "times": [(str(one), said(text)) for one, text in market.FEE_TIME_WORDS.items()],
        "securities": [(str(one), said(text)) for one, text in SECURITY_WORDS.items()],
        "secured": form.getlist("security"),
        "sheet": sheet,
        "problem": problem,
        "wrong": wrong,
        "looks": words.looks_of(one, lent=False),
    }
    return render(
        request, "pages/applications/offer.html", context, status=422 if wrong else 200
    )  # fmt: skip


def _read(one: Any, form: QueryDict, now: datetime) -> tuple[list[Any], str]:
    """The cost sheet of what is written, and what is wrong with it."""
    try:
        offering = offering_of(form)
        sheet = words.sheet_lines(offering.terms)
        applying.check_offer(one, offering, now)
    except XinrongError as error:
        try:
            return words.sheet_lines(offering_of(form).terms), words.refused(error)
        except XinrongError:
            return [], words.refused(error)
    return sheet, ""


def _filled(one: Any, now: datetime) -> QueryDict:
    """The form as the need and the product suggest it."""
    form = QueryDict(mutable=True)
    today = day_in_china(now)
    form["amount"] = f"{yuan(one.amount):f}"
    form["months"] = str(one.months)
    form["until"] = (today + timedelta(days=STANDS)).isoformat()
    form["rate"], form["each"], form["repayment"] = f"{one.rate_high:.2f}%", "1", "interest_first"
    entry = words.entry_of(one.product)
    terms = entry.product.on(today) if entry else None
    if terms is None:
        return form
    form["repayment"], form["each"] = str(terms.repayment), str(terms.months_per_period)
    for place, fee in enumerate(terms.fees[:FEES]):
        form[f"fee_name_{place}"] = said(fee.title)
        form[f"fee_when_{place}"] = str(fee.when)
        form[f"fee_size_{place}"] = (
            f"{fee.percent:f}%" if fee.percent is not None else f"{fee.yuan:f}"
        )
    if terms.deposit_percent is not None:
        form["deposit"] = f"{terms.deposit_percent:f}%"
    form.setlist("security", [str(name) for name in terms.security[:1]])
    return form
