"""What every product says of a need: yes by cost, cannot tell, no and why, and what would open it.

No need leaves without an answer: where nothing admits it the page says the next step and its day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.criteria import REASON_WORDS
from xinrong.domain.financing import CHANNEL_WORDS
from xinrong.domain.text import Text
from xinrong.market import services as market
from xinrong.market.perms import can_draft_needs, can_see_own_needs, can_state_needs
from xinrong.market.services import applying, needs
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.needs import words
from xinrong.pages.products.words import Row, chance_words
from xinrong.pages.sheets import csv_answer
from xinrong.pages.words import said
from xinrong.trust.services import Purpose


@dataclass(frozen=True)
class Answer:
    """What one product says: its row, why, and where to apply."""

    fit: market.Fit
    row: Row
    why: list[str]
    missing: list[str]
    apply: str
    elsewhere: str
    chance: str


@dataclass(frozen=True)
class Matched:
    """The match of a need, and the number of the query by which it was released."""

    found: market.Matched
    audit_id: int | None
    withheld: int


@require_GET
@page(can_see_own_needs)
def need(request: HttpRequest, number: str) -> HttpResponse:
    """The answers to a need that was stated; a draft goes on where it was left."""
    who = viewer(request)
    one = needs.need_for(who, number)
    if one.is_draft:
        return _unfinished(one)
    context: dict[str, Any] = {
        "need": one,
        "summary": words.summary(one, *words.WHOLE),
        "state": needs.NEED_PROCESS.state_words[one.state],
        "may": can_state_needs(who) or one.enterprise_id is None,
        "products": market.has_products(settings.REGION),
    }
    if one.state == needs.NeedState.WITHDRAWN or not context["products"]:
        return render(request, "pages/needs/need.html", context)
    matched = match_of(who, one)
    found = matched.found
    desks = desks_of(found)
    context |= {
        "matched": matched,
        "rule": market.RULE,
        "chance": market.CHANCE,
        "counted": found.chances,
        "admitted": [answer_of(one, fit, desks) for fit in found.admitted],
        "undecided": [answer_of(one, fit, desks) for fit in found.open],
        "refused": [answer_of(one, fit) for fit in found.refused],
        "near": [(fit, change.sentence) for fit, change in found.near],
        "coming": coming(found),
        "day": found.shelf.day,
    }
    if not found.admitted and one.enterprise_id is not None:
        context |= {"advice": needs.advice_on(number), "advice_by": needs.advice_by(timezone.now())}
    return render(request, "pages/needs/need.html", context)


def _unfinished(one: needs.StatedNeed) -> HttpResponse:
    """To the first question without an answer, or to the preview."""
    following = needs.next_question(one)
    if following is None:
        return redirect("need-preview", number=one.number)
    return redirect("need-question", number=one.number, name=following.name)


@require_POST
@page(can_draft_needs)
def advice(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the platform's operator what to do where nothing admits the need."""
    case = needs.ask_advice(viewer(request), number, now=timezone.now())
    messages.success(request, _("Asked. The answer comes here, by the day of its clock."))
    return redirect("case", number=case.number)


@require_GET
@page(can_see_own_needs)
def export(request: HttpRequest, number: str) -> HttpResponse:
    """Every answer as CSV, nothing in it a formula."""
    who = viewer(request)
    one = stated_need(who, number)
    found = match_of(who, one).found
    headings = [
        _("Answer"), _("Product"), _("Lender"), _("All-in cost at least, % a year"),
        _("All-in cost at most, % a year"), _("Lowest rate, % a year"),
        _("Highest rate, % a year"), _("Chance of approval, %"), _("Security"),
        _("Answer, working days"), _("Money, working days"), _("Why"),
    ]  # fmt: skip
    rows = [
        _sheet_row(title, answer_of(one, fit))
        for title, fits in (
            (_("yes"), found.admitted), (_("cannot tell"), found.open), (_("no"), found.refused),
        )
        for fit in fits
    ]  # fmt: skip
    return csv_answer(f"need-{one.number[:8]}.csv", headings, rows)


