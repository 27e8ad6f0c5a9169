"""Where a case of a process stands, as its row keeps it, and what a move makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from xinrong.domain.process.moves import NEW, MoveRefused, Step

#: Servers' clocks may differ by this much before one counts as moved back.
SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class Position:
    """Where a case stands.

    `version` counts its moves; `visit` is the version at which it entered its state, at `entered`;
    `moved` is the time of the last move. `moments` are the times from which clocks of the process
    start beside the entering of a state: events of its own, by the last time they happened, and
    moments that the caller gives.
    """

    state: str = NEW
    version: int = 0
    visit: int = 0
    entered: datetime | None = None
    moved: datetime | None = None
    moments: Mapping[str, datetime] = field(default_factory=dict, hash=False)

    def check_version(self, expected: int | None) -> None:
        """Raises MoveRefused when somebody else has moved the case since it was read."""
        if expected is not None and expected != self.version:
            raise MoveRefused(
                f"this was moved by somebody else meanwhile (step {self.version}, not {expected})",
                remedy="Load it again and look at what happened before you act.",
                code="move_stale",
            )

    def check_clock(self, now: datetime) -> None:
        """Raises MoveRefused when the clock says less than at the last move: nothing is timely."""
        if self.moved is not None and now < self.moved - SKEW:
            raise MoveRefused(
                "the server's clock is before the last step of this case",
                remedy="Tell the operator to set the clock right, then try again.",
                code="clock_back",
            )

    def after(self, step: Step, now: datetime, kept: frozenset[str]) -> Position:
        """Where the case stands after a step; `kept` are the events whose times clocks need."""
        version = self.version + 1
        at = now if self.moved is None else max(self.moved, now)
        moments = {**self.moments, step.event: at} if step.event in kept else self.moments
        if step.target == self.state:
            return replace(self, version=version, moved=at, moments=moments)
        return Position(step.target, version, version, at, at, moments)


@dataclass(frozen=True)
class Advance:
    """A move that was made: its log row and where the case stands after it."""

    step: Step
    position: Position
