"""Moves that one declaration adds to several states: withdrawing a case, reopening one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xinrong.domain.process.clocks import Length, Source
from xinrong.domain.process.moves import NEW, Move

if TYPE_CHECKING:
    from xinrong.domain.process.table import Process


@dataclass(frozen=True)
class Withdrawal:
    """From each of `sources`, or without them from every state that is no end, by `roles`."""

    roles: frozenset[str]
    sources: frozenset[str] | None = None
    event: str = "withdraw"
    target: str = "withdrawn"
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()

    def moves(self, process: Process) -> Iterator[Move]:
        """A move from each source, in the order of the table."""
        named = (move.source for move in process.moves if move.source != NEW)
        closed = process.final or frozenset()
        open_states = tuple(dict.fromkeys(named))
        sources = self.sources if self.sources is not None else set(open_states) - closed
        ordered = [state for state in open_states if state in sources]
        for source in (*ordered, *sorted(sources - set(ordered))):
            yield Move(self.event, source, self.target, self.roles, self.guards, self.effects)


@dataclass(frozen=True)
class Reopening:
    """From each of the ends `sources`, by `roles`, while the clock `within` runs, to `target`.

    The clock starts when the case ended; `source` is what it rests on.
    """

    sources: frozenset[str]
    target: str
    roles: frozenset[str]
    within: Length
    source: Source
    event: str = "reopen"
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()

    def moves(self) -> Iterator[Move]:
        """A move from each end."""
        for source in sorted(self.sources):
            yield Move(
                self.event, source, self.target, self.roles, self.guards, self.effects, self.within
            )
