"""The entries of the navigation that lead from a need to money, where the region has products."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from xinrong.accounts.services import Viewer
from xinrong.market import services as market
from xinrong.market.perms import (
    can_enter_needs,
    can_give_services,
    can_keep_projects,
    can_see_links,
    can_see_own_needs,
    can_see_stuck,
    can_work_applications,
)
from xinrong.pages.entries import Entry, allowed

#: Who looks for a loan.
FOR_WHOM = frozenset({"public", "representative"})


def first_links(who: Viewer) -> list[Entry]:
    """What an enterprise or a lender comes for: name, words and address."""
    if not market.has_products(settings.REGION):
        return []
    offered = [
        (who.role == "representative", "needs", _("Financing needs")),
        (can_work_applications(who), "loan-desk", _("Loan desk")),
    ]
    return allowed(offered)


def financing_links(who: Viewer) -> list[Entry]:
    """The rest of what the viewer may open of it."""
    planning = (market.deciding.can_allocate(who), "allocation", _("How much to whom"))
    if not market.has_products(settings.REGION):
        return allowed([planning])
    searching, outlets = who.role in FOR_WHOM, market.directory.has_outlets(settings.REGION)
    served = (searching or can_give_services(who)) and market.centre.has_services(settings.REGION)
    offered = [
        (who.role == "representative", "applications", _("My applications")),
        (searching, "products", _("Products")),
        (can_see_own_needs(who) and who.role != "representative", "needs", _("Financing needs")),
        planning,
        (can_enter_needs(who), "visits", _("Visits")),
        (can_see_stuck(who), "stuck-deals", _("Stuck deals")),
        (market.meeting.can_see_meetings(who), "events", _("Events")),
        (served, "services", _("Service centre")),
        (searching or can_keep_projects(who), "projects", _("Key projects")),
        (market.league.can_see_own_league(who), "own-league", _("Our figures")),
        (searching, "statistics", _("Statistics")),
        (searching and outlets, "outlets", _("Outlets")),
        (can_see_links(who), "bank-links", _("Bank links")),
    ]
    return allowed(offered)
