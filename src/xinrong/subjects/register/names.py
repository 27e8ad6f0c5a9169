"""Which name an enterprise had when, as far as the register says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import batched
from typing import NamedTuple

from django.db.models import QuerySet

from xinrong.domain.names import fold
from xinrong.subjects.models import EnterpriseName, RegisterChange
from xinrong.subjects.register.changes import standing

CHUNK = 500


class NamePeriod(NamedTuple):
    """A folded name from a day (inclusive) to a day (exclusive); None where it is not known.

    The days are those as of which the register first said so: the change itself may be older.
    """

    enterprise: int
    folded: str
    since: date | None
    until: date | None


def name_periods(enterprises: Iterable[int] | None = None) -> Iterator[NamePeriod]:
    """The names of some enterprises (all when None) with their periods, in no order.

    A name that only other sources gave has no period: both ends are None. A name that came back
    has two rows.
    """
    if enterprises is None:
        yield from _periods(RegisterChange.objects.all(), EnterpriseName.objects.all())
        return
    for some in batched(enterprises, CHUNK):
        changes = RegisterChange.objects.filter(enterprise__in=some)
        yield from _periods(changes, EnterpriseName.objects.filter(enterprise__in=some))


def _periods(
    changes: QuerySet[RegisterChange], names: QuerySet[EnterpriseName]
) -> Iterator[NamePeriod]:
    chains: dict[int, list[NamePeriod]] = {}
    told = changes.filter(what="name").order_by("enterprise", "seq", "pk")
    confirmed = changes.filter(what="provisional", retracted_seq=None)
    first = set(confirmed.values_list("enterprise", "seq"))
    by_enterprise: dict[int, list[RegisterChange]] = {}
    for change in standing(told):
        by_enterprise.setdefault(change.enterprise_id, []).append(change)
    for enterprise, own in by_enterprise.items():
        chains[enterprise] = _chain(enterprise, own, guessed=(enterprise, own[0].seq) in first)
    for enterprise, folded in names.values_list("enterprise", "folded_name").iterator(10_000):
        chain = chains.get(enterprise, ())
        if all(folded != one.folded for one in chain):
            yield NamePeriod(enterprise, folded, None, None)
    for chain in chains.values():
        yield from chain


def _chain(
    enterprise: int, changes: Sequence[RegisterChange], *, guessed: bool
) -> list[NamePeriod]:
    """The register's names one after another; `guessed`: the first was another source's."""
    days = [change.day for change in changes]
    found = [] if guessed else [NamePeriod(enterprise, fold(changes[0].before), None, days[0])]
    for place, change in enumerate(changes):
        since = None if guessed and place == 0 else change.day
        until = days[place + 1] if place + 1 < len(days) else None
        found.append(NamePeriod(enterprise, fold(change.after), since, until))
    return found
