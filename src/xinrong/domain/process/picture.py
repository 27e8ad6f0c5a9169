"""A process as a picture: where its states stand and how the arrows run, in pixels from the top.

States stand in rows by how many moves lead to them at least; within a row below those from which
they are reached. Whoever draws it needs no library: boxes, and paths of SVG.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import east_asian_width

from xinrong.domain.process.drawing import state_in
from xinrong.domain.process.moves import NEW, PLATFORM
from xinrong.domain.process.table import Process

WIDTH, HEIGHT = 152, 52  # of a box
ACROSS, DOWN = 18, 62  # between boxes
MARGIN = 34
LINE = 18  # columns of text in a line of a box, of which a Chinese sign takes two
LINES = 2


@dataclass(frozen=True)
class Box:
    """A state: its words in lines, the left upper corner of its box, whether it is an end."""

    state: str
    lines: tuple[str, ...]
    x: int
    y: int
    end: bool

    @property
    def middle(self) -> int:
        """The middle of the box across."""
        return self.x + WIDTH // 2


@dataclass(frozen=True)
class Arrow:
    """A way from state to state, as a path of SVG; `clock`: only the platform goes it."""

    source: str
    target: str
    path: str
    clock: bool


@dataclass(frozen=True)
class Picture:
    """The whole, with its size."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int


def picture(process: Process, language: str) -> Picture:
    """The states and moves of a table in a language, without those that stay where they are."""
    rows = _rows(process)
    widest = max(len(row) for row in rows)
    width = 2 * MARGIN + widest * WIDTH + (widest - 1) * ACROSS
    boxes = {}
    for level, row in enumerate(rows):
        left = (width - len(row) * WIDTH - (len(row) - 1) * ACROSS) // 2
        for place, state in enumerate(row):
            boxes[state] = Box(
                state,
                wrapped(state_in(process, state, language)),
                left + place * (WIDTH + ACROSS),
                MARGIN + level * (HEIGHT + DOWN),
                state in process.ends,
            )
    height = 2 * MARGIN + len(rows) * HEIGHT + (len(rows) - 1) * DOWN
    return Picture(tuple(boxes.values()), tuple(_arrows(process, boxes)), width, height)


def wrapped(text: str) -> tuple[str, ...]:
    """A few words in the lines of a box; what does not fit ends in an ellipsis."""
    lines = [""]
    for word in _words(text):
        if lines[-1] and _columns(lines[-1] + word.rstrip()) > LINE:
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1].rstrip()}…"]
    return tuple(line.strip() for line in lines)


def _words(text: str) -> Iterator[str]:
    """Words with the blank after them; a Chinese sign is a word."""
    word = ""
    for sign in text:
        if _wide(sign):
            yield from filter(None, (word, sign))
            word = ""
        else:
            word += sign
            if sign == " ":
                yield word
                word = ""
    if word:
        yield word


def _wide(sign: str) -> bool:
    return east_asian_width(sign) in "WF"


def _columns(text: str) -> int:
    return sum(2 if _wide(sign) else 1 for sign in text)


def _rows(process: Process) -> list[list[str]]:
    """The states by the least number of moves to them, in an order in which few arrows cross."""
    rows: list[list[str]] = []
    known = {NEW}
    last = [NEW]
    while last:
        found = dict.fromkeys(
            move.target
            for state in last
            for move in process.table
            if move.source == state and move.target not in known
        )
        last = list(found)
        known |= set(last)
        if last:
            rows.append(_ends_aside(process, last))
    return rows


def _ends_aside(process: Process, row: list[str]) -> list[str]:
    """Ends stand at the right: nothing leads on from them."""
    return sorted(row, key=lambda state: state in process.ends)


def _arrows(process: Process, boxes: dict[str, Box]) -> Iterator[Arrow]:
    first = boxes[next(move.target for move in process.table if move.source == NEW)]
    yield Arrow(NEW, first.state, f"M {first.middle} {first.y - 26} V {first.y - 2}", clock=False)
    ways: dict[tuple[str, str], bool] = {}
    for move in process.table:
        if move.source in (NEW, move.target):
            continue
        pair = (move.source, move.target)
        ways[pair] = ways.get(pair, True) and move.roles == {PLATFORM}
    for (source, target), clock in ways.items():
        yield Arrow(source, target, _path(boxes[source], boxes[target]), clock)


def _path(one: Box, other: Box) -> str:
    """Down to a later row; round the right-hand side back up; under the boxes along a row."""
    if other.y > one.y:
        begins, ends = one.y + HEIGHT, other.y - 2
        bend = min(DOWN, (ends - begins) // 2)
        return (
            f"M {one.middle} {begins} C {one.middle} {begins + bend}, "
            f"{other.middle} {ends - bend}, {other.middle} {ends}"
        )
    if other.y == one.y:
        bottom, low = one.y + HEIGHT, one.y + HEIGHT + DOWN // 2
        aim = other.middle + (24 if other.x < one.x else -24)
        return f"M {one.middle} {bottom} C {one.middle} {low}, {aim} {low}, {aim} {bottom + 2}"
    right, back = one.x + WIDTH, other.x + WIDTH
    far = max(right, back) + MARGIN - 6
    return (
        f"M {right} {one.y + HEIGHT // 2} C {far} {one.y + HEIGHT // 2}, "
        f"{far} {other.y + HEIGHT // 2}, {back + 2} {other.y + HEIGHT // 2}"
    )
