"""Verbs of league tables: the figures that are published, and a bank's own."""

from __future__ import annotations

from xinrong.market.league.approving import count_approvals
from xinrong.market.league.deals import Period
from xinrong.market.league.definitions import (
    BY_NAME,
    BY_WORDS,
    COLUMN,
    FIGURES,
    REASONS_DEFINITION,
    REASONS_QUERY,
    UNEXPLAINED,
    UNIT_WORDS,
    By,
    Figure,
    Unit,
)
from xinrong.market.league.perms import can_see_own_league
from xinrong.market.league.publishing import FLOOR, STEP, League, order, own, published, rounded

__all__ = [
    "BY_NAME",
    "BY_WORDS",
    "COLUMN",
    "FIGURES",
    "FLOOR",
    "REASONS_DEFINITION",
    "REASONS_QUERY",
    "STEP",
    "UNEXPLAINED",
    "UNIT_WORDS",
    "By",
    "Figure",
    "League",
    "Period",
    "Unit",
    "can_see_own_league",
    "count_approvals",
    "order",
    "own",
    "published",
    "rounded",
]
