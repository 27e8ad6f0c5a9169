"""A process: states, and the moves between them, as a table.

The table says who may do what when; it does nothing itself. Whoever owns the process asks `step`
what an event comes to, writes the new state and one log row in one transaction, and then acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from xinrong.domain.errors import XinrongError

#: The state of what does not exist yet.
NEW = ""
#: The role in which the platform itself moves something: a clock that ran out.
PLATFORM = "platform"

#: Asked when a move is made: empty when it may be, else why not.
Guard = Callable[[], str]


class MoveRefused(XinrongError):
    """The process does not allow this now.

    Codes: move_unknown (no such event in this state), move_role (not for this role), move_guard.
    """

    code = "move_refused"


@dataclass(frozen=True)
class Move:
    """In state `source`, `event` by one of `roles` leads to `target`, if every guard holds."""

    event: str
    source: str
    target: str
    roles: frozenset[str]
    guards: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A move that was made: what the log row keeps."""

    event: str
    source: str
    target: str
    role: str


@dataclass(frozen=True)
class Process:
    """A named table of moves. Raises ValueError for a table that contradicts itself."""

    name: str
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        pairs = [(move.source, move.event) for move in self.moves]
        twice = sorted({pair for pair in pairs if pairs.count(pair) > 1})
        if twice:
            raise ValueError(f"{self.name}: an event leads to two states: {twice}")
        lost = {move.source for move in self.moves} - self.reachable()
        if lost:
            raise ValueError(f"{self.name}: nothing leads to {sorted(lost)}")

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order in which the table names them."""
        named = (state for move in self.moves for state in (move.source, move.target))
        return tuple(dict.fromkeys(state for state in named if state != NEW))

    @property
    def ends(self) -> frozenset[str]:
        """The states that nothing leads out of."""
        return frozenset(self.states) - {move.source for move in self.moves}

    def reachable(self) -> set[str]:
        """The states to which some sequence of moves leads, NEW among them."""
        found = {NEW}
        while True:
            more = {move.target for move in self.moves if move.source in found} - found
            if not more:
                return found
            found |= more

    def open_to(self, state: str, role: str) -> tuple[Move, ...]:
        """What this role could do in this state; guards are asked when it does."""
        return tuple(m for m in self.moves if m.source == state and role in m.roles)

    def step(
        self, state: str, event: str, role: str, guards: Mapping[str, Guard] | None = None
    ) -> Step:
        """What the event comes to. Raises MoveRefused; KeyError for a guard nobody handed in."""
        move = next((m for m in self.moves if (m.source, m.event) == (state, event)), None)
        if move is None:
            raise MoveRefused(
                f"{self.name}: there is no {event!r} in the state {state or 'new'!r}",
                remedy="Load it again: somebody else may have moved it meanwhile.",
                code="move_unknown",
            )
        if role not in move.roles:
            raise MoveRefused(
                f"{self.name}: the role {role} cannot {event!r} this", code="move_role"
            )
        for name in move.guards:
            why = (guards or {})[name]()
            if why:
                raise MoveRefused(why, code="move_guard")
        return Step(event, move.source, move.target, role)

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, for the documentation."""
        return "\n".join(["stateDiagram-v2", *self._arrows()]) + "\n"

    def _arrows(self) -> Iterable[str]:
        for move in self.moves:
            when = f" [{', '.join(move.guards)}]" if move.guards else ""
            by = ", ".join(sorted(move.roles))
            yield f"    {move.source or '[*]'} --> {move.target}: {move.event} ({by}){when}"
        for state in self.states:
            if state in self.ends:
                yield f"    {state} --> [*]"
