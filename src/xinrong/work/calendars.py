"""The working days by which the clocks of cases are counted here: those of the region served."""

from __future__ import annotations

import logging

from django.conf import settings

from xinrong.catalogue.calendars import load_calendar
from xinrong.domain.calendars import CHINA_CALENDAR, Calendar, ScheduleWrong

logger = logging.getLogger(__name__)


def calendar_here() -> Calendar:
    """The nation's calendar, with what the region's `calendar.yaml` adds as it stands now.

    A clock never fails: while that file is wrong the nation's stands in, and the log says so.
    """
    try:
        return load_calendar(settings.REGION)
    except ScheduleWrong as wrong:
        logger.error("%s; clocks are counted by the nation's days meanwhile", wrong)  # noqa: TRY400
        return CHINA_CALENDAR