def _sheet_row(title: str, answer: Answer) -> Sequence[str]:
    offered, row, chance = answer.fit.offered, answer.row, answer.fit.chance
    return [
        title, said(offered.product.title), said(offered.lender.title),
        _places(row.least), _places(row.cost), f"{offered.low:.2f}", f"{offered.high:.2f}",
        "" if chance is None else str(chance.percent),
        "; ".join(said(each) for each in row.secured), str(offered.terms.answer_days),
        str(offered.terms.money_days), " ".join([*answer.why, *answer.missing]),
    ]  # fmt: skip


def _places(number: Decimal | None) -> str:
    return "" if number is None else f"{number:.2f}"


def stated_need(who: Viewer, number: str) -> needs.StatedNeed:
    """A need of the viewer's own that stands. Raises MarketRefused."""
    one = needs.need_for(who, number)
    needs.check_stands(one)
    return one


def match_of(who: Viewer, one: needs.StatedNeed) -> Matched:
    """The match of today: through the gate for an enterprise, of the need alone for a founder."""
    today = day_in_china(timezone.now())
    need = needs.need_of(one)
    if one.enterprise_id is None:
        shelf = market.shelf_on(settings.REGION, today)
        return Matched(market.match_unregistered(shelf, need, market.chances_on(today)), None, 0)
    enterprise = needs.own_enterprise(who)
    release = market.match_of(who, enterprise, need, Purpose.SELF, as_of=today)
    return Matched(release.content.matched, release.audit_id, release.content.withheld)


def answer_of(one: needs.StatedNeed, fit: market.Fit, desks: Collection[str] = ()) -> Answer:
    """One product's answer in the reader's words."""
    offered, need = fit.offered, needs.need_of(one)
    least = None if fit.cost is None else offered.cost(need.amount, need.months, lowest=True)
    return Answer(
        fit,
        Row(offered, least, fit.cost),
        [said(each.sentence) for each in fit.explanation.deciding],
        [
            f"{said(each.column.title)}{_(': ')}{said(REASON_WORDS[each.reason])}"
            for each in fit.explanation.missing
        ],
        apply_address(one, fit, desks),
        elsewhere(one, fit, desks),
        chance_words(fit.chance),
    )


def desks_of(found: market.Matched) -> frozenset[str]:
    """The lenders that take applications on the platform."""
    return frozenset(applying.here({one.lender.id for one in found.shelf.offered}))


def apply_address(one: needs.StatedNeed, fit: market.Fit, desks: Collection[str]) -> str:
    """Where to apply for a product; empty where nobody can here.

    A lender without a desk on the platform takes applications elsewhere, a founder has no file to
    apply with, and what says no is not applied for.
    """
    if str(fit.outcome) == "no" or one.state != needs.NeedState.STATED:
        return ""
    if one.enterprise_id is None or fit.offered.lender.id not in desks:
        return ""
    return f"{reverse('application-new')}?{urlencode({'need': one.number, 'product': fit.name})}"


def elsewhere(one: needs.StatedNeed, fit: market.Fit, desks: Collection[str]) -> str:
    """Where a lender without a desk on the platform takes applications."""
    if fit.offered.lender.id in desks or one.state != needs.NeedState.STATED:
        return ""
    ways = [said(CHANNEL_WORDS[way]) for way in fit.offered.terms.channels if way != "platform"]
    return _(", ").join(ways)


def coming(found: market.Matched) -> list[tuple[date, Text]]:
    """The days on which products begin to be offered that are not today, the next ones first."""
    today = found.shelf.day
    later = [
        (version.valid_from, entry.product.title)
        for entry in found.shelf.catalogue.entries
        for version in entry.product.versions
        if version.valid_from > today and entry.product.on(today) is None
    ]
    return sorted(later, key=lambda one: one[0])[:5]
