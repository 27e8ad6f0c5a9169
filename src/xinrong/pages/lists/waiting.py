"""What of lists waits for a department, outside of its cases: one entry of the inbox for all."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinrong.accounts.services import Viewer
from xinrong.pages.inbox.tasks import Task
from xinrong.remedy.perms import can_list
from xinrong.remedy.services import listing


def unmet(who: Viewer, now: datetime) -> list[Task]:
    """Entries that the viewer's department may answer with a measure and has not."""
    many = listing.unmet(who, now=now).count() if can_list(who) else 0
    if not many:
        return []
    return [
        Task(
            "listings",
            ngettext(
                "%(many)d entry on a list may be answered with a measure",
                "%(many)d entries on lists may be answered with a measure",
                many,
            )
            % {"many": many},
            "",
            _("open"),
            None,
            None,
            _("Without an answer no measure is applied; nothing else happens."),
            reverse("lists-desk"),
            _("Look and decide"),
        )
    ]
