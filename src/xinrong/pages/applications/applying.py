"""Applying: what the product costs, what its lender would see, and one press for both."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinrong.domain.clock import day_in_china
from xinrong.domain.errors import XinrongError
from xinrong.domain.loans import BadTerms, NoRate, RateOutOfRange, SeveralRates
from xinrong.market import services as market
from xinrong.market.perms import can_state_needs
from xinrong.market.services import applying, needs
from xinrong.pages import consent_words
from xinrong.pages.applications import words
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.needs.words import WHOLE, summary
from xinrong.pages.paging import number as whole
from xinrong.trust.services import consenting

LAST = 10**7
HIDDEN = frozenset({"need_unknown", "product_unknown", "proposal_unknown"})


@require_http_methods(["GET", "POST"])
@page(can_state_needs)
def new(request: HttpRequest) -> HttpResponse:
    """Read what it costs and who would look, then send it; `proposal` names one to take up."""
    form = request.POST or request.GET
    proposal = whole(form.get("proposal", ""), 1, LAST)
    who = viewer(request)
    if proposal is not None:
        found = applying.proposal_for(who, proposal)
        need, product = found.need, found.product
    else:
        need, product = form.get("need", "")[:32], form.get("product", "")[:64]
    if request.method == "GET":
        return shown(request, need, product, proposal)
    try:
        answer = consenting.Answer(
            frozenset(request.POST.getlist("category")),
            frozenset(request.POST.getlist("sensitive")),
        )
        office = whole(request.POST.get("office", ""), 1, LAST)
        now = timezone.now()
        if to_sign := _to_sign(request, need, product, office):
            return to_sign
        if proposal is not None:
            made = applying.take_up(who, proposal, now=now, answer=answer, office=office)
        else:
            made = applying.apply(who, need, product, now=now, office=office, answer=answer)
    except XinrongError as error:
        if error.code in HIDDEN:
            raise
        return shown(request, need, product, proposal, problem=words.refused(error))
    messages.success(request, _("Sent. You read here by when the lender answers."))
    return redirect("application", number=made.number)


def _to_sign(
    request: HttpRequest, need: str, product: str, office: int | None
) -> HttpResponse | None:
    """Whoever signs with a passkey signs on the page of the request first, then comes back."""
    who, now = viewer(request), timezone.now()
    if not applying.signs(who):
        return None
    stated = needs.need_for(who, need)
    offered = applying.offered_now(product, day_in_china(now))
    where = applying.place(stated, applying.bank_of(offered.lender.id), office).office
    if stated.enterprise_id is None or applying.may_look(stated.enterprise_id, where, now):
        return None
    asked = applying.request_for_look(
        stated.enterprise_id, where, offered.product.title.zh, now=now
    )  # fmt: skip
    messages.info(request, _("Sign this consent with your passkey, then apply again."))
    return redirect("consent-request", number=asked.number)


def shown(
    request: HttpRequest, need: str, product: str, proposal: int | None, *, problem: str = ""
) -> HttpResponse:
    """The page; with a problem, what was ticked stands in it still."""
    who, now = viewer(request), timezone.now()
    stated = needs.need_for(who, need)
    offered = applying.offered_now(product, day_in_china(now))
    bank = applying.here([offered.lender.id]).get(offered.lender.id)
    wanted = applying.wanted(now)
    placed = None if bank is None else applying.place(stated, bank)
    allowed = placed is not None and (
        stated.enterprise_id is not None
        and applying.may_look(stated.enterprise_id, placed.office, now)
    )
    context: dict[str, Any] = {
        "need": stated,
        "summary": summary(stated, *WHOLE),
        "offered": offered,
        "sheet": _sheet(offered, stated),
        "bank": bank,
        "offices": applying.offices_of(bank) if bank else [],
        "kept": applying.keeping_time([offered.lender.id], now).get(offered.lender.id),
        "seen": consent_words.seen(wanted, dict(wanted.levels)),
        "ticked": request.POST.getlist("category") or list(wanted.levels),
        "ticked_twice": request.POST.getlist("sensitive"),
        "office": request.POST.get("office", "") or (str(placed.office.pk) if placed else ""),
        "placed": placed,
        "rule": market.directory.RULE,
        "wanted": wanted,
        "allowed": allowed,
        "signs": applying.signs(who),
        "refusal": region().consents[wanted.template].refusal,
        "proposal": proposal,
        "problem": problem,
    }
    return render(
        request, "pages/applications/new.html", context, status=422 if problem else 200
    )  # fmt: skip


def _sheet(offered: market.Offered, stated: Any) -> list[Any]:
    """What it would cost at the highest rate that the product states; nothing where it cannot."""
    need = needs.need_of(stated)
    try:
        terms = market.loan_of(offered.terms, offered.high, need.amount, need.months)
        return words.sheet_lines(terms)
    except (BadTerms, NoRate, RateOutOfRange, SeveralRates):
        return []
