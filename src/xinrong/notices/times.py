"""When a message may leave: quiet hours, the summary of the day, pauses after a failure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from xinrong.domain.clock import CHINA
from xinrong.notices.models import Preference

#: Pauses after the first, second … attempt; after the last one the message is a dead letter.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60))
#: A message is a dead letter when it is older, whatever kept it: what it says is no news.
OLDEST = timedelta(days=3)
#: Pauses of a channel that does not work: it is tried again with one message.
CHANNEL_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600))


def after_quiet(wanted: Preference, now: datetime) -> datetime:
    """The moment from which a message may leave: now, or the end of the person's quiet hours."""
    first, last = wanted.quiet_from, wanted.quiet_to
    if first is None or last is None or first == last:
        return now
    here = now.astimezone(CHINA)
    quiet = first <= here.hour < last if first < last else not last <= here.hour < first
    return next_hour(last, now) if quiet else now


def next_summary(wanted: Preference, now: datetime) -> datetime:
    """When the person's next summary of the day leaves."""
    return next_hour(wanted.digest_hour, now)


def next_hour(hour: int, now: datetime) -> datetime:
    """The next moment at which it is that hour in China, after now."""
    here = now.astimezone(CHINA)
    then = datetime.combine(here.date(), time(hour), tzinfo=CHINA)
    if then <= here:
        then += timedelta(days=1)
    return then.astimezone(now.tzinfo)


def pause_after(attempts: int) -> timedelta | None:
    """The pause after so many attempts; None: that was the last one."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def channel_pause(tries: int) -> timedelta:
    """The pause of a channel that failed so many times in a row."""
    return CHANNEL_PAUSES[min(tries, len(CHANNEL_PAUSES)) - 1]
