"""Administrative divisions, 行政区划 (GB/T 2260; statistical division codes of the NBS).

Six digits: province, city, county; nine name a street or town. A code that has no entry, such as
that of a district merged since, answers as the nearest division above it by its digits, and says
so. The statistical codes hold development zones (counties 71 to 80) that GB/T 2260 has not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from xinrong.domain.standards.tables import Version, rows_of, under, version_on
from xinrong.domain.text import Text

Level = Literal["province", "city", "county", "street", ""]

#: Names of cities that only group what lies under them: left out of a path of names.
_GROUPS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_LONGEST, _STREET, _COUNTY = 12, 9, 6


@dataclass(frozen=True, slots=True)
class Region:
    """What is known of a code of a division.

    `code` is the code asked for in its full length, "" when it is none. `entry` is the code of
    the division that answers: itself, else the nearest above it, "" when there is none. `names`
    is the path from the province down to it. `note` says in words how the answer differs from
    what was asked; None when it does not.
    """

    code: str
    entry: str
    name: str
    names: tuple[str, ...]
    level: Level
    parent: str
    version: Version
    note: Text | None = None

    @property
    def known(self) -> bool:
        """Whether the code itself has an entry."""
        return bool(self.entry) and self.entry == self.code

    @property
    def full_name(self) -> str:
        """The path of names as one writes an address."""
        return "".join(self.names)


def region(code: str, on: date | None = None) -> Region:
    """The division with a code of 2, 4, 6, 9 or 12 digits, by the version of that day.

    Never raises: what is not known has no `entry`, or one above it, and a `note`.
    """
    version = version_on("regions", on)
    full = _full(code)
    if not full:
        return Region("", "", "", (), "", "", version, _no_code(code))
    entry = full
    while entry and (not (name := _name(entry, on)) or (entry != full and name in _GROUPS)):
        entry = _above(entry)
    if not entry:
        return Region(full, "", "", (), "", "", version, _unknown(full, version))
    path = [entry]
    while above := _above(path[-1]):
        path.append(above)
    names = [_name(one, on) for one in reversed(path)]
    shown = tuple(name for name in names if name and (name not in _GROUPS or name == names[-1]))
    note = None
    if entry != full:
        note = _merged(full, entry, "".join(shown), version)
    elif on is not None and not version.holds_on(on):
        note = _not_yet(on, version)
    return Region(full, entry, names[-1], shown, level_of(entry), _above(entry), version, note)


def children(code: str, on: date | None = None) -> tuple[Region, ...]:
    """The divisions right under one, in order of their codes; all provinces for ""."""
    full = _full(code) if code else ""
    if code and not full:
        return ()
    below = _by_parent(version_on("regions", on).file).get(full, ())
    if level_of(full) == "county" or not below:
        below = (*below, *_by_parent(version_on("streets", on).file).get(full, ()))
    return tuple(region(one, on) for one in below)


def level_of(code: str) -> Level:
    """What a code of full length is by its digits; "" for an empty one."""
    if not code:
        return ""
    if len(code) > _COUNTY:
        return "street"
    if code[4:] != "00":
        return "county"
    return "city" if code[2:4] != "00" else "province"


def region_of_code(code: str, on: date | None = None) -> Region:
    """The division in which a unified social credit code was first given out (digits 3 to 8).

    GB 32100-2015 fixes it at registration: it need not be where the enterprise is today.
    """
    return region(code[2:8], on)


def _full(code: str) -> str:
    """Six digits down to a county, nine below it; "" when it is no code of a division."""
    digits = code.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _LONGEST:
        return ""
    if len(digits) not in {2, 4, _COUNTY, _STREET, _LONGEST} or digits.startswith("00"):
        return ""
    padded = digits.ljust(_COUNTY, "0")
    if padded.endswith("000") and len(padded) == _LONGEST:
        padded = padded[:_STREET]
    if padded.endswith("000") and len(padded) == _STREET:
        padded = padded[:_COUNTY]
    return padded


def _above(code: str) -> str:
    """The code of the division above by digits; "" above a province."""
    if len(code) > _STREET:
        return code[:_STREET]
    if len(code) > _COUNTY:
        return code[:_COUNTY]
    if code[4:] != "00":
        return code[:4] + "00"
    return code[:2] + "0000" if code[2:4] != "00" else ""


def _name(code: str, on: date | None) -> str:
    table = "streets" if len(code) > _COUNTY else "regions"
    return _names(version_on(table, on).file).get(code, "")


@cache
def _names(file: str) -> dict[str, str]:
    return {row["code"]: row["name"] for row in rows_of(file)}


@cache
def _by_parent(file: str) -> dict[str, tuple[str, ...]]:
    return under((code, _above(code)) for code in _names(file))


def _no_code(code: str) -> Text:
    return Text(
        zh=f"“{code}”不是行政区划代码：应为2、4、6、9或12位数字。",
        en=f"“{code}” is no code of a division: it has 2, 4, 6, 9 or 12 digits.",
    )


def _unknown(code: str, version: Version) -> Text:
    return Text(
        zh=f"{version.version}年版没有代码{code}，也没有其上级。请核对。",
        en=f"The version of {version.version} has neither {code} nor one above it: check it.",
    )


def _merged(code: str, entry: str, name: str, version: Version) -> Text:
    return Text(
        zh=f"{version.version}年版没有代码{code}（可能已撤并），按上级{name}（{entry}）处理。",
        en=f"The version of {version.version} has no {code} (merged since, it may be): "
        f"taken as {name} ({entry}) above it.",
    )


def _not_yet(on: date, version: Version) -> Text:
    return Text(
        zh=f"没有{on}时的版本，按最早的{version.version}年版（{version.valid_from}起）回答。",
        en=f"There is no version of {on} here: answered by the oldest, that of {version.version} "
        f"(from {version.valid_from}).",
    )
