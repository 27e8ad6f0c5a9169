"""Which events somebody sees, and what of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from xinrong.accounts.services import Viewer
from xinrong.domain.money import yuan
from xinrong.domain.text import Text
from xinrong.market.applying import services as applying
from xinrong.market.errors import MarketRefused
from xinrong.market.meeting.models import Meeting, MeetingBank, MeetingGuest, MeetingState
from xinrong.market.meeting.perms import can_organise_meetings, can_see_meetings, organises
from xinrong.market.needs.finding import own_enterprise
from xinrong.market.needs.models import StatedNeed
from xinrong.market.needs.refusals import refused
from xinrong.subjects import services as subjects


@dataclass(frozen=True)
class Lead:
    """Who was paired with whom, and what came of it: the application's state, money in yuan."""

    guest: MeetingGuest
    need: StatedNeed | None
    application: str = ""
    state: str = ""
    disbursed: Decimal = Decimal(0)


def unknown() -> MarketRefused:
    """There is none, or not for whoever asks: the same words."""
    return refused(
        "event_unknown",
        Text(zh="没有这个活动", en="There is no such event"),
        Text(zh="请从活动列表中打开。", en="Open it from the list of events."),
    )


def meetings_for(who: Viewer) -> QuerySet[Meeting]:
    """The events that a viewer sees, those that are next first.

    Organisers their own; banks those to which they were invited; enterprises what is open, and
    where they said yes.
    """
    rows = Meeting.objects.select_related("organiser").order_by("-held_on", "-pk")
    if not can_see_meetings(who):
        return rows.none()
    if can_organise_meetings(who):
        return rows.filter(organiser=who.organisation_id)
    if who.role == "loan_officer":
        return rows.filter(banks__bank__in=who.grantees)
    own = _enterprise(who)
    return rows.filter(Q(state=MeetingState.OPEN) | Q(guests__enterprise=own)).distinct()


def meeting_for(who: Viewer, number: str, *, lock: bool = False) -> Meeting:
    """One event that the viewer sees. Raises MarketRefused (event_unknown)."""
    found = meetings_for(who).filter(number=number[:16]).values_list("pk", flat=True).first()
    if found is None:
        raise unknown()
    rows = Meeting.objects.select_for_update() if lock else Meeting.objects
    return rows.get(pk=found)


def bank_in(who: Viewer, meeting: Meeting) -> MeetingBank | None:
    """The row of the viewer's bank, where it was invited."""
    if who.role != "loan_officer":
        return None
    return meeting.banks.filter(bank__in=who.grantees).first()


def guest_in(who: Viewer, meeting: Meeting) -> MeetingGuest | None:
    """The row of the viewer's enterprise, where it said yes."""
    if who.role != "representative":
        return None
    return meeting.guests.filter(enterprise=_enterprise(who)).select_related("bank__bank").first()


def leads_for(who: Viewer, meeting: Meeting) -> list[Lead]:
    """Whom the viewer may know: the organiser everybody who said yes, a bank its own leads.

    A bank learns of nobody before the pairing.
    """
    rows = meeting.guests.select_related("enterprise", "bank__bank")
    bank = bank_in(who, meeting)
    if organises(who, meeting):
        return _leads(list(rows))
    if bank is not None and meeting.state in (MeetingState.PAIRED, MeetingState.HELD):
        return _leads(list(rows.filter(bank=bank)))
    return []


def _leads(guests: Sequence[MeetingGuest]) -> list[Lead]:
    """Each with its need, and with the application to its bank that was sent since."""
    numbers = {one.need for one in guests}
    needs = {one.number: one for one in StatedNeed.objects.filter(number__in=numbers)}
    sent: dict[tuple[str, int], applying.Application] = {}
    for row in applying.Application.objects.filter(need__in=numbers).order_by("pk"):
        sent[row.need, row.institution_id] = row
    states = applying.states_of([one.number for one in sent.values()])
    sums = applying.sums_of([one.number for one in sent.values()])
    found = []
    for guest in guests:
        row_ = sent.get((guest.need, guest.bank.bank_id)) if guest.bank is not None else None
        if row_ is None or row_.submitted_at < guest.said_at:
            found.append(Lead(guest, needs.get(guest.need)))
            continue
        case, sum_ = states.get(row_.number), sums.get(row_.number)
        found.append(
            Lead(
                guest,
                needs.get(guest.need),
                row_.number,
                case.state if case else "",
                sum_.disbursed if sum_ else Decimal(0),
            )
        )
    return found


def amount_of(lead: Lead) -> Decimal | None:
    """What the need asks for, in yuan."""
    return None if lead.need is None or lead.need.amount is None else yuan(lead.need.amount)


def _enterprise(who: Viewer) -> int:
    try:
        return own_enterprise(who)
    except subjects.UnknownEnterprise:
        return 0
