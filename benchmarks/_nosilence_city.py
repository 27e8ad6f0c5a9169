"""The people of a year without silence: enterprises of the city, a desk for each lender."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

PASSWORD = "a long enough passphrase 7"  # noqa: S105 - of invented people


@dataclass
class Bank:
    """A lender with one officer. `kind`: prompt, slow or mute."""

    lender: str
    kind: str
    officer: Any


@dataclass
class Firm:
    """An enterprise with its representative."""

    enterprise: int
    viewer: Any


@dataclass
class Results:
    """What came of the year; days are working days, infinite where there was none."""

    needs: int = 0
    applications: int = 0
    proposals: int = 0
    taken_up: int = 0
    moves: int = 0
    without_product: int = 0
    unexplained: int = 0
    left: int = 0
    to_bad: float = 0.0
    first_answers: list[float] = field(default_factory=list)
    decisions: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


def earlier(found: dict[str, datetime | None], need: str, when: datetime | None) -> None:
    """Keep the first moment of a need."""
    known = found.get(need)
    if when is not None and (known is None or when < known):
        found[need] = when
    else:
        found.setdefault(need, None)


def everything(now: datetime) -> Any:
    """All that a lender may ask, ticked."""
    from xinrong.market.services import applying
    from xinrong.trust.services import consenting

    levels = applying.wanted(now).levels
    return consenting.Answer(levels, levels)


def firms_of(many: int) -> list[Firm]:
    """Enterprises of the generator's city with a representative each."""
    from tests.profiles import city
    from xinrong.accounts.services import create_organisation, create_person, viewer_of

    city.make_enterprises(range(1, many + 1))
    city.fill(city.city_rows(many))
    made = []
    for number in range(1, many + 1):
        own = create_organisation(
            f"企业{number}（虚构）", "enterprise", reference=city.code(number)
        )
        person = create_person(
            f"firm{number}@example.cn", PASSWORD, name="x", organisation=own,
            role="representative",
        )  # fmt: skip
        made.append(Firm(number, viewer_of(person)))
    return made


def banks_of(random: Random) -> dict[str, Bank]:
    """Every lender of the region with one officer; a third are slow or mute."""
    from django.conf import settings

    from xinrong.accounts.services import create_organisation, create_person, viewer_of
    from xinrong.market.services import load_products

    lenders = list(load_products(settings.REGION).lenders)
    bad = random.sample(range(len(lenders)), len(lenders) // 3)
    mute = set(bad[: len(bad) // 2])
    made = {}
    for place, lender in enumerate(lenders):
        bank = create_organisation(lender.title.zh, "bank", reference=lender.id)
        person = create_person(
            f"{lender.id}@example.cn", PASSWORD, name="x", organisation=bank, role="loan_officer"
        )
        kind = "mute" if place in mute else "slow" if place in bad else "prompt"
        made[lender.id] = Bank(lender.id, kind, viewer_of(person))
    return made
