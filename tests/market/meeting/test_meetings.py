"""A financing event from its plan to the loans that came of it, and what is refused on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.market.applying.cast import Cast
from tests.market.needs.cast import person, representative, stated
from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.market.errors import MarketRefused
from xinrong.market.services import meeting
from xinrong.notices.models import Notice

pytestmark = pytest.mark.django_db


def planned(cast: Cast, **more: Any) -> meeting.Planned:
    given: dict[str, Any] = {
        "title": "百行进万企（虚构）",
        "place": "椒江会议中心",
        "slots": 2,
        "held_on": day_in_china(cast.now) + timedelta(days=10),
        "lenders": tuple(cast.officers),
    } | more
    return meeting.Planned(**given)  # fmt: skip


@pytest.fixture
def event(cast: Cast, organiser: Viewer) -> str:
    """An event whose banks were invited, open to whoever comes."""
    made = meeting.plan(organiser, planned(cast), now=cast.now)
    meeting.open_up(organiser, made.number, "", now=cast.now)
    return made.number


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(MarketRefused) as wrong:
        act()
    return str(wrong.value.code)


@pytest.mark.usefixtures("profiled")
def test_banks_are_invited_and_enterprises_of_a_criterion_are_told_and_nobody_is_named(
    cast: Cast, organiser: Viewer, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = meeting.plan(organiser, planned(cast), now=cast.now)
    told = set(Notice.objects.filter(kind="event_invited").values_list("person_id", flat=True))
    officers = {one.person_id for one in (*cast.officers.values(), *cast.chiefs.values())}
    assert told == officers
    opened = meeting.open_up(organiser, made.number, "in_business", now=cast.now)
    assert Notice.objects.filter(kind="event_invited", person=cast.firm.person_id).exists()
    assert opened.invited is None or opened.invited % 10 == 0, "the gate's figure, in tens"
    assert meeting.leads_for(organiser, opened) == []


def test_an_event_leads_to_a_loan(cast: Cast, organiser: Viewer, event: str) -> None:
    lender = cast.lender_of(cast.products[0])
    bank = cast.officers[lender]
    meeting.answer_for_bank(bank, event, 1)
    meeting.come(cast.firm, event, cast.need, now=cast.now)
    found = meeting.meeting_for(organiser, event)
    assert meeting.leads_for(bank, found) == [], "a bank learns nobody before the pairing"
    assert len(meeting.leads_for(organiser, found)) == 1
    paired = meeting.pair(organiser, event, now=cast.now)
    [lead] = meeting.leads_for(bank, paired)
    assert lead.guest.need == cast.need
    assert lead.guest.choice == 1, "the only bank that comes is the first that it can have"
    other = next(name for name in cast.officers if name != lender)
    assert meeting.leads_for(cast.officers[other], paired) == []
    application = cast.apply(0)
    cast.to_contract(application)
    cast.pay_out(application)
    [lead] = meeting.leads_for(organiser, meeting.meeting_for(organiser, event))
    assert lead.application == application.number
    assert lead.disbursed == Decimal(500_000)
    later = cast.now + timedelta(days=11)
    held = meeting.hold(organiser, event, [cast.need], now=later)
    assert held.guests.get().attended


def test_few_slots_go_by_the_published_rule(cast: Cast, organiser: Viewer, event: str) -> None:
    lender = cast.lender_of(cast.products[0])
    meeting.answer_for_bank(cast.officers[lender], event, 1)
    meeting.come(cast.firm, event, cast.need, now=cast.now)
    second = representative(7)
    need = stated(second)
    guest = meeting.come(second, event, need.number, now=cast.now + timedelta(minutes=1))
    meeting.pair(organiser, event, now=cast.now)
    guests = {one.need: one for one in meeting.meeting_for(organiser, event).guests.all()}
    taken = [one for one in guests.values() if one.bank is not None]
    assert len(taken) <= 1
    wants = {pair[0]: pair[1] for pair in guest.wishes}
    mine = {pair[0]: pair[1] for pair in guests[cast.need].wishes}
    if lender in wants and wants[lender] <= mine[lender]:
        assert guests[cast.need].bank is not None, "who said yes first, all else equal"


def test_who_comes_again_with_another_need_keeps_the_place(
    cast: Cast, organiser: Viewer, event: str
) -> None:
    first = meeting.come(cast.firm, event, cast.need, now=cast.now)
    other = stated(cast.firm)
    again = meeting.come(cast.firm, event, other.number, now=cast.now + timedelta(hours=1))
    assert (again.pk, again.said_at, again.need) == (first.pk, first.said_at, other.number)
    meeting.stay_away(cast.firm, event)
    assert not meeting.meeting_for(organiser, event).guests.exists()


def test_who_must_not_does_not(cast: Cast, organiser: Viewer, event: str) -> None:
    now = cast.now
    bank = next(iter(cast.officers.values()))
    stranger = person("other-department", "department", "data_officer", "taxation")
    assert code_of(lambda: meeting.plan(bank, planned(cast), now=now)) == "event_role"
    assert code_of(lambda: meeting.pair(stranger, event, now=now)) == "event_unknown"
    assert code_of(lambda: meeting.pair(bank, event, now=now)) == "event_role"
    assert code_of(lambda: meeting.come(bank, event, cast.need, now=now)) == "event_role"
    uninvited = person("uninvited", "bank", "loan_officer")
    assert code_of(lambda: meeting.answer_for_bank(uninvited, event, 1)) == "event_unknown"
    assert code_of(lambda: meeting.meeting_for(cast.firm, "FE2026-9999")) == "event_unknown"
    foreign = stated(representative(7))
    assert (
        code_of(lambda: meeting.come(cast.firm, event, foreign.number, now=now)) == "need_unknown"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"place": ""},
        {"slots": 0},
        {"slots": 51},
        {"programme": "nothing"},
        {"held_on": None},
    ],
)
def test_what_cannot_be_an_event_is_refused(
    cast: Cast, organiser: Viewer, change: dict[str, Any]
) -> None:
    if change.get("held_on", 1) is None:
        change = {"held_on": day_in_china(cast.now) - timedelta(days=1)}
    assert code_of(lambda: meeting.plan(organiser, planned(cast, **change), now=cast.now)) == (
        "event_wrong"
    )


def test_nothing_happens_out_of_turn(cast: Cast, organiser: Viewer, event: str) -> None:
    now, bank = cast.now, next(iter(cast.officers.values()))
    assert code_of(lambda: meeting.hold(organiser, event, [], now=now)) == "event_state"
    assert code_of(lambda: meeting.open_up(organiser, event, "", now=now)) == "event_state"
    assert code_of(lambda: meeting.answer_for_bank(bank, event, 51)) == "event_wrong"
    meeting.pair(organiser, event, now=now)
    assert code_of(lambda: meeting.come(cast.firm, event, cast.need, now=now)) == "event_unknown"
    assert code_of(lambda: meeting.answer_for_bank(bank, event, 1)) == "event_state"
    assert code_of(lambda: meeting.hold(organiser, event, [], now=now)) == "event_early"
    meeting.cancel(organiser, event, now=now)
    assert code_of(lambda: meeting.pair(organiser, event, now=now)) == "event_state"


def test_a_criterion_that_is_none_invites_nobody(cast: Cast, organiser: Viewer) -> None:
    made = meeting.plan(organiser, planned(cast), now=cast.now)
    with pytest.raises(Exception, match="criterion"):
        meeting.open_up(organiser, made.number, "no_such_criterion", now=cast.now)
    assert meeting.meeting_for(organiser, made.number).state == "planned"
