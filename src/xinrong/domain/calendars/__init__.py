"""Working days in China: known where the State Council has published the year, else computed.

`CHINA_CALENDAR` is the nation's. `Calendar.with_days` adds the days of a region or the schedule
of a year that the platform does not know yet. Nothing here ever fails for want of a schedule: a
day that is only computed is marked provisional.
"""

from __future__ import annotations

from xinrong.domain.calendars.calendar import CHINA_CALENDAR, Calendar, Counted
from xinrong.domain.calendars.schedules import DaysOfPlace, Schedule, ScheduleWrong, read_schedules
from xinrong.domain.calendars.statutory import statutory_holidays

__all__ = [
    "CHINA_CALENDAR",
    "Calendar",
    "Counted",
    "DaysOfPlace",
    "Schedule",
    "ScheduleWrong",
    "read_schedules",
    "statutory_holidays",
]
