"""Where the navigation leads: what the viewer may open, in the order of the work."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xinrong.accounts import perms
from xinrong.accounts.services import Viewer, viewer_in
from xinrong.collect.perms import can_send_files
from xinrong.files.perms import can_ask_batches, can_see_reports
from xinrong.notices import perms as notice_perms
from xinrong.pages.applications.links import financing_links, first_links
from xinrong.pages.entries import Entry, allowed
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


def links(request: HttpRequest) -> list[Link]:
    """The navigation. The first four stand beside the brand, the rest under "More"."""
    who = viewer_in(request)
    made = []
    for name, words, address in _entries(who):
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


def _entries(who: Viewer) -> list[Entry]:
    graded = rating.is_graded(settings.REGION)
    return [
        *allowed([(True, "home", _("Home")), (work.has_inbox(who), "inbox", _("Inbox"))]),
        *first_links(who),
        *_own(who, graded=graded),
        *allowed(
            [
                (can_see_consents(who), "consents", _("Consents")),
                (can_see_reports(who), "reports", _("My report")),
                (can_see_repairs(who), "repairs", _("Credit repair")),
                (perms.can_query_files(who), "search", _("Search")),
                (can_see_asked(who), "asked", _("Consents")),
                (can_ask_batches(who), "batch-query", _("Batch query")),
                (can_send_files(who), "uploads", _("Send")),
                (perms.can_see_batches(who), "batches", _("Batches")),
                (perms.can_see_batches(who), "quality-mend", _("Quality")),
                (can_review_identity(who), "identity", _("Name review")),
                (perms.can_check_claims(who), "claims", _("Representatives")),
                (_can_claim(who), "represent", _("Represent an enterprise")),
                (can_see_withdrawals(who), "withdrawals", _("Withdrawn records")),
                (snooping.can_see_alerts(who), "compliance", _("Looks to check")),
                (can_see_retention(who), "retention", _("Retention")),
                (perms.can_organise(who), "organisations", _("Institutions")),
                (notice_perms.can_see_messages(who), "messages", _("Messages")),
                (can_count(who), "counts", _("Counts")),
                (criteria.can_build(who), "criteria", _("Criteria")),
                (rating.can_manage_cards(who) and graded, "scorecards", _("Scorecards")),
                (who.role == "auditor", "financing", _("Financing")),
            ]
        ),
        *financing_links(who),
        *allowed(
            [
                (who.role == "public", "register-figures", _("Figures")),
                (who.role == "public" and graded, "grades", _("Grades")),
            ]
        ),
        *lists_links(who),
        *trail_links(who),
        ("catalogue", _("Catalogue"), reverse("catalogue")),
    ]


def _own(who: Viewer, *, graded: bool) -> list[Entry]:
    """An enterprise's pages about itself."""
    if who.role != "representative":
        return []
    found = [("own-file", _("Our file"), reverse("basic", args=[who.reference]))]
    if graded:
        address = reverse("enterprise-grade", args=[who.reference])
        found.append(("own-grade", _("Our grade"), address))
    return found


def _can_claim(who: Viewer) -> bool:
    return who.role == "public" and perms.can_claim(who)
