"""The entry of the navigation that leads to lists, where the region has any."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from xinrong.accounts.services import Viewer
from xinrong.remedy.perms import can_see_listings, can_see_own_listings
from xinrong.remedy.services import listing


def lists_links(who: Viewer) -> list[tuple[str, str, str]]:
    """Name, words and address of what the viewer may open."""
    if not listing.book().lists:
        return []
    if can_see_own_listings(who):
        name = "own-lists"
    else:
        name = "lists-desk" if can_see_listings(who) else "lists"
    return [(name, _("Lists"), reverse(name))]
