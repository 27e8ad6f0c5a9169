"""Signed-in sessions: half after the password, whole after the second factor, then ended by time.

A session that lacks the mark of a second factor is nobody's, wherever it came from: the rule
stands in one place (`standing`), and the middleware applies it to every request.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db.models import Q

from xinrong.accounts.mfa.factors import (
    forget_attempts,
    may_put_off,
    must_have_factor,
    network_of,
    note,
)
from xinrong.accounts.mfa.models import SignedIn
from xinrong.accounts.models import Person

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
HALF_LASTS = timedelta(minutes=15)  # between the password and the second factor
FRESH = timedelta(minutes=15)  # after a second factor, factors and password may be changed
SEEN_EVERY = timedelta(minutes=1)  # how exactly `seen` is kept: a write a minute, not a request

MARK = "second_factor"
HALF_SINCE = "half_since"
#: Sign of a session whose second factor was put off (demonstration) or is not needed (no role).
NONE = ""


class Standing(StrEnum):
    """What a signed-in session is worth."""

    WHOLE = "whole"
    HALF = "half"  # password given, second factor not
    ENDED = "ended"


def standing(session: SessionBase, person: Person, now: datetime) -> Standing:
    """What the session of this person is worth now."""
    mark = session.get(MARK)
    if mark is None:
        began = moment(session.setdefault(HALF_SINCE, now.timestamp()))
        if not must_have_factor(person):
            return Standing.WHOLE if now - began < LONGEST else Standing.ENDED
        return Standing.HALF if now - began < HALF_LASTS else Standing.ENDED
    if now - moment(mark["seen"]) >= IDLE or now - moment(mark["began"]) >= LONGEST:
        return Standing.ENDED
    if mark["kind"] == NONE and must_have_factor(person) and not may_put_off(person):
        return Standing.HALF
    return Standing.WHOLE


def complete(
    session: SessionBase,
    person: Person,
    kind: str,
    *,
    now: datetime,
    device: str = "",
    address: str = "",
) -> None:
    """Make a half session whole; its key changes, so one that was planted before is worthless."""
    session.cycle_key()
    session.pop(HALF_SINCE, None)
    row = SignedIn.objects.create(
        person=person,
        session_key=session.session_key or "",
        device=device_of(device),
        network=network_of(address),
        factor=kind,
        began_at=now,
        seen_at=now,
    )
    session[MARK] = mark_of(kind, now, row=row.pk)
    session.save()


def mark_of(kind: str, now: datetime, *, row: int = 0) -> dict[str, Any]:
    """What a whole session keeps. Moments are seconds since 1970; `row` is its SignedIn."""
    at = now.timestamp()
    return {"kind": kind, "at": at, "began": at, "seen": at, "row": row}


def touch(session: SessionBase, now: datetime) -> bool:
    """Remember once a minute that the session is in use; False when it was ended elsewhere."""
    mark = session.get(MARK)
    if mark is None or now - moment(mark["seen"]) < SEEN_EVERY:
        return True
    session[MARK] = {**mark, "seen": now.timestamp()}
    row = SignedIn.objects.filter(pk=mark["row"])
    return row.update(seen_at=now, session_key=session.session_key) == 1


def is_fresh(session: SessionBase, now: datetime) -> bool:
    """Whether the second factor was given so lately that sign-in may be changed."""
    mark = session.get(MARK)
    return mark is not None and now - moment(mark["at"]) < FRESH


def renew(session: SessionBase, kind: str, now: datetime) -> None:
    """The second factor was given once more; the session gets a new key and keeps its end."""
    session.cycle_key()
    mark = session[MARK]
    session[MARK] = {**mark, "kind": kind, "at": now.timestamp()}
    session.save()
    SignedIn.objects.filter(pk=mark["row"]).update(session_key=session.session_key)


def row_of(session: SessionBase) -> int:
    """The number of the session's own row in the list; 0 for none."""
    return int((session.get(MARK) or {}).get("row", 0))


def sessions_of(person: Person, now: datetime) -> list[SignedIn]:
    """The person's sessions that still stand, last seen first."""
    rows = SignedIn.objects.filter(
        person=person, seen_at__gt=now - IDLE, began_at__gt=now - LONGEST
    ).order_by("-seen_at", "-pk")
    alive = set(
        Session.objects.filter(session_key__in=[row.session_key for row in rows]).values_list(
            "session_key", flat=True
        )
    )
    return [row for row in rows if row.session_key in alive]


def end_session(person: Person, number: int) -> bool:
    """End one of the person's own sessions; whether there was one."""
    row = SignedIn.objects.filter(person=person, pk=number).first()
    if row is None:
        return False
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()
    return True


def end_sessions(person: Person, *, but: int = 0) -> int:
    """End every session of a person, or every one but the row `but`; how many."""
    rows = SignedIn.objects.filter(person=person).exclude(pk=but)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)


def sweep(now: datetime) -> int:
    """Delete every session that has ended by time, with its row; how many rows."""
    # A minute more than IDLE: `seen_at` may be that much older than the session's own mark.
    over = SignedIn.objects.filter(
        Q(seen_at__lte=now - IDLE - SEEN_EVERY) | Q(began_at__lte=now - LONGEST)
    )
    keys = list(over.values_list("session_key", flat=True))
    Session.objects.filter(Q(session_key__in=keys) | Q(expire_date__lte=now)).delete()
    return over.delete()[0]


def password_changed(
    session: SessionBase, person: Person, *, now: datetime, address: str = ""
) -> None:
    """After a new password only this session stands, under a new key."""
    forget_attempts(person)
    note(person, "password_changed", at=now, address=address)
    end_sessions(person, but=row_of(session))
    session.save()
    SignedIn.objects.filter(pk=row_of(session)).update(session_key=session.session_key)


def moment(seconds: float) -> datetime:
    """The moment so many seconds after the beginning of 1970."""
    return datetime.fromtimestamp(seconds, UTC)


#: The words of a browser's own description, the most telling first.
BROWSERS = ("Edg", "OPR", "MicroMessenger", "Firefox", "Chrome", "Safari")
BROWSER_NAMES = {"Edg": "Edge", "OPR": "Opera", "MicroMessenger": "WeChat"}
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "HarmonyOS", "Linux")


def device_of(described: str) -> str:
    """Browser and system out of the browser's description of itself; its beginning if unknown."""
    browser = next((name for name in BROWSERS if name in described), "")
    system = next((name for name in SYSTEMS if name in described), "")
    parts = [BROWSER_NAMES.get(browser, browser), system]
    return " · ".join(part for part in parts if part) or described[:60]
