"""Who keeps a list of key projects, who owns one, and a project as it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.market.needs.cast import FIRM, OTHER, person, representative
from tests.profiles import city
from xinrong.accounts.services import Viewer
from xinrong.market.services import projects

NOW = datetime.fromisoformat("2026-11-02T10:00+08:00")
TOLD = {
    "code": city.code(FIRM),
    "title": "智能泵阀二期",
    "amount": "3000万",
    "months": "36",
    "document": "重点项目计划（虚构）",
    "article": "第三条",
    "listed_from": "2026-01-01",
    "listed_until": "2027-12-31",
}


@dataclass
class Board:
    """The owner, another enterprise, an officer, one of another department, and the moment."""

    firm: Viewer
    other: Viewer
    officer: Viewer
    stranger: Viewer
    now: datetime = NOW

    def add(self, who: Viewer | None = None, **more: str) -> projects.KeyProject:
        told = TOLD | more
        return projects.add(
            who or self.officer, told["code"], projects.read_listing(told), now=self.now
        )

    def sheet(self, content: str, name: str = "list.csv") -> Any:
        return projects.read_sheet(self.officer, name, content.encode(), now=self.now)


def a_board() -> Board:
    """Everybody; the enterprises are there."""
    return Board(
        representative(FIRM),
        representative(OTHER),
        person("planning", "department", "data_officer", "development"),
        person("traffic", "department", "data_officer", "traffic"),
    )


def firms() -> None:
    city.make_enterprises([FIRM, OTHER])


def csv_of(*rows: dict[str, str]) -> str:
    """A sheet with these rows."""
    lines = [",".join(projects.HEADINGS.values())]
    lines += [",".join((TOLD | row)[name] for name in projects.FIELDS) for row in rows]
    return "\n".join(lines)
