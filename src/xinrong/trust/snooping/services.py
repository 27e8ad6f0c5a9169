"""Verbs on snooping: judge the weeks that are due; see, decide and take out alerts."""

from __future__ import annotations

from xinrong.trust.snooping.alerts import (
    LONGEST_TEXT,
    Step,
    ToldReason,
    acts_of,
    alert_for,
    alerts_for,
    can_see_alerts,
    decide,
    export,
    note_opened,
    reasons_of,
    rows_of,
    timeline,
)
from xinrong.trust.snooping.counting import WEEK
from xinrong.trust.snooping.errors import DecisionRefused, UnknownAlert
from xinrong.trust.snooping.models import AlertState, SnoopAct, SnoopAlert, SnoopWeek
from xinrong.trust.snooping.rules import load_rules
from xinrong.trust.snooping.running import Ran, judge_due
from xinrong.trust.snooping.source import FileSource, Source

__all__ = [
    "LONGEST_TEXT",
    "WEEK",
    "AlertState",
    "DecisionRefused",
    "FileSource",
    "Ran",
    "SnoopAct",
    "SnoopAlert",
    "SnoopWeek",
    "Source",
    "Step",
    "ToldReason",
    "UnknownAlert",
    "acts_of",
    "alert_for",
    "alerts_for",
    "can_see_alerts",
    "decide",
    "export",
    "judge_due",
    "load_rules",
    "note_opened",
    "reasons_of",
    "rows_of",
    "timeline",
]
