"""What waits for an institution that looks at files: notices, withdrawn records, own staff."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china, midnight_after
from xinrong.pages.inbox.tasks import MOST, Task
from xinrong.remedy import perms as remedy_perms
from xinrong.remedy.services import telling
from xinrong.trust import perms as trust
from xinrong.trust.services import consenting, snooping


def stop_notices(who: Viewer, now: datetime) -> list[Task]:
    """Notices to stop using what was delivered, which an institution answers."""
    rows = notices_counted(who, now)
    if rows is None:
        return []
    return [
        Task(
            "stop_notice",
            _("A consent was taken back: say what became of the copies"),
            row.request.grantor.name,
            _("not answered yet"),
            row.issued_at,
            row.answer_by,
            _("Without an answer the enterprise sees it as overdue."),
            reverse("stop-notice", args=[row.number]),
            _("Answer the notice"),
            number=row.number,
        )
        for row in rows[:MOST]
    ]


def notices_counted(who: Viewer, now: datetime) -> QuerySet[Any] | None:
    """Notices of the viewer's institution that nobody answered."""
    if not trust.can_see_asked(who) or who.person_id is None:
        return None
    return consenting.notices_for(who.grantees).filter(answered_at=None)


def looks(who: Viewer, now: datetime) -> list[Task]:
    """Looks of an institution's own staff that need a reason."""
    rows = looks_counted(who, now)
    if rows is None:
        return []
    return [
        Task(
            "look",
            _("Looks that need a reason"),
            str(row.person),
            _("open"),
            row.raised_at,
            None,
            _("It stays open until somebody has decided it."),
            reverse("compliance-alert", args=[row.pk]),
            _("Look at the evidence"),
            number=str(row.pk),
        )
        for row in rows[:MOST]
    ]


def looks_counted(who: Viewer, now: datetime) -> QuerySet[Any] | None:
    """Open alerts about the viewer's own staff."""
    return snooping.alerts_for(who, state="open") if snooping.can_see_alerts(who) else None


def withdrawals(who: Viewer, now: datetime) -> list[Task]:
    """Copies that an institution has to withdraw: one entry; for the operator who is late."""
    if who.role == "operator" and remedy_perms.can_see_withdrawals(who):
        late = telling.overdue(day_in_china(now)).count()
        title = ngettext(
            "%(many)d answer of an institution on withdrawn copies is overdue",
            "%(many)d answers of institutions on withdrawn copies are overdue",
            late,
        )
        otherwise = _("Copies that may no longer be used may still lie there.")
        return [_withdrawal(title, late, None, None, otherwise)] if late else []
    rows = withdrawals_counted(who, now)
    first = rows.first() if rows is not None else None
    if rows is None or first is None:
        return []
    many = rows.count()
    title = ngettext(
        "%(many)d record that you were shown must be used no longer",
        "%(many)d records that you were shown must be used no longer",
        many,
    )
    due = None if first.due_on is None else midnight_after(first.due_on)
    otherwise = _("Without your answer the platform's operator asks you about it.")
    return [_withdrawal(title, many, first.withdrawal.at, due, otherwise)]


def _withdrawal(
    title: str, many: int, since: datetime | None, due: datetime | None, otherwise: str
) -> Task:
    return Task(
        "withdrawal",
        title % {"many": many},
        "",
        _("open"),
        since,
        due,
        otherwise,
        reverse("withdrawals"),
        _("See which"),
    )


def withdrawals_counted(who: Viewer, now: datetime) -> QuerySet[Any] | None:
    """Withdrawn records that the viewer's institution has not answered."""
    if who.person_id is None or not remedy_perms.can_withdraw_copies(who):
        return None
    return telling.waiting(who)
