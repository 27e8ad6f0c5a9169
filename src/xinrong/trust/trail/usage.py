"""Usage accounts: who asked how much, counted from sealed audit rows.

Queries are free to banks and counted all the same. Whole blocks are counted, each once: their
numbers are added to daily sums in the transaction that notes how far the count came.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Sum

from xinrong.domain.clock import day_in_china
from xinrong.trust.sealing.models import AuditBlock, AuditSeal
from xinrong.trust.sealing.sealer import alone
from xinrong.trust.trail.models import UsageDay, UsageSeen, UsageState

#: Rows counted in one transaction.
AT_ONCE = 20_000
#: References looked up in one statement.
CHUNK = 500
SUMS = ("queries", "released", "denied", "failed", "new_users", "new_enterprises")


class Account(NamedTuple):
    """What is counted together in a month."""

    month: date
    organisation: int
    purpose: str
    stage: str


@dataclass(frozen=True)
class Usage:
    """One line of the accounts."""

    month: date
    organisation: int  # 0: nobody signed in
    purpose: str
    stage: str
    queries: int
    released: int
    denied: int
    failed: int
    users: int
    enterprises: int


def count_usage() -> int:
    """Count the sealed rows that are not counted yet; returns how many."""
    counted = 0
    while True:
        done = _count_some()
        counted += done
        if not done:
            return counted


def _count_some() -> int:
    with transaction.atomic():
        state, _ = UsageState.objects.get_or_create(pk=1)
        blocks = AuditBlock.objects.filter(number__gt=state.block).order_by("number")
        upto, rows = state.block, 0
        for number, count in blocks.values_list("number", "count")[:AT_ONCE]:
            if rows and rows + count > AT_ONCE:
                break
            upto, rows = number, rows + count
        if not rows or not alone():
            return 0
        _add(state.block, upto)
        state.block = upto
        state.save(update_fields=["block"])
    return rows


def _add(after: int, upto: int) -> None:
    """Add the rows of the blocks behind `after` up to `upto`."""
    sums: dict[tuple[Account, date], Counter[str]] = defaultdict(Counter)
    first_seen: dict[tuple[Account, str, int], date] = {}
    rows = AuditSeal.objects.filter(block__gt=after, block__lte=upto).values_list(
        "row__at",
        "row__organisation_id",
        "row__purpose",
        "row__stage",
        "row__outcome",
        "row__person_id",
        "row__api_key",
        "row__enterprises",
    )
    for at, organisation, purpose, stage, outcome, person, key, enterprises in rows.order_by(
        "block_id", "position"
    ):
        day = day_in_china(at)
        account = Account(day.replace(day=1), organisation or 0, purpose, stage)
        sums[account, day].update(("queries", outcome))
        user = person or (-key if key else 0)
        seen = [("e", one) for one in enterprises] + ([("u", user)] if user else [])
        for kind, reference in seen:
            first_seen.setdefault((account, kind, reference), day)
    for (account, kind, _reference), day in _note_new(first_seen).items():
        sums[account, day]["new_users" if kind == "u" else "new_enterprises"] += 1
    _write(sums)


def _note_new(
    found: dict[tuple[Account, str, int], date],
) -> dict[tuple[Account, str, int], date]:
    """Those who were not counted in their account yet; they are from now on."""
    groups: dict[tuple[Account, str], list[int]] = defaultdict(list)
    for account, kind, reference in found:
        groups[account, kind].append(reference)
    new = dict(found)
    for (account, kind), references in groups.items():
        for start in range(0, len(references), CHUNK):
            known = UsageSeen.objects.filter(
                **account._asdict(), kind=kind, reference__in=references[start : start + CHUNK]
            )
            for reference in known.values_list("reference", flat=True):
                del new[account, kind, reference]
    UsageSeen.objects.bulk_create(
        (
            UsageSeen(**account._asdict(), kind=kind, reference=reference)
            for account, kind, reference in new
        ),
        batch_size=2_000,
    )
    return new


def _write(sums: dict[tuple[Account, date], Counter[str]]) -> None:
    days = {day for _, day in sums}
    there = {
        (Account(one.month, one.organisation, one.purpose, one.stage), one.day): one
        for one in UsageDay.objects.filter(day__in=days)
    }
    changed: list[UsageDay] = []
    made: list[UsageDay] = []
    for (account, day), numbers in sums.items():
        row = there.get((account, day))
        (changed if row else made).append(row := row or UsageDay(**account._asdict(), day=day))
        for name in SUMS:
            setattr(row, name, getattr(row, name) + numbers[name])
    UsageDay.objects.bulk_create(made, batch_size=1_000)
    UsageDay.objects.bulk_update(changed, SUMS, batch_size=200)


def usage(first: date, last: date, organisations: Collection[int] | None = None) -> list[Usage]:
    """The accounts of the months from `first` to `last`, newest month first.

    `organisations` are ids, None for all. Users and enterprises are those of a month, purpose and
    stage; they are never added up, since one may stand in several.
    """
    found = UsageDay.objects.filter(month__gte=first.replace(day=1), month__lte=last)
    if organisations is not None:
        found = found.filter(organisation__in=organisations)
    grouped: Iterable[tuple[date | int | str, ...]] = (
        found.values_list("month", "organisation", "purpose", "stage")
        .annotate(*(Sum(name) for name in SUMS))
        .order_by("-month", "organisation", "purpose", "stage")
    )
    return [Usage(*row) for row in grouped]  # type: ignore[arg-type]
