"""What of financing events waits for a bank that was invited, or for the organiser."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china, midnight_after
from xinrong.market.services import meeting
from xinrong.pages.inbox.tasks import MOST, Task


def waiting(who: Viewer, now: datetime) -> list[Task]:
    """Invitations that the own bank has not answered, and own events over which nobody noted."""
    if meeting.can_answer_for_bank(who):
        found = meeting.meetings_for(who).filter(
            state__in=("planned", "open"), banks__bank__in=who.grantees, banks__answer=""
        )
        return [_task(one, _("Does your bank come?"), _("Answer")) for one in found[:MOST]]
    if meeting.can_organise_meetings(who):
        over = meeting.meetings_for(who).filter(state="paired", held_on__lt=day_in_china(now))
        return [_task(one, _("Note who came"), _("Note who came")) for one in over[:MOST]]
    return []


def _task(one: meeting.Meeting, state: str, act: str) -> Task:
    return Task(
        "events",
        one.title,
        "",
        state,
        one.made_at,
        midnight_after(one.held_on),
        _("Without an answer the event goes on without you."),
        reverse("event", args=[one.number]),
        act,
        one.number,
    )
