"""Conditions of moves that several processes of remedy have."""

from __future__ import annotations

from datetime import datetime

from xinrong.work.services import Case, CaseMove

#: Events with which a case of these processes is opened, for the first time or again.
OPENS = ("ask", "object", "sign", "reopen")


def asked_more_once(case: Case, _now: datetime) -> str:
    """More is asked for once each time it is opened: a source says at once all that it lacks."""
    events = CaseMove.objects.filter(case=case, event__in=(*OPENS, "ask_more"))
    last = events.order_by("-version").values_list("event", flat=True).first()
    return "more was asked for before" if last == "ask_more" else ""
