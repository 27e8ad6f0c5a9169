"""What waits for a lender beside its cases: loans that run and that somebody should look at."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china, midnight_after
from xinrong.market.perms import can_work_applications
from xinrong.market.services import applying
from xinrong.pages.inbox.tasks import Task

#: How long before its day a look stands in the inbox.
SOON = timedelta(days=7)


def loan_looks(who: Viewer, now: datetime) -> list[Task]:
    """One entry for all loans whose look is due within a week; its day is that of the first."""
    if not can_work_applications(who):
        return []
    soon = day_in_china(now) + SOON
    due = [one.look_by for one in applying.borrowers_of(who, now) if one.look_by <= soon]
    if not due:
        return []
    words = ngettext(
        "%(many)d running loan is to be looked at", "%(many)d running loans are to be looked at",
        len(due),
    )  # fmt: skip
    return [
        Task(
            "loan_looks",
            words % {"many": len(due)},
            "",
            _("open"),
            None,
            midnight_after(min(due)),
            _("It stays on top of your borrowers, marked as overdue."),
            reverse("loan-desk") + "?show=loans",
            _("See which"),
        )
    ]
