"""A process as pictures of text: a Mermaid diagram, and rows for a table on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xinrong.domain.process.clocks import Deadline
from xinrong.domain.process.moves import NEW, PLATFORM, Move
from xinrong.domain.process.table import Process
from xinrong.domain.text import Text

BEGINNING = Text(zh="（开始）", en="(beginning)")
THE_PLATFORM = Text(zh="平台", en="the platform")


@dataclass(frozen=True)
class MoveRow:
    """One row of the table in a language: from where, who, what, to where, if, until, then."""

    source: str
    roles: str
    event: str
    target: str
    guards: str
    clock: str
    otherwise: str
    effects: str


def mermaid(process: Process, language: str = "") -> str:
    """A Mermaid state diagram; with a language its words, without one the names of the table."""
    lines = ["stateDiagram-v2"]
    if language:
        lines += (
            f'    state "{_word(process.state_words, state, language)}" as {state}'
            for state in process.states
        )
    lines += (_arrow(process, move, language) for move in process.table)
    lines += (f"    {state} --> [*]" for state in process.states if state in process.ends)
    return "\n".join(lines) + "\n"


def _arrow(process: Process, move: Move, language: str) -> str:
    if not language:
        when = f" [{', '.join(move.guards)}]" if move.guards else ""
        said = f"{move.event} ({', '.join(sorted(move.roles))}){when}"
    else:
        clock = clock_of(process, move, language)
        event = _word(process.event_words, move.event, language)
        said = f"{event}（{roles_in(process, move, language)}）"
        if language.startswith("en"):
            said = f"{event} ({roles_in(process, move, language)})"
        said += f" {clock}" if clock else ""
    return f"    {move.source or '[*]'} --> {move.target}: {said}"


def rows(process: Process, language: str) -> tuple[MoveRow, ...]:
    """The table in words, in its order: for a page that draws no picture."""
    return tuple(_rows(process, language))


def _rows(process: Process, language: str) -> Iterator[MoveRow]:
    for move in process.table:
        deadline = _deadline_of(process, move)
        yield MoveRow(
            source=state_in(process, move.source, language),
            roles=roles_in(process, move, language),
            event=_word(process.event_words, move.event, language),
            target=state_in(process, move.target, language),
            guards="; ".join(_word(process.guards or {}, one, language) for one in move.guards),
            clock=clock_of(process, move, language),
            otherwise="" if deadline is None else deadline.otherwise.in_language(language),
            effects=", ".join(move.effects),
        )


def state_in(process: Process, state: str, language: str) -> str:
    """A state in words; its name where the process has none."""
    if state == NEW:
        return BEGINNING.in_language(language)
    return _word(process.state_words, state, language)


def roles_in(process: Process, move: Move, language: str) -> str:
    """Who can make a move, in words."""
    words = {PLATFORM: THE_PLATFORM, **process.role_words}
    joint = ", " if language.startswith("en") else "、"
    return joint.join(_word(words, role, language) for role in sorted(move.roles))


def clock_of(process: Process, move: Move, language: str) -> str:
    """The clock whose end makes a move, or the time in which it can be made, in words."""
    english = language.startswith("en")
    deadline = _deadline_of(process, move)
    if deadline is not None and deadline.until:
        moment = _word(process.moments, deadline.until, language)
        return f"at {moment}" if english else f"至{moment}"
    if deadline is not None:
        length = deadline.length.in_language(language)
        return f"after {length}" if english else f"满{length}"
    if move.within is not None:
        length = move.within.in_language(language)
        return f"within {length}" if english else f"{length}内"
    return ""


def _deadline_of(process: Process, move: Move) -> Deadline | None:
    if PLATFORM not in move.roles:
        return None
    return next((one for one in process.deadlines_in(move.source) if one.event == move.event), None)


def _word(words: Mapping[str, Text], name: str, language: str) -> str:
    found = words.get(name)
    return name if found is None else found.in_language(language)
