"""Which version of a public table holds on a day, and reading its file.

A new version is a new file in `data/` and a line in `data/versions.csv`: a file that was once
shipped is never changed, except to mend an error of copying (see `data/SOURCE.md`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from xinrong.domain.packaged import packaged_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

type Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a table: from which day it holds, the day before which it ended, if any."""

    table: str
    version: str
    valid_from: date
    valid_to: date | None
    file: str
    document: str
    articles: str  # of the document that the table follows; "" for the whole

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@cache
def versions(table: str) -> tuple[Version, ...]:
    """The versions of a table, oldest first. Raises KeyError for a table that is not there."""
    found = [
        Version(
            row["table"],
            row["version"],
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            row["file"],
            row["document"],
            row["articles"],
        )
        for row in rows_of("versions.csv")
        if row["table"] == table
    ]
    if not found:
        raise KeyError(table)
    return tuple(sorted(found, key=lambda one: one.valid_from))


def version_on(table: str, on: date | None) -> Version:
    """The version in force on a day (the newest when None).

    Before the first version that is here the first one answers: `holds_on` tells that it did not
    hold yet. Raises KeyError for a table that is not there.
    """
    known = versions(table)
    if on is None:
        return known[-1]
    begun = [one for one in known if one.valid_from <= on]
    return begun[-1] if begun else known[0]


@cache
def rows_of(file: str) -> tuple[Row, ...]:
    """The rows of one file."""
    rows = packaged_rows("xinrong.domain.standards", "data", file)
    return tuple(MappingProxyType(row) for row in rows)


def under(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Parent → its codes in order, of (code, parent)."""
    found: dict[str, list[str]] = {}
    for code, parent in pairs:
        found.setdefault(parent, []).append(code)
    return {parent: tuple(sorted(codes)) for parent, codes in found.items()}
