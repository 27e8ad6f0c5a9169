"""Cases worked by hand from the texts of the laws: tests/cases/law/*.csv."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xinrong.catalogue.law_packs import law_for
from xinrong.domain.law import Matter, Ruling, Start, Tier, Topic

FOLDER = Path(__file__).parents[2] / "cases" / "law"


@dataclass(frozen=True)
class Case:
    """One line: a matter, the rule that binds, its last day, and the article that says so."""

    file: str
    line: int
    name: str
    jurisdictions: tuple[str, ...]
    matter: Matter
    rule: str
    until: str
    article: str

    @property
    def title(self) -> str:
        """Where it stands, for a test's name."""
        return f"{self.file}-{self.line}-{self.name}"

    def wrong(self) -> str:
        """What the law packs say otherwise; empty when they agree."""
        ruling = law_for(self.jurisdictions).ruling(self.matter)
        said = ruling.binding.id if ruling.binding else ""
        if (said, _told(ruling)) != (self.rule, self.until):
            return f"{said or 'nothing'} until {_told(ruling)}, not {self.rule} until {self.until}"
        held = ruling.binding.article if ruling.binding else ""
        return "" if held in ("", self.article) else f"{held}, not {self.article}"


def _told(ruling: Ruling) -> str:
    if ruling.undated:
        return "undated"
    if ruling.open_ended:
        return "open"
    return ruling.until.isoformat() if ruling.until else "none"


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _dates(text: str) -> dict[Start, date]:
    pairs = (part.split("=") for part in text.split())
    return {Start(name): date.fromisoformat(day) for name, day in pairs}


def cases() -> Iterator[Case]:
    """Every case, in the order of the files."""
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file, strict=True), 2):
                matter = Matter(
                    topic=Topic(row["topic"]),
                    on=date.fromisoformat(row["on"]),
                    personal=row["personal"] == "yes",
                    kind=row["kind"],
                    tier=Tier(row["tier"]) if row["tier"] else None,
                    dates=_dates(row["dates"]),
                    listed=row["listed"] == "yes",
                    delisted=_date(row["delisted"]),
                )
                places = tuple(row["jurisdictions"].split())
                yield Case(path.stem, line, row["case"], places, matter, row["rule"],
                           row["until"], row["article"])  # fmt: skip
