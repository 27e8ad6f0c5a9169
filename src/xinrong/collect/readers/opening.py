"""Opening a file: what it is, whether it may be read, and who reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xinrong.catalogue.feed import Layout
from xinrong.collect.readers.archive import open_archive
from xinrong.collect.readers.delimited import open_delimited
from xinrong.collect.readers.objects import open_objects
from xinrong.collect.readers.parquet import open_parquet
from xinrong.collect.readers.sniff import check_file
from xinrong.collect.readers.types import Bounds, RowSource
from xinrong.collect.readers.workbook import open_workbook


def open_rows(
    path: Path, layout: Layout, *, limit_bytes: int | None = None, bounds: Bounds | None = None
) -> RowSource:
    """Open a departmental file as its feed's layout says.

    `limit_bytes` lowers or raises the largest size of the file. Raises FileError when the file as
    a whole cannot be read: empty, too large, of another format or encoding, broken off, without
    headings, with a heading twice, without the sheet, an archive that hides something.
    """
    bounds = bounds or Bounds()
    if limit_bytes is not None:
        bounds = replace(bounds, file=limit_bytes)
    kind, notes = check_file(path, layout, bounds)
    if kind == "text":
        return open_delimited(path, layout, notes, bounds, quick=True)
    if kind == "parquet":
        return open_parquet(path, notes, bounds)
    if kind == "json":
        return open_objects(path, layout, notes, bounds)
    if kind == "zip":
        alone = layout.model_copy(update={"members": ""})
        return open_archive(path, layout, bounds, lambda one: open_rows(one, alone, bounds=bounds))
    return open_workbook(path, layout, notes, bounds, kind)
