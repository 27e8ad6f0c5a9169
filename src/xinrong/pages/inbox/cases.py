"""Cases of processes that wait for somebody: of every role, from one table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from xinrong.accounts.services import Viewer
from xinrong.pages.inbox.tasks import MOST, Task
from xinrong.pages.words import said
from xinrong.work import services as work


def tasks(who: Viewer, now: datetime, *, taken: bool = False) -> list[Task]:
    """Cases of processes that wait for the viewer's side, or were escalated to it."""
    rows = work.waiting_for(who, taken=taken).select_related("case__enterprise", "person")
    return [_of_case(side, who) for side in rows.order_by("case__due_at", "pk")[:MOST]]


def _of_case(side: work.CaseSide, who: Viewer) -> Task:
    case = side.case
    handling = work.handling_of(case.process)
    running = work.running_of(case, side)
    clock = running[0] if running else None
    title = said(handling.process.title)
    if handling.subject is not None:
        title = f"{title}{_(': ')}{said(handling.subject(case))}"
    return Task(
        case.process,
        title,
        case.enterprise.name if case.enterprise else "",
        said(handling.process.state_words.get(case.state)) or case.state,
        case.entered_at,
        clock.due.at if clock else None,
        said(clock.deadline.otherwise) if clock else "",
        reverse("case", args=[case.number]),
        _("Open and act") if side.turn else _("Look after it"),
        number=case.number,
        escalated=side.told,
        provisional=clock.due.provisional if clock else False,
        taken_by=str(side.person) if side.person and side.person_id != who.person_id else "",
    )


def counted(who: Viewer, now: datetime) -> QuerySet[Any]:
    """The rows behind them, for the number beside the navigation."""
    return work.waiting_for(who)
