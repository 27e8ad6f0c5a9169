"""What is wrong with a table before anything runs on it; each fault says how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from xinrong.domain.process.clocks import Deadline, Length, Source
from xinrong.domain.process.moves import NEW, PLATFORM
from xinrong.domain.process.parallel import Join
from xinrong.domain.text import Text

if TYPE_CHECKING:
    from xinrong.domain.process.parallel import Parallel
    from xinrong.domain.process.table import Process

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def check(process: Process) -> None:
    """Raises ValueError with the first fault and its remedy."""
    for find in _CHECKS:
        for fault in find(process):
            raise ValueError(f"{process.name}: {fault}")


def lacking(process: Process) -> tuple[str, ...]:
    """What a table that people meet on pages still needs: declared ends, guards and words."""
    found = []
    if process.title is None or process.description is None:
        found.append("it has no title or no description: give title= and description=")
    if process.final is None:
        found.append("its ends are not declared: give final= with the states in which it is over")
    if process.guards is None and any(move.guards for move in process.table):
        found.append("its guards are not defined: give guards= with a sentence for each")
    for kind, named, words in (
        ("state", process.states, process.state_words),
        ("event", process.events, process.event_words),
        ("role", sorted(process.roles - {PLATFORM}), process.role_words),
    ):
        silent = [name for name in named if name not in words]
        if silent:
            found.append(f"no words for the {kind} {', '.join(silent)}: add to {kind}_words=")
    return tuple(found)


def _shape(process: Process) -> Iterator[str]:
    """Names and kinds of values: what a slip of the pen makes of them goes wrong much later."""
    if not _NAME.fullmatch(process.name):
        yield f"its name {process.name!r} must be lower-case letters, digits and underscores"
    for move in process.table:
        roles: object = move.roles  # whatever was written there
        names: tuple[object, ...] = (
            move.event,
            move.target,
            *((move.source,) if move.source != NEW else ()),
        )
        for name in names:
            if not (isinstance(name, str) and _NAME.fullmatch(name)):
                yield (
                    f"the name {name!r} of a state or event must be lower-case letters, digits and "
                    "underscores: people read the words that you give it"
                )
        if not isinstance(roles, AbstractSet):
            yield (
                f"the roles of {move.event!r} are {move.roles!r}: "
                'write a set of them, such as frozenset({"data_officer"})'
            )
    for one in process.deadlines:
        for value, kind, example in (
            (one.length, Length, "working_days(5)"),
            (one.source, Source, 'Source("the document", "the article")'),
            (one.otherwise, Text, 'Text(zh="…", en="…")'),
        ):
            if not isinstance(value, kind):
                yield f"the clock {one.name!r}: {value!r} should be like {example}"


def _pairs(process: Process) -> Iterator[str]:
    pairs = [(move.source, move.event) for move in process.table]
    for source, event in dict.fromkeys(pair for pair in pairs if pairs.count(pair) > 1):
        targets = [m.target for m in process.table if (m.source, m.event) == (source, event)]
        yield (
            f"an event leads to two states: {event!r} in {source or 'new'!r} leads to "
            f"{' and to '.join(targets)}: give one of them another name"
        )


def _roles(process: Process) -> Iterator[str]:
    for move in process.table:
        if not move.roles:
            yield (
                f"nobody can {move.event!r} in {move.source or 'new'!r}: name a role, "
                "or PLATFORM where the platform itself moves it"
            )


def _reachable(process: Process) -> Iterator[str]:
    if not any(move.source == NEW for move in process.table):
        yield "nothing begins it: add a move whose source is NEW"
    lost = {move.source for move in process.table} - process.reachable()
    if lost:
        yield f"nothing leads to {', '.join(sorted(lost))}: add a move there, or take it out"


def _ends(process: Process) -> Iterator[str]:
    if process.final is not None:
        unknown = process.final - set(process.states)
        if unknown:
            yield f"the end {min(unknown)!r} is no state of the table: mend its name in final="
        for move in process.moves:
            if move.source in process.final:
                yield (
                    f"{move.source!r} is declared an end, but {move.event!r} leads out of it: "
                    "take it out of final=, or declare a Reopening"
                )
    going = {move.source for move in process.table}
    for state in process.states:
        if state not in going and state not in process.ends:
            yield (
                f"{state!r} is a dead end: it is no declared end and nothing leads out of it; "
                "add a move, or declare it in final="
            )
    trapped = set(process.states) - _leading_to(process, process.ends)
    if trapped:
        yield (
            f"a case in {', '.join(sorted(trapped))} can never end: "
            "add a move that leads out of there"
        )


def _leading_to(process: Process, ends: Collection[str]) -> set[str]:
    found = set(ends)
    while True:
        more = {move.source for move in process.table if move.target in found} - found
        if not more:
            return found
        found |= more


def _guards(process: Process) -> Iterator[str]:
    if process.guards is None:
        return
    used = {guard: move for move in process.table for guard in move.guards}
    for guard, move in used.items():
        if guard not in process.guards:
            yield (
                f"nobody defines the guard {guard!r} of {move.event!r}: "
                "add it to guards= with the condition in words"
            )
    for guard in process.guards:
        if guard not in used:
            yield f"no move asks the guard {guard!r}: take it out of guards=, or add it to a move"


def _deadlines(process: Process) -> Iterator[str]:
    names = [one.name for one in process.deadlines]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield f"two clocks are called {name!r}: give one of them another name"
    for one in process.deadlines:
        for fault in _deadline(process, one):
            yield f"the clock {one.name!r}: {fault}"


def _deadline(process: Process, one: Deadline) -> Iterator[str]:
    if one.state not in process.states:
        yield f"there is no state {one.state!r}: mend its name"
        return
    if one.state in process.ends:
        yield f"{one.state!r} is an end, in which nothing is waited for: take the clock out"
    yield from _of_platform(process, one.state, one.event)
    for move in process.table:
        if (move.source, move.event) != (one.state, one.event):
            continue
        if move.guards:
            yield (
                f"{one.event!r} asks the guard {move.guards[0]!r}, and where that does not hold "
                "nothing would happen at its end: take the guard out"
            )
        if move.target == one.state:
            yield (
                f"{one.event!r} leaves the case where it is, so it would never stop happening: "
                "lead it to another state, in which the next clock can run"
            )
    if one.starts and one.starts not in {*process.events, *process.moments}:
        yield (
            f"it starts at {one.starts!r}, which is no event of the process and no moment of "
            "moments=: mend the name, or declare the moment"
        )
    if one.until and one.until not in process.moments:
        yield (
            f"it ends at {one.until!r}, which is no moment of moments=: "
            "mend the name, or declare the moment"
        )
    yield from _said(one)


def _said(one: Deadline) -> Iterator[str]:
    """What a clock has to say of itself, and whom it tells."""
    if not one.source.document.strip():
        yield "it rests on nothing: name the document and article, or the agreement, in source="
    if not (one.otherwise.zh.strip() and one.otherwise.en.strip()):
        yield "it does not say what happens if nobody acts: write otherwise= in both languages"
    rungs = [(rung.role, rung.after) for rung in one.escalations]
    if len(set(one.reminders)) < len(one.reminders) or len(set(rungs)) < len(rungs):
        yield "a reminder or a rung is given twice: leave one"
    for rung in one.escalations:
        if not rung.role:
            yield "a rung of its ladder tells nobody: name the role"


def _of_platform(process: Process, state: str, event: str) -> Iterator[str]:
    found = [m for m in process.table if (m.source, m.event) == (state, event)]
    if not found:
        yield f"there is no event {event!r} in {state!r}: add the move, or mend the name"
    elif PLATFORM not in found[0].roles:
        yield (
            f"{event!r} in {state!r} is not the platform's: "
            "add PLATFORM to its roles, since nobody else is there when a clock ends"
        )


def _endless(process: Process) -> Iterator[str]:
    """Cycles of the platform's own moves none of which waits for a clock of its state."""
    waits = {(one.state, one.event) for one in process.deadlines if not (one.starts or one.until)}
    at_once: dict[str, set[str]] = {}
    for move in process.table:
        if PLATFORM in move.roles and (move.source, move.event) not in waits:
            at_once.setdefault(move.source, set()).add(move.target)
    for state in process.states:
        seen: set[str] = set()
        ahead = set(at_once.get(state, ()))
        while ahead:
            seen |= ahead
            ahead = {more for one in ahead for more in at_once.get(one, ())} - seen
        if state in seen:
            yield (
                f"the platform can move a case from {state!r} round to {state!r} without waiting: "
                "give one of the moves on the way a clock that starts when its state is entered"
            )


