"""Parallel participants: a state in which several parties each run a small table of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xinrong.domain.process.table import Process


class Join(StrEnum):
    """How many participants have to end well for the case to go on."""

    ALL = "all"
    ANY = "any"
    QUORUM = "quorum"


@dataclass(frozen=True)
class Parallel:
    """In `state`, each participant runs `table`; once joined, the platform makes `event` happen.

    A participant counts once it stands in one of `counts`, which are ends of the table. As soon as
    so few are left that the join can no longer come about, the platform makes `otherwise` happen.
    When the case leaves the state, those who have not ended are ended by the platform's `close`.
    `quorum` is the number for Join.QUORUM.
    """

    state: str
    table: Process
    join: Join
    counts: frozenset[str]
    event: str
    otherwise: str = ""
    close: str = ""
    quorum: int = 0

    def outcome(self, states: Sequence[str]) -> str:
        """Which event of the case is due, by the states of all its participants; "" while open.

        Where nobody takes part, nobody can be waited for: `otherwise`, or `event` without one.
        """
        counted = sum(state in self.counts for state in states)
        left = sum(state not in self.table.ends for state in states)
        needed = {Join.ALL: len(states), Join.ANY: 1, Join.QUORUM: self.quorum}[self.join]
        if states and counted >= needed:
            return self.event
        if not states or counted + left < needed:
            return self.otherwise or self.event
        return ""

    def unended(self, states: Sequence[str]) -> tuple[int, ...]:
        """The places in `states` of the participants that `close` has to end."""
        return tuple(n for n, state in enumerate(states) if state not in self.table.ends)
