"""What every page knows: the region, who looks, and where the navigation leads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from xinrong import __version__
from xinrong.accounts import perms
from xinrong.accounts.services import SupportSession, Viewer, support_of, viewer_in
from xinrong.catalogue.region import Region, load_region
from xinrong.collect.perms import can_send_files
from xinrong.files.perms import can_ask_batches, can_see_reports
from xinrong.market import services as market
from xinrong.market.perms import (
    can_enter_needs,
    can_see_links,
    can_see_own_needs,
    can_see_stuck,
    can_work_applications,
)
from xinrong.notices import perms as notice_perms
from xinrong.notices import services as notices
from xinrong.pages.lists.links import lists_links
from xinrong.pages.trail.links import trail_links
from xinrong.profiles.services import criteria
from xinrong.rating import services as rating
from xinrong.remedy.perms import can_see_repairs, can_see_retention, can_see_withdrawals
from xinrong.subjects.perms import can_review_identity
from xinrong.trust.perms import can_count, can_see_asked, can_see_consents
from xinrong.trust.services import snooping
from xinrong.work import services as work


@dataclass(frozen=True)
class Link:
    """One entry of the navigation; `here` marks the page that is open."""

    name: str
    words: str
    address: str
    here: bool
    count: int = 0  # of what waits behind it


#: Who looks for a loan.
FOR_WHOM = frozenset({"public", "representative"})
#: Links of an enterprise to pages about itself -> the page.
OWN = {"own-file": "basic", "own-grade": "enterprise-grade"}


def region() -> Region:
    """The region pack that this deployment serves."""
    return load_region(settings.REGION)


def viewer(request: HttpRequest) -> Viewer:
    """Who looks; asked once a request."""
    return viewer_in(request)


def links(request: HttpRequest) -> list[Link]:
    """The navigation: what the viewer may open, in the order of the work."""
    who = viewer(request)
    graded = rating.is_graded(settings.REGION)
    offered = [
        (True, "home", _("Home")),
        (work.has_inbox(who), "inbox", _("Inbox")),
        (who.role == "representative", "own-file", _("Our file")),
        (who.role == "representative" and graded, "own-grade", _("Our grade")),
        (can_see_consents(who), "consents", _("Consents")),
        (can_see_reports(who), "reports", _("My report")),
        (can_see_repairs(who), "repairs", _("Credit repair")),
        (perms.can_query_files(who), "search", _("Search")),
        (can_see_asked(who), "asked", _("Consents")),
        (can_ask_batches(who), "batch-query", _("Batch query")),
        (market.deciding.can_allocate(who), "allocation", _("How much to whom")),
        (can_send_files(who), "uploads", _("Send")),
        (perms.can_see_batches(who), "batches", _("Batches")),
        (perms.can_see_batches(who), "quality-mend", _("Quality")),
        (can_review_identity(who), "identity", _("Name review")),
        (perms.can_check_claims(who), "claims", _("Representatives")),
        (who.role == "public" and perms.can_claim(who), "represent", _("Represent an enterprise")),
        (can_see_withdrawals(who), "withdrawals", _("Withdrawn records")),
        (snooping.can_see_alerts(who), "compliance", _("Looks to check")),
        (can_see_retention(who), "retention", _("Retention")),
        (perms.can_organise(who), "organisations", _("Institutions")),
        (notice_perms.can_see_messages(who), "messages", _("Messages")),
        (can_count(who), "counts", _("Counts")),
        (criteria.can_build(who), "criteria", _("Criteria")),
        (rating.can_manage_cards(who) and graded, "scorecards", _("Scorecards")),
        (who.role == "auditor", "financing", _("Financing")),
        (who.role in FOR_WHOM and market.has_products(settings.REGION), "products", _("Products")),
        (
            can_see_own_needs(who) and market.has_products(settings.REGION),
            "needs",
            _("Financing needs"),
        ),
        (can_enter_needs(who) and market.has_products(settings.REGION), "visits", _("Visits")),
        (
            market.league.can_see_own_league(who) and market.has_products(settings.REGION),
            "own-league",
            _("Our figures"),
        ),
        (
            who.role in FOR_WHOM and market.has_products(settings.REGION),
            "statistics",
            _("Statistics"),
        ),
        (
            market.meeting.can_see_meetings(who) and market.has_products(settings.REGION),
            "events",
            _("Events"),
        ),
        (
            who.role == "representative" and market.has_products(settings.REGION),
            "applications",
            _("My applications"),
        ),
        (
            can_work_applications(who) and market.has_products(settings.REGION),
            "loan-desk",
            _("Loan desk"),
        ),
        (
            can_see_links(who) and market.has_products(settings.REGION),
            "bank-links",
            _("Bank links"),
        ),
        (
            can_see_stuck(who) and market.has_products(settings.REGION),
            "stuck-deals",
            _("Stuck deals"),
        ),
        (
            who.role in FOR_WHOM and market.directory.has_outlets(settings.REGION),
            "outlets",
            _("Outlets"),
        ),
        (who.role == "public", "register-figures", _("Figures")),
        (who.role == "public" and graded, "grades", _("Grades")),
    ]
    entries = [
        (
            name,
            words,
            reverse(OWN[name], args=[who.reference]) if name in OWN else reverse(name),
        )
        for may, name, words in offered
        if may
    ]
    entries += lists_links(who)
    entries += [*trail_links(who), ("catalogue", _("Catalogue"), reverse("catalogue"))]
    made = []
    for name, words, address in entries:
        here = request.path == address or (name != "home" and request.path.startswith(address))
        if name == "own-file" and request.path.endswith("/grade"):
            here = False  # it has a link of its own
        count = waiting(who) if name == "inbox" else 0
        made.append(Link(name, words, address, here, count))
    return made


def waiting(who: Viewer) -> int:
    """How many tasks wait for the viewer: one statement."""
    from xinrong.pages.inbox.sources import waiting as counted  # which knows this module

    return counted(who, timezone.now())


def support(request: HttpRequest) -> SupportSession | None:
    """The support session in which the viewer acts, if any."""
    return support_of(viewer(request), now=timezone.now())


def minutes_left(request: HttpRequest) -> int:
    """Whole minutes, begun ones counted, until the support session ends."""
    running = support(request)
    if running is None or running.ends_at is None:
        return 0
    return max(0, math.ceil((running.ends_at - timezone.now()).total_seconds() / 60))


def unread(request: HttpRequest) -> int:
    """How many notices are unread, up to a hundred; asked once a page, of whoever is signed in."""
    who = viewer(request)
    if not notice_perms.can_see_notices(who):
        return 0
    return notices.unread(who.person_id or 0)


def platform(request: HttpRequest) -> dict[str, Any]:
    """Context processor of every page."""
    return {
        "support": SimpleLazyObject(lambda: support(request)),
        "support_minutes": SimpleLazyObject(lambda: minutes_left(request)),
        "region": region().info,
        "graded": rating.is_graded(settings.REGION),
        "version": __version__,
        "viewer": SimpleLazyObject(lambda: viewer(request)),
        "links": SimpleLazyObject(lambda: links(request)),
        "unread": SimpleLazyObject(lambda: unread(request)),
    }
