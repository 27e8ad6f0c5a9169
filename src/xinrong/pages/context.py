"""What every page knows: the region, who looks, and where the navigation leads."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from xinrong import __version__
from xinrong.accounts.services import SupportSession, Viewer, support_of, viewer_in
from xinrong.catalogue.region import Region, load_region
from xinrong.notices import perms as notice_perms
from xinrong.notices import services as notices
from xinrong.pages.navigation import links
from xinrong.rating import services as rating


def region() -> Region:
    """The region pack that this deployment serves."""
    return load_region(settings.REGION)


def viewer(request: HttpRequest) -> Viewer:
    """Who looks; asked once a request."""
    return viewer_in(request)


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
