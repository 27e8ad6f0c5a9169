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
from xinrong.files.perms import can_ask_batches
from xinrong.pages.trail.links import trail_links
from xinrong.subjects.perms import can_review_identity
from xinrong.trust.perms import can_count, can_see_asked, can_see_consents
from xinrong.trust.services import snooping


@dataclass(frozen=True)
class Link:
    """One entry of the navigation; `here` marks the page that is open."""

    name: str
    words: str
    address: str
    here: bool


def region() -> Region:
    """The region pack that this deployment serves."""
    return load_region(settings.REGION)


def viewer(request: HttpRequest) -> Viewer:
    """Who looks; asked once a request."""
    return viewer_in(request)


def links(request: HttpRequest) -> list[Link]:
    """The navigation: what the viewer may open, in the order of the work."""
    who = viewer(request)
    offered = [
        (True, "home", _("Home")),
        (who.role == "representative", "own-file", _("Our file")),
        (can_see_consents(who), "consents", _("Consents")),
        (perms.can_query_files(who), "search", _("Search")),
        (can_see_asked(who), "asked", _("Consents")),
        (can_ask_batches(who), "batch-query", _("Batch query")),
        (can_send_files(who), "uploads", _("Send")),
        (perms.can_see_batches(who), "batches", _("Batches")),
        (perms.can_see_batches(who), "quality-mend", _("Quality")),
        (can_review_identity(who), "identity", _("Name review")),
        (perms.can_check_claims(who), "claims", _("Representatives")),
        (who.role == "public" and perms.can_claim(who), "represent", _("Represent an enterprise")),
        (snooping.can_see_alerts(who), "compliance", _("Looks to check")),
        (perms.can_organise(who), "organisations", _("Institutions")),
        (can_count(who), "counts", _("Counts")),
        (who.role == "public", "register-figures", _("Figures")),
    ]
    entries = [
        (
            name,
            words,
            reverse("basic", args=[who.reference]) if name == "own-file" else reverse(name),
        )
        for may, name, words in offered
        if may
    ]
    entries += [*trail_links(who), ("catalogue", _("Catalogue"), reverse("catalogue"))]
    made = []
    for name, words, address in entries:
        here = request.path == address or (name != "home" and request.path.startswith(address))
        made.append(Link(name, words, address, here))
    return made


def support(request: HttpRequest) -> SupportSession | None:
    """The support session in which the viewer acts, if any."""
    return support_of(viewer(request), now=timezone.now())


def minutes_left(request: HttpRequest) -> int:
    """Whole minutes, begun ones counted, until the support session ends."""
    running = support(request)
    if running is None or running.ends_at is None:
        return 0
    return max(0, math.ceil((running.ends_at - timezone.now()).total_seconds() / 60))


def platform(request: HttpRequest) -> dict[str, Any]:
    """Context processor of every page."""
    return {
        "support": SimpleLazyObject(lambda: support(request)),
        "support_minutes": SimpleLazyObject(lambda: minutes_left(request)),
        "region": region().info,
        "version": __version__,
        "viewer": SimpleLazyObject(lambda: viewer(request)),
        "links": SimpleLazyObject(lambda: links(request)),
    }
