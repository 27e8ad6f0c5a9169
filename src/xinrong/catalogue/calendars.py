"""The working days of a region: the nation's, with what its `calendar.yaml` adds.

years:                 # a schedule that was published after this program
- year: 2027
  rest: {2027-01-01: 元旦, …}       # every day off, weekends within holidays too
  work: {2027-01-10: 元旦调休}      # weekends that are worked
  source: 国务院办公厅关于2027年部分节假日安排的通知
place:                 # days that only this place has off
  rest: {2027-04-09: 三月三}
  source: the document that says so
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from xinrong.catalogue.region import read_yaml, regions_root
from xinrong.domain.calendars import CHINA_CALENDAR, Calendar, ScheduleWrong, read_schedules
from xinrong.domain.errors import Place

FILE = "calendar.yaml"


def load_calendar(region: str, root: Path | None = None) -> Calendar:
    """The calendar of a region; the nation's where it adds nothing. Raises ScheduleWrong.

    Read anew when the file has changed: programs that run learn of a schedule as it is loaded.
    """
    path = (root or regions_root()) / region / FILE
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return CHINA_CALENDAR
    return _read(path, region, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _read(path: Path, region: str, _changed: int, _size: int) -> Calendar:
    try:
        data = read_yaml(path)
    except yaml.YAMLError as error:
        raise ScheduleWrong(
            "it is no YAML", place=Place(file=f"{region}/{FILE}"), remedy=str(error)
        ) from error
    return CHINA_CALENDAR.with_days(*read_schedules(data or {}, f"{region}/{FILE}"))
