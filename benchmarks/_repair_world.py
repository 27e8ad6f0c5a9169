"""The world of `repair`: invented firms with penalties, who looks at them, and the worker."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

CATEGORY = "administrative_penalty"
#: Keys of the bank's systems: each may ask so often a minute.
KEYS = 40


@dataclass
class World:
    """The firms and whoever looks at them: ids, codes, viewers, and how they come in over HTTP."""

    codes: list[str] = field(default_factory=list)
    enterprises: list[int] = field(default_factory=list)
    firms: list[Any] = field(default_factory=list)  # viewers of their representatives
    department: Any = None
    bank: Any = None
    cookies: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    feed_token: str = ""


def today() -> date:
    """The day in China."""
    from xinrong.domain.clock import day_in_china

    return day_in_china(datetime.now(UTC))


def build(firms: int, each: int) -> World:
    """Firms with penalties of the last months, a department, a bank with consents and keys."""
    from tests.rating.support import operators, put_in_force
    from tests.remedy.repair_support import Cast, code, penalty
    from xinrong.accounts.services import create_key, create_organisation, viewer_of
    from xinrong.subjects.services import Identity, ensure_subjects, enterprise_by_code, link_new
    from xinrong.trust.services import Stage, grant_consent

    world, cast, now = World(), Cast(), datetime.now(UTC)
    office = create_organisation("生态（虚构）", "department", reference="ecology")
    bank = create_organisation("银行（虚构）", "bank")
    put_in_force(operators())
    world.department = viewer_of(person(office, "data_officer", "office"))
    world.bank = viewer_of(person(bank, "loan_officer", "lender"))
    rows: list[dict[str, Any]] = []
    for firm in range(firms):
        own = code(firm + 1)
        [subject] = ensure_subjects([Identity(own, f"甲{firm}（虚构）有限公司", "market")])
        link_new({subject: f"甲{firm}（虚构）有限公司"}, 0, register=True)
        enterprise = enterprise_by_code(own).pk
        representative = person(
            create_organisation(f"甲{firm}", "enterprise", reference=own),
            "representative",
            f"firm{firm}",
        )
        world.codes.append(own)
        world.enterprises.append(enterprise)
        world.firms.append(viewer_of(representative))
        world.cookies.append(session_of(representative))
        grant_consent(
            enterprise, bank.pk, ["tax_payment", "tax_credit_grade", "social_insurance"],
            [Stage.PRE_LOAN], now=now, valid_until=now + timedelta(days=30), max_level=4,
        )  # fmt: skip
        rows += [
            penalty(subject, key_of(firm, number), today() - timedelta(days=30 + number))
            for number in range(each)
        ]
    cast.send(CATEGORY, rows, feed="ecology_penalties", department="ecology")
    day = timedelta(days=1)
    world.tokens = [
        create_key(bank, f"bench {n}", ["files"], valid_for=day, now=now)[1] for n in range(KEYS)
    ]
    world.feed_token = create_key(bank, "feed", ["withdrawals"], valid_for=day, now=now)[1]
    return world


def key_of(firm: int, number: int) -> int:
    """The key of a firm's penalty."""
    return (firm + 1) * 1_000 + number


def person(organisation: Any, role: str, name: str) -> Any:
    """Somebody with a role."""
    from tests.remedy.repair_support import PASSWORD
    from xinrong.accounts.services import create_person

    return create_person(
        f"{name}@example.invalid", PASSWORD, name=name, organisation=organisation, role=role
    )


def session_of(who: Any) -> str:
    """The cookie of a whole session."""
    from django.test import Client

    from xinrong.accounts.mfa.sessions import complete

    client = Client()
    client.force_login(who)
    session = client.session
    complete(session, who, "totp", now=datetime.now(UTC))
    return f"sessionid={session.session_key}"


@contextmanager
def worker(folder: Path) -> Iterator[None]:
    """The background work of the platform, as an operator starts it."""
    log = (folder / "worker.log").open("wb")
    command = [sys.executable, "-m", "xinrong.cli.main", "worker"]
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
        log.close()
