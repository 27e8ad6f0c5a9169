"""What the page of a service request shows of its matter."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from xinrong.accounts.services import Viewer
from xinrong.market import services as market
from xinrong.market.errors import MarketRefused
from xinrong.market.services import centre, meeting
from xinrong.pages.centre.public import told_of
from xinrong.work import services as work

#: What the forms of the panel do, so that no plain button stands beside them.
OWN_ACTS = ("take_up", "arrange")
#: Events with which the enterprise says what it would like.
WISHES = ("ask", "ask_again", "reopen")


def request_told(seen: work.Seen, who: Viewer) -> dict[str, Any]:
    """The context of the panel; without `service` where it is published no longer."""
    context: dict[str, Any] = {"own_acts": OWN_ACTS}
    asked = centre.request_for(who, seen.case.number)
    try:
        context["service"] = told_of(centre.service_of(settings.REGION, asked.service))
    except MarketRefused:
        context["service"] = None
    doable = {one.move.event: one.version for one in seen.doable}
    return context | {
        "asked": asked,
        "wishes": [one.text for one in work.log_of(seen.case) if one.event in WISHES],
        "take_up_version": doable.get("take_up"),
        "may_arrange": "arrange" in doable,
        "arrangements": [_told(one, who) for one in asked.arrangements.all()],
    }


def _told(one: centre.Arrangement, who: Viewer) -> dict[str, Any]:
    """One arrangement: its kind, its name, its day, and its page where the viewer has one."""
    told: dict[str, Any] = {"kind": one.kind, "name": None, "day": one.held_on, "address": ""}
    if one.kind == centre.ArrangementKind.EVENT:
        event = meeting.meetings_for(who).filter(number=one.reference).first()
        if event is not None:
            told |= {"name": event.title, "address": reverse("event", args=[event.number])}
    elif one.kind == centre.ArrangementKind.PRODUCT and market.has_products(settings.REGION):
        entry = market.load_products(settings.REGION).products.get(one.reference)
        if entry is not None:
            told |= {
                "title": entry.product.title,
                "address": reverse("product", args=[one.reference]),
            }
    elif one.kind == centre.ArrangementKind.NEED and who.role == "representative":
        told["address"] = reverse("need", args=[one.reference])
    return told
