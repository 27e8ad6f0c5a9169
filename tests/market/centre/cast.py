"""Who asks for services and who gives them, and a day that tests move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.market.needs.cast import FIRM, OTHER, person, representative
from tests.profiles import city
from xinrong.accounts.services import Viewer
from xinrong.market.services import centre
from xinrong.work import services as work

NOW = datetime.fromisoformat("2026-11-02T10:00+08:00")  # a Monday
SERVICE = "policy_consultation"  # answered within two working days
WORDS = "想了解首次贷款的贴息政策。"


@dataclass
class Desk:
    """The firm, another one, an officer of the department, the operator, and the moment."""

    firm: Viewer
    other: Viewer
    officer: Viewer
    operator: Viewer
    now: datetime = NOW

    def ask(self, service: str = SERVICE, text: str = WORDS, who: Viewer | None = None) -> str:
        """A request; its number."""
        return centre.ask(who or self.firm, service, text, now=self.now).number

    def take_up(self, number: str, **more: Any) -> None:
        centre.take_up(self.officer, number, version=None, now=self.now, **more)

    def move(self, number: str, event: str, who: Viewer, text: str = "好的") -> None:
        work.move(number, event, who, version=None, now=self.now, text=text)

    def state(self, number: str) -> str:
        return self.case(number).state

    def case(self, number: str) -> work.Case:
        return work.Case.objects.get(number=number)

    def wait(self, number: str) -> str:
        """Until the next clock has ended, and what that made happen; the state."""
        case = self.case(number)
        assert case.due_at is not None
        self.now = case.due_at + timedelta(seconds=1)
        work.tick(self.now)
        return self.state(number)


def a_desk() -> Desk:
    """Everybody; the enterprises are made where they are not there."""
    return Desk(
        representative(FIRM),
        representative(OTHER),
        person("science", "department", "data_officer", "science"),
        person("centre-operator", "operator", "operator"),
    )


def firms() -> None:
    city.make_enterprises([FIRM, OTHER])
