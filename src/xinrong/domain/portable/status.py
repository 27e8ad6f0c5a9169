"""The list of reports that no longer hold: signed, short-lived, and without anybody's name.

It names reports by their numbers, which are random and stand nowhere else. A report that is not
on it had not been withdrawn when the list was made.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from xinrong.domain.portable.errors import ReportError
from xinrong.domain.portable.keys import ReportKey
from xinrong.domain.portable.making import CHINA, NUMBER
from xinrong.domain.portable.parts import Json
from xinrong.domain.portable.reading import read_json
from xinrong.domain.signatures import SignatureError, Signer, open_envelope, seal

TYPE, VERSION = "xinrong.report-status", 1
#: For how long a list may be relied on.
LASTS = timedelta(hours=24)
MOST_LIST_BYTES = 16 << 20
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", re.ASCII)


class State(StrEnum):
    """How a report stands."""

    WITHDRAWN = "withdrawn"  # the enterprise took it back
    SUPERSEDED = "superseded"  # something in it may no longer be shown or used
    LISTED_NOWHERE = "not_withdrawn"  # it was not on a list that is recent enough
    UNKNOWN = "unknown"  # no list, one that is too old, or older than the report


@dataclass(frozen=True)
class StatusList:
    """A list whose signature holds: number → state and day."""

    issued: datetime
    valid_until: datetime
    ended: Mapping[str, tuple[State, date]]

    def state_of(self, number: str, issued: datetime, now: datetime) -> State:
        """How a report stands. What ended stays ended, however old the list that says so."""
        if number in self.ended:
            return self.ended[number][0]
        if now > self.valid_until or self.issued < issued:
            return State.UNKNOWN
        return State.LISTED_NOWHERE


def write_status(
    ended: Collection[tuple[str, State, date]], signer: Signer, *, region: str, now: datetime
) -> Json:
    """The signed list: report number, state, day."""
    at = now.astimezone(CHINA).replace(microsecond=0)
    rows = [
        {"number": number, "state": str(state), "since": since.isoformat()}
        for number, state, since in sorted(ended)
    ]
    payload = {
        "type": TYPE,
        "version": VERSION,
        "region": region,
        "issued": at.isoformat(),
        "valid_until": (at + LASTS).isoformat(),
        "reports": rows,
    }
    return seal(payload, signer)


def read_status(text: bytes | str, keys: Collection[ReportKey]) -> StatusList:
    """The list, once one of the keys is found to have signed it.

    Raises ReportError, status_malformed: also for a list that none of these keys signed.
    """
    try:
        envelope = read_json(text, most=MOST_LIST_BYTES)
        payload = _of_type(open_envelope(envelope, [key.public for key in keys]))
        ended = {row["number"]: _state(row) for row in payload["reports"]}
        made = StatusList(_moment(payload["issued"]), _moment(payload["valid_until"]), ended)
    except (KeyError, TypeError, ValueError, ReportError, SignatureError) as error:
        raise ReportError(
            f"this is no list of states that may be relied on: {str(error)[:120]}",
            remedy="Fetch it from the platform that issued the report.",
            code="status_malformed",
        ) from error
    return made


def _of_type(payload: Any) -> Mapping[str, Any]:
    """A signature of the platform over another kind of document makes no list."""
    if payload["type"] != TYPE or payload["version"] != VERSION:
        raise ReportError("it is another document")
    found: Mapping[str, Any] = payload
    return found


def _state(row: Mapping[str, Any]) -> tuple[State, date]:
    if not NUMBER.fullmatch(row["number"]):
        raise ReportError("a number is not one of a report")
    return State(row["state"]), date.fromisoformat(row["since"])


def _moment(value: str) -> datetime:
    if not _MOMENT.fullmatch(value):
        raise ReportError("a moment is not written as in China's time")
    return datetime.fromisoformat(value)
