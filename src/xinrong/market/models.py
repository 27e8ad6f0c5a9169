"""Tables of the market."""

from __future__ import annotations

from xinrong.market.deciding.models import AllocationPlan
from xinrong.market.needs.models import StatedNeed

__all__ = ["AllocationPlan", "StatedNeed"]
