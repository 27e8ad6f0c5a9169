"""One application: where it stands and by when, the offer, the loan, and what can be done now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.accounts.services import Viewer
from xinrong.domain.errors import XinrongError
from xinrong.domain.financing import PURPOSE_WORDS, SECURITY_WORDS, NeedPurpose
from xinrong.domain.money import yuan
from xinrong.domain.text import Text
from xinrong.market.perms import can_see_applications, can_state_needs
from xinrong.market.services import applying, evaluating
from xinrong.pages.applications import words
from xinrong.pages.applications.acts import acts_of, do
from xinrong.pages.applications.listing import desk_rows
from xinrong.pages.cases.case import clock, timeline, waits_for
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.work import services as work

HIDDEN = frozenset({"application_unknown", "case_unknown"})
LONGEST = 2000
APPEALS = ("appealed", "appeal_late")


@require_GET
@page(can_see_applications)
def application(request: HttpRequest, number: str) -> HttpResponse:
    """The page of an application of the viewer's side."""
    return shown(request, number)


@require_POST
@page(work.can_move)
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Make a step; what is refused is said on the page, with what was typed."""
    try:
        do(viewer(request), number, request.POST, now=timezone.now())
    except XinrongError as error:
        if error.code in HIDDEN:
            raise
        return shown(request, number, problem=words.refused(error), typed=request.POST)
    messages.success(request, _("Done, and written into the log of the application."))
    return redirect("application", number=number)


def shown(
    request: HttpRequest, number: str, *, problem: str = "", typed: QueryDict | None = None
) -> HttpResponse:
    """The page; with a problem, what was typed stands in it still."""
    who, now = viewer(request), timezone.now()
    one, seen = applying.seen_by(who, number)
    entry = words.entry_of(one.product)
    context: dict[str, Any] = {
        "application": one,
        "case": seen.case,
        "line": words.lines_of([one], now)[0],
        "entry": entry,
        "purpose": PURPOSE_WORDS[NeedPurpose(one.purpose)],
        "clocks": [clock(running, now) for running in seen.running],
        "waits_for": waits_for(seen),
        "my_turn": seen.side.turn,
        "acts": acts_of(seen, one, now, typed),
        "timeline": timeline(seen, who),
        "problem": problem,
        "longest": LONGEST,
        "role": seen.side.role,
        "own": who.role == "representative",
        "officer": who.role == "loan_officer",
        **_money(one),
        **_answers(one, who, seen),
    }
    refusal = context["refusal"]
    if refusal is not None and refusal.by_id == who.person_id and seen.case.state in APPEALS:
        # The table lets every officer of the bank move it, and refuses the one who refused it.
        context |= {"colleague": True, "my_turn": False, "acts": []}
    if who.role == "loan_officer":
        looks = words.looks_of(one, lent=context["loan"] is not None)
        context["looks"] = looks
        context["next_look"] = next((look.stage for look in looks if not look.done), "")
        context["following"] = _following(who, number)
    return render(
        request, "pages/applications/application.html", context, status=422 if problem else 200
    )


def _following(who: Viewer, number: str) -> Any:
    """The applicant behind this one among those that wait, from the end on the first; or None."""
    waiting = list(desk_rows(who, "waiting").values_list("number", flat=True))
    at = waiting.index(number) + 1 if number in waiting else 0
    rest = waiting[at:] or [other for other in waiting if other != number]
    return applying.application_of(rest[0]) if rest else None


def _money(one: Any) -> dict[str, Any]:
    """The offer with its sheet, the contract with its payments, and what is not as promised."""
    offer, loan = applying.offer_of(one.number), applying.loan_of(one.number)
    found: dict[str, Any] = {"offer": offer, "loan": loan}
    if offer is not None:
        found["sheet"] = words.sheet_lines(applying.terms_of(offer))
        found["security"] = [SECURITY_WORDS[name] for name in offer.security]
    if loan is not None:
        payments = applying.payments_of(loan)
        found["payments"] = [_payment(row) for row in payments]
        found["sums"] = applying.sums_of([one.number])[one.number]
        found["differences"] = [
            {name: Text(**told) for name, told in line.items()}
            for row in payments
            for line in row.differences
        ]
        found["reviews"] = [
            (row, applying.FINDINGS[row.finding]) for row in loan.reviews.order_by("-at")
        ]
    return found


#: Kind of a payment -> the event whose words name it.
EVENTS = {"disbursement": "disburse", "repayment": "repay"}


def _payment(row: Any) -> dict[str, Any]:
    """A payment as a row of the page, in yuan."""
    return {
        "paid_on": row.paid_on,
        "what": applying.APPLICATION.event_words[EVENTS[row.kind]],
        "principal": yuan(row.principal),
        "interest": yuan(row.interest),
        "reference": row.reference,
        "why": row.why,
    }


def _answers(one: Any, who: Viewer, seen: work.Seen) -> dict[str, Any]:
    """The refusal with its reasons, another lender that is proposed, and the evaluation."""
    refusal = applying.refusal_of(one.number)
    own = who.role == "representative"
    state = seen.case.state
    proposal = applying.proposals_of(who).filter(application=one).first() if own else None
    return {
        "refusal": refusal,
        "reasons": [applying.REASONS[name] for name in refusal.reasons] if refusal else [],
        "proposal": proposal,
        "proposed": words.product_name(proposal.product) if proposal else "",
        "evaluation": evaluating.evaluation_of(one.number),
        "may_evaluate": can_state_needs(who) and evaluating.may_evaluate(one, state),
        "others": applying.applications_of_need(one.need).count() - 1 if own else 0,
    }
