"""Windows of time that end on the day asked for: where they begin.

A window of 12 months on 15 March holds 16 March of the year before and everything after it, up to
15 March itself. Days that do not exist (29 February) are the last day of their month.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from xinrong.profiles.errors import DefinitionError

ALL = "all"
_WINDOW = re.compile(r"^(?:all|([1-9]\d{0,2})([md]))$")


def window_key(text: str) -> str:
    """`12m` → `m12`, `90d` → `d90`, `all` → `all`. Raises DefinitionError."""
    found = _WINDOW.match(text)
    if not found:
        raise DefinitionError(
            f"{text!r} is no window",
            remedy="Write months (12m), days (90d) or all. A window ends on the day asked for.",
            code="indicator_window",
        )
    return ALL if text == ALL else f"{found[2]}{found[1]}"


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    if year < 1:
        return date.min
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def start_of_window(key: str, as_of: date) -> date:
    """The day before a window's first: what lies in it is later. `all` begins with the calendar."""
    if key == ALL:
        return date.min
    length = int(key[1:])
    return months_before(as_of, length) if key[0] == "m" else as_of - timedelta(days=length)
