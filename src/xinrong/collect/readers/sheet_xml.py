"""What a workbook's XML says beyond its values: size, errors, formulas without a result, links.

A reader of values hands out an error cell as an empty one. Here such cells are found, so that
their rows can be refused instead of losing what should have stood there. Nothing is evaluated.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from xinrong.collect.readers.types import Note
from xinrong.domain.text import Text

_LAST_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
#: An error cell, or a formula after which no result follows; looked at closely when it is there.
_ODD = re.compile(
    rb"""\bt=["']e["']|<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</|</)"
)
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_BLOCK = 4 << 20
_KEPT = 1 << 14
_MANY = 200_000
Attributes = dict[str, str]
DAMAGED = (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError)


@dataclass
class OddCells:
    """By row (from 1) and column (from 0): error cells with their text, formulas without result."""

    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    unstored: set[int] = field(default_factory=set)
    count: int = 0

    def add(self, row: int, column: int, kind: str, value: str, *, formula: bool) -> None:
        """Take note of a cell if it is odd. Raises OverflowError when there is no end of them."""
        if kind == "e":
            self.errors.setdefault(row, {})[column] = value.strip() or "#ERROR"
        elif formula and kind != "str" and not value.strip():
            self.unstored.add(row)
        else:
            return
        self.count += 1
        if self.count > _MANY:
            raise OverflowError


def furthest(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[int, int, bool]:
    """The largest row and column that a sheet names, and whether it has odd cells.

    A reader of values would fill all cells up to there.
    """
    height = width = 0
    widest = b"A"
    odd = False
    with archive.open(entry) as stream:
        rest = b""
        while block := stream.read(_BLOCK):
            data = rest + block
            for column, row in set(_LAST_CELL.findall(data)):
                height = max(height, int(row))
                if (len(column), column) > (len(widest), widest):
                    widest = column
            odd = odd or _ODD.search(data) is not None
            rest = data[-_KEPT:]
    for letter in widest:
        width = width * 26 + letter - 64
    return height, width, odd


def sheet_part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The member that holds the sheet of that name. Raises KeyError."""
    relation = ""

    def in_workbook(tag: str, attributes: Attributes) -> None:
        nonlocal relation
        if tag == "sheet" and attributes.get("name") == sheet:
            relation = next((v for k, v in attributes.items() if k.split(":")[-1] == "id"), "")

    target = ""

    def in_relations(tag: str, attributes: Attributes) -> None:
        nonlocal target
        if tag == "Relationship" and attributes.get("Id") == relation:
            target = attributes.get("Target", "")

    _parse(archive, "xl/workbook.xml", in_workbook)
    _parse(archive, "xl/_rels/workbook.xml.rels", in_relations)
    path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    archive.getinfo(path)
    return path


def odd_cells(archive: zipfile.ZipFile, part: str) -> OddCells:
    """The odd cells of a sheet. Raises OverflowError when there is no end of them."""
    found = OddCells()
    row, column, kind, formula, inside = 0, -1, "", False, False
    value: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal row, column, kind, formula, inside
        if tag == "row":
            row, column = int(attributes.get("r", row + 1)), -1
        elif tag == "c":
            placed = _REFERENCE.fullmatch(attributes.get("r", ""))
            column = _column(placed[1]) if placed else column + 1
            kind, formula = attributes.get("t", ""), False
            value.clear()
        elif tag == "f":
            formula = True
        inside = tag == "v"

    def end(tag: str) -> None:
        nonlocal inside
        inside = False
        if tag == "c" and (kind == "e" or formula):
            found.add(row, column, kind, "".join(value), formula=formula)

    def text(data: str) -> None:
        if inside:
            value.append(data)

    _parse(archive, part, start, end, text)
    return found


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Feed a member to expat; names come without their prefix. It expands no outside entity."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, given: start(tag.split(":")[-1], given)
    if end is not None and text is not None:
        parser.EndElementHandler = lambda tag: end(tag.split(":")[-1])
        parser.CharacterDataHandler = text
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            parser.Parse(block, False)
    parser.Parse(b"", True)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def hidden_parts(names: list[str]) -> list[Note]:
    """Notes on macros and links to other files, neither of which is ever followed."""
    notes = []
    if any(name.startswith("xl/vbaProject") for name in names):
        text = Text(zh="工作簿含宏，没有运行。", en="The workbook holds macros; they were not run.")
        notes.append(Note("macros", text))
    links = sum(re.fullmatch(r"xl/externalLinks/[^/]+\.xml", name) is not None for name in names)
    if links or "xl/connections.xml" in names:
        text = Text(
            zh="工作簿引用了其他文件或数据源，没有读取；公式以已保存的结果为准。",
            en="The workbook links to other files or data; they were not opened. Formulas count by "
            "their stored results.",
        )
        notes.append(Note("external_links", text, links))
    return notes
