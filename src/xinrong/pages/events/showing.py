"""One event: what its organiser, a bank, or an enterprise sees of it and does there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.criteria import Over
from xinrong.domain.financing import PURPOSE_WORDS, NeedPurpose
from xinrong.market import services as market
from xinrong.market.errors import MarketRefused
from xinrong.market.services import applying, meeting, needs
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.events.listing import banks_here
from xinrong.pages.paging import number as whole
from xinrong.pages.sheets import csv_answer
from xinrong.pages.words import said
from xinrong.profiles.services import criteria
from xinrong.trust.services import Denied


@require_GET
@page(meeting.can_see_meetings)
def event(request: HttpRequest, number: str) -> HttpResponse:
    """The event for whoever looks."""
    return _event(request, number)


def _event(request: HttpRequest, number: str, error: str = "", status: int = 200) -> HttpResponse:
    who, today = viewer(request), day_in_china(SystemClock().now())
    found = meeting.meeting_for(who, number)
    organises = meeting.organises(who, found)
    bank, guest = meeting.bank_in(who, found), meeting.guest_in(who, found)
    context: dict[str, Any] = {
        "event": found, "organises": organises, "bank": bank, "guest": guest, "error": error,
        "state": meeting.MEETING_PROCESS.state_words[found.state],
        "programme": market.load_products(settings.REGION).book.programmes.get(found.programme),
        "leads": [_lead(one) for one in meeting.leads_for(who, found)],
        "answerable": bank is not None and found.state in ("planned", "open")
        and meeting.can_answer_for_bank(who),
        "may_come": meeting.can_come(who) and found.state == "open",
        "over": found.state in ("held", "cancelled"),
    }  # fmt: skip
    if organises:
        invited = set(found.banks.values_list("lender", flat=True))
        context |= {
            "banks": list(found.banks.select_related("bank")),
            "others": [one for one in banks_here() if one[0] not in invited],
            "criteria": [
                one for one in criteria.listed_for(who)
                if one.criterion is not None and one.criterion.over is Over.PROFILE
            ],
            "day_come": today >= found.held_on,
            "paired": sum(one.guest.bank_id is not None for one in meeting.leads_for(who, found)),
        }  # fmt: skip
    if context["may_come"]:
        context["needs"] = [
            {"number": one.number, "amount": needs.need_of(one).amount, "months": one.months,
             "purpose": PURPOSE_WORDS[NeedPurpose(one.purpose)]}
            for one in needs.needs_of(who).filter(state="stated", enterprise__isnull=False)[:20]
        ]  # fmt: skip
    return render(request, "pages/events/event.html", context, status=status)


@require_POST
@page(meeting.can_see_meetings)
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Do what a button says."""
    who, post, now = viewer(request), request.POST, timezone.now()
    slots = whole(post.get("slots", ""), 0, 999)
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "invite": (
            lambda: meeting.invite_banks(who, number, post.getlist("lender"), now=now),
            _("Invited."),
        ),
        "open": (
            lambda: meeting.open_up(who, number, post.get("criterion", "")[:64], now=now),
            _("Open: enterprises can say that they come."),
        ),
        "pair": (lambda: meeting.pair(who, number, now=now), _("Paired; everybody is told.")),
        "hold": (
            lambda: meeting.hold(who, number, post.getlist("came"), now=now),
            _("Noted who came."),
        ),
        "cancel": (lambda: meeting.cancel(who, number, now=now), _("Cancelled.")),
        "answer": (
            lambda: meeting.answer_for_bank(who, number, 999 if slots is None else slots),
            _("Answered."),
        ),
        "come": (
            lambda: meeting.come(who, number, post.get("need", "")[:32], now=now),
            _("The organiser expects you."),
        ),
        "stay_away": (
            lambda: meeting.stay_away(who, number),
            _("Taken back; nobody learns of it."),
        ),
    }
    chosen = acts.get(post.get("act", ""))
    if chosen is None:
        return redirect("event", number=number)
    try:
        chosen[0]()
    except (MarketRefused, criteria.CriteriaRefused, Denied) as refusal:
        if refusal.code in ("event_unknown", "event_role", "need_unknown", "denied_role"):
            raise
        words = getattr(refusal, "words", None)
        return _event(request, number, said(words) if words else str(refusal), 422)
    messages.success(request, chosen[1])
    return redirect("event", number=number)


@require_GET
@page(meeting.can_see_meetings)
def export(request: HttpRequest, number: str) -> HttpResponse:
    """The leads that the viewer may know, with what came of them, as CSV."""
    who = viewer(request)
    found = meeting.meeting_for(who, number)
    headings = [
        _("Enterprise"), _("Code"), _("Need"), _("Sum, yuan"), _("Months"), _("Bank"),
        _("Place among its wishes"), _("Came"), _("Application"), _("State"),
        _("Paid out, yuan"),
    ]  # fmt: skip
    rows = (
        (
            one["name"], one["code"], one["need"], one["amount"], one["months"], one["bank"],
            one["choice"], one["came"], one["application"], said(one["state"]),
            one["disbursed"] or "",
        )
        for one in map(_lead, meeting.leads_for(who, found))
    )  # fmt: skip
    return csv_answer(f"{found.number}.csv", headings, rows)


def _lead(lead: meeting.Lead) -> dict[str, Any]:
    guest, need = lead.guest, lead.need
    came = {None: "", True: _("yes"), False: _("no")}[guest.attended]
    return {
        "guest": guest, "name": guest.enterprise.name, "code": guest.enterprise.code,
        "need": guest.need, "amount": meeting.amount_of(lead), "months": need and need.months,
        "purpose": PURPOSE_WORDS.get(NeedPurpose(need.purpose)) if need and need.purpose else None,
        "bank": guest.bank.bank.name if guest.bank else "", "choice": guest.choice, "came": came,
        "application": lead.application,
        "state": applying.APPLICATION.state_words.get(lead.state) if lead.state else "",
        "disbursed": lead.disbursed,
    }  # fmt: skip
