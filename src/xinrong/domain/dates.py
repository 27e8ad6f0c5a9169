"""Dates as departments write them.

A date is read only when it can mean one day. A year or a month alone, a two-digit year, and day
and month in unclear order are refused with a reason; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

from xinrong.domain.clock import CHINA
from xinrong.domain.text import Text

FIRST_YEAR = 1900
LAST_YEAR = 2200

#: Days that a workbook counts from; its serial numbers 20000 to 80000 are 1954 to 2119.
_WORKBOOK_ZERO = date(1899, 12, 30)

_OPEN_ENDED = frozenset({"长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限", "至今"})
_EMPTY = frozenset(
    {"", "/", "\\", "-", "--", "---", "—", "——", "无", "暂无", "空", "不详", "未知", "N/A", "NA"}
    | {"NULL", "NONE", "NAN", "NAT", "#N/A"}
)

_CLOCK = (
    r"(?:[T ]?(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})分?(?:[:](?P<second>\d{1,2})|\d{1,2}秒)?"
    r"(?:[.,]\d{1,9})?(?:秒)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?|[T ](?:\d{1,2}时))?"
)
_YMD = re.compile(r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})" + _CLOCK)
_CHINESE = re.compile(r"(\d{4})\s*年()\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?\s*" + _CLOCK)
_COMPACT = re.compile(r"(\d{4})()(\d{2})(\d{2})" + _CLOCK)
_STAMP = re.compile(r"(\d{4})()(\d{2})(\d{2})(?:[01]\d|2[0-4])[0-5]\d(?:[0-5]\d(?:\d{3})?)?")
_MONTH = re.compile(r"(\d{4})\s*(?:年度?|[-/.])\s*(\d{1,2})\s*月?(?:份)?")
_YEAR = re.compile(r"(\d{4})(?:\.0+|\s*年度?)?")
_DMY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})" + _CLOCK)
_NAMED = re.compile(r"(\d{1,2})[-/ ]?([A-Z]{3,9}|\d{1,2}月)[-/ ,]*(\d{4})" + _CLOCK)
_NAMED_FIRST = re.compile(r"([A-Z]{3,9})\.? ?(\d{1,2})(?:ST|ND|RD|TH)?,? ?(\d{4})" + _CLOCK)
_SYSTEM = re.compile(r"[A-Z]{3},? ([A-Z]{3}) (\d{1,2}) \d\d:\d\d:\d\d (?:CST|GMT\+08:?00) (\d{4})")
_SERIAL = re.compile(r"([2-7]\d{4}|80000)(?:\.\d+)?")
_EPOCH = re.compile(r"1\d{12}")
_SHORT_YEAR = re.compile(
    r"\d{1,2}([-/.])(?:\d{1,2}|[A-Z]{3,9}|\d{1,2}月)\1\d{1,2}(?:\s+\d{1,2}[:.].*)?|\d{2}年.*"
)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("JAN JANUARY", "FEB FEBRUARY", "MAR MARCH", "APR APRIL", "MAY", "JUN JUNE"),
            *("JUL JULY", "AUG AUGUST", "SEP SEPT SEPTEMBER", "OCT OCTOBER", "NOV NOVEMBER"),
            "DEC DECEMBER",
        ),
        start=1,
    )
    for name in names.split()
}
_NUMERALS = {ord(char): str(value) for value, char in enumerate("零一二三四五六七八九")} | {
    ord("〇"): "0",
    ord("○"): "0",
}


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a cell says: a day in `value`, nothing (`problem` is ""), or a problem.

    `open_ended` marks words such as 长期: there is no end. When only the year or the month is
    known (`problem` is "incomplete"), `year` and `month` hold it.
    """

    value: date | None
    problem: str = ""
    open_ended: bool = False
    year: int | None = None
    month: int | None = None

    @property
    def year_only(self) -> bool:
        """Is the year all that is known?"""
        return self.problem == "incomplete" and self.month is None


_NOTHING = DateReading(None)
_UNREADABLE = DateReading(None, "unreadable")
_AMBIGUOUS = DateReading(None, "ambiguous")


def read_date(text: str | None, order: Literal["", "dmy", "mdy"] = "") -> DateReading:
    """Read one cell. Never raises.

    `order` settles 3/4/2021 where the department is known to write the day, or the month, first.
    A moment with a time zone is read as the day in China; without one it is taken as China's.
    """
    folded = _fold(text or "")
    if folded in _EMPTY:
        return _NOTHING
    if folded in _OPEN_ENDED:
        return DateReading(None, open_ended=True)
    if len(folded) > 64:
        return _UNREADABLE
    for read in (_year_first, _numbers, _named_month, _incomplete):
        reading = read(folded)
        if reading is not None:
            return reading
    if found := _DMY.fullmatch(folded):
        return _day_or_month_first(found, order)
    return _AMBIGUOUS if _SHORT_YEAR.fullmatch(folded) else _UNREADABLE


def _fold(text: str) -> str:
    folded = text
    if not text.isascii():
        folded = unicodedata.normalize("NFKC", text).replace("\u3002", ".").replace("\u2212", "-")
        if "月" in folded or "年" in folded:
            folded = _arabic(folded)
    return " ".join(folded.strip("'\" \t\r\n").split()).upper()


def _arabic(text: str) -> str:
    """Chinese numerals of a date in digits: 二〇二一年十二月三十一日, not a general reader."""
    text = re.sub(r"([二三])十([一二三四五六七八九])", r"\1\2", text)
    text = re.sub(r"([二三])十", r"\g<1>0", text)
    text = re.sub(r"十([一二三四五六七八九])", r"1\1", text)
    return text.replace("十", "10").translate(_NUMERALS)


