"""Queries of matches, made again for an auditor as their audit rows keep them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xinrong.domain.financing import Need
from xinrong.files.services import reproduces
from xinrong.market.released import Matches


def again(kept: Mapping[str, Any]) -> Matches:
    """The product that a row's parameters name: against the products and chances of then."""
    counted = kept.get("chances")
    return Matches(
        Need.read(kept),
        date.fromisoformat(kept["as_of"]),
        kept["products"],
        date.fromisoformat(counted) if counted else None,
    )


reproduces(Matches.name, again)
