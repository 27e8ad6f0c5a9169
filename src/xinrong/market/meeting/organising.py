"""What an organiser does: plan an event, invite, pair, note who came, end or cancel it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from xinrong.accounts.services import Organisation, Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.criteria import Over
from xinrong.domain.process import MoveRefused
from xinrong.domain.text import Text
from xinrong.market.errors import MarketRefused
from xinrong.market.meeting.finding import meeting_for
from xinrong.market.meeting.models import Meeting, MeetingBank, MeetingGuest, MeetingState
from xinrong.market.meeting.pairing import Wish, paired
from xinrong.market.meeting.perms import can_organise_meetings, organises
from xinrong.market.meeting.table import MEETING_PROCESS, ORGANISER
from xinrong.market.meeting.telling import tell_banks, tell_enterprises, tell_guests
from xinrong.market.needs.refusals import refused
from xinrong.market.products.packs import load_products
from xinrong.profiles.services import criteria

#: Days ahead that an event may lie.
AHEAD = 366


@dataclass(frozen=True)
class Planned:
    """What an organiser writes down. `lenders` are ids of banks that are here."""

    title: str
    place: str
    held_on: date
    slots: int
    programme: str = ""
    lenders: tuple[str, ...] = ()


def plan(who: Viewer, planned: Planned, *, now: datetime) -> Meeting:
    """Plan an event and invite its banks. Raises MarketRefused (event_role, event_wrong)."""
    if not can_organise_meetings(who):
        raise not_for_role()
    _check(planned, day_in_china(now))
    with transaction.atomic():
        made = Meeting.objects.create(
            number=_number(now), title=planned.title, place=planned.place,
            held_on=planned.held_on, programme=planned.programme, slots=planned.slots,
            organiser_id=who.organisation_id or 0, made_by_id=who.person_id or 0, made_at=now,
        )  # fmt: skip
        invite_banks(who, made.number, planned.lenders, now=now)
    return made


def invite_banks(
    who: Viewer, number: str, lenders: Collection[str], *, now: datetime
) -> list[MeetingBank]:
    """Invite banks that are on the platform, each once. Raises MarketRefused."""
    with transaction.atomic():
        meeting = _own(who, number, (MeetingState.PLANNED, MeetingState.OPEN))
        banks = Organisation.objects.filter(
            kind="bank", reference__in=set(lenders), parent=None, closed_at=None
        )
        made = [
            MeetingBank.objects.get_or_create(
                meeting=meeting, bank=bank, defaults={"lender": bank.reference}
            )
            for bank in banks.order_by("reference")
        ]
        new = [row for row, created in made if created]
        transaction.on_commit(lambda: tell_banks(meeting, new, at=now))
    return new


def open_up(who: Viewer, number: str, code: str, *, now: datetime) -> Meeting:
    """Open an event, and tell the enterprises that a criterion admits; nobody's name is told.

    An empty code tells nobody: enterprises find it in the list. `invited` becomes the count that
    the gate releases, in tens, None under ten. Not inside a transaction of the caller: the gate
    is asked. Raises MarketRefused, CriteriaRefused (criterion_unknown), Denied, NoProfile.
    """
    _own(who, number, (MeetingState.PLANNED,))
    admitted, figure = _admitted(who, code, day_in_china(now)) if code else ([], None)
    with transaction.atomic():
        meeting = _own(who, number, (MeetingState.PLANNED,))
        _move(meeting, "open")
        meeting.criterion = code[:64]
        meeting.invited = figure
        meeting.save()
        tell_enterprises(meeting, admitted, at=now)
    return meeting


def preview(who: Viewer, code: str, *, now: datetime) -> int | None:
    """How many a criterion would tell, as the gate counts them; None under ten. Nobody is told.

    Raises MarketRefused (event_role, event_criterion), CriteriaRefused, Denied, NoProfile.
    """
    if not can_organise_meetings(who):
        raise not_for_role()
    return _admitted(who, code, day_in_china(now))[1]


def pair(who: Viewer, number: str, *, now: datetime) -> Meeting:
    """Pair those who come with the banks that come; again while it is not held.

    An enterprise wants the banks in the order of the published rule. A bank ranks whoever a
    product of its admits for sure before whom it cannot tell of, first-time borrowers before
    others, and then who said yes first. Raises MarketRefused.
    """
    with transaction.atomic():
        meeting = _own(who, number, (MeetingState.OPEN, MeetingState.PAIRED))
        _move(meeting, "pair")
        banks = {one.lender: one for one in meeting.banks.filter(answer="yes", slots__gt=0)}
        guests = list(meeting.guests.all())
        wishes = [_wish(place, guest, banks) for place, guest in enumerate(guests)]
        found = paired(wishes, {name: bank.slots for name, bank in banks.items()})
        for place, guest in enumerate(guests):
            lender = found.get(place)
            guest.bank = banks[lender] if lender else None
            guest.choice = wishes[place].banks.index(lender) + 1 if lender else None
        MeetingGuest.objects.bulk_update(guests, ["bank", "choice"])
        meeting.paired_at = now
        meeting.save()
        transaction.on_commit(lambda: tell_guests(meeting, "event_paired", at=now))
    return meeting


def hold(who: Viewer, number: str, came: Collection[str], *, now: datetime) -> Meeting:
    """Note whose needs came (their numbers), and end the event. Raises MarketRefused."""
    with transaction.atomic():
        meeting = _own(who, number, (MeetingState.PAIRED,))
        if day_in_china(now) < meeting.held_on:
            raise refused(
                "event_early",
                Text(zh="活动还没有到举办日期", en="The event has not taken place yet"),
                Text(zh="请在举办当天或之后登记到场。", en="Note who came on the day or later."),
            )
        _move(meeting, "hold")
        meeting.guests.filter(need__in=set(came)).update(attended=True)
        meeting.guests.exclude(need__in=set(came)).update(attended=False)
        meeting.ended_at = now
        meeting.save()
    return meeting


def cancel(who: Viewer, number: str, *, now: datetime) -> Meeting:
    """Cancel an event; whoever said yes is told. Raises MarketRefused."""
    states = (MeetingState.PLANNED, MeetingState.OPEN, MeetingState.PAIRED)
    with transaction.atomic():
        meeting = _own(who, number, states)
        _move(meeting, "cancel")
        meeting.ended_at = now
        meeting.save()
        transaction.on_commit(lambda: tell_guests(meeting, "event_cancelled", at=now))
    return meeting


def not_for_role() -> MarketRefused:
    """Somebody who holds no events."""
    return refused(
        "event_role",
        Text(zh="只有部门人员和平台运营方可以组织活动",
             en="Only departments and the operator do that"),
        Text(zh="请以相应身份登录。", en="Sign in with such a role."),
    )  # fmt: skip


def wrong_state() -> MarketRefused:
    """The event is past that, or not there yet."""
    return refused(
        "event_state",
        Text(zh="活动现在不能这样办理", en="That cannot be done with the event now"),
        Text(zh="请刷新页面查看活动状态。", en="Load its page again to see where it stands."),
    )


def _own(who: Viewer, number: str, states: Collection[str]) -> Meeting:
    in_transaction = transaction.get_connection().in_atomic_block
    meeting = meeting_for(who, number, lock=in_transaction)
    if not organises(who, meeting):
        raise not_for_role()
    if meeting.state not in states:
        raise wrong_state()
    return meeting


def _move(meeting: Meeting, event: str) -> None:
    try:
        meeting.state = MEETING_PROCESS.step(meeting.state, event, ORGANISER).target
    except MoveRefused as error:
        raise wrong_state() from error


def _wish(place: int, guest: MeetingGuest, banks: Collection[str]) -> Wish:
    wanted = [(lender, sure) for lender, sure in guest.wishes if lender in banks]
    return Wish(
        place,
        tuple(lender for lender, _ in wanted),
        {lender: (not sure, not guest.first_time, place) for lender, sure in wanted},
    )


def _admitted(who: Viewer, code: str, day: date) -> tuple[list[int], int | None]:
    listed = criteria.listed_of(who, code)
    version = listed.criterion.in_force(day) if listed.criterion else None
    if listed.criterion is None or version is None or listed.criterion.over is not Over.PROFILE:
        raise refused(
            "event_criterion",
            Text(zh="这个条件不能用来邀请企业", en="Nobody can be invited by this criterion"),
            Text(zh="请选择针对企业档案、现行有效的条件。",
                 en="Choose one over profiles that is in force."),
        )  # fmt: skip
    counted = criteria.count(who, criteria.read_text(version.text))
    return criteria.enterprises_admitted(listed.criterion), counted.content.figure


def _check(planned: Planned, today: date) -> None:
    for wrong, zh, en in (
        (not 1 <= len(planned.title) <= 100, "请填写活动名称，不超过100字",
         "Write a title of at most 100 letters"),
        (not 1 <= len(planned.place) <= 200, "请填写地点", "Write where it takes place"),
        (not 1 <= planned.slots <= 50, "每家银行的席位应为 1 至 50",
         "A bank has 1 to 50 slots"),
        (not 0 <= (planned.held_on - today).days <= AHEAD, "活动日期应在今天之后一年以内",
         "The day lies within the next year"),
        (planned.programme not in ("", *load_products(settings.REGION).book.programmes),
         "没有这个专项", "There is no such programme"),
    ):  # fmt: skip
        if wrong:
            raise refused("event_wrong", Text(zh=zh, en=en),
                          Text(zh="请改正后再提交。", en="Mend it and send it again."))  # fmt: skip


def _number(now: datetime) -> str:
    year = day_in_china(now).year
    last = Meeting.objects.filter(number__startswith=f"FE{year}-").order_by("-number").first()
    return f"FE{year}-{int(last.number[-4:]) + 1 if last else 1:04}"
