"""The day's ledger: both sides say how each application stands, and differences are listed.

The platform sends its own after midnight; the bank sends its own whenever it likes. What differs
stays listed until both say the same, by a correction, a later state, or a replay. A bank that came
back with an earlier state says lower numbers than were used: it is sent again what it lost, and its
own messages as the platform has them (`echo`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from xinrong.domain.clock import day_in_china
from xinrong.market.applying import services as applying
from xinrong.market.linking.errors import LinkRefused, unknown_application
from xinrong.market.linking.models import (
    Conversation,
    Difference,
    InMessage,
    LedgerDay,
    Link,
    OutMessage,
    Standing,
    Taken,
)
from xinrong.market.linking.queueing import say, say_again, tell
from xinrong.market.linking.wire import MOST_ROWS

#: The code of what was parked when the bank said that it had lost it.
FORGOTTEN = "link_forgotten"
#: Applications that ended longer ago stand in no ledger any more.
LISTED = timedelta(days=30)
#: States that only the platform's clocks tell apart.
SAME = {"silent": "submitted", "unsigned": "chosen", "unpaid": "contracted"}
#: Moves that the bank learns of with its next message: between them nothing differs.
EITHER = {"late": ("accepted", "due_diligence"), "appeal_late": ("appealed",)}


def own_rows(link: Link, numbers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Application -> how it stands here."""
    talks = Conversation.objects.filter(link=link, application__in=numbers)
    sums = applying.sums_of(list(numbers))  # of those with a contract
    states = applying.states_of(list(numbers))
    return {
        talk.application: {
            "application": talk.application,
            "state": states[talk.application].state,
            "disbursed": _yuan(sums, talk.application, "disbursed"),
            "repaid": _yuan(sums, talk.application, "repaid"),
            "sent": talk.next_ours - 1,
            "received": talk.next_theirs - 1,
        }
        for talk in talks
    }


def _yuan(sums: Mapping[str, applying.Sums], number: str, name: str) -> str:
    found = sums.get(number)
    return "0.00" if found is None else f"{getattr(found, name):.2f}"


def listed(link: Link, now: datetime) -> list[str]:
    """The applications that stand in a ledger: open, or ended lately."""
    rows = applying.applications_of_bank([link.organisation_id])
    since = now - LISTED
    numbers = Conversation.objects.filter(link=link).values_list("application", flat=True)
    own = set(numbers)
    found = rows.exclude(ended_at__lt=since).order_by("pk").values_list("number", flat=True)
    return [number for number in found if number in own]


def send_ledgers(now: datetime) -> int:
    """Send every bank the platform's ledger of the day before; how many parts."""
    day = day_in_china(now) - timedelta(days=1)
    return sum(send_ledger(link, day, now=now) for link in Link.objects.filter(closed_at=None))


def send_ledger(link: Link, day: date, *, now: datetime) -> int:
    """The platform's ledger, in parts; how many. Once a day and link."""
    source = f"ledger:{day.isoformat()}"
    if OutMessage.objects.filter(link=link, source__startswith=source).exists():
        return 0
    numbers = listed(link, now)
    parts = [numbers[at : at + MOST_ROWS] for at in range(0, len(numbers), MOST_ROWS)] or [[]]
    with transaction.atomic():
        for count, part in enumerate(parts, start=1):
            rows = list(own_rows(link, part).values())
            data = {"day": day.isoformat(), "part": count, "of": len(parts), "rows": rows}
            made = tell(link, "ledger", data, now=now)
            OutMessage.objects.filter(pk=made.pk).update(source=f"{source}:{count}")
    return len(parts)


def take_ledger(link: Link, data: Any, *, now: datetime) -> dict[str, Any]:
    """Compare a part of a bank's ledger; what differs. Raises LinkRefused."""
    if data.part > data.of:
        raise LinkRefused(
            f"part {data.part} of {data.of} is none",
            remedy="Count the parts from 1.",
            code="link_field",
        )
    numbers = [row.application for row in data.rows]
    ours = own_rows(link, numbers)
    strangers = [number for number in numbers if number not in ours]
    if strangers:
        raise LinkRefused(
            f"the platform has no application {strangers[0]} for this bank",
            remedy="Leave it out: the ledger is about applications of this link.",
            code="link_application",
        )
    found: list[dict[str, str]] = []
    behind: list[dict[str, Any]] = []
    known = set(
        open_differences(link).filter(application__in=numbers).values_list("application", flat=True)
    )
    for row in data.rows:
        own = ours[row.application]
        found += compare(link, data.day, row, own, now, known=row.application in known)
        if row.received < own["sent"] or row.sent < own["received"]:
            behind.append(catch_up(link, row.application, row.received, row.sent, now=now))
    found += _whole(link, data, numbers, behind, now)
    return {"differences": found[:MOST_ROWS], "behind": [one for one in behind if one]}


