"""The verbs of quality, for `collect.services`."""

from __future__ import annotations

from xinrong.collect.quality.alarms import (
    acknowledge,
    alarm_of,
    closed_alarms,
    open_alarms,
    watch,
)
from xinrong.collect.quality.coverage import count_coverage, latest_coverage, refresh_coverage
from xinrong.collect.quality.export import export_board
from xinrong.collect.quality.figures import BEFORE, Scope, filled, last_day
from xinrong.collect.quality.figures import by as figures_by
from xinrong.collect.quality.figures import fields_of as field_figures
from xinrong.collect.quality.figures import rules_of as rule_figures
from xinrong.collect.quality.figures import total as figures_of
from xinrong.collect.quality.mending import mendable, what_to_mend

__all__ = [
    "BEFORE",
    "Scope",
    "acknowledge",
    "alarm_of",
    "closed_alarms",
    "count_coverage",
    "export_board",
    "field_figures",
    "figures_by",
    "figures_of",
    "filled",
    "last_day",
    "latest_coverage",
    "mendable",
    "open_alarms",
    "refresh_coverage",
    "rule_figures",
    "watch",
    "what_to_mend",
]