def _year_first(text: str) -> DateReading | None:
    """2021-03-04, 2021/3/4, 2021.3.4, 2021年3月4日, 20210304, each with or without a time."""
    for pattern in (_YMD, _CHINESE, _COMPACT):
        found = pattern.fullmatch(text)
        if found:
            year, month, day = int(found[1]), int(found[3]), int(found[4])
            return _shifted(_day(year, month, day), found)
    found = _STAMP.fullmatch(text)
    if found and not _EPOCH.fullmatch(text):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    return None


def _numbers(text: str) -> DateReading | None:
    """A workbook's serial day number, or milliseconds since 1970."""
    found = _SERIAL.fullmatch(text)
    if found:
        return DateReading(_WORKBOOK_ZERO + timedelta(days=int(found[1])))
    if _EPOCH.fullmatch(text):
        return DateReading(datetime.fromtimestamp(int(text) / 1000, UTC).astimezone(CHINA).date())
    return None


def _named_month(text: str) -> DateReading | None:
    """4-Mar-2021, 04-3月-2021, Mar 4 2021, Thu Mar 04 00:00:00 CST 2021."""
    for pattern, day, month in ((_NAMED, 1, 2), (_NAMED_FIRST, 2, 1), (_SYSTEM, 2, 1)):
        found = pattern.fullmatch(text)
        if found:
            named = found[month]
            number = int(named[:-1]) if named.endswith("月") else _MONTHS.get(named)
            return _UNREADABLE if number is None else _day(int(found[3]), number, int(found[day]))
    return None


def _day_or_month_first(found: re.Match[str], order: str) -> DateReading:
    """3/4/2021: by the known order, or while a single one is possible (25/3/2021, 4/4/2021)."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if not order and first != second and first <= 12 and second <= 12:
        return _AMBIGUOUS
    day_first = order == "dmy" if order else first > 12
    day, month = (first, second) if day_first else (second, first)
    return _shifted(_day(year, month, day), found)


def _incomplete(text: str) -> DateReading | None:
    """Only a year, or a year and a month."""
    found = _YEAR.fullmatch(text)
    if found:
        return _part(int(found[1]), None)
    found = _MONTH.fullmatch(text)
    if found:
        return _part(int(found[1]), int(found[2]))
    if len(text) == 6 and text.isdigit():
        year, month = int(text[:4]), int(text[4:])
        plausible = FIRST_YEAR <= year <= 2099 and 1 <= month <= 12
        return _part(year, month) if plausible else _AMBIGUOUS
    return None


def _part(year: int, month: int | None) -> DateReading:
    if month is not None and not 1 <= month <= 12:
        return DateReading(None, "impossible")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return DateReading(None, "out_of_range")
    return DateReading(None, "incomplete", year=year, month=month)


def _day(year: int, month: int, day: int) -> DateReading:
    """The day, if the calendar has it and it is no filler."""
    if (year, month, day) in {(9999, 12, 31), (9999, 12, 30), (9999, 1, 1), (9999, 9, 9)}:
        return DateReading(None, open_ended=True)
    if (year, month, day) in {
        (0, 0, 0),
        (1, 1, 1),
        (1899, 12, 30),
        (1899, 12, 31),
        (1900, 1, 1),
        (1900, 1, 0),
    }:
        return DateReading(None, "placeholder")
    try:
        value = date(year, month, day)
    except ValueError:
        return DateReading(None, "impossible")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return DateReading(None, "out_of_range")
    return DateReading(value)


def _shifted(reading: DateReading, found: re.Match[str]) -> DateReading:
    """The same moment's day in China, when the text names a zone and a possible time."""
    parts = found.groupdict()
    if reading.value is None or parts["hour"] is None:
        return reading
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 24 or minute > 59 or second > 60:
        return DateReading(None, "impossible")
    if not parts["zone"]:
        return reading
    moment = datetime(
        reading.value.year,
        reading.value.month,
        reading.value.day,
        tzinfo=_offset(parts["zone"]),
    ) + timedelta(hours=hour, minutes=minute, seconds=second)
    return DateReading(moment.astimezone(CHINA).date())


def _offset(zone: str) -> timezone:
    if zone == "Z":
        return UTC
    digits = zone[1:].replace(":", "")
    minutes = min(int(digits[:2]) * 60 + int(digits[2:]), 14 * 60)
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))


_WORDS = {
    "unreadable": Text(
        zh="读不出日期。请写成 2021-03-04 这样的格式，每格只写一个日期。",
        en="No date can be read. Write it like 2021-03-04, one date in each cell.",
    ),
    "impossible": Text(
        zh="日历上没有这一天（如2月30日）。请查实后更正。",
        en="The calendar has no such day (such as 30 February). Look it up and correct it.",
    ),
    "incomplete": Text(
        zh="只写了年或年月，缺少具体日期。请补全到日。",
        en="Only the year or the month is given. Add the day.",
    ),
    "ambiguous": Text(
        zh="年份只有两位，或日月先后不清，可能有几种理解。请写成 2021-03-04 这样的四位年份格式。",
        en="The year has two digits, or day and month may be swapped. Write it like 2021-03-04.",
    ),
    "out_of_range": Text(
        zh="年份不在1900年至2200年之间。请查实后更正。",
        en="The year lies outside 1900 to 2200. Look it up and correct it.",
    ),
    "placeholder": Text(
        zh="这是系统默认的占位日期（如1900-01-01），不是真实日期。请填写真实日期或留空。",
        en="This is a system's filler (such as 1900-01-01). Give the real date or leave it empty.",
    ),
}


def words(problem: str) -> Text:
    """What a problem means and what to do about it. Raises KeyError for an unknown one."""
    return _WORDS[problem]