def _parallels(process: Process) -> Iterator[str]:
    states = [one.state for one in process.parallels]
    for one in process.parallels:
        if states.count(one.state) > 1:
            yield f"two tables of participants run in {one.state!r}: split the state in two"
        for fault in _parallel(process, one):
            yield f"the participants in {one.state!r}: {fault}"


def _parallel(process: Process, one: Parallel) -> Iterator[str]:
    if one.state not in process.states:
        yield "there is no such state: mend its name"
        return
    begins = [move for move in one.table.moves if move.source == NEW]
    if [move.roles for move in begins] != [frozenset({PLATFORM})]:
        yield (
            f"the platform sends each of them in: give {one.table.name} exactly one move "
            "from NEW, by PLATFORM"
        )
    for event in filter(None, (one.event, one.otherwise)):
        yield from _of_platform(process, one.state, event)
    if not one.counts or one.counts - one.table.ends:
        wrong = sorted(one.counts - one.table.ends) or ["nothing"]
        yield f"counts= has {', '.join(wrong)}, no end of {one.table.name}: name ends of its table"
    if not one.otherwise and (one.join is not Join.ALL or one.counts != one.table.ends):
        yield (
            "if too few end as counts= wants, the case waits for ever: "
            "name in otherwise= what happens then"
        )
    if (one.join is Join.QUORUM) != (one.quorum > 0):
        yield "quorum= is the number for Join.QUORUM, 1 or more, and 0 for the others"
    if one.close:
        for state in sorted(set(one.table.states) - one.table.ends):
            yield from _of_platform(one.table, state, one.close)


