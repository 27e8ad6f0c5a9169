"""Verbs of financing events: plan, invite, answer, pair, hold, follow."""

from __future__ import annotations

from xinrong.market.meeting.answering import answer_for_bank, come, stay_away
from xinrong.market.meeting.finding import (
    Lead,
    amount_of,
    bank_in,
    guest_in,
    leads_for,
    meeting_for,
    meetings_for,
)
from xinrong.market.meeting.models import Meeting, MeetingBank, MeetingGuest, MeetingState
from xinrong.market.meeting.organising import (
    Planned,
    cancel,
    hold,
    invite_banks,
    open_up,
    pair,
    plan,
    preview,
)
from xinrong.market.meeting.perms import (
    can_answer_for_bank,
    can_come,
    can_organise_meetings,
    can_see_meetings,
    organises,
)
from xinrong.market.meeting.table import MEETING_PROCESS

__all__ = [
    "MEETING_PROCESS",
    "Lead",
    "Meeting",
    "MeetingBank",
    "MeetingGuest",
    "MeetingState",
    "Planned",
    "amount_of",
    "answer_for_bank",
    "bank_in",
    "can_answer_for_bank",
    "can_come",
    "can_organise_meetings",
    "can_see_meetings",
    "cancel",
    "come",
    "guest_in",
    "hold",
    "invite_banks",
    "leads_for",
    "meeting_for",
    "meetings_for",
    "open_up",
    "organises",
    "pair",
    "plan",
    "preview",
    "stay_away",
]
