"""A small platform with one register file taken in, and everybody who calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xinrong.accounts.services import Person, create_key, create_organisation, create_person
from xinrong.api.v1.root import THROTTLE
from xinrong.collect.services import collect_file
from xinrong.domain.clock import FixedClock
from xinrong.domain.uscc import check_digit
from xinrong.subjects.services import enterprise_by_code

PASSWORD = "a long enough passphrase 7"
BODIES = ("91110118MAC905JG2", "91110118MAC9NY8M6")
CODES = [body + check_digit(body) for body in BODIES]
UNKNOWN = "91110108MA01ABCD1" + check_digit("91110108MA01ABCD1")
CLOCK = FixedClock(datetime(2026, 11, 1, tzinfo=UTC))


@dataclass
class Platform:
    """What the tests know of it."""

    batch: int
    organisations: dict[str, Any]


@pytest.fixture
def platform(db: None, store_root: Path, tmp_path: Path) -> Platform:
    """Two enterprises taken in from the register's feed, one row quarantined."""
    path = tmp_path / "register.csv"
    rows = ["企业名称,统一社会信用代码,核准日期", f"甲（虚构）有限公司,{CODES[0]},2023-02-17"]
    rows += [f"乙（虚构）有限公司,{CODES[1]},2023-03-29", "丙（虚构）有限公司,123,2023-03-30"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    receipt = collect_file(path, "new_domestic_enterprises", clock=CLOCK)
    organisations = {
        "bank": create_organisation("海丰银行（虚构）", "bank"),
        "sender": create_organisation("登记机关", "department", reference="market_regulation"),
        "other": create_organisation("税务", "department", reference="tax"),
        "operator": create_organisation("平台", "operator"),
        "firm": create_organisation("甲", "enterprise", reference=CODES[0]),
    }
    return Platform(receipt.batch, organisations)


@pytest.fixture
def firm(platform: Platform) -> int:
    return enterprise_by_code(CODES[0]).pk


SCOPES = ("files", "batches", "records", "quarantine")


class Keys:
    """Makes keys; `keys("bank")` is the header of a fresh one."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def __call__(self, name: str, scopes: tuple[str, ...] = SCOPES, **more: Any) -> dict[str, str]:
        values = {"valid_for": timedelta(days=30), "now": timezone.now(), **more}
        _, token = create_key(self.platform.organisations[name], "test", scopes, **values)
        return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def keys(platform: Platform) -> Keys:
    return Keys(platform)


@pytest.fixture
def client() -> Client:
    """A fresh client; nobody has called this minute."""
    THROTTLE.counts.clear()
    return Client(raise_request_exception=False)


def signed_in(client: Client, platform: Platform, name: str, role: str) -> Person:
    """Sign somebody in on the site."""
    person = create_person(
        f"{name}@example.cn",
        PASSWORD,
        name=name,
        organisation=platform.organisations[name],
        role=role,
    )
    client.force_login(person)
    return person
