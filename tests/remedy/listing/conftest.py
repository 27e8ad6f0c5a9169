"""An invented city with lists: an employer who owes wages, its department, and those who act."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.profiles import city
from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.remedy.listing.handling import handle_lists
from xinrong.remedy.listing.proposing import Person, Proposed, candidates, propose
from xinrong.store import services as store
from xinrong.work.services import Case, deliver, move, tick

NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)  # a Monday, ten o'clock in China
DAY = timedelta(days=1)
#: After the five working days of the notice.
HEARD = datetime(2026, 11, 10, 2, tzinfo=UTC)
PASSWORD = "a long enough passphrase 7"
WAGES = {
    "subject": 1, "key": 11, "polarity": -1, "code": "案1", "amount": 5_000_000,
    "event_date": date(2026, 9, 1), "status": "open", "quantity": 12,
}  # fmt: skip
DEPARTMENTS = ("human_resources", "finance", "tax", "court", "economy")


class Town:
    """What the tests know of it."""

    def __init__(self) -> None:
        city.make_enterprises(range(1, 5))
        city.put(city.rows_of("wage_arrears", WAGES, {**WAGES, "subject": 2, "key": 12}), NOW)
        for name in DEPARTMENTS:
            setattr(self, name, self.person(name, "department", "data_officer", name))
        self.firm = self.person("firm", "enterprise", "representative", city.code(1))
        self.operator = self.person("operator", "operator", "operator", "")

    @staticmethod
    def person(name: str, kind: str, role: str, reference: str) -> Any:
        made = create_organisation(f"{name}（虚构）", kind, reference=reference)
        person = create_person(
            f"{name}@example.cn", PASSWORD, name=name, organisation=made, role=role
        )
        return viewer_of(person)

    def ref(self, number: int = 1) -> str:
        """The record of wages of an enterprise, as the department's look at its file names it."""
        found = candidates(self.human_resources, "malicious_arrears", city.code(number), now=NOW)
        return found[0].record.ref

    def wanted(self, **change: Any) -> Proposed:
        """The department tells the employer."""
        given = {
            "list": "malicious_arrears", "code": city.code(1), "ground": "wages",
            "why": "经责令逾期未付", "persons": (Person("虚构人", "法定代表人"),), **change,
        }  # fmt: skip
        given.setdefault("record", self.ref())
        return Proposed(**given)

    def propose(self, *, now: datetime = NOW, **change: Any) -> Case:
        return propose(self.human_resources, self.wanted(**change), now=now)

    def entered(self, now: datetime = HEARD) -> Case:
        """An entry that stands."""
        case = self.propose()
        tick(now)
        assert go(case, "enter", self.human_resources, now) == "entered"
        return case


def go(case: Case, event: str, who: Any, now: datetime = NOW, text: str = "因为如此") -> str:
    case.refresh_from_db()
    move(case.number, event, who, version=case.version, now=now, text=text)
    deliver(now)
    case.refresh_from_db()
    return str(case.state)


@pytest.fixture
def taizhou(settings: Any, tmp_path: Path) -> None:
    settings.REGION = "taizhou"
    settings.JOURNAL = tmp_path / "journal"
    handle_lists()


@pytest.fixture
def town(db: None, taizhou: None, settings: Any, store_root: Path) -> Town:
    return Town()


def hide(basis: str = "repair", key: int = 11, subject: int = 1) -> store.RecordId:
    """Suppress the record of wages."""
    record = store.RecordId("wage_arrears", key, subject)
    store.suppress([record], basis=basis, article="示例第一条", reason="测试", at=HEARD)
    return record
