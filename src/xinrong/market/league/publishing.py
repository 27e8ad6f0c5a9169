"""League tables as they are published: each figure by its own query, behind the floor.

Nothing is published of fewer than ten enterprises. Numbers are in tens, shares in whole percent.
Where a sum would give a single hidden row away as the difference to the others, the smallest row
that is shown is hidden with it. A bank sees its own figures exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import floor
from typing import Any

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.market.errors import MarketRefused
from xinrong.market.league.deals import Deals, Period, deals_of, stamp
from xinrong.market.league.definitions import (
    COLUMN,
    FIGURES,
    REASONS_QUERY,
    UNEXPLAINED,
    By,
    Figure,
    Unit,
)
from xinrong.market.league.perms import can_see_own_league
from xinrong.store.services import engine

#: Figures of fewer enterprises are not published; numbers are multiples of STEP.
FLOOR, STEP = 10, 10
_DECIMALS: Mapping[Unit, int] = {
    Unit.SHARE: 0, Unit.DAYS: 1, Unit.PERCENT: 2, Unit.YUAN: 0, Unit.MARK: 1,
}  # fmt: skip
#: Units whose rows add up to the whole.
_ADDED = frozenset({Unit.NUMBER, Unit.YUAN})


@dataclass(frozen=True)
class League:
    """A table: its rows in order, and each one's figures by name; None is not shown.

    `reasons` has the refusals by reason of each row. `exact`: of a bank's own deals, no floor.
    """

    by: By
    period: Period
    rows: tuple[str, ...]
    figures: Mapping[str, Mapping[str, float | None]]
    reasons: Mapping[str, Mapping[str, float | None]]
    exact: bool

    def of(self, row: str, figure: str) -> float | None:
        """One figure of a row."""
        return self.figures.get(row, {}).get(figure)


def published(by: By, *, now: datetime, period: Period | None = None) -> League:
    """The figures of all banks for everybody, of the last year unless a period is named."""
    return _published(by, period or Period.year_to(day_in_china(now)), stamp())


@lru_cache(maxsize=64)
def _published(by: By, period: Period, _stamp: tuple[Any, ...]) -> League:
    """Computed once for as long as no deal changes: anybody may ask, as often as they like."""
    return _league(deals_of(period), by, period, exact=False)


def own(who: Viewer, by: By, *, now: datetime, period: Period | None = None) -> League:
    """The figures of the viewer's own bank and its outlets, exactly. Raises MarketRefused."""
    if not can_see_own_league(who):
        raise MarketRefused(
            "only a bank sees its own league table", remedy="Sign in for one.", code="league_role"
        )
    asked = period or Period.year_to(day_in_china(now))
    bank = who.institution_id or who.organisation_id
    return _league(deals_of(asked, institution=bank), by, asked, exact=True)


def _league(deals: Deals, by: By, period: Period, *, exact: bool) -> League:
    figures: dict[str, dict[str, float | None]] = {}
    for figure in (*FIGURES, UNEXPLAINED):
        for row, value in _figure(deals, figure, by, exact=exact).items():
            figures.setdefault(row, {})[figure.name] = value
    if exact:  # of one's own there are none where there is no row
        for told in figures.values():
            told |= {
                one.name: 0.0
                for one in FIGURES
                if one.unit in _ADDED and told.get(one.name) is None
            }
    rows = tuple(sorted(row for row in figures if row or by is not By.AREA))
    return League(by, period, rows, figures, _reasons(deals, by, exact=exact), exact)


def _figure(deals: Deals, figure: Figure, by: By, *, exact: bool) -> dict[str, float | None]:
    found = engine().query(figure.query(by), {"deals": deals.deals}).to_pylist()
    told = {str(one["grp"]): (one["value"], one["enterprises"]) for one in found}
    if exact:
        return {row: None if value is None else float(value) for row, (value, _n) in told.items()}
    hidden = {row for row, (_value, many) in told.items() if many < FLOOR}
    if figure.unit in _ADDED and len(hidden) == 1 and len(told) > 1:
        hidden.add(min((row for row in told if row not in hidden), key=lambda row: told[row]))
    return {
        row: None if row in hidden else rounded(value, figure.unit)
        for row, (value, _many) in told.items()
    }


def _reasons(deals: Deals, by: By, *, exact: bool) -> dict[str, dict[str, float | None]]:
    query = REASONS_QUERY.format(column=COLUMN[by])
    found = engine().query(query, {"refusals": deals.refusals}).to_pylist()
    told: dict[str, dict[str, float | None]] = {}
    for one in found:
        shown = exact or one["enterprises"] >= FLOOR
        value = float(one["value"]) if exact else rounded(one["value"], Unit.NUMBER)
        told.setdefault(str(one["grp"]), {})[one["reason"]] = value if shown else None
    return told


def rounded(value: float | None, unit: Unit) -> float | None:
    """A figure as it is published: numbers in tens, the rest to the decimals of its unit."""
    if value is None:
        return None
    if unit is Unit.NUMBER:
        return float(STEP * floor(value / STEP + 0.5))
    return round(float(value), _DECIMALS[unit])


def order(league: League, figure: str, *, descending: bool = False) -> Sequence[str]:
    """Rows by a figure; those that do not show it last, by name."""

    def key(row: str) -> tuple[bool, float, str]:
        value = league.of(row, figure)
        return (value is None, (-value if descending else value) if value is not None else 0, row)

    return sorted(league.rows, key=key)
