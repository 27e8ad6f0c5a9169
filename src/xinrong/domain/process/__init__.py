"""Processes: what happens next, as a table of states, events, roles, guards, effects and clocks.

`Process` is the table; building one checks it. `Process.advance` says what an event comes to for
a case that stands at a `Position`; `Process.running` gives its clocks with the alarms that they
ring. `register` makes it known. docs/how-to/write-a-process.md writes one.
"""

from __future__ import annotations

from xinrong.domain.process.checks import lacking
from xinrong.domain.process.clocks import (
    Alarm,
    AlarmKind,
    Deadline,
    Due,
    Escalation,
    Length,
    Running,
    Source,
    Unit,
    days,
    due,
    hours,
    working_days,
)
from xinrong.domain.process.drawing import MoveRow, mermaid, rows
from xinrong.domain.process.moves import NEW, PLATFORM, Guard, Move, MoveRefused, Step
from xinrong.domain.process.parallel import Join, Parallel
from xinrong.domain.process.position import SKEW, Advance, Position
from xinrong.domain.process.registry import ProcessUnknown, find, register, registered
from xinrong.domain.process.table import Process
from xinrong.domain.process.variants import Reopening, Withdrawal

__all__ = [
    "NEW",
    "PLATFORM",
    "SKEW",
    "Advance",
    "Alarm",
    "AlarmKind",
    "Deadline",
    "Due",
    "Escalation",
    "Guard",
    "Join",
    "Length",
    "Move",
    "MoveRefused",
    "MoveRow",
    "Parallel",
    "Position",
    "Process",
    "ProcessUnknown",
    "Reopening",
    "Running",
    "Source",
    "Step",
    "Unit",
    "Withdrawal",
    "days",
    "due",
    "find",
    "hours",
    "lacking",
    "mermaid",
    "register",
    "registered",
    "rows",
    "working_days",
]
