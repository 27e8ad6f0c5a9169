"""From the text of a column to typed values: every distinct text is read once.

The scalar functions of `xinrong.domain` are the only truth about what a text means. Two things
make them quick enough for millions of rows: a column is read by its distinct texts, remembered
from chunk to chunk, and texts in plain canonical form (ISO dates, plain decimals) take a
vectorised short way that tests hold equal to the scalar functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.collect.judging.rules import Problem

#: Distinct texts that one field remembers; beyond it starts afresh (memory stays bounded).
REMEMBERED = 200_000
#: The row has no problem at this field.
FINE = -1

Parsed = tuple[Any, Problem | None]
Marks = npt.NDArray[np.int32]


@dataclass
class Column:
    """Typed values of one field in one chunk, with the problem of every row that has one.

    `broken[i]` is the place in `problems` of row i's problem, or FINE. A row with a problem has
    no value.
    """

    values: pa.Array
    broken: Marks
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def fine(cls, values: pa.Array) -> Column:
        """A column in which nothing is wrong."""
        return cls(values, np.full(len(values), FINE, np.int32))

    def break_rows(self, rows: npt.NDArray[np.intp], problem_of: Callable[[int], Problem]) -> None:
        """Record a problem for rows that have none yet; equal problems are kept once."""
        places = {known: place for place, known in enumerate(self.problems)}
        for row in rows:
            if self.broken[row] == FINE:
                found = problem_of(int(row))
                place = places.setdefault(found, len(places))
                if place == len(self.problems):
                    self.problems.append(found)
                self.broken[row] = place

    def problem_at(self, row: int) -> Problem | None:
        """What is wrong with the row at this field."""
        place = int(self.broken[row])
        return None if place == FINE else self.problems[place]


def tidy(text: pa.Array) -> pa.Array:
    """Cells without surrounding white space (full-width and no-break too); empty cells null."""
    trimmed = pc.utf8_trim(text, " \t\r\n\u3000\u00a0\ufeff\u200b")
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


@dataclass(frozen=True)
class ShortWay:
    """Texts that match `pattern` wholly are read by `read` at once; None means: not this time."""

    pattern: str
    read: Callable[[pa.Array], pa.Array | None]


class DistinctReader:
    """Reads the texts of one field, chunk after chunk."""

    def __init__(
        self, kind: pa.DataType, parse: Callable[[str], Parsed], short_way: ShortWay | None = None
    ) -> None:
        self.kind = kind
        self.parse = parse
        self.short_way = short_way
        self._known: dict[str, Parsed] = {}

    def read(self, text: pa.Array) -> Column:
        """Typed values of the texts (from `tidy`); null stays null."""
        if self.short_way is None:
            return self._by_distinct(text)
        plain = pc.fill_null(pc.match_substring_regex(text, self.short_way.pattern), True)
        if pc.all(plain).as_py() is not False:
            quick = self.short_way.read(text)
            return self._by_distinct(text) if quick is None else Column.fine(quick)
        nothing = pa.scalar(None, pa.string())
        quick = self.short_way.read(pc.if_else(plain, text, nothing))
        if quick is None:
            return self._by_distinct(text)
        rest = self._by_distinct(pc.if_else(plain, nothing, text))
        return Column(pc.coalesce(quick, rest.values), rest.broken, rest.problems)

    def _by_distinct(self, text: pa.Array) -> Column:
        if text.null_count == len(text):
            return Column.fine(pa.nulls(len(text), self.kind))
        encoded = text.dictionary_encode()
        parsed = [self._parsed(word) for word in encoded.dictionary.to_pylist()]
        values = pa.array([value for value, _ in parsed], self.kind).take(encoded.indices)
        problems: list[Problem] = []
        places = np.full(len(parsed) + 1, FINE, np.int32)  # the last stands for null
        for number, (_, problem) in enumerate(parsed):
            if problem is not None:
                places[number] = len(problems)
                problems.append(problem)
        if not problems:
            return Column.fine(values)
        indices = pc.fill_null(encoded.indices, len(parsed)).to_numpy(zero_copy_only=False)
        return Column(values, places[indices], problems)

    def _parsed(self, word: str) -> Parsed:
        found = self._known.get(word)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[word] = self.parse(word)
        return found


def translate(text: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """Replace what the department writes by the contract's values; other texts stay."""
    if not words:
        return text
    known = pa.array(list(words), pa.string())
    meant = pa.array(list(words.values()), pa.string())
    return pc.coalesce(meant.take(pc.index_in(text, known)), text)
