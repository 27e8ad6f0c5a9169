"""A region's own days, and a schedule that is published after the program."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from xinrong.catalogue.calendars import load_calendar
from xinrong.catalogue.region import regions_root
from xinrong.domain.calendars import CHINA_CALENDAR, ScheduleWrong
from xinrong.domain.calendars.calendar import LAST_KNOWN_YEAR

NEXT = LAST_KNOWN_YEAR + 1
GOOD = f"""
years:
- year: {NEXT}
  rest: {{{NEXT}-01-01: 元旦}}
  work: {{{NEXT}-01-09: 元旦调休}}
  source: invented for this test
place:
  rest: {{{NEXT}-04-09: 三月三}}
  source: invented for this test
"""


def region(root: Path, content: str) -> Path:
    (root / "somewhere").mkdir()
    (root / "somewhere" / "calendar.yaml").write_text(content, encoding="utf-8")
    return root


def test_a_region_without_a_calendar_has_the_nations(tmp_path: Path) -> None:
    assert load_calendar("nowhere", tmp_path) is CHINA_CALENDAR


def test_a_region_adds_the_schedule_of_a_year_and_its_own_days(tmp_path: Path) -> None:
    found = load_calendar("somewhere", region(tmp_path, GOOD))
    assert found.is_settled(date(NEXT, 6, 1))
    assert not CHINA_CALENDAR.is_settled(date(NEXT, 6, 1))
    assert found.is_working(date(NEXT, 1, 9))
    assert not found.is_working(date(NEXT, 4, 9))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("years: [", "somewhere/calendar.yaml: it is no YAML"),
        (GOOD.replace(f"{NEXT}-01-01", f"{NEXT}-05-01"), "somewhere/calendar.yaml, years.0"),
        (GOOD.replace("place:", "place: 3 #"), "calendar.yaml"),
        ("- 2027-01-01", "calendar.yaml"),
    ],
)
def test_a_wrong_calendar_is_refused_with_its_place(
    tmp_path: Path, content: str, says: str
) -> None:
    with pytest.raises(ScheduleWrong, match=says):
        load_calendar("somewhere", region(tmp_path, content))


def test_an_empty_calendar_adds_nothing(tmp_path: Path) -> None:
    found = load_calendar("somewhere", region(tmp_path, "# nothing yet\n"))
    assert found.after(date(2026, 9, 18), 1) == CHINA_CALENDAR.after(date(2026, 9, 18), 1)


def test_the_calendars_of_the_regions_can_be_read() -> None:
    for folder in regions_root().iterdir():
        if (folder / "region.yaml").is_file():
            assert load_calendar(folder.name).is_working(date(2026, 11, 20))