def compare(
    link: Link, day: date, theirs: Any, ours: dict[str, Any], now: datetime, *, known: bool
) -> list[dict[str, str]]:
    """Note what differs about one application, and what does so no longer (`known`: did)."""
    pairs = {
        "state": (ours["state"], theirs.state),
        "disbursed": (ours["disbursed"], f"{Decimal(theirs.disbursed):.2f}"),
        "repaid": (ours["repaid"], f"{Decimal(theirs.repaid):.2f}"),
    }
    found = []
    for what, (own, other) in pairs.items():
        if own == other or (what == "state" and same_state(own, other)):
            if known:
                resolve(link, theirs.application, [what], now)
            continue
        note(link, day, theirs.application, what, own, other, now)
        found.append(
            {"application": theirs.application, "what": what, "ours": own, "theirs": other}
        )
    if known:
        resolve(link, theirs.application, ["missing"], now)
    return found


def same_state(ours: str, theirs: str) -> bool:
    """Whether two states are one for a bank, which knows nothing of the platform's clocks."""
    return SAME.get(ours, ours) == SAME.get(theirs, theirs) or theirs in EITHER.get(ours, ())


def note(
    link: Link, day: date, application: str, what: str, ours: str, theirs: str, now: datetime
) -> None:
    """A difference that is open, once."""
    Difference.objects.update_or_create(
        link=link,
        application=application,
        what=what,
        resolved_at=None,
        defaults={"day": day, "ours": ours, "theirs": theirs},
        create_defaults={"day": day, "ours": ours, "theirs": theirs, "found_at": now},
    )


def resolve(link: Link, application: str, what: Iterable[str], now: datetime) -> None:
    """Both say the same again."""
    found = Difference.objects.filter(
        link=link, application=application, what__in=list(what), resolved_at=None
    )
    found.update(resolved_at=now)


def _whole(
    link: Link, data: Any, numbers: list[str], behind: list[dict[str, Any]], now: datetime
) -> list[dict[str, str]]:
    """Once all parts of a day are there: what the bank does not list at all."""
    row, _ = LedgerDay.objects.select_for_update().get_or_create(
        link=link, day=data.day, defaults={"of": data.of, "at": now}
    )
    if row.of != data.of or str(data.part) in row.parts:
        row.parts, row.of = {}, data.of  # the day is sent anew
    row.parts[str(data.part)] = numbers
    row.at, found = now, []
    if len(row.parts) == row.of:
        row.compared_at = now
        theirs = {number for part in row.parts.values() for number in part}
        for number in listed(link, now):
            if number not in theirs:
                own = own_rows(link, [number])[number]["state"]
                note(link, data.day, number, "missing", own, "", now)
                behind.append(catch_up(link, number, 0, 0, now=now))
                found.append({"application": number, "what": "missing", "ours": own, "theirs": ""})
    row.save()
    return found


def resend(link: Link, data: Any, *, now: datetime) -> dict[str, Any]:
    """Say again what a bank has lost of one application, and where it stands. Raises LinkRefused.

    What it said and has not had its turn is forgotten: the bank no longer knows that it said it,
    and says something else under that number.
    """
    with transaction.atomic():
        rows = Conversation.objects.select_for_update()
        talk = rows.filter(link=link, application=data.application).first()
        if talk is None:
            raise unknown_application()
        _forget_parked(talk)
        held = catch_up(link, data.application, data.received, data.sent, now=now)
        return {"behind": [held or _place(talk)]}


def catch_up(
    link: Link, application: str, received: int, sent: int, *, now: datetime
) -> dict[str, Any]:
    """Replay to a bank that has lost something; where it should be, or nothing.

    `received`, `sent`: the last numbers that it has, of the platform's and of its own.
    """
    talk = Conversation.objects.select_for_update().get(link=link, application=application)
    used, heard = talk.next_ours - 1, talk.next_theirs - 1
    if received >= used and sent >= heard:
        return {}
    if received < used:
        say_again(talk, received, now=now)
    if sent < heard:
        _echo(talk, sent, now)
    return _place(talk)


def _place(talk: Conversation) -> dict[str, Any]:
    """The last numbers that were used in either direction."""
    return {
        "application": talk.application,
        "sent": talk.next_ours - 1,
        "received": talk.next_theirs - 1,
    }


def _forget_parked(talk: Conversation) -> None:
    parked = InMessage.objects.filter(conversation=talk, outcome=Taken.PARKED)
    parked.update(outcome=Taken.REFUSED, code=FORGOTTEN, sequence=0)


def _echo(talk: Conversation, after: int, now: datetime) -> None:
    """Tell a bank what it said itself, as it was taken, in its order, as far as it is kept.

    What is on its way already is not told once more: a bank that waits may ask many times.
    """
    waiting = OutMessage.objects.filter(conversation=talk, type="echo", state=Standing.WAITING)
    on_its_way = {data["message"]["id"] for data in waiting.values_list("data", flat=True)}
    lost = InMessage.objects.filter(conversation=talk, sequence__gt=after).exclude(body="")
    for row in lost.exclude(outcome=Taken.PARKED).order_by("sequence"):
        if row.number in on_its_way:
            continue
        data = {"message": json.loads(row.body), "outcome": row.outcome}
        say(talk, "echo", data, now=now, ordered=False)


def open_differences(link: Link | None = None) -> Any:
    """What the ledgers do not share, the oldest first."""
    found = Difference.objects.filter(resolved_at=None)
    found = found if link is None else found.filter(link=link)
    return found.select_related("link").order_by("pk")
