"""From lines to records: quoting as RFC 4180 has it, and no row lost to another's quote.

A quote opens a quoted cell only at the cell's beginning; elsewhere it is a character like others.
A record whose quotes do not come out is a fault of its first line alone: reading goes on with the
next line, so one stray quote never swallows the rows after it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from xinrong.collect.readers.lines import Line, Lines
from xinrong.collect.readers.types import Bounds

_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')


@dataclass(frozen=True)
class Record:
    """The cells of a record and the number of its first line; `problem` as faults name it."""

    row_no: int
    cells: list[str]
    problem: str = ""


class _OpenQuoteError(Exception):
    """The text ends within a quoted cell."""


class _BrokenQuoteError(Exception):
    """Something follows a closing quote that is no separator."""


def split_cells(text: str, delimiter: str) -> list[str]:
    """The cells of one record. Raises _OpenQuoteError or _BrokenQuoteError."""
    if '"' not in text:
        return text.split(delimiter)
    if len(delimiter) == 1 and "\n" not in text and "\r" not in text:
        try:  # the same rules, at the speed of C
            return next(csv.reader((text,), delimiter=delimiter, strict=True))
        except csv.Error:  # broken, open, or longer than it takes: the loop below tells
            pass
    return _split_slowly(text, delimiter)


def _split_slowly(text: str, delimiter: str) -> list[str]:
    cells = []
    at = 0
    while True:
        if text.startswith('"', at):
            found = _QUOTED.match(text, at)
            if found is None:
                raise _OpenQuoteError
            cells.append(found[1].replace('""', '"'))
            at = found.end()
            if at == len(text):
                return cells
            if not text.startswith(delimiter, at):
                raise _BrokenQuoteError
        else:
            end = text.find(delimiter, at)
            if end < 0:
                cells.append(text[at:])
                return cells
            cells.append(text[at:end])
            at = end
        at += len(delimiter)


class Records:
    """Reads records off lines."""

    def __init__(self, lines: Lines, delimiter: str, bounds: Bounds) -> None:
        self._lines = lines
        self.delimiter = delimiter
        self._bounds = bounds

    def pop(self) -> Record | None:
        """The next record, None at the end. Blank lines are records of one empty cell."""
        first = self._lines.pop()
        if first is None:
            return None
        try:
            return self._record([first], split_cells(first.text, self.delimiter))
        except _BrokenQuoteError:
            return self._broken(first)
        except _OpenQuoteError:
            return self._run_on(first)

    def __iter__(self) -> Iterator[Record]:
        while (record := self.pop()) is not None:
            yield record

    def _run_on(self, first: Line) -> Record:
        """A quoted cell runs over several lines, or its quote is broken."""
        taken = [first]
        size = len(first.text)
        while len(taken) < self._bounds.record_lines and size <= self._bounds.cell:
            line = self._lines.pop()
            if line is None:
                break
            taken.append(line)
            size += len(line.text) + 1
            if '"' not in line.text.replace('""', ""):  # the cell stays open
                continue
            try:
                joined = "\n".join(each.text for each in taken)
                return self._record(taken, split_cells(joined, self.delimiter))
            except _OpenQuoteError:
                continue
            except _BrokenQuoteError:
                break
        self._lines.put_back(taken[1:])
        return self._broken(first)

    def _broken(self, line: Line) -> Record:
        return Record(line.number, [line.text], line.problem or "broken_quote")

    def _record(self, lines: list[Line], cells: list[str]) -> Record:
        problem = next((line.problem for line in lines if line.problem), "")
        limit = self._bounds.cell
        if not problem and sum(len(line.text) for line in lines) > limit:
            problem = "cell_too_long" if any(len(cell) > limit for cell in cells) else ""
        return Record(lines[0].number, cells, problem)
