"""What `banklink` finds at the end: nothing lost, doubled, different or unsigned, anywhere."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from benchmarks._banklink_world import Bank, World

#: States in which an application has come to where its bank's habits bring it.
SETTLED = frozenset({"refused", "repaying", "closed", "disbursed", "withdrawn", "upheld"})


@dataclass
class Verdict:
    """What was found, each with words."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)
    messages: int = 0


def ledger_of(bank: Bank, sql: str) -> list[tuple[Any, ...]]:
    """What stands in a bank's own file."""
    line = sqlite3.connect(f"file:{bank.ledger}?mode=ro", uri=True)
    try:
        return line.execute(sql).fetchall()
    finally:
        line.close()


def judge(world: World) -> Verdict:
    """Both sides' books, message by message."""
    found = Verdict()
    for bank in world.banks:
        to_the_bank(bank, found)
        to_the_platform(bank, found)
        signatures(bank, found)
    payments(world, found)
    return found


def to_the_bank(bank: Bank, found: Verdict) -> None:
    """Every numbered message of the platform is in the bank's ledger once."""
    from xinrong.market.services import linking

    rows = linking.OutMessage.objects.filter(link=bank.link, sequence__gt=0)
    ours = {
        (application, sequence)
        for application, sequence in rows.values_list("conversation__application", "sequence")
    }
    theirs = Counter(
        (application, sequence)
        for application, sequence in ledger_of(
            bank, "SELECT application, sequence FROM received WHERE sequence > 0"
        )
    )
    found.messages += len(ours)
    found.lost += [f"{bank.name} never got {one}" for one in ours - set(theirs)]
    found.doubled += [f"{bank.name} got {one} {n} times" for one, n in theirs.items() if n > 1]
    found.doubled += [f"{bank.name} got {one} of nobody" for one in set(theirs) - ours]


def to_the_platform(bank: Bank, found: Verdict) -> None:
    """Every numbered message of the bank is with the platform once, applied or refused."""
    from xinrong.market.services import linking

    rows = linking.InMessage.objects.filter(link=bank.link, sequence__gt=0)
    ours = Counter(
        (application, sequence)
        for application, sequence in rows.exclude(outcome=linking.Taken.PARKED).values_list(
            "conversation__application", "sequence"
        )
    )
    theirs = {
        (application, sequence)
        for application, sequence in ledger_of(
            bank, "SELECT application, sequence FROM said WHERE sequence > 0"
        )
    }
    found.messages += len(theirs)
    found.lost += [f"the platform never got {one} of {bank.name}" for one in theirs - set(ours)]
    found.doubled += [f"{one} of {bank.name} counts {n} times" for one, n in ours.items() if n > 1]
    found.lost += [f"{bank.name} has lost its own {one}" for one in set(ours) - theirs]


def signatures(bank: Bank, found: Verdict) -> None:
    """Everything that was kept verifies with the secret of whoever said it."""
    from xinrong.market.linking.signing import sign
    from xinrong.market.services import linking

    now = datetime.now(UTC)
    sides = {
        linking.Direction.THEIRS: linking.InMessage.objects.filter(link=bank.link).values_list(
            "number", "stamp", "body", "signature"
        ),
        linking.Direction.OURS: ledger_of(
            bank, "SELECT name, stamp, body, signature FROM received"
        ),
    }
    for direction, rows in sides.items():
        secrets = linking.secrets_of(bank.link, direction, now=now)
        for name, stamp, body, signature in rows:
            at = datetime.fromtimestamp(stamp, UTC)
            if sign(secrets, name, at, body.encode())["webhook-signature"] != signature:
                found.unverified.append(f"{bank.name} {name}")


def payments(world: World, found: Verdict) -> None:
    """Each application is where its bank brought it, and its money moved once."""
    from xinrong.market.applying.models import Payment
    from xinrong.market.services import applying

    numbers = list(world.owners)
    states = applying.states_of(numbers)
    found.lost += [
        f"{number} is still {states[number].state}"
        for number in numbers
        if number not in states or states[number].state not in SETTLED
    ]
    rows = Payment.objects.filter(replaced_at=None).values_list("loan__application__number", "kind")
    for (number, kind), times in Counter(rows).items():
        if times > 1:
            found.doubled.append(f"{number} has {times} of {kind}")


def ledgers_differ(world: World) -> list[str]:
    """What the last exchange of ledgers left, and sums counted from both books directly."""
    from xinrong.market.services import applying, linking

    wrong = [str(one) for one in linking.open_differences()]
    for bank in world.banks:
        rows = ledger_of(
            bank, "SELECT type, body FROM said WHERE type IN ('disbursement', 'repayment') "
            "AND state <> 'refused'"
        )  # fmt: skip
        there = {
            "disbursement": sum(yuan_of(body, "amount") for kind, body in rows if kind[0] == "d"),
            "repayment": sum(yuan_of(body, "principal") for kind, body in rows if kind[0] == "r"),
        }
        own = applying.applications_of_bank([bank.organisation.pk]).values_list("number", flat=True)
        sums = applying.sums_of(list(own)).values()
        here = {
            "disbursement": int(sum(one.disbursed for one in sums) * 100),
            "repayment": int(sum(one.repaid for one in sums) * 100),
        }
        if there != here:
            wrong.append(f"{bank.name}: {here} here, {there} there")
    return wrong


def yuan_of(body: str, name: str) -> int:
    """An amount of a message in fen."""
    import json
    from decimal import Decimal

    return int(Decimal(json.loads(body)["data"][name]) * 100)
