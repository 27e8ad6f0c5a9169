"""What of reports waits for an enterprise: one that no longer holds, and no newer one."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import CHINA, day_in_china, midnight_after
from xinrong.files.perms import can_make_reports
from xinrong.files.services import portable
from xinrong.pages.inbox.tasks import Task


def superseded(who: Viewer, now: datetime) -> list[Task]:
    """Reports that were overtaken and would still be valid, until a newer one is made."""
    if not can_make_reports(who):
        return []
    return [
        Task(
            "report",
            _("A report that you handed on no longer holds"),
            report.made_for or report.number,
            _("superseded"),
            ended.astimezone(CHINA),
            midnight_after(report.last_day),
            _("Whoever checks it is told to ask you for a new one."),
            reverse("report", args=[report.number]),
            _("Look, and make a new one"),
            number=report.number,
        )
        for report, ended in portable.superseded_of(who.reference, day_in_china(now))
    ]
