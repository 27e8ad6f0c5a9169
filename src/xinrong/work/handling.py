"""What the capability that owns a process adds to its table: guards, and what is asked and said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from xinrong.domain.process import Process, ProcessUnknown, find
from xinrong.domain.text import Text
from xinrong.work.models import Case

#: Asked when a move is made: empty when it may be, else why not.
CaseGuard = Callable[[Case, datetime], str]


@dataclass(frozen=True)
class Handling:
    """How cases of a process are handled.

    `guards`: name of a guard -> whether it holds for a case. `asks`: event -> what whoever makes
    it has to say in words. `previews`: event -> what it does, said before it is done. `subject`
    says what a case is about, from its data, for a list; nothing that only some may know.
    """

    process: Process
    guards: Mapping[str, CaseGuard] = field(default_factory=dict)
    asks: Mapping[str, Text] = field(default_factory=dict)
    previews: Mapping[str, Text] = field(default_factory=dict)
    subject: Callable[[Case], Text] | None = None


_HANDLED: dict[str, Handling] = {}


def handle(handling: Handling) -> Handling:
    """Make it known; call it where the process is registered. Raises ValueError for a lack."""
    process = handling.process
    unknown = set(handling.guards) ^ {name for move in process.table for name in move.guards}
    if unknown:
        raise ValueError(f"{process.name}: guards that only one side knows: {sorted(unknown)}")
    for event in (*handling.asks, *handling.previews):
        if event not in process.events:
            raise ValueError(f"{process.name}: there is no event {event!r}")
    _HANDLED[process.name] = handling
    return handling


def handled() -> Mapping[str, Handling]:
    """Name of a process -> how its cases are handled."""
    return dict(_HANDLED)


def handling_of(process: str) -> Handling:
    """How cases of a process are handled. Raises ProcessUnknown."""
    found = _HANDLED.get(process)
    if found is None:
        find(process)
        raise ProcessUnknown(f"nobody handles cases of the process {process!r}")
    return found
