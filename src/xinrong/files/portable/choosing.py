"""What the enterprise chooses: the parts, the categories that it leaves out, for whom, how long."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from xinrong.catalogue.contract import ShareClass
from xinrong.catalogue.region import Region
from xinrong.domain.canonical import digest_of
from xinrong.domain.portable import LONGEST, PARTS
from xinrong.files.portable.errors import PortableRefused
from xinrong.files.portable.models import ReportChoice
from xinrong.files.printing.plain import plain

#: The highest level of a field that a report shows, without and with sensitive details. What is
#: deeper (numbers of persons' documents and accounts) is for nobody who is handed a paper.
LEVEL, DEEP_LEVEL = 3, 4
TO = 80


@dataclass(frozen=True)
class Choice:
    """Which parts, without which categories, how deep.

    A category can be left out of what speaks for the enterprise or is neutral. What speaks against
    it is shown whole or not at all, and what is not shown is called left out: a report that is
    made to look clean cannot be made.
    """

    parts: frozenset[str]
    without: frozenset[str] = frozenset()
    deep: bool = False

    @property
    def level(self) -> int:
        return DEEP_LEVEL if self.deep else LEVEL

    def kept(self) -> dict[str, Any]:
        """As it is kept, in one order."""
        return {
            "parts": [part for part in PARTS if part in self.parts],
            "without": sorted(self.without),
            "deep": self.deep,
        }

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Choice:
        """The choice that was kept."""
        return cls(frozenset(kept["parts"]), frozenset(kept["without"]), bool(kept["deep"]))


@dataclass(frozen=True)
class Wanted:
    """A choice with its addressee (empty: for whoever is given it) and its days."""

    choice: Choice
    days: int = 30
    to: str = ""


def selectable(region: Region) -> list[str]:
    """The categories that can be left out one by one: what may be shown of oneself at all."""
    return [
        name
        for name, contract in region.contracts.items()
        if contract.share is not ShareClass.NEVER
    ]


def check_wanted(wanted: Wanted, region: Region) -> None:
    """Whether such a report can be made. Raises PortableRefused."""
    choice = wanted.choice
    if not choice.parts:
        raise PortableRefused(
            "nothing was chosen", remedy="Choose at least one part.", code="report_empty"
        )
    unknown = sorted(choice.parts - set(PARTS)) + sorted(choice.without - set(selectable(region)))
    if unknown:
        raise PortableRefused(f"{unknown[0][:40]!r} is no part and no category of a report")
    if type(wanted.days) is not int or not 1 <= wanted.days <= LONGEST:
        raise PortableRefused(f"a report is valid for 1 to {LONGEST} days", code="report_days")
    if (
        len(wanted.to) > TO
        or plain(wanted.to) != wanted.to.strip()
        or wanted.to != wanted.to.strip()
    ):
        raise PortableRefused(
            f"an addressee is a name of at most {TO} signs on one line", code="report_addressee"
        )


def addressee(text: str) -> str:
    """An addressee as somebody typed it, in one spelling."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def keep(choice: Choice) -> ReportChoice:
    """The row of a choice, written the first time that somebody chooses it."""
    kept = choice.kept()
    row, _ = ReportChoice.objects.get_or_create(digest=digest_of(kept), defaults={"choice": kept})
    return row
