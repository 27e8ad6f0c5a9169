"""An enterprise of the invented city's catalogue, a bank that asks, and a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from xinrong.trust.consenting import services as consenting
from xinrong.trust.consenting.services import Answer, Party, Wanted

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
LEVELS = {"tax_payment": 3, "loan": 4}


def wanted(**changes: Any) -> Wanted:
    return Wanted(
        **{
            "template": "credit",
            "purpose": "credit",
            "stages": ("pre_loan",),
            "levels": LEVELS,
            "days": 30,
            "keep_days": 90,
            "one_time": False,
            "data_from": (NOW - timedelta(days=700)).date(),
            **changes,
        }
    )


@pytest.fixture
def city(settings: Any, tmp_path: Any, firms: Any, people: Any) -> SimpleNamespace:
    """`city.ask()`, `city.grant(request)`: the process with everything right."""
    settings.REGION = "taizhou"
    settings.SIGNING_KEY_FILE = tmp_path / "key.pem"
    settings.PUBLIC_KEYS_FILE = tmp_path / "keys.json"
    bank = Party.of(people.lender, "李四")
    firm = Party.of(people.representative, "张三")

    def ask(*, now: datetime = NOW, by: Party = bank, **changes: Any) -> Any:
        more = {key: changes.pop(key) for key in ("loan_reference", "message") if key in changes}
        return consenting.ask(firms[0].pk, by, wanted(**changes), now=now, **more)

    def grant(request: Any, *, now: datetime = NOW, **changes: Any) -> Any:
        values = {"categories": set(request.levels), "sensitive": set(request.levels), **changes}
        return consenting.grant(request.number, firms[0].pk, firm, Answer(**values), now=now)

    return SimpleNamespace(
        ask=ask, grant=grant, bank=bank, firm=firm, firms=firms, people=people, now=NOW
    )
