"""What waits for a department that sends records: files to confirm, rows to mend."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinrong.accounts.services import Viewer
from xinrong.collect import perms as collecting
from xinrong.collect import services as collect
from xinrong.collect.enums import UploadState
from xinrong.domain.clock import day_in_china
from xinrong.pages.inbox.tasks import MOST, Task

#: Hours after which an upload that nobody confirmed is deleted (collect.uploads).
UPLOAD_KEPT = timedelta(days=1)


def uploads(who: Viewer, now: datetime) -> list[Task]:
    """Files that were sent and not confirmed."""
    rows = uploads_counted(who, now)
    if rows is None:
        return []
    return [
        Task(
            "upload",
            _("A file was sent and waits for you to confirm it"),
            row.name,
            _("not confirmed"),
            row.changed_at,
            row.changed_at + UPLOAD_KEPT,
            _("A day after it was last touched it is deleted, and nothing of it is taken in."),
            reverse("upload", args=[row.key]),
            _("Look and confirm"),
            number=row.key,
        )
        for row in rows[:MOST]
    ]


def uploads_counted(who: Viewer, now: datetime) -> QuerySet[Any] | None:
    """The viewer's files that nobody confirmed."""
    if not collecting.can_send_files(who):
        return None
    return collect.uploads_of(who).filter(state=UploadState.RECEIVED)


def rejects(who: Viewer, now: datetime) -> list[Task]:
    """Rows that were refused and could be mended: one entry, which leads to what to mend first."""
    if not collecting.can_send_files(who) or not who.reference:
        return []
    today = day_in_china(now)
    scope = collect.quality.Scope(
        first=today - timedelta(days=30), last=today, department=who.reference
    )
    many = sum(collect.quality.mendable(scope).values())
    if not many:
        return []
    return [
        Task(
            "rejects",
            ngettext("%(many)d row could be mended", "%(many)d rows could be mended", many)
            % {"many": many},
            "",
            _("refused in the last 30 days"),
            None,
            None,
            _("They stay in quarantine, and the enterprises' files lack them."),
            reverse("quality-mend"),
            _("See what to mend first"),
        )
    ]
