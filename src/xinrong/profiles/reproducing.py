"""Queries of indicators, made again for an auditor as their audit rows keep them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xinrong.files.services import reproduces
from xinrong.profiles.products import Indicators


def again(kept: Mapping[str, Any]) -> Indicators:
    """The product that a row's parameters name."""
    return Indicators(date.fromisoformat(kept["as_of"]))


reproduces(Indicators.name, again)
