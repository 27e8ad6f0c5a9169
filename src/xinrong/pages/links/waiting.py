"""What waits for the operator: messages that did not arrive, and ledgers that differ."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinrong.accounts.services import Viewer
from xinrong.market.perms import can_see_links
from xinrong.market.services import linking
from xinrong.pages.inbox.tasks import Task


def unsent(who: Viewer, now: datetime) -> list[Task]:
    """One entry for each link with dead letters or differences."""
    if not can_see_links(who):
        return []
    found = []
    for link in linking.links():
        dead = linking.dead_letters(link).count()
        differ = linking.open_differences(link).count()
        if link.closed_at is not None or not dead + differ:
            continue
        many = dead + differ
        words = ngettext(
            "%(many)d matter of the link to %(bank)s", "%(many)d matters of the link to %(bank)s",
            many,
        )  # fmt: skip
        found.append(
            Task(
                "links",
                words % {"many": many, "bank": link.organisation.name},
                "",
                _("open"),
                None,
                None,
                _("Messages to this bank were given up, or its ledger differs from ours."),
                reverse("bank-link", args=[link.name]),
                _("See why"),
            )
        )
    return found
