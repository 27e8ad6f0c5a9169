"""The chances of approval that were counted, as of a day: one row is read, and kept in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from xinrong.market.errors import MarketRefused
from xinrong.market.matching.chances import NOTHING_KNOWN, Chances, Decided
from xinrong.market.matching.models import ApprovalDay


def chances_on(day: date) -> Chances:
    """What was known when a day began: the newest figures that are not later."""
    row = ApprovalDay.objects.filter(day__lte=day).order_by("-day").first()
    return NOTHING_KNOWN if row is None else _chances_of(row)


def chances_of_day(day: date) -> Chances:
    """The figures of just that day. Raises MarketRefused where they are gone."""
    row = ApprovalDay.objects.filter(day=day).first()
    if row is None:
        raise MarketRefused(
            f"the chances of approval of {day}, by which this was ranked, are not there",
            remedy="Restore table market_approvalday from a backup: its rows are never deleted.",
            code="match_chances_unknown",
        )
    return _chances_of(row)


def _chances_of(row: ApprovalDay) -> Chances:
    """A row as figures."""
    return Chances(
        row.day, _read(row.products), _read(row.lenders), Decided(*row.every) if row.every else None
    )


def _read(kept: Mapping[str, Sequence[int]]) -> dict[str, Decided]:
    return {name: Decided(*pair) for name, pair in kept.items()}
