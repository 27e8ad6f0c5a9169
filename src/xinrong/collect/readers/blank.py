"""Rows in which nothing stands."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

#: White space of every kind that departments type, and the marks that are not seen.
SPACES = " \t\r\n\u3000\u00a0\ufeff\u200b"


def filled(table: pa.Table) -> pa.ChunkedArray | None:
    """Which rows hold anything but white space; None when all do, as the first columns tell."""
    found = None
    for column in table.columns:
        bare = pc.utf8_trim(column, SPACES)
        here = pc.fill_null(pc.not_equal(bare, ""), False)
        found = here if found is None else pc.or_(found, here)
        if pc.all(found).as_py():
            return None
    return found
