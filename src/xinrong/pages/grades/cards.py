"""The scorecard for everybody: what counts how much, and the scale."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.scorecards import card_digest
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.rating import services as rating


@require_GET
@page()
def cards(request: HttpRequest) -> HttpResponse:
    """The version in force today; where there is none, that nobody is graded."""
    today = day_in_china(SystemClock().now())
    context: dict[str, Any] = {
        "never_alone": rating.NEVER_ALONE,
        "may_manage": rating.can_manage_cards(viewer(request)),
    }
    try:
        standing = rating.in_force(today)
    except (rating.NoCards, rating.CardsNotInForce) as refused:
        return render(request, "pages/grades/cards.html", context | {"words": refused.words})
    context |= {"standing": standing, "book": standing.book, "cards": laid(standing.book)}
    return render(request, "pages/grades/cards.html", context)


def laid(book: rating.CardBook) -> list[dict[str, Any]]:
    """Each card with what it lays down, in words."""
    return [
        {
            "card": one,
            "digest": card_digest(one),
            "rows": rating.laid_down(settings.REGION, one),
            "typical": one.base + sum(each.neutral for each in one.characteristics),
        }
        for one in book.cards
    ]
