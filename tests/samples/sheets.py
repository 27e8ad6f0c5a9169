"""Read a shipped file exactly as its feed describes it, without the platform's own reader."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from xinrong.catalogue.feed import Feed

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Sheet:
    """The headings of a file and its rows, as text."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, heading: str) -> list[str]:
        """All cells under a heading. Raises ValueError when there is no such heading."""
        place = self.headings.index(heading)
        return [row[place] for row in self.rows]


def cells(feed: Feed) -> list[list[str]]:
    """Every line of a feed's sample."""
    path = PROJECT / feed.sample
    if feed.layout.format == "csv":
        encoding = "utf-8-sig" if feed.layout.encoding == "utf-8" else feed.layout.encoding
        text = path.read_bytes().decode(encoding)
        return list(csv.reader(io.StringIO(text, newline="")))
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return [[str(cell) for cell in line] for line in sheet.to_python(skip_empty_area=False)]


def sheet(feed: Feed) -> Sheet:
    """A feed's sample, its headings found where the layout says."""
    lines = cells(feed)
    if not feed.layout.header_rows:
        return Sheet(feed.layout.columns, tuple(map(tuple, lines)))
    header = feed.layout.header_rows[-1]
    return Sheet(tuple(lines[header - 1]), tuple(map(tuple, lines[header:])))
