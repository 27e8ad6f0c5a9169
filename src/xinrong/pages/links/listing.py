"""For the operator and the bank: is the link up, what was given up or refused, what differs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from xinrong.market.errors import MarketRefused
from xinrong.market.perms import can_see_links, can_see_own_link
from xinrong.market.services import applying, linking
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.links.words import DIFFERENCES, REFUSED, REFUSED_BY_PROCESS, TYPES
from xinrong.pages.paging import leaf_of
from xinrong.pages.words import of, said

ROWS = 30
#: Of what is shown besides: the newest.
SHOWN = 20


@require_GET
@page(can_see_own_link)
def links(request: HttpRequest) -> HttpResponse:
    """Every link and how it stands; a bank's officers see their own."""
    now, who = timezone.now(), viewer(request)
    found = [linking.health_of(one, now=now) for one in seen(request) if one.closed_at is None]
    context = {"bank_links": found, "operator": can_see_links(who)}
    return render(request, "pages/links/links.html", context)


@require_GET
@page(can_see_own_link)
def link(request: HttpRequest, link: str) -> HttpResponse:
    """One link: dead letters, differences, what was refused, disputed, and who is silent."""
    one, now = _seen(request, link), timezone.now()
    leaf = leaf_of(request, linking.dead_letters(one).order_by("-pk"), ROWS)
    context = {
        "health": linking.health_of(one, now=now),
        "operator": can_see_links(viewer(request)),
        "leaf": leaf,
        "dead": [{"row": row, "type": of(TYPES, row.type)} for row in leaf.rows],
        "differences": [
            {"row": row, "what": of(DIFFERENCES, row.what), "sides": sides_of(row)}
            for row in linking.open_differences(one)[: 10 * SHOWN]
        ],
        "refused": [
            {
                "row": row,
                "type": of(TYPES, row.type),
                "words": REFUSED.get(row.code, REFUSED_BY_PROCESS),
                "wrong": wrong_of(row.answer),
            }
            for row in linking.refused_lately(one, now=now)[:SHOWN]
        ],
        "disputes": [{"row": row, **disputed(row)} for row in linking.disputes(one)[:SHOWN]],
        "silent": linking.silent_of(one, now=now)[:SHOWN],
    }
    return render(request, "pages/links/link.html", context)


def wrong_of(answer: Any) -> str:
    """What the bank was told."""
    error = answer.get("error") if isinstance(answer, dict) else None
    return str(error.get("wrong", "")) if isinstance(error, dict) else ""


def disputed(row: linking.InMessage) -> dict[str, str]:
    """What a dispute is about, and its words; empty once they are no longer kept."""
    data = linking.data_of(row)
    return {"about": str(data.get("about", "")), "words": str(data.get("words", ""))}


def sides_of(row: linking.Difference) -> tuple[str, str]:
    """What either ledger says: a state in words, a sum as it is."""
    if row.what != "state":
        return row.ours, row.theirs
    return state_words(row.ours), state_words(row.theirs)


def state_words(state: str) -> str:
    """A state of the process in words; what a bank names otherwise, as it names it."""
    words = applying.APPLICATION.state_words.get(state)
    return state if words is None else said(words)


@require_POST
@page(can_see_links)
def resend(request: HttpRequest, link: str, number: int) -> HttpResponse:
    """Send one dead letter again, and those about the same application that wait for it."""
    _seen(request, link)
    try:
        linking.resend(number, now=timezone.now())
    except linking.LinkBroken:
        messages.error(request, _("It has been sent again meanwhile."))
    else:
        messages.success(request, _("It is being sent again. If it fails once more, it returns."))
    return redirect("bank-link", link)


@require_POST
@page(can_see_links)
def settle(request: HttpRequest, link: str, number: int) -> HttpResponse:
    """Write down how a dispute ended."""
    one, words = _seen(request, link), request.POST.get("words", "")
    try:
        linking.settle(viewer(request), one, number, words, now=timezone.now())
    except MarketRefused as refusal:
        if refusal.code != "dispute_words":
            raise
        messages.error(request, said(refusal.words) if refusal.words else str(refusal))
    else:
        messages.success(request, _("Settled. The bank reads it on its own page."))
    return redirect("bank-link", link)


@require_POST
@page(can_see_links)
def resend_all(request: HttpRequest, link: str) -> HttpResponse:
    """Send all dead letters of a link again."""
    many = linking.resend_all(_seen(request, link), now=timezone.now())
    said = ngettext("%(n)d message is queued again.", "%(n)d messages are queued again.", many)
    messages.success(request, said % {"n": many})
    return redirect("bank-link", link)


def seen(request: HttpRequest) -> list[linking.Link]:
    """The links that a viewer may see."""
    who = viewer(request)
    found = linking.links()
    if can_see_links(who):
        return found
    return [one for one in found if one.organisation_id in who.grantees]


def _seen(request: HttpRequest, name: str) -> linking.Link:
    """A link that the viewer may see. Raises Http404, word for word as for none."""
    found = next((one for one in seen(request) if one.name == name), None)
    if found is None:
        raise Http404
    return found
