"""Figures of the register, and who may learn of which of them in aggregate.

What is drawn from open columns of level 1 is published: everybody sees the same figures, and
nobody asks about anybody. A dimension that is drawn from more (the size class, of yearly reports)
is for those whose purpose may learn those columns in aggregate; each such look is an audit row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xinrong.accounts.services import Viewer
from xinrong.catalogue.region import Region
from xinrong.domain.clock import Clock, day_in_china
from xinrong.subjects.services import (
    REGISTER_DIMENSIONS,
    RegisterAsk,
    RegisterTable,
    register_inputs,
    register_table,
)
from xinrong.trust.counting.offering import may_learn, purpose_of
from xinrong.trust.errors import CountRefused
from xinrong.trust.gate import log_shown, region_now
from xinrong.trust.types import Purpose, Service

#: Nothing is asked about the time before.
EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True)
class RegisterFigures:
    """A table, and the audit row of the look; None where the table is published."""

    table: RegisterTable
    audit_id: int | None


def dimensions_for(who: Viewer, region: Region) -> tuple[str, ...]:
    """The dimensions by which a viewer may see the register's figures."""
    purpose = _purpose(who)
    inputs = register_inputs(region)
    return tuple(
        name
        for name in REGISTER_DIMENSIONS
        if name in inputs and _learns(purpose, region, inputs[name])
    )


def register_figures(who: Viewer, ask: RegisterAsk, *, clock: Clock) -> RegisterFigures:
    """The table that is asked for; nothing of the month that still runs.

    Raises CountRefused (count_column) for a dimension that the viewer may not learn of,
    CountUnknown for one that there is not, AuditUnavailable when the look cannot be logged.
    """
    region = region_now()
    ask = replace(ask, as_of=max(EARLIEST, min(ask.as_of, day_in_china(clock.now()))))
    inputs = register_inputs(region)
    wanted = [one for one in ask.dimensions if one in inputs]
    closed = [one for one in wanted if not _learns(Purpose.PUBLIC, region, inputs[one])]
    purpose = _purpose(who)
    for one in closed:
        if not _learns(purpose, region, inputs[one]):
            raise CountRefused(
                f"figures by {one} may not be learned for the purpose {purpose}",
                remedy="Choose another dimension.",
                code="count_column",
            )
    table = register_table(region, ask)
    if not closed:
        return RegisterFigures(table, None)
    row = log_shown(who, payload(table), service=Service.COUNT, purpose=purpose)
    return RegisterFigures(table, row.pk)


def payload(table: RegisterTable) -> dict[str, Any]:
    """The table, JSON-ready; the digest in an audit row is of this."""
    ask = table.ask
    return {
        "measure": ask.measure,
        "rows_by": ask.rows,
        "columns_by": ask.columns or None,
        "year": ask.year,
        "through": ask.through.isoformat(),
        "seq": table.seq,
        "rows": list(table.rows),
        "columns": list(table.columns),
        "figures": [list(line) for line in table.figures],
        "row_totals": list(table.row_totals),
        "column_totals": list(table.column_totals),
        "total": table.total,
    }


def _purpose(who: Viewer) -> Purpose:
    """Nobody learns more than the public without having signed in."""
    known = who.person_id is not None or who.key_id is not None
    return purpose_of(who) if known else Purpose.PUBLIC


def _learns(purpose: Purpose, region: Region, inputs: frozenset[tuple[str, str]]) -> bool:
    """Whether a purpose may learn in aggregate of every column."""
    for category, field in inputs:
        contract = region.contracts[category]
        level = contract.field(field).level if field else 1
        if not may_learn(purpose, contract, level):
            return False
    return True
