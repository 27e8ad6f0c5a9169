"""By when, in words a person reads at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinrong.domain.calendars import Calendar
from xinrong.domain.clock import day_in_china
from xinrong.work.services import calendar_here

#: A clock longer than this is told in calendar days: nobody plans by 200 working days.
FAR = timedelta(days=60)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Left:
    """How long is left: the last day to act, in words, and whether it presses."""

    last_day: date
    words: str
    overdue: bool
    near: bool  # today or the next working day


def left(due: datetime | None, now: datetime, calendar: Calendar | None = None) -> Left | None:
    """What is left until a clock ends; `due` is the first moment that is too late.

    By the region's working days, unless others are given.
    """
    if due is None:
        return None
    calendar = calendar or calendar_here()
    last, today = day_in_china(due - TICK), day_in_china(now)
    if due <= now:
        passed = max(1, calendar.working_days(last + DAY, today))
        words = ngettext(
            "overdue by %(days)d working day", "overdue by %(days)d working days", passed
        ) % {"days": passed}
        return Left(last, words, overdue=True, near=True)
    if last == today:
        return Left(last, _("today is the last day"), overdue=False, near=True)
    if last - today > FAR:
        words = _("%(days)d days left") % {"days": (last - today).days}
        return Left(last, words, overdue=False, near=False)
    days = calendar.working_days(today + DAY, last)
    if days == 0:
        return Left(last, _("no working day left"), overdue=False, near=True)
    words = ngettext("%(days)d working day left", "%(days)d working days left", days) % {
        "days": days
    }
    return Left(last, words, overdue=False, near=days == 1)
