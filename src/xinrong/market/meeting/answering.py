"""What banks and enterprises answer: how many slots, with which need, or no."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.text import Text
from xinrong.market.meeting.finding import bank_in, guest_in, meeting_for, unknown
from xinrong.market.meeting.models import MeetingBank, MeetingGuest, MeetingState
from xinrong.market.meeting.organising import wrong_state
from xinrong.market.meeting.perms import can_answer_for_bank, can_come
from xinrong.market.needs.finding import need_for, need_of, own_enterprise
from xinrong.market.needs.models import NeedState
from xinrong.market.needs.refusals import refused
from xinrong.market.released import match_of
from xinrong.trust.services import Purpose

_ANSWERABLE = (MeetingState.PLANNED, MeetingState.OPEN)


def answer_for_bank(who: Viewer, number: str, slots: int) -> MeetingBank:
    """Say how many enterprises the bank will talk to, 0 for none. Raises MarketRefused."""
    with transaction.atomic():
        meeting = meeting_for(who, number, lock=True)
        row = bank_in(who, meeting)
        if row is None or not can_answer_for_bank(who):
            raise unknown()
        if meeting.state not in _ANSWERABLE:
            raise wrong_state()
        if not 0 <= slots <= 50:
            raise refused(
                "event_wrong",
                Text(zh="席位应为 0 至 50", en="Slots are 0 to 50"),
                Text(zh="不参加请填 0。", en="Write 0 to decline."),
            )
        row.slots, row.answer = slots, "yes" if slots else "no"
        row.answered_by_id = who.person_id
        row.save()
    return row


def come(who: Viewer, number: str, need: str, *, now: datetime) -> MeetingGuest:
    """Say that the own enterprise comes, with a need that it has stated. Raises MarketRefused.

    From then on the organiser knows its name and its need, and after the pairing its bank. Again
    with another need: that one counts, and the place in the queue stays.
    """
    if not can_come(who):
        raise refused(
            "event_role",
            Text(zh="只有经核验的企业代表可以报名", en="Only a proven representative may say so"),
            Text(zh="请先证明您代表该企业。", en="Prove first that you represent it."),
        )
    stated = need_for(who, need)
    if stated.state != NeedState.STATED or stated.enterprise_id is None:
        raise refused(
            "need_state",
            Text(zh="这个需求没有提出，或已有结果", en="The need is not stated, or is settled"),
            Text(zh="请选择已提出的需求。", en="Choose one that is stated."),
        )
    meeting = meeting_for(who, number)
    if meeting.state != MeetingState.OPEN:
        raise wrong_state()
    matched = match_of(
        who, stated.enterprise_id, need_of(stated), Purpose.SELF, as_of=day_in_china(now)
    ).content.matched
    wishes: dict[str, bool] = {}
    for fits, sure in ((matched.admitted, True), (matched.open, False)):
        for fit in fits:
            wishes.setdefault(fit.offered.lender.id, sure)
    with transaction.atomic():
        meeting = meeting_for(who, number, lock=True)
        if meeting.state != MeetingState.OPEN:
            raise wrong_state()
        row, _ = MeetingGuest.objects.update_or_create(
            meeting=meeting,
            enterprise_id=own_enterprise(who),
            defaults={
                "need": stated.number,
                "said_by_id": who.person_id or 0,
                "first_time": bool(stated.first_time),
                "wishes": [list(pair) for pair in wishes.items()],
            },
            create_defaults={
                "need": stated.number,
                "said_by_id": who.person_id or 0,
                "said_at": now,
                "first_time": bool(stated.first_time),
                "wishes": [list(pair) for pair in wishes.items()],
            },
        )
    return row


def stay_away(who: Viewer, number: str) -> None:
    """Take the yes back before the pairing: nobody knows of it any more. Raises MarketRefused."""
    with transaction.atomic():
        meeting = meeting_for(who, number, lock=True)
        if not can_come(who) or meeting.state != MeetingState.OPEN:
            raise wrong_state()
        row = guest_in(who, meeting)
        if row is not None:
            row.delete()
