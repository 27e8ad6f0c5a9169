"""An invented firm that the register knows, what is sent about it, and who looks at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.store.rows import put, row
from xinrong.accounts.services import Viewer, create_organisation, create_person, viewer_of
from xinrong.domain.clock import FixedClock
from xinrong.domain.uscc import check_digit
from xinrong.store.services import (
    Committed,
)
from xinrong.subjects.services import (
    Identity,
    ensure_subjects,
    enterprise_by_code,
    link_new,
)
from xinrong.trust.services import Purpose, Release, Stage, grant_consent

TODAY = date(2026, 11, 1)
CLOCK = FixedClock(datetime(2026, 11, 1, 4, tzinfo=UTC))
Service = Callable[..., Release]


def code(number: int) -> str:
    first = f"91331002XR{number:07d}"
    return first + check_digit(first)


FIRM, BUYER = code(1), code(2)


@pytest.fixture
def taizhou(settings: Any) -> None:
    settings.REGION = "taizhou"


@pytest.fixture
def firm() -> int:
    """An invented firm that the register knows, and its subject is number 1 of these tests."""
    send("registration", "market_registration", name_of={FIRM: "甲（虚构）有限公司"}, register=True)
    return enterprise_by_code(FIRM).pk


def send(
    category: str,
    feed: str,
    *rows: dict[str, Any],
    name_of: dict[str, str] | None = None,
    register: bool = False,
) -> Committed:
    """Commit rows of a category; a row's subject is a code."""
    names = name_of or {}
    codes = sorted({line["subject"] for line in rows} | set(names))
    numbers = dict(
        zip(codes, ensure_subjects([Identity(each, "", "d") for each in codes]), strict=True)
    )
    if register and not rows:
        rows = tuple(row(each, n, n, t1="x") for n, each in enumerate(codes, start=1))
    made = [{**line, "subject": numbers[line["subject"]], "category": category} for line in rows]
    done = put(*made, feed=feed, category=category)
    linked = {numbers[each]: names.get(each, "") for each in codes}
    link_new(linked, done.seq, register=register)
    return done


def penalty(key: int, on: date | None, fine: int = 500_00) -> dict[str, Any]:
    return row(FIRM, key, key, code=f"罚{key}", event_date=on, polarity=-1, amount=fine, t3="某局")


def tax(key: int, on: date, paid: int = 1_000_00) -> dict[str, Any]:
    return row(FIRM, key, key, code="vat", event_date=on, amount=paid, t1=f"{on:%Y-%m}")


def honour(key: int, on: date) -> dict[str, Any]:
    return row(FIRM, key, key, code=f"誉{key}", event_date=on, polarity=1, t1="诚信示范企业")


def acting(name: str, kind: str, role: str, reference: str = "") -> Viewer:
    organisation = create_organisation(name, kind, reference=reference)
    return viewer_of(
        create_person(
            f"{role}@x.invalid", "a long enough passphrase 7", name=role,
            organisation=organisation, role=role,
        )
    )  # fmt: skip


@pytest.fixture
def banker() -> Viewer:
    return acting("海丰银行（虚构）", "bank", "loan_officer")


@pytest.fixture
def owner(firm: int) -> Viewer:
    return acting("甲（虚构）有限公司", "enterprise", "representative", FIRM)


def by_bank(service: Service, banker: Viewer, firm: int, **more: Any) -> Release:
    return service(banker, firm, Purpose.CREDIT, Stage.PRE_LOAN, clock=CLOCK, **more)


def by_owner(service: Service, owner: Viewer, firm: int, **more: Any) -> Release:
    return service(owner, firm, Purpose.SELF, clock=CLOCK, **more)


def consent(banker: Viewer, firm: int, level: int, *categories: str) -> None:
    now = timezone.now()
    assert banker.organisation_id is not None
    grant_consent(
        firm,
        banker.organisation_id,
        categories,
        list(Stage),
        now=now - timedelta(minutes=1),
        valid_until=now + timedelta(days=30),
        max_level=level,
    )
