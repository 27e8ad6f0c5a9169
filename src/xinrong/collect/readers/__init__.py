"""Reading departmental files: bounded, and every physical row accounted for.

    source = open_rows(path, feed.layout)
    source.columns                 # the headings
    for chunk in source.chunks():
        chunk.cells                # a pyarrow table of text, one column for each heading
        chunk.row_no               # the row of each, as a spreadsheet counts
        chunk.faults               # the rows that could not be tabulated, with the reason
    source.rows_in                 # == rows in cells + faults

Nothing is evaluated: no formula, no link, no macro.
"""

from __future__ import annotations

from xinrong.collect.readers.opening import open_rows
from xinrong.collect.readers.types import (
    Bounds,
    FileError,
    Note,
    RawChunk,
    RowFault,
    RowSource,
)

__all__ = ["Bounds", "FileError", "Note", "RawChunk", "RowFault", "RowSource", "open_rows"]
