"""Industries, 国民经济行业分类 (GB/T 4754-2017): section, division, group, class.

A section is a letter (A to T), a division two digits, a group three, a class four. Registers
write the section before the digits as well ("C3525"): it is read, and must be the right one. A
code without an entry answers as the group or division that its digits begin with, and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from xinrong.domain.standards.tables import Version, rows_of, under, version_on
from xinrong.domain.text import Text

Level = Literal["section", "division", "group", "class", ""]

_SHAPE = re.compile(r"([A-T]?)(\d{2,4})|([A-T])")
_LEVELS: dict[int, Level] = {1: "section", 2: "division", 3: "group", 4: "class"}


@dataclass(frozen=True, slots=True)
class Industry:
    """What is known of a code of an industry.

    `code` is the code asked for without a section before its digits, "" when it is none; `entry`
    the code that answers, `path` the entry's codes and `names` its names from the section down.
    `note` says in words how the answer differs from what was asked; None when it does not.
    """

    code: str
    entry: str
    name: str
    path: tuple[str, ...]
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
    def section(self) -> str:
        """The letter of its section; "" when nothing is known."""
        return self.path[0] if self.path else ""


def industry(code: str, on: date | None = None) -> Industry:
    """The industry with a code, by the version of that day.

    Never raises: what is not known has no `entry`, or one above it, and a `note`.
    """
    version = version_on("industries", on)
    read = _SHAPE.fullmatch(code.strip().upper())
    if read is None:
        return _nothing("", version, _no_code(code))
    section, digits = read[1] or "", read[2] or read[3]
    table = _table(version.file)
    entry = digits
    while entry and entry not in table:
        entry = entry[:-1] if len(entry) > 2 else ""
    if not entry:
        return _nothing(digits, version, _unknown(digits, version))
    path = [entry]
    while parent := table[path[-1]][1]:
        path.append(parent)
    path.reverse()
    if section and section != path[0]:
        return _nothing(digits, version, _wrong_section(section, digits, path[0]))
    names = tuple(table[one][0] for one in path)
    note = None
    if entry != digits:
        note = _above(digits, entry, names[-1], version)
    elif on is not None and not version.holds_on(on):
        note = _not_yet(on, version)
    parent = table[entry][1]
    level = _LEVELS[len(entry)]
    return Industry(digits, entry, names[-1], tuple(path), names, level, parent, version, note)


def children(code: str, on: date | None = None) -> tuple[Industry, ...]:
    """The industries right under one, in order of their codes; all sections for ""."""
    asked = industry(code, on).code if code else ""
    if code and not asked:
        return ()
    below = _by_parent(version_on("industries", on).file).get(asked, ())
    return tuple(industry(one, on) for one in below)


def _nothing(code: str, version: Version, note: Text) -> Industry:
    return Industry(code, "", "", (), (), "", "", version, note)


@cache
def _table(file: str) -> dict[str, tuple[str, str]]:
    return {row["code"]: (row["name"], row["parent"]) for row in rows_of(file)}


@cache
def _by_parent(file: str) -> dict[str, tuple[str, ...]]:
    return under((code, parent) for code, (_name, parent) in _table(file).items())


def _no_code(code: str) -> Text:
    return Text(
        zh=f"“{code}”不是行业代码：应为门类字母A至T，或2至4位数字。",
        en=f"“{code}” is no code of an industry: a letter from A to T, or 2 to 4 digits.",
    )


def _unknown(code: str, version: Version) -> Text:
    return Text(
        zh=f"GB/T 4754-{version.version} 没有行业代码{code}。请核对。",
        en=f"GB/T 4754-{version.version} has no industry {code}: check it.",
    )


def _wrong_section(section: str, digits: str, right: str) -> Text:
    return Text(
        zh=f"行业代码{digits}属于门类{right}，不属于{section}。请核对。",
        en=f"Industry {digits} is of section {right}, not of {section}: check it.",
    )


def _above(code: str, entry: str, name: str, version: Version) -> Text:
    return Text(
        zh=f"GB/T 4754-{version.version} 没有行业代码{code}，按上级{name}（{entry}）处理。",
        en=f"GB/T 4754-{version.version} has no industry {code}: taken as {name} ({entry}) "
        "above it.",
    )


def _not_yet(on: date, version: Version) -> Text:
    return Text(
        zh=f"没有{on}时的版本，按最早的{version.version}年版（{version.valid_from}起）回答。",
        en=f"There is no version of {on} here: answered by the oldest, that of {version.version} "
        f"(from {version.valid_from}).",
    )
