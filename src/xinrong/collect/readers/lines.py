"""The physical lines of a text file, in blocks that end at a line's end.

Neither UTF-8 nor GB18030 uses the bytes of line ends, quotes or commas within a character, so
lines are cut before anything is decoded and a line with wrong bytes harms no other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xinrong.collect.readers.sniff import decodes
from xinrong.collect.readers.types import Bounds

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Block:
    """Whole lines, the first of which has the number `first` (from 1).

    `cut` marks a line that was too long to keep: it is alone in its block and shortened.
    """

    first: int
    data: bytes
    cut: bool = False


@dataclass(frozen=True)
class Line:
    """One line without its end. `problem` is "", "undecodable", "nul" or "cell_too_long"."""

    number: int
    text: str
    problem: str = ""


class Lines:
    """Lines of a file with look-ahead, and whole blocks for whoever can take them at once."""

    def __init__(self, path: Path, encoding: str, skip: int, bounds: Bounds) -> None:
        self._encoding = encoding
        self._blocks = _blocks(path, skip, max(bounds.cell * 4, _BLOCK))
        self._again: deque[Line] = deque()
        self._open = Block(1, b"")
        self._at = 0  # offset in the open block
        self._number = 1  # of the line at that offset

    def next_block(self, *, fresh: bool = False) -> Block | None:
        """The next block; None while lines of an opened one are waiting, and at the end.

        `fresh` takes what is left of the opened one as a block of its own.
        """
        if self._again:
            return None
        if self._at >= len(self._open.data):
            return next(self._blocks, None)
        if not fresh:
            return None
        left = Block(self._number, self._open.data[self._at :], self._open.cut)
        self._at = len(self._open.data)
        return left

    def give_lines(self, block: Block) -> None:
        """Take a block apart after all; its lines come next."""
        self._open, self._at, self._number = block, 0, block.first

    def put_back(self, lines: list[Line]) -> None:
        """Lines that were looked at and come again, in the same order."""
        self._again.extendleft(reversed(lines))

    def pop(self) -> Line | None:
        """The next line, None at the end of the file."""
        if self._again:
            return self._again.popleft()
        if self._at >= len(self._open.data):
            block = next(self._blocks, None)
            if block is None:
                return None
            self.give_lines(block)
        end = self._open.data.find(b"\n", self._at)
        end = len(self._open.data) if end < 0 else end
        line = self._line(self._open.data[self._at : end].removesuffix(b"\r"))
        self._at = end + 1
        self._number += 1
        return line

    def _line(self, bare: bytes) -> Line:
        problem = "cell_too_long" if self._open.cut else line_problem(bare, self._encoding)
        text = bare.decode(self._encoding, errors="replace" if problem else "strict")
        return Line(self._number, text, problem)


def line_problem(bare: bytes, encoding: str) -> str:
    """What is wrong with the bytes of a line, "" when nothing is.

    In a GB18030 file a line that is UTF-8 beyond ASCII (three characters or more) is of the other
    encoding, though most such lines would decode, into nonsense.
    """
    if b"\x00" in bare:
        return "nul"
    if bare.isascii():
        return ""
    if not decodes(bare, encoding):
        return "undecodable"
    return "undecodable" if encoding == "gb18030" and is_utf8(bare) else ""


def is_utf8(bare: bytes) -> bool:
    """UTF-8 with at least three characters beyond ASCII."""
    try:
        text = bare.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(bare) - len(text) >= 6 or sum(1 for char in text if char > "\x7f") >= 3


def _blocks(path: Path, skip: int, longest: int) -> Iterator[Block]:
    """Blocks of whole lines.

    A carriage return alone ends lines in a file that begins without any line feed.
    """
    number = 1
    with path.open("rb") as stream:
        stream.seek(skip)
        head = stream.read(_BLOCK)
        old = b"\n" not in head and b"\r" in head
        old_ends = (b"\r", b"\n") if old else (b"\n", b"\n")
        stream.seek(skip)
        rest = b""
        while True:
            read = stream.read(_BLOCK)
            if not read:
                break
            data = rest + (read.replace(*old_ends) if old else read)
            end = data.rfind(b"\n") + 1
            rest = data[end:]
            if end:
                yield Block(number, data[:end])
                number += data.count(b"\n", 0, end)
            if len(rest) > longest:
                yield Block(number, rest[:longest], cut=True)
                number += 1
                rest = _after_line(stream, b"\r" if old else b"\n").replace(*old_ends)
        if rest.strip(b"\x1a"):
            yield Block(number, rest)


def _after_line(stream: BinaryIO, end: bytes) -> bytes:
    """Read on to the end of the line and return what was read beyond it."""
    while data := stream.read(_BLOCK):
        _, found, beyond = data.partition(end)
        if found:
            return beyond
    return b""
