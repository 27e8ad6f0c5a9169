"""Records as JSON objects: one array of them, or one on each line.

The file is read twice: first for the names of its fields, since an object leaves out what it does
not have, then for its values. Both times it is streamed: no more than one record and one block of
the file are in memory. A record has its number in the array, from 1, or that of its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xinrong.catalogue.feed import Layout
from xinrong.collect.readers.blank import SPACES
from xinrong.collect.readers.faults import fault
from xinrong.collect.readers.headings import name_fields, tidy_heading
from xinrong.collect.readers.json_array import array_records
from xinrong.collect.readers.json_values import NESTED, JsonObject, parse_line, text_of
from xinrong.collect.readers.lines import Lines
from xinrong.collect.readers.sniff import check_encoding
from xinrong.collect.readers.types import Bounds, ChunkBuilder, FileError, Note, RawChunk, RowSource
from xinrong.domain.errors import Place
from xinrong.domain.text import Text


@dataclass(frozen=True)
class Broken:
    """A line that is no JSON: what stands there and why it cannot be read."""

    text: str
    problem: str


#: A record's number and its value, or what stands there instead.
Records = Iterator[tuple[int, Any]]


def open_objects(path: Path, layout: Layout, notes: list[Note], bounds: Bounds) -> ObjectSource:
    """Open a file of JSON. Raises FileError for a broken array; a broken line is a fault."""
    encoding = layout.encoding or "utf-8"
    skip, more = check_encoding(path, encoding)
    if layout.format == "jsonl":

        def records() -> Records:
            return _lines(path, encoding, skip, bounds)

    else:

        def records() -> Records:
            return array_records(path, layout.records, encoding, skip, bounds)

    place = Place(file=path.name)
    names = _names(records(), bounds.columns, place)
    columns, on_names = name_fields(list(names), bounds.columns, place)
    places = {key: number for number, keys in enumerate(names.values()) for key in keys}
    return ObjectSource(path.name, columns, [*notes, *more, *on_names], records, places, bounds)


def _names(records: Records, limit: int, place: Place) -> dict[str, list[str]]:
    """Tidied name → the keys that mean it, in the order in which they are first met."""
    keys: dict[str, None] = {}
    met = False
    for _, value in records:
        met = True
        if isinstance(value, JsonObject):
            keys.update(dict.fromkeys(value))
            if len(keys) > 2 * limit:
                break
    if not met:
        raise FileError(
            "empty_file",
            Text(zh="文件中没有任何记录。", en="The file holds no record."),
            Text(
                zh="请核对导出是否成功，然后重新报送。",
                en="Check that the export succeeded, then send it again.",
            ),
            place=place,
        )
    names: dict[str, list[str]] = {}
    for key in keys:
        names.setdefault(tidy_heading(key), []).append(key)
    return names


def _lines(path: Path, encoding: str, skip: int, bounds: Bounds) -> Records:
    lines = Lines(path, encoding, skip, bounds)
    while (line := lines.pop()) is not None:
        if line.problem:
            yield line.number, Broken(line.text, line.problem)
            continue
        text = line.text.strip(SPACES)
        if not text:
            yield line.number, JsonObject()
            continue
        try:
            yield line.number, parse_line(text)
        except (ValueError, RecursionError):
            yield line.number, Broken(line.text, "broken_json")


class ObjectSource(RowSource):
    """An opened file of JSON objects."""

    def __init__(
        self,
        file: str,
        columns: tuple[str, ...],
        notes: list[Note],
        records: Callable[[], Records],
        places: dict[str, int],
        bounds: Bounds,
    ) -> None:
        super().__init__(file, columns, notes)
        self._records = records
        self._places = places
        self._bounds = bounds

    def _chunks(self, rows: int) -> Iterator[RawChunk]:
        builder = ChunkBuilder(self.columns)
        for number, value in self._records():
            self._take(number, value, builder)
            if builder.full(rows, self._bounds.chunk):
                yield builder.take()
        if len(builder):
            yield builder.take()

    def _take(self, number: int, value: Any, builder: ChunkBuilder) -> None:
        """One record into cells or faults, or nothing when it is blank."""
        if isinstance(value, JsonObject):
            cells, problem = self._cells(value)
        elif isinstance(value, Broken):
            cells, problem = [value.text], value.problem
        else:
            cells, problem = [text_of(value)], "not_an_object"
        if problem:
            builder.add_fault(fault(number, problem, cells, self._bounds.original))
        elif any(cell.strip(SPACES) for cell in cells):
            builder.add_row(number, cells)
        else:
            self.blank += 1

    def _cells(self, record: JsonObject) -> tuple[list[str], str]:
        """A record's cells under the columns, and what is wrong with it; a key's second after."""
        cells = [""] * len(self.columns)
        seen = set()
        again = [text_of(value) for value in record.again]
        nested = False
        for key, value in record.items():
            place = self._places[key]
            text = value if isinstance(value, str) else text_of(value)
            nested = nested or isinstance(value, NESTED)
            if place in seen:
                again.append(text)
                continue
            seen.add(place)
            cells[place] = text
        if again:
            return [*cells, *again], "duplicate_key"
        return cells, "nested_value" if nested else self._problem(cells)

    def _problem(self, cells: list[str]) -> str:
        whole = "".join(cells)
        if "\x00" in whole:
            return "nul"
        if not whole.isascii() and not _can_be_encoded(whole):
            cells[:] = [cell.encode(errors="replace").decode() for cell in cells]
            return "undecodable"
        limit = self._bounds.cell
        long = len(whole) > limit and any(len(cell) > limit for cell in cells)
        return "cell_too_long" if long else ""


def _can_be_encoded(text: str) -> bool:
    r"""False for half a character, such as \ud800 without its other half."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