def _variants(process: Process) -> Iterator[str]:
    written = {state for move in process.moves for state in (move.source, move.target)} - {NEW}
    for withdrawal in process.withdrawals:
        for state in sorted((withdrawal.sources or frozenset()) - written):
            yield f"{withdrawal.event!r} starts from {state!r}, no state of the table: mend it"
    for reopening in process.reopenings:
        for state in sorted(reopening.sources - process.ends):
            yield (
                f"{reopening.event!r} starts from {state!r}, which is no end: "
                "only a case that is over can be reopened"
            )
        if reopening.target in process.ends or reopening.target not in written:
            yield (
                f"{reopening.event!r} leads to {reopening.target!r}, in which no case goes on: "
                "name a state that is no end"
            )


def _words(process: Process) -> Iterator[str]:
    known: tuple[tuple[str, Collection[str], Mapping[str, object]], ...] = (
        ("state", process.states, process.state_words),
        ("event", process.events, process.event_words),
    )
    for kind, named, words in known:
        for name in words:
            if name not in named:
                yield f"{kind}_words= names {name!r}, no {kind} of the table: mend the name"


_CHECKS: tuple[Callable[[Process], Iterator[str]], ...] = (
    _shape,
    _variants,
    _roles,
    _pairs,
    _reachable,
    _ends,
    _guards,
    _deadlines,
    _endless,
    _parallels,
    _words,
)
