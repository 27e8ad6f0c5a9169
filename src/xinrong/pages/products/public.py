"""The products of the region: a list to look through with a sum and a term, and each one whole."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.financing import PURPOSE_WORDS, SECURITY_WORDS, Need, NeedPurpose, NeedRefused
from xinrong.domain.financing import Security as Offer
from xinrong.domain.money import read_money, yuan
from xinrong.domain.money import words as money_words
from xinrong.domain.text import Text
from xinrong.market import services as market
from xinrong.market.perms import can_see_fit_names
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.outlets.public import of_lender
from xinrong.pages.paging import number
from xinrong.pages.products import words
from xinrong.pages.products.fits import fits_of
from xinrong.pages.sheets import csv_answer
from xinrong.pages.words import said
from xinrong.profiles.services import criteria

#: Products on a page of the list.
SIZE, DEEPEST = 30, 100_000


def shelf_today() -> market.Shelf:
    """What is offered today. Raises NoProducts, ProductsBroken."""
    return market.shelf_on(settings.REGION, day_in_china(SystemClock().now()))


@require_GET
@page()
def index(request: HttpRequest) -> HttpResponse:
    """The products; with a sum and a term those that it could be, by what they cost in all."""
    form = asked(request)
    context: dict[str, Any] = {"form": form, "purposes": PURPOSE_WORDS, "offers": SECURITY_WORDS}
    if not market.has_products(settings.REGION):
        return render(request, "pages/products/index.html", context)
    shelf = shelf_today()
    try:
        need = need_of(form)
    except NeedRefused as refused:
        context["wrong"] = refused.words
        need = None
    rows = rows_for(shelf, need)
    offset = number(request.GET.get("offset", ""), 0, DEEPEST) or 0
    context |= {
        "book": shelf.catalogue.book,
        "day": shelf.day,
        "need": need,
        "rule": market.RULE,
        "rows": rows[offset : offset + SIZE],
        "total": len(rows),
        "of": len(shelf.offered),
        "lenders": len({one.lender.id for one in shelf.offered}),
        "previous": max(0, offset - SIZE) if offset else None,
        "next": offset + SIZE if offset + SIZE < len(rows) else None,
    }
    return render(request, "pages/products/index.html", context)


@require_GET
@page()
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One product: every term and fee, and whom it is for."""
    shelf = shelf_today()
    entry = shelf.catalogue.entry(name)
    offered = next((each for each in shelf.offered if each.product is entry.product), None)
    outlets, outlet_count = of_lender(entry.lender.id)
    context: dict[str, Any] = {
        "outlets": outlets, "outlet_count": outlet_count,
        "entry": entry, "day": shelf.day, "book": shelf.catalogue.book, "offered": offered,
        "kind": market.LENDER_WORDS[entry.lender.kind],
        "programme": shelf.catalogue.book.programmes.get(entry.product.programme),
    }  # fmt: skip
    if offered is not None:
        context |= {
            "terms": offered.terms,
            "base": shelf.catalogue.book.base_rates[offered.terms.rate.base],
            "fees": words.fees_of(offered.terms),
            "lines": words.terms_of(offered, dict(criteria.areas_of(settings.REGION))),
        }
        context |= {
            "fits": fits_of(request, name),
            "chance": words.chance_words(
                market.chances_on(shelf.day).of(entry.lender.id, entry.product.id)
            ),
            "names": can_see_fit_names(viewer(request), entry.lender.id),
        }
    return render(request, "pages/products/one.html", context)


@require_GET
@page()
def export(request: HttpRequest) -> HttpResponse:
    """The same list as CSV, nothing in it a formula."""
    try:
        need = need_of(asked(request))
    except NeedRefused:
        need = None
    rows = rows_for(shelf_today(), need)
    headings = [
        _("Product"), _("Lender"), _("From (yuan)"), _("To (yuan)"), _("From (months)"),
        _("To (months)"), _("Lowest rate, % a year"), _("Highest rate, % a year"),
        _("All-in cost at most, % a year"), _("Security"), _("Answer, working days"),
        _("Money, working days"),
    ]  # fmt: skip
    told = (
        (
            said(row.offered.product.title), said(row.offered.lender.title),
            str(row.offered.terms.amount.least), str(row.offered.terms.amount.most),
            str(row.offered.terms.months.least), str(row.offered.terms.months.most),
            f"{row.offered.low:.2f}", f"{row.offered.high:.2f}",
            "" if row.cost is None else f"{row.cost:.2f}",
            "; ".join(said(each) for each in row.secured),
            str(row.offered.terms.answer_days), str(row.offered.terms.money_days),
        )
        for row in rows
    )  # fmt: skip
    return csv_answer("products.csv", headings, told)


def asked(request: HttpRequest) -> dict[str, Any]:
    """What was typed, shortened."""
    given = request.GET
    return {
        "amount": given.get("amount", "").strip()[:30],
        "months": given.get("months", "").strip()[:5],
        "purpose": given.get("purpose", "")[:30],
        "offers": [one[:30] for one in given.getlist("offers")][: len(SECURITY_WORDS)],
    }


def need_of(form: dict[str, Any]) -> Need | None:
    """The need that was typed; None where there is none yet. Raises NeedRefused."""
    if not form["amount"] and not form["months"]:
        return None
    reading = read_money(form["amount"])
    if reading.fen is None:
        missing = Text(zh="请填写需要的金额，如 500000 或 50万。",
                       en="Write the sum needed, such as 500000 or 50万.")  # fmt: skip
        words_ = money_words(reading.problem) if reading.problem else missing
        raise NeedRefused("need_amount", "amount", words_, Text(zh="", en=""))
    months = number(form["months"], 0, 9_999)
    if months is None:
        raise NeedRefused(
            "need_months", "months",
            Text(zh=f"期限“{form['months']}”不是月数",
                 en=f"the term {form['months']!r} is no number of months"),
            Text(zh="请按月填写，如 12。", en="Write months, such as 12."),
        )  # fmt: skip
    purposes = {str(one): one for one in NeedPurpose}
    return Need(
        yuan(reading.fen),
        months,
        purposes.get(form["purpose"], NeedPurpose.WORKING_CAPITAL),
        frozenset(one for one in Offer if str(one) in form["offers"]),
    )


def rows_for(shelf: market.Shelf, need: Need | None) -> list[words.Row]:
    """The products that a need could be, or all by the highest rate that they state."""
    if need is None:
        return [words.Row(one) for one in sorted(shelf.offered, key=lambda each: each.high)]
    return words.rows_of(market.match_by_terms(shelf, need, market.chances_on(shelf.day)))
