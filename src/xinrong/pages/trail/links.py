"""The entries of the navigation that lead to the trail."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from xinrong.accounts.services import Viewer
from xinrong.trust.perms import can_see_chain, can_see_trail


def trail_links(who: Viewer) -> list[tuple[str, str, str]]:
    """Name, words and address of what the viewer may open."""
    if can_see_trail(who):
        return [("trail", _("Who asked"), reverse("trail"))]
    if can_see_chain(who):
        return [
            ("trail-usage", _("Usage"), reverse("trail-usage")),
            ("trail-chain", _("Audit chain"), reverse("trail-chain")),
        ]
    return []
